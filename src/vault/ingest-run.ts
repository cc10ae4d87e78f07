import { basename } from 'node:path'
import type { ReadFault, ReadItem, SourceRecord } from '../calls/source-record.ts'
import { EXPIRED, type Fault, type FileProgress, type FlushParties, flushBatch, type Retry } from './flush.ts'
import { createGather, type Gather } from './gather.ts'
import type { FileSummary } from './ingest.ts'
import { type KnownFile, quarantinedPositions } from './ingest-store.ts'
import { RECORD_FORM } from './quarantined.ts'
import { markReference, REFERENCE_KEY } from './references.ts'
import { runOn } from './store.ts'

const MAX_FAULTS_LISTED = 10_000
/** Lines in quarantine wait in memory with their bytes, so there are fewer of them than of calls. */
const MAX_FAULTS_GATHERED = 5_000
const MAX_RAW_BYTES = 64 * 1024
const MAX_RAW_GATHERED = 16 * 1024 * 1024
/** The largest number that a block can hold (codec). */
const LARGEST = 2 ** 51
/** A gather keeps starts as 32 bits, durations as 31. */
const LATEST_START = 2 ** 32 - 1
const LONGEST_SECONDS = 2 ** 31 - 1

interface Filing extends FileProgress {
  readonly path: string
  read: number
  filed: number
  duplicate: number
  quarantined: number
  readonly faults: { line: number; reason: string }[]
  grew: boolean
  known: boolean
  /** Lines in quarantine, by position: the file they are there under. */
  readonly quarantine: ReadonlyMap<number, number>
}

/** One file on its way. */
export interface FileFiling {
  /** Takes the next item; true when the gather should be flushed. */
  take(item: ReadItem): boolean
  /** Marks the end; a last line that was not complete in a file that grew is left for the next time. */
  end(growth: { grew: boolean; endsWithLine: boolean }): Promise<void>
  /** Takes the item that is held back, without an end: a stream goes on another time. */
  pause(): void
  /** Nothing of it was gathered. */
  isUntouched(): boolean
  forget(): void
}

/** Gathers over files and commits in batches. */
export interface IngestRun {
  begin(path: string, file: KnownFile, beginning: KnownFile | null): Promise<FileFiling>
  addKnown(path: string, file: KnownFile): void
  hasQuarantine(file: number): Promise<boolean>
  /** Something of the file is gathered and not yet committed. */
  isPending(file: number): boolean
  flush(): Promise<void>
  files(): FileSummary[]
}

/** What was gathered since the last commit. */
interface Batch {
  readonly gather: Gather
  readonly pending: Map<number, Filing>
  /** The filing that the last item was of: spares a look-up an item. */
  latest: Filing | null
  readonly faults: Fault[]
  rawBytes: number
  readonly retries: Retry[]
  /** Switch references seen in this batch; those of earlier ones are in the database. */
  readonly references: Set<string>
}

interface Run {
  readonly parties: FlushParties
  readonly referenceKey: ReturnType<FlushParties['keys']['prfKey']>
  readonly startBatch: () => Batch
  readonly filings: Filing[]
  batch: Batch
}

/** An ingest with nothing gathered yet. */
export function createIngestRun(options: {
  parties: FlushParties
  servedByUs: (number: string) => boolean
  gatherCalls: number
}): IngestRun {
  const { parties, servedByUs, gatherCalls } = options
  const startBatch = (): Batch => ({
    gather: createGather(gatherCalls, servedByUs),
    pending: new Map(),
    latest: null,
    faults: [],
    rawBytes: 0,
    retries: [],
    references: new Set(),
  })
  const referenceKey = parties.keys.prfKey(REFERENCE_KEY)
  const run: Run = { parties, referenceKey, startBatch, filings: [], batch: startBatch() }
  return {
    begin: (path, file, beginning) => beginFiling(run, path, file, beginning),
    addKnown(path, file) {
      const filing = createFiling(path, file, new Map())
      run.filings.push(Object.assign(filing, { read: file.read, duplicate: file.read, known: true }))
    },
    hasQuarantine: async (file) => (await quarantinedPositions(runOn(parties.pool), file)).size > 0,
    isPending: (file) => run.batch.pending.has(file),
    flush: () => flushRun(run),
    files: () => run.filings.map(summaryOf),
  }
}

