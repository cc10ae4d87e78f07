import type { SealedBlock } from './block.ts'
import type { Run } from './store.ts'

/** What lies sealed of one month. Days are counted from 1970-01-01. */
export interface MonthOnFile {
  readonly month: number
  readonly logs: number
  readonly blocks: number
  readonly firstDay: number
  readonly lastDay: number
}

/** Every month that has blocks, and has not ended. */
export async function monthsOnFile(run: Run): Promise<MonthOnFile[]> {
  return run<MonthOnFile>(
    `SELECT month, count(DISTINCT (subject, tenure))::int AS logs, count(*)::int AS blocks,
        min(first_day) AS "firstDay", max(last_day) AS "lastDay"
      FROM vault.block WHERE month NOT IN (SELECT month FROM vault.ended_month) GROUP BY month ORDER BY month`,
    [],
  )
}

/** How many logs there are, each counted once, and how many blocks holds keep. */
export async function countSealed(run: Run): Promise<{ logs: number; held: number }> {
  const rows = await run<{ logs: number; held: number }>(
    `SELECT (SELECT count(DISTINCT (subject, tenure)) FROM vault.block)::int AS logs,
        (SELECT count(*) FROM vault.held_block)::int AS held`,
    [],
  )
  return rows[0]!
}

/** One log's month: its first block, and where all of them lie. */
export interface LogMonth {
  readonly block: SealedBlock
  readonly firstDay: number
}

/** The next `limit` logs' months behind one, by subject, month and tenure; without what has ended or was erased. */
export async function logMonthsBehind(
  run: Run,
  behind: { subject: Buffer; month: number; tenure: string },
  limit: number,
): Promise<LogMonth[]> {
  const rows = await run<{
    subject: Buffer
    month: number
    tenure: string
    sequence: number | string
    first_day: number
    last_day: number
    sealed: Buffer
    earliest: number
  }>(
    `SELECT DISTINCT ON (subject, month, tenure) subject, month, tenure, sequence, first_day, last_day, sealed,
        min(first_day) OVER (PARTITION BY subject, month, tenure) AS earliest
      FROM vault.block
      WHERE (subject, month, tenure) > ($1, $2, $3) AND month NOT IN (SELECT month FROM vault.ended_month)
      ORDER BY subject, month, tenure, sequence LIMIT $4`,
    [behind.subject, behind.month, behind.tenure, limit],
  )
  return rows.map((row) => ({
    block: {
      subject: row.subject,
      month: row.month,
      tenure: row.tenure,
      sequence: Number(row.sequence),
      firstDay: row.first_day,
      lastDay: row.last_day,
      sealed: row.sealed,
    },
    firstDay: row.earliest,
  }))
}

/** Every held block. */
export async function heldBlocks(run: Run): Promise<SealedBlock[]> {
  const rows = await run<{
    subject: Buffer
    month: number
    sequence: number | string
    tenure: string
    first_day: number
    last_day: number
    sealed: Buffer
  }>('SELECT subject, month, sequence, tenure, first_day, last_day, sealed FROM vault.held_block', [])
  return rows.map((row) => ({
    subject: row.subject,
    month: row.month,
    sequence: Number(row.sequence),
    tenure: row.tenure,
    firstDay: row.first_day,
    lastDay: row.last_day,
    sealed: row.sealed,
  }))
}
