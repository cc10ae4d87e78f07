import { sql } from 'kysely'
import { CodedError } from '../coded-error.ts'
import type { Db, Trx } from '../database.ts'

/** A text as it rests in the outbox. */
export interface OutboxRow {
  readonly id: number
  readonly purpose: string
  readonly ref: string
  readonly sealed: Buffer
  readonly message_reference: number
  readonly attempts: number
  readonly expires_at: number
}

/**
 * Puts a text into the outbox; null when this purpose and ref are there already. Nothing of what it belongs to happens
 * when the database drops it. @throws CodedError `text-dropped`
 */
export async function addToOutbox(
  trx: Trx,
  text: {
    purpose: string
    ref: string
    language: string
    sealed: Buffer
    messageReference: number
    createdAt: number
    expiresAt: number
  },
): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO platform.sms_outbox
      (purpose, ref, language, sealed, message_reference, created_at, expires_at, next_try_at)
    VALUES (${text.purpose}, ${text.ref}, ${text.language}, ${text.sealed}, ${text.messageReference},
      ${text.createdAt}, ${text.expiresAt}, ${text.createdAt})
    ON CONFLICT (purpose, ref) DO NOTHING RETURNING id`.execute(trx)
  const { rows: kept } = await sql`SELECT FROM platform.sms_outbox
    WHERE purpose = ${text.purpose} AND ref = ${text.ref}`.execute(trx)
  if (kept.length === 0)
    throw new CodedError(
      'text-dropped',
      'the database did not keep a text that is to be sent: ask the doctor',
    )
  return rows[0]?.id ?? null
}

/** Takes a waiting text for one worker until `until`; null when another has it or it is done. */
export async function claimText(db: Db, id: number, now: number, until: number): Promise<OutboxRow | null> {
  const { rows } = await sql<OutboxRow>`
    UPDATE platform.sms_outbox SET claimed_until = ${until}, attempts = attempts + 1
    WHERE id = ${id} AND state = 'waiting' AND claimed_until <= ${now}
    RETURNING id, purpose, ref, sealed, message_reference, attempts, expires_at`.execute(db)
  return rows[0] ?? null
}

/** Which parts the SMSC has taken already. */
export async function partsTaken(db: Db, id: number): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ part: number }>`
    SELECT part FROM platform.sms_part WHERE outbox_id = ${id}`.execute(db)
  return new Set(rows.map((row) => row.part))
}

/** Notes that the SMSC took a part, so that no later attempt sends it again. */
export async function recordPart(db: Db, id: number, part: number, messageId: string): Promise<void> {
  await sql`INSERT INTO platform.sms_part (message_id, outbox_id, part) VALUES (${messageId}, ${id}, ${part})
    ON CONFLICT (message_id) DO UPDATE SET outbox_id = excluded.outbox_id, part = excluded.part`.execute(db)
}

/** Notes what a delivery receipt said; it may come before its part is noted. */
export async function recordReceipt(db: Db, messageId: string, state: string): Promise<void> {
  await sql`INSERT INTO platform.sms_part (message_id, receipt) VALUES (${messageId}, ${state})
    ON CONFLICT (message_id) DO UPDATE SET receipt = excluded.receipt`.execute(db)
}

/** Ends a text and empties what was sealed. */
export async function finishText(db: Db, id: number, state: 'sent' | 'failed' | 'expired'): Promise<void> {
  await sql`UPDATE platform.sms_outbox SET state = ${state}, sealed = NULL, claimed_until = 0
    WHERE id = ${id}`.execute(db)
}

/** Gives a text back, to be tried again at `nextTryAt`. */
export async function releaseText(trx: Trx, id: number, nextTryAt: number): Promise<void> {
  await sql`UPDATE platform.sms_outbox SET claimed_until = 0, next_try_at = ${nextTryAt}
    WHERE id = ${id}`.execute(trx)
}

/** Texts whose time passed without a worker: their job died with a server. */
export async function forgottenTexts(db: Db, before: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM platform.sms_outbox
    WHERE state = 'waiting' AND next_try_at < ${before} AND claimed_until < ${before}
    ORDER BY next_try_at LIMIT 1000`.execute(db)
  return rows.map((row) => row.id)
}

/** Forgets texts that ended before `before`. */
export async function deleteOldTexts(db: Db, before: number): Promise<void> {
  await sql`DELETE FROM platform.sms_outbox WHERE state <> 'waiting' AND expires_at < ${before}`.execute(db)
}

/** How many parts of a text were taken, and how many of those have arrived. */
export async function deliveryOf(
  db: Db,
  purpose: string,
  ref: string,
): Promise<{ state: string; parts: number; delivered: number } | null> {
  const { rows } = await sql<{ state: string; parts: number; delivered: number }>`
    SELECT o.state, count(p.part)::int AS parts, count(p.part) FILTER (WHERE p.receipt = 'delivered')::int AS delivered
    FROM platform.sms_outbox o LEFT JOIN platform.sms_part p ON p.outbox_id = o.id
    WHERE o.purpose = ${purpose} AND o.ref = ${ref} GROUP BY o.id`.execute(db)
  return rows[0] ?? null
}

/** Keeps a text that arrived at a demo phone. */
export async function addDemoText(
  db: Db,
  text: { handle: string; at: number; sealed: Buffer },
): Promise<void> {
  await sql`INSERT INTO platform.demo_text (handle, at, sealed)
    VALUES (${text.handle}, ${text.at}, ${text.sealed})`.execute(db)
}

/** The newest `limit` texts of a demo phone, newest first. */
export async function demoTexts(
  db: Db,
  handle: string,
  limit: number,
): Promise<{ id: number; at: number; sealed: Buffer }[]> {
  const { rows } = await sql<{ id: number; at: number; sealed: Buffer }>`
    SELECT id, at, sealed FROM platform.demo_text WHERE handle = ${handle} ORDER BY id DESC LIMIT ${limit}`.execute(
    db,
  )
  return rows
}

/** Remembers whose phone a handle is. */
export async function saveDemoPhone(db: Db, handle: string, sealed: Buffer): Promise<void> {
  await sql`INSERT INTO platform.demo_phone (handle, sealed) VALUES (${handle}, ${sealed})
    ON CONFLICT (handle) DO UPDATE SET sealed = excluded.sealed`.execute(db)
}

/** Whose phone a handle is, sealed; null when nobody chose it. */
export async function demoPhone(db: Db, handle: string): Promise<Buffer | null> {
  const { rows } = await sql<{ sealed: Buffer }>`
    SELECT sealed FROM platform.demo_phone WHERE handle = ${handle}`.execute(db)
  return rows[0]?.sealed ?? null
}