async function beginFiling(
  run: Run,
  path: string,
  file: KnownFile,
  beginning: KnownFile | null,
): Promise<FileFiling> {
  const held = beginning ?? file
  const positions = await quarantinedPositions(runOn(run.parties.pool), held.id)
  const own = await quarantinedPositions(runOn(run.parties.pool), file.id)
  const quarantine = new Map([...positions].map((position) => [position, held.id] as const))
  for (const position of own) quarantine.set(position, file.id)
  const filing = createFiling(path, file, quarantine)
  run.filings.push(filing)
  return fileFiling(run, filing)
}

function process(run: Run, filing: Filing, item: ReadItem): void {
  filing.read++
  if (filing !== run.batch.latest) {
    run.batch.latest = filing
    run.batch.pending.set(filing.id, filing)
  }
  if ('fault' in item) {
    quarantineLine(run, filing, item.position, item.fault)
  } else if (item.position <= filing.through && !filing.quarantine.has(item.position)) {
    filing.duplicate++
  } else {
    gatherRecord(run, filing, item.position, item.record)
  }
  if (item.position > filing.through) filing.through = item.position
}

function gatherRecord(run: Run, filing: Filing, position: number, record: SourceRecord): void {
  const { gather, references, retries } = run.batch
  const reference = markReference(run.referenceKey, record)
  const key = reference?.key.toString('latin1')
  if (key !== undefined && references.has(key)) {
    filing.duplicate++
    return
  }
  const call = gather.size
  const fault = faultOf(record) ?? gather.add(record, { file: filing.id, position, reference })
  if (fault !== null) {
    const raw = Buffer.from(JSON.stringify(record))
    quarantineLine(run, filing, position, { reason: fault, raw, form: RECORD_FORM })
    return
  }
  if (key !== undefined) references.add(key)
  filing.filed++
  const from = filing.quarantine.get(position)
  if (from !== undefined) retries.push({ file: from, position, call })
}

function quarantineLine(run: Run, filing: Filing, position: number, fault: ReadFault): void {
  const { reason } = fault
  const raw = fault.raw.subarray(0, MAX_RAW_BYTES)
  // What is kept in part only cannot be read again by itself.
  const form = raw.length < fault.raw.length ? null : (fault.form ?? null)
  countFault(filing, position, reason)
  run.batch.faults.push({ file: filing.id, position, reason, raw, form, name: basename(filing.path) })
  run.batch.rawBytes += raw.length
}

async function flushRun(run: Run): Promise<void> {
  const { gather, pending, faults, retries } = run.batch
  if (pending.size === 0) return
  const files = [...pending.values()]
  const { duplicates, expired } = await flushBatch(run.parties, { gather, faults, retries, files })
  for (const call of duplicates) pending.get(gather.fileOf(call))!.duplicate++
  for (const call of expired) countFault(pending.get(gather.fileOf(call))!, gather.positionOf(call), EXPIRED)
  for (const call of [...duplicates, ...expired]) pending.get(gather.fileOf(call))!.filed--
  for (const file of files) file.committed = file.through
  run.batch = run.startBatch()
}

function isFull({ gather, faults, rawBytes }: Batch): boolean {
  return gather.full || faults.length >= MAX_FAULTS_GATHERED || rawBytes >= MAX_RAW_GATHERED
}

/** Holds one item back, for only at the end is it known whether the last line was complete. */
function fileFiling(run: Run, filing: Filing): FileFiling {
  let held: ReadItem | null = null
  return {
    take(item) {
      if (held !== null) process(run, filing, held)
      held = item
      return isFull(run.batch)
    },
    async end({ grew, endsWithLine }) {
      if (held !== null && (!grew || endsWithLine)) process(run, filing, held)
      filing.grew = grew
      filing.end = { read: filing.read, grew }
      run.batch.pending.set(filing.id, filing)
    },
    pause() {
      if (held !== null) process(run, filing, held)
      held = null
    },
    isUntouched: () => filing.read === 0,
    forget() {
      run.filings.splice(run.filings.indexOf(filing), 1)
      run.batch.pending.delete(filing.id)
    },
  }
}

function createFiling(path: string, file: KnownFile, quarantine: ReadonlyMap<number, number>): Filing {
  return {
    id: file.id,
    committed: file.through,
    through: file.through,
    end: null,
    path,
    read: 0,
    filed: 0,
    duplicate: 0,
    quarantined: 0,
    faults: [],
    grew: false,
    known: false,
    quarantine,
  }
}

function countFault(filing: Filing, line: number, reason: string): void {
  filing.quarantined++
  if (filing.faults.length < MAX_FAULTS_LISTED) filing.faults.push({ line, reason })
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

function summaryOf(filing: Filing): FileSummary {
  const { path, read, filed, duplicate, quarantined, faults, known, grew } = filing
  return { path, read, filed, duplicate, quarantined, faults, known, grew }
}
