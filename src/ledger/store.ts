import { sql } from 'kysely'
import type pg from 'pg'
import { CopyBuffer } from '../platform/copy-buffer.ts'
import type { Db, Trx } from '../platform/database.ts'
import { encodeArray } from '../platform/pg-array.ts'
import { Pipeline, type Step } from '../platform/pipeline.ts'
import type { TileWrite } from './edge.ts'
import type { EntryId } from './entry.ts'
import { type EntryRow, entryOf, type LogRow, type SealedEntry } from './sealed-entry.ts'
import type { KeyedLink } from './subjects/link-store.ts'

/** A pool or one connection of it. */
export type Queryable = Pick<pg.Pool | pg.ClientBase, 'query'>

export interface HeadRow {
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
  readonly signedAt: number
}

/** What one transaction of the sequencer writes. */
export interface WrittenBatch {
  readonly firstIndex: number
  /** The root that the batch begins from. */
  readonly firstRoot: Uint8Array
  readonly entries: readonly SealedEntry[]
  readonly tiles: readonly TileWrite[]
  /** Those of its entries that are links of a chain. */
  readonly links: readonly KeyedLink[]
  readonly head: HeadRow
  /** What other rooms write with its entries. */
  readonly beside: readonly Step[]
}

interface EntryColumns {
  index: string | number
  id: string
  header: string
  header_salt: Buffer
  body_commitment: Buffer
  body_sealed: Buffer | null
  subject: string | null
  actor: string | null
}

/** A row of `ledger.intake`: whose chain the entry will be a link of. */
type IntakeColumns = Omit<EntryColumns, 'index'> & {
  chain_subject: string | null
  chain_tenure: string | null
}

/** A row of `ledger.entry`; with a `commitment`, all else is null. */
type LogColumns = EntryColumns & { commitment: Buffer | null }

const COLUMNS =
  "replace(id::text, '-', '') AS id, header, header_salt, body_commitment, body_sealed, subject, actor"
const UNOPENED = COLUMNS.replace(
  'body_sealed',
  "CASE WHEN body_sealed IS NOT NULL THEN ''::bytea END AS body_sealed",
)

/** Puts entries into the intake, in their order, in the transaction of the change they tell of. */
export async function insertIntake(trx: Trx, entries: readonly SealedEntry[]): Promise<void> {
  await sql`
    INSERT INTO ledger.intake (id, header, header_salt, body_commitment, body_sealed, subject, actor,
                               chain_subject, chain_tenure)
    SELECT id, header, header_salt, body_commitment, body_sealed, subject, actor, chain_subject, chain_tenure
      FROM unnest(
        ${columnOf('uuid', entries, (e) => e.id)}::uuid[], ${columnOf('text', entries, (e) => e.header)}::text[],
        ${columnOf('bytea', entries, (e) => e.headerSalt)}::bytea[],
        ${columnOf('bytea', entries, (e) => e.bodyCommitment)}::bytea[],
        ${columnOf('bytea', entries, (e) => e.bodySealed)}::bytea[],
        ${columnOf('text', entries, (e) => e.subject)}::text[], ${columnOf('text', entries, (e) => e.actor)}::text[],
        ${columnOf('text', entries, (e) => e.chain?.subject ?? null)}::text[],
        ${columnOf('text', entries, (e) => e.chain?.tenure ?? null)}::text[]
      ) WITH ORDINALITY AS t (id, header, header_salt, body_commitment, body_sealed, subject, actor,
                              chain_subject, chain_tenure, n)
     ORDER BY n`.execute(trx)
}

/** Whether any entry waits for its index. */
export async function intakeWaits(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ waits: boolean }>('SELECT EXISTS (SELECT 1 FROM ledger.intake) AS waits')
  return rows[0]!.waits
}

/** Takes the oldest entries out of the intake, in order of arrival. */
export async function takeIntake(client: Queryable, limit: number): Promise<SealedEntry[]> {
  const { rows } = await client.query<IntakeColumns & { seq: string | number }>({
    name: 'ledger-take-intake',
    text: `DELETE FROM ledger.intake WHERE seq IN (SELECT seq FROM ledger.intake ORDER BY seq LIMIT $1)
           RETURNING seq, ${COLUMNS}, chain_subject, chain_tenure`,
    values: [limit],
  })
  return rows.sort((a, b) => Number(a.seq) - Number(b.seq)).map(toSealed)
}

/** Writes the first head, unless there is one. */
export async function insertFirstHead(db: Queryable, head: HeadRow): Promise<void> {
  await db.query(
    `WITH first AS (
       INSERT INTO ledger.head (size, root, note, signed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING size, note, signed_at)
     INSERT INTO ledger.checkpoint (size, note, signed_at) SELECT size, note, signed_at FROM first`,
    [head.size, head.root, head.note, head.signedAt],
  )
}

