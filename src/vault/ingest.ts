import type { Readable } from 'node:stream'
import type pg from 'pg'
import { type BatchMaker, type CallBatch, createBatchMaker } from '../calls/call-batch.ts'
import { fillFrom } from '../calls/formats/fill.ts'
import type { ReadItem } from '../calls/source-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { type ArrivedFile, createArrivals } from './arrivals.ts'
import { createIngestRun, type IngestRun } from './ingest-run.ts'
import { forgetReferences } from './ingest-store.ts'
import { markReference, REFERENCE_KEY } from './reference-mark.ts'
import { oldestReferenceDay } from './references.ts'
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
  /** Line (or offset) and reason of each line in quarantine; of the first 10,000 of a file. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
  /** It was filed whole before, and was not read again. */
  readonly known: boolean
  /** It grew meanwhile: it was read to its size at the beginning, without a line that was not complete then. */
  readonly grew: boolean
}

/** 64 bytes each while they are gathered, twice while one gather is committed and the next one fills. */
const GATHER_CALLS = 2_000_000
const BATCH_ROWS = 8192
/** Smaller files are read sooner than they are handed to a thread. */
const THREAD_BYTES = 512 * 1024

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
  const arrivals = createArrivals(pool, run, options.files)
  const reading: Reading = { run, threads, options, referenceKey: keys.prfKey(REFERENCE_KEY), failure: null }
  const lane = async (): Promise<void> => {
    for (let file = await arrivals.next(); file !== null; file = await arrivals.next()) {
      if (reading.failure === null) await ingestFile(reading, file)
      await file.end()
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: threads?.count ?? 1 }, lane))
  const failure = reading.failure ?? lanes.find((ended) => ended.status === 'rejected')?.reason
  await run.settle()
  if (failure !== undefined && failure !== null) throw failure
  return summaryOf(run.files())
}

interface Reading {
  readonly run: IngestRun
  readonly threads: VaultThreads | null
  readonly options: IngestOptions
  readonly referenceKey: Buffer
  /** The first error that ends the ingest. */
  failure: unknown
}

/** Files one file; what goes wrong with it is noted, or told where the others may go on. */
async function ingestFile(reading: Reading, arrived: ArrivedFile): Promise<void> {
  const { run, options } = reading
  try {
    const { source, known, beginning } = await arrived.open()
    if (known.done && !(await run.hasQuarantine(known.id))) {
      run.addKnown(source.path, known)
      return
    }
    const filing = await run.begin(source.path, known, beginning)
    try {
      for await (const batch of batchesOf(reading, source, arrived.digest())) await filing.take(batch)
      await filing.end(await source.growth())
    } catch (cause) {
      await filing.abandon()
      throw cause
    }
  } catch (error) {
    if (options.onUnreadable !== undefined && !run.isSpoilt() && error instanceof CodedError)
      options.onUnreadable(arrived.path, error)
    else reading.failure ??= error
  }
}

function batchesOf(
  { threads, options, referenceKey }: Reading,
  source: SourceFile,
  digest: Buffer,
): AsyncIterable<CallBatch> {
  const { path, size } = source
  const limit = Math.min(BATCH_ROWS, options.gatherCalls ?? BATCH_ROWS)
  const onBytes = (bytes: number): void => options.onProgress?.({ path, bytes, size })
  if (threads !== null && size > THREAD_BYTES) return threads.read({ path, size, digest, limit }, onBytes)
  const maker = createBatchMaker({
    servedByUs: options.servedByUs,
    markReference: (record) => markReference(referenceKey, record),
    limit,
  })
  return (options.fill ?? fillFrom(options.read))(source.bytes(digest, onBytes), maker)
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
