import type { Db, Trx } from '../platform/database.ts'

export interface PasskeyRow {
  credential_id: string
  staff_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  added_at: number
  last_used_at: number | null
  /** HMAC under a key that the database does not hold; null in a row that none of our doors wrote. */
  mark: Buffer | null
}

interface ChallengeRow {
  id: string
  challenge: string
  staff_id: string | null
  expires_at: number
}

type PasskeyTables = {
  'staff.passkey': PasskeyRow
  'staff.challenge': ChallengeRow
  'staff.reset_ask': { staff_id: string; asked_by: string; asked_at: number }
}

const on = (db: Db | Trx) => db.withTables<PasskeyTables>()

/** Files a challenge, and drops those that ran out. */
export async function insertChallenge(db: Db, row: ChallengeRow, now: number): Promise<void> {
  await on(db).deleteFrom('staff.challenge').where('expires_at', '<=', now).execute()
  await on(db).insertInto('staff.challenge').values(row).execute()
}

/** Takes a challenge out: it works once, whatever the answer. */
export async function takeChallenge(db: Db, id: string, now: number): Promise<ChallengeRow | null> {
  const taken = await on(db)
    .deleteFrom('staff.challenge')
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return taken !== undefined && taken.expires_at > now ? taken : null
}

/** A passkey, locked. */
export async function readPasskey(trx: Trx, credentialId: string): Promise<PasskeyRow | null> {
  const found = await on(trx)
    .selectFrom('staff.passkey')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .forUpdate()
    .execute()
  return found[0] ?? null
}

/** Passkeys of a person. */
export async function listPasskeys(db: Db | Trx, staffId: string): Promise<PasskeyRow[]> {
  return on(db)
    .selectFrom('staff.passkey')
    .selectAll()
    .where('staff_id', '=', staffId)
    .orderBy('added_at')
    .limit(50)
    .execute()
}

/** Files a passkey. @returns false when this credential is known. */
export async function insertPasskey(trx: Trx, row: PasskeyRow): Promise<boolean> {
  const done = await on(trx)
    .insertInto('staff.passkey')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows) === 1
}

/** Records a use. */
export async function recordPasskeyUse(
  trx: Trx,
  credentialId: string,
  counter: number,
  at: number,
): Promise<void> {
  await on(trx)
    .updateTable('staff.passkey')
    .set({ counter, last_used_at: at })
    .where('credential_id', '=', credentialId)
    .execute()
}

/** Removes every passkey of a person. @returns how many. */
export async function deletePasskeys(trx: Trx, staffId: string): Promise<number> {
  const done = await on(trx).deleteFrom('staff.passkey').where('staff_id', '=', staffId).executeTakeFirst()
  return Number(done.numDeletedRows)
}

/** Records that an administrator asks for a reset; the newest ask of a person stands. */
export async function upsertResetAsk(trx: Trx, staffId: string, askedBy: string, at: number): Promise<void> {
  const row = { staff_id: staffId, asked_by: askedBy, asked_at: at }
  await on(trx)
    .insertInto('staff.reset_ask')
    .values(row)
    .onConflict((conflict) => conflict.column('staff_id').doUpdateSet(row))
    .execute()
}

/** Takes the ask of somebody other than `by` that is younger than `since`. @returns false when there is none. */
export async function takeResetAsk(trx: Trx, staffId: string, by: string, since: number): Promise<boolean> {
  const taken = await on(trx)
    .deleteFrom('staff.reset_ask')
    .where('staff_id', '=', staffId)
    .where('asked_by', '<>', by)
    .where('asked_at', '>', since)
    .executeTakeFirst()
  return Number(taken.numDeletedRows) === 1
}
