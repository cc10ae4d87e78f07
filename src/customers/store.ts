import type { Generated, Selectable } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { Tries } from './rules.ts'
import type { SecretKind } from './subscriber.ts'

/** The rows of this room, as the database has them. */
export type CustomersTables = {
  'customers.subscriber': SubscriberRow
  'customers.secret': SecretRow
  'customers.code': CodeRow
  'customers.tries': {
    subscriber_id: string
    method: TriedMethod
    wrong: number
    locked_until: number | null
  }
  'customers.waiting_change': WaitingRow
}

export type TriedMethod = 'sms-code' | 'page-code' | 'secret'

export interface SubscriberRow {
  id: string
  subject: string
  tenure: string
  tenure_from: number
  tenure_until: number | null
  profile: Buffer
}

export interface SecretRow {
  subscriber_id: string
  kind: SecretKind
  salt: Buffer
  hash: Buffer
  set_at: number
  wrong_in_all: number
  needs_shop_reset: boolean
}

interface CodeRow {
  id: Generated<number>
  subscriber_id: string
  purpose: string
  bind_to: string
  count_with: string
  hash: Buffer
  sent_at: number
  expires_at: number
  spent_at: number | null
}

export interface WaitingRow {
  id: string
  subscriber_id: string
  change: Buffer
  asked_at: number
  applies_at: number
  texts: number
  state: 'waiting' | 'stopped' | 'applied'
}

const on = (db: Db | Trx) => db.withTables<CustomersTables>()

/** A subscriber with the secret in force, if any. */
export interface SubscriberWithSecret {
  readonly row: SubscriberRow
  readonly secret: SecretRow | null
  /** Epoch ms when an earlier tenure of this number ended. */
  readonly recycledAt: number | null
}

/** Reads one subscriber: the present holder of `subject`, or whoever has this `id` or `tenure`. */
export async function readSubscriber(
  db: Db | Trx,
  by: { subject: string } | { id: string } | { tenure: string },
): Promise<SubscriberWithSecret | null> {
  const all = on(db)
    .selectFrom('customers.subscriber as s')
    .leftJoin('customers.secret as k', 'k.subscriber_id', 's.id')
    .select(['s.id', 's.subject', 's.tenure', 's.tenure_from', 's.tenure_until', 's.profile'])
    .select([
      'k.subscriber_id',
      'k.kind',
      'k.salt',
      'k.hash',
      'k.set_at',
      'k.wrong_in_all',
      'k.needs_shop_reset',
    ])
    .select((e) =>
      e
        .selectFrom('customers.subscriber as earlier')
        .select((m) => m.fn.max('earlier.tenure_until').as('until'))
        .whereRef('earlier.subject', '=', 's.subject')
        .whereRef('earlier.tenure_until', '<=', 's.tenure_from')
        .as('earlier_until'),
    )
  const found = await ('subject' in by
    ? all.where('s.subject', '=', by.subject).where('s.tenure_until', 'is', null)
    : 'id' in by
      ? all.where('s.id', '=', by.id)
      : all.where('s.tenure', '=', by.tenure)
  ).executeTakeFirst()
  if (found === undefined) return null
  const { subscriber_id, kind, salt, hash, set_at, wrong_in_all, needs_shop_reset, earlier_until, ...row } =
    found
  const secret = { subscriber_id, kind, salt, hash, set_at, wrong_in_all, needs_shop_reset }
  return {
    row,
    secret: subscriber_id === null ? null : (secret as SecretRow),
    recycledAt: earlier_until === null ? null : earlier_until * 1000,
  }
}

/** The tenures of one number, earliest first. */
export async function readTenures(db: Db | Trx, subject: string): Promise<string[]> {
  const rows = await on(db)
    .selectFrom('customers.subscriber')
    .select('tenure')
    .where('subject', '=', subject)
    .orderBy('tenure_from')
    .execute()
  return rows.map(({ tenure }) => tenure)
}

