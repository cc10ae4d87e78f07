import type { E164 } from '../calls/call-record.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { Subject } from '../vault/subject.ts'
import type { PersonName, Registration, SafeMode, SecretKind, Subscriber } from './subscriber.ts'

export type { PersonName, Registration, SafeMode, SecretKind, Subscriber }

/** How a person shows that it is her (`domain.md` 2). `network-call` is the operator's own assertion of the line. */
export type Factor = 'network-call' | 'sms-code' | 'pin' | 'passphrase' | 'call-back' | 'photo-id'

/** What a code is for. It is checked with the same purpose and binding that it was sent with, or not at all. */
export type CodePurpose = 'verify-contact' | 'blind-match' | 'unmask-row' | 'sign-in' | 'second-number'

export interface CodeRequest {
  readonly purpose: CodePurpose
  /** The id of the contact, row or session that the code works in and nowhere else. Never a number. */
  readonly bindTo: string
  /** Counts sends: at most 3 for each of these, 60 s apart. Defaults to `bindTo`; for rows, the contact's id. */
  readonly countWith?: string
  /** What the code lets happen, as the end of a sentence: `lets our staff see your August calls for 30 minutes`. */
  readonly allows: Words
  /** True when it is the customer herself who asks, on her own page: the text then has no "refuse to staff" line. */
  readonly ownPage?: boolean
}

export interface CodeSent {
  readonly sentAt: number
  readonly expiresAt: number
  readonly sendsLeft: number
}

/** She passed. Refusal codes otherwise: see `CUSTOMER_PROBLEMS` in `problems.ts`. */
export interface Passed {
  readonly passed: true
  readonly factor: Factor
}

/** A text to the customer's channel of record, in her language, as safe mode allows. */
export interface Notice {
  readonly text: Words
  /** `look`, `change`, `lock` ...: for the outbox and for delivery figures; never a person. */
  readonly purpose: string
  /** The id of what it is about; never a number. */
  readonly ref: string
}

/** Where a notice went: `withheld` means safe mode keeps it to her page or the shop. */
export type NoticeOutcome = 'texted' | 'texted-neutral' | 'texted-elsewhere' | 'withheld'

/**
 * Subscribers and what proves that somebody is one. All that changes state takes the caller's transaction and
 * writes its own entries into it; wrong tries are values too, so that the transaction that counts them commits.
 */
export interface Customers {
  /** Registers many at once, tenures in the vault included; thousands a second. Order is kept. */
  register(list: readonly Registration[]): Promise<Subscriber[]>
  /** The present holder of a number, or null: not ours, or nobody's now. */
  findByNumber(db: Db | Trx, number: E164): Promise<Subscriber | null>
  bySubject(db: Db | Trx, subject: Subject): Promise<Subscriber | null>
  byTenure(db: Db | Trx, tenure: string): Promise<Subscriber | null>
  byId(db: Db | Trx, id: string): Promise<Subscriber | null>
  /** How many subscribers hold a number now. */
  count(): Promise<number>

  /**
   * Why this factor may not be used for her now, or null. Looks at the change of SIM (7 days), forwarding, age of the
   * second number (30 days), recycled number (90 days), shop only, locks, and waits of the PIN (24 h).
   */
  factorBlock(db: Db | Trx, subscriber: Subscriber, factor: Factor): Promise<Refusal | null>
  /** The protective flags that are up, in words, for the champion's and for her own page. */
  flags(subscriber: Subscriber): Words[]

  /** Sends a code: 6 digits, 5 minutes, once. Refuses as `factorBlock('sms-code')`, after 3 sends, within 60 s. */
  sendCode(trx: Trx, subscriber: Subscriber, request: CodeRequest): Promise<CodeSent | Refusal>
  /** Checks a code where it was sent for; constant time; the third wrong try locks SMS codes for 30 minutes. */
  checkCode(
    trx: Trx,
    subscriber: Subscriber,
    answer: { purpose: CodePurpose; bindTo: string; code: string },
  ): Promise<Passed | Refusal>
  /** Checks PIN or passphrase, set 24 h ago or more; 5 wrong tries lock for 30 minutes, 10 in all until a shop resets it. */
  checkSecret(trx: Trx, subscriber: Subscriber, secret: string): Promise<Passed | Refusal>
  /** Where to call back: the number itself, or, after a change of SIM or when forwarded, a second number 30 days old. */
  callBackNumber(
    db: Db | Trx,
    subscriber: Subscriber,
  ): Promise<{ number: E164; which: 'own' | 'second' } | Refusal>

  /** An e-mail address of record that is 30 days old or more, or a refusal. */
  emailOfRecord(db: Db | Trx, subscriber: Subscriber): Promise<{ address: string } | Refusal>
  /** Tells her. */
  notify(trx: Trx, subscriber: Subscriber, notice: Notice): Promise<NoticeOutcome>
  /** The words that `notify` would send now: what the champion sees before she looks. */
  previewNotice(subscriber: Subscriber, notice: Notice): { text: string | null; outcome: NoticeOutcome }
}
