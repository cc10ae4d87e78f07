import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** A proposal as it rests. Instants in epoch ms. */
export interface ErasureRow {
  readonly id: string
  readonly subject: string
  readonly tenure: string
  readonly sealed: Buffer
  readonly proposedBy: string
  readonly proposedDesk: string
  readonly proposedAt: number
  readonly state: 'waiting' | 'erased' | 'declined'
  readonly decidedDesk: string | null
  readonly decidedAt: number | null
  readonly finalOn: string | null
}

const ROW = sql`id, subject, tenure, sealed, proposed_by AS "proposedBy", proposed_desk AS "proposedDesk",
  proposed_at::float8 AS "proposedAt", state, decided_desk AS "decidedDesk", decided_at::float8 AS "decidedAt",
  final_on AS "finalOn"`

/** Those that wait first, then the newest; at most `limit`. */
export async function listRequests(on: Db | Trx, limit: number): Promise<ErasureRow[]> {
  const { rows } = await sql<ErasureRow>`SELECT ${ROW} FROM erasure.request
    ORDER BY (state = 'waiting') DESC, proposed_at DESC LIMIT ${limit}`.execute(on)
  return rows
}

/** One proposal, held until the transaction ends, so that two cannot decide it. */
export async function lockRequest(trx: Trx, id: string): Promise<ErasureRow | null> {
  const { rows } =
    await sql<ErasureRow>`SELECT ${ROW} FROM erasure.request WHERE id = ${id} FOR UPDATE`.execute(trx)
  return rows[0] ?? null
}

/** Whether one waits for this log. */
export async function isWaiting(trx: Trx, log: { subject: string; tenure: string }): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM erasure.request
    WHERE subject = ${log.subject} AND tenure = ${log.tenure} AND state = 'waiting'`.execute(trx)
  return rows.length > 0
}

/** Puts a proposal on record; false when one waits for this log. */
export async function insertRequest(
  trx: Trx,
  row: Omit<ErasureRow, 'state' | 'decidedDesk' | 'decidedAt' | 'finalOn'>,
): Promise<boolean> {
  const { rows } = await sql`INSERT INTO erasure.request
      (id, subject, tenure, sealed, proposed_by, proposed_desk, proposed_at)
    VALUES (${row.id}, ${row.subject}, ${row.tenure}, ${row.sealed}, ${row.proposedBy}, ${row.proposedDesk},
      ${row.proposedAt})
    ON CONFLICT DO NOTHING RETURNING id`.execute(trx)
  return rows.length > 0
}

/** Notes what was decided, and by whom. */
export async function saveDecision(
  trx: Trx,
  id: string,
  decided: {
    state: 'erased' | 'declined'
    by: string
    desk: string
    at: number
    sealed: Buffer
    finalOn: string | null
  },
): Promise<void> {
  await sql`UPDATE erasure.request SET state = ${decided.state}, decided_by = ${decided.by},
      decided_desk = ${decided.desk}, decided_at = ${decided.at}, sealed = ${decided.sealed}, final_on = ${decided.finalOn}
    WHERE id = ${id}`.execute(trx)
}
