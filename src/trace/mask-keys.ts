import { createHash } from 'node:crypto'
import { type MaskKeys, positionsEver, positionsOfAgent } from '../care/mask.ts'
import { maskKeysOf } from '../care/parties.ts'
import { commitWith } from '../ledger/commit.ts'
import type { EntryId } from '../ledger/entry.ts'
import type { LogRecord } from './align.ts'
import type { Places } from './evidence.ts'
import type { TraceParties } from './parties.ts'
import { hasCommitment, insertCommitment, readCommitmentBefore } from './store.ts'
import type { Rings } from './trace-list.ts'

/**
 * The mask keys: committed to in the ledger each day before they are used, opened only after a list's digest is
 * there. Whoever holds them could write a list that fits any look; that they were these keys before the look is what
 * the commitment shows, and that the list was there before they were opened is what the order of entries shows.
 */

/** The digest of each mask key: SHA-256 over a tag, the purpose and the key. */
export function digestsOf(keys: MaskKeys): Record<string, string> {
  return Object.fromEntries(
    Object.entries(keys).map(([purpose, key]) => [
      purpose,
      createHash('sha256').update(`countersign mask key v1 ${purpose}\n`).update(key).digest('hex'),
    ]),
  )
}

/** Commits to today's mask keys (UTC day), once a day however many servers ask. */
export async function commitMaskKeys(parties: TraceParties): Promise<void> {
  const at = parties.clock.now()
  const day = new Date(at).toISOString().slice(0, 10)
  if (await hasCommitment(parties.db, day)) return
  const digests = digestsOf(maskKeysOf(parties.keys))
  await commitWith(parties.db, parties.ledger, async (trx, append) => {
    const entry = await append({ kind: 'mask-keys-committed', header: {}, body: { day, digests } })
    // Another server may have been first: then its entry counts, and this one says the same.
    await insertCommitment(trx, { day, at, digests, entry })
  })
}

/** The entry that committed to exactly these keys before `before` (ms); null when none did. */
export async function findCommitment(
  parties: Pick<TraceParties, 'db'>,
  keys: MaskKeys,
  before: number,
): Promise<string | null> {
  const found = await readCommitmentBefore(parties.db, before)
  if (found === null) return null
  const own = digestsOf(keys)
  return Object.keys(own).every((purpose) => found.digests[purpose] === own[purpose]) ? found.entry : null
}

/**
 * Opens the mask keys for a trace whose list is in the ledger: `begun` must be recorded, in the tree under a signed
 * checkpoint, or this throws `entry-unknown` and nothing is opened.
 */
export async function openMaskKeys(parties: TraceParties, begun: EntryId): Promise<MaskKeys> {
  await parties.ledger.indexOf(begun)
  return maskKeysOf(parties.keys)
}

/** V and A by record; `numbers` has the number of each record's other party. */
export function ringsOf(keys: MaskKeys, numbers: ReadonlyMap<string, string>): Rings {
  const places = (record: LogRecord, draw: (number: string) => readonly number[]): Places | null => {
    const number = numbers.get(record.name)
    if (number === undefined || record.digits === null) return null
    return draw(number).reduce((set, place) => set | (1 << place), 0)
  }
  return {
    everOf: (record) => places(record, (number) => positionsEver(keys, number)),
    ofAgent: (agent, record) => places(record, (number) => positionsOfAgent(keys, agent, number)),
  }
}
