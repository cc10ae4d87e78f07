import { createHash } from 'node:crypto'
import { createBatchMaker } from '../calls/call-batch.ts'
import type { ReadItem } from '../calls/source-record.ts'
import type { IngestParties } from './ingest.ts'
import { createIngestRun } from './ingest-run.ts'
import { findFile, registerFiles } from './ingest-store.ts'
import { REFERENCE_KEY, referenceMarker } from './reference-mark.ts'
import { inTransaction, runOn } from './store.ts'
import { createVaultCalendar } from './vault-calendar.ts'

export interface StreamOptions {
  /** Names the stream for ever: its lines are numbered from 1. */
  readonly stream: string
  readonly servedByUs: (number: string) => boolean
}

/** `read = filed + duplicate + quarantined`; `through` is the line up to which everything is on record. */
export interface StreamSummary {
  readonly through: number
  readonly read: number
  readonly filed: number
  readonly duplicate: number
  readonly quarantined: number
}

const GATHER_CALLS = 50_000
const BATCH_LINES = 8192

/** The line of a stream up to which everything is filed, known or in quarantine; 0 for a stream nobody has seen. */
export async function streamThrough({ pool }: Pick<IngestParties, 'pool'>, stream: string): Promise<number> {
  const known = await findFile(runOn(pool), digestOf(stream))
  return Math.max(0, known?.through ?? 0)
}

/**
 * Files lines of a stream, each with its number as position. What was on record is not filed again, so a sender
 * that does not know how far it came sends from `streamThrough` on, or from earlier. When `items` fails on the way
 * (a connection that breaks), the lines before that are filed all the same, and then it throws.
 */
export async function ingestStream(
  parties: IngestParties,
  items: AsyncIterable<readonly ReadItem[]>,
  { stream, servedByUs }: StreamOptions,
): Promise<StreamSummary> {
  const { pool, keys, clock } = parties
  const calendar = await createVaultCalendar(parties)()
  const run = createIngestRun({ pool, keys, calendar, now: clock.now(), threads: null }, GATHER_CALLS)
  const digest = digestOf(stream)
  const files = await inTransaction(pool, (trx) => registerFiles(trx, [{ digest, size: 0, through: 0 }]))
  const filing = await run.begin(stream, files.get(digest.toString('hex'))!, null)
  const referenceKey = keys.prfKey(REFERENCE_KEY)
  const maker = createBatchMaker({
    servedByUs,
    markReference: referenceMarker(referenceKey),
    limit: BATCH_LINES,
  })
  try {
    for await (const lines of items) {
      for (const line of lines) {
        maker.add(line)
        if (maker.full) await filing.take(maker.take())
      }
    }
  } finally {
    await filing.take(maker.take())
    await filing.pause()
    await run.settle()
  }
  const [summary] = run.files()
  const { read, filed, duplicate, quarantined } = summary!
  return { through: await streamThrough(parties, stream), read, filed, duplicate, quarantined }
}

/** No file has this digest: what is hashed is no content of one that could be chosen. */
function digestOf(stream: string): Buffer {
  return createHash('sha256').update(`countersign stream ${stream}\0`).digest()
}
