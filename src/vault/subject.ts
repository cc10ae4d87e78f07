import { createHmac } from 'node:crypto'
import type { E164, Subject } from '../calls/call-record.ts'

export type { Subject } from '../calls/call-record.ts'

/** The purpose of the key that makes pseudonyms: `keys.prfKey(PSEUDONYM_KEY)`. */
export const PSEUDONYM_KEY = 'pseudonym'

/** The pseudonym of `number`: HMAC-SHA256 under the pseudonym key, cut to 16 bytes, as 32 hex digits. */
export function subjectOf(pseudonymKey: Uint8Array, number: E164): Subject {
  return createHmac('sha256', pseudonymKey).update(number).digest('hex').slice(0, 32) as Subject
}

/** `text` as a subject, or null when it is not 32 lower-case hex digits. */
export function parseSubject(text: string): Subject | null {
  return /^[0-9a-f]{32}$/.test(text) ? (text as Subject) : null
}

/** The tenure of a number while no subscriber file names its holder. */
export function unregisteredTenure(subject: Subject): string {
  return `unregistered-${subject}`
}
