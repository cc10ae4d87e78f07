import type { CallBatch } from '../calls/call-batch.ts'
import type { OtherParty } from '../calls/call-record.ts'
import {
  type CallRows,
  FILED_CALLED,
  FILED_CALLER,
  FLOAT,
  FLOATS,
  INT,
  INTS,
  REFERENCE_INTS,
  REFERENCED,
  ROW_BYTES,
  rowsOver,
} from '../calls/call-rows.ts'
import { createPartyTable, type PartyValues } from '../calls/parties.ts'
import { createDictionaries, NO_TEXT, type RecordClass } from '../calls/record-columns.ts'
import { type GatheredLogs, type Lot, placeLogs } from './gathered-logs.ts'
import { createReferenceSet } from './reference-set.ts'

const CALLER = 0
const FIRST_ROWS = 4096
/** So many parties take some 60 MB; a gather is written before there are many more. */
const MAX_PARTIES = 2_000_000

/**
 * Calls on their way into blocks: rows of plain memory that other threads read, too, in the order of arrival. A filing is
 * a call in one party's log; it is `2 * call` in the caller's and `2 * call + 1` in the called party's.
 */
export interface Gather {
  readonly size: number
  readonly full: boolean
  /** What a thread needs to make blocks of filings; good until something is added. */
  readonly contents: GatherContents
  /** Takes the rows of a batch and says which were taken. */
  add(batch: CallBatch, ids: BatchIds, from: BatchSource): { taken: number; duplicate: number }
  fileOf(call: number): number
  positionOf(call: number): number
  startOf(call: number): number
  hasReference(call: number): boolean
  /** The keys of references of calls that have one, 16 bytes each. */
  referenceKeysOf(calls: readonly number[]): Buffer
  /** Leaves a call out. */
  drop(call: number): void
  /** Its filings, `[]` when dropped. */
  filingsOf(call: number): number[]
  /** In whose log a filing is: the digits of that number. */
  subscriberOf(filing: number): number
  /** The filings of all calls, log by log. */
  logs(): GatheredLogs
}

/** Where the rows of a batch are from. */
export interface BatchSource {
  readonly file: number
  /** Up to this position everything is on record, but for what is in quarantine. */
  readonly through: number
  /** The file's positions in quarantine. */
  readonly quarantine: { has(position: number): boolean; readonly size: number }
  /** Told of each call that is taken from there. */
  readonly onRetry: (position: number, call: number) => void
}

/** What is gathered, by ids: the memory is shared, the rest is copied to whichever thread reads it. */
export interface GatherContents {
  readonly rows: SharedArrayBuffer
  /** `REFERENCE_INTS` a call; null where none has a reference. */
  readonly references: SharedArrayBuffer | null
  readonly parties: PartyValues
  readonly classes: readonly RecordClass[]
  readonly texts: readonly string[]
  /** The id of `withheld` among the parties. */
  readonly withheld: number
}

/** Knows the ids of one file's batches in the gather that takes them. */
export interface BatchIds {
  /** Takes what a batch adds to its dictionaries. */
  learn(batch: CallBatch): void
  /** The ids in `gather`, by those of the file. */
  within(dictionaries: Dictionaries): FileIds
}

type Dictionaries = ReturnType<typeof createDictionaries>

interface FileIds {
  readonly parties: Int32Array
  readonly classes: Int32Array
  readonly texts: Int32Array
}

/** The ids of a file of which no batch has come yet. */
export function createBatchIds(): BatchIds {
  let [parties, classes, texts]: [(number | OtherParty)[], RecordClass[], string[]] = [[], [], []]
  let known: { dictionaries: Dictionaries; ids: FileIds } | null = null
  return {
    learn(batch) {
      if (batch.fresh) {
        ;[parties, classes, texts] = [[], [], []]
        known = null
      }
      for (const party of batch.parties) parties.push(party)
      for (const own of batch.classes) classes.push(own)
      for (const text of batch.texts) texts.push(text)
    },
    within(dictionaries) {
      if (known?.dictionaries !== dictionaries) known = { dictionaries, ids: NO_IDS }
      const { others, classes: classIds, texts: textIds } = dictionaries
      const textOf = (id: number): number => (id === NO_TEXT ? NO_TEXT : ids.texts[id]!)
      const ids = {
        parties: extended(known.ids.parties, parties, (party) =>
          typeof party === 'number' ? others.idOfNumber(party) : others.idOf(party),
        ),
        texts: extended(known.ids.texts, texts, textIds.idOf),
        classes: known.ids.classes,
      }
      ids.classes = extended(known.ids.classes, classes, ({ flags, currency, tariff }) =>
        classIds.idOf({ flags, currency: textOf(currency), tariff: textOf(tariff) }),
      )
      known.ids = ids
      return ids
    },
  }
}

const NO_IDS: FileIds = { parties: new Int32Array(0), classes: new Int32Array(0), texts: new Int32Array(0) }

function extended<T>(ids: Int32Array, values: readonly T[], idOf: (value: T) => number): Int32Array {
  if (ids.length === values.length) return ids
  const longer = new Int32Array(values.length)
  longer.set(ids)
  for (let at = ids.length; at < values.length; at++) longer[at] = idOf(values[at]!)
  return longer
}

