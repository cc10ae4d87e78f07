import type { Static } from 'typebox'
import { commitWith } from '../ledger/commit.ts'
import { invariant } from '../platform/coded-error.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Glass, insertGlass, readGlass, readOverdueGlasses, saveGlass } from './approval-store.ts'
import { contactEntry } from './entry-drafts.ts'
import { putDown } from './grant.ts'
import { brokenGlassState, JUSTIFY_WITHIN_MS, mayJustify, mayReview } from './grant-rules.ts'
import type { BreakGlassView } from './look-schemas.ts'
import { findSubscriber, newContact, standingOf } from './open-contact.ts'
import { type CareRoom, newId } from './parties.ts'
import { monthOf } from './period.ts'
import { CLAIMED, stepContact } from './rules.ts'
import { type Contact, insertContact, readContact } from './store.ts'

/**
 * Break glass: a life is at risk. It works at once and opens no more than a look does (masked, one page, no row in
 * full), wakes a supervisor and the privacy officer, must be justified within 24 hours, and is always reviewed.
 */

/** Breaks the glass: a contact without a caller, and a look at this month. */
export async function breakGlass(
  room: CareRoom,
  staff: StaffFacts,
  asked: { number: string; reason: string },
): Promise<{ glass: Glass; contact: Contact } | Refusal> {
  const subscriber = await findSubscriber(room, asked.number)
  if (isRefusal(subscriber)) return subscriber
  const standing = await standingOf(room, staff, subscriber, 'call')
  const refusal = room.staff.policy.decide({
    staff,
    action: 'break-glass',
    resource: { type: 'Contact', id: subscriber.id, attributes: standing.attributes },
  })
  if (refusal !== null) return refusal
  const verification = stepContact(CLAIMED, { do: 'break-glass' })
  invariant(!isRefusal(verification), 'a new contact can be opened by breaking the glass')
  const contact = newContact(room, staff, subscriber, 'call', {
    ...standing,
    call: null,
    verification,
    breakGlass: true,
  })
  const waking = [
    ...(await room.staff.duty.onCall('privacy-officer')),
    ...(await room.staff.duty.supervisorsOutside([])),
  ].filter((colleague) => colleague.id !== staff.id)
  const now = room.clock.now()
  const id = newId(room.random)
  const glass: Glass = {
    id,
    contact: contact.id,
    staff: staff.id,
    deskName: staff.deskName,
    office: staff.office,
    at: now,
    says: seal(room, id, 'reason', asked.reason),
    justification: null,
    justifiedAt: null,
    alarmedAt: null,
    finding: null,
    reviewedBy: null,
    reviewedAt: null,
  }
  await commitWith(room.db, room.ledger, async (trx, append) => {
    await insertContact(trx, contact)
    await append(contactEntry('contact-opened', contact, now, {}))
    await insertGlass(trx, glass)
    const says = { breakGlass: id, event: 'broken' as const, says: asked.reason, finding: null }
    await append(contactEntry('break-glass', contact, now, says, { outcome: 'broken' }))
    const month = monthOf(now, room.offsetMinutes)
    await putDown(
      room,
      trx,
      append,
      staff,
      contact,
      { purpose: 'fraud-report', question: 'higher', month },
      { waits: false },
    )
    for (const colleague of waking)
      await room.notifications.publish(trx, 'notice', { staffId: colleague.id, kind: 'break-glass', id })
  })
  return { glass, contact }
}

/** Justifies it: only who broke it. */
export async function justifyBreakGlass(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  justification: string,
): Promise<Glass | Refusal> {
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const glass = await readGlass(trx, id)
    if (glass === null) return notFound()
    const refusal = mayJustify({ ...glass, staffId: glass.staff }, staff.id)
    if (refusal !== null) return refusal
    const now = room.clock.now()
    const change = { justification: seal(room, id, 'justification', justification), justifiedAt: now }
    await saveGlass(trx, id, change)
    const says = { breakGlass: id, event: 'justified' as const, says: justification, finding: null }
    await append(
      contactEntry('break-glass', await contactOf(room, glass), now, says, {
        outcome: 'justified',
        by: staff,
      }),
    )
    return { ...glass, ...change }
  })
}

/** Reviews it: never who broke it. */
export async function reviewBreakGlass(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  review: { finding: 'justified' | 'not-justified'; note: string },
): Promise<Glass | Refusal> {
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const glass = await readGlass(trx, id)
    if (glass === null) return notFound()
    const now = room.clock.now()
    const refusal = mayReview({ ...glass, staffId: glass.staff }, staff.id, now)
    if (refusal !== null) return refusal
    const change = { finding: review.finding, reviewedBy: staff.id, reviewedAt: now }
    await saveGlass(trx, id, change)
    const says = { breakGlass: id, event: 'reviewed' as const, says: review.note, finding: review.finding }
    await append(
      contactEntry('break-glass', await contactOf(room, glass), now, says, {
        outcome: review.finding,
        by: staff,
      }),
    )
    return { ...glass, ...change }
  })
}

/** Alarms about those left unjustified for 24 hours, once each. */
export async function alarmOverdue(room: CareRoom): Promise<void> {
  const now = room.clock.now()
  for (const glass of await readOverdueGlasses(room.db, now - JUSTIFY_WITHIN_MS)) {
    const officers = await room.staff.duty.onCall('privacy-officer')
    await commitWith(room.db, room.ledger, async (trx, append) => {
      const fresh = await readGlass(trx, glass.id)
      if (fresh === null || fresh.alarmedAt !== null || fresh.justifiedAt !== null) return
      await saveGlass(trx, glass.id, { alarmedAt: now })
      const says = { breakGlass: glass.id, event: 'overdue' as const, says: '', finding: null }
      await append(
        contactEntry('break-glass', await contactOf(room, glass), now, says, { outcome: 'overdue' }),
      )
      for (const officer of officers)
        await room.notifications.publish(trx, 'notice', {
          staffId: officer.id,
          kind: 'break-glass-overdue',
          id: glass.id,
        })
    })
  }
}

/** How supervisors and the privacy officer see one. */
export function glassView(room: CareRoom, glass: Glass): Static<typeof BreakGlassView> {
  return {
    id: glass.id,
    contact: glass.contact,
    deskName: glass.deskName,
    office: glass.office,
    at: glass.at,
    reason: open(room, glass.id, 'reason', glass.says),
    justifyUntil: glass.at + JUSTIFY_WITHIN_MS,
    justification:
      glass.justification === null ? null : open(room, glass.id, 'justification', glass.justification),
    state: brokenGlassState({ ...glass, staffId: glass.staff }, room.clock.now()),
    finding: glass.finding,
  }
}

async function contactOf(room: CareRoom, glass: Glass): Promise<Contact> {
  const contact = await readContact(room.db, glass.contact)
  invariant(contact, 'broken glass has a contact')
  return contact
}

function seal(room: CareRoom, id: string, what: string, text: string): Buffer {
  return room.keys.sealer.seal('care-break-glass', `${id}:${what}`, Buffer.from(text))
}

function open(room: CareRoom, id: string, what: string, sealed: Buffer): string {
  return room.keys.sealer.open('care-break-glass', `${id}:${what}`, sealed).toString()
}

function notFound(): Refusal {
  return refuse('break-glass-not-found', 'There is no such case.', 'Go back to your team.')
}
