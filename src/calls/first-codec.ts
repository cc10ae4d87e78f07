import { type BlockReader, blockBroken } from './block-bytes.ts'
import {
  type BlockColumns,
  type RecordMeaning,
  readClass,
  readParty,
  readText,
} from './dictionary-columns.ts'
import { unzigzag } from './number-columns.ts'
import { LATEST_START } from './record-columns.ts'

/**
 * Reads the columns of the block format's version 1, which nothing writes any more: LEB128 where version 2 packs bits.
 *
 *     start      first, then the difference to the row before (rows stand in order of start)
 *     class      dictionary of flags, currency and tariff (each 0 for null, or length + 1 and text)
 *     other      dictionary of parties
 *     duration, bytes, charge, referenceHash
 *                0 all null | 1 one value for all (zigzag) | 2 value + 1 a row, 0 for null | 3 the same with zigzag;
 *                with 2 and 3 the greatest common divisor goes before, and values are divided by it
 *     cell       dictionary of texts
 *     file       runs: how many, then file number and length of each
 *     position   first, then the difference to the row before (zigzag)
 *
 * A dictionary is twice its size, plus one when indexes follow; its entries; then index + 1 a row, 0 for null.
 * Without indexes every row has the only entry, or null where there is none.
 */
export function readFirstColumns(reader: BlockReader, count: number): BlockColumns {
  // Every row has at least a byte of its own (its start), so a small block cannot ask for much memory.
  if (count > reader.left) throw blockBroken('it says more rows than it has bytes')
  return {
    start: readStarts(reader, count),
    class: readIndexed<RecordMeaning>(reader, count, readClass),
    other: readIndexed(reader, count, readParty),
    durationSeconds: readNumbers(reader, count),
    bytes: readNumbers(reader, count),
    chargeMilli: readNumbers(reader, count),
    referenceHash: readNumbers(reader, count),
    cell: readIndexed(reader, count, readText),
    file: readFiles(reader, count),
    position: readPositions(reader, count),
  }
}

function readStarts(reader: BlockReader, count: number): Float64Array {
  const start = new Float64Array(count)
  let before = 0
  for (let at = 0; at < count; at++) {
    before += reader.varint()
    if (before > LATEST_START) throw blockBroken('a start is out of range')
    start[at] = before
  }
  return start
}

function readNumbers(reader: BlockReader, count: number): (at: number) => number | null {
  const mode = reader.byte()
  if (mode === 0) return () => null
  if (mode === 1) {
    const all = unzigzag(reader.varint())
    return () => all
  }
  if (mode > 3) throw blockBroken('its numbers are of no known form')
  const divisor = reader.varint()
  const values = new Float64Array(count)
  for (let at = 0; at < count; at++) {
    const code = reader.varint()
    const value = code === 0 ? Number.NaN : (mode === 3 ? unzigzag(code - 1) : code - 1) * divisor
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw blockBroken('a number is too large')
    values[at] = value
  }
  return (at) => (Number.isNaN(values[at]) ? null : values[at]!)
}

function readPositions(reader: BlockReader, count: number): Float64Array {
  const position = new Float64Array(count)
  let before = 0
  for (let at = 0; at < count; at++) {
    before += unzigzag(reader.varint())
    if (before < 0 || before > Number.MAX_SAFE_INTEGER) throw blockBroken('a position is out of range')
    position[at] = before
  }
  return position
}

function readIndexed<T>(
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

function readFiles(reader: BlockReader, count: number): Float64Array {
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
