import {
  createDictionaries,
  type Dictionaries,
  flagsOf,
  KINDS,
  NO_TEXT,
  type RecordColumns,
} from '../calls/record-columns.ts'
import type { SourceRecord } from '../calls/source-record.ts'

const CALLER = 0
const CALLED = 1
const FILED_CALLER = 1
const FILED_CALLED = 2
const CHARGED_CALLED = 4
const HIDDEN_CALLER = 8
/** So many parties take some 100 MB; a gather is written before there are more. */
const MAX_PARTIES = 250_000

/**
 * Calls on their way into blocks: columns of plain numbers, in the order of arrival. A filing is a call in one
 * party's log; it is `2 * call` in the caller's and `2 * call + 1` in the called party's.
 */
export interface Gather {
  readonly size: number
  readonly full: boolean
  readonly dictionaries: Dictionaries
  /** Takes a call, or says in plain words why it is in nobody's log. `reference` is null without one. */
  add(
    record: SourceRecord,
    from: { file: number; position: number; reference: ReferenceMark | null },
  ): string | null
  fileOf(call: number): number
  positionOf(call: number): number
  startOf(call: number): number
  referenceOf(call: number): ReferenceMark | null
  /** Leaves a call out. */
  drop(call: number): void
  /** Its filings, `[]` when dropped. */
  filingsOf(call: number): number[]
  /** In whose log a filing is: a number in `dictionaries.others`. */
  subscriberOf(filing: number): number
  /** The filings of all calls, log by log. */
  logs(): IterableIterator<GatheredLog>
  /** Writes a filing as row `at`. */
  copyRow(filing: number, columns: RecordColumns, at: number): void
}

/** The filings of one subscriber in order of start, and their starts. */
export interface GatheredLog {
  /** A number in `dictionaries.others`. */
  readonly subscriber: number
  readonly filings: Int32Array
  readonly starts: Float64Array
}

/** A switch's reference: an HMAC, 16 bytes, and the 32 bits of it that stay in the block. */
export interface ReferenceMark {
  readonly key: Buffer
  readonly hash: number
}

/** An empty gather for at most `capacity` calls. */
export function createGather(capacity: number, servedByUs: (number: string) => boolean): Gather {
  const dictionaries = createDictionaries()
  const { others, texts } = dictionaries
  const withheld = others.idOf({ kind: 'withheld' })
  const calls = createCalls(capacity)
  const { ints, floats } = calls
  const references: (ReferenceMark | undefined)[] = []
  let size = 0
  const text = (value: string | null): number => (value === null ? NO_TEXT : texts.idOf(value))
  const classesOf = createClassifier(dictionaries)

  return {
    get size() {
      return size
    },
    get full() {
      return size === capacity || others.size > MAX_PARTIES
    },
    dictionaries,
    add(record, { file, position, reference }) {
      const caller = others.idOf(record.caller)
      const called = others.idOf(record.called)
      const filed = filingOf(record, caller === called, servedByUs)
      if (filed === 0) return 'neither party is a number whose log it could be in'
      const call = size++
      const at = call * INTS
      const { callerClass, calledClass } = classesOf(record)
      ints[at + INT.caller] = caller
      ints[at + INT.called] = called
      ints[at + INT.filed] =
        filed |
        (record.served === 'called' ? CHARGED_CALLED : 0) |
        (record.callerHidden === true ? HIDDEN_CALLER : 0)
      ints[at + INT.start] = record.start
      ints[at + INT.callerClass] = callerClass
      ints[at + INT.calledClass] = calledClass
      ints[at + INT.duration] = record.durationSeconds ?? NO_DURATION
      ints[at + INT.callerCell] = text(record.callerCell)
      ints[at + INT.calledCell] = text(record.calledCell)
      ints[at + INT.file] = file
      floats[call * FLOATS + FLOAT.bytes] = record.bytes ?? Number.NaN
      floats[call * FLOATS + FLOAT.charge] = record.chargeMilli ?? Number.NaN
      floats[call * FLOATS + FLOAT.position] = position
      if (reference !== null) references[call] = reference
      return null
    },
    fileOf: (call) => ints[call * INTS + INT.file]!,
    positionOf: (call) => floats[call * FLOATS + FLOAT.position]!,
    startOf: (call) => startOf(calls, call),
    referenceOf: (call) => references[call] ?? null,
    drop(call) {
      ints[call * INTS + INT.filed] = 0
    },
    filingsOf: (call) =>
      [CALLER, CALLED]
        .filter((side) => isFiled(ints[call * INTS + INT.filed]!, side))
        .map((side) => call * 2 + side),
    subscriberOf: (filing) =>
      (filing & 1) === CALLER
        ? ints[(filing >> 1) * INTS + INT.caller]!
        : ints[(filing >> 1) * INTS + INT.called]!,
    logs: () => logsOf(calls, size, others.size),
    copyRow(filing, into, at) {
      copyRow({ calls, references, withheld }, filing, into, at)
    },
  }
}

