import { commitWith } from '../ledger/commit.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { encryptTo } from './package.ts'
import { frameOf, type LawfulParties, newId } from './parties.ts'
import { by } from './production.ts'
import { endKeysOf, insertKey, type KeyRow, listKeys, lockKey, saveKey } from './store.ts'

/** Keys to which packages are encrypted: one person writes it down, another calls back and confirms. */

/** Writes a key down. It opens nothing until somebody else has called back. */
export async function proposeKey(
  room: LawfulParties,
  staff: StaffFacts,
  asked: { frame: string; authority: string; recipient: string },
): Promise<KeyRow | Refusal> {
  const authority = room.frames
    .find(({ id }) => id === asked.frame)
    ?.authorities.find(({ id }) => id === asked.authority)
  if (authority === undefined)
    return refuse('authority-unknown', 'This authority is not in the directory.', 'Choose one of the list.')
  const recipient = asked.recipient.trim()
  if (!(await isRecipient(recipient)))
    return refuse(
      'recipient-wrong',
      'This is no public key of age.',
      'It begins with age1; ask for the line that age-keygen prints as the public key.',
    )
  const row: KeyRow = {
    id: newId(room.random),
    frame: asked.frame,
    authority: asked.authority,
    recipient,
    proposed_by: staff.id,
    proposed_at: room.clock.now(),
    confirmed_by: null,
    confirmed_at: null,
    ended_at: null,
  }
  await commitWith(room.db, room.ledger, async (trx, append) => {
    await insertKey(trx, row)
    await append({
      kind: 'recipient-key-proposed',
      header: { office: asked.authority },
      body: { key: row.id, frame: row.frame, authority: row.authority, recipient, by: { ...by(staff) } },
      actor: staff.id,
    })
  })
  return row
}

/** Confirms it after a call back to the directory's number; the key before it ends. Never who proposed it. */
export async function confirmKey(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
): Promise<KeyRow | Refusal> {
  return commitWith<KeyRow | Refusal>(room.db, room.ledger, async (trx, append) => {
    const row = await lockKey(trx, id)
    if (row === null || row.ended_at !== null)
      return refuse('key-not-found', 'There is no such key.', 'Go back to the list of keys.')
    if (row.confirmed_at !== null)
      return refuse('key-confirmed', 'This key is in force already.', 'Nothing needs to be done.')
    if (row.proposed_by === staff.id)
      return refuse('key-proposed-by-you', 'Somebody else calls back and confirms.', 'Ask a colleague.')
    const at = room.clock.now()
    await endKeysOf(trx, row.frame, row.authority, at)
    const change = { confirmed_by: staff.id, confirmed_at: at }
    await saveKey(trx, id, change)
    const directory = frameOf(room, row.frame).authorities.find((one) => one.id === row.authority)
    await append({
      kind: 'recipient-key-confirmed',
      header: { office: row.authority },
      body: {
        key: id,
        proposedBy: row.proposed_by,
        calledBack: directory?.callBack ?? '',
        recipient: row.recipient,
        by: { ...by(staff) },
      },
      actor: staff.id,
    })
    return { ...row, ...change }
  })
}

/** Ends a key, or drops one that waits. */
export async function endKey(room: LawfulParties, staff: StaffFacts, id: string): Promise<KeyRow | Refusal> {
  return commitWith<KeyRow | Refusal>(room.db, room.ledger, async (trx, append) => {
    const row = await lockKey(trx, id)
    if (row === null || row.ended_at !== null)
      return refuse('key-not-found', 'There is no such key.', 'Go back to the list of keys.')
    const change = { ended_at: room.clock.now() }
    await saveKey(trx, id, change)
    await append({
      kind: 'recipient-key-ended',
      header: { office: row.authority },
      body: { key: id, by: { ...by(staff) } },
      actor: staff.id,
    })
    return { ...row, ...change }
  })
}

/** Every key that waits or is in force. */
export async function keysOf(room: LawfulParties): Promise<KeyRow[]> {
  return listKeys(room.db)
}

async function isRecipient(text: string): Promise<boolean> {
  try {
    await encryptTo(text, Buffer.alloc(0))
    return true
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}