/** An empty gather that is full at `capacity` calls. */
export function createGather(capacity: number): Gather {
  const parties = createPartyTable()
  const dictionaries = { ...createDictionaries(), others: parties }
  const { classes, texts } = dictionaries
  const withheld = parties.idOf({ kind: 'withheld' })
  const marks = createReferenceSet()
  let rows = new SharedArrayBuffer(FIRST_ROWS * ROW_BYTES)
  let own = rowsOver(rows)
  let size = 0
  const lots: Lot[] = []
  const makeRoom = (calls: number): void => {
    if (calls * ROW_BYTES <= rows.byteLength) return
    const larger = new SharedArrayBuffer(Math.max(calls * ROW_BYTES, rows.byteLength * 2))
    new Uint8Array(larger).set(new Uint8Array(rows))
    rows = larger
    own = rowsOver(rows)
  }

  return {
    get size() {
      return size
    },
    get full() {
      return size >= capacity || parties.size > MAX_PARTIES
    },
    get contents() {
      return {
        rows,
        references: marks.memory,
        parties: parties.values(),
        classes: Array.from({ length: classes.size }, (_, id) => classes.value(id)),
        texts: Array.from({ length: texts.size }, (_, id) => texts.value(id)),
        withheld,
      }
    },
    add(batch, ids, from) {
      makeRoom(size + batch.count)
      ids.learn(batch)
      const before = size
      const marked = batch.references === null ? null : new Int32Array(batch.references)
      const source = { batch: rowsOver(batch.rows), ids: ids.within(dictionaries), from }
      for (let row = 0; row < batch.count; row++) {
        const position = source.batch.floats[row * FLOATS + FLOAT.position]!
        const isRetry = from.quarantine.size > 0 && from.quarantine.has(position)
        if (position <= from.through && !isRetry) continue
        if (marked !== null && (source.batch.ints[row * INTS + INT.flags]! & REFERENCED) !== 0) {
          if (!marks.add(size, marked, row * REFERENCE_INTS)) continue
        }
        copyCall(source, row, own, size)
        if (isRetry) from.onRetry(position, size)
        size++
      }
      if (size > before) lots.push({ first: before, end: size })
      return { taken: size - before, duplicate: batch.count - (size - before) }
    },
    fileOf: (call) => own.ints[call * INTS + INT.file]!,
    positionOf: (call) => own.floats[call * FLOATS + FLOAT.position]!,
    startOf: (call) => own.ints[call * INTS + INT.start]! >>> 0,
    hasReference: (call) => isReferenced(own, call),
    referenceKeysOf: (calls) => marks.keysOf(calls),
    drop(call) {
      own.ints[call * INTS + INT.flags]! &= ~(FILED_CALLER | FILED_CALLED)
    },
    filingsOf: (call) => filingsOf(own, call),
    subscriberOf: (filing) =>
      parties.numberOf(own.ints[(filing >> 1) * INTS + ((filing & 1) === CALLER ? INT.caller : INT.called)]!),
    logs: () => placeLogs(own, lots, parties),
  }
}

function filingsOf({ ints }: CallRows, call: number): number[] {
  const flags = ints[call * INTS + INT.flags]!
  return [
    ...((flags & FILED_CALLER) === 0 ? [] : [call * 2]),
    ...((flags & FILED_CALLED) === 0 ? [] : [call * 2 + 1]),
  ]
}

function isReferenced({ ints }: CallRows, call: number): boolean {
  return (ints[call * INTS + INT.flags]! & REFERENCED) !== 0
}

function copyCall(
  { batch, ids, from }: { batch: CallRows; ids: FileIds; from: BatchSource },
  row: number,
  into: CallRows,
  call: number,
): void {
  const source = row * INTS
  const at = call * INTS
  const { ints } = into
  ints[at + INT.caller] = ids.parties[batch.ints[source + INT.caller]!]!
  ints[at + INT.called] = ids.parties[batch.ints[source + INT.called]!]!
  ints[at + INT.flags] = batch.ints[source + INT.flags]!
  ints[at + INT.start] = batch.ints[source + INT.start]!
  ints[at + INT.callerClass] = ids.classes[batch.ints[source + INT.callerClass]!]!
  ints[at + INT.calledClass] = ids.classes[batch.ints[source + INT.calledClass]!]!
  ints[at + INT.duration] = batch.ints[source + INT.duration]!
  const callerCell = batch.ints[source + INT.callerCell]!
  const calledCell = batch.ints[source + INT.calledCell]!
  ints[at + INT.callerCell] = callerCell === NO_TEXT ? NO_TEXT : ids.texts[callerCell]!
  ints[at + INT.calledCell] = calledCell === NO_TEXT ? NO_TEXT : ids.texts[calledCell]!
  ints[at + INT.file] = from.file
  const doubles = call * FLOATS
  into.floats[doubles + FLOAT.bytes] = batch.floats[row * FLOATS + FLOAT.bytes]!
  into.floats[doubles + FLOAT.charge] = batch.floats[row * FLOATS + FLOAT.charge]!
  into.floats[doubles + FLOAT.position] = batch.floats[row * FLOATS + FLOAT.position]!
}
