import type { SafeMode, Subscriber } from '../../customers/customers.ts'
import type { OwnKey } from '../../customers/own-keys.ts'
import type { WaitingChange } from '../../customers/protection.ts'
import type { Language, Words } from '../../platform/words.ts'
import { type Html, html } from '../html.ts'
import { layout, type PageContext, problem, say, token } from '../layout.ts'
import { timeWords } from '../sentence.ts'
import { CHANGES, W } from '../words.ts'
import { ownKeys } from './key.ts'

export interface ProtectionView {
  readonly subscriber: Subscriber
  readonly keys: readonly OwnKey[]
  readonly waiting: readonly WaitingChange[]
  /** Her own settings' entries, newest first. */
  readonly changes: readonly { readonly kind: string; readonly at: number }[]
}

/** "Protection": PIN, only in a shop, safe mode, language; what waits comes first. */
export function protectionPage(
  page: PageContext,
  view: ProtectionView,
  refused: string | null = null,
): string {
  const body = html`${problem(page, refused)}${view.waiting.map((change) => waiting(page, change))}
${secret(page, view.subscriber)}${ownKeys(page, view.keys)}${shopOnly(page, view.subscriber)}${safeMode(page, view.subscriber)}${language(page)}${changes(page, view)}`
  return layout(page, say(page, W.protectionTitle), 'protection', body)
}

function waiting(page: PageContext, change: WaitingChange): Html {
  const when = timeWords({ from: change.appliesAt, until: change.appliesAt }, page.now, page)
  return html`<section class="card waiting"><h2>${say(page, W.waitingTitle)}</h2><p><b>${say(page, change.words)}.</b> ${say(page, W.waitingAt, { when })}</p>
<form method="post" action="/my/protection/stop">${token(page)}<input type="hidden" name="change" value="${change.id}"><button class="btn main">${say(page, W.stop)}</button></form></section>`
}

function secret(page: PageContext, subscriber: Subscriber): Html {
  const kind = subscriber.secret?.kind ?? null
  const lead = kind === null ? W.secretNone : kind === 'pin' ? W.secretIsPin : W.secretIsPassphrase
  return html`<section class="card"><h2>${say(page, W.secretTitle)}</h2><p>${say(page, lead)}</p>
<form method="post" action="/my/protection/secret" class="stack">${token(page)}
<fieldset><legend>${say(page, W.secretKind)}</legend>
<label class="pick"><input type="radio" name="kind" value="pin" checked> ${say(page, W.secretPin)}</label>
<label class="pick"><input type="radio" name="kind" value="passphrase"> ${say(page, W.secretPassphrase)}</label></fieldset>
${kind === null ? null : html`<label for="old">${say(page, W.secretOld)}</label><input id="old" name="old" type="password" autocomplete="current-password" required maxlength="200">`}
<label for="new">${say(page, W.secretNew)}</label><input id="new" name="secret" type="password" autocomplete="new-password" required maxlength="200">
<p class="small">${say(page, W.secretWaits)}</p><button class="btn">${say(page, W.secretSet)}</button></form></section>`
}

function shopOnly(page: PageContext, subscriber: Subscriber): Html {
  const on = subscriber.protection.shopOnly
  return html`<section class="card"><h2>${say(page, W.shopTitle)}</h2><p>${say(page, on ? W.shopOn : W.shopOff)}</p>
<form method="post" action="/my/protection/shop-only">${token(page)}<input type="hidden" name="on" value="${on ? 'no' : 'yes'}"><button class="btn">${say(page, on ? W.turnOff : W.turnOn)}</button></form></section>`
}

const SAFE_MODES: [Exclude<SafeMode, 'elsewhere'>, Words][] = [
  ['off', W.safeOff],
  ['neutral', W.safeNeutral],
  ['page', W.safePage],
  ['shop', W.safeShop],
]

function safeMode(page: PageContext, subscriber: Subscriber): Html {
  const present = subscriber.protection.safeMode
  const elsewhere = present === 'elsewhere' ? html`<p><b>${say(page, W.safeElsewhere)}.</b></p>` : null
  return html`<section class="card"><h2>${say(page, W.safeTitle)}</h2><p>${say(page, W.safeLead)}</p>${elsewhere}
<form method="post" action="/my/protection/safe-mode" class="stack">${token(page)}<fieldset><legend class="away">${say(page, W.safeTitle)}</legend>${SAFE_MODES.map(
    ([mode, words]) =>
      html`<label class="pick"><input type="radio" name="mode" value="${mode}"${mode === present ? html` checked` : null} required> ${say(page, words)}</label>`,
  )}</fieldset><button class="btn">${say(page, W.save)}</button></form></section>`
}

const LANGUAGES: [Language, string][] = [
  ['my', 'မြန်မာ'],
  ['en', 'English'],
]

function language(page: PageContext): Html {
  return html`<section class="card"><h2>${say(page, W.languageTitle)}</h2><p>${say(page, W.languageLead)}</p>
<form method="post" action="/my/language" class="acts">${token(page)}${LANGUAGES.map(
    ([id, name]) =>
      html`<button class="btn ${id === page.language ? 'main' : ''}" name="language" value="${id}" lang="${id}" aria-pressed="${id === page.language ? 'true' : 'false'}">${name}</button>`,
  )}</form></section>`
}

function changes(page: PageContext, view: ProtectionView): Html | null {
  if (view.changes.length === 0) return null
  return html`<section><h2>${say(page, W.otherEntries)}</h2><ul class="plain">${view.changes.map((change) => {
    const words = CHANGES[change.kind]
    return words === undefined
      ? null
      : html`<li>${timeWords({ from: change.at, until: change.at }, page.now, page)}: ${say(page, words)}</li>`
  })}</ul></section>`
}
