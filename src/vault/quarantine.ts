import { createBatchMaker } from '../calls/call-batch.ts'
import { type RawForm, RECORD_FORM, type SourceRecord } from '../calls/source-record.ts'
import { flushBatch, type Retry } from './flush.ts'
import { createBatchIds, createGather } from './gather.ts'
import type { IngestParties } from './ingest.ts'
import { quarantinePage, quarantineSize } from './ingest-store.ts'
import { openQuarantined, type Quarantined } from './quarantined.ts'
import { REFERENCE_KEY, referenceMarker } from './reference-mark.ts'
import { runOn } from './store.ts'
import { createVaultCalendar } from './vault-calendar.ts'

/** A record in quarantine as it may be listed: never the record itself. */
export interface QuarantineLine {
  /** The file's number, and what it was called. */
  readonly file: number
  readonly name: string | null
  /** Line or byte offset. */
  readonly position: number
  readonly reason: string
  readonly format: string | null
  /** How many bytes of it are kept. */
  readonly bytes: number
  /** It can be read again by itself; others need their file again. */
  readonly canRetry: boolean
}

export interface RetryOptions {
  /** Reads raw bytes again: a record, or why it still is none; null for one that is in nobody's log. */
  readonly reread: (raw: Buffer, form: RawForm) => SourceRecord | string | null
  readonly servedByUs: (number: string) => boolean
}

/** `tried = filed + duplicate + left`; `cannot` were not tried, for only their whole file can be read again. */
export interface RetrySummary {
  readonly tried: number
  readonly filed: number
  readonly duplicate: number
  readonly left: number
  readonly cannot: number
}

const PAGE = 1000

/** How many records are in quarantine. */
export function countQuarantine({ pool }: Pick<IngestParties, 'pool'>): Promise<number> {
  return quarantineSize(runOn(pool))
}

/** How many records are in quarantine, and the first `limit` of them by file and position. */
export async function listQuarantine(
  { pool, keys }: IngestParties,
  limit: number,
): Promise<{ total: number; lines: QuarantineLine[] }> {
  const run = runOn(pool)
  const rows = await quarantinePage(run, { file: 0, position: -1 }, limit)
  const lines = rows.map((row) => describe(openQuarantined(keys.sealer, row)))
  return { total: await quarantineSize(run), lines }
}

/**
 * Tries every record in quarantine again, by what is known now (a map, a list of numbers, a mended reader). What
 * can be read is filed and leaves the quarantine in the same transaction; everything else stays as it lies.
 */
export async function retryQuarantine(parties: IngestParties, options: RetryOptions): Promise<RetrySummary> {
  const { pool, keys, clock } = parties
  const calendar = await createVaultCalendar(parties)()
  const flush = { pool, keys, calendar, now: clock.now(), threads: null }
  const sum = { tried: 0, filed: 0, duplicate: 0, left: 0, cannot: 0 }
  for (let after = { file: 0, position: -1 }; ; ) {
    const rows = await quarantinePage(runOn(pool), after, PAGE)
    const last = rows.at(-1)
    if (last === undefined) return sum
    after = last
    const page = readPage(
      rows.map((row) => openQuarantined(keys.sealer, row)),
      options,
      keys.prfKey(REFERENCE_KEY),
    )
    const { duplicates, expired } = await flushBatch(flush, { ...page.batch, faults: [], files: [] })
    sum.tried += page.tried
    sum.cannot += rows.length - page.tried
    sum.duplicate += duplicates.size
    sum.left += page.left + expired.size
    sum.filed += page.batch.retries.length - duplicates.size - expired.size
  }
}

function readPage(lines: readonly Quarantined[], options: RetryOptions, referenceKey: Buffer) {
  const gather = createGather(Math.max(1, lines.length))
  const retries: Retry[] = []
  const markReference = referenceMarker(referenceKey)
  let [tried, left] = [0, 0]
  for (const { file, position, raw, form } of lines) {
    if (form === null) continue
    tried++
    const record = rereadLine(Buffer.from(raw), form, options)
    const { servedByUs } = options
    const maker = createBatchMaker({ servedByUs, markReference, limit: 1 })
    if (record !== null) maker.add({ position, record })
    // A second copy waits until the first one is on record, and is a duplicate then.
    const { taken } = gather.add(maker.take(), createBatchIds(), {
      file,
      through: -1,
      quarantine: new Set([position]),
      onRetry: (_, call) => retries.push({ file, position, call }),
    })
    if (taken === 0) left++
  }
  return { batch: { gather, retries }, tried, left }
}

function rereadLine(raw: Buffer, form: RawForm, { reread }: RetryOptions): SourceRecord | null {
  if (form.format === RECORD_FORM.format) return JSON.parse(raw.toString()) as SourceRecord
  const reading = reread(raw, form)
  return typeof reading === 'string' ? null : reading
}

function describe({ file, name, position, reason, raw, form }: Quarantined): QuarantineLine {
  const format = form?.format ?? null
  return { file, name, position, reason, format, bytes: raw.length, canRetry: form !== null }
}
