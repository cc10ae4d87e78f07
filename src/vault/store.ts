import { CompiledQuery } from 'kysely'
import type pg from 'pg'
import { CopyRows, encodeCopyFields } from '../platform/copy.ts'
import type { Db, Trx } from '../platform/database.ts'
import { encodeArray } from '../platform/pg-array.ts'
import type { SealedBlock } from './block.ts'

/** Runs one statement in whatever transaction its maker is in. */
export type Run = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>

/** How many numbers one draw from the sequence of blocks reserves. */
export const SEQUENCE_STEP = 65_536

/** A tenure as stored; `tenure` '' never occurs here. */
export interface TenureRow {
  readonly tenure: string
  readonly from_s: number
  readonly until_s: number | null
}

interface BlockRow {
  readonly subject: Buffer
  readonly month: number
  readonly sequence: number
  readonly tenure: string
  readonly first_day: number
  readonly last_day: number
  readonly sealed: Buffer
}

const BLOCK = 'subject, month, sequence, tenure, first_day, last_day, sealed'

/** Statements inside a transaction of Kysely's, or on any of its connections. */
export function runIn(trx: Db | Trx): Run {
  return async <Row>(text: string, values: readonly unknown[]) =>
    (await trx.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows
}

/** Statements on a connection, or on any of a pool. */
export function runOn(client: pg.Pool | pg.PoolClient): Run {
  return async <Row>(text: string, values: readonly unknown[]) =>
    (await client.query(text, [...values])).rows as Row[]
}

/** One transaction on a connection of its own. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (run: Run, client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(runOn(client), client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (cause) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken) => client.release(broken),
    )
    throw cause
  }
}

/**
 * One writer of blocks at a time, until its transaction ends; readers go on. So tenures stand still while
 * blocks are sealed under them, and the order of sequences is the order of commits.
 */
export async function lockWriters(run: Run): Promise<void> {
  await run('LOCK TABLE vault.tenure IN SHARE ROW EXCLUSIVE MODE', [])
}

/** Makes `offsetMinutes` the database's own if it has none, and gives the one it has. */
export async function settleOffset(run: Run, offsetMinutes: number): Promise<number> {
  await run(
    'INSERT INTO vault.setting (one, offset_minutes) VALUES (true, $1) ON CONFLICT (one) DO NOTHING',
    [offsetMinutes],
  )
  const rows = await run<{ offset_minutes: number }>('SELECT offset_minutes FROM vault.setting', [])
  return rows[0]!.offset_minutes
}

/** Blocks that an opening asks for: those of one tenure in a span of days. */
export interface WantedBlocks {
  readonly subject: Buffer
  readonly tenure: string
  readonly firstDay: number
  readonly lastDay: number
}

/** A block with its tenure's ends; `held` ones are what a legal hold kept of a month or a log that has ended. */
export interface FoundBlock {
  readonly block: SealedBlock
  readonly held: boolean
  readonly from: number | null
  readonly until: number | null
}

/** The blocks of each of `wanted`, in its order and in order of filing. One round trip. */
export async function findBlocks(run: Run, wanted: readonly WantedBlocks[]): Promise<FoundBlock[][]> {
  const rows = await run<
    BlockRow & { n: number; held: boolean; from_s: number | null; until_s: number | null }
  >(FIND_BLOCKS, [
    encodeArray(
      'bytea',
      wanted.map(({ subject }) => subject),
    ),
    wanted.map(({ tenure }) => tenure),
    wanted.map(({ firstDay }) => firstDay),
    wanted.map(({ lastDay }) => lastDay),
  ])
  const found: FoundBlock[][] = wanted.map(() => [])
  for (const row of rows)
    found[row.n - 1]!.push({ block: blockOf(row), held: row.held, from: row.from_s, until: row.until_s })
  return found
}

function blocksIn(table: string, held: boolean): string {
  return `SELECT b.subject, b.month, b.sequence, b.tenure, b.first_day, b.last_day, b.sealed, ${held} AS held
       FROM vault.${table} b
      WHERE b.subject = w.subject AND b.tenure = w.tenure AND b.first_day <= w.last_day AND b.last_day >= w.first_day`
}

const FIND_BLOCKS = `
  SELECT w.n::int AS n, b.*, t.from_s, t.until_s
    FROM unnest($1::bytea[], $2::text[], $3::int[], $4::int[]) WITH ORDINALITY
           AS w (subject, tenure, first_day, last_day, n)
   CROSS JOIN LATERAL (${blocksIn('block', false)} UNION ALL ${blocksIn('held_block', true)}) b
    LEFT JOIN vault.tenure t ON t.subject = w.subject AND t.tenure = w.tenure
   ORDER BY b.sequence`

/** All blocks of a subject, in order of filing. */
export async function blocksOfSubject(run: Run, subject: Buffer): Promise<SealedBlock[]> {
  const rows = await run<BlockRow>(`SELECT ${BLOCK} FROM vault.block WHERE subject = $1 ORDER BY sequence`, [
    subject,
  ])
  return rows.map(blockOf)
}

/** The blocks of several subjects in one month, in order of filing. */
export async function blocksOfMonth(
  run: Run,
  subjects: readonly Buffer[],
  month: number,
): Promise<SealedBlock[]> {
  const rows = await run<BlockRow>(
    `SELECT ${BLOCK} FROM vault.block WHERE subject = ANY($1) AND month = $2 ORDER BY sequence`,
    [subjects, month],
  )
  return rows.map(blockOf)
}

/**
 * Subjects behind one, and their months, that have at least so many blocks of one tenure; by subject, all months of a
 * subject together, and of some `limit` subjects. The index gives them in order, so no page looks at all blocks.
 */
export async function placesToMerge(
  run: Run,
  wanted: { behind: Buffer; atLeast: number; upToMonth: number; limit: number },
): Promise<{ subject: Buffer; month: number }[]> {
  return run<{ subject: Buffer; month: number }>(
    `WITH page AS (
       SELECT subject FROM vault.block WHERE subject > $1 AND month <= $3
        GROUP BY subject, month, tenure HAVING count(*) >= $2 ORDER BY subject LIMIT $4)
     SELECT subject, month FROM vault.block WHERE subject IN (SELECT subject FROM page) AND month <= $3
      GROUP BY subject, month, tenure HAVING count(*) >= $2 ORDER BY subject, month`,
    [wanted.behind, wanted.atLeast, wanted.upToMonth, wanted.limit],
  )
}

/** The blocks of several subjects' months, in order of filing. */
export async function blocksOfPlaces(
  run: Run,
  places: readonly { subject: Buffer; month: number }[],
): Promise<SealedBlock[]> {
  const rows = await run<BlockRow>(
    `SELECT b.subject, b.month, b.sequence, b.tenure, b.first_day, b.last_day, b.sealed
       FROM vault.block b JOIN (SELECT DISTINCT * FROM unnest($1::bytea[], $2::integer[]) AS place (subject, month)) p
         ON b.subject = p.subject AND b.month = p.month
      ORDER BY b.sequence`,
    [places.map(({ subject }) => subject), places.map(({ month }) => month)],
  )
  return rows.map(blockOf)
}

/** Removes blocks. */
export async function deleteBlocks(run: Run, gone: readonly SealedBlock[]): Promise<void> {
  await run(
    `DELETE FROM vault.block b USING unnest($1::bytea[], $2::integer[], $3::bigint[]) AS g (subject, month, sequence)
      WHERE b.subject = g.subject AND b.month = g.month AND b.sequence = g.sequence`,
    [
      gone.map(({ subject }) => subject),
      gone.map(({ month }) => month),
      gone.map(({ sequence }) => sequence),
    ],
  )
}

/** Puts `made` in the place of `gone`. */
export async function replaceBlocks(
  run: Run,
  gone: readonly SealedBlock[],
  made: readonly SealedBlock[],
): Promise<void> {
  for (const { subject, month, sequence } of gone) {
    await run('DELETE FROM vault.block WHERE subject = $1 AND month = $2 AND sequence = $3', [
      subject,
      month,
      sequence,
    ])
  }
  for (const b of made) {
    await run(`INSERT INTO vault.block (${BLOCK}) VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
      b.subject,
      b.month,
      b.sequence,
      b.tenure,
      b.firstDay,
      b.lastDay,
      b.sealed,
    ])
  }
}

/** Gives numbers for blocks, each once, later ones higher than those of any transaction before. */
export function createSequence(run: Run): () => Promise<number> {
  let next = 0
  let end = 0
  return async () => {
    if (next === end) {
      const rows = await run<{ nextval: string | number }>(`SELECT nextval('vault.block_sequence')`, [])
      next = Number(rows[0]!.nextval)
      end = next + SEQUENCE_STEP
    }
    return next++
  }
}

/** The tenures of one subject, earliest first. */
export async function tenuresOf(run: Run, subject: Buffer): Promise<TenureRow[]> {
  return run<TenureRow>(
    'SELECT tenure, from_s, until_s FROM vault.tenure WHERE subject = $1 ORDER BY from_s',
    [subject],
  )
}

/** The tenures of several subjects, by subject in hex. */
export async function tenuresOfAll(run: Run, subjects: readonly Buffer[]): Promise<Map<string, TenureRow[]>> {
  const rows = await run<TenureRow & { subject: Buffer }>(
    'SELECT subject, tenure, from_s, until_s FROM vault.tenure WHERE subject = ANY($1) ORDER BY from_s',
    [subjects],
  )
  const bySubject = new Map<string, TenureRow[]>()
  for (const row of rows) {
    const hex = row.subject.toString('hex')
    bySubject.set(hex, [...(bySubject.get(hex) ?? []), row])
  }
  return bySubject
}

/** Writes a tenure, or moves the ends of a known one. */
export async function putTenure(run: Run, subject: Buffer, row: TenureRow): Promise<void> {
  await run(
    `INSERT INTO vault.tenure (subject, tenure, from_s, until_s) VALUES ($1, $2, $3, $4)
       ON CONFLICT (subject, tenure) DO UPDATE SET from_s = EXCLUDED.from_s, until_s = EXCLUDED.until_s`,
    [subject, row.tenure, row.from_s, row.until_s],
  )
}

/** Writes many new tenures at once. */
export async function copyTenures(
  run: Run,
  rows: readonly (TenureRow & { readonly subject: Buffer })[],
): Promise<void> {
  const fields = function* () {
    for (const { subject, tenure, from_s, until_s } of rows)
      yield encodeCopyFields([subject, tenure, from_s, until_s])
  }
  const into = 'vault.tenure (subject, tenure, from_s, until_s)'
  await run(`COPY ${into} FROM STDIN (FORMAT binary)`, [new CopyRows(fields())])
}

/** Which of these subjects have blocks already, in hex. */
export async function subjectsWithBlocks(run: Run, subjects: readonly Buffer[]): Promise<Set<string>> {
  const rows = await run<{ subject: Buffer }>(
    'SELECT DISTINCT subject FROM vault.block WHERE subject = ANY($1)',
    [subjects],
  )
  return new Set(rows.map(({ subject }) => subject.toString('hex')))
}

function blockOf(row: BlockRow): SealedBlock {
  return {
    subject: row.subject,
    month: row.month,
    sequence: Number(row.sequence),
    tenure: row.tenure,
    firstDay: row.first_day,
    lastDay: row.last_day,
    sealed: row.sealed,
  }
}
