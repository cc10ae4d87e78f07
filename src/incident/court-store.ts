import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** The tables of what leaves a case: referrals, statements, the chain. */

export interface ReferralRow {
  id: string
  incident: string
  state: string
  at: number
  sealed: Buffer
}
export interface StatementRow {
  id: string
  incident: string
  at: number
  sealed: Buffer
}
export interface PublishedRow {
  statement: string
  version: number
  at: number
  entry: string
  content: string
}
type CourtTables = {
  'incident.referral': ReferralRow & { bundle: Buffer | null }
  'incident.statement': StatementRow
  'incident.published': PublishedRow
  'incident.chain': { incident: string; sealed: Buffer }
}

const on = (db: Db | Trx) => db.withTables<CourtTables>()
const REFERRAL = ['id', 'incident', 'state', 'at', 'sealed'] as const

/** Writes a referral, or how it now stands; its bundle is left as it is. */
export async function saveReferral(trx: Trx, row: ReferralRow): Promise<void> {
  await on(trx)
    .insertInto('incident.referral')
    .values({ ...row, bundle: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ state: row.state, sealed: row.sealed }))
    .execute()
}

/** Puts the bundle beside its referral. */
export async function saveBundle(trx: Trx, id: string, bundle: Buffer): Promise<void> {
  await on(trx).updateTable('incident.referral').set({ bundle }).where('id', '=', id).execute()
}

/** One referral of a case; `lock` holds it until the transaction ends. */
export async function readReferral(
  db: Db | Trx,
  of: { incident: string; id: string },
  lock = false,
): Promise<ReferralRow | null> {
  const query = on(db)
    .selectFrom('incident.referral')
    .select(REFERRAL)
    .where('id', '=', of.id)
    .where('incident', '=', of.incident)
  return (await (lock ? query.forUpdate() : query).executeTakeFirst()) ?? null
}

/** The sealed bundle of a referral, or null while none is made. */
export async function readBundle(db: Db | Trx, id: string): Promise<Buffer | null> {
  const row = await on(db)
    .selectFrom('incident.referral')
    .select('bundle')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.bundle ?? null
}

/** The referrals of a case, oldest first. */
export async function readReferrals(db: Db | Trx, incident: string): Promise<ReferralRow[]> {
  return on(db)
    .selectFrom('incident.referral')
    .select(REFERRAL)
    .where('incident', '=', incident)
    .orderBy('at')
    .execute()
}

/** Writes a statement, or how it now stands. */
export async function saveStatement(trx: Trx, row: StatementRow): Promise<void> {
  await on(trx)
    .insertInto('incident.statement')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ sealed: row.sealed }))
    .execute()
}

/** One statement of a case; `lock` holds it until the transaction ends. */
export async function readStatement(
  db: Db | Trx,
  of: { incident: string; id: string },
  lock = false,
): Promise<StatementRow | null> {
  const query = on(db)
    .selectFrom('incident.statement')
    .selectAll()
    .where('id', '=', of.id)
    .where('incident', '=', of.incident)
  return (await (lock ? query.forUpdate() : query).executeTakeFirst()) ?? null
}

/** The statements of a case, oldest first. */
export async function readStatements(db: Db | Trx, incident: string): Promise<StatementRow[]> {
  return on(db)
    .selectFrom('incident.statement')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at')
    .execute()
}

/** Publishes a version. */
export async function insertPublished(trx: Trx, row: PublishedRow): Promise<void> {
  await on(trx).insertInto('incident.published').values(row).execute()
}

/** Everything that was ever published, the newest statement first and its versions in their order; at most 500. */
export async function readPublished(db: Db | Trx): Promise<PublishedRow[]> {
  const { rows } = await sql<PublishedRow>`
    SELECT statement, version, at, entry, content FROM incident.published
    ORDER BY max(at) OVER (PARTITION BY statement) DESC, statement, version LIMIT 500`.execute(db)
  return rows
}

/** The sealed chain of a case, or null; `lock` holds it until the transaction ends. */
export async function readChain(db: Db | Trx, incident: string, lock = false): Promise<Buffer | null> {
  const query = on(db).selectFrom('incident.chain').select('sealed').where('incident', '=', incident)
  return (await (lock ? query.forUpdate() : query).executeTakeFirst())?.sealed ?? null
}

/** Writes the chain of a case as it now stands. */
export async function saveChain(trx: Trx, incident: string, sealed: Buffer): Promise<void> {
  await on(trx)
    .insertInto('incident.chain')
    .values({ incident, sealed })
    .onConflict((conflict) => conflict.column('incident').doUpdateSet({ sealed }))
    .execute()
}
