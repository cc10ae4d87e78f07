import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import { lookEntry } from './entry-drafts.ts'
import type { EndReason } from './grant-rules.ts'
import { readRunningLooks } from './look-store.ts'
import type { CareRoom } from './parties.ts'
import { type Contact, type Look, readContact, saveLookEnd } from './store.ts'

/** Ends looks: with the contact, the call, the time, the session, or the person's access, whichever is first. */

/** The job that tells a customer of an ended look. */
export const TELL_JOB = 'care-tell-of-look'

/** Ends one look within a transaction; nothing happens when it had ended. Everybody is told when that commits. */
export async function endLook(
  room: CareRoom,
  trx: Trx,
  append: Append,
  contact: Contact,
  look: Look,
  reason: EndReason,
): Promise<void> {
  const at = Math.min(room.clock.now(), reason === 'time' ? look.endsAt : Number.POSITIVE_INFINITY)
  if (!(await saveLookEnd(trx, look.id, at, reason))) return
  await append(
    lookEntry(
      'grant-ended',
      contact,
      look,
      at,
      { reason, rowsShown: look.rowsShown, rowsTotal: look.rowsTotal },
      // The report counts looks: grants that have opened something.
      { outcome: reason, counts: { rows: look.rowsShown, opened: look.opened ? 1 : 0 } },
    ),
  )
  await room.notifications.publish(trx, 'grant-ended', {
    grantId: look.id,
    contactId: contact.id,
    staffId: look.staff,
    reason,
  })
  if (look.opened) await room.jobs.enqueue(trx, TELL_JOB, { look: look.id }, { key: `tell-${look.id}` })
}

/** Ends every running look of a contact, a person, a session, a call, or whose time is over. Returns how many. */
export async function endLooks(
  room: CareRoom,
  of: Parameters<typeof readRunningLooks>[1],
  reason: EndReason,
): Promise<number> {
  const looks = await readRunningLooks(room.db, of)
  for (const look of looks) {
    await commitWith(room.db, room.ledger, async (trx, append) => {
      const contact = await readContact(trx, look.contact, { lock: true })
      invariant(contact, 'a look has a contact')
      await endLook(room, trx, append, contact, look, reason)
    })
    room.looks.forget((loaded) => loaded.look.id === look.id)
  }
  return looks.length
}
