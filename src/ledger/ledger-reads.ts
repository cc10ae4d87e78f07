import type pg from 'pg'
import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { encodeBase64 } from './base64.ts'
import { parseHeader } from './commitment.ts'
import type { EntryId } from './entry.ts'
import type { Head, Ledger, LedgerFault, OpenHeader, PublicEntry } from './ledger.ts'
import { proofFileOf, proofOf, requireHead, requireRow, unknownEntry } from './proof-bundle.ts'
import { createNodeMemory } from './prover.ts'
import { readNewest, readPublished } from './published.ts'
import { entryOf, isLost, type LogRow, openEntry, requireTexts } from './sealed-entry.ts'
import {
  type EntryFilter,
  findIndexes,
  type HeadRow,
  listEntries,
  readEntries,
  readTileRow,
} from './store.ts'
import type { TrustPolicy } from './trust-policy.ts'

type Reads = Pick<
  Ledger,
  | 'indexOf'
  | 'indexesOf'
  | 'entry'
  | 'entries'
  | 'entriesAbout'
  | 'entriesBy'
  | 'headers'
  | 'openHeaders'
  | 'proofOf'
  | 'proofFileOf'
  | 'head'
  | 'published'
  | 'newest'
  | 'publicEntries'
  | 'tile'
>

const MAX_PAGE = 500
/** Nodes of the tree kept for proofs: some ten thousand entries' worth, in a few megabytes. */
const NODES_KNOWN = 20_000

/** The part of a ledger that only reads. `sequence` gives an index to whatever waits for one. */
export function readsOf(log: {
  pool: pg.Pool
  sealer: Sealer
  origin: string
  verifierKey: string
  policy: TrustPolicy
  sequence: () => Promise<unknown>
}): Reads {
  const { pool, sealer, policy } = log
  const indexesOf = async (ids: readonly EntryId[]): Promise<number[]> => {
    const found = await findIndexes(pool, ids)
    if (ids.every((id) => found.has(id))) return ids.map((id) => found.get(id)!)
    await log.sequence()
    return Promise.all(ids.map((id) => found.get(id) ?? requireIndex(pool, id)))
  }
  const known = createNodeMemory(NODES_KNOWN)
  const list = async (filter: EntryFilter) =>
    (await listEntries(pool, { ...requirePage(filter), withTexts: true })).map((row) =>
      openEntry(requireTexts(row), sealer),
    )
  return {
    indexOf: async (id) => (await indexesOf([id]))[0]!,
    indexesOf,
    entry: async (index) => openEntry(requireTexts(await requireRow(pool, index)), sealer),
    entries: (page) => list(page),
    entriesAbout: (subject, page) => list({ ...page, subject }),
    entriesBy: (actor, page) => list({ ...page, actor }),
    headers: async (page) => (await listEntries(pool, requirePage(page))).map(toPublic),
    openHeaders: async (from, count) =>
      (await readEntries(pool, from, Math.min(count, 2_048))).flatMap(openHeader),
    proofOf: (index, options) => proofOf({ ...log, known }, index, options?.body ?? true),
    proofFileOf: (index) => proofFileOf({ ...log, known }, index),
    head: async () => toHead(await requireHead(pool)),
    published: async () => readPublished(pool, policy, await requireHead(pool)),
    newest: async () => readNewest(pool, policy, await requireHead(pool)),
    publicEntries: async (from, count) => (await readEntries(pool, from, count)).map(entryOf),
    tile: (level, index, width) => readTileRow(pool, level, index, width),
  }
}

function requirePage(page: EntryFilter): EntryFilter {
  if (!Number.isSafeInteger(page.limit) || page.limit < 1 || page.limit > MAX_PAGE)
    throw new CodedError<LedgerFault>('page-malformed', `a page has 1 to ${MAX_PAGE} entries`)
  return page
}

/** @throws CodedError `entry-unknown` while it is not in the tree. */
export async function requireIndex(pool: pg.Pool, id: EntryId): Promise<number> {
  const index = (await findIndexes(pool, [id])).get(id)
  if (index === undefined) throw unknownEntry()
  return index
}

/** Nothing for an entry whose texts were lost in a restore: its 32 bytes are all there is. */
function openHeader(row: LogRow): OpenHeader[] {
  if (isLost(row)) return []
  const { index, header, headerSalt, bodyCommitment } = row
  return [{ index, header, salt: encodeBase64(headerSalt), body: encodeBase64(bodyCommitment) }]
}

function toPublic(row: LogRow): PublicEntry {
  if (isLost(row)) return { id: null, index: row.index, header: null, bodyErased: true }
  return {
    id: row.id,
    index: row.index,
    header: parseHeader(row.header),
    bodyErased: row.bodySealed === null,
  }
}

function toHead(row: HeadRow): Head {
  return { size: row.size, root: row.root, checkpoint: row.note, at: row.signedAt }
}
