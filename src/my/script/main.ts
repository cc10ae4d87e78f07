/// <reference lib="dom" />
import type { Checkpoint } from '../../ledger/checkpoint.ts'
import type { ProofBundle } from '../../ledger/ledger.ts'
import type { CompletenessProof } from '../../ledger/subjects/completeness.ts'
import type { Language } from '../../platform/words.ts'
import type { Look } from '../looks.ts'
import type { Reader } from '../sentence.ts'
import { firstLinksOf } from './check-complete.ts'
import { checkLook } from './check-look.ts'
import { fetchAhead } from './fetch-ahead.ts'
import { checkRegister, parseRemembered, type Remembered, rememberedOf } from './register.ts'
import { say, sayWhole, Unreachable, wordsOf } from './say-whole.ts'
import { count, SCRIPT_WORDS as S, speak, visitDay } from './words.ts'

/**
 * Runs in the customer's browser: checks each look on her page and says in words what that proves. Every answer comes
 * from the server that is to be checked, so nothing is believed but what its signed checkpoint covers.
 */

const KEY = 'countersign-register'
const { fetchBytes, ahead } = fetchAhead(askServer)

interface Session {
  readonly verifierKey: string
  readonly head: Checkpoint
  readonly remembered: Remembered | null
  readonly reader: Reader
  readonly operator: string
}

// Stands there until a script runs: also where scripts are allowed, and this one did not arrive.
document.getElementById('no-script')?.remove()
fillLink()
endWithTheRight()
const root = document.getElementById('register')
if (root !== null) void run(root)

/**
 * The open page of whoever speaks for a customer: blank in the moment that their right ends, and read anew, which says so
 * or shows what is left. A line that was down may have missed it; coming back, the page is read anew too.
 */
function endWithTheRight(): void {
  const page = document.getElementById('speaks')
  if (page === null) return
  const end = (): void => {
    page.replaceChildren()
    location.reload()
  }
  // A browser counts no longer than this; whoever leaves a page open for weeks has it read anew meanwhile.
  setTimeout(end, Math.min(Number(page.dataset.left), 2 ** 31 - 1))
  const events = new EventSource('/representative/events')
  let opened = false
  events.addEventListener('open', () => {
    if (opened) end()
    opened = true
  })
  events.addEventListener('representation-ended', end)
  events.addEventListener('resync', end)
  // The server does not let them in any more; a line that is only down comes again by itself.
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) end()
  })
}

/** The secret of an enrolment link stands behind its `#`, where no server and no proxy sees it, until it is sent. */
function fillLink(): void {
  const link = document.getElementById('link')
  if (!(link instanceof HTMLInputElement) || location.hash.length < 2) return
  link.value = location.hash.slice(1)
  link.dataset.filled = 'yes'
  history.replaceState(null, '', location.pathname + location.search)
}

async function run(root: HTMLElement): Promise<void> {
  const reader: Reader = {
    language: (root.dataset.language ?? 'en') as Language,
    offsetMinutes: Number(root.dataset.offset),
  }
  const verifierKey = root.dataset.key ?? ''
  const total = document.getElementById('total')
  const items = [...root.querySelectorAll<HTMLElement>('[data-look]')]
  if (total === null) return
  total.textContent = speak(S.checking, reader.language)
  const remembered = parseRemembered(stored())
  try {
    // Asked for before the checkpoint, so that the epoch never covers more of the ledger than the checkpoint does.
    const whole = root.dataset.first === 'true' ? fetchBytes('/my/complete') : null
    whole?.catch(() => {})
    for (const item of items) ahead(proofPath(item))
    const shown = (await whole?.then(asJson, notThere)) ?? null
    const links = shown === null ? null : firstLinksOf(shown)
    if (links !== null) ahead(links)
    const head = await checkRegister(verifierKey, remembered, fetchBytes)
    const session = { verifierKey, head, remembered, reader, operator: root.dataset.operator ?? '' }
    const outcomes: Outcome[] = []
    for (const [i, item] of items.entries()) outcomes.push(await checkItem(session, item, i === 0))
    sayTotal(session, total, outcomes)
    if (whole !== null && outcomes.every((outcome) => outcome === 'holds'))
      await sayWhole({ ...session, fetchBytes, total, root }, shown)
    if (!outcomes.includes('broken')) store(rememberedOf(verifierKey, head, Date.now()))
  } catch (error) {
    if (error instanceof Unreachable) say(total, 'plain', S.unreachable, reader.language)
    else {
      const why = speak(wordsOf(error), reader.language)
      say(total, 'broken', S.registerBroke, reader.language, { why })
    }
  }
}

