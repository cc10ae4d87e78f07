import type { Countersigned, WitnessAlarm } from '../ledger/witnessing.ts'
import type { Language, Words } from '../platform/words.ts'
import { type Html, html } from './html.ts'
import type { Reader } from './sentence.ts'
import { agoWords } from './sentence.ts'
import { W } from './words.ts'

/** What every page of hers knows. */
export interface PageContext extends Reader {
  /** Epoch ms. */
  readonly now: number
  readonly operatorName: string
  /** Where whoever is not signed in chooses another language. */
  readonly languageAt: string
  readonly assets: { readonly style: string; readonly script: string; readonly keyScript: string }
  /** The hidden field of her forms; null while nobody is signed in. */
  readonly csrf: string | null
  /** Her number as people write it; null while nobody is signed in. */
  readonly number: string | null
  readonly hasCase: boolean
  /** Who stands behind the register, and how far. */
  readonly countersigned: Countersigned
  readonly alarm: WitnessAlarm | null
}

export type Section = 'looks' | 'bill' | 'calls' | 'protection' | 'case'

/** The words in the reader's language, with `{name}` filled in. */
export function say(page: Reader, words: Words, fill: Readonly<Record<string, string>> = {}): string {
  return words[page.language].replaceAll(/\{([a-z]+)\}/g, (_, name: string) => fill[name] ?? '')
}

/** A whole page. `title` is text, `body` what stands in its main part. */
export function layout(page: PageContext, title: string, section: Section | null, body: Html): string {
  const { language } = page
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · ${page.operatorName}</title>
<link rel="stylesheet" href="${page.assets.style}"><script type="module" src="${page.assets.script}"></script></head>
<body><a class="skip" href="#main">${say(page, W.skip)}</a><div class="page">
<header>${page.number === null ? signedOutTop(page) : signedInTop(page, page.number)}${section === 'looks' ? html`<h1>${title}</h1>` : null}</header>
${section === null ? null : navigation(page, section)}
${refusedRegister(page)}<main id="main">${section === null || section === 'looks' ? null : html`<h1>${title}</h1>`}${body}</main>
<footer><p class="small register">${registerLine(page)}</p>${page.number === null ? null : signOut(page)}</footer>
</div></body></html>`.html
}

/** One quiet line: how far others than the operator have signed the register. */
function registerLine(page: PageContext): string {
  const { by, of, size, at } = page.countersigned
  if (at === null) return say(page, of === 0 ? W.registerAlone : W.registerWaits)
  return say(page, W.registerSigned, {
    count: String(by.length),
    of: String(of),
    entry: String(Math.max(0, size - 1)),
    ago: agoWords(at, page.now, page),
  })
}

function refusedRegister(page: PageContext): Html | null {
  return page.alarm === 'refused'
    ? html`<p class="problem stop" role="alert">${say(page, W.registerRefused)}</p>`
    : null
}

/** The hidden field that proves a form is ours. */
export function token(page: PageContext): Html | null {
  return page.csrf === null ? null : html`<input type="hidden" name="_csrf" value="${page.csrf}">`
}

/** What went wrong, as a sentence and what to do next. */
export function problem(page: PageContext, text: string | null): Html | null {
  return text === null
    ? null
    : html`<p class="problem stop" role="alert"><b>${say(page, W.refusedTitle)}.</b> ${text}</p>`
}

function signedInTop(page: PageContext, number: string): Html {
  const other: Language = page.language === 'en' ? 'my' : 'en'
  return html`<form method="post" action="/my/language" class="small top">${token(page)}<span>${number}</span> ·
<button class="link" name="language" value="${other}" lang="${other}">${say(page, W.otherLanguage)}</button></form>`
}

function signedOutTop(page: PageContext): Html {
  const other: Language = page.language === 'en' ? 'my' : 'en'
  return html`<p class="small top"><span>${page.operatorName}</span> ·
<a href="${page.languageAt}?language=${other}" lang="${other}">${say(page, W.otherLanguage)}</a></p>`
}

function navigation(page: PageContext, section: Section): Html {
  const links: [Section, string, Words][] = [
    ['looks', '/my', W.navLooks],
    ['bill', '/my/bill', W.navBill],
    ['calls', '/my/calls', W.navCalls],
    ['protection', '/my/protection', W.navProtection],
  ]
  if (page.hasCase) links.push(['case', '/my/case', W.navCase])
  return html`<nav aria-label="${say(page, W.navLabel)}">${links.map(([id, href, words]) =>
    id === section
      ? html`<a href="${href}" aria-current="page">${say(page, words)}</a>`
      : html`<a href="${href}">${say(page, words)}</a>`,
  )}</nav>`
}

function signOut(page: PageContext): Html {
  return html`<form method="post" action="/my/sign-out">${token(page)}<button class="link small">${say(page, W.signOut)}</button></form>`
}
