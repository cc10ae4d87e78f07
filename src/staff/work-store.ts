import type { Db, Trx } from '../platform/database.ts'

export interface ShiftRow {
  staff_id: string
  starts_at: number
  ends_at: number
  kind: 'planned' | 'approved'
}

export interface TrainingRow {
  staff_id: string
  course: string
  passed_at: number
  expires_at: number
}

type WorkTables = { 'staff.shift': ShiftRow; 'staff.training': TrainingRow }

const on = (db: Db | Trx) => db.withTables<WorkTables>()

/** Files shifts; the same start of the same person again moves its end. */
export async function insertShifts(trx: Trx, shifts: readonly ShiftRow[]): Promise<void> {
  if (shifts.length === 0) return
  await on(trx)
    .insertInto('staff.shift')
    .values([...shifts])
    .onConflict((conflict) =>
      conflict
        .columns(['staff_id', 'starts_at', 'kind'])
        .doUpdateSet((eb) => ({ ends_at: eb.ref('excluded.ends_at') })),
    )
    .execute()
}

/** Shifts of a person that end after `from` and start before `until`, in order. */
export async function listShifts(
  db: Db | Trx,
  staffId: string,
  from: number,
  until: number,
): Promise<ShiftRow[]> {
  return on(db)
    .selectFrom('staff.shift')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('ends_at', '>', from)
    .where('starts_at', '<', until)
    .orderBy('starts_at')
    .limit(500)
    .execute()
}

/** Ids of everybody at work at `now`. */
export async function listOnDutyIds(db: Db | Trx, now: number): Promise<string[]> {
  const found = await on(db)
    .selectFrom('staff.shift')
    .select('staff_id')
    .distinct()
    .where('starts_at', '<=', now)
    .where('ends_at', '>', now)
    .execute()
  return found.map((row) => row.staff_id)
}

/** Records a course passed. */
export async function insertTraining(trx: Trx, row: TrainingRow): Promise<void> {
  await on(trx)
    .insertInto('staff.training')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Courses of a person, newest first. */
export async function listTrainings(db: Db | Trx, staffId: string): Promise<TrainingRow[]> {
  return on(db)
    .selectFrom('staff.training')
    .selectAll()
    .where('staff_id', '=', staffId)
    .orderBy('passed_at', 'desc')
    .limit(100)
    .execute()
}
