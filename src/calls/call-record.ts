declare const e164: unique symbol
declare const subject: unique symbol

/** A telephone number in E.164 form with its plus sign: `+959791204412`. Made by `parseNumber` only. */
export type E164 = string & { readonly [e164]: true }

/** The pseudonym of a number, 32 hex digits. Made by `subjectOf` only. */
export type Subject = string & { readonly [subject]: true }

/** What was used. */
export type Kind = 'voice' | 'sms' | 'data'

/** Seen from the subscriber: `session` is data, which has no other party. */
export type Direction = 'out' | 'in' | 'forwarded' | 'session'

/** Who was at the other end. `name` is an alphanumeric sender; `withheld` hid its number; `none` is data. */
export type OtherParty =
  | { readonly kind: 'number'; readonly number: E164 }
  | { readonly kind: 'short-code'; readonly code: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'none' }

/** One row of one subscriber's log (domain: the call record). */
export interface CallRecord {
  /** The party whose log the row is in. */
  readonly subscriber: E164
  readonly other: OtherParty
  readonly direction: Direction
  readonly kind: Kind
  readonly answered: boolean
  /** Epoch seconds, UTC. */
  readonly start: number
  /** Whole seconds; null for texts, and where the source does not say. */
  readonly durationSeconds: number | null
  /** Both ways together; null unless `kind` is `data`. */
  readonly bytes: number | null
  readonly cell: string | null
  /** Thousandths of the major unit of `currency`; null where the source has no charges. */
  readonly chargeMilli: number | null
  /** ISO 4217. */
  readonly currency: string | null
  /** Identifier of a tariff category. */
  readonly tariff: string | null
  /** The switch's own reference of the call; kept exactly for 45 days only. */
  readonly reference: string | null
  readonly source: CallSource
}

/** Where a record was read. */
export interface CallSource {
  /** SHA-256 of the file, 32 bytes. */
  readonly digest: Buffer
  /** Line number (from 1) or byte offset within the file. */
  readonly position: number
}

/** One text for one other party, and no other's: equal texts are equal parties. */
export function otherPartyKey(other: OtherParty): string {
  switch (other.kind) {
    case 'number':
      return `n${other.number}`
    case 'short-code':
      return `c${other.code}`
    case 'name':
      return `a${other.name}`
    case 'withheld':
      return 'w'
    case 'none':
      return '-'
  }
}
