import { sql } from 'kysely'
import type { Trx } from '../../platform/database.ts'
import type { Queryable } from '../store.ts'
import type { ChainEnd, ChainKey } from './link.ts'

/** A link as it is kept: the entry that it stands for, in the order of its chain. */
export interface LinkRow {
  /** The entry's index in the ledger. */
  readonly index: number
  readonly sequence: number
  readonly link: Uint8Array
}

/** A link with whose it is. */
export interface KeyedLink extends LinkRow, ChainKey {}

/** The ends of these chains; those without links are missing. One round trip. */
export async function readChainEnds(
  db: Queryable,
  keys: readonly ChainKey[],
): Promise<(ChainKey & ChainEnd)[]> {
  const { rows } = await db.query<{ subject: string; tenure: string; sequence: string; link: Buffer }>({
    name: 'ledger-read-chain-ends',
    text: `SELECT k.subject, k.tenure, l.sequence, l.link
           FROM unnest($1::text[], $2::text[]) AS k (subject, tenure)
           CROSS JOIN LATERAL (SELECT sequence, link FROM ledger.link
             WHERE subject = k.subject AND tenure = k.tenure ORDER BY sequence DESC LIMIT 1) AS l`,
    values: [keys.map(({ subject }) => subject), keys.map(({ tenure }) => tenure)],
  })
  return rows.map(({ subject, tenure, sequence, link }) => ({
    subject,
    tenure,
    count: Number(sequence),
    link,
  }))
}

/** Links of one chain, in its order: at most `limit`, after `after`, and none beyond `upTo`. */
export async function readLinks(
  db: Queryable,
  { subject, tenure }: ChainKey,
  page: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<LinkRow[]> {
  const { rows } = await db.query<{ index: string; sequence: string; link: Buffer }>({
    name: 'ledger-read-links',
    text: `SELECT index, sequence, link FROM ledger.link
           WHERE subject = $1 AND tenure = $2 AND sequence > $3 AND sequence <= $4 ORDER BY sequence LIMIT $5`,
    values: [subject, tenure, page.after, page.upTo, page.limit],
  })
  return rows.map(({ index, sequence, link }) => ({ index: Number(index), sequence: Number(sequence), link }))
}

/** Whose chain the entry at `index` is a link of; null when it is none. */
export async function readChainAt(trx: Trx, index: number): Promise<ChainKey | null> {
  const { rows } =
    await sql<ChainKey>`SELECT subject, tenure FROM ledger.link WHERE index = ${index}`.execute(trx)
  return rows[0] ?? null
}

/** Where chains that grew by entries from `from` up to `until` end at `until`. */
export async function readGrownChains(
  db: Queryable,
  from: number,
  until: number,
): Promise<(ChainKey & ChainEnd)[]> {
  const { rows } = await db.query<{ subject: string; tenure: string; sequence: string; link: Buffer }>(
    `SELECT DISTINCT ON (subject, tenure) subject, tenure, sequence, link FROM ledger.link
     WHERE index >= $1 AND index < $2 ORDER BY subject, tenure, sequence DESC`,
    [from, until],
  )
  return rows.map(({ sequence, ...row }) => ({ ...row, count: Number(sequence) }))
}

/** The first entry that chains cover, and when the log had come so far (epoch ms); null while it has not. */
export async function readChainsBegin(db: Queryable): Promise<{ index: number; at: number | null }> {
  const { rows } = await db.query<{ begin: string; at: string | null }>(
    `SELECT begin, (SELECT signed_at FROM ledger.checkpoint WHERE size >= begin ORDER BY size LIMIT 1) AS at
     FROM ledger.chains`,
  )
  const { begin, at } = rows[0]!
  return { index: Number(begin), at: at === null ? null : Number(at) }
}

/** Links in the order of the log, from entry `from` on, at most `limit`. */
export async function readLinksFrom(db: Queryable, from: number, limit: number): Promise<KeyedLink[]> {
  const { rows } = await db.query<ChainKey & { index: string; sequence: string; link: Buffer }>({
    name: 'ledger-read-links-from',
    text: `SELECT index, subject, tenure, sequence, link FROM ledger.link
           WHERE index >= $1 ORDER BY index LIMIT $2`,
    values: [from, limit],
  })
  return rows.map((row) => ({ ...row, index: Number(row.index), sequence: Number(row.sequence) }))
}
