import type { OtherParty } from './call-record.ts'
import {
  CHARGED_CALLED,
  FILED_CALLED,
  FILED_CALLER,
  FLOAT,
  FLOATS,
  HIDDEN_CALLER,
  INT,
  INTS,
  NO_DURATION,
  REFERENCE_BYTES,
  REFERENCED,
  ROW_BYTES,
  rowsOver,
} from './call-rows.ts'
import {
  createDictionaries,
  type Dictionaries,
  flagsOf,
  KINDS,
  NO_TEXT,
  type RecordClass,
} from './record-columns.ts'
import { RECORD_FORM, type ReadFault, type ReadItem, type SourceRecord } from './source-record.ts'

/**
 * Calls of one file on their way from whoever reads it to whoever gathers, possibly on another thread: rows, and what is
 * new in the dictionaries that they name their values by.
 */
export interface CallBatch {
  readonly rows: ArrayBuffer
  readonly count: number
  /** `REFERENCE_BYTES` a row; null when none of them has a reference. */
  readonly references: ArrayBuffer | null
  readonly faults: readonly { readonly position: number; readonly fault: ReadFault }[]
  /** The dictionaries begin anew with this batch. */
  readonly fresh: boolean
  /** Values behind those of earlier batches: a party is the digits of an E.164 number, or a party of another kind. */
  readonly parties: readonly (number | OtherParty)[]
  readonly classes: readonly RecordClass[]
  readonly texts: readonly string[]
}

/** The highest position in a batch; -1 when it is empty. */
export function lastPosition({ rows, count, faults }: CallBatch): number {
  const row = count === 0 ? -1 : new Float64Array(rows)[(count - 1) * FLOATS + FLOAT.position]!
  return Math.max(row, faults.at(-1)?.position ?? -1)
}

/** What is kept of a reference: `key` 16 bytes, `hash` 32 bits. */
export interface ReferenceMark {
  readonly key: Buffer
  readonly hash: number
}

/** What making rows of records needs to know. */
export interface BatchOptions {
  readonly servedByUs: (number: string) => boolean
  readonly markReference: (
    record: Pick<SourceRecord, 'served' | 'reference' | 'part'>,
  ) => ReferenceMark | null
  /** Rows and faults in a batch at most. */
  readonly limit: number
}

/** A call whose values have ids in the maker's dictionaries. Null is NaN, `NO_TEXT` or `NO_DURATION`. */
export interface IdCall {
  position: number
  caller: number
  called: number
  served: SourceRecord['served']
  callerHidden: boolean
  start: number
  callerClass: number
  calledClass: number
  duration: number
  callerCell: number
  calledCell: number
  bytes: number
  charge: number
  mark: ReferenceMark | null
}

/** Makes batches of one file's items, in their order. */
export interface BatchMaker {
  /** Ids are good until `generation` changes, which it does only when a batch is taken. */
  readonly dictionaries: Dictionaries
  readonly generation: number
  readonly markReference: BatchOptions['markReference']
  /** The batch should be taken before anything more is added. */
  readonly full: boolean
  add(item: ReadItem): void
  /** Adds a call; false when it would be in nobody's log. It must be one that `add` would have taken. */
  addIds(call: Readonly<IdCall>): boolean
  /** What was added since the last batch. */
  take(): CallBatch
}

/** Faults carry their bytes, so there are fewer of them in a batch than rows. */
const MOST_RAW_BYTES = 4 * 1024 * 1024
/** So many parties, and the dictionaries begin anew: a file may name millions. */
const MOST_PARTIES = 400_000
/** The largest number that a block can hold (codec). */
const LARGEST = 2 ** 51
const LATEST_START = 2 ** 32 - 1
const LONGEST_SECONDS = 2 ** 31 - 1

