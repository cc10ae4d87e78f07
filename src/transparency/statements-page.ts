import { type Fact, HOUSE_GROUNDS } from '../incident/statement-rules.ts'
import type { PublishedStatement, PublishedVersion } from '../incident/statements.ts'
import { escapeHtml, renderPage } from '../platform/http/page.ts'
import type { Language, Words } from '../platform/words.ts'
import { S } from './statements-words.ts'
import { fill } from './words.ts'

/** What the page is made of: nothing but what was published. */
export interface StatementsView {
  readonly statements: readonly PublishedStatement[]
  readonly language: Language
  readonly operatorName: Words
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
  /** What somebody looks for; empty for everything. */
  readonly q: string
}

/** Statements that say every one of the words, in either language, withdrawn and corrected versions too. */
export function findStatements(statements: readonly PublishedStatement[], q: string): PublishedStatement[] {
  const terms = q.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean)
  return statements.filter(({ versions }) => {
    const text = JSON.stringify(versions.map(({ content }) => [content.text, content.why])).toLowerCase()
    return terms.every((term) => text.includes(term))
  })
}

/** The public page of statements and answered rumours. */
export function statementsPage(view: StatementsView): string {
  const { language, statements, operatorName, q } = view
  const other: Language = language === 'en' ? 'my' : 'en'
  const found = q === '' ? [...statements] : findStatements(statements, q)
  const counted =
    q === ''
      ? ''
      : `<p role="status">${say(S.found, language, { n: found.length, all: statements.length, q })} <a href="/statements?lang=${language}">${say(S.all, language)}</a></p>`
  const body = `<a class="skip" href="#statements">${say(S.skip, language)}</a><div class="report">
<header class="small"><span>${escapeHtml(operatorName[language])} · <a lang="${other}" href="/statements?lang=${other}">${S.otherLanguage[language]}</a> · <a href="/transparency?lang=${language}">${say(S.report, language)}</a></span>
<form method="post" action="/statements?lang=${language}" role="search"><label for="q">${say(S.search, language)}</label> <input id="q" name="q" type="search" maxlength="100" value="${escapeHtml(q)}"> <button>${say(S.find, language)}</button></form></header>
<main id="statements"><h1>${say(S.title, language)}</h1><p class="lead">${say(S.lead, language)}</p>${counted}
${statements.length === 0 ? `<p>${say(S.none, language)}</p>` : found.map((one) => statementHtml(one, view)).join('\n')}
<p class="small">${say(S.log, language)}</p></main></div>`
  const title = `${S.title[language]} · ${operatorName[language]}`
  return renderPage({ language, title, body, style: '/transparency/style.css' })
}

function statementHtml({ id, versions }: PublishedStatement, view: StatementsView): string {
  const { language } = view
  const last = versions.at(-1)!
  const earlier = versions.slice(0, -1).filter(({ content }) => content.text !== null)
  const shown = last.content.text === null ? [] : [last]
  const before =
    earlier.length === 0
      ? ''
      : `<section><h3>${say(S.said, language)}</h3><div class="earlier">${earlier
          .toReversed()
          .map((one) => versionHtml(one, view))
          .join('')}</div></section>`
  const head = headlineOf(versions)
  const kind = head.kind === 'rumour' ? S.rumour : S.statement
  return `<article id="s-${id}"><p class="small">${say(kind, language)}</p><h2>${escapeHtml(head.title[language])}</h2>${becameHtml(last, view)}${shown.map((one) => versionHtml(one, view)).join('')}${before}</article>`
}

/** What it is called: the newest text that there is. */
function headlineOf(versions: readonly PublishedVersion[]) {
  return versions.findLast(({ content }) => content.text !== null)!.content.text!
}

function becameHtml({ at, content }: PublishedVersion, view: StatementsView): string {
  const { language } = view
  if (content.does === 'publish' || content.why === null) return ''
  const words = content.does === 'withdraw' ? S.withdrawn : S.corrected
  const css = content.does === 'withdraw' ? ' class="stop"' : ''
  return `<p${css}><b>${say(words, language, { day: dayOf(at, view), why: content.why[language] })}</b></p>`
}

function versionHtml({ at, index, content }: PublishedVersion, view: StatementsView): string {
  const { language } = view
  const { text } = content
  if (text === null) return ''
  const answer =
    text.answer === null ? '' : `<p><b>${say(S.answer, language)}: ${say(S[text.answer], language)}</b></p>`
  return `${answer}<ul>${text.facts.map((fact) => `<li>${escapeHtml(fact.words[language])}<br><span class="small">${say(S.rests, language)}: ${groundHtml(fact, view)}</span></li>`).join('')}</ul><p class="small">${say(S.published, language, { day: dayOf(at, view), n: index })}</p>`
}

function groundHtml({ ground }: Fact, view: StatementsView): string {
  const { language } = view
  if ('house' in ground) return escapeHtml(HOUSE_GROUNDS[ground.house][language])
  if ('entry' in ground) return say(S.entry, language, { n: ground.entry })
  const { what, since, until } = ground.zero
  return say(S[what], language, { since: minuteOf(since, view), until: minuteOf(until, view) })
}

function minuteOf(at: number, { offsetMinutes }: StatementsView): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}

function dayOf(at: number, { offsetMinutes }: StatementsView): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 10)
}

function say(
  words: Words,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return escapeHtml(fill(words, language, values))
}
