import type { Db, Trx } from '../platform/database.ts'

/** The rows behind the customer's own page. */
export type SessionTables = {
  'customers.sign_in': SignInRow
  'customers.session': SessionRow
}

export interface SignInRow {
  id: string
  subject: string
  started_at: number
  expires_at: number
  wrong: number
  done: boolean
}

export interface SessionRow {
  token_hash: Buffer
  id: string
  subscriber_id: string
  started_at: number
  seen_at: number
  person_until: number | null
  /** HMACs under a key that the database does not hold: of the session, and of its second rung. */
  mark: Buffer | null
  person_mark: Buffer | null
}

const on = (db: Db | Trx) => db.withTables<SessionTables>()

/** Writes a sign-in that waits for its code. */
export async function insertSignIn(trx: Trx, row: SignInRow): Promise<void> {
  await on(trx).insertInto('customers.sign_in').values(row).execute()
}

/** A sign-in, held until the transaction ends. */
export async function lockSignIn(trx: Trx, id: string): Promise<SignInRow | null> {
  const row = await on(trx)
    .selectFrom('customers.sign_in')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Moves a sign-in on. */
export async function saveSignIn(
  trx: Trx,
  id: string,
  set: { wrong?: number; done?: boolean },
): Promise<void> {
  await on(trx).updateTable('customers.sign_in').set(set).where('id', '=', id).execute()
}

/** Writes a session. */
export async function insertSession(trx: Trx, row: SessionRow): Promise<void> {
  await on(trx).insertInto('customers.session').values(row).execute()
}

/** The session with this token's hash. */
export async function readSession(db: Db, tokenHash: Buffer): Promise<SessionRow | null> {
  const row = await on(db)
    .selectFrom('customers.session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return row ?? null
}

/** Notes that a session was used, or how long it is on the second rung. */
export async function saveSession(
  db: Db | Trx,
  id: string,
  set: { seen_at?: number; person_until?: number; person_mark?: Buffer },
): Promise<void> {
  await on(db).updateTable('customers.session').set(set).where('id', '=', id).execute()
}

/** Ends a session. */
export async function deleteSession(db: Db | Trx, id: string): Promise<void> {
  await on(db).deleteFrom('customers.session').where('id', '=', id).execute()
}

/** Removes what ended before `before` (epoch ms). */
export async function forgetOldSessions(db: Db, before: number): Promise<void> {
  await on(db).deleteFrom('customers.session').where('seen_at', '<', before).execute()
  await on(db).deleteFrom('customers.sign_in').where('expires_at', '<', before).execute()
}
