import { decodeRecords, encodeRecords } from '../calls/codec.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { KeyService } from '../keys/key-service.ts'
import { deriveBlockKey, findBlockKey, openBlock, type SealedBlock, sealBlock, tweakName } from './block.ts'
import { type Calendar, monthName } from './calendar.ts'
import type { TenureRow } from './store.ts'

interface Group {
  readonly tenure: string
  readonly month: number
  readonly records: StoredRecord[]
}

/** The stored tenure of an instant: '' when nobody is registered then. */
export function tenureAt(tenures: readonly TenureRow[], start: number): string {
  for (const { tenure, from_s, until_s } of tenures) {
    if (start >= from_s && (until_s === null || start < until_s)) return tenure
  }
  return ''
}

/**
 * Seals the rows of `blocks` (one subject's, in order of filing) anew: one block for each tenure and month.
 * Rows of a destroyed month or tenure stay as they are: their blocks are not among the `gone`.
 */
export async function resealBlocks(
  parties: { keys: KeyService; calendar: Calendar; nextSequence: () => Promise<number> },
  blocks: readonly SealedBlock[],
  tenures: readonly TenureRow[],
): Promise<{ gone: SealedBlock[]; made: SealedBlock[] }> {
  const { keys, calendar, nextSequence } = parties
  const groups = new Map<string, Group>()
  const gone: SealedBlock[] = []
  for (const block of blocks) {
    const key = await findBlockKey(keys, block)
    if (key === null) continue
    for (const record of decodeRecords(openBlock(key, block))) {
      const tenure = tenureAt(tenures, record.start)
      const group = groups.get(`${block.month} ${tenure}`) ?? { tenure, month: block.month, records: [] }
      groups.set(`${block.month} ${tenure}`, group)
      group.records.push(record)
    }
    gone.push(block)
  }
  const made: SealedBlock[] = []
  for (const { tenure, month, records } of groups.values()) {
    const { subject } = gone[0]!
    // Stable, so rows of one start keep the order of filing.
    records.sort((a, b) => a.start - b.start)
    const place = {
      subject,
      tenure,
      month,
      firstDay: calendar.dayOf(records[0]!.start),
      lastDay: calendar.dayOf(records.at(-1)!.start),
      sequence: await nextSequence(),
    }
    const tweak = await keys.tweak(tweakName(subject, tenure))
    const key = deriveBlockKey(await keys.monthKey(monthName(month)), tweak, subject, month)
    made.push({ ...place, sealed: sealBlock(key, place, encodeRecords(records)) })
  }
  return { gone, made }
}
