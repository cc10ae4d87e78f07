import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { endLook } from './end-look.ts'
import { contactEntry } from './entry-drafts.ts'
import type { EndReason } from './grant-rules.ts'
import { contactNotFound, holdContact } from './load.ts'
import { readRunningLooks } from './look-store.ts'
import type { CareRoom, On } from './parties.ts'
import { contactOver, isOver, stepContact } from './rules.ts'
import type { Resolution } from './schemas.ts'
import { type Contact, care, readContact, saveContactEnd } from './store.ts'

/** A contact ends: with a resolution and a note, or because nobody does anything any more. */

/** Closes a contact; its look ends with it. */
export async function closeContact(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  closing: { resolution: Resolution; note: string },
): Promise<Contact | Refusal> {
  const held = await holdContact(room, room.db, staff, id, 'close-contact')
  if (isRefusal(held)) return held
  return end(
    room,
    id,
    { do: closing.resolution === 'not-verified' ? 'refuse' : 'close' },
    'contact-closed',
    closing,
  )
}

/** The customer herself says no: the contact ends, and nothing more is opened in it. */
export async function refuseByCustomer(room: CareRoom, id: string): Promise<void> {
  await end(room, id, { do: 'refuse' }, 'customer-refused', { resolution: null, note: '' })
}

/** Closes what nobody has worked on for as long as the policy of the day it was opened says. */
export async function abandonIdle(room: CareRoom): Promise<void> {
  const now = room.clock.now()
  const { rules } = await room.staff.verification.current(now)
  for (const { id } of await readIdle(room.db, now - rules.idleMinutes * 60_000))
    await end(room, id, { do: 'abandon' }, 'abandoned', { resolution: null, note: '' })
}

async function end(
  room: CareRoom,
  id: string,
  command: { do: 'close' } | { do: 'refuse' } | { do: 'abandon' },
  reason: EndReason,
  closing: { resolution: Resolution | null; note: string },
): Promise<Contact | Refusal> {
  const ended = await commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await readContact(trx, id, { lock: true })
    if (contact === null) return contactNotFound()
    if (isOver(contact.state)) return contactOver()
    for (const look of await readRunningLooks(trx, { contact: id }))
      await endLook(room, trx, append, contact, look, reason)
    const next = stepContact(contact, command)
    if (isRefusal(next)) return next
    const now = room.clock.now()
    const note =
      closing.note === '' ? null : room.keys.sealer.seal('care-note', id, Buffer.from(closing.note))
    await saveContactEnd(trx, id, { state: next.state, closedAt: now, resolution: closing.resolution, note })
    await append(
      contactEntry(
        'contact-closed',
        contact,
        now,
        { state: next.state, resolution: closing.resolution, note: closing.note },
        { outcome: closing.resolution ?? next.state },
      ),
    )
    await room.notifications.publish(trx, 'contact-changed', { contactId: id, staffId: contact.staff })
    return { ...contact, ...next, closedAt: now, resolution: closing.resolution, note }
  })
  room.looks.forget(({ contact }) => contact.id === id)
  return ended
}

async function readIdle(on: On, activeBefore: number): Promise<{ id: string }[]> {
  return care(on)
    .selectFrom('care.contact')
    .select('id')
    .where('closedAt', 'is', null)
    .where('activeAt', '<=', activeBefore)
    .limit(500)
    .execute()
}
