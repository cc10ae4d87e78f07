import type { CallBatch, ReferenceMark } from '../calls/call-batch.ts'
import type { OtherParty } from '../calls/call-record.ts'
import {
  type CallRows,
  CHARGED_CALLED,
  FILED_CALLED,
  FILED_CALLER,
  FLOAT,
  FLOATS,
  HIDDEN_CALLER,
  INT,
  INTS,
  NO_DURATION,
  REFERENCE_INTS,
  REFERENCED,
  ROW_BYTES,
  rowsOver,
} from '../calls/call-rows.ts'
import { createPartyTable, type PartyValues } from '../calls/parties.ts'
import { createDictionaries, NO_TEXT, type RecordClass, type RecordColumns } from '../calls/record-columns.ts'
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
  referenceOf(call: number): ReferenceMark | null
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

/** All filings, those of one subscriber together, each log in order of start. */
export interface GatheredLogs {
  readonly filings: Int32Array<SharedArrayBuffer>
  /** The start of each filing. */
  readonly starts: Uint32Array
  /** The logs that are not empty: the subscriber's digits, and where its filings are. */
  readonly logs: readonly { readonly subscriber: number; readonly first: number; readonly end: number }[]
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
      return { taken: size - before, duplicate: batch.count - (size - before) }
    },
    fileOf: (call) => own.ints[call * INTS + INT.file]!,
    positionOf: (call) => own.floats[call * FLOATS + FLOAT.position]!,
    startOf: (call) => own.ints[call * INTS + INT.start]! >>> 0,
    referenceOf: (call) => (isReferenced(own, call) ? marks.at(call) : null),
    drop(call) {
      own.ints[call * INTS + INT.flags]! &= ~(FILED_CALLER | FILED_CALLED)
    },
    filingsOf: (call) => filingsOf(own, call),
    subscriberOf: (filing) =>
      parties.numberOf(own.ints[(filing >> 1) * INTS + ((filing & 1) === CALLER ? INT.caller : INT.called)]!),
    logs: () => logsOf(own, size, parties),
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

/** Counts, then places: calls come nearly in order of time, so hardly a log needs sorting afterwards. */
function logsOf(
  { ints }: CallRows,
  size: number,
  parties: { readonly size: number; numberOf(id: number): number },
): GatheredLogs {
  const ends = new Int32Array(parties.size + 1)
  for (let call = 0; call < size; call++) {
    const at = call * INTS
    const flags = ints[at + INT.flags]!
    if ((flags & FILED_CALLER) !== 0) ends[ints[at + INT.caller]! + 1]!++
    if ((flags & FILED_CALLED) !== 0) ends[ints[at + INT.called]! + 1]!++
  }
  for (let party = 0; party < parties.size; party++) ends[party + 1]! += ends[party]!
  const total = ends[parties.size]!
  const filings = new Int32Array(new SharedArrayBuffer(total * 4))
  const starts = new Uint32Array(total)
  const next = ends.slice(0, parties.size)
  const place = (filing: number, party: number, start: number): void => {
    const at = next[party]!++
    filings[at] = filing
    starts[at] = start
  }
  for (let call = 0; call < size; call++) {
    const at = call * INTS
    const flags = ints[at + INT.flags]!
    const start = ints[at + INT.start]!
    if ((flags & FILED_CALLER) !== 0) place(call * 2, ints[at + INT.caller]!, start)
    if ((flags & FILED_CALLED) !== 0) place(call * 2 + 1, ints[at + INT.called]!, start)
  }
  const logs: { subscriber: number; first: number; end: number }[] = []
  for (let party = 0; party < parties.size; party++) {
    const [first, end] = [ends[party]!, ends[party + 1]!]
    if (first === end) continue
    sortByStart(filings.subarray(first, end), starts.subarray(first, end))
    logs.push({ subscriber: parties.numberOf(party), first, end })
  }
  return { filings, starts, logs }
}

/** Logs of fewer filings are sorted by start and place as one double each. */
const MOST_PLACES = 2 ** 21

function sortByStart(filings: Int32Array, starts: Uint32Array): void {
  let at = 1
  while (at < starts.length && starts[at - 1]! <= starts[at]!) at++
  if (at >= starts.length) return
  // Rows of one start keep the order of arrival. Numbers alone sort many times faster than by a function.
  if (starts.length > MOST_PLACES) throw new Error('invariant broken: a gather holds more filings of one log')
  const keys = new Float64Array(starts.length)
  for (let place = 0; place < keys.length; place++) keys[place] = starts[place]! * MOST_PLACES + place
  keys.sort()
  const before = filings.slice()
  for (let to = 0; to < keys.length; to++) {
    const start = Math.floor(keys[to]! / MOST_PLACES)
    starts[to] = start
    filings[to] = before[keys[to]! - start * MOST_PLACES]!
  }
}

/** Writes a filing of a gather as row `at`. */
export function copyFiling(
  {
    rows: { ints, floats },
    references,
    withheld,
  }: {
    readonly rows: CallRows
    readonly references: Int32Array | null
    readonly withheld: number
  },
  filing: number,
  into: RecordColumns,
  at: number,
): void {
  const call = filing >> 1
  const from = call * INTS
  const isCaller = (filing & 1) === CALLER
  const flags = ints[from + INT.flags]!
  const charged = ((flags & CHARGED_CALLED) === 0) === isCaller
  const duration = ints[from + INT.duration]!
  const hidden = !isCaller && (flags & HIDDEN_CALLER) !== 0
  into.start[at] = ints[from + INT.start]! >>> 0
  into.other[at] = hidden ? withheld : ints[from + (isCaller ? INT.called : INT.caller)]!
  into.class[at] = ints[from + (isCaller ? INT.callerClass : INT.calledClass)]!
  into.durationSeconds[at] = duration === NO_DURATION ? Number.NaN : duration
  into.bytes[at] = floats[call * FLOATS + FLOAT.bytes]!
  into.cell[at] = ints[from + (isCaller ? INT.callerCell : INT.calledCell)]!
  into.chargeMilli[at] = charged ? floats[call * FLOATS + FLOAT.charge]! : Number.NaN
  into.referenceHash[at] =
    references !== null && (flags & REFERENCED) !== 0
      ? references[call * REFERENCE_INTS + REFERENCE_INTS - 1]! >>> 0
      : Number.NaN
  into.file[at] = ints[from + INT.file]!
  into.position[at] = floats[call * FLOATS + FLOAT.position]!
}
