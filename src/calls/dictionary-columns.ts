import { type BlockReader, type BlockWriter, blockBroken } from './block-bytes.ts'
import type { E164, OtherParty } from './call-record.ts'
import { readPacked, writePacked } from './packed-column.ts'
import { type BlockValues, meaningOf, NO_TEXT, type StoredRecord } from './record-columns.ts'

const PARTY_TAGS = ['none', 'withheld', 'number', 'short-code', 'name'] as const

/** What a record is, apart from when and to whom. */
export type RecordMeaning = Pick<StoredRecord, 'direction' | 'kind' | 'answered' | 'currency' | 'tariff'>

/** The columns of a block as they are read: by row. */
export interface BlockColumns {
  readonly start: Float64Array
  class(at: number): RecordMeaning | null
  other(at: number): OtherParty | null
  durationSeconds(at: number): number | null
  bytes(at: number): number | null
  chargeMilli(at: number): number | null
  referenceHash(at: number): number | null
  cell(at: number): string | null
  readonly file: Float64Array
  readonly position: Float64Array
}

/** Writes one column that names its values by id. */
export interface DictionaryColumn {
  write(writer: BlockWriter, ids: Int32Array, count: number): void
}

/** Columns of texts; one serves all columns of the same dictionary. */
export function createTextColumn({ texts }: BlockValues): DictionaryColumn {
  return createColumn((writer, used) => {
    for (const id of used) writeText(writer, texts(id))
  })
}

/** The column of what records are: direction, kind, answered, currency and tariff. */
export function createClassColumn({ classes, texts }: BlockValues): DictionaryColumn {
  const writeNullable = (writer: BlockWriter, id: number) => {
    const bytes = id === NO_TEXT ? null : Buffer.from(texts(id))
    writer.varint(bytes === null ? 0 : bytes.length + 1)
    if (bytes !== null) writer.raw(bytes)
  }
  return createColumn((writer, used) => {
    for (const id of used) {
      const { flags, currency, tariff } = classes(id)
      writer.byte(flags)
      writeNullable(writer, currency)
      writeNullable(writer, tariff)
    }
  })
}

/**
 * The column of other parties. E.164 numbers come first, in their order, so that only the differences take room: a log
 * names a hundred and more of them, and six bytes each would be a tenth of the block.
 */
export function createPartyColumn({ numberOf, party }: BlockValues): DictionaryColumn {
  let digits = new Float64Array(1024)
  let ordered = new Int32Array(1024)
  return createColumn((writer, used) => {
    if (digits.length < used.length) {
      digits = new Float64Array(used.length * 2)
      ordered = new Int32Array(used.length * 2)
    }
    const others: number[] = []
    let numbered = 0
    for (const id of used) {
      const number = numberOf(id)
      if (Number.isNaN(number)) others.push(id)
      else digits[numbered++] = number
    }
    // Numbers alone sort many times faster than by a function, and finding each again is less than that.
    const sorted = digits.subarray(0, numbered).sort()
    for (const id of used) {
      const number = numberOf(id)
      if (!Number.isNaN(number)) ordered[placeIn(sorted, number)] = id
    }
    for (let at = 0; at < numbered; at++) used[at] = ordered[at]!
    for (let at = 0; at < others.length; at++) used[numbered + at] = others[at]!
    writer.varint(others.length)
    if (numbered > 0) writer.varint(sorted[0]!)
    for (let at = numbered - 1; at > 0; at--) sorted[at]! -= sorted[at - 1]!
    writePacked(writer, sorted, 1, numbered)
    for (const id of others) writeParty(writer, party(id))
  })
}

/** Where `number`, which is among them, stands. */
function placeIn(sorted: Float64Array, number: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < number) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Renumbers the ids that one block uses, from 0. `seenIn` holds the last column that used an id, so that nothing is
 * cleared between the many small blocks of a gather. `writeEntries` may put them into another order.
 */