/** Where the log ends; null before its first head. */
export async function readHead(db: Queryable): Promise<HeadRow | null> {
  const { rows } = await db.query<HeadColumns>({
    name: 'ledger-read-head',
    text: 'SELECT size, root, note, signed_at FROM ledger.head',
  })
  return rows[0] === undefined ? null : toHead(rows[0])
}

/** Begins a transaction and locks the head row: whoever holds it is the sequencer. One round trip. */
export async function beginUnderHeadLock(client: Queryable): Promise<HeadRow> {
  const results = (await client.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED;
     SELECT size, root, note, signed_at FROM ledger.head FOR UPDATE`,
  )) as unknown as pg.QueryResult<HeadColumns>[]
  return toHead(results[1]!.rows[0]!)
}

/**
 * Writes a batch in one piece, if the head is still where the batch begins (its update locks it); else writes nothing.
 * Outside a transaction this is one round trip, durable when it returns; within one, a batch that was not written has
 * ended it. Rows are copied, not inserted: the server takes them in and logs them by the page.
 * @returns whether it was written.
 * @throws pg.DatabaseError of what other rooms write beside, too.
 */
export async function writeBatch(client: Queryable, batch: WrittenBatch): Promise<boolean> {
  const { tiles, head, links } = batch
  const values = [
    String(batch.firstIndex),
    Buffer.from(batch.firstRoot),
    String(head.size),
    Buffer.from(head.root),
    head.note,
    String(head.signedAt),
    `{${tiles.map((t) => t.level)}}`,
    `{${tiles.map((t) => t.index)}}`,
    encodeArray(
      'bytea',
      tiles.map((t) => t.bytes),
    ),
  ]
  const pipeline = new Pipeline('ledger-write-batch', [
    { statement: MOVE_HEAD, values },
    { statement: COPY_ENTRIES, rows: copyEntries(batch) },
    ...(links.length === 0 ? [] : [{ statement: COPY_LINKS, rows: copyLinks(links) }]),
    ...batch.beside,
  ])
  try {
    await pipeline.runOn(client as pg.ClientBase)
  } catch (error) {
    if (isHeadMoved(error)) return false
    throw error
  }
  return true
}

function copyEntries({ firstIndex, entries }: WrittenBatch): CopyBuffer {
  const rows = new CopyBuffer()
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i]!
    rows.row(8)
    rows.bigint(firstIndex + i)
    rows.uuid(entry.id)
    rows.text(entry.header)
    rows.bytes(entry.headerSalt)
    rows.bytes(entry.bodyCommitment)
    rows.bytes(entry.bodySealed)
    entry.subject === null ? rows.null() : rows.text(entry.subject)
    entry.actor === null ? rows.null() : rows.text(entry.actor)
  }
  return rows
}

function copyLinks(links: readonly KeyedLink[]): CopyBuffer {
  const rows = new CopyBuffer()
  for (const { index, subject, tenure, sequence, link } of links) {
    rows.row(5)
    rows.bigint(index)
    rows.text(subject)
    rows.text(tenure)
    rows.bigint(sequence)
    rows.bytes(link)
  }
  return rows
}

/** There was no head to move, so the checkpoint had no size: what `MOVE_HEAD` fails with. */
function isHeadMoved(error: unknown): boolean {
  const { code, table, column } = error as Partial<pg.DatabaseError>
  return code === NOT_NULL_VIOLATION && table === 'checkpoint' && column === 'size'
}

/** One column of entries, as a binary array. */
function columnOf(
  type: 'bytea' | 'text' | 'uuid',
  entries: readonly SealedEntry[],
  of: (entry: SealedEntry) => Uint8Array | string | null,
): Buffer {
  return encodeArray(type, entries.map(of))
}

const NOT_NULL_VIOLATION = '23502'

/** Fails, and the batch with it, where the head is not where the batch begins: there is no checkpoint without a size. */
const MOVE_HEAD = {
  name: 'ledger-move-head',
  text: `
WITH head AS (
  UPDATE ledger.head SET size = $3::bigint, root = $4::bytea, note = $5::text, signed_at = $6::bigint
  WHERE size = $1::bigint AND root = $2::bytea
  RETURNING size
), tiles AS (
  INSERT INTO ledger.tile (level, index, hashes)
  SELECT level, index, hashes
  FROM head, unnest($7::smallint[], $8::bigint[], $9::bytea[]) AS t (level, index, hashes)
  ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes
)
INSERT INTO ledger.checkpoint (size, note, signed_at) VALUES ((SELECT size FROM head), $5::text, $6::bigint)`,
}

const COPY_ENTRIES = {
  name: 'ledger-copy-entries',
  text: `COPY ledger.entry (index, id, header, header_salt, body_commitment, body_sealed, subject, actor)
         FROM STDIN (FORMAT binary)`,
}

const COPY_LINKS = {
  name: 'ledger-copy-links',
  text: 'COPY ledger.link (index, subject, tenure, sequence, link) FROM STDIN (FORMAT binary)',
}

/** Where these entries stand; those that are not in the tree are missing from the map. */
export async function findIndexes(db: Queryable, ids: readonly EntryId[]): Promise<Map<EntryId, number>> {
  const { rows } = await db.query<{ id: string; index: string | number }>(
    `SELECT replace(id::text, '-', '') AS id, index FROM ledger.entry WHERE id = ANY($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id as EntryId, Number(row.index)]))
}

