import type { CaseTold, RepresentativeTold, Told } from '../../incident/customer-cases.ts'
import { C } from '../case-words.ts'
import { type Html, html } from '../html.ts'
import { type PageContext, say, token } from '../layout.ts'
import { timeWords } from '../sentence.ts'

/** A case as she and whoever speaks for her read it: what was reported, what was found, each message, what comes next. */

/** Who reads. */
export type Reads = 'customer' | 'representative'

/** The whole case, with the form to write to its officer; `to` is where that form goes. */
export function toldCase(page: PageContext, one: CaseTold, reads: Reads, to: string): Html {
  return html`<p class="lead headline">${stateOf(page, one)} ${nextOf(page, one)}</p>
${reported(page, one, reads)}
<h3>${say(page, C.found)}</h3>${list(page, one.findings, reads, say(page, C.foundNone))}
<h3>${say(page, C.messages)}</h3>${list(page, one.messages, reads, say(page, C.messagesNone))}
${letter(page, one, to)}`
}

/** Who speaks for her, and how she ends that. */
export function representative(page: PageContext, one: RepresentativeTold): Html {
  const { name } = one
  const over = one.endedAt ?? one.untilAt
  const sentence = one.speaks
    ? say(page, C.speaks, { name, until: day(page, one.untilAt) })
    : say(page, C.spoke, { name, when: when(page, over) })
  const form = html`<p class="small">${say(page, C.endTell)}</p>
<form method="post" action="/my/case/representation-end">${token(page)}<input type="hidden" name="representation" value="${one.id}"><button class="btn">${say(page, C.end)}</button></form>`
  return html`<h3>${say(page, C.represented)}</h3><p>${sentence}</p>${one.speaks ? form : null}`
}

/** An instant in the reader's words. */
export function when(page: PageContext, at: number): string {
  return timeWords({ from: at, until: at }, page.now, page)
}

/** A day in the reader's words: when something ends. */
export function day(page: PageContext, at: number): string {
  return new Intl.DateTimeFormat(page.language === 'my' ? 'my' : 'en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
  }).format(new Date(at + page.offsetMinutes * 60_000))
}

function stateOf(page: PageContext, one: CaseTold): string {
  return one.closedAt === null
    ? say(page, C.openState, { when: day(page, one.openedAt) })
    : say(page, C.closedState, { when: day(page, one.closedAt) })
}

function nextOf(page: PageContext, { nextAt, closedAt }: CaseTold): string {
  if (closedAt !== null) return ''
  if (nextAt === null) return say(page, C.nextNone)
  return say(page, nextAt > page.now ? C.next : C.nextPassed, { when: day(page, nextAt) })
}

function reported(page: PageContext, { report }: CaseTold, reads: Reads): Html | null {
  if (report === null) return null
  const title = say(page, reads === 'customer' ? C.reported : C.reportedByHer)
  return html`<h3>${title}</h3><p class="small">${when(page, report.filedAt)}</p>
<p class="quote">${report.says === '' ? say(page, C.reportedNothing) : report.says}</p>`
}

function list(page: PageContext, said: readonly Told[], reads: Reads, none: string): Html {
  if (said.length === 0) return html`<p class="small">${none}</p>`
  return html`<ol class="plain letters">${said.map(
    (one) =>
      html`<li><p class="small"><time datetime="${new Date(one.at).toISOString()}">${when(page, one.at)}</time> · ${fromWords(page, one, reads)}</p><p class="words">${one.says}</p></li>`,
  )}</ol>`
}

function fromWords(page: PageContext, one: Told, reads: Reads): string {
  if (one.from === 'customer') return say(page, reads === 'customer' ? C.fromCustomer : C.fromHer)
  if (one.from === 'representative')
    return say(page, reads === 'customer' ? C.fromRepresentative : C.fromYouForHer)
  const past = one.with === 'representative' && reads === 'customer'
  return past ? `${say(page, C.fromOperator)}, ${say(page, C.toRepresentative)}` : say(page, C.fromOperator)
}

function letter(page: PageContext, one: CaseTold, to: string): Html {
  const id = `says-${one.serial}`
  return html`<form method="post" action="${to}" class="stack">${token(page)}<input type="hidden" name="case" value="${one.id}">
<label for="${id}">${say(page, C.write)}</label><textarea id="${id}" name="says" rows="4" required maxlength="4000"></textarea>
<button class="btn">${say(page, C.send)}</button></form>`
}