/** A maker with nothing added yet. */
export function createBatchMaker(options: BatchOptions): BatchMaker {
  const { limit, markReference } = options
  let own = createOwnIds(options)
  let generation = 0
  let open = startBatch(true, NOTHING, FIRST_ROWS)
  const add = (item: ReadItem): void => {
    const fault = 'fault' in item ? item.fault : addRecord(open, own, item.position, item.record)
    if (fault === null) return
    open.faults.push({ position: item.position, fault })
    open.rawBytes += fault.raw.length
  }
  return {
    get dictionaries() {
      return own.dictionaries
    },
    get generation() {
      return generation
    },
    markReference,
    get full() {
      return open.count + open.faults.length >= limit || open.rawBytes >= MOST_RAW_BYTES
    },
    add,
    addIds(call) {
      const filed = own.filedOf(call)
      if (filed !== 0) putRow(open, call, filed)
      return filed !== 0
    },
    take() {
      const batch = closeBatch(open, own.dictionaries)
      const { others, classes, texts } = own.dictionaries
      const anew = others.size > MOST_PARTIES
      if (anew) {
        own = createOwnIds(options)
        generation++
      }
      open = startBatch(
        anew,
        anew ? NOTHING : { parties: others.size, classes: classes.size, texts: texts.size },
        Math.min(limit, Math.max(FIRST_ROWS, batch.count * 2)),
      )
      return batch
    },
  }
}

interface OpenBatch {
  rows: ArrayBuffer
  ints: Int32Array
  floats: Float64Array
  references: Uint8Array<ArrayBuffer> | null
  count: number
  readonly faults: { position: number; fault: ReadFault }[]
  rawBytes: number
  readonly fresh: boolean
  /** Sizes of the dictionaries at its beginning. */
  readonly from: { readonly parties: number; readonly classes: number; readonly texts: number }
}

const NOTHING: OpenBatch['from'] = { parties: 0, classes: 0, texts: 0 }
const FIRST_ROWS = 256

/** `room` rows have room at once: a file's batches are as large as the one before, but for the last. */
function startBatch(fresh: boolean, from: OpenBatch['from'], room: number): OpenBatch {
  const rows = new ArrayBuffer(room * ROW_BYTES)
  return { rows, ...rowsOver(rows), references: null, count: 0, faults: [], rawBytes: 0, fresh, from }
}

function closeBatch(open: OpenBatch, { others, classes, texts }: Dictionaries): CallBatch {
  const { from, count } = open
  return {
    rows: open.rows.byteLength === count * ROW_BYTES ? open.rows : open.rows.slice(0, count * ROW_BYTES),
    count,
    references: open.references?.buffer.slice(0, count * REFERENCE_BYTES) ?? null,
    faults: open.faults,
    fresh: open.fresh,
    parties: listed(from.parties, others.size, (id) => {
      const digits = others.numberOf(id)
      return Number.isNaN(digits) ? others.value(id) : digits
    }),
    classes: listed(from.classes, classes.size, classes.value),
    texts: listed(from.texts, texts.size, texts.value),
  }
}

function listed<T>(from: number, until: number, value: (id: number) => T): T[] {
  return Array.from({ length: until - from }, (_, at) => value(from + at))
}

function putRow(open: OpenBatch, call: Readonly<IdCall>, filed: number): void {
  if ((open.count + 1) * ROW_BYTES > open.rows.byteLength) growRows(open)
  const { ints, floats, count } = open
  const at = count * INTS
  ints[at + INT.caller] = call.caller
  ints[at + INT.called] = call.called
  ints[at + INT.flags] =
    filed |
    (call.served === 'called' ? CHARGED_CALLED : 0) |
    (call.callerHidden ? HIDDEN_CALLER : 0) |
    (call.mark === null ? 0 : REFERENCED)
  ints[at + INT.start] = call.start
  ints[at + INT.callerClass] = call.callerClass
  ints[at + INT.calledClass] = call.calledClass
  ints[at + INT.duration] = call.duration
  ints[at + INT.callerCell] = call.callerCell
  ints[at + INT.calledCell] = call.calledCell
  const doubles = count * FLOATS
  floats[doubles + FLOAT.bytes] = call.bytes
  floats[doubles + FLOAT.charge] = call.charge
  floats[doubles + FLOAT.position] = call.position
  if (call.mark !== null) putReference(open, call.mark)
  open.count++
}

function growRows(open: OpenBatch): void {
  const rows = new ArrayBuffer(open.rows.byteLength * 2)
  new Uint8Array(rows).set(new Uint8Array(open.rows))
  Object.assign(open, { rows, ...rowsOver(rows) })
}

function putReference(open: OpenBatch, { key, hash }: ReferenceMark): void {
  const size = (open.rows.byteLength / ROW_BYTES) * REFERENCE_BYTES
  if (open.references === null || open.references.length < size) {
    const larger = new Uint8Array(size)
    if (open.references !== null) larger.set(open.references)
    open.references = larger
  }
  const at = open.count * REFERENCE_BYTES
  open.references.set(key, at)
  // In the machine's order, as the rows: they never leave this process.
  new Int32Array(open.references.buffer, at + REFERENCE_BYTES - 4, 1)[0] = hash
}

