import type { Sealer } from '../platform/sealer.ts'

/** A calendar month of the operator's own time: `2026-08`. */
export type Month = `${number}-${number}`

/** A named Ed25519 key (RFC 8032). `sign` gives 64 bytes. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Buffer
  sign(message: Uint8Array): Buffer
}

/**
 * All key material, outside the database. Whoever holds the database alone holds none of it.
 *
 * Month keys and tweaks are made at first use and durable before they are handed out, so no block can exist
 * whose key a crash took. What was destroyed is remembered as destroyed, never made anew.
 */
export interface KeyService {
  /** A 32-byte key for one purpose: HKDF-SHA-256 of the root, the same at every start and after every rotation. */
  prfKey(purpose: string): Buffer
  /** Seals small texts (profiles, notes, entry bodies) under a key of their purpose. */
  readonly sealer: Sealer
  /** The month's 32 bytes, made if absent. @throws CodedError `key-destroyed` */
  monthKey(month: Month): Promise<Buffer>
  /** The month's 32 bytes; null when destroyed. @throws CodedError `key-missing` when there never was one. */
  existingMonthKey(month: Month): Promise<Buffer | null>
  /** A tenure's 32 bytes, made if absent. @throws CodedError `key-destroyed` */
  tweak(tenure: string): Promise<Buffer>
  /** Many at once, in one durable write; null for a destroyed one. */
  tweaks(tenures: readonly string[]): Promise<Map<string, Buffer | null>>
  /** A tenure's 32 bytes; null when destroyed. @throws CodedError `key-missing` when there never was one. */
  existingTweak(tenure: string): Promise<Buffer | null>
  /** Ends retention of a month: its blocks open nowhere any more. */
  destroyMonthKey(month: Month): Promise<void>
  /** Erases one tenure's log. */
  destroyTweak(tenure: string): Promise<void>
  /** The named Ed25519 key, derived from the root. */
  signingKey(name: string): SigningKey
  /** What was made once and cannot be had any more: keys of months, and why no tweak can be. Destroyed ones are not lost. */
  lost(): { readonly months: readonly Month[]; readonly tweaks: string | null }
  close(): void
}

export type KeyErrorCode =
  | 'keys-exist'
  | 'keys-missing'
  | 'keys-broken'
  | 'keys-exposed'
  | 'passphrase-wrong'
  | 'passphrase-weak'
  | 'keys-otherwise'
  | 'hsm-unavailable'
  | 'hsm-pin-missing'
  | 'hsm-pin-wrong'
  | 'hsm-key-missing'
  | 'key-destroyed'
  | 'key-missing'
