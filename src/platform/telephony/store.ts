import { sql } from 'kysely'
import type { Db, Trx } from '../database.ts'

export interface CallRow {
  readonly call_id: string
  readonly sealed: Buffer
  readonly desk: string
  readonly network_asserted: boolean
  readonly call_back_ref: string | null
  readonly started_at: number
  readonly answered_at: number | null
}

export interface NewCall {
  readonly callId: string
  readonly lookup: Buffer
  readonly sealed: Buffer
  readonly desk: string
  readonly networkAsserted: boolean
  readonly callBackRef: string | null
  readonly at: number
}

const columns = sql`call_id, sealed, desk, network_asserted, call_back_ref, started_at, answered_at`

/** Notes a call, or that a known one moved to another desk; one that ended stays ended. */
export async function upsertCall(trx: Trx, call: NewCall): Promise<void> {
  await sql`INSERT INTO platform.telephony_call
      (call_id, lookup, sealed, desk, network_asserted, call_back_ref, started_at)
    VALUES (${call.callId}, ${call.lookup}, ${call.sealed}, ${call.desk}, ${call.networkAsserted},
      ${call.callBackRef}, ${call.at})
    ON CONFLICT (call_id) DO UPDATE SET desk = excluded.desk
    WHERE telephony_call.ended_at IS NULL AND telephony_call.lookup = excluded.lookup`.execute(trx)
}

/** Notes when a call was first answered. */
export async function markAnswered(trx: Trx, callId: string, at: number): Promise<void> {
  await sql`UPDATE platform.telephony_call SET answered_at = coalesce(answered_at, ${at})
    WHERE call_id = ${callId} AND ended_at IS NULL`.execute(trx)
}

/** Ends a call and forgets its number. */
export async function markEnded(trx: Trx, callId: string, at: number): Promise<void> {
  await sql`UPDATE platform.telephony_call SET ended_at = coalesce(ended_at, ${at}), sealed = NULL
    WHERE call_id = ${callId}`.execute(trx)
}

/** Ends every call and forgets their numbers: for an exchange that begins anew and knows of none. */
export async function markAllEnded(db: Db, at: number): Promise<void> {
  await sql`UPDATE platform.telephony_call SET ended_at = ${at}, sealed = NULL
    WHERE ended_at IS NULL`.execute(db)
}

/** The newest live call of a number that began after `since`. */
export async function callOfNumber(db: Db, lookup: Buffer, since: number): Promise<CallRow | null> {
  const { rows } = await sql<CallRow>`SELECT ${columns} FROM platform.telephony_call
    WHERE lookup = ${lookup} AND ended_at IS NULL AND started_at > ${since}
    ORDER BY started_at DESC LIMIT 1`.execute(db)
  return rows[0] ?? null
}

/** The newest live call at a desk that began after `since`. */
export async function callAtDesk(db: Db, desk: string, since: number): Promise<CallRow | null> {
  const { rows } = await sql<CallRow>`SELECT ${columns} FROM platform.telephony_call
    WHERE desk = ${desk} AND ended_at IS NULL AND started_at > ${since}
    ORDER BY started_at DESC LIMIT 1`.execute(db)
  return rows[0] ?? null
}

/** A live call by its id. */
export async function callById(db: Db, callId: string, since: number): Promise<CallRow | null> {
  const { rows } = await sql<CallRow>`SELECT ${columns} FROM platform.telephony_call
    WHERE call_id = ${callId} AND ended_at IS NULL AND started_at > ${since}`.execute(db)
  return rows[0] ?? null
}

export interface CallBackRow {
  readonly ref: string
  readonly lookup: Buffer
  readonly sealed: Buffer | null
  readonly desk: string
  readonly outcome: string | null
}

/** Notes that a call back was asked for; false when this ref was there already. */
export async function addCallBack(
  trx: Trx,
  request: { ref: string; lookup: Buffer; sealed: Buffer; desk: string; at: number },
): Promise<boolean> {
  const { rows } = await sql<{ ref: string }>`
    INSERT INTO platform.telephony_call_back (ref, lookup, sealed, desk, asked_at)
    VALUES (${request.ref}, ${request.lookup}, ${request.sealed}, ${request.desk}, ${request.at})
    ON CONFLICT (ref) DO NOTHING RETURNING ref`.execute(trx)
  return rows.length > 0
}

/** A call back by its ref. */
export async function callBackOf(db: Db, ref: string): Promise<CallBackRow | null> {
  const { rows } = await sql<CallBackRow>`SELECT ref, lookup, sealed, desk, outcome
    FROM platform.telephony_call_back WHERE ref = ${ref}`.execute(db)
  return rows[0] ?? null
}

/** Notes the outcome once and forgets the number; false when it was known already. */
export async function finishCallBack(db: Db, ref: string, outcome: 'answered' | 'failed'): Promise<boolean> {
  const { rows } = await sql<{ ref: string }>`
    UPDATE platform.telephony_call_back SET outcome = ${outcome}, sealed = NULL
    WHERE ref = ${ref} AND outcome IS NULL RETURNING ref`.execute(db)
  return rows.length > 0
}

/** Forgets calls and call backs that began before `before`, and the numbers of those that began before `sealedBefore`. */
export async function forgetOldCalls(db: Db, before: number, sealedBefore: number): Promise<void> {
  await sql`DELETE FROM platform.telephony_call WHERE started_at < ${before}`.execute(db)
  await sql`DELETE FROM platform.telephony_call_back WHERE asked_at < ${before}`.execute(db)
  await sql`UPDATE platform.telephony_call SET sealed = NULL, ended_at = coalesce(ended_at, ${sealedBefore})
    WHERE sealed IS NOT NULL AND started_at < ${sealedBefore}`.execute(db)
  await sql`UPDATE platform.telephony_call_back SET sealed = NULL
    WHERE sealed IS NOT NULL AND asked_at < ${sealedBefore}`.execute(db)
}
