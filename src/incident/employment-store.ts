import type { Db, Trx } from '../platform/database.ts'

/** The table of what becomes of somebody's employment. */

export interface EmploymentRow {
  incident: string
  staff: string
  state: string
  at: number
  sealed: Buffer
}
type EmploymentTables = { 'incident.employment': EmploymentRow }

const on = (db: Db | Trx) => db.withTables<EmploymentTables>()

/** Writes a track as it now stands. Its case is locked by whoever changes it. */
export async function saveEmployment(trx: Trx, row: EmploymentRow): Promise<void> {
  const { state, at, sealed } = row
  await on(trx)
    .insertInto('incident.employment')
    .values(row)
    .onConflict((conflict) => conflict.columns(['incident', 'staff']).doUpdateSet({ state, at, sealed }))
    .execute()
}

/** The tracks of a case that were begun. */
export async function readEmployments(db: Db | Trx, incident: string): Promise<EmploymentRow[]> {
  return on(db).selectFrom('incident.employment').selectAll().where('incident', '=', incident).execute()
}