/**
 * Where each value of a call stands: whole numbers, and behind them doubles, 64 bytes together. That is one cache
 * line, for calls are read in the order of logs, which is no order of memory.
 */
const INT = {
  caller: 0,
  called: 1,
  filed: 2,
  start: 3,
  callerClass: 4,
  calledClass: 5,
  duration: 6,
  callerCell: 7,
  calledCell: 8,
  file: 9,
} as const
const INTS = 16
const FLOAT = { bytes: 5, charge: 6, position: 7 } as const
const FLOATS = 8
const NO_DURATION = -1

interface Calls {
  readonly ints: Int32Array
  readonly floats: Float64Array
}

function createCalls(capacity: number): Calls {
  const memory = new ArrayBuffer(capacity * 64)
  return { ints: new Int32Array(memory), floats: new Float64Array(memory) }
}

/** Starts are kept as unsigned: to the year 2106. */
function startOf({ ints }: Calls, call: number): number {
  return ints[call * INTS + INT.start]! >>> 0
}

/** In whose logs a call belongs (see `SourceRecord`); 0 for nobody's. A call to oneself is one row. */
function filingOf(record: SourceRecord, oneself: boolean, servedByUs: (number: string) => boolean): number {
  const { caller, called, served } = record
  const callerLog =
    caller.kind === 'number' && (served !== 'called' || !servedByUs(caller.number)) ? FILED_CALLER : 0
  const calledLog =
    called.kind === 'number' && (served !== 'caller' || !servedByUs(called.number)) ? FILED_CALLED : 0
  return oneself && callerLog !== 0 ? FILED_CALLER : callerLog | calledLog
}

function isFiled(filed: number, side: number): boolean {
  return (filed & (side === CALLER ? FILED_CALLER : FILED_CALLED)) !== 0
}

/** Counts, then places: calls come nearly in order of time, so hardly a log needs sorting afterwards. */
function* logsOf(calls: Calls, size: number, parties: number): IterableIterator<GatheredLog> {
  const { ints } = calls
  const ends = new Int32Array(parties + 1)
  for (let call = 0; call < size; call++) {
    const at = call * INTS
    if (isFiled(ints[at + INT.filed]!, CALLER)) ends[ints[at + INT.caller]! + 1]!++
    if (isFiled(ints[at + INT.filed]!, CALLED)) ends[ints[at + INT.called]! + 1]!++
  }
  for (let party = 0; party < parties; party++) ends[party + 1]! += ends[party]!
  const filings = new Int32Array(ends[parties]!)
  const starts = new Float64Array(filings.length)
  const next = ends.slice(0, parties)
  const place = (call: number, side: number, party: number): void => {
    const at = next[party]!++
    filings[at] = call * 2 + side
    starts[at] = startOf(calls, call)
  }
  for (let call = 0; call < size; call++) {
    const at = call * INTS
    if (isFiled(ints[at + INT.filed]!, CALLER)) place(call, CALLER, ints[at + INT.caller]!)
    if (isFiled(ints[at + INT.filed]!, CALLED)) place(call, CALLED, ints[at + INT.called]!)
  }
  for (let subscriber = 0; subscriber < parties; subscriber++) {
    const [first, end] = [ends[subscriber]!, ends[subscriber + 1]!]
    if (first === end) continue
    const own = { subscriber, filings: filings.subarray(first, end), starts: starts.subarray(first, end) }
    sortByStart(calls, own)
    yield own
  }
}

