import type { Direction, Kind, OtherParty, Subject } from '../calls/call-record.ts'
import type { Receipt } from '../ledger/receipt.ts'
import type { Trx } from '../platform/database.ts'

declare const recordName: unique symbol

/** Names a record within its subject for ever, whatever merges or arrives late: 16 hex digits. */
export type RecordName = string & { readonly [recordName]: true }

/** One row as the opening allows: a property is there only when the opening names its field. */
export interface OpenedRow<M> {
  readonly name: RecordName
  /** Epoch seconds, UTC (field `start`). */
  readonly start?: number
  /** Field `duration`, also for data. */
  readonly durationSeconds?: number | null
  /** Field `duration`: how much, where `durationSeconds` says how long. */
  readonly bytes?: number | null
  readonly kind?: Kind
  readonly direction?: Direction
  readonly answered?: boolean
  /** Field `charge`, with its currency. */
  readonly chargeMilli?: number | null
  readonly currency?: string | null
  readonly tariff?: string | null
  readonly cell?: string | null
  /** What the lens made of the other party (fields `otherMasked`, `otherMatched`, `otherFull`). */
  readonly other?: M
}

/** What a lens is handed: the only place where another party stands in plain. */
export interface OtherSeen {
  readonly name: RecordName
  readonly other: OtherParty
}

/**
 * What the reader makes of the other party before the row leaves the vault: a mask, a match, or the number
 * itself. Called once a row, in order, and only when the opening names one of the `other...` fields.
 */
export interface Lens<M> {
  other?(seen: OtherSeen): M
}

/** Who held a number: `from <= start < until`, epoch seconds; `until` null means still. */
export interface Tenure {
  readonly subject: Subject
  readonly tenure: string
  readonly from: number
  readonly until: number | null
}

/** Sealed call records. Nothing here tells whether a subject exists. */
export interface Vault {
  /**
   * The only way out: spends the receipt and gives the rows it opens, clipped to the opening's tenure and
   * period, sorted by start, then name; of each row only the opening's fields.
   * @throws CodedError `receipt-forged`, `receipt-spent`, `block-broken`.
   */
  open<M = never>(receipt: Receipt, lens: Lens<M>): Promise<OpenedRow<M>[]>
  /**
   * Says who held a number when, and reseals under this tenure what was filed before it was known. Setting
   * the same tenure again moves its ends. @throws CodedError `tenure-overlaps`.
   */
  setTenure(trx: Trx, tenure: Tenure): Promise<void>
  /**
   * Merges the fresh blocks of at most `subjects` subjects into one block a month each; names stay.
   * @returns how many blocks went into how many.
   */
  merge(options: { subjects: number }): Promise<{ before: number; after: number }>
}

export type VaultErrorCode = 'block-broken' | 'tenure-overlaps' | 'offset-changed'
