import type { Readable } from 'node:stream'
import type pg from 'pg'
import { type BatchMaker, type CallBatch, createBatchMaker } from '../calls/call-batch.ts'
import { fillFrom } from '../calls/formats/fill.ts'
import type { ReadItem } from '../calls/source-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type ArrivedFile, createArrivals } from './arrivals.ts'
import { type BatchIds, createBatchIds } from './gather.ts'
import { createIngestRun, type FileFiling, type IngestRun } from './ingest-run.ts'
import { forgetReferences, type KnownFile } from './ingest-store.ts'
import { REFERENCE_KEY, referenceMarker } from './reference-mark.ts'
import { oldestReferenceDay } from './references.ts'
import type { SmallPiece } from './small-files.ts'
import type { SourceFile } from './source-file.ts'
import { runOn } from './store.ts'
import type { VaultThreads } from './threads/threads.ts'
import { createVaultCalendar } from './vault-calendar.ts'

/** What ingest works with. `offsetMinutes` as the vault's. */
export interface IngestParties {
  readonly pool: pg.Pool
  readonly keys: KeyService
  readonly clock: Clock
  readonly offsetMinutes?: number
}

export interface IngestOptions {
  readonly files: readonly string[]
  /** Reads one file's bytes, item by item or in groups: `readDelimitedBatches(map, ...)`. */
  readonly read: (bytes: Readable) => AsyncIterable<ReadItem | readonly ReadItem[]>
  /** Reads the same into batches, where there is a quicker way to them than by items. */
  readonly fill?: (bytes: Readable, maker: BatchMaker) => AsyncIterable<CallBatch>
  /** Read files (several at once) and seal blocks, as `read` and `servedByUs` would; null: this thread does. */
  readonly threads?: VaultThreads | null
  /** Whether a number is one of ours: a leg is filed in the other party's log, too, when that one is not. */
  readonly servedByUs: (number: string) => boolean
  /** Called every half of a megabyte. */
  readonly onProgress?: (progress: { path: string; bytes: number; size: number }) => void
  /**
   * Told of a file of which nothing could be read (an error with a code); the others go on. Without it, the error is
   * thrown.
   */
  readonly onUnreadable?: (path: string, error: CodedError<string>) => void
  /** Calls that are gathered before they are sealed and committed; two million when absent. */
  readonly gatherCalls?: number
}

/** `read = filed + duplicate + quarantined`, here and in every file. */
export interface IngestSummary {
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
  readonly files: readonly FileSummary[]
}

export interface FileSummary {
  readonly path: string
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
  /** Line (or offset) and reason of each line in quarantine; of the first 10,000 of a file, and 100,000 of a run. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
  /** It was filed whole before, and was not read again. */
  readonly known: boolean
  /** It grew meanwhile: it was read to its size at the beginning, without a line that was not complete then. */
  readonly grew: boolean
}

/** 64 bytes each while they are gathered, twice while one gather is committed and the next one fills. */
const GATHER_CALLS = 2_000_000
const BATCH_ROWS = 8192

/**
 * Files call records, sealed, in both parties' logs or as the source says. What was filed before is not filed
 * again: a file is known by the digest of its bytes, also when it has grown since; a record by its reference, or
 * else by file and position. A line that cannot be read goes to quarantine, and is tried again when the same file
 * comes again, maybe with a better map. After a crash the same call goes on where the last commit stands.
 *
 * @throws CodedError `file-unreadable`, `file-changed`, `offset-changed`, and what reading throws for a whole file;
 * the files before it are filed then.
 */
export async function ingestFiles(parties: IngestParties, options: IngestOptions): Promise<IngestSummary> {
  const { pool, keys, clock } = parties
  const threads = options.threads ?? null
  const calendar = await createVaultCalendar(parties)()
  const now = clock.now()
  await forgetReferences(runOn(pool), oldestReferenceDay(now))
  const run = createIngestRun({ pool, keys, calendar, now, threads }, options.gatherCalls ?? GATHER_CALLS)
  const arrivals = createArrivals(pool, run, options.files, threads)
  const reading: Reading = {
    run,
    number: ++runs,
    now,
    threads,
    options,
    referenceKey: keys.prfKey(REFERENCE_KEY),
    failure: null,
  }
  const lane = async (_: unknown, at: number): Promise<void> => {
    const ids = createBatchIds()
    for (let files = await arrivals.next(at); files !== null; files = await arrivals.next(at)) {
      const [first] = files
      if (first!.source !== null) await ingestFile(reading, at, ids, first!, first!.source)
      else await ingestSmall(reading, at, ids, files)
      for (const file of files) await file.end()
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: threads?.count ?? 1 }, lane))
  const failure = reading.failure ?? lanes.find((ended) => ended.status === 'rejected')?.reason
  await run.settle()
  if (failure !== undefined && failure !== null) throw failure
  return summaryOf(run.files())
}

/** Names the runs of this process to the threads, which outlive them. */
let runs = 0

interface Reading {
  readonly run: IngestRun
  readonly number: number
  readonly now: number
  readonly threads: VaultThreads | null
  readonly options: IngestOptions
  readonly referenceKey: Buffer
  /** The first error that ends the ingest. */
  failure: unknown
}

