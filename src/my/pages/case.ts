import type { Report } from '../../customers/reports.ts'
import type { CaseTold } from '../../incident/customer-cases.ts'
import { C } from '../case-words.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, problem, say } from '../layout.ts'
import { timeWords } from '../sentence.ts'
import { W } from '../words.ts'
import { representative, toldCase } from './told-case.ts'

/** "My case": her cases with every message, and what became of each "that was not me". */
export function casePage(
  page: PageContext,
  reports: readonly Report[],
  cases: readonly CaseTold[],
  refused: string | null = null,
): string {
  const newest = [...reports].sort((a, b) => b.filedAt - a.filedAt)
  const none = newest.length === 0 && cases.length === 0
  const body = html`${problem(page, refused)}${cases.map((one) => told(page, one))}${
    none ? html`<p>${say(page, W.caseNone)}</p>` : newest.map((report) => card(page, report))
  }`
  return layout(page, say(page, W.caseTitle), 'case', body)
}

function told(page: PageContext, one: CaseTold): Html {
  return html`<section class="card"><h2>${say(page, C.caseNumber, { serial: one.serial })}</h2>
${toldCase(page, one, 'customer', '/my/case/messages')}${one.representative === null ? null : representative(page, one.representative)}</section>`
}

function card(page: PageContext, report: Report): Html {
  const when = (at: number) => timeWords({ from: at, until: at }, page.now, page)
  const state = report.state === 'filed' ? W.caseFiled : W.caseAssigned
  return html`<section class="card"><h2>${say(page, W.caseReport)} ${report.number}</h2><p class="small">${when(report.filedAt)} · ${report.deskName}</p>
${report.says === '' ? null : html`<p class="quote"><span class="small">${say(page, W.caseYouWrote)}</span><br>${report.says}</p>`}
${
  report.answer === null
    ? html`<p>${say(page, state)}</p>`
    : html`<p><span class="small">${say(page, W.caseAnswer)} ${when(report.answer.at)}</span><br><b>${say(page, W[report.answer.finding])}</b> ${report.answer.says}</p>`
}</section>`
}
