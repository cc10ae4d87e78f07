import { encodeWitnessKey } from './cosignature.ts'
import type { HeadRow, Queryable } from './store.ts'
import { isWitnessed, type TrustPolicy } from './trust-policy.ts'
import { type CosignatureRow, readCheckpointAt, readCosignatures } from './witness-store.ts'

/** A checkpoint with the cosignatures there are. */
export interface PublishedCheckpoint {
  readonly size: number
  /** The log's note, with a line for each cosignature. */
  readonly note: string
  readonly cosignatures: readonly CosignatureRow[]
  /** Whether they satisfy the policy. */
  readonly witnessed: boolean
}

/** The witnesses' keys as they are written down. */
export function witnessKeysOf(policy: TrustPolicy): string[] {
  return policy.witnesses.map(({ key }) => encodeWitnessKey(key.name, key.publicKey))
}

/**
 * The newest checkpoint that satisfies the policy; while there is none, the head as the log signed it.
 *
 * Why not simply the newest: whoever reads by a policy takes nothing less than its quorum, and a checkpoint is
 * countersigned a moment after it is signed. Served the newest, such a reader would mostly get one they must
 * refuse; served this one, they always get one they can use, and when witnesses are down it stands still, which
 * they see. Who wants the head itself finds it under `/log/newest`.
 */
export async function readPublished(
  db: Queryable,
  policy: TrustPolicy,
  head: HeadRow,
): Promise<PublishedCheckpoint> {
  if (policy.witnesses.length === 0) return newestOf(head, [])
  const rows = await readCosignatures(db, witnessKeysOf(policy), head.size)
  for (const [size, cosignatures] of Map.groupBy(rows, (row) => row.size)) {
    if (!isWitnessedBy(policy, cosignatures)) continue
    const checkpoint = await readCheckpointAt(db, size)
    if (checkpoint !== null) return { ...withLines(size, checkpoint.note, cosignatures), witnessed: true }
  }
  return newestOf(head, rows)
}

/** The head, with the cosignatures it has so far. */
export async function readNewest(
  db: Queryable,
  policy: TrustPolicy,
  head: HeadRow,
): Promise<PublishedCheckpoint> {
  const rows = await readCosignatures(db, witnessKeysOf(policy), head.size)
  const own = rows.filter(({ size }) => size === head.size)
  return { ...newestOf(head, own), witnessed: isWitnessedBy(policy, own) }
}

function newestOf(head: HeadRow, rows: readonly CosignatureRow[]): PublishedCheckpoint {
  const own = rows.filter(({ size }) => size === head.size)
  return { ...withLines(head.size, head.note, own), witnessed: false }
}

function withLines(size: number, note: string, cosignatures: readonly CosignatureRow[]) {
  return { size, note: note + cosignatures.map(({ line }) => line).join(''), cosignatures }
}

function isWitnessedBy(policy: TrustPolicy, rows: readonly CosignatureRow[]): boolean {
  const keys = new Set(rows.map(({ key }) => key))
  const signers = policy.witnesses.map(({ key }) => key)
  return isWitnessed(
    policy.quorum,
    signers.filter(({ name, publicKey }) => keys.has(encodeWitnessKey(name, publicKey))),
  )
}
