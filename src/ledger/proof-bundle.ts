import type pg from 'pg'
import { CodedError, invariant } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { encodeBase64 } from './base64.ts'
import type { ReadTile } from './edge.ts'
import type { ProofBundle } from './ledger.ts'
import { HASH_BYTES } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import { createNodeMemory, type NodeMemory, proveInclusion, tilesOfInclusion } from './prover.ts'
import { readPublished } from './published.ts'
import { entryOf, type LogRow, openBody, requireTexts } from './sealed-entry.ts'
import { type HeadRow, readEntries, readHead, readHeadAndEntry, readTileRow, readTileRows } from './store.ts'
import { encodeTlogProof } from './tlog-proof.ts'
import type { TrustPolicy } from './trust-policy.ts'

const NODES_OF_ONE_PROOF = 128

/** A log whose entries are proven, and who countersigns it. */
interface ProvenLog {
  readonly pool: pg.Pool
  readonly policy: TrustPolicy
  /** What proofs before this one worked out. */
  readonly known?: NodeMemory
}

/**
 * The proof of the entry at `index`: in the tree that `under` signs, else in the newest countersigned tree that has
 * it, else in the tree as it is signed now; the body is opened when `withBody`.
 * @throws CodedError `entry-unknown`, `entry-lost`, `body-broken`
 */
export async function proofOf(
  log: ProvenLog & { sealer: Sealer; origin: string; verifierKey: string },
  index: number,
  withBody: boolean,
  under?: { readonly size: number; readonly note: string },
): Promise<ProofBundle> {
  const proven = await prove(log, index, under)
  const row = requireTexts(proven.row)
  const entry = entryOf(row)
  const opened = withBody ? openBody(row, log.sealer, { entry }) : null
  return {
    origin: log.origin,
    verifierKey: log.verifierKey,
    index,
    proof: proven.file,
    leaf: encodeBase64(entry),
    header: { text: row.header, salt: encodeBase64(row.headerSalt) },
    body: {
      text: opened?.text ?? null,
      salt: opened === null ? null : encodeBase64(opened.salt),
      commitment: encodeBase64(row.bodyCommitment),
    },
  }
}

/** The tlog-proof alone, in the tree that `proofOf` takes. @throws CodedError `entry-unknown` */
export async function proofFileOf(log: ProvenLog, index: number): Promise<string> {
  return (await prove(log, index)).file
}

async function prove(
  { pool, policy, known = createNodeMemory(NODES_OF_ONE_PROOF) }: ProvenLog,
  index: number,
  under?: { readonly size: number; readonly note: string },
): Promise<{ row: LogRow; file: string }> {
  const { head, row } = await requireHeadAndRow(pool, index)
  const { size, note } = under ?? (await newestTree(pool, policy, head, index))
  if (index >= size) throw unknownEntry()
  const readTile = await tilesOfProof(pool, tilesOfInclusion(index, size, known))
  const hashes = await proveInclusion(index, size, readTile, nodeSha256, known)
  return { row, file: encodeTlogProof({ index, proof: hashes, checkpoint: note }) }
}

/** The tiles of one proof, read at once. What a proof wants beside them is read when it asks. */
async function tilesOfProof(
  pool: pg.Pool,
  wanted: readonly { level: number; index: number }[],
): Promise<ReadTile> {
  const rows = wanted.length === 0 ? [] : await readTileRows(pool, wanted)
  const held = new Map(rows.map((row) => [`${row.level}/${row.index}`, row.hashes]))
  return async (level, at, width) =>
    held.get(`${level}/${at}`)?.subarray(0, width * HASH_BYTES) ?? readTileRow(pool, level, at, width)
}

/** The newest countersigned tree that has this entry, else the tree as it is signed now. */
async function newestTree(
  pool: pg.Pool,
  policy: TrustPolicy,
  head: HeadRow,
  index: number,
): Promise<{ size: number; note: string }> {
  const published = await readPublished(pool, policy, head)
  return index < published.size ? published : head
}

/** The row at `index`. @throws CodedError `entry-unknown` */
export async function requireRow(pool: pg.Pool, index: number): Promise<LogRow> {
  const [row] = Number.isSafeInteger(index) && index >= 0 ? await readEntries(pool, index, 1) : []
  if (row?.index !== index) throw unknownEntry()
  return row
}

/** @throws CodedError `entry-unknown` */
async function requireHeadAndRow(pool: pg.Pool, index: number): Promise<{ head: HeadRow; row: LogRow }> {
  if (!Number.isSafeInteger(index) || index < 0) throw unknownEntry()
  const found = await readHeadAndEntry(pool, index)
  invariant(found !== null, 'the ledger has a head')
  if (found.row === null) throw unknownEntry()
  return { head: found.head, row: found.row }
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
