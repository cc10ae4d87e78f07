import { createHmac } from 'node:crypto'
import { otherPartyKey } from '../calls/call-record.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { RecordName } from './vault.ts'

/** The purpose of the key that names records. */
export const NAME_KEY = 'record-name'

/**
 * The names of `records`, which are all rows of one subject with their starts, in order of start and, among
 * equals, of filing. A name is an HMAC-SHA256 (8 bytes, hex) of subject, start, kind, other party and the ordinal
 * among equals. The blocks keep the order of filing among equals through every merge, and later filings come
 * later, so an ordinal once given stays.
 */
export function nameRecords(
  nameKey: Buffer,
  subject: string,
  records: readonly StoredRecord[],
): RecordName[] {
  let start = Number.NaN
  const ordinals = new Map<string, number>()
  return records.map((record) => {
    if (record.start !== start) {
      start = record.start
      ordinals.clear()
    }
    const says = `${record.kind} ${otherPartyKey(record.other)}`
    const ordinal = ordinals.get(says) ?? 0
    ordinals.set(says, ordinal + 1)
    return createHmac('sha256', nameKey)
      .update(`${subject} ${start} ${ordinal} ${says}`)
      .digest('hex')
      .slice(0, 16) as RecordName
  })
}
