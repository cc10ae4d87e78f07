import type { Readable } from 'node:stream'
import type pg from 'pg'
import type { ReadItem } from '../calls/source-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { createIngestRun, type IngestRun } from './ingest-run.ts'
import { findFile, forgetReferences, grownSizes, type KnownFile, registerFile } from './ingest-store.ts'
import { oldestReferenceDay } from './references.ts'
import { openSourceFile, type SourceFile } from './source-file.ts'
import { type Run, runOn } from './store.ts'
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
  /** Reads one file's bytes, item by item or in batches: `readDelimitedBatches(map, ...)`. */
  readonly read: (bytes: Readable) => AsyncIterable<ReadItem | readonly ReadItem[]>
  /** Whether a number is one of ours: a leg is filed in the other party's log, too, when that one is not. */
  readonly servedByUs: (number: string) => boolean
  /** Called every quarter of a megabyte. */
  readonly onProgress?: (progress: { path: string; bytes: number; size: number }) => void
  /**
   * Told of a file of which nothing could be read (an error with a code); the others go on. Without it, the error is
   * thrown.
   */
  readonly onUnreadable?: (path: string, error: CodedError<string>) => void
  /** Calls that are gathered before they are sealed and committed; 250,000 when absent. */
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

const GATHER_CALLS = 250_000

/**
 * Files call records, sealed, in both parties' logs or as the source says. What was filed before is not filed
 * again: a file is known by the digest of its bytes, also when it has grown since; a record by its reference, or
 * else by file and position. A line that cannot be read goes to quarantine, and is tried again when the same file
 * comes again, maybe with a better map. After a crash the same call goes on where the last commit stands.
 *
 * @throws CodedError `file-unreadable`, `file-changed`, `offset-changed`, and what `read` throws for a whole file;
 * the files before it are filed then.
 */
export async function ingestFiles(parties: IngestParties, options: IngestOptions): Promise<IngestSummary> {
  const { pool, keys, clock } = parties
  const calendar = await createVaultCalendar(parties)()
  const now = clock.now()
  await forgetReferences(runOn(pool), oldestReferenceDay(now))
  const run = createIngestRun({
    parties: { pool, keys, calendar, now, blockKeys: new Map() },
    servedByUs: options.servedByUs,
    gatherCalls: options.gatherCalls ?? GATHER_CALLS,
  })
  for (const path of options.files) {
    const before = run.files().length
    try {
      await ingestPath(runOn(pool), run, path, options)
    } catch (error) {
      const untouched = run.files().length === before
      if (options.onUnreadable === undefined || !untouched || !(error instanceof CodedError)) throw error
      options.onUnreadable(path, error)
    }
  }
  await run.flush()
  return summaryOf(run.files())
}

async function ingestPath(run: Run, ingest: IngestRun, path: string, options: IngestOptions): Promise<void> {
  const file = await openSourceFile(path)
  try {
    await ingestFile(run, ingest, file, options)
  } finally {
    await file.close()
  }
}

async function ingestFile(
  run: Run,
  ingest: IngestRun,
  source: SourceFile,
  options: IngestOptions,
): Promise<void> {
  const { whole, beginnings } = await source.digest(await grownSizes(run, source.size))
  let known = await findFile(run, whole)
  if (known !== null && ingest.isPending(known.id)) {
    // The same file twice in one run: what is gathered of it must be on record first.
    await ingest.flush()
    known = await findFile(run, whole)
  }
  if (known?.done && !(await ingest.hasQuarantine(known.id))) {
    ingest.addKnown(source.path, known)
    return
  }
  const beginning = known === null ? await findBeginning(run, beginnings) : null
  known ??= await registerFile(run, { digest: whole, size: source.size, through: beginning?.through ?? -1 })
  const filing = await ingest.begin(source.path, known, beginning)
  const bytes = source.bytes(whole, (read) =>
    options.onProgress?.({ path: source.path, bytes: read, size: source.size }),
  )
  try {
    for await (const batch of options.read(bytes)) {
      const items = Array.isArray(batch) ? (batch as readonly ReadItem[]) : [batch as ReadItem]
      for (const item of items) if (filing.take(item)) await ingest.flush()
    }
    await filing.end(await source.growth())
  } catch (cause) {
    bytes.destroy()
    // A file that cannot be read at all must not cost the ones before it.
    if (filing.isUntouched()) {
      filing.forget()
      await ingest.flush()
    }
    throw cause
  }
}

/** The longest file on record that this one begins with. */
async function findBeginning(run: Run, beginnings: ReadonlyMap<number, Buffer>): Promise<KnownFile | null> {
  for (const [, digest] of [...beginnings].toReversed()) {
    const known = await findFile(run, digest)
    if (known !== null) return known
  }
  return null
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
