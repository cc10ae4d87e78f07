import { dayOf, dayWords, monthName } from '../../care/period.ts'
import type { Report } from '../../customers/reports.ts'
import type { AuthorityDisclosure } from '../../lawful/disclosure.ts'
import type { Words } from '../../platform/words.ts'
import { givenWords } from '../given.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, say, token } from '../layout.ts'
import type { Look } from '../looks.ts'
import type { OwnRecordsBody, OwnView } from '../own-records.ts'
import { type Phrase, sentenceOf, timeWords } from '../sentence.ts'
import { W } from '../words.ts'

/** A line of her time line. */
export type Line =
  | { readonly what: 'look'; readonly at: number; readonly look: Look; readonly state: LookState }
  | { readonly what: 'own'; readonly at: number; readonly body: OwnRecordsBody }
  | {
      readonly what: 'authority'
      readonly at: number
      readonly index: number
      readonly body: AuthorityDisclosure
    }

export type LookState = { kind: 'open' } | { kind: 'acknowledged' } | { kind: 'reported'; report: Report }

export interface LooksView {
  readonly lines: readonly Line[]
  /** The log's verifier key, for her browser to check with and to remember. */
  readonly verifierKey: string
  /** What the whole list is checked with: the second log's policy, and where chains begin. */
  readonly epochs: { readonly policy: string; readonly begin: number }
  /** Her number, E.164. */
  readonly number: string
  /** Since when everything is here, epoch ms. */
  readonly since: number
  /** Whether this is the first page of lines. */
  readonly first: boolean
  /** Where older lines begin: only entries below this index; null: there are none. */
  readonly olderBefore: number | null
}

/** "Who looked at my calls": the time line. */
export function looksPage(page: PageContext, view: LooksView): string {
  const none = view.lines.every((line) => line.what === 'own')
  const words = none
    ? html`<b>${say(page, W.noLooksTitle)}</b> ${say(page, W.noLooks)}`
    : html`${say(page, W.totalUnchecked)}`
  const top = html`<p class="total plain" id="total" role="status">${words}</p>
<div class="small" id="covers" hidden></div>
<p class="small" id="no-script">${say(page, W.noScript)}</p>`
  const since = dayWords(dayOf(view.since, page.offsetMinutes))[page.language]
  const body = html`<div id="register" data-key="${view.verifierKey}" data-language="${page.language}" data-offset="${page.offsetMinutes}" data-operator="${page.operatorName}"
 data-policy="${view.epochs.policy}" data-begin="${view.epochs.begin}" data-number="${view.number}" data-since="${since}" data-first="${String(view.first)}" data-more="${String(view.olderBefore !== null)}">
${top}<ol class="lines">${view.lines.map((line) => lineOf(page, line))}</ol></div>
${view.olderBefore === null ? null : html`<p><a href="/my?before=${view.olderBefore}">${say(page, W.older)}</a></p>`}`
  return layout(page, say(page, W.title), 'looks', body)
}

/** A sentence with what she should not miss in bold. */
export function phrases(list: readonly Phrase[]): Html {
  return html`${list.map((phrase) => (phrase.strong ? html`<b>${phrase.text}</b>` : phrase.text))}`
}

function lookLine(page: PageContext, look: Look, state: LookState): Html {
  const href = `/my/looks/${look.look}`
  return html`<li class="look ${state.kind === 'reported' ? 'no' : ''}" data-look="${look.look}" data-first="${look.entries[0] ?? 0}" data-last="${look.entries.at(-1) ?? 0}">
<time datetime="${new Date(look.from).toISOString()}">${timeWords({ from: look.from, until: look.until }, page.now, page)}</time>
<p class="sentence">${phrases(sentenceOf(look, page))}</p>
${stateOf(page, look, state)}
<div class="proof" hidden></div>
<p class="small"><a href="${href}">${say(page, W.showSeen)}</a> · <a href="${href}/proof" download="proof-${look.entries[0] ?? 0}.json">${say(page, W.keepProof)}</a><span class="check" hidden> · <button class="link" type="button">${say(page, W.checkThis)}</button></span></p></li>`
}

function stateOf(page: PageContext, look: Look, state: LookState): Html {
  if (state.kind === 'reported') {
    return html`<p class="said stop">${say(page, W.youSaidNotMe)} <a href="/my/case">${say(page, W.yourCase)}</a></p>`
  }
  const notMine = html`<a class="btn" href="/my/looks/${look.look}/not-mine">${say(page, W.wasNotMe)}</a>`
  if (state.kind === 'acknowledged') {
    return html`<p class="said">${say(page, W.youSaidMe)}</p><div class="acts">${notMine}</div>`
  }
  return html`<div class="acts"><form method="post" action="/my/looks/${look.look}/mine">${token(page)}<button class="btn">${say(page, W.wasMe)}</button></form>${notMine}</div>`
}

const OWN: Record<OwnView, Words> = { bill: W.ownBill, calls: W.ownCalls, download: W.ownDownload }

function ownLine(page: PageContext, line: Extract<Line, { what: 'own' }>): Html {
  const month = monthName(line.body.month)[page.language]
  return html`<li class="look own"><time datetime="${new Date(line.at).toISOString()}">${timeWords({ from: line.at, until: line.at }, page.now, page)}</time>
<p>${say(page, OWN[line.body.what], { month })}</p></li>`
}

function lineOf(page: PageContext, line: Line): Html {
  if (line.what === 'look') return lookLine(page, line.look, line.state)
  return line.what === 'own' ? ownLine(page, line) : authorityLine(page, line)
}

/** What an authority was given: who, on what law, which stretch, how much, and both dates; shown once its secrecy has ended. */
function authorityLine(page: PageContext, line: Extract<Line, { what: 'authority' }>): Html {
  const { title, sentence, dates, secrecy } = givenWords(line.body, line.at, page)
  const when = timeWords({ from: line.at, until: line.at }, page.now, page)
  return html`<li class="look own authority" data-first="${line.index}" data-last="${line.index}"><time datetime="${new Date(line.at).toISOString()}">${when}</time>
<p class="sentence" data-given><b>${title}</b> ${sentence}</p><p data-given>${dates}</p>${
    secrecy === null ? null : html`<p class="small" data-given>${secrecy}</p>`
  }<p class="small">${say(page, W.entryOf, { n: String(line.index) })}</p></li>`
}
