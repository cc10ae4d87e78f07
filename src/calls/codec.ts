import { type BlockReader, blockBroken, createReader, createWriter } from './block-bytes.ts'
import {
  type BlockColumns,
  createClassColumn,
  createPartyColumn,
  createTextColumn,
  eachOf,
  readClass,
  readColumn,
  readParties,
  readText,
} from './dictionary-columns.ts'
import { readFirstColumns } from './first-codec.ts'
import {
  readNumbers,
  readPlaces,
  readSecondPlaces,
  readStarts,
  writeNumbers,
  writePlaces,
  writeStarts,
} from './number-columns.ts'
import {
  type BlockValues,
  createColumns,
  createDictionaries,
  type RecordColumns,
  type StoredRecord,
  setRow,
  valuesOf,
} from './record-columns.ts'

/**
 * The block format, version 3. Single numbers are LEB128; a value a row is packed (`packed-column.ts`).
 *
 *     version, count
 *     start      the first; packed differences to the row before (rows stand in order of start)
 *     class      dictionary of flags, currency and tariff (each 0 for null, or length + 1 and text)
 *     other      dictionary of parties: how many are no E.164 numbers; the first number, packed differences to the
 *                number before; the others
 *     duration, bytes, charge, referenceHash
 *                0 all null | 1 one value for all (zigzag) | 2 value + 1 a row, 0 for null | 3 the same with zigzag;
 *                with 2 and 3 the greatest common divisor goes before, and values are divided by it
 *     cell       dictionary of texts
 *     file, position
 *                how many runs of one file; a byte: 1 differences of file numbers are signed (zigzag), 2 not all runs are
 *                one row, 4 differences of positions are signed; the first file; packed, of the other runs the
 *                difference of the file, with 2 of each run its length less 1, of each run the first position; and the
 *                differences of the other positions
 *
 * A dictionary is twice its size, plus one when indexes follow; its entries; then 1 where rows without a value have
 * index 0 and entries begin at 1, else 0; packed indexes. Without indexes every row has the only entry, or null where
 * there is none. Rows of the same start keep their order: it is the order of filing, and so the ordinal among equals.
 *
 * In version 2 there is of file and position: how many runs; packed, of each: difference of the file's number (zigzag),
 * length, first position; whether differences of the other positions are signed (zigzag), and those, packed.
 */
const VERSION = 3
const SECOND_VERSION = 2
const FIRST_VERSION = 1

/** Encodes blocks from columns; keeps scratch space, so one encoder serves one thread. */
export interface BlockEncoder {
  /** Rows 0 to `count` of `columns`, in order of start. The bytes are valid until the next call. */
  encode(columns: RecordColumns, count: number): Buffer
}

/** An encoder of columns that name their values by the ids of `values`. */
export function createEncoder(values: BlockValues): BlockEncoder {
  const writer = createWriter()
  const parties = createPartyColumn(values)
  const texts = createTextColumn(values)
  const classes = createClassColumn(values)
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
      writePlaces(writer, columns, count)
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
  return Buffer.from(createEncoder(valuesOf(dictionaries)).encode(columns, records.length))
}

/**
 * The inverse of `encodeRecords`, and of the versions before; of the records, those that `keeps` wants
 * by their start (epoch seconds) and reference.
 * @throws CodedError `block-broken` for any other bytes.
 */
export function decodeRecords(
  bytes: Uint8Array,
  keeps: (start: number, referenceHash: number | null) => boolean = () => true,
): StoredRecord[] {
  const { columns, count } = decodeColumns(bytes)
  const records: StoredRecord[] = []
  for (let at = 0; at < count; at++) {
    const start = columns.start[at]!
    const referenceHash = columns.referenceHash(at)
    if (!keeps(start, referenceHash)) continue
    const { kind, direction, answered, currency, tariff } = present(columns.class(at))
    records.push({
      other: present(columns.other(at)),
      kind,
      direction,
      answered,
      currency,
      tariff,
      start,
      durationSeconds: columns.durationSeconds(at),
      bytes: columns.bytes(at),
      cell: columns.cell(at),
      chargeMilli: columns.chargeMilli(at),
      referenceHash,
      file: columns.file[at]!,
      position: columns.position[at]!,
    })
  }
  return records
}

/** The same as columns, of every version, and how many rows. @throws CodedError `block-broken`. */
export function decodeColumns(bytes: Uint8Array): { columns: BlockColumns; count: number } {
  const reader = createReader(bytes)
  const version = reader.byte()
  if (version !== VERSION && version !== SECOND_VERSION && version !== FIRST_VERSION)
    throw blockBroken('its version is unknown')
  const count = reader.varint()
  const columns =
    version === FIRST_VERSION ? readFirstColumns(reader, count) : readColumns(reader, count, version)
  if (reader.left > 0) throw blockBroken('bytes follow its end')
  return { columns, count }
}

function readColumns(reader: BlockReader, count: number, version: number): BlockColumns {
  // Every row but the first has at least a bit of its own (its start), so a small block cannot ask for much memory.
  if (count > reader.left * 8) throw blockBroken('it says more rows than it has bits')
  return {
    start: readStarts(reader, count),
    class: readColumn(reader, count, eachOf(readClass)),
    other: readColumn(reader, count, readParties),
    durationSeconds: readNumbers(reader, count),
    bytes: readNumbers(reader, count),
    chargeMilli: readNumbers(reader, count),
    referenceHash: readNumbers(reader, count),
    cell: readColumn(reader, count, eachOf(readText)),
    ...(version === VERSION ? readPlaces(reader, count) : readSecondPlaces(reader, count)),
  }
}

function present<T>(value: T | null): T {
  if (value === null) throw blockBroken('a row has no party or no class')
  return value
}
