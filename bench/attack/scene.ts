import { type DemoPerson, makePeople } from '../../demo/people.ts'
import { DEMO_SEED } from '../../demo/seed.ts'
import { makeStaff } from '../../demo/staff.ts'
import { formatNumber } from '../../src/calls/numbers.ts'
import type { RowViewData } from '../../src/care/look-schemas.ts'
import { CodedError, invariant } from '../../src/platform/coded-error.ts'
import {
  type Answer,
  awaitText,
  type Body,
  type Browser,
  must,
  openBrowser,
  type Phone,
  signInAs,
  takePhone,
} from '../../src/steal/hands.ts'
import type { House } from './house.ts'
import { type Loot, openLoot } from './loot.ts'
import type { Noticed } from './outcome.ts'

/** Where an attack happens: a house, a notebook, and the steps that attacks are made of. */
export interface Scene {
  house: House
  readonly loot: Loot
  readonly began: number
  /** Whose log it is about. */
  victim: DemoPerson
  /** Whoever holds the victim's phone and knows her PIN is the thief: a text to it tells nobody else. */
  thiefHoldsPhone: boolean
  /** The server did not start again: nothing more can be asked of it. */
  stopped: boolean
  /** Desk names of the attackers. */
  readonly attackers: Set<string>
  /** Refusals and errors met on the way, each once. */
  readonly met: Set<string>
  /** What the attack saw being noticed, beyond what is watched for in every attack. */
  readonly noticed: Noticed[]
}

export const PEOPLE = makePeople(DEMO_SEED)
const STAFF = makeStaff(DEMO_SEED, PEOPLE)
const CLOSE = new Set(STAFF.flatMap(({ numbers }) => numbers))
/** Customers of nobody's circle who know a PIN; the two of the story come first. */
export const CUSTOMERS = PEOPLE.filter(
  ({ index, pin, forwarded, simChangedDaysAgo }) =>
    pin !== null &&
    !CLOSE.has(index) &&
    !forwarded &&
    (simChangedDaysAgo === null || simChangedDaysAgo > 120),
)
/** Demo people by desk name. */
export const DESKS = new Map(STAFF.map((one) => [one.deskName, one]))
const WAIT_MS = 10_000

/** Opens a scene about one victim. */
export function openScene(house: House, victim: DemoPerson): Scene {
  return {
    house,
    loot: openLoot(),
    began: house.now(),
    victim,
    thiefHoldsPhone: false,
    stopped: false,
    attackers: new Set(),
    met: new Set(),
    noticed: [],
  }
}

/** Sits an attacker at a desk; `shop` is the shop whose own device it is. */
export async function sitAt(scene: Scene, desk: string, shop?: string): Promise<Browser> {
  scene.attackers.add(desk)
  return colleagueAt(scene, desk, shop)
}

/** Somebody who is no attacker, at their desk. */
export async function colleagueAt({ house }: Scene, desk: string, shop?: string): Promise<Browser> {
  return signInAs(house.origin, await idOf(house, desk), shop)
}

/** The staff id behind a desk name. */
export async function idOf(house: House, desk: string): Promise<string> {
  const person = await house.server.rooms.staff.duty.findByDeskName(desk)
  invariant(person, `${desk} works here`)
  return person.id
}

/** Asks, and notes what stood in the way. */
export async function attempt(
  scene: Scene,
  by: Browser,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await by.ask(method, path, body)
  if (answer.status >= 400) scene.met.add(`${answer.status} ${String(answer.body.code)}`)
  return answer
}

/** As people write a number. */
export function written({ number }: DemoPerson): string {
  return formatNumber(number)
}

/** A customer's phone. */
export function phoneOf({ house }: Scene, who: DemoPerson): Promise<Phone> {
  return takePhone(house.origin, who.number)
}

/** The last whole month. */
export function lastMonth(house: House): string {
  const now = new Date(house.now() + 390 * 60_000)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15)).toISOString().slice(0, 7)
}

/** Her call is answered at the desk. */
export async function answerCall(
  scene: Scene,
  by: Browser,
  of: { desk: string; who: DemoPerson; spoofed?: boolean },
): Promise<{ contact: string; phone: Phone }> {
  const phone = await phoneOf(scene, of.who)
  await phone.ring(of.desk, { spoofed: of.spoofed === true })
  const opened = await attempt(scene, by, 'POST', '/api/care/contacts', {
    number: written(of.who),
    channel: 'call',
  })
  return { contact: String(must(opened, 'open a contact').id), phone }
}