/** Everybody who ever held a number, earliest first, with what is sealed of them. */
export async function readHolders(db: Db | Trx, subject: string): Promise<SubscriberRow[]> {
  return on(db)
    .selectFrom('customers.subscriber')
    .select(['id', 'subject', 'tenure', 'tenure_from', 'tenure_until', 'profile'])
    .where('subject', '=', subject)
    .orderBy('tenure_from')
    .execute()
}

/** Where tenures of these subjects ended: epoch seconds by subject, ascending. */
export async function readEarlierEnds(
  db: Db | Trx,
  subjects: readonly string[],
): Promise<Map<string, number[]>> {
  const rows = await on(db)
    .selectFrom('customers.subscriber')
    .select(['subject', 'tenure_until'])
    .where('subject', '=', (e) => e.fn.any(e.val(subjects)))
    .where('tenure_until', 'is not', null)
    .orderBy('tenure_until')
    .execute()
  const ends = new Map<string, number[]>()
  for (const row of rows) ends.set(row.subject, [...(ends.get(row.subject) ?? []), row.tenure_until ?? 0])
  return ends
}

/** Epoch ms when the tenure before this one ended; null when there was none. */
export function recycledAtOf(
  row: Pick<SubscriberRow, 'subject' | 'tenure_from'>,
  ends: ReadonlyMap<string, readonly number[]>,
): number | null {
  const end = ends.get(row.subject)?.findLast((until) => until <= row.tenure_from)
  return end === undefined ? null : end * 1000
}

