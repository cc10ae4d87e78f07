import type pg from 'pg'
import { CodedError, invariant } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { encodeBase64 } from './base64.ts'
import type { ProofBundle } from './ledger.ts'
import { nodeSha256 } from './node-crypto.ts'
import { proveInclusion } from './prover.ts'
import { readPublished } from './published.ts'
import { type EntryRow, entryOf, openBody } from './sealed-entry.ts'
import { type HeadRow, readEntries, readHead, readTileRow } from './store.ts'
import { encodeTlogProof } from './tlog-proof.ts'
import type { TrustPolicy } from './trust-policy.ts'

/**
 * The proof of the entry at `index`: in the tree that `under` signs, else in the newest countersigned tree that has
 * it, else in the tree as it is signed now; the body is opened when `withBody`.
 * @throws CodedError `entry-unknown`, `body-broken`
 */
export async function proofOf(
  log: { pool: pg.Pool; sealer: Sealer; origin: string; verifierKey: string; policy: TrustPolicy },
  index: number,
  withBody: boolean,
  under?: { readonly size: number; readonly note: string },
): Promise<ProofBundle> {
  const { pool } = log
  const { size, note } = under ?? (await newestTree(pool, log.policy, index))
  if (index >= size) throw unknownEntry()
  const row = await requireRow(pool, index)
  const opened = withBody ? openBody(row, log.sealer) : null
  const hashes = await proveInclusion(
    index,
    size,
    (level, at, width) => readTileRow(pool, level, at, width),
    nodeSha256,
  )
  return {
    origin: log.origin,
    verifierKey: log.verifierKey,
    index,
    proof: encodeTlogProof({ index, proof: hashes, checkpoint: note }),
    leaf: encodeBase64(entryOf(row)),
    header: { text: row.header, salt: encodeBase64(row.headerSalt) },
    body: {
      text: opened?.text ?? null,
      salt: opened === null ? null : encodeBase64(opened.salt),
      commitment: encodeBase64(row.bodyCommitment),
    },
  }
}

/** The newest countersigned tree that has this entry, else the tree as it is signed now. */
async function newestTree(
  pool: pg.Pool,
  policy: TrustPolicy,
  index: number,
): Promise<{ size: number; note: string }> {
  const head = await requireHead(pool)
  const published = await readPublished(pool, policy, head)
  return index < published.size ? published : head
}

/** The row at `index`. @throws CodedError `entry-unknown` */
export async function requireRow(pool: pg.Pool, index: number): Promise<EntryRow> {
  const [row] = Number.isSafeInteger(index) && index >= 0 ? await readEntries(pool, index, 1) : []
  if (row?.index !== index) throw unknownEntry()
  return row
}

/** Where the log ends; there is always a head once `createLedger` has run. */
export async function requireHead(pool: pg.Pool): Promise<HeadRow> {
  const head = await readHead(pool)
  invariant(head !== null, 'the ledger has a head')
  return head
}

/** For an index or id that is not in the tree. */
export function unknownEntry(): CodedError<'entry-unknown'> {
  return new CodedError('entry-unknown', 'there is no such entry in the ledger')
}