/** Notes what went wrong with a file, or tells of it where the others may go on. */
function noteFailure(reading: Reading, path: string, error: unknown): void {
  const { run, options } = reading
  if (options.onUnreadable !== undefined && !run.isSpoilt() && error instanceof CodedError)
    options.onUnreadable(path, error)
  else reading.failure ??= error
}

/** What is on record of a file of which anything may be missing there; null where nothing is to be read, which is noted. */
async function openArrived(
  reading: Reading,
  file: ArrivedFile,
): Promise<{ known: KnownFile; beginning: KnownFile | null } | null> {
  const { run } = reading
  if (reading.failure !== null) return null
  try {
    const opened = await file.open()
    if (!opened.known.done || (await run.hasQuarantine(opened.known.id))) return opened
    run.addKnown(file.path, opened.known)
  } catch (error) {
    noteFailure(reading, file.path, error)
  }
  return null
}

/** Files one file. */
async function ingestFile(
  reading: Reading,
  lane: number,
  ids: BatchIds,
  file: ArrivedFile,
  source: SourceFile,
): Promise<void> {
  const opened = await openArrived(reading, file)
  if (opened === null) return
  let filing: FileFiling | null = null
  try {
    filing = await reading.run.begin(file.path, opened.known, opened.beginning, ids)
    for await (const batch of batchesOf(reading, lane, source, file.digest)) await filing.take(batch)
    await filing.end(await source.growth())
  } catch (error) {
    await filing?.abandon()
    noteFailure(reading, file.path, error)
  }
}

function batchesOf(
  { threads, options, referenceKey, number, now }: Reading,
  lane: number,
  source: SourceFile,
  digest: Buffer,
): AsyncIterable<CallBatch> {
  const { path, size } = source
  const limit = Math.min(BATCH_ROWS, options.gatherCalls ?? BATCH_ROWS)
  const onBytes = (bytes: number): void => options.onProgress?.({ path, bytes, size })
  if (threads !== null) return threads.read(lane, { run: number, path, size, digest, limit, now }, onBytes)
  const maker = createBatchMaker({
    servedByUs: options.servedByUs,
    markReference: referenceMarker(referenceKey),
    limit,
  })
  return (options.fill ?? fillFrom(options.read))(source.bytes(digest, onBytes), maker)
}

type Opened = { readonly file: ArrivedFile; readonly known: KnownFile; readonly beginning: KnownFile | null }

/** Files small files that a lane's thread holds, one after the other; `ids` are the lane's. */
async function ingestSmall(
  reading: Reading,
  lane: number,
  ids: BatchIds,
  files: readonly ArrivedFile[],
): Promise<void> {
  let wanted: Opened[] = []
  const readWanted = async (): Promise<void> => {
    const own = wanted
    wanted = []
    if (own.length > 0 && reading.failure === null) await readSmall(reading, lane, ids, own)
    for (const { file } of own) await file.end()
  }
  for (const file of files) {
    // The one that it waits for may be among those before it.
    if (file.isAgain) await readWanted()
    const opened = await openArrived(reading, file)
    if (opened === null) await file.end()
    else wanted.push({ file, ...opened })
  }
  await readWanted()
}

/** Pieces of a file come together, and files in their order; each file is begun with its first piece. */
async function readSmall(
  reading: Reading,
  lane: number,
  ids: BatchIds,
  wanted: readonly Opened[],
): Promise<void> {
  const { run, options, number, now } = reading
  const limit = Math.min(BATCH_ROWS, options.gatherCalls ?? BATCH_ROWS)
  const byPlace = new Map(wanted.map((opened) => [opened.file.at, opened]))
  let filing: FileFiling | null = null
  const takePiece = async (piece: SmallPiece): Promise<void> => {
    const { file, known, beginning } = byPlace.get(piece.at)!
    filing ??= await run.begin(file.path, known, beginning, ids)
    if (piece.kind === 'batch') return filing.take(piece.batch)
    if (piece.kind === 'end') await filing.end(piece)
    else {
      await filing.abandon()
      noteFailure(reading, file.path, new CodedError(piece.failure.code, piece.failure.message))
    }
    filing = null
    options.onProgress?.({ path: file.path, bytes: file.size, size: file.size })
  }
  try {
    const task = { wanted: wanted.map(({ file }) => file.at), run: number, limit, now }
    for await (const pieces of reading.threads!.readSmall(lane, task)) {
      for (const piece of pieces) {
        await takePiece(piece)
        if (reading.failure !== null) return
      }
    }
  } catch (error) {
    await (filing as FileFiling | null)?.abandon()
    reading.failure ??= error
  }
}

function summaryOf(files: readonly FileSummary[]): IngestSummary {
  const sum = (of: (file: FileSummary) => number): number =>
    files.reduce((total, file) => total + of(file), 0)
  return {
    read: sum((file) => file.read),
    filed: sum((file) => file.filed),
    duplicate: sum((file) => file.duplicate),
    quarantined: sum((file) => file.quarantined),
    files,
  }
}