function createColumn(writeEntries: (writer: BlockWriter, used: number[]) => void): DictionaryColumn {
  let local = new Int32Array(1024)
  let seenIn = new Int32Array(1024)
  let codes = new Float64Array(1024)
  let column = 0
  const used: number[] = []
  const note = (id: number): void => {
    if (id >= local.length) {
      const size = Math.max(local.length * 2, id + 1)
      local = enlarged(local, size)
      seenIn = enlarged(seenIn, size)
    }
    if (seenIn[id] === column) return
    seenIn[id] = column
    used.push(id)
  }
  return {
    write(writer, ids, count) {
      column++
      used.length = 0
      let nulls = 0
      for (let at = 0; at < count; at++) {
        if (ids[at] === NO_TEXT) nulls++
        else note(ids[at]!)
      }
      const indexed = used.length > 1 || (used.length === 1 && nulls > 0)
      writer.varint(used.length * 2 + (indexed ? 1 : 0))
      writeEntries(writer, used)
      if (!indexed) return
      // Rows without a value have code 0 where there are any.
      const first = nulls > 0 ? 1 : 0
      for (let at = 0; at < used.length; at++) local[used[at]!] = at + first
      if (codes.length < count) codes = new Float64Array(count * 2)
      for (let at = 0; at < count; at++) codes[at] = ids[at] === NO_TEXT ? 0 : local[ids[at]!]!
      writer.byte(first)
      writePacked(writer, codes, 0, count)
    },
  }
}

function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(array)
  return larger
}

/** Inverse of a `DictionaryColumn`, whose entries `readEntries` reads. @throws CodedError `block-broken`. */
export function readColumn<T>(
  reader: BlockReader,
  count: number,
  readEntries: (reader: BlockReader, size: number) => readonly T[],
): (at: number) => T | null {
  const head = reader.varint()
  const size = Math.floor(head / 2)
  // No two rows need more than one value each.
  if (size > count) throw blockBroken('it says more values than it has rows')
  const entries = readEntries(reader, size)
  if (head % 2 === 0) {
    if (size > 1) throw blockBroken('its indexes are missing')
    const only = entries[0] ?? null
    return () => only
  }
  const first = reader.byte()
  if (first > 1) throw blockBroken('its indexes are of no known form')
  const codes = new Float64Array(count)
  readPacked(reader, codes, 0, count)
  for (let at = 0; at < count; at++) {
    if (codes[at]! >= size + first) throw blockBroken('an index points nowhere')
  }
  return (at) => (first === 1 && codes[at] === 0 ? null : entries[codes[at]! - first]!)
}

/** Entries that stand one after the other. */
export function eachOf<T>(readEntry: (reader: BlockReader) => T): (reader: BlockReader, size: number) => T[] {
  return (reader, size) => {
    const entries: T[] = []
    for (let at = 0; at < size; at++) entries.push(readEntry(reader))
    return entries
  }
}

/** The entries of the column of other parties. @throws CodedError `block-broken`. */
export function readParties(reader: BlockReader, size: number): OtherParty[] {
  const others = reader.varint()
  if (others > size) throw blockBroken('its parties do not fit')
  const numbers = new Float64Array(size - others)
  if (numbers.length > 0) numbers[0] = reader.varint()
  readPacked(reader, numbers, 1, numbers.length)
  const parties: OtherParty[] = []
  let number = 0
  for (const step of numbers) {
    number += step
    if (number > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
    parties.push({ kind: 'number', number: `+${number}` as E164 })
  }
  for (let at = 0; at < others; at++) parties.push(readParty(reader))
  return parties
}

function writeParty(writer: BlockWriter, party: OtherParty): void {
  writer.byte(PARTY_TAGS.indexOf(party.kind))
  if (party.kind === 'number') writer.varint(Number(party.number.slice(1)))
  else if (party.kind === 'short-code') writeText(writer, party.code)
  else if (party.kind === 'name') writeText(writer, party.name)
}

/** One other party. @throws CodedError `block-broken`. */
export function readParty(reader: BlockReader): OtherParty {
  const kind = PARTY_TAGS[reader.byte()]
  switch (kind) {
    case 'number':
      return { kind, number: `+${reader.varint()}` as E164 }
    case 'short-code':
      return { kind, code: readText(reader) }
    case 'name':
      return { kind, name: readText(reader) }
    case undefined:
      throw blockBroken('a party is of no known kind')
    default:
      return { kind }
  }
}

function writeText(writer: BlockWriter, text: string): void {
  const bytes = Buffer.from(text)
  writer.varint(bytes.length)
  writer.raw(bytes)
}

/** One text in UTF-8. @throws CodedError `block-broken`. */
export function readText(reader: BlockReader): string {
  return reader.raw(reader.varint()).toString('utf8')
}

/** The class of a record. @throws CodedError `block-broken`. */
export function readClass(reader: BlockReader): RecordMeaning {
  const meaning = meaningOf(reader.byte())
  if (meaning === null) throw blockBroken('it has a kind that is unknown')
  const nullable = () => {
    const length = reader.varint()
    return length === 0 ? null : reader.raw(length - 1).toString('utf8')
  }
  return { ...meaning, currency: nullable(), tariff: nullable() }
}
