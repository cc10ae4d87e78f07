import { sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'

/** A system of the operator's. */
export interface Client {
  readonly id: string
  readonly name: string
  readonly addedAt: number
}

const CLIENT = sql.raw('id, name, added_at AS "addedAt"')

/** Files a client. */
export async function insertClient(trx: Trx, client: Client & { secretHash: Buffer }): Promise<void> {
  await sql`INSERT INTO crm.client (id, name, secret_hash, added_at)
    VALUES (${client.id}, ${client.name}, ${client.secretHash}, ${client.addedAt})`.execute(trx)
}

/** Takes a client's right away, its tokens with it. @returns false when there is no such client. */
export async function endClient(trx: Trx, id: string, at: number): Promise<boolean> {
  await sql`DELETE FROM crm.token WHERE client_id = ${id}`.execute(trx)
  const done = await sql`UPDATE crm.client SET removed_at = ${at}
    WHERE id = ${id} AND removed_at IS NULL`.execute(trx)
  return done.numAffectedRows === 1n
}

/** Clients that have their right, by name. */
export async function listClients(on: Db): Promise<Client[]> {
  const { rows } = await sql<Client>`SELECT ${CLIENT} FROM crm.client
    WHERE removed_at IS NULL ORDER BY name, id`.execute(on)
  return rows
}

/** The client that has this id and secret. */
export async function findClient(on: Db, id: string, secretHash: Buffer): Promise<Client | null> {
  const { rows } = await sql<Client>`SELECT ${CLIENT} FROM crm.client
    WHERE id = ${id} AND secret_hash = ${secretHash} AND removed_at IS NULL`.execute(on)
  return rows[0] ?? null
}

/** Files an access token; those that ran out are forgotten. */
export async function insertToken(
  on: Db,
  token: { hash: Buffer; client: string; expiresAt: number },
  now: number,
): Promise<void> {
  await sql`DELETE FROM crm.token WHERE expires_at <= ${now}`.execute(on)
  await sql`INSERT INTO crm.token (token_hash, client_id, expires_at)
    VALUES (${token.hash}, ${token.client}, ${token.expiresAt})`.execute(on)
}

/** Whose access token this is, while it holds. */
export async function clientOfToken(on: Db, hash: Buffer, now: number): Promise<Client | null> {
  const { rows } = await sql<Client>`SELECT c.id, c.name, c.added_at AS "addedAt" FROM crm.token t
    JOIN crm.client c ON c.id = t.client_id
    WHERE t.token_hash = ${hash} AND t.expires_at > ${now} AND c.removed_at IS NULL`.execute(on)
  return rows[0] ?? null
}

/** Notes who opened a contact; the first who did stays. */
export async function noteContact(
  on: Db,
  note: { contact: string; client: string; staff: string; at: number },
): Promise<void> {
  await sql`INSERT INTO crm.contact (contact_id, client_id, staff_id, opened_at)
    VALUES (${note.contact}, ${note.client}, ${note.staff}, ${note.at}) ON CONFLICT DO NOTHING`.execute(on)
}

/** Whether this client opened this contact in this person's name. */
export async function openedBy(on: Db, contact: string, client: string, staff: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM crm.contact
    WHERE contact_id = ${contact} AND client_id = ${client} AND staff_id = ${staff}`.execute(on)
  return rows.length === 1
}
