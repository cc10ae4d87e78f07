import { type BlockReader, type BlockWriter, blockBroken } from './block-bytes.ts'
import type { E164, OtherParty } from './call-record.ts'
import { type Dictionaries, meaningOf, NO_TEXT, type StoredRecord } from './record-columns.ts'

const PARTY_TAGS = ['none', 'withheld', 'number', 'short-code', 'name'] as const

/** Writes one column that names its values by number. */
export interface DictionaryColumn {
  write(writer: BlockWriter, ids: Int32Array, count: number): void
}

/** The column of other parties. */
export function createPartyColumn(dictionaries: Dictionaries): DictionaryColumn {
  return createColumn((writer, id) => writeParty(writer, dictionaries.others.value(id)))
}

/** Columns of texts; one serves all columns of the same dictionary. */
export function createTextColumn(dictionaries: Dictionaries): DictionaryColumn {
  return createColumn((writer, id) => writeText(writer, dictionaries.texts.value(id)))
}

/** The column of what records are: direction, kind, answered, currency and tariff. */
export function createClassColumn({ classes, texts }: Dictionaries): DictionaryColumn {
  const writeNullable = (writer: BlockWriter, id: number) => {
    const bytes = id === NO_TEXT ? null : Buffer.from(texts.value(id))
    writer.varint(bytes === null ? 0 : bytes.length + 1)
    if (bytes !== null) writer.raw(bytes)
  }
  return createColumn((writer, id) => {
    const { flags, currency, tariff } = classes.value(id)
    writer.byte(flags)
    writeNullable(writer, currency)
    writeNullable(writer, tariff)
  })
}

/**
 * Renumbers the ids that one block uses, from 0 in order of appearance. `seenIn` holds the last column that used
 * an id, so that nothing is cleared between the many small blocks of a gather.
 */
function createColumn(writeEntry: (writer: BlockWriter, id: number) => void): DictionaryColumn {
  let local = new Int32Array(1024)
  let seenIn = new Int32Array(1024)
  let column = 0
  const used: number[] = []
  const number = (id: number): void => {
    if (id >= local.length) {
      const size = Math.max(local.length * 2, id + 1)
      local = enlarged(local, size)
      seenIn = enlarged(seenIn, size)
    }
    if (seenIn[id] === column) return
    seenIn[id] = column
    local[id] = used.push(id)
  }
  return {
    write(writer, ids, count) {
      column++
      used.length = 0
      let nulls = 0
      for (let at = 0; at < count; at++) {
        if (ids[at] === NO_TEXT) nulls++
        else number(ids[at]!)
      }
      const indexed = used.length > 1 || (used.length === 1 && nulls > 0)
      writer.varint(used.length * 2 + (indexed ? 1 : 0))
      for (const id of used) writeEntry(writer, id)
      if (!indexed) return
      for (let at = 0; at < count; at++) writer.varint(ids[at] === NO_TEXT ? 0 : local[ids[at]!]!)
    },
  }
}

function enlarged(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size)
  larger.set(array)
  return larger
}

/** Inverse of a `DictionaryColumn`. @throws CodedError `block-broken`. */
export function readIndexed<T>(
  reader: BlockReader,
  count: number,
  readEntry: (reader: BlockReader) => T,
): (at: number) => T | null {
  const head = reader.varint()
  const size = Math.floor(head / 2)
  if (size > reader.left) throw blockBroken('it says more values than it has bytes')
  const entries = Array.from({ length: size }, () => readEntry(reader))
  if (head % 2 === 0) {
    if (size > 1) throw blockBroken('its indexes are missing')
    const only = entries[0] ?? null
    return () => only
  }
  const indexes = Array.from({ length: count }, () => {
    const index = reader.varint()
    if (index > size) throw blockBroken('an index points nowhere')
    return index
  })
  return (at) => (indexes[at] === 0 ? null : entries[indexes[at]! - 1]!)
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
export function readClass(
  reader: BlockReader,
): Pick<StoredRecord, 'direction' | 'kind' | 'answered' | 'currency' | 'tariff'> {
  const meaning = meaningOf(reader.byte())
  if (meaning === null) throw blockBroken('it has a kind that is unknown')
  const nullable = () => {
    const length = reader.varint()
    return length === 0 ? null : reader.raw(length - 1).toString('utf8')
  }
  return { ...meaning, currency: nullable(), tariff: nullable() }
}

/** Runs of file numbers: a log takes its rows from one file after the other. */
export function writeFiles(writer: BlockWriter, file: Int32Array, count: number): void {
  let runs = 0
  for (let at = 0; at < count; at++) if (at === 0 || file[at] !== file[at - 1]) runs++
  writer.varint(runs)
  for (let at = 0; at < count; ) {
    const first = at
    while (at < count && file[at] === file[first]) at++
    writer.varint(file[first]!)
    writer.varint(at - first)
  }
}

/** Inverse of `writeFiles`. @throws CodedError `block-broken`. */
export function readFiles(reader: BlockReader, count: number): Float64Array {
  const file = new Float64Array(count)
  let at = 0
  for (let runs = reader.varint(); runs > 0; runs--) {
    const number = reader.varint()
    const length = reader.varint()
    if (length === 0 || length > count - at) throw blockBroken('its files do not fit its rows')
    file.fill(number, at, at + length)
    at += length
  }
  if (at !== count) throw blockBroken('its files do not fit its rows')
  return file
}
