import type { Bill } from '../../care/bill.ts'
import { type CategoryNames, categoryWords, headlineOf } from '../../care/headline.ts'
import { dayWords, localStart, moneyText, monthWords } from '../../care/period.ts'
import type { Charge } from '../../customers/charges.ts'
import type { Words } from '../../platform/words.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, say } from '../layout.ts'
import { W } from '../words.ts'

export interface BillView {
  readonly month: string
  readonly months: readonly string[]
  readonly bill: Bill
  readonly charges: readonly Charge[]
  readonly wholeMilli: number
  readonly money: Words
  readonly categories: CategoryNames
}

/** "My bill": the sentence that answers, then the days, then the kinds. */
export function billPage(page: PageContext, view: BillView): string {
  const { bill } = view
  const body = html`${monthPicker(page, '/my/bill', view.month, view.months)}
<p class="lead headline">${headlineOf(bill, view.month, view.money, view.categories)[page.language]}</p>
${bill.totalMilli === 0 && view.charges.length === 0 ? html`<p>${say(page, W.noCharges)}</p>` : ''}
${bill.totalMilli === 0 ? '' : html`${bars(page, view)}${kinds(page, view)}`}
${view.charges.length === 0 ? '' : others(page, view)}
<p class="small">${say(page, W.callsLead)}</p>`
  return layout(page, say(page, W.billTitle), 'bill', body)
}

/** Links to the months that she may see; the one shown is no link. */
export function monthPicker(page: PageContext, href: string, month: string, months: readonly string[]): Html {
  return html`<p class="months">${months.map((one) => {
    const words = monthWords(one, page.now, page.offsetMinutes)[page.language]
    return one === month
      ? html`<a class="chip on" aria-current="true" href="${href}?month=${one}">${words}</a> `
      : html`<a class="chip" href="${href}?month=${one}">${words}</a> `
  })}</p>`
}

const WIDTH = 620
const HEIGHT = 120

/** A bar a day, as a picture with its numbers in words; the table of kinds below has the exact sums. */
function bars(page: PageContext, { bill, money }: BillView): Html {
  const most = Math.max(1, ...bill.days.map((day) => day.chargeMilli))
  const lit = new Set(bill.unusual.what === 'nothing' ? [] : bill.unusual.days)
  const step = WIDTH / bill.days.length
  const top = [...bill.days].sort((a, b) => b.chargeMilli - a.chargeMilli)[0]
  const label = top
    ? `${say(page, W.billDays)}: ${dayWords(top.day)[page.language]}, ${moneyText(top.chargeMilli)} ${say(page, money)}`
    : say(page, W.billDays)
  return html`<h2>${say(page, W.billDays)}</h2><svg class="bars" viewBox="0 0 ${WIDTH} ${HEIGHT + 22}" role="img" aria-label="${label}">
${bill.days.map((day, i) => {
  const height = Math.max(day.chargeMilli > 0 ? 2 : 0, Math.round((day.chargeMilli / most) * HEIGHT))
  return html`<rect class="${lit.has(day.day) ? 'lit' : ''}" x="${(i * step + 2).toFixed(1)}" y="${HEIGHT - height}" width="${(step - 4).toFixed(1)}" height="${height}" rx="1.5"/>`
})}
${[0, Math.floor(bill.days.length / 2), bill.days.length - 1].map((i) => html`<text x="${(i * step + step / 2).toFixed(1)}" y="${HEIGHT + 18}" text-anchor="middle">${i + 1}</text>`)}</svg>`
}

function kinds(page: PageContext, { bill, money, categories }: BillView): Html {
  return html`<h2>${say(page, W.billKinds)}</h2><table><thead><tr><th scope="col">${say(page, W.kind)}</th><th scope="col" class="r">${say(page, W.records)}</th><th scope="col" class="r">${say(page, W.charge)}, ${say(page, money)}</th></tr></thead>
<tbody>${bill.categories.map(
    (one) =>
      html`<tr><td>${categoryWords(one.category, categories)[page.language]}</td><td class="r">${one.records}</td><td class="r">${moneyText(one.chargeMilli)}</td></tr>`,
  )}</tbody><tfoot><tr><th scope="row">${say(page, W.total)}</th><td class="r">${bill.rowsTotal}</td><td class="r">${moneyText(bill.totalMilli)}</td></tr></tfoot></table>`
}

/** What is charged beside calls, and the sum of both. */
function others(page: PageContext, { bill, charges, wholeMilli, money }: BillView): Html {
  const paidIn = charges.some(({ kind }) => kind === 'top-up')
  const dayOf = ({ at }: Charge) => dayWords(localStart(at, page.offsetMinutes).day)[page.language]
  return html`<h2>${say(page, W.otherCharges)}</h2><table><thead><tr><th scope="col">${say(page, W.day)}</th><th scope="col">${say(page, W.kind)}</th><th scope="col" class="r">${say(page, W.charge)}, ${say(page, money)}</th></tr></thead>
<tbody>${charges.map(
    (charge) =>
      html`<tr><td>${dayOf(charge)}</td><td>${charge.label[page.language]}</td><td class="r">${moneyText(charge.amountMilli)}</td></tr>`,
  )}</tbody><tfoot><tr><th scope="row" colspan="2">${say(page, W.billUsage)}</th><td class="r">${moneyText(bill.totalMilli)}</td></tr>
<tr><th scope="row" colspan="2">${say(page, W.otherCharges)}</th><td class="r">${moneyText(wholeMilli - bill.totalMilli)}</td></tr>
<tr><th scope="row" colspan="2">${say(page, W.billWhole)}</th><td class="r"><b>${moneyText(wholeMilli)}</b></td></tr></tfoot></table>
${paidIn ? html`<p class="small">${say(page, W.toppedUp)}</p>` : ''}`
}
