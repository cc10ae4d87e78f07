import type { Report } from '../../customers/reports.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, say } from '../layout.ts'
import { timeWords } from '../sentence.ts'
import { W } from '../words.ts'

/** "My case": what became of each "that was not me". */
export function casePage(page: PageContext, reports: readonly Report[]): string {
  const newest = [...reports].sort((a, b) => b.filedAt - a.filedAt)
  const body =
    newest.length === 0
      ? html`<p>${say(page, W.caseNone)}</p>`
      : html`${newest.map((report) => card(page, report))}`
  return layout(page, say(page, W.caseTitle), 'case', body)
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
