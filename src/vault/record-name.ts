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
  let start = Number.NaN
  const ordinals = new Map<string, number>()
  records.forEach((record, i) => {
    if (record.start !== start) {
      start = record.start
      ordinals.clear()
    }
    const party = otherPartyKey(record.other)
    const says = `${record.kind} ${party}`
    const ordinal = ordinals.get(says) ?? 0
    ordinals.set(says, ordinal + 1)
    putRecord(blocks.subarray(i * BLOCK, (i + 1) * BLOCK), record, ordinal, party)
  })
  const key = createHmac('sha256', nameKey).update(subject).digest()
  // Single blocks: in ECB mode without padding none depends on another.
  const named = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(blocks).toString('hex')
  return records.map((_, i) => named.slice(2 * BLOCK * i, 2 * BLOCK * i + NAME_HEX) as RecordName)
}

/**
 * Start (6 bytes), kind and whether the rest is a hash (1), ordinal (2), party (7): an E.164 number as it is; any
 * other party, and more than 65,536 equals, are hashed.
 */
function putRecord(block: Buffer, record: StoredRecord, ordinal: number, party: string): void {
  block.writeIntBE(record.start, 0, 6)
  const kind = KINDS.indexOf(record.kind)
  const digits = /^n\+([1-9][0-9]{0,14})$/.exec(party)?.[1]
  if (digits === undefined || ordinal > 0xffff) {
    block.writeUInt8(0x80 | kind, 6)
    createHash('sha256').update(`${ordinal} ${party}`).digest().copy(block, 7, 0, 9)
    return
  }
  block.writeUInt16BE(ordinal, 7)
  const number = Number(digits)
  block.writeUInt8(kind, 6)
  block.writeUIntBE(Math.floor(number / BEYOND_32_BITS), 9, 3)
  block.writeUInt32BE(number % BEYOND_32_BITS, 12)
}
