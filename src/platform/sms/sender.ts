import type { Trx } from '../database.ts'
import type { Language } from '../words.ts'

export interface SmsMessage {
  /** E.164, with its plus sign. */
  readonly to: string
  /** At most 1,000 characters; longer ones are refused by an invariant. */
  readonly text: string
  /** Why it is sent, in kebab case (`sms-code`, `look-notice`); kept unsealed for counting. */
  readonly purpose: string
  /** An id that makes the text once: the same purpose and ref are sent once, however often asked. */
  readonly ref: string
  readonly language: Language
  /** ms since 1970 after which it is not sent any more (a code that has expired); default 24 hours. */
  readonly expiresAt?: number
}

/** Sends texts to customers. */
export interface SmsSender {
  /** Puts the text, sealed, into the outbox in this transaction; it leaves soon after the commit. */
  send(trx: Trx, message: SmsMessage): Promise<void>
}
