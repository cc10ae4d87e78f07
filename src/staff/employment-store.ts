import { sql } from 'kysely'
import type { Trx } from '../platform/database.ts'

/** A person's time under a staff number; instants in milliseconds. */
export interface EmploymentRow {
  staff_id: string
  staff_number: string
  from_ms: number
  until_ms: number | null
}

/** Everybody who has or had one of these staff numbers, the latest last. */
export async function readEmployments(trx: Trx, numbers: readonly string[]): Promise<EmploymentRow[]> {
  const found =
    await sql<EmploymentRow>`SELECT staff_id, staff_number, from_ms, until_ms FROM staff.employment
    WHERE staff_number = ANY(${numbers}::text[]) ORDER BY staff_number, from_ms FOR UPDATE`.execute(trx)
  return found.rows
}

/** Files that somebody has a staff number. */
export async function insertEmployment(trx: Trx, row: EmploymentRow): Promise<void> {
  await sql`INSERT INTO staff.employment (staff_id, staff_number, from_ms, until_ms)
    VALUES (${row.staff_id}, ${row.staff_number}, ${row.from_ms}, ${row.until_ms})`.execute(trx)
}

/** Ends somebody's time under their staff number. */
export async function endEmployment(trx: Trx, staffId: string, until: number): Promise<void> {
  await sql`UPDATE staff.employment SET until_ms = ${until} WHERE staff_id = ${staffId}`.execute(trx)
}

/** Writes somebody's name anew. */
export async function renamePerson(trx: Trx, staffId: string, name: string): Promise<void> {
  await sql`UPDATE staff.person SET name = ${name} WHERE id = ${staffId}`.execute(trx)
}