type Outcome = 'holds' | 'broken' | 'unreachable'

async function checkItem(session: Session, item: HTMLElement, unfold: boolean): Promise<Outcome> {
  const box = item.querySelector<HTMLElement>('.proof')
  const button = item.querySelector<HTMLElement>('.check')
  if (box === null) return 'unreachable'
  try {
    const look = await check(session, item)
    fill(box, session, look)
    if (unfold) box.hidden = false
    else if (button !== null) {
      button.hidden = false
      button.querySelector('button')?.addEventListener('click', () => {
        box.hidden = false
        button.hidden = true
      })
    }
    return 'holds'
  } catch (error) {
    if (error instanceof Unreachable) return 'unreachable'
    fillBroken(box, session.reader.language, error)
    box.hidden = false
    return 'broken'
  }
}

async function check(session: Session, item: HTMLElement): Promise<Look> {
  const look = item.dataset.look ?? ''
  const answer = await fetchBytes(proofPath(item))
  const { bundles } = JSON.parse(new TextDecoder().decode(answer)) as { bundles: ProofBundle[] }
  const shown = {
    look,
    sentence: item.querySelector('.sentence')?.textContent ?? '',
    from: Date.parse(item.querySelector('time')?.dateTime ?? ''),
  }
  return checkLook(shown, bundles, { ...session, fetchBytes })
}

function proofPath(item: HTMLElement): string {
  return `/my/looks/${item.dataset.look ?? ''}/proof`
}

function fill(box: HTMLElement, session: Session, look: Look): void {
  const { language, offsetMinutes } = session.reader
  const [first, last] = [look.entries[0] ?? 0, look.entries.at(-1) ?? 0]
  const numbers = { first: count(first, language), last: count(last, language) }
  const since =
    session.remembered === null
      ? speak(S.firstTime, language)
      : speak(S.since, language, { day: visitDay(session.remembered.at, offsetMinutes, language) })
  const list = document.createElement('ol')
  list.append(
    line('held', '✓', speak(first === last ? S.inRegister : S.inRegisterMany, language, numbers)),
    line('held', '✓', speak(S.order, language)),
    line(
      'held',
      '✓',
      speak(S.signed, language, { operator: session.operator, size: count(session.head.size, language) }),
    ),
    line('held', '✓', since),
    line('not', '–', speak(S.notProven, language)),
  )
  box.replaceChildren(heading('proven', speak(S.checkedTitle, language)), list)
}

function fillBroken(box: HTMLElement, language: Language, error: unknown): void {
  const list = document.createElement('ol')
  list.append(line('broke', '✕', speak(wordsOf(error), language)))
  box.replaceChildren(heading('stop', speak(S.brokenTitle, language)), list)
}

function line(kind: string, mark: string, text: string): HTMLElement {
  const item = document.createElement('li')
  const sign = document.createElement('i')
  const words = document.createElement('span')
  item.className = kind
  sign.textContent = mark
  sign.setAttribute('aria-hidden', 'true')
  words.textContent = text
  item.append(sign, words)
  return item
}

function heading(kind: string, text: string): HTMLElement {
  const bold = document.createElement('b')
  bold.className = kind
  bold.textContent = text
  return bold
}

function sayTotal(session: Session, total: HTMLElement, outcomes: readonly Outcome[]): void {
  const { language } = session.reader
  if (outcomes.includes('broken')) say(total, 'broken', S.someBroke, language)
  else if (outcomes.includes('unreachable')) say(total, 'plain', S.unreachable, language)
  else if (outcomes.length > 0) {
    const n = outcomes.length
    const looks = speak(n === 1 ? S.oneLook : S.manyLooks, language, { n: count(n, language) })
    say(total, '', S.allHold, language, { count: looks, operator: session.operator })
  }
}

function asJson(bytes: Uint8Array): CompletenessProof {
  return JSON.parse(new TextDecoder().decode(bytes)) as CompletenessProof
}

function notThere(): null {
  return null
}

async function askServer(path: string): Promise<Uint8Array> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', headers: { accept: '*/*' } })
  } catch {
    throw new Unreachable()
  }
  if (!answer.ok) throw new Unreachable()
  return new Uint8Array(await answer.arrayBuffer())
}

/** Private windows may have no storage: then every visit is a first one. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function store(remembered: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(remembered))
  } catch {
    // Nothing to remember with.
  }
}
