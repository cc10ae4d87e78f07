import type { Db, Trx } from '../platform/database.ts'

/** The table of what the press asked. */

export interface EnquiryRow {
  id: string
  incident: string
  at: number
  answers: number
  sealed: Buffer
}
type EnquiryTables = { 'incident.enquiry': EnquiryRow }

const on = (db: Db | Trx) => db.withTables<EnquiryTables>()

/** Writes an enquiry, or how it now stands. Its case is locked by whoever changes it. */
export async function saveEnquiry(trx: Trx, row: EnquiryRow): Promise<void> {
  const { answers, sealed } = row
  await on(trx)
    .insertInto('incident.enquiry')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ answers, sealed }))
    .execute()
}

/** The enquiries of a case, oldest first. */
export async function readEnquiries(db: Db | Trx, incident: string): Promise<EnquiryRow[]> {
  return on(db)
    .selectFrom('incident.enquiry')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at')
    .orderBy('id')
    .execute()
}
