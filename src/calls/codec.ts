import { blockBroken, createReader, createWriter } from './block-bytes.ts'
import {
  createClassColumn,
  createPartyColumn,
  createTextColumn,
  readClass,
  readFiles,
  readIndexed,
  readParty,
  readText,
  writeFiles,
} from './dictionary-columns.ts'
import {
  readNumbers,
  readPositions,
  readStarts,
  writeNumbers,
  writePositions,
  writeStarts,
} from './number-columns.ts'
import {
  createColumns,
  createDictionaries,
  type Dictionaries,
  type RecordColumns,
  type StoredRecord,
  setRow,
} from './record-columns.ts'

/**
 * The block format, version 1. Numbers are LEB128.
 *
 *     version, count
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
 * Without indexes every row has the only entry, or null where there is none. Rows of the same start keep their
 * order: it is the order of filing, and so the ordinal among equals.
 */
const VERSION = 1

/** Encodes blocks from columns; keeps scratch space, so one encoder serves one thread. */
export interface BlockEncoder {
  /** Rows 0 to `count` of `columns`, in order of start. The bytes are valid until the next call. */
  encode(columns: RecordColumns, count: number): Buffer
}

/** An encoder of columns that name their values in `dictionaries`. */
export function createEncoder(dictionaries: Dictionaries): BlockEncoder {
  const writer = createWriter()
  const parties = createPartyColumn(dictionaries)
  const texts = createTextColumn(dictionaries)
  const classes = createClassColumn(dictionaries)
  return {
    encode(columns, count) {
      writer.reset()
      writer.byte(VERSION)
      writer.varint(count)
      writeStarts(writer, columns.start, count)
      classes.write(writer, columns.class, count)
      parties.write(writer, columns.other, count)
      writeNumbers(writer, columns.durationSeconds, count)
      writeNumbers(writer, columns.bytes, count)
      writeNumbers(writer, columns.chargeMilli, count)
      writeNumbers(writer, columns.referenceHash, count)
      texts.write(writer, columns.cell, count)
      writeFiles(writer, columns.file, count)
      writePositions(writer, columns.position, count)
      return writer.finish()
    },
  }
}

/** Encodes `records`, which stand in order of start. */
export function encodeRecords(records: readonly StoredRecord[]): Buffer {
  const dictionaries = createDictionaries()
  const columns = createColumns(records.length)
  records.forEach((record, at) => {
    setRow(columns, at, record, dictionaries)
  })
  return Buffer.from(createEncoder(dictionaries).encode(columns, records.length))
}

/**
 * The inverse of `encodeRecords`; of the records, those with `from <= start < until` (epoch seconds).
 * @throws CodedError `block-broken` for any other bytes.
 */
export function decodeRecords(
  bytes: Uint8Array,
  from = Number.NEGATIVE_INFINITY,
  until = Number.POSITIVE_INFINITY,
): StoredRecord[] {
  const reader = createReader(bytes)
  if (reader.byte() !== VERSION) throw blockBroken('its version is unknown')
  const count = reader.varint()
  // Every row has at least a byte of its own (its start), so a small block cannot ask for much memory.
  if (count > reader.left) throw blockBroken('it says more rows than it has bytes')
  const start = readStarts(reader, count)
  const classes = readIndexed(reader, count, readClass)
  const other = readIndexed(reader, count, readParty)
  const duration = readNumbers(reader, count)
  const sizes = readNumbers(reader, count)
  const charge = readNumbers(reader, count)
  const referenceHash = readNumbers(reader, count)
  const cell = readIndexed(reader, count, readText)
  const file = readFiles(reader, count)
  const position = readPositions(reader, count)
  if (reader.left > 0) throw blockBroken('bytes follow its end')
  const records: StoredRecord[] = []
  for (let at = 0; at < count; at++) {
    if (start[at]! < from || start[at]! >= until) continue
    const { kind, direction, answered, currency, tariff } = present(classes(at))
    records.push({
      other: present(other(at)),
      kind,
      direction,
      answered,
      currency,
      tariff,
      start: start[at]!,
      durationSeconds: duration(at),
      bytes: sizes(at),
      cell: cell(at),
      chargeMilli: charge(at),
      referenceHash: referenceHash(at),
      file: file[at]!,
      position: position[at]!,
    })
  }
  return records
}

function present<T>(value: T | null): T {
  if (value === null) throw blockBroken('a row has no party or no class')
  return value
}
