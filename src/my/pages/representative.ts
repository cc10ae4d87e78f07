import type { CaseTold } from '../../incident/customer-cases.ts'
import { C } from '../case-words.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, problem, say, token } from '../layout.ts'
import { day, toldCase } from './told-case.ts'

/** The pages of whoever speaks for a customer. */

/** Where they come in with what is registered for them. */
export function representativeDoorPage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, C.doorTitle)}</h1><p class="lead">${say(page, C.doorLead)}</p>${problem(page, refused)}
<form method="post" action="/representative/sign-in" class="stack">${language(page)}
<label for="contact">${say(page, C.contact)}</label><input id="contact" name="contact" required maxlength="200" autocomplete="username">
<button class="btn main">${say(page, C.sendCode)}</button></form>`
  return layout(page, say(page, C.doorTitle), null, body)
}

/** Where a link enrols, once. Its secret stands behind the `#`, and the script puts it into the field. */
export function enrolPage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, C.enrolTitle)}</h1><p class="lead">${say(page, C.enrolLead)}</p>${problem(page, refused)}
<form method="post" action="/representative/enrol" class="stack">${language(page)}
<label for="link">${say(page, C.link)}</label><input id="link" name="link" required maxlength="300" autocomplete="off" spellcheck="false">
<button class="btn main">${say(page, C.sendCode)}</button></form>`
  return layout(page, say(page, C.enrolTitle), null, body)
}

/** Where they type the code. */
export function representativeCodePage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, C.codeTitle)}</h1><p class="lead">${say(page, C.codeLead)}</p>${problem(page, refused)}
<form method="post" action="/representative/code" class="stack">${language(page)}
<label for="code">${say(page, C.code)}</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="20" class="digits">
<button class="btn main">${say(page, C.signIn)}</button></form>`
  return layout(page, say(page, C.codeTitle), null, body)
}

/** The matters in which they speak at this instant, each with its deed and its end at the top. */
export function mattersPage(
  page: PageContext,
  matters: readonly CaseTold[],
  refused: string | null = null,
): string {
  const ends = Math.min(
    ...matters.map(({ representative }) => representative?.untilAt ?? Number.POSITIVE_INFINITY),
  )
  const left = Number.isFinite(ends) ? Math.max(0, ends - page.now) : 0
  const body = html`<div id="speaks" data-left="${String(left)}"><h1>${say(page, C.matterTitle)}</h1>${problem(page, refused)}${matters.map((one) => matter(page, one))}
<form method="post" action="/representative/sign-out">${token(page)}<button class="link small">${say(page, C.signOut)}</button></form></div>`
  return layout(page, say(page, C.matterTitle), null, body)
}

function matter(page: PageContext, one: CaseTold): Html {
  const { representative } = one
  const deed =
    representative === null
      ? null
      : say(page, C.deed, {
          ...{ name: representative.name, serial: one.serial },
          ...{ until: day(page, representative.untilAt), since: day(page, representative.openedAt) },
        })
  return html`<section class="card"><h2>${say(page, C.caseNumber, { serial: one.serial })}</h2><p class="small">${deed}</p>
${toldCase(page, one, 'representative', '/representative/messages')}</section>`
}

function language(page: PageContext): Html {
  return html`<input type="hidden" name="language" value="${page.language}">`
}
