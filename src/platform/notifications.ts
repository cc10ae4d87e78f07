import type { Db, Trx } from './database.ts'

/**
 * What is told to every server of one database at once. Payloads carry ids only, never a number, a name or a
 * code:
 *
 * - `session-ended` `{staffId}` or `{sessionId}`: signed out, frozen or dismissed
 * - `grant-ended` `{grantId, contactId, staffId, reason}`
 * - `contact-changed` `{contactId, staffId}`
 * - `call-event` `{desk, callId}`
 * - `notice` `{staffId, kind, id}`: something waits on this person
 * - `ledger-head` `{size}`
 */
export type Channel =
  | 'session-ended'
  | 'grant-ended'
  | 'contact-changed'
  | 'call-event'
  | 'notice'
  | 'ledger-head'

/** Ids and counts; together under 7,500 bytes (PostgreSQL's limit on a notification is 8,000). */
export type Payload = Readonly<Record<string, string | number>>

export interface Notifications {
  /**
   * Tells everybody when `trx` commits, and nobody when it rolls back.
   * NOTIFY serialises commits across the database, so the hot path of a look publishes nothing.
   */
  publish(trx: Trx | Db, channel: Channel, payload: Payload): Promise<void>
  /**
   * Calls `listener` for every notification on `channel`, from this server or another.
   * @param resync called after the listening connection was lost and is back: notifications may have been
   *   missed, so whoever keeps state by them reads it anew.
   * @returns stops listening.
   */
  subscribe(channel: Channel, listener: (payload: Payload) => void, resync?: () => void): () => void
  close(): Promise<void>
}
