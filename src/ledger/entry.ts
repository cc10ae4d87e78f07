import type { Opening } from './receipt.ts'
import type { ChainKey } from './subjects/link.ts'

/** A JSON value as the ledger keeps it. Numbers are finite; entries hold no `undefined`. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Names an entry from the moment it is appended, before it has an index: 32 hex digits, in order of time. */
export type EntryId = string & { readonly __brand: 'EntryId' }

/**
 * What of an entry may one day be public: nobody's name, number or pseudonym, and never erased. The day and
 * the kind are added by the ledger.
 */
export interface HeaderDraft {
  readonly office?: string
  readonly category?: string
  readonly outcome?: string
  readonly counts?: Readonly<Record<string, number>>
  readonly caseSerial?: string
  readonly elapsedHours?: number
  /** With or without a contact: break glass has none. */
  readonly withContact?: boolean
}

/** An entry as a desk writes it. */
export interface EntryDraft {
  /** Kebab case: `contact-opened`, `grant`, `reveal`, `disclosure`, `staff-frozen`. */
  readonly kind: string
  /**
   * `null` for kinds that no report counts (a PIN changed, safe mode on): their header says kind `other`
   * and no office, or a stalker could read them from the times; only the sealed body says the kind.
   */
  readonly header: HeaderDraft | null
  /** Persons, reasons, what was shown: sealed with its salt, erasable. */
  readonly body: JsonObject
  /** Whom it is about (32 hex, a pseudonym): the index behind "entries about her". */
  readonly subject?: string | null
  /** Which member of staff did it. */
  readonly actor?: string | null
  /** What a receipt for this entry opens; only entries that have it ever get a receipt. */
  readonly opening?: Opening
  /** For the erasure of a body that is a link: whose chain it erased from. The ledger itself says it. */
  readonly erasedFrom?: ChainKey
}

/** A header as it is committed to. Keys and values are exactly the canonical JSON's. */
export interface Header extends HeaderDraft {
  readonly v: 1
  /** The draft's kind, or `other`. */
  readonly kind: string
  /** UTC: `2026-11-25`. */
  readonly day: string
}

/** A body as it is committed to: the draft's body is `says`. */
export interface Body {
  readonly v: 1
  /** Equal to the header's. */
  readonly kind: string
  /** The draft's kind where the header says only `other`. */
  readonly event?: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly subject?: string
  readonly actor?: string
  readonly opening?: Opening
  readonly says: JsonObject
}

/** An entry that is in the tree, opened. */
export interface StoredEntry {
  readonly id: EntryId
  readonly index: number
  /** The draft's kind (from the sealed body; `other` after such a body was erased). */
  readonly kind: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly header: Header
  /** What the draft's body said; null once erased. */
  readonly body: JsonObject | null
  readonly subject: string | null
  readonly actor: string | null
  readonly opening: Opening | null
}
