import type { OwnKey } from '../../customers/own-keys.ts'
import { type Html, html } from '../html.ts'
import { K } from '../key-words.ts'
import { layout, type PageContext, problem, say, token } from '../layout.ts'
import { timeWords } from '../sentence.ts'

/** The pages of her own key: what she would allow, and her keys under Protection. */

/** Where the link in a text leads. Its secret stands behind the `#`; the script sends it on by itself. */
export function keyDoorPage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, K.doorTitle)}</h1><p class="lead">${say(page, K.doorLead)}</p>${problem(page, refused)}
<form method="post" action="/my/allow" class="stack" data-link><input type="hidden" name="language" value="${page.language}">
<label for="link">${say(page, K.link)}</label><input id="link" name="link" required maxlength="300" autocomplete="off" spellcheck="false">
<button class="btn main">${say(page, K.open)}</button></form>${script(page)}`
  return layout(page, say(page, K.doorTitle), null, body)
}

export interface AskView {
  readonly link: string
  /** The sentence that her key signs. */
  readonly says: string
  readonly options: unknown
}

/** One sentence, and yes or no. */
export function allowPage(page: PageContext, ask: AskView, refused: string | null = null): string {
  const body = html`<h1>${say(page, K.askTitle)}</h1>${problem(page, refused)}
<section class="card"><blockquote class="allowance"><p><b>${ask.says}</b></p></blockquote><p class="small">${say(page, K.askLead)}</p>
<form method="post" action="/my/allow/yes" class="stack" data-key="sign" data-options="${JSON.stringify(ask.options)}">${linkField(page, ask.link)}<input type="hidden" name="response">
${keyButton(page, say(page, K.allow))}</form></section>
<section class="card"><h2>${say(page, K.refuseTitle)}</h2><p>${say(page, K.refuseLead)}</p>
<form method="post" action="/my/allow/no" class="stack">${linkField(page, ask.link)}
<label class="pick"><input type="checkbox" name="report" value="yes"> ${say(page, K.report)}</label>
<label for="says">${say(page, K.says)}</label><textarea id="says" name="says" rows="3" maxlength="2000"></textarea>
<button class="btn">${say(page, K.refuse)}</button></form></section>${script(page)}`
  return layout(page, say(page, K.askTitle), null, body)
}

/** In the shop: she makes a key on her own phone. */
export function makeKeyPage(
  page: PageContext,
  ask: { readonly link: string; readonly id: string; readonly options: unknown },
): string {
  const body = html`<h1>${say(page, K.shopTitle)}</h1><p class="lead">${say(page, K.lead)}</p>
<form method="post" action="/my/allow/key" class="stack" data-key="make" data-options="${JSON.stringify(ask.options)}">${linkField(page, ask.link)}
<input type="hidden" name="id" value="${ask.id}"><input type="hidden" name="response">${keyButton(page, say(page, K.make))}</form>${script(page)}`
  return layout(page, say(page, K.shopTitle), null, body)
}

/** What became of it. */
export function answeredPage(page: PageContext, what: 'allowed' | 'refused' | 'reported' | 'made'): string {
  const title = say(
    page,
    { allowed: K.allowedTitle, refused: K.refusedTitle, reported: K.refusedTitle, made: K.madeTitle }[what],
  )
  const body = html`<h1>${title}</h1><p class="lead" role="status">${say(page, what === 'reported' ? K.refused : K[what])}</p>
${what === 'reported' ? html`<p>${say(page, K.reported)}</p>` : null}<p><a class="btn" href="/my">${say(page, K.toPage)}</a></p>${script(page)}`
  return layout(page, title, null, body)
}

/** Her keys, under Protection. */
export function ownKeys(page: PageContext, keys: readonly OwnKey[]): Html {
  const shown = keys.filter(({ state }) => state !== 'removed')
  const standing = shown.filter(({ state }) => state === 'standing')
  return html`<section class="card" id="own-key"><h2>${say(page, K.title)}</h2><p>${say(page, K.lead)}</p>
${shown.length === 0 ? html`<p>${say(page, K.none)}</p>` : html`<ul class="plain">${shown.map((key) => keyItem(page, key))}</ul>`}
<form method="post" action="/my/protection/key" class="stack" data-key="make" data-options-from="/my/protection/key/options">${token(page)}
<input type="hidden" name="id"><input type="hidden" name="response">${standing.length === 0 ? null : html`<p class="small">${say(page, K.makeAnother)}</p>`}
${keyButton(page, say(page, K.make))}</form>${standing.length === 0 ? null : html`<p class="small">${say(page, K.lost)}</p>`}${script(page)}</section>`
}

function keyItem(page: PageContext, key: OwnKey): Html {
  const at = (from: number) => timeWords({ from, until: from }, page.now, page)
  const words = key.state === 'cloned' ? K.cloned : page.now < key.usableFrom ? K.resting : K.standing
  const says = say(page, words, { when: at(key.setAt), from: at(key.usableFrom) })
  const take = html`<form method="post" action="/my/protection/key/removal">${token(page)}<input type="hidden" name="key" value="${key.id}"><button class="btn">${say(page, K.remove)}</button></form>`
  return html`<li><p>${says}</p>${key.state === 'standing' ? take : null}</li>`
}

/** Stands still until the script that can speak to the phone's keys has come. */
function keyButton(page: PageContext, text: string): Html {
  return html`<button class="btn main" disabled>${text}</button><p class="small" data-no-script>${say(page, K.noScript)}</p>
<p class="problem stop" role="alert" data-trouble hidden>${say(page, K.trouble)}</p>`
}

function linkField(page: PageContext, link: string): Html {
  return html`<input type="hidden" name="language" value="${page.language}"><input type="hidden" name="link" value="${link}">`
}

function script(page: PageContext): Html {
  return html`<script type="module" src="${page.assets.keyScript}"></script>`
}
