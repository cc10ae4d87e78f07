import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { ReferenceMark } from '../calls/call-batch.ts'
import type { SourceRecord } from '../calls/source-record.ts'

/** The purpose of the key under which references are kept. */
export const REFERENCE_KEY = 'reference'

/** What of a reference's MAC is its key. */
export const KEY_BYTES = 16

const LONGEST_KEPT = 256

/**
 * Marks references under `key`: HMAC-SHA256, of which the key's two blocks are hashed once, for there is a reference in
 * each of millions of records. The two legs of a call share one, so the served side is part of it. The parts
 * of a long call share one as well: exactly they are told apart, by the key; the hash, which stays in the block, is
 * of the whole call, and ties its parts together.
 */
export function referenceMarker(
  key: Uint8Array,
): (record: Pick<SourceRecord, 'served' | 'reference' | 'part'>) => ReferenceMark | null {
  const keyed = hmac.create(sha256, key)
  const working = keyed.clone()
  const bytes = Buffer.allocUnsafeSlow(LONGEST_KEPT)
  const mac = (text: string): Buffer => {
    const made = Buffer.allocUnsafe(keyed.outputLen)
    const size = Buffer.byteLength(text)
    const message = size <= LONGEST_KEPT ? bytes.subarray(0, bytes.write(text)) : Buffer.from(text)
    keyed._cloneInto(working).update(message).digestInto(made)
    return made
  }
  return ({ served, reference, part }) => {
    if (reference === null) return null
    const whole = mac(`${served} ${reference}`)
    const own = part ? mac(`${served} ${reference} ${part}`) : whole
    return { key: own.subarray(0, KEY_BYTES), hash: whole.readUInt32BE(KEY_BYTES) }
  }
}
