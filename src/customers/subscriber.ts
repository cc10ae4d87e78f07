import type { E164 } from '../calls/call-record.ts'
import type { Language } from '../platform/words.ts'
import type { Subject } from '../vault/subject.ts'

/** A personal name, never split or shortened: Burmese names have no family name. */
export interface PersonName {
  /** In Burmese script, Unicode: `ခင်မာလွင်`. */
  readonly my: string
  /** In Latin letters: `Khin Mar Lwin`. */
  readonly latn: string
  /** `U`, `Daw`, `Ma`, `Ko`, `Mg` or empty. */
  readonly honorific: string
}

/** What turns a notice's text into something a shared phone may show. */
export type SafeMode =
  /** Texts say what happened. */
  | 'off'
  /** Texts say only that there is news on her page. */
  | 'neutral'
  /** Texts go to another number that she gave. */
  | 'elsewhere'
  /** No texts: she reads them on her page. */
  | 'page'
  /** No texts: she asks in a shop. */
  | 'shop'

export type SecretKind = 'pin' | 'passphrase'

/** One person's holding of one number, from when to when. All instants in epoch ms, tenures in epoch seconds. */
export interface Subscriber {
  /** Ours, 32 hex digits; says nothing. */
  readonly id: string
  /** The number's pseudonym; the same for every holder of a recycled number. */
  readonly subject: Subject
  readonly number: E164
  /** The vault's name of this tenure. */
  readonly tenure: string
  /** Epoch seconds. */
  readonly tenureFrom: number
  /** Epoch seconds, half open; null while she holds it. */
  readonly tenureUntil: number | null
  readonly name: PersonName
  readonly language: Language
  /** Epoch ms. */
  readonly registeredOn: number
  /** Epoch ms of the last change of SIM; null: never. */
  readonly simChangedAt: number | null
  /** Calls to the number are forwarded elsewhere. */
  readonly forwarded: boolean
  /** Epoch ms when an earlier holder's tenure of this number ended; null: nobody held it before. */
  readonly recycledAt: number | null
  readonly addressOfRecord: { readonly kind: 'post' | 'email'; readonly since: number } | null
  /** A second number of record, for calling back; the number itself only from `callBackNumber`. */
  readonly secondNumber: { readonly since: number } | null
  readonly protection: { readonly shopOnly: boolean; readonly safeMode: SafeMode }
  /** The PIN or passphrase in force; null: none is set. */
  readonly secret: {
    readonly kind: SecretKind
    readonly setAt: number
    readonly needsShopReset: boolean
  } | null
  /** State or region of registration: `Yangon`. */
  readonly region: string
}

/** A stretch of time, epoch seconds, half open. */
export interface Stretch {
  readonly from: number
  readonly until: number
}

/**
 * The part of `period` in which she held the number; empty where she did not. The vault clips too: this is so that a
 * receipt says no more than it opens, and a replay can hold it against her tenure.
 */
export function clipToTenure(
  period: Stretch,
  { tenureFrom, tenureUntil }: Pick<Subscriber, 'tenureFrom' | 'tenureUntil'>,
): Stretch {
  const from = Math.max(period.from, tenureFrom)
  return { from, until: Math.max(from, Math.min(period.until, tenureUntil ?? period.until)) }
}

/** What `register` needs of a subscriber. Everything personal is sealed before it reaches the database. */
export interface Registration {
  readonly number: E164
  readonly name: PersonName
  readonly language: Language
  readonly region: string
  /** Epoch ms; the tenure starts here unless `tenureFrom` says otherwise. */
  readonly registeredOn: number
  /** Epoch seconds. */
  readonly tenureFrom?: number
  readonly tenureUntil?: number | null
  readonly simChangedAt?: number | null
  readonly forwarded?: boolean
  readonly addressOfRecord?: { kind: 'post' | 'email'; address: string; since: number } | null
  readonly secondNumber?: { number: E164; since: number } | null
  readonly shopOnly?: boolean
  readonly safeMode?: SafeMode
  /** Set in a shop at registration. */
  readonly secret?: { kind: SecretKind; secret: string; setAt: number } | null
}
