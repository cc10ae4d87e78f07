import { CompiledQuery, sql } from 'kysely'
import { CopyRows, encodeCopyFields } from '../platform/copy.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { SubscriberRow } from './store.ts'

/** Every tenure of these numbers, with its sealed profile, earliest first. */
export async function readHolders(trx: Trx, subjects: readonly string[]): Promise<SubscriberRow[]> {
  const found = await sql<SubscriberRow>`
    SELECT id, subject, tenure, tenure_from, tenure_until, profile FROM customers.subscriber
    WHERE subject = ANY(${subjects}::text[]) ORDER BY subject, tenure_from FOR UPDATE`.execute(trx)
  return found.rows
}

/** Writes new tenures, which are made one by one as the database takes them in. */
export async function copyHolders(trx: Trx, rows: Iterable<SubscriberRow>): Promise<void> {
  const fields = function* () {
    for (const { id, subject, tenure, tenure_from, tenure_until, profile } of rows)
      yield encodeCopyFields([id, subject, tenure, tenure_from, tenure_until, profile])
  }
  const into = 'customers.subscriber (id, subject, tenure, tenure_from, tenure_until, profile)'
  await trx.executeQuery(
    CompiledQuery.raw(`COPY ${into} FROM STDIN (FORMAT binary)`, [new CopyRows(fields())]),
  )
}

/** Writes profiles and ends of tenures on record anew. */
export async function updateHolders(trx: Trx, rows: readonly SubscriberRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`UPDATE customers.subscriber s SET profile = n.profile, tenure_until = n.tenure_until
    FROM unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.tenure_until)}::bigint[],
      ${rows.map((row) => row.profile)}::bytea[]) AS n (id, tenure_until, profile)
    WHERE s.id = n.id`.execute(trx)
}

export interface ChargeRow {
  readonly key: Buffer
  readonly subscriber_id: string
  readonly month: number
  readonly sealed: Buffer
}

/** Charges that are on record under these keys. */
export async function readCharges(trx: Trx, keys: readonly Buffer[]): Promise<ChargeRow[]> {
  const found = await sql<ChargeRow>`
    SELECT key, subscriber_id, month, sealed FROM customers.charge WHERE key = ANY(${keys}::bytea[])`.execute(
    trx,
  )
  return found.rows
}

/** Writes charges, or writes them anew. */
export async function putCharges(trx: Trx, rows: readonly ChargeRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`INSERT INTO customers.charge (key, subscriber_id, month, sealed)
    SELECT * FROM unnest(${rows.map((row) => row.key)}::bytea[], ${rows.map((row) => row.subscriber_id)}::text[],
      ${rows.map((row) => row.month)}::integer[], ${rows.map((row) => row.sealed)}::bytea[])
    ON CONFLICT (key) DO UPDATE SET subscriber_id = excluded.subscriber_id, month = excluded.month,
      sealed = excluded.sealed`.execute(trx)
}

/** One tenure's charges of a local month (`202608`). */
export async function readMonthCharges(on: Db | Trx, tenure: string, month: number): Promise<ChargeRow[]> {
  const found = await sql<ChargeRow>`
    SELECT c.key, c.subscriber_id, c.month, c.sealed FROM customers.charge c
    JOIN customers.subscriber s ON s.id = c.subscriber_id
    WHERE s.tenure = ${tenure} AND c.month = ${month}`.execute(on)
  return found.rows
}
