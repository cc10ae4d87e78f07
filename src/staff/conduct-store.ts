import type { Db, Trx } from '../platform/database.ts'

type ConductTables = {
  'staff.conduct': ConductRow
  'staff.conduct_signature': { staff_id: string; version: number; signed_at: number }
}

export interface ConductRow {
  version: number
  text_en: string
  text_my: string
  effective_from: number
}

const on = (db: Db | Trx) => db.withTables<ConductTables>()

/** The code in force at `at`; null before the first. */
export async function readConduct(db: Db | Trx, at: number): Promise<ConductRow | null> {
  const found = await on(db)
    .selectFrom('staff.conduct')
    .selectAll()
    .where('effective_from', '<=', at)
    .orderBy('version', 'desc')
    .limit(1)
    .execute()
  return found[0] ?? null
}

/** Files the next version. @returns its number. */
export async function insertConduct(trx: Trx, row: Omit<ConductRow, 'version'>): Promise<number> {
  const { next } = await on(trx)
    .selectFrom('staff.conduct')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.lit(0)).as('next'))
    .executeTakeFirstOrThrow()
  const version = Number(next) + 1
  await on(trx)
    .insertInto('staff.conduct')
    .values({ ...row, version })
    .execute()
  return version
}

/** Files a signature; the same instant twice is once. */
export async function insertSignature(
  trx: Trx,
  row: ConductTables['staff.conduct_signature'],
): Promise<void> {
  await on(trx)
    .insertInto('staff.conduct_signature')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The newest signature of a person; null when they never signed. */
export async function lastSignature(
  db: Db | Trx,
  staffId: string,
): Promise<{ version: number; signed_at: number } | null> {
  const found = await on(db)
    .selectFrom('staff.conduct_signature')
    .select(['version', 'signed_at'])
    .where('staff_id', '=', staffId)
    .orderBy('signed_at', 'desc')
    .limit(1)
    .execute()
  return found[0] ?? null
}
