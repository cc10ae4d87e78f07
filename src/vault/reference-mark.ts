import { createHmac } from 'node:crypto'
import type { ReferenceMark } from '../calls/call-batch.ts'
import type { SourceRecord } from '../calls/source-record.ts'

/** The purpose of the key under which references are kept. */
export const REFERENCE_KEY = 'reference'

/** What of a reference's MAC is its key. */
export const KEY_BYTES = 16

/**
 * What is kept of a switch's reference. The two legs of a call share one, so the served side is part of it. The parts
 * of a long call share one as well: exactly they are told apart, by the key; the hash, which stays in the block, is
 * of the whole call, and ties its parts together.
 */
export function markReference(
  key: Buffer,
  record: Pick<SourceRecord, 'served' | 'reference' | 'part'>,
): ReferenceMark | null {
  if (record.reference === null) return null
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const whole = mac(`${record.served} ${record.reference}`)
  const own = record.part ? mac(`${record.served} ${record.reference} ${record.part}`) : whole
  return { key: own.subarray(0, KEY_BYTES), hash: whole.readUInt32BE(KEY_BYTES) }
}
