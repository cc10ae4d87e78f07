import type { OtherParty } from '../../calls/call-record.ts'
import { formatNumber } from '../../calls/numbers.ts'
import { dayWords, localStart, moneyText } from '../../care/period.ts'
import type { Words } from '../../platform/words.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, say } from '../layout.ts'
import type { OwnRow } from '../own-records.ts'
import type { Reader } from '../sentence.ts'
import { W } from '../words.ts'
import { monthPicker } from './bill.ts'

export interface CallsView {
  readonly month: string
  readonly months: readonly string[]
  /** In order of time; shown newest first. */
  readonly rows: readonly OwnRow[]
  readonly page: number
  readonly money: Words
}

/** Rows on one page of her calls. */
export const CALLS_PER_PAGE = 100

/** "My calls": her own log, numbers in full. */
export function callsPage(page: PageContext, view: CallsView): string {
  const pages = Math.max(1, Math.ceil(view.rows.length / CALLS_PER_PAGE))
  const newest = view.rows.toReversed().slice((view.page - 1) * CALLS_PER_PAGE, view.page * CALLS_PER_PAGE)
  const body = html`${monthPicker(page, '/my/calls', view.month, view.months)}
<p class="private">${say(page, W.private)}</p><p class="small">${say(page, W.callsLead)}</p>
${view.rows.length === 0 ? html`<p>${say(page, W.callsNone)}</p>` : html`<p><a class="btn" href="/my/calls/download?month=${view.month}" download>${say(page, W.download)}</a></p>${table(page, newest, view.money)}`}
${pages === 1 ? null : pager(view, pages)}`
  return layout(page, say(page, W.callsTitle), 'calls', body)
}

/** Her calls as CSV (RFC 4180) with a byte order mark, so that spreadsheets read the Burmese. */
export function callsCsv(reader: Reader, rows: readonly OwnRow[], money: Words): string {
  const words = (one: Words) => one[reader.language]
  const head = [W.day, W.time, W.kind, W.direction, W.otherParty, W.lasted].map(words)
  const lines = rows.map((row) => {
    const { day, second } = localStart(row.start ?? 0, reader.offsetMinutes)
    const charge = row.chargeMilli == null ? '' : String(row.chargeMilli / 1000)
    return [
      day,
      second,
      words(W[row.kind ?? 'voice']),
      words(W[row.direction ?? 'out']),
      partyText(reader, row.other),
      lastedText(reader, row),
      charge,
    ]
  })
  return `\ufeff${[[...head, `${words(W.charge)} (${words(money)})`], ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`
}

function table(page: PageContext, rows: readonly OwnRow[], money: Words): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${say(page, W.callsTitle)}"><table class="calls"><thead><tr><th scope="col">${say(page, W.time)}</th><th scope="col">${say(page, W.otherParty)}</th><th scope="col" class="r">${say(page, W.lasted)}</th><th scope="col" class="r">${say(page, W.charge)}, ${say(page, money)}</th></tr></thead><tbody>${rows.map((row) => tableRow(page, row))}</tbody></table></div>`
}

function tableRow(page: PageContext, row: OwnRow): Html {
  const { day, minute } = localStart(row.start ?? 0, page.offsetMinutes)
  const kind = say(page, W[row.kind ?? 'voice'])
  const way = row.kind === 'data' ? kind : `${kind}, ${say(page, W[row.direction ?? 'out'])}`
  const charge = row.chargeMilli == null ? '–' : moneyText(row.chargeMilli)
  return html`<tr><td>${dayWords(day)[page.language]}<br>${minute}</td><td>${partyText(page, row.other)}<br><span class="small">${way}</span></td><td class="r">${lastedText(page, row)}</td><td class="r">${charge}</td></tr>`
}

function pager(view: CallsView, pages: number): Html {
  return html`<p class="months">${Array.from({ length: pages }, (_, i) => i + 1).map((n) =>
    n === view.page
      ? html`<a class="chip on" aria-current="true" href="/my/calls?month=${view.month}&amp;page=${n}">${n}</a> `
      : html`<a class="chip" href="/my/calls?month=${view.month}&amp;page=${n}">${n}</a> `,
  )}</p>`
}

function partyText(reader: Reader, other: OtherParty | undefined): string {
  switch (other?.kind) {
    case 'number':
      return formatNumber(other.number)
    case 'short-code':
      return other.code
    case 'name':
      return other.name
    case 'withheld':
      return W.withheld[reader.language]
    default:
      return '–'
  }
}

function lastedText(reader: Reader, row: OwnRow): string {
  if (row.kind === 'data') return row.bytes == null ? '–' : `${(row.bytes / 1_000_000).toFixed(1)} MB`
  if (row.kind === 'sms') return '–'
  if (row.answered === false) return W.unanswered[reader.language]
  const seconds = row.durationSeconds ?? 0
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Quotes what must be quoted, and takes from a spreadsheet the chance to read a text as a formula. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
