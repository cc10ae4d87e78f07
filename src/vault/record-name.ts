import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { otherPartyKey } from '../calls/call-record.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { RecordName } from './vault.ts'

/** The purpose of the key that names records. */
export const NAME_KEY = 'record-name'

const BLOCK = 16
const NAME_HEX = 16
const BEYOND_32_BITS = 2 ** 32
const KINDS = ['voice', 'sms', 'data'] as const

/**
 * The names of `records`, which are all rows of one subject with their starts, in order of start and, among
 * equals, of filing. A name is 8 bytes, hex, of AES-256 over one block that says start, kind, ordinal among equals
 * and other party, as the pseudo-random function, under a key that HMAC-SHA256 derives for the subject: one call
 * names a whole page, where an HMAC for each row would cost more than opening it. The blocks of the vault keep
 * the order of filing among equals through every merge, and later filings come later, so an ordinal once given stays.
 */
export function nameRecords(
  nameKey: Buffer,
  subject: string,
  records: readonly StoredRecord[],
): RecordName[] {
  const blocks = Buffer.alloc(BLOCK * records.length)
  const ordinalOf = countEquals()
  records.forEach((record, i) => {
    const alone = record.start !== records[i - 1]?.start && record.start !== records[i + 1]?.start
    putRecord(blocks, i * BLOCK, record, alone ? 0 : ordinalOf(record))
  })
  const key = createHmac('sha256', nameKey).update(subject).digest()
  // Single blocks: in ECB mode without padding none depends on another.
  const named = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(blocks).toString('hex')
  return records.map((_, i) => named.slice(2 * BLOCK * i, 2 * BLOCK * i + NAME_HEX) as RecordName)
}

/** Counts, among records that come in order of start, those with the same start, kind and party. */
function countEquals(): (record: StoredRecord) => number {
  let start = Number.NaN
  const ordinals = new Map<string, number>()
  return (record) => {
    if (record.start !== start) {
      start = record.start
      ordinals.clear()
    }
    const says = `${record.kind} ${otherPartyKey(record.other)}`
    const ordinal = ordinals.get(says) ?? 0
    ordinals.set(says, ordinal + 1)
    return ordinal
  }
}

/**
 * Start (6 bytes), kind and whether the rest is a hash (1), ordinal (2), party (7): an E.164 number as it is; any
 * other party, and more than 65,536 equals, are hashed.
 */
function putRecord(blocks: Buffer, at: number, record: StoredRecord, ordinal: number): void {
  const { other } = record
  blocks.writeIntBE(record.start, at, 6)
  const kind = KINDS.indexOf(record.kind)
  if (other.kind !== 'number' || ordinal > 0xffff || !/^\+[1-9][0-9]{0,14}$/.test(other.number)) {
    blocks.writeUInt8(0x80 | kind, at + 6)
    createHash('sha256')
      .update(`${ordinal} ${otherPartyKey(other)}`)
      .digest()
      .copy(blocks, at + 7, 0, 9)
    return
  }
  const number = Number(other.number)
  blocks.writeUInt8(kind, at + 6)
  blocks.writeUInt16BE(ordinal, at + 7)
  blocks.writeUIntBE(Math.floor(number / BEYOND_32_BITS), at + 9, 3)
  blocks.writeUInt32BE(number % BEYOND_32_BITS, at + 12)
}
