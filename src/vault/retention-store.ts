import type { SealedBlock } from './block.ts'
import type { HeldSpan } from './held-block.ts'
import type { Run } from './store.ts'

/** Puts a month on record as ended; false when it was before. */
export async function putEndedMonth(run: Run, month: number, now: number): Promise<boolean> {
  const rows = await run(
    'INSERT INTO vault.ended_month (month, ended_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING month',
    [month, now],
  )
  return rows.length > 0
}

/** The months of blocks up to one, and the months that have ended. */
export async function monthsUpTo(run: Run, month: number): Promise<number[]> {
  const rows = await run<{ month: number }>(
    'SELECT DISTINCT month FROM vault.block WHERE month <= $1 UNION SELECT month FROM vault.ended_month ORDER BY month',
    [month],
  )
  return rows.map((row) => row.month)
}

/** The holds that stand and touch a stretch of time, by subject. */
export async function standingHolds(
  run: Run,
  within: HeldSpan & { subject?: Buffer },
): Promise<{ subject: Buffer; from: number; until: number }[]> {
  const rows = await run<{ subject: Buffer; from_s: number | string; until_s: number | string }>(
    `SELECT subject, from_s, until_s FROM vault.hold
      WHERE released_at IS NULL AND from_s < $2 AND until_s > $1 AND ($3::bytea IS NULL OR subject = $3)`,
    [within.from, within.until, within.subject ?? null],
  )
  return rows.map(({ subject, from_s, until_s }) => ({
    subject,
    from: Number(from_s),
    until: Number(until_s),
  }))
}

/** Keeps held blocks. */
export async function putHeld(run: Run, blocks: readonly SealedBlock[]): Promise<void> {
  for (const b of blocks) {
    await run(
      `INSERT INTO vault.held_block (subject, month, sequence, tenure, first_day, last_day, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [b.subject, b.month, b.sequence, b.tenure, b.firstDay, b.lastDay, b.sealed],
    )
  }
}

/** Removes the blocks of a month; gives how many there were. */
export async function deleteMonth(run: Run, month: number): Promise<number> {
  const rows = await run<{ count: number }>(
    'WITH gone AS (DELETE FROM vault.block WHERE month = $1 RETURNING 1) SELECT count(*)::int AS count FROM gone',
    [month],
  )
  return rows[0]!.count
}

/** Removes the blocks of a tenure; gives how many there were. */
export async function deleteTenure(run: Run, subject: Buffer, tenure: string): Promise<number> {
  const rows = await run<{ count: number }>(
    `WITH gone AS (DELETE FROM vault.block WHERE subject = $1 AND tenure = $2 RETURNING 1)
      SELECT count(*)::int AS count FROM gone`,
    [subject, tenure],
  )
  return rows[0]!.count
}

/** Puts an erasure on record; false when it was before. */
export async function putErasure(run: Run, tweak: string, now: number): Promise<boolean> {
  const rows = await run(
    'INSERT INTO vault.erasure (tweak, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING tweak',
    [tweak, now],
  )
  return rows.length > 0
}

/** The tweaks of every erased log. */
export async function erasedTweaks(run: Run): Promise<string[]> {
  return (await run<{ tweak: string }>('SELECT tweak FROM vault.erasure', [])).map(({ tweak }) => tweak)
}

/** Whether the log of this tweak was erased. */
export async function isTweakErased(run: Run, tweak: string): Promise<boolean> {
  return (await run('SELECT 1 FROM vault.erasure WHERE tweak = $1', [tweak])).length > 0
}

/** Subjects and months of held blocks. */
export async function heldPlaces(run: Run): Promise<{ subject: Buffer; month: number }[]> {
  return run<{ subject: Buffer; month: number }>('SELECT DISTINCT subject, month FROM vault.held_block', [])
}

/** Removes held blocks. */
export async function deleteHeld(run: Run, place: { subject: Buffer; month: number }): Promise<void> {
  await run('DELETE FROM vault.held_block WHERE subject = $1 AND month = $2', [place.subject, place.month])
}
