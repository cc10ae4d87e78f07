import { blockBroken } from './block-bytes.ts'
import { createEncoder, decodeColumns } from './codec.ts'
import type { BlockColumns } from './dictionary-columns.ts'
import {
  createColumns,
  createDictionaries,
  type Dictionaries,
  flagsOf,
  NO_TEXT,
  type RecordColumns,
  valuesOf,
} from './record-columns.ts'

/** Puts rows of blocks together into new blocks without making a record of each. One serves many subjects. */
export interface BlockMerger {
  /** The rows of a block as it was before it was sealed. @throws CodedError `block-broken`. */
  read(plain: Uint8Array): BlockRows
  /** Rows to be; none at first. */
  collect(): CollectedRows
}

/** The rows of one block. */
export interface BlockRows {
  readonly count: number
  /** Epoch seconds. */
  startOf(at: number): number
  /** Writes row `at` as row `to` of `into`. */
  copy(at: number, into: RecordColumns, to: number): void
}

/** Rows of several blocks, in the order of filing. */
export interface CollectedRows {
  add(rows: BlockRows, at: number): void
  /**
   * All of them as one block, in order of start, those of one start in the order of filing; and the first and the last
   * start. The bytes are valid until the next `encode` of this merger, and the rows are gone.
   */
  encode(): { readonly plain: Buffer; readonly first: number; readonly last: number }
}

const FIRST_ROWS = 1024

/** A merger with dictionaries of its own, which grow by what its blocks say. */
export function createBlockMerger(): BlockMerger {
  const dictionaries = createDictionaries()
  const encoder = createEncoder(valuesOf(dictionaries))
  /** Columns that nobody uses at present. */
  const spare: RecordColumns[] = []
  return {
    read: (plain) => rowsOf(plain, dictionaries),
    collect() {
      let columns = spare.pop() ?? createColumns(FIRST_ROWS)
      let count = 0
      return {
        add(rows, at) {
          if (count === columns.start.length) columns = resized(columns, count * 2)
          rows.copy(at, columns, count++)
        },
        encode() {
          const sorted = inOrder(columns, count)
          const plain = encoder.encode(sorted, count)
          const found = { plain, first: sorted.start[0]!, last: sorted.start[count - 1]! }
          spare.push(columns)
          count = 0
          return found
        },
      }
    },
  }
}

function rowsOf(plain: Uint8Array, dictionaries: Dictionaries): BlockRows {
  const { columns: block, count } = decodeColumns(plain)
  const { others, classes, texts } = dictionaries
  const text = (value: string | null): number => (value === null ? NO_TEXT : texts.idOf(value))
  const otherAt = idReader(block.other, others.idOf)
  const cellAt = idReader(block.cell, texts.idOf)
  const classAt = idReader(block.class, (meaning) => {
    const { currency, tariff } = meaning
    return classes.idOf({ flags: flagsOf(meaning), currency: text(currency), tariff: text(tariff) })
  })
  return {
    count,
    startOf: (at) => block.start[at]!,
    copy(at, into, to) {
      into.start[to] = block.start[at]!
      into.class[to] = present(classAt(at))
      into.other[to] = present(otherAt(at))
      into.cell[to] = cellAt(at)
      copyNumbers(block, at, into, to)
    },
  }
}

function copyNumbers(block: BlockColumns, at: number, into: RecordColumns, to: number): void {
  into.durationSeconds[to] = block.durationSeconds(at) ?? Number.NaN
  into.bytes[to] = block.bytes(at) ?? Number.NaN
  into.chargeMilli[to] = block.chargeMilli(at) ?? Number.NaN
  into.referenceHash[to] = block.referenceHash(at) ?? Number.NaN
  into.file[to] = block.file[at]!
  into.position[to] = block.position[at]!
}

/** A block's dictionary has each value once, so its id is asked for once. */
function idReader<T>(valueAt: (at: number) => T | null, idOf: (value: T) => number): (at: number) => number {
  const ids = new Map<T, number>()
  return (at) => {
    const value = valueAt(at)
    if (value === null) return NO_TEXT
    let id = ids.get(value)
    if (id === undefined) {
      id = idOf(value)
      ids.set(value, id)
    }
    return id
  }
}

function present(id: number): number {
  if (id === NO_TEXT) throw blockBroken('a row has no party or no class')
  return id
}

/** Blocks come nearly in order of time, so mostly nothing is to be done. */
function inOrder(columns: RecordColumns, count: number): RecordColumns {
  const { start } = columns
  let at = 1
  while (at < count && start[at - 1]! <= start[at]!) at++
  if (at >= count) return columns
  const places = Array.from({ length: count }, (_, place) => place)
  places.sort((a, b) => start[a]! - start[b]!)
  const sorted = createColumns(count)
  for (const name of Object.keys(columns) as (keyof RecordColumns)[]) {
    const [from, to] = [columns[name], sorted[name]]
    for (let row = 0; row < count; row++) to[row] = from[places[row]!]!
  }
  return sorted
}

function resized(columns: RecordColumns, size: number): RecordColumns {
  const larger = createColumns(size)
  for (const name of Object.keys(columns) as (keyof RecordColumns)[]) larger[name].set(columns[name])
  return larger
}
