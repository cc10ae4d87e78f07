import type { Trx } from '../platform/database.ts'
import { type Run, runIn } from './store.ts'
import type { Subject } from './subject.ts'

/** Keeps blocks of a subject and window from being shredded; gives no right to look. */
export interface Hold {
  readonly id: string
  readonly subject: Subject
  /** Epoch seconds, half open. */
  readonly from: number
  readonly until: number
  readonly reason: 'lawful' | 'litigation' | 'incident'
  /** The case it is for. */
  readonly ref: string
  /** Epoch ms. */
  readonly placedAt: number
  /** Epoch ms; null: a person releases it. */
  readonly endsAt: number | null
  readonly extended: boolean
}

/** Places a hold. */
export async function placeHold(trx: Trx, hold: Omit<Hold, 'extended'>): Promise<void> {
  await runIn(trx)(
    `INSERT INTO vault.hold (id, subject, from_s, until_s, reason, ref, placed_at, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      hold.id,
      Buffer.from(hold.subject, 'hex'),
      hold.from,
      hold.until,
      hold.reason,
      hold.ref,
      hold.placedAt,
      hold.endsAt,
    ],
  )
}

/** Moves the ends of a case's holds that still stand. @returns how many there are. */
export async function endHoldsAt(
  trx: Trx,
  ref: string,
  endsAt: number,
  options: { extends: boolean },
): Promise<number> {
  const rows = await runIn(trx)(
    `UPDATE vault.hold SET ends_at = $2, extended = extended OR $3 WHERE ref = $1 AND released_at IS NULL RETURNING id`,
    [ref, endsAt, options.extends],
  )
  return rows.length
}

/** Releases the holds of a case, by a person's word. @returns how many there were. */
export async function releaseHolds(trx: Trx, ref: string, now: number): Promise<number> {
  const rows = await runIn(trx)(
    'UPDATE vault.hold SET released_at = $2 WHERE ref = $1 AND released_at IS NULL RETURNING id',
    [ref, now],
  )
  return rows.length
}

/** Releases holds whose time is over, and says of which cases. */
export async function releaseOverdueHolds(trx: Trx, now: number): Promise<{ ref: string; holds: number }[]> {
  const rows = await runIn(trx)<{ ref: string }>(
    'UPDATE vault.hold SET released_at = $1 WHERE released_at IS NULL AND ends_at <= $1 RETURNING ref',
    [now],
  )
  return [...Map.groupBy(rows, ({ ref }) => ref)].map(([ref, of]) => ({ ref, holds: of.length }))
}

/** The holds of a case that stand. */
export async function holdsOf(trx: Trx, ref: string): Promise<Hold[]> {
  const rows = await runIn(trx)<{
    id: string
    subject: Buffer
    from_s: string
    until_s: string
    reason: Hold['reason']
    ref: string
    placed_at: string
    ends_at: string | null
    extended: boolean
  }>('SELECT * FROM vault.hold WHERE ref = $1 AND released_at IS NULL ORDER BY id', [ref])
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject.toString('hex') as Subject,
    from: Number(row.from_s),
    until: Number(row.until_s),
    reason: row.reason,
    ref: row.ref,
    placedAt: Number(row.placed_at),
    endsAt: row.ends_at === null ? null : Number(row.ends_at),
    extended: row.extended,
  }))
}

/** Which of these subjects have records of a span on hold at `now`: what retention must reseal before it shreds. */
export async function heldSubjects(
  run: Run,
  subjects: readonly Subject[],
  span: { from: number; until: number },
  now: number,
): Promise<Set<Subject>> {
  const rows = await run<{ subject: Buffer }>(
    `SELECT DISTINCT subject FROM vault.hold
      WHERE subject = ANY($1) AND from_s < $3 AND until_s > $2 AND released_at IS NULL
        AND (ends_at IS NULL OR ends_at > $4)`,
    [subjects.map((subject) => Buffer.from(subject, 'hex')), span.from, span.until, now],
  )
  return new Set(rows.map(({ subject }) => subject.toString('hex') as Subject))
}