function sortByStart(calls: Calls, { filings, starts }: GatheredLog): void {
  let at = 1
  while (at < starts.length && starts[at - 1]! <= starts[at]!) at++
  if (at >= starts.length) return
  // Rows of one start keep the order of arrival, in which filings grow.
  filings.sort((a, b) => startOf(calls, a >> 1) - startOf(calls, b >> 1) || a - b)
  starts.sort()
}

interface Gathered {
  readonly calls: Calls
  readonly references: readonly (ReferenceMark | undefined)[]
  /** The number of `withheld` among the parties. */
  readonly withheld: number
}

function copyRow(
  { calls: { ints, floats }, references, withheld }: Gathered,
  filing: number,
  into: RecordColumns,
  at: number,
): void {
  const call = filing >> 1
  const from = call * INTS
  const isCaller = (filing & 1) === CALLER
  const charged = ((ints[from + INT.filed]! & CHARGED_CALLED) === 0) === isCaller
  const duration = ints[from + INT.duration]!
  into.start[at] = ints[from + INT.start]! >>> 0
  const hidden = !isCaller && (ints[from + INT.filed]! & HIDDEN_CALLER) !== 0
  into.other[at] = hidden ? withheld : ints[from + (isCaller ? INT.called : INT.caller)]!
  into.class[at] = ints[from + (isCaller ? INT.callerClass : INT.calledClass)]!
  into.durationSeconds[at] = duration === NO_DURATION ? Number.NaN : duration
  into.bytes[at] = floats[call * FLOATS + FLOAT.bytes]!
  into.cell[at] = ints[from + (isCaller ? INT.callerCell : INT.calledCell)]!
  into.chargeMilli[at] = charged ? floats[call * FLOATS + FLOAT.charge]! : Number.NaN
  // Most sources have none, and looking into an array that ends before `call` is slow.
  into.referenceHash[at] = call < references.length ? (references[call]?.hash ?? Number.NaN) : Number.NaN
  into.file[at] = ints[from + INT.file]!
  into.position[at] = floats[call * FLOATS + FLOAT.position]!
}

interface Classes {
  readonly currency: string | null
  readonly tariff: string | null
  readonly callerClass: number
  readonly calledClass: number
}

/** The classes of a call's two rows; neighbours in a file mostly have the same, so the last of each kind is kept. */
function createClassifier({ classes, texts }: Dictionaries): (record: SourceRecord) => Classes {
  const last: (Classes | undefined)[] = []
  const classify = (record: SourceRecord): Classes => {
    const { kind, answered, currency, tariff } = record
    const rowClass = (direction: 'out' | 'in' | 'forwarded' | 'session', charged: boolean): number =>
      classes.idOf({
        flags: flagsOf({ direction, kind, answered }),
        currency: charged && currency !== null ? texts.idOf(currency) : NO_TEXT,
        tariff: charged && tariff !== null ? texts.idOf(tariff) : NO_TEXT,
      })
    const chargedCalled = record.served === 'called'
    return {
      currency,
      tariff,
      callerClass: rowClass(
        kind === 'data' ? 'session' : record.forwarded === true ? 'forwarded' : 'out',
        !chargedCalled,
      ),
      calledClass: rowClass(kind === 'data' ? 'session' : 'in', chargedCalled),
    }
  }
  return (record) => {
    const slot =
      KINDS.indexOf(record.kind) * 8 +
      (record.answered ? 4 : 0) +
      (record.forwarded === true ? 2 : 0) +
      (record.served === 'called' ? 1 : 0)
    const known = last[slot]
    if (known !== undefined && known.currency === record.currency && known.tariff === record.tariff)
      return known
    const fresh = classify(record)
    last[slot] = fresh
    return fresh
  }
}
