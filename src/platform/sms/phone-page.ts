import { escapeHtml, renderPage } from '../http/page.ts'
import type { PhoneState } from '../telephony/simulated.ts'
import type { Language, Words } from '../words.ts'
import type { PhonePerson, PhoneText } from './demo-phones.ts'
import { PHONE_WORDS as W } from './phone-words.ts'

export interface PhoneScreen {
  readonly language: Language
  readonly handle: string
  readonly person: PhonePerson
  readonly texts: readonly PhoneText[]
  readonly state: PhoneState
  /** Desks that would answer now. */
  readonly desks: readonly { readonly desk: string; readonly says: Words }[]
  readonly operatorName: string
  /** Addresses in texts that begin with this become links. */
  readonly publicUrl: string
  /** Of the operator's time zone, from UTC. */
  readonly offsetMinutes: number
}

/** The page that asks whose phone to look at. `found` is null before anybody searched. */
export function renderChooser(page: {
  language: Language
  people: readonly PhonePerson[]
  searched: boolean
}): string {
  const { language } = page
  const say = sayer(language)
  const rows = page.people
    .map(
      (
        person,
      ) => `<li><form method="post" action="/demo/phone/choose"><input type="hidden" name="lang" value="${language}">
<button class="person" name="person" value="${escapeHtml(person.number)}"><b>${escapeHtml(person.name[language])}</b>
<span>${escapeHtml(person.shown)}</span></button></form></li>`,
    )
    .join('')
  const empty = page.searched ? `<p class="quiet">${say(W.nobodyFound)}</p>` : ''
  return renderPage({
    language,
    title: W.chooseTitle[language],
    style: '/demo/phone.css',
    body: `<main class="phone-page">${languageLinks('/demo/phone', language)}
<h1>${say(W.chooseTitle)}</h1><p class="quiet">${say(W.chooseHelp)}</p>
<form class="find" method="post" action="/demo/phone/find"><input type="hidden" name="lang" value="${language}">
<label for="who">${say(W.findLabel)}</label><div class="row"><input id="who" name="who" maxlength="60" autocomplete="off">
<button class="btn">${say(W.find)}</button></div></form>
<ul class="people">${rows}</ul>${empty}</main>`,
  })
}

/** One phone: who it is, the call, the texts. */
export function renderPhone(screen: PhoneScreen): string {
  const { language, person } = screen
  const say = sayer(language)
  return renderPage({
    language,
    title: W.phoneOf[language],
    style: '/demo/phone.css',
    script: '/demo/phone.js',
    refreshSeconds: 5,
    body: `<main class="phone-page">
<div class="above">${languageLinks(`/demo/phone/${screen.handle}`, language)}
<a href="/demo/phone?lang=${language}">${say(W.another)}</a></div>
<div class="phone"><header><h1>${escapeHtml(person.name[language])}</h1><p class="quiet">${escapeHtml(person.shown)}</p>${pinNote(screen)}</header>
${renderScreen(screen)}</div>
<p class="note quiet">${say(W.simulated)}</p></main>`,
  })
}

/** A visitor who plays this customer must know what she knows. */
function pinNote({ person, language }: PhoneScreen): string {
  return person.pin === undefined
    ? ''
    : `<p class="quiet">${escapeHtml(W.herPin[language])} <b>${escapeHtml(person.pin)}</b></p>`
}

/** The two parts of the phone that change while one looks; the script puts them in place of the old ones. */
export function renderScreen(screen: PhoneScreen): string {
  return `<section id="call" aria-live="polite" class="call">${renderCall(screen)}</section>
<section id="texts" aria-live="polite" class="texts"><h2>${sayer(screen.language)(W.texts)}</h2>${renderTexts(screen)}</section>`
}

