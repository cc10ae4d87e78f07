import type { GeneratedAlways, Insertable, Selectable } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

export type ReportTables = {
  'customers.report': ReportRow
  'customers.acknowledgement': { subject: string; about_entry: string; at: number }
}

export interface ReportRow {
  id: string
  /** Given by the database; what people call the report by. */
  number: GeneratedAlways<number>
  subject: string
  tenure: string
  about_entry: string
  staff_id: string | null
  content: Buffer
  state: 'filed' | 'assigned' | 'answered'
  assigned_to: string | null
  filed_at: number
  answered_at: number | null
}

export type StoredReport = Selectable<ReportRow>

const on = (db: Db | Trx) => db.withTables<ReportTables>()

/** Writes a report; null when there is one about this look already. */
export async function insertReport(trx: Trx, row: Insertable<ReportRow>): Promise<StoredReport | null> {
  const written = await on(trx)
    .insertInto('customers.report')
    .values(row)
    .onConflict((c) => c.columns(['subject', 'about_entry']).doNothing())
    .returningAll()
    .executeTakeFirst()
  return written ?? null
}

/** Reports in a state (all when null), newest first, at most 200. */
export async function readReports(db: Db, state: ReportRow['state'] | null): Promise<StoredReport[]> {
  const all = on(db).selectFrom('customers.report').selectAll().orderBy('filed_at', 'desc').limit(200)
  return (state === null ? all : all.where('state', '=', state)).execute()
}

/** Her reports. */
export async function readReportsAbout(db: Db, subject: string, tenure: string): Promise<StoredReport[]> {
  return on(db)
    .selectFrom('customers.report')
    .selectAll()
    .where('subject', '=', subject)
    .where('tenure', '=', tenure)
    .execute()
}

/** One report, held until the transaction ends. */
export async function lockReport(trx: Trx, id: string): Promise<StoredReport | null> {
  const row = await on(trx)
    .selectFrom('customers.report')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** One report. */
export async function readReport(db: Db, id: string): Promise<StoredReport | null> {
  const row = await on(db).selectFrom('customers.report').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Moves a report on. */
export async function saveReport(
  trx: Trx,
  id: string,
  set: Partial<Pick<StoredReport, 'state' | 'assigned_to' | 'answered_at' | 'content'>>,
): Promise<void> {
  await on(trx).updateTable('customers.report').set(set).where('id', '=', id).execute()
}

/** Notes that she knows a look; false when she said so before. */
export async function insertAcknowledgement(
  trx: Trx,
  row: { subject: string; about_entry: string; at: number },
): Promise<boolean> {
  const done = await on(trx)
    .insertInto('customers.acknowledgement')
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** The looks that she knows, by what they are called. */
export async function readAcknowledgements(db: Db, subject: string): Promise<Set<string>> {
  const rows = await on(db)
    .selectFrom('customers.acknowledgement')
    .select('about_entry')
    .where('subject', '=', subject)
    .execute()
  return new Set(rows.map((row) => row.about_entry))
}
