import { createHash } from 'node:crypto'
import type { RandomBytes } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import type { Sealer } from '../platform/sealer.ts'
import { readRendering } from './look-store.ts'

const SALT_BYTES = 32

/** What was rendered, sealed with the salt of its commitment. */
export interface SealedRendering {
  /** Hex of SHA-256 over the 32-byte salt and the rendering's bytes. */
  readonly commitment: string
  readonly sealed: Buffer
}

/**
 * Seals exactly what was shown, for an incident to open. The entry carries only the commitment: a bare digest
 * would let the subject guess the masks.
 */
export function sealRendering(
  parties: { random: RandomBytes; keys: { sealer: Sealer } },
  look: string,
  rendering: string,
): SealedRendering {
  const salted = Buffer.concat([parties.random(SALT_BYTES), Buffer.from(rendering)])
  return {
    commitment: createHash('sha256').update(salted).digest('hex'),
    sealed: parties.keys.sealer.seal('care-rendering', look, salted),
  }
}

/**
 * Opens what a disclosure entry commits to: the salt and the exact bytes. Null when the entry disclosed nothing here.
 * Only evidence asks, and says so in the ledger. @throws CodedError `sealed-broken` when the row was changed.
 */
export async function openRendering(
  parties: { db: Db; keys: { sealer: Sealer } },
  entry: string,
): Promise<{ salt: Uint8Array; bytes: Uint8Array } | null> {
  const kept = await readRendering(parties.db, entry)
  if (kept === null) return null
  const salted = parties.keys.sealer.open('care-rendering', kept.look, kept.sealed)
  return { salt: salted.subarray(0, SALT_BYTES), bytes: salted.subarray(SALT_BYTES) }
}
