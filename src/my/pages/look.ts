import type { E164 } from '../../calls/call-record.ts'
import { formatNumber } from '../../calls/numbers.ts'
import { dayWords, moneyText } from '../../care/period.ts'
import type { Words } from '../../platform/words.ts'
import { type Html, html } from '../html.ts'
import { K } from '../key-words.ts'
import { layout, type PageContext, problem, say, token } from '../layout.ts'
import type { Look, SeenRow } from '../looks.ts'
import { sentenceOf, timeWords } from '../sentence.ts'
import { FIELD_WORDS, W } from '../words.ts'
import { phrases } from './looks.ts'

/** "What they saw": the rows of one look by day, minute and charge; never which digits were visible. */
export function lookPage(page: PageContext, look: Look, money: Words): string {
  const body = html`<h1>${say(page, W.seenTitle)}</h1>${sentence(page, look)}
${look.allowed === null ? null : html`<p class="quote"><span class="small">${say(page, K.lookAllowed)}</span><br>${look.allowed}</p>`}${look.note === '' ? null : html`<p class="quote"><span class="small">${say(page, W.seenNote)}</span><br>${look.note}</p>`}
${look.rows.length === 0 ? html`<p>${say(page, W.seenNone)}</p>` : rowsSeen(page, look, money)}
${look.unmasked.length === 0 ? null : html`<h2>${say(page, W.seenInFull)}</h2>${table(page, look.unmasked, null)}`}
${look.matches.length === 0 ? null : matches(page, look)}
<p class="small">${say(page, W.never)}</p>
<p class="small">${say(page, W.proofFiles)} ${look.entries.map((index) => html`<a href="/my/looks/${look.look}/proof/${index}" download="entry-${index}.tlog-proof">${index}</a> `)}</p>
<p class="small"><a href="/my/looks/${look.look}/proof" download="proof-${look.entries[0] ?? 0}.json">${say(page, W.keepProof)}</a> · <a href="/my">${say(page, W.back)}</a></p>`
  return layout(page, say(page, W.seenTitle), null, body)
}

/** "This was not me": what she may add, and what happens then. */
export function notMinePage(page: PageContext, look: Look, refused: string | null = null): string {
  const body = html`<h1>${say(page, W.notMeTitle)}</h1>${sentence(page, look)}<p>${say(page, W.notMeLead)}</p>${problem(page, refused)}
<form method="post" action="/my/looks/${look.look}/not-mine" class="stack">${token(page)}
<label for="says">${say(page, W.notMeSays)}</label><textarea id="says" name="says" rows="5" maxlength="2000"></textarea>
<button class="btn main">${say(page, W.sendReport)}</button></form>
<p class="small"><a href="/my">${say(page, W.back)}</a></p>`
  return layout(page, say(page, W.notMeTitle), null, body)
}

function sentence(page: PageContext, look: Look): Html {
  return html`<div class="look single"><time datetime="${new Date(look.from).toISOString()}">${timeWords(look, page.now, page)}</time>
<p>${phrases(sentenceOf(look, page))}</p></div>`
}

function rowsSeen(page: PageContext, look: Look, money: Words): Html {
  const fields = look.fields.map((field) => FIELD_WORDS[field]?.[page.language] ?? field)
  return html`<p class="small">${say(page, W.seenLead)}</p><p class="small">${say(page, W.seenFields)} ${fields.join(page.language === 'my' ? '၊ ' : ', ')}.</p>
${table(page, look.rows, money)}`
}

function table(page: PageContext, rows: readonly SeenRow[], money: Words | null): Html {
  const head = html`<tr><th scope="col">${say(page, W.day)}</th><th scope="col">${say(page, W.time)}</th>${money === null ? null : html`<th scope="col" class="r">${say(page, W.charge)}, ${say(page, money)}</th>`}</tr>`
  return html`<table><thead>${head}</thead><tbody>${rows.map(
    (row) =>
      html`<tr><td>${dayWords(row.day)[page.language]}</td><td>${row.minute}</td>${money === null ? null : html`<td class="r">${row.chargeMilli === null ? '–' : moneyText(row.chargeMilli)}</td>`}</tr>`,
  )}</tbody></table>`
}

function matches(page: PageContext, look: Look): Html {
  return html`<h2>${say(page, W.seenMatches)}</h2><ul class="plain">${look.matches.map(
    (match) =>
      html`<li>${formatNumber(match.number as E164)}: ${say(page, match.answer === 'appears' ? W.matchYes : W.matchNo)}</li>`,
  )}</ul>`
}
