import type { Db, Trx } from '../platform/database.ts'

interface VerificationRow {
  version: number
  rules: unknown
  reason: string
  proposed_by: string | null
  approved_by: string[]
  effective_from: number
  preview: unknown
}

type VerificationTables = { 'staff.verification_policy': VerificationRow }

const on = (db: Db | Trx) => db.withTables<VerificationTables>()

/** Every version, oldest first. */
export async function listVerificationPolicies(db: Db | Trx): Promise<VerificationRow[]> {
  return on(db).selectFrom('staff.verification_policy').selectAll().orderBy('version').limit(1_000).execute()
}

/** Files a version, which must be the next. */
export async function insertVerificationPolicy(trx: Trx, row: VerificationRow): Promise<void> {
  await on(trx)
    .insertInto('staff.verification_policy')
    .values({ ...row, rules: JSON.stringify(row.rules), preview: json(row.preview) })
    .execute()
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