interface OwnIds {
  readonly dictionaries: Dictionaries
  readonly classesOf: ReturnType<typeof createClassifier>
  readonly markReference: BatchOptions['markReference']
  /** In whose logs a call belongs (see `SourceRecord`); 0 for nobody's. A call to oneself is one row. */
  filedOf(call: Pick<IdCall, 'caller' | 'called' | 'served'>): number
}

function createOwnIds({ servedByUs, markReference }: BatchOptions): OwnIds {
  const dictionaries = createDictionaries()
  const { others } = dictionaries
  const served = new Map<number, boolean>()
  const isServed = (id: number): boolean => {
    let known = served.get(id)
    if (known === undefined) {
      known = servedByUs(`+${others.numberOf(id)}`)
      served.set(id, known)
    }
    return known
  }
  const isNumber = (id: number): boolean => !Number.isNaN(others.numberOf(id))
  return {
    dictionaries,
    classesOf: createClassifier(dictionaries),
    markReference,
    filedOf({ caller, called, served: by }) {
      const inCallers = isNumber(caller) && (by !== 'called' || !isServed(caller))
      const inCalleds = isNumber(called) && (by !== 'caller' || !isServed(called))
      if (caller === called && inCallers) return FILED_CALLER
      return (inCallers ? FILED_CALLER : 0) | (inCalleds ? FILED_CALLED : 0)
    },
  }
}

/** Adds a row, or says why there is none. */
function addRecord(
  open: OpenBatch,
  { dictionaries, classesOf, markReference, filedOf }: OwnIds,
  position: number,
  record: SourceRecord,
): ReadFault | null {
  const reason = faultOf(record)
  if (reason !== null) return recordFault(record, reason)
  const { others, texts } = dictionaries
  const text = (value: string | null): number => (value === null ? NO_TEXT : texts.idOf(value))
  const { served, start } = record
  const parties = { caller: others.idOf(record.caller), called: others.idOf(record.called), served }
  const filed = filedOf(parties)
  if (filed === 0) return recordFault(record, 'neither party is a number whose log it could be in')
  const { callerClass, calledClass } = classesOf(record)
  const call: IdCall = {
    position,
    ...parties,
    callerHidden: record.callerHidden === true,
    start,
    callerClass,
    calledClass,
    duration: record.durationSeconds ?? NO_DURATION,
    callerCell: text(record.callerCell),
    calledCell: text(record.calledCell),
    bytes: record.bytes ?? Number.NaN,
    charge: record.chargeMilli ?? Number.NaN,
    mark: markReference(record),
  }
  putRow(open, call, filed)
  return null
}

function recordFault(record: SourceRecord, reason: string): ReadFault {
  return { reason, raw: Buffer.from(JSON.stringify(record)), form: RECORD_FORM }
}

/** What no reader should let through, and no block could hold. */
function faultOf(record: SourceRecord): string | null {
  const { start, durationSeconds, bytes, chargeMilli } = record
  if (!Number.isInteger(start) || start < 0 || start > LATEST_START) return 'the start is out of range'
  if (!isCount(durationSeconds, LONGEST_SECONDS)) return 'the duration is negative or too large'
  if (!isCount(bytes, LARGEST)) return 'the count of bytes is negative or too large'
  if (chargeMilli !== null && !(Number.isInteger(chargeMilli) && Math.abs(chargeMilli) <= LARGEST)) {
    return 'the charge is too large'
  }
  return null
}

function isCount(value: number | null, most: number): boolean {
  return value === null || (Number.isInteger(value) && value >= 0 && value <= most)
}

interface Classes {
  readonly currency: string | null
  readonly tariff: string | null
  readonly callerClass: number
  readonly calledClass: number
}

/** What decides the classes of a call's two rows. */
export type ClassedRecord = Pick<
  SourceRecord,
  'kind' | 'answered' | 'currency' | 'tariff' | 'served' | 'forwarded'
>

/** The classes of a call's two rows; neighbours in a file mostly have the same, so the last of each kind is kept. */
export function createClassifier({
  classes,
  texts,
}: Dictionaries): (record: ClassedRecord) => Pick<Classes, 'callerClass' | 'calledClass'> {
  const last: (Classes | undefined)[] = []
  const classify = (record: ClassedRecord): Classes => {
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
