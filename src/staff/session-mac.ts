import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a session's code covers: all that never changes while it lasts. */
export interface SessionIdentity {
  readonly id: string
  readonly token_hash: Uint8Array
  readonly staff_id: string
  readonly shop: string | null
  readonly how: string
  readonly started_at: number
  readonly ends_at: number
}

/** The purpose of the key that authenticates sessions. */
export const SESSION_KEY = 'staff-session'

/**
 * 32 bytes that only a server with the keys can make of this session (HMAC-SHA256, RFC 2104): whoever may write into
 * the database but has no keys invents no session and moves none to another person.
 */
export function macOf(key: Uint8Array, session: SessionIdentity): Buffer {
  const { id, token_hash, staff_id, shop, how, started_at, ends_at } = session
  const says = [id, Buffer.from(token_hash).toString('hex'), staff_id, shop, how, started_at, ends_at]
  return createHmac('sha256', key).update(JSON.stringify(says)).digest()
}

/** Whether a server with the keys made this session as it stands. */
export function isOurs(key: Uint8Array, session: SessionIdentity, mac: Uint8Array | null): boolean {
  return mac !== null && mac.length === 32 && timingSafeEqual(mac, macOf(key, session))
}