/** How many hold a number now. */
export async function countSubscribers(db: Db): Promise<number> {
  const { n } = await on(db)
    .selectFrom('customers.subscriber')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('tenure_until', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Writes many subscribers and their secrets; order is free. */
export async function insertSubscribers(
  trx: Trx,
  rows: SubscriberRow[],
  secrets: SecretRow[],
): Promise<void> {
  for (const chunk of chunks(rows)) await on(trx).insertInto('customers.subscriber').values(chunk).execute()
  for (const chunk of chunks(secrets)) await on(trx).insertInto('customers.secret').values(chunk).execute()
}

/** Writes the sealed profile anew. */
export async function updateProfile(trx: Trx, id: string, profile: Buffer): Promise<void> {
  await on(trx).updateTable('customers.subscriber').set({ profile }).where('id', '=', id).execute()
}

/**
 * Holds the subscriber's row until the transaction ends, so that tries, sends and changes of one subscriber happen
 * one after another: two submits of one code meet here, and the second finds it spent.
 */
export async function lockSubscriber(trx: Trx, id: string): Promise<void> {
  await on(trx).selectFrom('customers.subscriber').select('id').where('id', '=', id).forUpdate().execute()
}

/** Sets the PIN or passphrase; counts of wrong tries start anew. */
export async function putSecret(trx: Trx, row: SecretRow): Promise<void> {
  await on(trx)
    .insertInto('customers.secret')
    .values(row)
    .onConflict((c) =>
      c.column('subscriber_id').doUpdateSet({
        kind: row.kind,
        salt: row.salt,
        hash: row.hash,
        set_at: row.set_at,
        wrong_in_all: 0,
        needs_shop_reset: false,
      }),
    )
    .execute()
  await clearTries(trx, row.subscriber_id, 'secret')
}

/** The secret, read anew under the subscriber's lock. */
export async function readSecret(db: Db | Trx, subscriberId: string): Promise<SecretRow | null> {
  const row = await on(db)
    .selectFrom('customers.secret')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst()
  return row ?? null
}

/** Saves how often the secret was tried wrongly in all. */
export async function saveWrongInAll(
  trx: Trx,
  id: string,
  wrong: number,
  needsReset: boolean,
): Promise<void> {
  await on(trx)
    .updateTable('customers.secret')
    .set({ wrong_in_all: wrong, needs_shop_reset: needsReset })
    .where('subscriber_id', '=', id)
    .execute()
}

/** Tries at one method, or null when none was wrong. */
export async function readTries(db: Db | Trx, id: string, method: TriedMethod): Promise<Tries | null> {
  const row = await on(db)
    .selectFrom('customers.tries')
    .selectAll()
    .where('subscriber_id', '=', id)
    .where('method', '=', method)
    .executeTakeFirst()
  return row === undefined ? null : { wrong: row.wrong, lockedUntil: row.locked_until }
}

/** Saves tries at one method. */
export async function saveTries(trx: Trx, id: string, method: TriedMethod, tries: Tries): Promise<void> {
  const set = { wrong: tries.wrong, locked_until: tries.lockedUntil }
  await on(trx)
    .insertInto('customers.tries')
    .values({ subscriber_id: id, method, ...set })
    .onConflict((c) => c.columns(['subscriber_id', 'method']).doUpdateSet(set))
    .execute()
}

/** Forgets wrong tries after a right one. */
export async function clearTries(trx: Trx, id: string, method: TriedMethod): Promise<void> {
  await on(trx)
    .deleteFrom('customers.tries')
    .where('subscriber_id', '=', id)
    .where('method', '=', method)
    .execute()
}

/** When codes were sent that count together, since `since`, newest first. */
export async function readSends(trx: Trx, id: string, countWith: string, since: number): Promise<number[]> {
  const rows = await on(trx)
    .selectFrom('customers.code')
    .select('sent_at')
    .where('subscriber_id', '=', id)
    .where('count_with', '=', countWith)
    .where('sent_at', '>', since)
    .orderBy('sent_at', 'desc')
    .limit(10)
    .execute()
  return rows.map((r) => r.sent_at)
}

/** Writes a new code; an older one of the same purpose and binding stops working. Gives its id. */
export async function putCode(trx: Trx, code: Omit<Selectable<CodeRow>, 'id' | 'spent_at'>): Promise<number> {
  await on(trx)
    .updateTable('customers.code')
    .set({ spent_at: code.sent_at })
    .where('subscriber_id', '=', code.subscriber_id)
    .where('purpose', '=', code.purpose)
    .where('bind_to', '=', code.bind_to)
    .where('spent_at', 'is', null)
    .execute()
  const { id } = await on(trx)
    .insertInto('customers.code')
    .values({ ...code, spent_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The code that is live for this purpose and binding. */
export async function readLiveCode(
  trx: Trx,
  by: { id: string; purpose: string; bindTo: string; now: number },
): Promise<{ id: number; hash: Buffer } | null> {
  const row = await on(trx)
    .selectFrom('customers.code')
    .select(['id', 'hash'])
    .where('subscriber_id', '=', by.id)
    .where('purpose', '=', by.purpose)
    .where('bind_to', '=', by.bindTo)
    .where('spent_at', 'is', null)
    .where('expires_at', '>', by.now)
    .orderBy('sent_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Spends a code; false when another transaction was first. */
export async function spendCode(trx: Trx, codeId: number, now: number): Promise<boolean> {
  const done = await on(trx)
    .updateTable('customers.code')
    .set({ spent_at: now })
    .where('id', '=', codeId)
    .where('spent_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Removes codes that ended more than a day ago; their hashes serve nobody. */
export async function forgetOldCodes(db: Db, before: number): Promise<void> {
  await on(db).deleteFrom('customers.code').where('expires_at', '<', before).execute()
}

/** Changes that wait, oldest first. */
export async function readWaiting(db: Db | Trx, subscriberId: string): Promise<WaitingRow[]> {
  return on(db)
    .selectFrom('customers.waiting_change')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'waiting')
    .orderBy('asked_at')
    .execute()
}

/** One waiting change, held until the transaction ends. */
export async function lockWaiting(trx: Trx, id: string): Promise<WaitingRow | null> {
  const row = await on(trx)
    .selectFrom('customers.waiting_change')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Writes a change that waits. */
export async function insertWaiting(trx: Trx, row: WaitingRow): Promise<void> {
  await on(trx).insertInto('customers.waiting_change').values(row).execute()
}

/** Moves a waiting change on. */
export async function saveWaiting(
  trx: Trx,
  id: string,
  set: { texts?: number; state?: WaitingRow['state'] },
): Promise<void> {
  await on(trx).updateTable('customers.waiting_change').set(set).where('id', '=', id).execute()
}

function chunks<T>(list: readonly T[], size = 1000): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}