/** She keys her PIN in on the line. */
export async function keyInPin(
  scene: Scene,
  by: Browser,
  of: { contact: string; phone: Phone; pin: string },
): Promise<void> {
  const { contact, phone, pin } = of
  must(await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/factors/pin`, {}), 'ask for a PIN')
  await until(async () => {
    await phone.keyIn(pin)
    const seen = await by.ask('GET', `/api/care/contacts/${contact}`)
    return rungDone(seen.body, 'person')
  })
}

/** Whether the ladder's rung is reached. */
export function rungDone(contact: Body, rung: string): boolean {
  const ladder = contact.ladder as { rung: string; done: boolean }[] | undefined
  return ladder?.some((one) => one.rung === rung && one.done) ?? false
}

/** Asks for a look; gives the answer as it came. */
export function askForLook(scene: Scene, by: Browser, contact: string): Promise<Answer> {
  return attempt(scene, by, 'POST', `/api/care/contacts/${contact}/grants`, {
    purpose: 'bill-clarification',
    month: lastMonth(scene.house),
    question: 'higher',
  })
}

/** Opens the bill and every page of rows that the server gives, into the notebook; gives how many rows came. */
export async function copyRows(scene: Scene, by: Browser, grant: string, most = 40): Promise<number> {
  const bill = await attempt(scene, by, 'POST', `/api/care/grants/${grant}/bill`, {})
  if (bill.status !== 200) return 0
  let taken = 0
  for (let page = 1; page <= most; page += 1) {
    const answer = await attempt(scene, by, 'POST', `/api/care/grants/${grant}/rows`, { page })
    if (answer.status !== 200) break
    const { rows, pages } = answer.body as unknown as { rows: RowViewData[]; pages: number }
    scene.loot.takeRows(grant, rows)
    taken += rows.length
    if (page >= pages) break
  }
  return taken
}

/** Breaks the glass with an invented emergency, copies what opens, and closes. */
export async function breakGlass(scene: Scene, by: Browser): Promise<void> {
  const broken = await attempt(scene, by, 'POST', '/api/care/break-glass', {
    number: written(scene.victim),
    reason: 'A child has been missing since the morning.',
  })
  const contact = broken.body.contact as { id: string; grant: { id: string } | null } | undefined
  if (contact === undefined) return
  if (contact.grant !== null) await copyRows(scene, by, contact.grant.id)
  else {
    const asked = await askForLook(scene, by, contact.id)
    if (asked.status === 200) await copyRows(scene, by, String(asked.body.id))
  }
  await closeContact(scene, by, contact.id)
}

/** Closes a contact as if it had been an honest one. */
export async function closeContact(scene: Scene, by: Browser, contact: string): Promise<void> {
  const closing = { resolution: 'explained', note: 'The bill was explained.' }
  await attempt(scene, by, 'POST', `/api/care/contacts/${contact}/closing`, closing)
}

/** A whole look as honest ones go, for whoever is on the line with her PIN. */
export async function lookWithPin(
  scene: Scene,
  desk: string,
  who: DemoPerson,
): Promise<{ by: Browser; contact: string; phone: Phone; grant: string }> {
  const by = await sitAt(scene, desk)
  const { contact, phone } = await answerCall(scene, by, { desk, who })
  await keyInPin(scene, by, { contact, phone, pin: who.pin ?? '' })
  const grant = String(must(await askForLook(scene, by, contact), 'a look').id)
  return { by, contact, phone, grant }
}

/** Signs in at her own page with the code that her phone gets. */
export async function signInAtMy(scene: Scene, who: DemoPerson): Promise<Browser> {
  const { house } = scene
  const browser = openBrowser(house.origin)
  const phone = await phoneOf(scene, who)
  const since = house.now()
  await browser.send('/my/sign-in', { number: written(who), language: 'en' })
  const text = await textTo(scene, phone.handle, since, /\d{6}/)
  const code = /\d{6}/.exec(latin(text?.text ?? ''))?.[0] ?? '000000'
  const done = await browser.send('/my/code', { code, language: 'en' })
  if (done.status >= 400) scene.met.add(`${done.status} at her page`)
  return browser
}

/** The first text after `since` that says this; null when none comes. */
export function textTo({ house }: Scene, handle: string, since: number, says: RegExp) {
  const { demo } = house.server
  invariant(demo, 'attacks happen in a demo')
  return awaitText(demo.phones, handle, ({ text, at }) => at >= since && says.test(latin(text)), WAIT_MS)
}

/** Burmese digits as Latin ones. */
export function latin(text: string): string {
  return [...text].map((c) => (c >= '၀' && c <= '၉' ? String(c.charCodeAt(0) - 0x1040) : c)).join('')
}

/** Asks again until it holds. @throws CodedError `did-not-happen` after ten seconds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS
  while (!(await holds())) {
    if (performance.now() > end) throw new CodedError('did-not-happen', 'what was waited for did not happen')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
