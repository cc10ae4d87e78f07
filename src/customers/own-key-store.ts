import type { Generated, Selectable } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** The rows behind customers' own keys. */
export interface OwnKeyTable {
  id: string
  credential_id: string
  subscriber_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  set_at: number
  entry: string
  state: Generated<'standing' | 'removed' | 'cloned'>
  ended_at: Generated<number | null>
}

export type OwnKeyRow = Selectable<OwnKeyTable>

interface ChallengeRow {
  id: string
  challenge: string
  subscriber_id: string
  expires_at: number
}

type OwnKeyTables = { 'customers.own_key': OwnKeyTable; 'customers.challenge': ChallengeRow }

const on = (db: Db | Trx) => db.withTables<OwnKeyTables>()

/** Her keys, oldest first; those that ended too. */
export async function readOwnKeys(db: Db | Trx, subscriberId: string): Promise<OwnKeyRow[]> {
  return on(db)
    .selectFrom('customers.own_key')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .orderBy('set_at')
    .limit(50)
    .execute()
}

/** One key by its credential, held until the transaction ends. */
export async function lockOwnKey(trx: Trx, credentialId: string): Promise<OwnKeyRow | null> {
  const row = await on(trx)
    .selectFrom('customers.own_key')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Writes a key. @returns false when this credential is known. */
export async function insertOwnKey(trx: Trx, row: Omit<OwnKeyRow, 'state' | 'ended_at'>): Promise<boolean> {
  const done = await on(trx)
    .insertInto('customers.own_key')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Notes a use. */
export async function saveCounter(trx: Trx, id: string, counter: number): Promise<void> {
  await on(trx).updateTable('customers.own_key').set({ counter }).where('id', '=', id).execute()
}

/** Ends a key. */
export async function endOwnKey(
  trx: Trx,
  id: string,
  state: 'removed' | 'cloned',
  endedAt: number,
): Promise<void> {
  await on(trx)
    .updateTable('customers.own_key')
    .set({ state, ended_at: endedAt })
    .where('id', '=', id)
    .execute()
}

/** Writes a challenge, and drops those that ran out. */
export async function insertChallenge(db: Db, row: ChallengeRow, now: number): Promise<void> {
  await on(db).deleteFrom('customers.challenge').where('expires_at', '<=', now).execute()
  await on(db).insertInto('customers.challenge').values(row).execute()
}

/** Takes a challenge out: it works once, whatever the answer. */
export async function takeChallenge(trx: Trx, id: string, now: number): Promise<ChallengeRow | null> {
  const taken = await on(trx)
    .deleteFrom('customers.challenge')
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return taken !== undefined && taken.expires_at > now ? taken : null
}