/** Whether the entry is in the tree, and a link of its chain. */
export async function isLinked(db: Queryable, id: EntryId): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT 1 FROM ledger.entry e JOIN ledger.link l ON l.index = e.index WHERE e.id = $1::uuid',
    [id],
  )
  return rowCount === 1
}

/** A tile's bytes, cut to `width` hashes; empty when there is none. */
export async function readTileRow(
  db: Queryable,
  level: number,
  index: number,
  width: number,
): Promise<Uint8Array> {
  const { rows } = await db.query<{ hashes: Buffer }>({
    name: 'ledger-read-tile',
    text: 'SELECT substring(hashes FROM 1 FOR $3) AS hashes FROM ledger.tile WHERE level = $1 AND index = $2',
    values: [level, index, width * 32],
  })
  return rows[0]?.hashes ?? new Uint8Array(0)
}

/** Many tiles at once, whole as they are stored, in one round trip; those that are not there are missing. */
export async function readTileRows(
  db: Queryable,
  wanted: readonly { readonly level: number; readonly index: number }[],
): Promise<{ level: number; index: number; hashes: Buffer }[]> {
  const { rows } = await db.query<{ level: number; index: string | number; hashes: Buffer }>({
    name: 'ledger-read-tiles',
    text: `SELECT t.level, t.index, t.hashes FROM unnest($1::smallint[], $2::bigint[]) AS wanted (level, index)
           JOIN ledger.tile t ON t.level = wanted.level AND t.index = wanted.index`,
    values: [wanted.map((tile) => tile.level), wanted.map((tile) => tile.index)],
  })
  return rows.map((row) => ({ ...row, index: Number(row.index) }))
}

export interface EntryFilter {
  readonly subject?: string
  readonly actor?: string
  /** Only entries whose texts are there. */
  readonly withTexts?: boolean
  readonly before?: number
  readonly limit: number
}

/** Newest first. */
export async function listEntries(db: Queryable, filter: EntryFilter): Promise<LogRow[]> {
  const values: (string | number)[] = [filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit]
  let where = filter.withTexts === true ? 'index < $1 AND commitment IS NULL' : 'index < $1'
  for (const column of ['subject', 'actor'] as const) {
    const wanted = filter[column]
    if (wanted === undefined) continue
    values.push(wanted)
    where += ` AND ${column} = $${values.length}`
  }
  const { rows } = await db.query<LogColumns>(
    `SELECT index, ${COLUMNS}, commitment FROM ledger.entry WHERE ${where} ORDER BY index DESC LIMIT $2`,
    values,
  )
  return rows.map(toLogRow)
}

/** The rows from `from` on, in order, at most `count`, whatever their indexes are. */
export function readEntries(db: Queryable, from: number, count: number): Promise<LogRow[]> {
  return readRows(db, { name: 'ledger-read-entries', columns: COLUMNS }, from, count)
}

/** As `readEntries`, for who has no keys: a sealed body that is there comes as no bytes, one that is gone as null. */
export function readEntriesUnopened(db: Queryable, from: number, count: number): Promise<LogRow[]> {
  return readRows(db, { name: 'ledger-read-entries-unopened', columns: UNOPENED }, from, count)
}

async function readRows(
  db: Queryable,
  { name, columns }: { name: string; columns: string },
  from: number,
  count: number,
): Promise<LogRow[]> {
  const { rows } = await db.query<LogColumns>({
    name,
    text: `SELECT index, ${columns}, commitment FROM ledger.entry WHERE index >= $1 ORDER BY index LIMIT $2`,
    values: [from, count],
  })
  return rows.map(toLogRow)
}

