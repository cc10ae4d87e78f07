import type { OtherParty } from './call-record.ts'
import { createPartyTable, type PartyTable } from './parties.ts'

/** What is kept of a record in its subscriber's block; the subscriber is the block's. */
export interface StoredRecord {
  readonly other: OtherParty
  readonly direction: 'out' | 'in' | 'forwarded' | 'session'
  readonly kind: 'voice' | 'sms' | 'data'
  readonly answered: boolean
  /** Epoch seconds, UTC. */
  readonly start: number
  readonly durationSeconds: number | null
  readonly bytes: number | null
  readonly cell: string | null
  readonly chargeMilli: number | null
  readonly currency: string | null
  readonly tariff: string | null
  /** 32 bits of the switch's reference. */
  readonly referenceHash: number | null
  /** Number of the file it came from, and line or offset there. */
  readonly file: number
  readonly position: number
}

export const DIRECTIONS = ['out', 'in', 'forwarded', 'session'] as const
export const KINDS = ['voice', 'sms', 'data'] as const
const ANSWERED_FLAG = 16

/** Direction (2 bits), kind (2 bits) and answered (1 bit) as one byte. */
export function flagsOf(record: Pick<StoredRecord, 'direction' | 'kind' | 'answered'>): number {
  return (
    DIRECTIONS.indexOf(record.direction) |
    (KINDS.indexOf(record.kind) << 2) |
    (record.answered ? ANSWERED_FLAG : 0)
  )
}

/** Inverse of `flagsOf`; null for a byte that it never gives. */
export function meaningOf(flags: number): Pick<StoredRecord, 'direction' | 'kind' | 'answered'> | null {
  const kind = KINDS[(flags >> 2) & 3]
  if (kind === undefined || flags > 31) return null
  return { direction: DIRECTIONS[flags & 3]!, kind, answered: (flags & ANSWERED_FLAG) !== 0 }
}

/** Gives each distinct text a number from 0, and back. */
export interface Interner<T> {
  readonly size: number
  /** The number of `value`, new or known. */
  idOf(value: T): number
  value(id: number): T
}

/** An interner of values that are equal when `keyOf` is. */
export function createInterner<T>(keyOf: (value: T) => string | number): Interner<T> {
  const ids = new Map<string | number, number>()
  const values: T[] = []
  return {
    get size() {
      return values.length
    },
    idOf(value) {
      const key = keyOf(value)
      const known = ids.get(key)
      if (known !== undefined) return known
      ids.set(key, values.length)
      return values.push(value) - 1
    },
    value: (id) => values[id] as T,
  }
}

/** What few values together say: a log has a handful of these, so a row needs one byte for all of them. */
export interface RecordClass {
  /** As `flagsOf` gives them. */
  readonly flags: number
  /** Numbers in `texts`, or `NO_TEXT`. */
  readonly currency: number
  readonly tariff: number
}

/** Gives the values that columns name, their ids; shared by many blocks while they are gathered. */
export interface Dictionaries {
  readonly others: PartyTable
  readonly classes: Interner<RecordClass>
  /** Cells, currencies and tariffs. */
  readonly texts: Interner<string>
}

/** The values behind the ids, for whoever writes a block. */
export interface BlockValues {
  /** The digits of a party that is an E.164 number; NaN for any other. */
  numberOf(id: number): number
  party(id: number): OtherParty
  classes(id: number): RecordClass
  texts(id: number): string
}

/** Fresh dictionaries. */
export function createDictionaries(): Dictionaries {
  return {
    others: createPartyTable(),
    // Numbers below 2^53 as long as there are fewer than 2^24 texts.
    classes: createInterner((c) => ((c.currency + 1) * 2 ** 24 + (c.tariff + 1)) * 32 + c.flags),
    texts: createInterner((text) => text),
  }
}

/** What `dictionaries` hold, by id. */
export function valuesOf({ others, classes, texts }: Dictionaries): BlockValues {
  return { numberOf: others.numberOf, party: others.value, classes: classes.value, texts: texts.value }
}

/** Later starts than the year 36,812 would overflow nothing yet, but mean nothing either. */
export const LATEST_START = 2 ** 40

/** Stands for null in the columns of numbers from a dictionary. */
export const NO_TEXT = -1

/**
 * Records as columns, for many millions of them pass here and an object each would cost more than the sealing.
 * Null is NaN in number columns and `NO_TEXT` in dictionary columns.
 */
export interface RecordColumns {
  readonly start: Float64Array
  readonly class: Int32Array
  readonly other: Int32Array
  readonly durationSeconds: Float64Array
  readonly bytes: Float64Array
  readonly cell: Int32Array
  readonly chargeMilli: Float64Array
  readonly referenceHash: Float64Array
  readonly file: Int32Array
  readonly position: Float64Array
}

/** Columns for `capacity` records. */
export function createColumns(capacity: number): RecordColumns {
  return {
    start: new Float64Array(capacity),
    class: new Int32Array(capacity),
    other: new Int32Array(capacity),
    durationSeconds: new Float64Array(capacity),
    bytes: new Float64Array(capacity),
    cell: new Int32Array(capacity),
    chargeMilli: new Float64Array(capacity),
    referenceHash: new Float64Array(capacity),
    file: new Int32Array(capacity),
    position: new Float64Array(capacity),
  }
}

/** Writes `record` as row `at`. */
export function setRow(
  columns: RecordColumns,
  at: number,
  record: StoredRecord,
  dictionaries: Dictionaries,
): void {
  const text = (value: string | null): number => (value === null ? NO_TEXT : dictionaries.texts.idOf(value))
  columns.start[at] = record.start
  columns.class[at] = dictionaries.classes.idOf({
    flags: flagsOf(record),
    currency: text(record.currency),
    tariff: text(record.tariff),
  })
  columns.other[at] = dictionaries.others.idOf(record.other)
  columns.durationSeconds[at] = record.durationSeconds ?? Number.NaN
  columns.bytes[at] = record.bytes ?? Number.NaN
  columns.cell[at] = text(record.cell)
  columns.chargeMilli[at] = record.chargeMilli ?? Number.NaN
  columns.referenceHash[at] = record.referenceHash ?? Number.NaN
  columns.file[at] = record.file
  columns.position[at] = record.position
}
