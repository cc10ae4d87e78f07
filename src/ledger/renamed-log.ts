import type pg from 'pg'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { signCheckpoint } from './checkpoint.ts'
import type { EntryDraft, EntryId } from './entry.ts'
import type { SigningKey } from './ledger.ts'
import { insertWaiting, replaceHead } from './lost-store.ts'
import { sameBytes } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import { rootAt } from './prover.ts'
import { type Acknowledges, type Shortfall, tilesBroken } from './restored-log.ts'
import { sealEntry } from './sealed-entry.ts'
import { beginUnderHeadLock, type HeadRow, readTileRow } from './store.ts'

/** A log under another name, and what it took to get there. */
export interface Renamed {
  /** Entries that the restored copy held, which the new log begins with. */
  readonly size: number
  /** Entries signed under the old name after those, of which nothing is left here. */
  readonly gone: number
  readonly entry: EntryId
}

/**
 * Ends a log that was set back and can never be continued (outsiders hold more of it than anybody can give back), and
 * begins one of another name and key with the entries that are left. What was countersigned of the old log stays true
 * of the old log; the first entry that the new one adds names it, with its newest checkpoints. One transaction: there
 * is never a renamed log without that entry. Witnesses meet the new log as one they have not seen.
 */
export async function renameLog(
  parties: { pool: pg.Pool; clock: Clock; random: RandomBytes; sealer: Sealer },
  { size, signed, signedNote }: Shortfall,
  to: { origin: string; key: SigningKey },
  says: Omit<Acknowledges, 'mirror'> & { readonly witnessedNote: string | null },
): Promise<Renamed> {
  const { pool, clock } = parties
  const client = await pool.connect()
  try {
    const head = await beginUnderHeadLock(client)
    invariant(head.size === size, 'nobody appends to a log that was set back')
    const root = await rootAt(
      size,
      (level, index, width) => readTileRow(client, level, index, width),
      nodeSha256,
    )
    if (!sameBytes(root, head.root)) throw tilesBroken()
    const note = signCheckpoint({ origin: to.origin, size, root }, to.key)
    await replaceHead(client, { size, root, note, signedAt: clock.now() })
    const gone = signed.size - size
    const sealed = sealEntry(
      acknowledgement({ size, gone }, to.origin, head, { ...says, signedNote }),
      parties,
    )
    await insertWaiting(client, sealed)
    await client.query('COMMIT')
    return { size, gone, entry: sealed.id }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

function acknowledgement(
  { size, gone }: { size: number; gone: number },
  origin: string,
  head: HeadRow,
  says: Omit<Acknowledges, 'mirror'> & { witnessedNote: string | null; signedNote: string },
): EntryDraft {
  const { actor, officer, reason, witnessedNote, signedNote } = says
  return {
    kind: 'restore-acknowledged',
    header: { outcome: 'new-origin', counts: { size, until: size, lost: 0, kept: 0, gone } },
    body: {
      officer,
      reason,
      origin,
      formerCheckpoint: head.note,
      signedCheckpoint: signedNote,
      witnessedCheckpoint: witnessedNote,
    },
    actor,
  }
}