function renderCall(screen: PhoneScreen): string {
  const { state, language, handle } = screen
  const say = sayer(language)
  const form = (action: string, content: string): string =>
    `<form method="post" action="/demo/phone/${handle}/${action}"><input type="hidden" name="lang" value="${language}">${content}</form>`
  if (state.kind === 'called') {
    return `<p class="line"><b>${escapeHtml(screen.operatorName)}</b> ${say(W.callsYou)}</p>
<div class="row">${form('answer', `<button class="btn main">${say(W.answer)}</button>`)}
${form('decline', `<button class="btn">${say(W.decline)}</button>`)}</div>`
  }
  if (state.kind === 'talking') {
    const prompt = state.prompt === null ? '' : form('digits', renderPrompt(state.prompt))
    return `<p class="line">${say(W.talkingTo)} <b>${escapeHtml(state.desk)}</b>
<time class="timer" data-since="${state.since}"></time></p>${prompt}
${form('hang-up', `<button class="btn stop">${say(W.hangUp)}</button>`)}`
  }
  if (screen.desks.length === 0) return `<p class="quiet">${say(W.noDesk)}</p>`
  const desks = screen.desks
    .map(
      ({ desk, says }) =>
        `<option value="${escapeHtml(desk)}">${escapeHtml(desk)} · ${escapeHtml(says[language])}</option>`,
    )
    .join('')
  return form(
    'ring',
    `<label for="desk">${say(W.whichDesk)}</label>
<div class="row"><select id="desk" name="desk">${desks}</select><button class="btn main">${say(W.ring)}</button></div>
<label class="check"><input type="checkbox" name="spoofed" value="yes"> ${say(W.spoofed)}</label>`,
  )
}

/** The prompt speaks the language that the desk asked for, as the telephony system would. */
function renderPrompt(prompt: { count: number; of: 'pin' | 'code'; language: Language }): string {
  const ask = prompt.of === 'pin' ? W.keyPin : W.keyCode
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0']
    .map((key) =>
      key === '' ? '<span></span>' : `<button type="button" class="key" data-key="${key}">${key}</button>`,
    )
    .join('')
  return `<label for="digits" lang="${prompt.language}">${escapeHtml(ask[prompt.language])}</label>
<div class="row"><input id="digits" name="digits" type="password" inputmode="numeric" autocomplete="off" required
pattern="[0-9]{${prompt.count}}" minlength="${prompt.count}" maxlength="${prompt.count}">
<button class="btn main" lang="${prompt.language}">${escapeHtml(W.send[prompt.language])}</button></div>
<div class="keys">${keys}<button type="button" class="key" data-key="back" aria-label="${escapeHtml(W.erase[prompt.language])}">⌫</button></div>`
}

function renderTexts(screen: PhoneScreen): string {
  if (screen.texts.length === 0) return `<p class="quiet">${sayer(screen.language)(W.noTexts)}</p>`
  const time = timeFormat(screen)
  return `<ol>${screen.texts
    .map(({ text, from, at }) => {
      const language = /[\u1000-\u109f]/.test(text) ? 'my' : 'en'
      return `<li><p class="from"><b>${escapeHtml(from)}</b> <time datetime="${new Date(at).toISOString()}">${time.format(at)}</time></p>
<p class="bubble" lang="${language}">${linked(text, screen.publicUrl)}</p></li>`
    })
    .join('')}</ol>`
}

function timeFormat({ language, offsetMinutes }: PhoneScreen): Intl.DateTimeFormat {
  const sign = offsetMinutes < 0 ? '-' : '+'
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.abs(offsetMinutes)
  return new Intl.DateTimeFormat(language === 'my' ? 'my-MM-u-nu-mymr' : 'en-GB', {
    timeZone: `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** Our own addresses become links; everything else stays text. */
function linked(text: string, publicUrl: string): string {
  return text
    .split(/(\s+)/)
    .map((word) => {
      const address = word.replace(/[.,;:!?။၊)]+$/u, '')
      if (!address.startsWith(`${publicUrl}/`)) return escapeHtml(word)
      const safe = escapeHtml(address)
      return `<a href="${safe}">${safe}</a>${escapeHtml(word.slice(address.length))}`
    })
    .join('')
}

function languageLinks(path: string, language: Language): string {
  const other = language === 'en' ? 'my' : 'en'
  const name = other === 'en' ? 'English' : 'မြန်မာ'
  return `<p class="languages"><a href="${path}?lang=${other}" lang="${other}">${name}</a></p>`
}

function sayer(language: Language): (words: Words) => string {
  return (words) => escapeHtml(words[language])
}
