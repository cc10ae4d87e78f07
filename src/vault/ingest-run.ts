import { basename } from 'node:path'
import { type CallBatch, lastPosition } from '../calls/call-batch.ts'
import type { ReadFault } from '../calls/source-record.ts'
import { EXPIRED, type Fault, type FileProgress, type FlushParties, flushBatch, type Retry } from './flush.ts'
import { type BatchIds, createBatchIds, createGather, type Gather } from './gather.ts'
import type { FileSummary } from './ingest.ts'
import { type KnownFile, quarantinedPositions } from './ingest-store.ts'
import { runOn } from './store.ts'

const MAX_FAULTS_LISTED = 10_000
/** Of all files of a run together, for they may be many. */
const MAX_FAULTS_LISTED_OF_ALL = 100_000
/** Lines in quarantine wait in memory with their bytes, so there are fewer of them than of calls. */
const MAX_FAULTS_GATHERED = 5_000
const MAX_RAW_BYTES = 64 * 1024
const MAX_RAW_GATHERED = 16 * 1024 * 1024

interface Filing {
  readonly id: number
  readonly path: string
  /** Up to which position it is in the database when it begins, committed now, and gathered. */
  readonly begun: number
  committed: number
  through: number
  end: FileProgress['end']
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

/** One file on its way. Batches of several files may come in any order; those of one come in its own. */
export interface FileFiling {
  /** Takes the next batch, when there is room for it. */
  take(batch: CallBatch): Promise<void>
  /** Marks the end; a last line that was not complete in a file that grew is left for the next time. */
  end(growth: { grew: boolean; endsWithLine: boolean }): Promise<void>
  /** Takes the batch that is held back, without an end: a stream goes on another time. */
  pause(): Promise<void>
  /**
   * It cannot be read further: as if it had never been begun, where nothing of it was gathered. Else nothing more is
   * committed in this run, for others may lean on its references.
   */
  abandon(): Promise<void>
}

/** Gathers over files and commits in batches. */
export interface IngestRun {
  /** `ids` are given where its batches share dictionaries with those of files before it. */
  begin(path: string, file: KnownFile, beginning: KnownFile | null, ids?: BatchIds): Promise<FileFiling>
  addKnown(path: string, file: KnownFile): void
  hasQuarantine(file: number): Promise<boolean>
  /** Commits everything that is gathered, unless the run is spoilt, and waits for what is being committed. */
  settle(): Promise<void>
  isSpoilt(): boolean
  files(): FileSummary[]
}

/** What was gathered since the last commit. */
interface Batch {
  readonly gather: Gather
  readonly pending: Map<number, Filing>
  faults: Fault[]
  rawBytes: number
  retries: Retry[]
}

interface Run {
  readonly parties: FlushParties
  readonly gatherCalls: number
  readonly filings: Filing[]
  batch: Batch
  /** Ends when what was flushed is committed; a second gather fills meanwhile. */
  flushing: Promise<void>
  /** Faults in the lists of its files. */
  listed: number
  /** One filing at a time decides that the gather is full, or takes a batch. */
  turn: Promise<void>
  spoilt: boolean
}

/** An ingest with nothing gathered yet. */
export function createIngestRun(parties: FlushParties, gatherCalls: number): IngestRun {
  const run: Run = {
    parties,
    gatherCalls,
    filings: [],
    batch: startBatch(gatherCalls),
    flushing: Promise.resolve(),
    turn: Promise.resolve(),
    listed: 0,
    spoilt: false,
  }
  return {
    begin: (path, file, beginning, ids) => beginFiling(run, { path, file, beginning, ids }),
    addKnown(path, file) {
      const filing = createFiling(path, file, new Map())
      run.filings.push(Object.assign(filing, { read: file.read, duplicate: file.read, known: true }))
    },
    hasQuarantine: async (file) => (await quarantinedPositions(runOn(parties.pool), file)).size > 0,
    settle: () =>
      inTurn(run, async () => {
        if (!run.spoilt) await beginFlush(run)
        await run.flushing
      }),
    isSpoilt: () => run.spoilt,
    files: () => run.filings.map(summaryOf),
  }
}

function startBatch(gatherCalls: number): Batch {
  return { gather: createGather(gatherCalls), pending: new Map(), faults: [], rawBytes: 0, retries: [] }
}

/** Runs `work` when whatever came before is done, whether it went well or not. */
function inTurn(run: Run, work: () => Promise<void>): Promise<void> {
  const own = run.turn.then(work)
  run.turn = own.catch(() => {})
  return own
}

async function beginFiling(
  run: Run,
  given: { path: string; file: KnownFile; beginning: KnownFile | null; ids: BatchIds | undefined },
): Promise<FileFiling> {
  const { path, file, beginning } = given
  const quarantine = new Map<number, number>()
  // A file that was registered this moment has nothing there.
  const held = [beginning, file.fresh ? null : file].filter((known) => known !== null)
  for (const { id } of held)
    for (const position of await quarantinedPositions(runOn(run.parties.pool), id))
      quarantine.set(position, id)
  const filing = createFiling(path, file, quarantine)
  run.filings.push(filing)
  return fileFiling(run, filing, given.ids ?? createBatchIds())
}

/** Holds one batch back, for only at the end is it known whether the last line was complete. */
function fileFiling(run: Run, filing: Filing, ids: BatchIds): FileFiling {
  let held: CallBatch | null = null
  const process = async (batch: CallBatch | null): Promise<void> => {
    if (batch === null) return
    await inTurn(run, async () => {
      processBatch(run, filing, ids, batch)
      if (isFull(run.batch)) await beginFlush(run)
    })
  }
  return {
    async take(batch) {
      const before = held
      held = batch
      await process(before)
    },
    async end({ grew, endsWithLine }) {
      await process(held !== null && grew && !endsWithLine ? withoutLast(held) : held)
      held = null
      filing.grew = grew
      filing.end = { read: filing.read, grew }
      run.batch.pending.set(filing.id, filing)
    },
    async pause() {
      await process(held)
      held = null
    },
    async abandon() {
      held = null
      run.filings.splice(run.filings.indexOf(filing), 1)
      run.spoilt ||= filing.read > 0
    },
  }
}

function processBatch(run: Run, filing: Filing, ids: BatchIds, batch: CallBatch): void {
  const { gather, pending, retries } = run.batch
  pending.set(filing.id, filing)
  const { taken, duplicate } = gather.add(batch, ids, {
    file: filing.id,
    through: filing.begun,
    quarantine: filing.quarantine,
    onRetry: (position, call) => retries.push({ file: filing.quarantine.get(position)!, position, call }),
  })
  filing.read += batch.count + batch.faults.length
  filing.filed += taken
  filing.duplicate += duplicate
  for (const { position, fault } of batch.faults) quarantineLine(run, filing, position, fault)
  filing.through = Math.max(filing.through, lastPosition(batch))
}

/** A batch without its last item. */
function withoutLast(batch: CallBatch): CallBatch {
  const last = lastPosition(batch)
  if (batch.faults.at(-1)?.position === last) return { ...batch, faults: batch.faults.slice(0, -1) }
  return { ...batch, count: Math.max(0, batch.count - 1) }
}

function quarantineLine(run: Run, filing: Filing, position: number, fault: ReadFault): void {
  const { reason } = fault
  const raw = fault.raw.subarray(0, MAX_RAW_BYTES)
  // What is kept in part only cannot be read again by itself.
  const form = raw.length < fault.raw.length ? null : (fault.form ?? null)
  countFault(run, filing, position, reason)
  run.batch.faults.push({ file: filing.id, position, reason, raw, form, name: basename(filing.path) })
  run.batch.rawBytes += raw.length
}

/** Begins to commit what is gathered, once everything before it is committed; the next gather fills meanwhile. */
async function beginFlush(run: Run): Promise<void> {
  await run.flushing
  if (run.spoilt) throw new Error('a file of this run was found wrong half way: nothing more of it is filed')
  const { batch } = run
  if (batch.pending.size === 0) return
  run.batch = startBatch(run.gatherCalls)
  const files = [...batch.pending.values()]
  // As it stands now: more of the same files is gathered while this is committed.
  const marks = files.map(
    ({ id, committed, through, end }): FileProgress => ({ id, committed, through, end }),
  )
  const commit = async (): Promise<void> => {
    const { gather, faults, retries } = batch
    const { duplicates, expired } = await flushBatch(run.parties, { gather, faults, retries, files: marks })
    const filingOf = (call: number): Filing => batch.pending.get(gather.fileOf(call))!
    for (const call of duplicates) filingOf(call).duplicate++
    for (const call of expired) countFault(run, filingOf(call), gather.positionOf(call), EXPIRED)
    for (const call of [...duplicates, ...expired]) filingOf(call).filed--
    marks.forEach(({ through }, at) => {
      files[at]!.committed = through
    })
  }
  run.flushing = commit()
  // Whoever flushes next, or settles, hears of it.
  run.flushing.catch(() => {})
}

function isFull({ gather, faults, rawBytes }: Batch): boolean {
  return gather.full || faults.length >= MAX_FAULTS_GATHERED || rawBytes >= MAX_RAW_GATHERED
}

function createFiling(path: string, file: KnownFile, quarantine: ReadonlyMap<number, number>): Filing {
  return {
    id: file.id,
    begun: file.through,
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

function countFault(run: Run, filing: Filing, line: number, reason: string): void {
  filing.quarantined++
  if (filing.faults.length >= MAX_FAULTS_LISTED || run.listed >= MAX_FAULTS_LISTED_OF_ALL) return
  filing.faults.push({ line, reason })
  run.listed++
}

function summaryOf(filing: Filing): FileSummary {
  const { path, read, filed, duplicate, quarantined, faults, known, grew } = filing
  return { path, read, filed, duplicate, quarantined, faults, known, grew }
}
