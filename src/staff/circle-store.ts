import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

export interface CircleRow {
  id: string
  staff_id: string
  kind: 'own' | 'household' | 'declared'
  subject: string
  number: Buffer
  declared_at: number
  ended_at: number | null
}

type CircleTables = { 'staff.circle_number': CircleRow }

const on = (db: Db | Trx) => db.withTables<CircleTables>()

/** Files a number. */
export async function insertCircleNumber(trx: Trx, row: CircleRow): Promise<void> {
  await on(trx).insertInto('staff.circle_number').values(row).execute()
}

/** Ends a number of a person. @returns the row, or null when it is not theirs or has ended. */
export async function endCircleNumber(
  trx: Trx,
  id: string,
  staffId: string,
  at: number,
): Promise<CircleRow | null> {
  const ended = await on(trx)
    .updateTable('staff.circle_number')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return ended ?? null
}

/** Numbers of a person that hold now, oldest first. */
export async function listCircle(db: Db | Trx, staffId: string): Promise<CircleRow[]> {
  return on(db)
    .selectFrom('staff.circle_number')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('ended_at', 'is', null)
    .orderBy('declared_at')
    .limit(200)
    .execute()
}

/** Own numbers of people who work here, each person once, those of a person's office first: at most `limit`. */
export async function listOwnNumbers(
  db: Db | Trx,
  of: { like: string; limit: number },
): Promise<{ staff: string; subject: string }[]> {
  const found = await sql<{ staff: string; subject: string }>`
    SELECT staff, subject FROM (
      SELECT DISTINCT ON (c.staff_id) c.staff_id AS staff, c.subject, p.office
      FROM staff.circle_number c JOIN staff.person p ON p.id = c.staff_id
      WHERE c.kind = 'own' AND c.ended_at IS NULL
      ORDER BY c.staff_id, c.declared_at
    ) own
    ORDER BY office = (SELECT office FROM staff.person WHERE id = ${of.like}) DESC, md5(staff) LIMIT ${of.limit}`.execute(
    db,
  )
  return found.rows
}

/**
 * The closest tie between a customer and an employee: their own list first (own, household, declared), then
 * whether it is another employee's own number. People who were dismissed are colleagues no more.
 */
export async function readTie(
  db: Db | Trx,
  staffId: string,
  subject: string,
): Promise<{ mine: boolean; kind: CircleRow['kind']; team: string } | null> {
  const found = await sql<{ mine: boolean; kind: CircleRow['kind']; team: string }>`
    SELECT c.staff_id = ${staffId} AS mine, c.kind, p.team
    FROM staff.circle_number c JOIN staff.person p ON p.id = c.staff_id
    WHERE c.subject = ${subject} AND c.ended_at IS NULL
      AND (c.staff_id = ${staffId} OR (c.kind = 'own' AND p.status <> 'dismissed'))
    ORDER BY mine DESC, array_position(ARRAY['own', 'household', 'declared'], c.kind), p.team
    LIMIT 1`.execute(db)
  return found.rows[0] ?? null
}
