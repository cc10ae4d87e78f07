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
  /** The filings of all calls by subscriber (a number in `dictionaries.others`), each log in order of start. */
  logs(): IterableIterator<{ subscriber: number; filings: Int32Array }>
  /** Writes a filing as row `at`. */
  copyRow(filing: number, columns: RecordColumns, at: number): void
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
  const calls = new Float64Array(capacity * STRIDE)
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
      const filed = filingOf(record, servedByUs)
      if (filed === 0) return 'neither party is a number whose log it could be in'
      const at = size++ * STRIDE
      calls[at + AT.caller] = others.idOf(record.caller)
      calls[at + AT.called] = others.idOf(record.called)
      calls[at + AT.filed] = filed | (record.served === 'called' ? CHARGED_CALLED : 0)
      const { callerClass, calledClass } = classesOf(record)
      calls[at + AT.callerClass] = callerClass
      calls[at + AT.calledClass] = calledClass
      calls[at + AT.start] = record.start
      calls[at + AT.duration] = record.durationSeconds ?? Number.NaN
      calls[at + AT.bytes] = record.bytes ?? Number.NaN
      calls[at + AT.callerCell] = text(record.callerCell)
      calls[at + AT.calledCell] = text(record.calledCell)
      calls[at + AT.charge] = record.chargeMilli ?? Number.NaN
      calls[at + AT.file] = file
      calls[at + AT.position] = position
      if (reference !== null) references[size - 1] = reference
      return null
    },
    fileOf: (call) => calls[call * STRIDE + AT.file]!,
    positionOf: (call) => calls[call * STRIDE + AT.position]!,
    startOf: (call) => calls[call * STRIDE + AT.start]!,
    referenceOf: (call) => references[call] ?? null,
    drop(call) {
      calls[call * STRIDE + AT.filed] = 0
    },
    filingsOf: (call) =>
      [CALLER, CALLED]
        .filter((side) => isFiled(calls[call * STRIDE + AT.filed]!, side))
        .map((side) => call * 2 + side),
    subscriberOf: (filing) =>
      (filing & 1) === CALLER
        ? calls[(filing >> 1) * STRIDE + AT.caller]!
        : calls[(filing >> 1) * STRIDE + AT.called]!,
    logs: () => logsOf(calls, size, others.size),
    copyRow(filing, into, at) {
      copyRow(calls, references, filing, into, at)
    },
  }
}

/**
 * Where each value of a call stands. All of them lie side by side, for calls are read in the order of logs,
 * which is no order of memory: twelve columns would be twelve cache misses a row.
 */
const AT = {
  caller: 0,
  called: 1,
  filed: 2,
  start: 3,
  callerClass: 4,
  calledClass: 5,
  duration: 6,
  bytes: 7,
  callerCell: 8,
  calledCell: 9,
  charge: 10,
  file: 11,
  position: 12,
} as const
/** Two cache lines of 64 bytes. */
const STRIDE = 16

/** In whose logs a call belongs (see `SourceRecord`); 0 for nobody's. A call to oneself is one row. */
function filingOf(record: SourceRecord, servedByUs: (number: string) => boolean): number {
  const { caller, called, served } = record
  const callerLog =
    caller.kind === 'number' && (served !== 'called' || !servedByUs(caller.number)) ? FILED_CALLER : 0
  const calledLog =
    called.kind === 'number' && (served !== 'caller' || !servedByUs(called.number)) ? FILED_CALLED : 0
  const oneself = caller.kind === 'number' && called.kind === 'number' && caller.number === called.number
  return oneself && callerLog !== 0 ? FILED_CALLER : callerLog | calledLog
}

function isFiled(filed: number, side: number): boolean {
  return (filed & (side === CALLER ? FILED_CALLER : FILED_CALLED)) !== 0
}

