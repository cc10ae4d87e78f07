import { html } from '../html.ts'
import { layout, type PageContext, problem, say, token } from '../layout.ts'
import { W } from '../words.ts'

/** "Your number": the first page of whoever is not signed in. */
export function signInPage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, W.signInTitle)}</h1><p class="lead">${say(page, W.signInLead)}</p>
${problem(page, refused)}
<form method="post" action="/my/sign-in" class="stack"><input type="hidden" name="language" value="${page.language}">
<label for="number">${say(page, W.yourNumber)}</label>
<input id="number" name="number" type="tel" inputmode="tel" autocomplete="tel" required maxlength="40" aria-describedby="hint">
<p id="hint" class="small">${say(page, W.numberHint)}</p>
<button class="btn main">${say(page, W.sendCode)}</button></form>`
  return layout(page, say(page, W.signInTitle), null, body)
}

/** "Type the code": the same for every number. */
export function codePage(page: PageContext, refused: string | null = null): string {
  const body = html`<h1>${say(page, W.codeTitle)}</h1><p class="lead">${say(page, W.codeLead)}</p>
${problem(page, refused)}
<form method="post" action="/my/code" class="stack"><input type="hidden" name="language" value="${page.language}">
<label for="code">${say(page, W.code)}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="20" class="digits">
<button class="btn main">${say(page, W.signIn)}</button></form>
<p class="small">${say(page, W.noText)}</p><p class="small"><a href="/my/sign-in?language=${page.language}">${say(page, W.startAnew)}</a></p>`
  return layout(page, say(page, W.codeTitle), null, body)
}

/** "And it is you?": the second rung, before her bill or her calls. `to` is where she wanted to go. */
export function provePage(
  page: PageContext,
  to: 'bill' | 'calls',
  hasSecret: boolean,
  refused: string | null = null,
): string {
  const form = html`<form method="post" action="/my/prove" class="stack">${token(page)}<input type="hidden" name="to" value="${to}">
<label for="secret">${say(page, W.secret)}</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required maxlength="200">
<button class="btn main">${say(page, W.open)}</button></form>`
  const body = html`<p class="lead">${say(page, W.proveLead)}</p>${problem(page, refused)}
${hasSecret ? form : html`<p>${say(page, W.noSecret)}</p><p><a class="btn" href="/my/protection">${say(page, W.navProtection)}</a></p>`}`
  return layout(page, say(page, W.proveTitle), to, body)
}
