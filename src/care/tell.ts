import type { EntryId } from '../ledger/entry.ts'
import type { Trx } from '../platform/database.ts'
import { policyOf, subscriberOf } from './contact-view.ts'
import { loadLook } from './load.ts'
import { saveTold } from './look-store.ts'
import { factsOf } from './look-view.ts'
import { beforeText, noticeText } from './look-words.ts'
import type { CareRoom } from './parties.ts'
import type { Contact, Look } from './store.ts'

/**
 * Tells the customer of an ended look, once. The text carries the entry's number and the first digits of its
 * commitment, so that she, or anybody she shows it to, can check it against the public log without our page.
 */
export async function tellOfLook(room: CareRoom, id: string): Promise<void> {
  const loaded = await loadLook(room, room.db, id)
  if (loaded === null || !loaded.look.opened || loaded.look.toldAt !== null) return
  const { look, contact, subscriber } = loaded
  const at = look.endedAt ?? room.clock.now()
  const entry = await room.ledger.indexOf(look.entry as EntryId)
  const { leaf } = await room.ledger.proofOf(entry, { body: false })
  const text = noticeText(factsOf(look, contact, at), room.offsetMinutes, {
    entry,
    digits: Buffer.from(leaf, 'base64').toString('hex').slice(0, 8),
    page: `${room.publicUrl}/my`,
  })
  await room.db.transaction().execute(async (trx) => {
    if (!(await saveTold(trx, look.id, room.clock.now()))) return
    await room.customers.notify(trx, subscriber, { text, purpose: 'look', ref: look.id })
  })
}

/** Where a photo ID stands for the customer, her text goes out before the first row, not after. */
export async function tellBefore(
  room: CareRoom,
  trx: Trx,
  contact: Contact,
  look: Pick<Look, 'id' | 'month'>,
): Promise<void> {
  const { rules } = await policyOf(room, contact)
  if (contact.channel !== 'shop' || !rules.photoId.textFirst) return
  await room.customers.notify(trx, await subscriberOf(room, trx, contact), {
    text: beforeText(
      { ...look, deskName: contact.deskName, office: contact.office, at: room.clock.now() },
      room.offsetMinutes,
      `${room.publicUrl}/my`,
    ),
    purpose: 'look-begins',
    ref: `before-${look.id}`,
  })
}