/** Counts, then places: calls come nearly in order of time, so hardly a log needs sorting afterwards. */
function* logsOf(
  calls: Float64Array,
  size: number,
  parties: number,
): IterableIterator<{ subscriber: number; filings: Int32Array }> {
  const ends = new Int32Array(parties + 1)
  for (let call = 0; call < size; call++) {
    if (isFiled(calls[call * STRIDE + AT.filed]!, CALLER)) ends[calls[call * STRIDE + AT.caller]! + 1]!++
    if (isFiled(calls[call * STRIDE + AT.filed]!, CALLED)) ends[calls[call * STRIDE + AT.called]! + 1]!++
  }
  for (let party = 0; party < parties; party++) ends[party + 1]! += ends[party]!
  const filings = new Int32Array(ends[parties]!)
  const next = ends.slice(0, parties)
  for (let call = 0; call < size; call++) {
    if (isFiled(calls[call * STRIDE + AT.filed]!, CALLER))
      filings[next[calls[call * STRIDE + AT.caller]!]!++] = call * 2
    if (isFiled(calls[call * STRIDE + AT.filed]!, CALLED))
      filings[next[calls[call * STRIDE + AT.called]!]!++] = call * 2 + 1
  }
  const startOf = (filing: number): number => calls[(filing >> 1) * STRIDE + AT.start]!
  for (let subscriber = 0; subscriber < parties; subscriber++) {
    const own = filings.subarray(ends[subscriber]!, ends[subscriber + 1]!)
    if (own.length === 0) continue
    if (own.some((filing, at) => at > 0 && startOf(own[at - 1]!) > startOf(filing))) {
      // Stable: rows of one start keep the order of arrival. Filings grow with arrival, so they break ties.
      own.sort((a, b) => startOf(a) - startOf(b) || a - b)
    }
    yield { subscriber, filings: own }
  }
}

function copyRow(
  calls: Float64Array,
  references: readonly (ReferenceMark | undefined)[],
  filing: number,
  into: RecordColumns,
  at: number,
): void {
  const call = filing >> 1
  const side = filing & 1
  const charged = ((calls[call * STRIDE + AT.filed]! & CHARGED_CALLED) !== 0 ? CALLED : CALLER) === side
  into.start[at] = calls[call * STRIDE + AT.start]!
  into.other[at] = side === CALLER ? calls[call * STRIDE + AT.called]! : calls[call * STRIDE + AT.caller]!
  into.class[at] =
    side === CALLER ? calls[call * STRIDE + AT.callerClass]! : calls[call * STRIDE + AT.calledClass]!
  into.durationSeconds[at] = calls[call * STRIDE + AT.duration]!
  into.bytes[at] = calls[call * STRIDE + AT.bytes]!
  into.cell[at] =
    side === CALLER ? calls[call * STRIDE + AT.callerCell]! : calls[call * STRIDE + AT.calledCell]!
  into.chargeMilli[at] = charged ? calls[call * STRIDE + AT.charge]! : Number.NaN
  into.referenceHash[at] = references[call]?.hash ?? Number.NaN
  into.file[at] = calls[call * STRIDE + AT.file]!
  into.position[at] = calls[call * STRIDE + AT.position]!
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
    const rowClass = (direction: 'out' | 'in' | 'session', charged: boolean): number =>
      classes.idOf({
        flags: flagsOf({ direction, kind, answered }),
        currency: charged && currency !== null ? texts.idOf(currency) : NO_TEXT,
        tariff: charged && tariff !== null ? texts.idOf(tariff) : NO_TEXT,
      })
    const chargedCalled = record.served === 'called'
    return {
      currency,
      tariff,
      callerClass: rowClass(kind === 'data' ? 'session' : 'out', !chargedCalled),
      calledClass: rowClass(kind === 'data' ? 'session' : 'in', chargedCalled),
    }
  }
  return (record) => {
    const slot =
      KINDS.indexOf(record.kind) * 4 + (record.answered ? 2 : 0) + (record.served === 'called' ? 1 : 0)
    const known = last[slot]
    if (known !== undefined && known.currency === record.currency && known.tariff === record.tariff)
      return known
    const fresh = classify(record)
    last[slot] = fresh
    return fresh
  }
}