/** The head with the row at `index`, null where there is none: both at once, for a proof wants both. */
export async function readHeadAndEntry(
  db: Queryable,
  index: number,
): Promise<{ head: HeadRow; row: LogRow | null } | null> {
  const { rows } = await db.query<
    HeadColumns & Omit<LogColumns, 'index'> & { index: string | number | null }
  >({
    name: 'ledger-read-head-and-entry',
    text: `SELECT h.size, h.root, h.note, h.signed_at, e.*
           FROM ledger.head h LEFT JOIN (SELECT index, ${COLUMNS}, commitment FROM ledger.entry WHERE index = $1) e ON true`,
    values: [index],
  })
  const found = rows[0]
  if (found === undefined) return null
  return {
    head: toHead(found),
    row: found.index === null ? null : toLogRow({ ...found, index: found.index }),
  }
}

/** What waits for its index, oldest first; their index is -1. */
export async function readIntake(db: Queryable): Promise<EntryRow[]> {
  const { rows } = await db.query<Omit<EntryColumns, 'index'>>(
    `SELECT ${COLUMNS} FROM ledger.intake ORDER BY seq`,
  )
  return rows.map((row) => toRow({ ...row, index: -1 }))
}

/** The row at `index`, held until the transaction ends, so that two cannot erase it. */
export async function lockEntry(trx: Trx | Db, index: number): Promise<LogRow | null> {
  const { rows } = await sql<LogColumns>`
    SELECT index, ${sql.raw(COLUMNS)}, commitment FROM ledger.entry WHERE index = ${index} FOR UPDATE`.execute(
    trx,
  )
  return rows[0] === undefined ? null : toLogRow(rows[0])
}

/** Forgets a body with its salt, and whom it was listed under. */
export async function clearBody(trx: Trx, index: number): Promise<void> {
  await sql`UPDATE ledger.entry SET body_sealed = NULL, subject = NULL, actor = NULL WHERE index = ${index}`.execute(
    trx,
  )
}

/** Every tile there is, in order, with its length in bytes. */
export async function readTileSizes(
  db: Queryable,
): Promise<{ level: number; index: number; length: number }[]> {
  const { rows } = await db.query<{ level: number; index: string | number; length: number }>(
    'SELECT level, index, length(hashes) AS length FROM ledger.tile ORDER BY level, index',
  )
  return rows.map((row) => ({ level: row.level, index: Number(row.index), length: row.length }))
}

/** Indexes of bodies whose erasure is committed but not yet in the tree. */
export async function readPendingErasures(db: Queryable): Promise<Set<number>> {
  const { rows } = await db.query<{ index: number }>(
    `SELECT (header::jsonb #>> '{counts,index}')::float8 AS index FROM ledger.intake
     WHERE header::jsonb ->> 'kind' = 'body-erased'`,
  )
  return new Set(rows.map((row) => row.index))
}

/** Checkpoints signed for sizes above `after`, in order. */
export async function readCheckpoints(
  db: Queryable,
  after: number,
  limit: number,
): Promise<{ size: number; note: string }[]> {
  const { rows } = await db.query<{ size: string | number; note: string }>({
    name: 'ledger-read-checkpoints',
    text: 'SELECT size, note FROM ledger.checkpoint WHERE size > $1 ORDER BY size LIMIT $2',
    values: [after, limit],
  })
  return rows.map((row) => ({ size: Number(row.size), note: row.note }))
}

interface HeadColumns {
  size: string | number
  root: Buffer
  note: string
  signed_at: string | number
}

function toHead(row: HeadColumns): HeadRow {
  return { size: Number(row.size), root: row.root, note: row.note, signedAt: Number(row.signed_at) }
}

function toSealed(row: IntakeColumns): SealedEntry {
  const columns = toColumns(row)
  const { chain_subject: subject, chain_tenure: tenure } = row
  const chain = subject === null || tenure === null ? null : { subject, tenure }
  return { ...columns, bodySealed: row.body_sealed!, entry: entryOf(columns), chain }
}

function toRow(row: EntryColumns): EntryRow {
  return { ...toColumns(row), bodySealed: row.body_sealed, index: Number(row.index) }
}

function toLogRow(row: LogColumns): LogRow {
  return row.commitment === null ? toRow(row) : { index: Number(row.index), lost: row.commitment }
}

function toColumns(row: Omit<EntryColumns, 'index'>): Omit<EntryRow, 'bodySealed' | 'index'> {
  return {
    id: row.id as EntryId,
    header: row.header,
    headerSalt: row.header_salt,
    bodyCommitment: row.body_commitment,
    subject: row.subject,
    actor: row.actor,
  }
}
