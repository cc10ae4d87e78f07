import { rowsOver } from '../calls/call-rows.ts'
import { createEncoder } from '../calls/codec.ts'
import { partyOf } from '../calls/parties.ts'
import { type BlockValues, createColumns } from '../calls/record-columns.ts'
import { type BlockPlace, deriveBlockKey, sealBlock } from './block.ts'
import { createCalendar } from './calendar.ts'
import { copyFilings } from './copy-filings.ts'
import { encodeCopyRow } from './copy-row.ts'
import type { GatherContents } from './gather.ts'

/** Everything that is to be sealed, and nothing of any key. */
export interface SealSource {
  readonly contents: GatherContents
  readonly filings: Int32Array<SharedArrayBuffer>
  readonly offsetMinutes: number
}

/** Blocks to be, each the rows of one log, of one tenure and month; and what their keys are made of. */
export interface StripBatch {
  readonly subjects: Uint8Array
  readonly tenures: readonly string[]
  readonly months: Int32Array
  readonly sequences: Float64Array
  /** Where each one's filings begin and end. */
  readonly firsts: Int32Array
  readonly ends: Int32Array
  /** 32 bytes each. */
  readonly tweaks: Uint8Array
  /** By month. */
  readonly monthKeys: ReadonlyMap<number, Uint8Array>
}

/** Seals batch after batch: on any thread, for all it needs is in its arguments. Gives rows for COPY. */
export type SealStrips = (strips: StripBatch) => Uint8Array<ArrayBuffer>

/** Makes ready to seal what stands in `source`. */
export function createSealer({ contents, filings, offsetMinutes }: SealSource): SealStrips {
  const calendar = createCalendar(offsetMinutes)
  const { parties, classes, texts, withheld, references } = contents
  const source = {
    rows: rowsOver(contents.rows),
    references: references === null ? null : new Int32Array(references),
    withheld,
  }
  const values: BlockValues = {
    numberOf: (id) => parties.numbers[id]!,
    party: (id) => partyOf(parties, id),
    classes: (id) => classes[id]!,
    texts: (id) => texts[id]!,
  }
  const encoder = createEncoder(values)
  let columns = createColumns(1024)
  return (strips) => {
    const rows: Buffer[] = []
    for (let strip = 0; strip < strips.months.length; strip++) {
      const [first, end] = [strips.firsts[strip]!, strips.ends[strip]!]
      const count = end - first
      if (count > columns.start.length) columns = createColumns(count * 2)
      copyFilings(source, filings.subarray(first, end), columns)
      const place: BlockPlace = {
        subject: Buffer.from(strips.subjects.buffer, strips.subjects.byteOffset + strip * 16, 16),
        tenure: strips.tenures[strip]!,
        month: strips.months[strip]!,
        firstDay: calendar.dayOf(columns.start[0]!),
        lastDay: calendar.dayOf(columns.start[count - 1]!),
        sequence: strips.sequences[strip]!,
      }
      const monthKey = Buffer.from(strips.monthKeys.get(place.month)!)
      const tweak = Buffer.from(strips.tweaks.buffer, strips.tweaks.byteOffset + strip * 32, 32)
      const key = deriveBlockKey(monthKey, tweak, place.subject, place.month)
      rows.push(encodeCopyRow({ ...place, sealed: sealBlock(key, place, encoder.encode(columns, count)) }))
    }
    return joined(rows)
  }
}

/** In memory of their own, which can be handed over to another thread. */
function joined(rows: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    bytes.set(row, at)
    at += row.length
  }
  return bytes
}
