import { commitWith } from '../src/ledger/commit.ts'
import { invariant } from '../src/platform/coded-error.ts'
import { isRefusal } from '../src/platform/refusal.ts'
import type { StaffFacts } from '../src/staff/staff.ts'
import { RULES_SINCE_THE_CASE } from '../src/staff/verification-policy.ts'
import type { DemoWorld } from './calls.ts'
import type { DemoPast, PlannedContact } from './contacts.ts'
import type { DemoRooms } from './demo-rooms.ts'
import type { Past } from './past.ts'
import type { DemoPerson } from './people.ts'
import { granted, type Hired } from './seed-staff.ts'

/** What the past happens in. */
export interface Stage {
  readonly rooms: DemoRooms
  readonly past: Past
  readonly world: DemoWorld
  readonly plan: DemoPast
  readonly hired: Hired
}

/** Something that happens between the contacts of the past, at its own time. */
export interface Interlude {
  /** Epoch ms. */
  readonly at: number
  readonly act: () => Promise<void>
}

const MINUTE_MS = 60_000

/** Lives through all contacts in order of time, and changes the rules for callers when that time has come. */
export async function liveContacts(
  stage: Stage,
  progress: (done: number) => void,
  interludes: readonly Interlude[] = [],
): Promise<void> {
  const { plan, past } = stage
  const between = [...interludes]
  const actUntil = async (at: number): Promise<void> => {
    for (let next = between[0]; next !== undefined && next.at <= at; next = between[0]) {
      between.shift()
      past.clock.moveTo(Math.max(past.clock.now(), next.at))
      await next.act()
    }
  }
  let rulesChanged = false
  for (const [at, contact] of plan.contacts.entries()) {
    if (!rulesChanged && contact.at >= plan.rulesChangedAt) {
      await changeRules(stage)
      rulesChanged = true
    }
    await actUntil(contact.at)
    past.clock.moveTo(Math.max(past.clock.now(), contact.at))
    await past.jobs.runDue()
    await live(stage, contact)
    progress((at + 1) / plan.contacts.length)
  }
  await actUntil(Number.POSITIVE_INFINITY)
  if (!rulesChanged) await changeRules(stage)
}

/** The privacy officer prepares the stricter rules, counsel and a supervisor approve them. */
async function changeRules(stage: Stage): Promise<void> {
  const { rooms, past, plan } = stage
  past.clock.moveTo(Math.max(past.clock.now(), plan.rulesChangedAt))
  const { verification } = rooms.staff
  const reason = 'One clerk’s tick stood for a photo ID, and nobody could say later that it was compared.'
  const { proposal } = await asStaff(stage, 'Y-3', async (staff) =>
    granted(await verification.propose(staff, { rules: RULES_SINCE_THE_CASE, reason })),
  )
  for (const deskName of ['N-4', 'M-2']) {
    past.clock.pass(40 * MINUTE_MS)
    await asStaff(stage, deskName, async (staff) => granted(await verification.approve(staff, proposal)))
  }
}

/** Signs somebody in, as the demo's one click does, and out again. */
export async function asStaff<T>(
  stage: Stage,
  deskName: string,
  work: (staff: StaffFacts) => Promise<T>,
): Promise<T> {
  const { rooms, hired } = stage
  const staffId = hired.get(deskName)!
  const { token, sessionId } = await commitWith(rooms.db, rooms.ledger, (trx, append) =>
    rooms.staff.sessions.start(trx, append, { staffId, how: 'demo', shop: null }),
  )
  const staff = await rooms.staff.sessions.facts(token)
  invariant(staff !== null, 'who has just signed in has a session')
  const result = await work(staff)
  await rooms.staff.sessions.end(sessionId)
  return result
}

async function live(stage: Stage, contact: PlannedContact): Promise<void> {
  const { rooms, past, world } = stage
  const person = world.people[contact.customer]!
  await asStaff(stage, contact.deskName, async (staff) => {
    const rings = contact.channel === 'call' && contact.shown !== 'code' && contact.shown !== 'nothing'
    const call = rings ? past.telephony.ring({ number: person.number, desk: contact.deskName }) : null
    past.clock.pass(20_000)
    const { contact: id } = granted(
      await rooms.care.openContact(staff, { number: person.number, channel: contact.channel }),
    )
    past.clock.pass(30_000)
    await show(stage, staff, contact, person, id)
    if (contact.shown !== 'nothing') await look(stage, staff, contact, person, id)
    past.clock.pass(MINUTE_MS)
    const { resolution, note } = contact
    granted(await rooms.care.closeContact(staff, id, { resolution, note }))
    if (call !== null) await past.telephony.end(call)
    past.clock.pass(2 * MINUTE_MS)
    await past.jobs.runDue()
  })
}

/** The customer shows who she is, or fails to. */
async function show(
  stage: Stage,
  staff: StaffFacts,
  contact: PlannedContact,
  person: DemoPerson,
  id: string,
): Promise<void> {
  const { care } = stage.rooms
  const { texts, clock } = stage.past
  switch (contact.shown) {
    case 'line':
      return
    case 'photo-id': {
      const document = { kind: 'nrc', unexpired: true, compared: true } as const
      granted(await care.startFactor(staff, id, 'photo-id', document))
      return
    }
    case 'line-and-pin':
      granted(await care.startFactor(staff, id, 'pin'))
      clock.pass(25_000)
      granted(await care.answerFactor(staff, id, 'pin', person.pin!))
      return
    case 'code':
    case 'nothing': {
      granted(await care.startFactor(staff, id, 'sms-code'))
      clock.pass(35_000)
      const code = texts.takeCode(person.number)
      invariant(code !== null, 'a code that was sent can be read')
      if (contact.shown === 'code') granted(await care.answerFactor(staff, id, 'sms-code', code))
      else {
        const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
        await care.answerFactor(staff, id, 'sms-code', wrong)
      }
    }
  }
}

async function look(
  stage: Stage,
  staff: StaffFacts,
  contact: PlannedContact,
  person: DemoPerson,
  id: string,
): Promise<void> {
  const { care } = stage.rooms
  const { clock } = stage.past
  const { month, question, note } = contact
  const purpose = contact.statement ? 'statement-request' : 'bill-clarification'
  const asked = await care.askForLook(staff, id, { purpose, month, question, note })
  const { look } = granted(asked)
  granted(await care.openBill(staff, look))
  let pages = contact.pages
  for (let page = 1; page <= pages; page += 1) {
    clock.pass((contact.minutes * MINUTE_MS) / (contact.pages + 1) / 2)
    const opened = await care.openRows(staff, look, page)
    if (isRefusal(opened)) break
    pages = Math.min(pages, opened.pages)
  }
  if (contact.statement) granted(await care.sendStatement(staff, look, person.language))
}
