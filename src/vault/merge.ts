import type pg from 'pg'
import type { KeyService } from '../keys/key-service.ts'
import type { SealedBlock } from './block.ts'
import type { Calendar } from './calendar.ts'
import { copyBlocks } from './ingest-store.ts'
import { createReseal } from './reseal.ts'
import {
  blocksOfPlaces,
  createSequence,
  deleteBlocks,
  inTransaction,
  lockWriters,
  placesToMerge,
  runOn,
  tenuresOfAll,
} from './store.ts'

/** What is to be merged, and how much at most. */
export interface MergeOptions {
  readonly subjects: number
  /** How many blocks a month of one subject must have; 2 when absent. */
  readonly atLeast?: number
  /** Only months up to this one (202608); all when absent. */
  readonly upToMonth?: number
}

export interface MergeResult {
  readonly before: number
  readonly after: number
}

/** Ingest waits while a batch is merged, so a batch is short. */
const PLACES_AT_ONCE = 200

/**
 * Merges months of subjects that have several blocks, subject by subject, into one block each (one for each tenure).
 * Each batch is one transaction: readers see the old blocks or the new ones, and a crash leaves the old ones. Rows
 * keep the order of filing, so names stay.
 */
export async function mergeBlocks(
  pool: pg.Pool,
  keys: KeyService,
  calendar: Calendar,
  options: MergeOptions,
): Promise<MergeResult> {
  const { subjects, atLeast = 2, upToMonth = 999_912 } = options
  let [before, after, merged] = [0, 0, 0]
  for (let behind: Buffer = Buffer.alloc(0); merged < subjects; ) {
    const limit = Math.min(PLACES_AT_ONCE, subjects - merged)
    const places = await placesToMerge(runOn(pool), { behind, atLeast, upToMonth, limit })
    const last = places.at(-1)
    if (last === undefined) break
    const batch = await mergeBatch(pool, keys, calendar, places)
    before += batch.before
    after += batch.after
    merged += new Set(places.map(({ subject }) => subject.toString('hex'))).size
    behind = last.subject
  }
  return { before, after }
}

async function mergeBatch(
  pool: pg.Pool,
  keys: KeyService,
  calendar: Calendar,
  places: readonly { subject: Buffer; month: number }[],
): Promise<MergeResult> {
  return inTransaction(pool, async (run, client) => {
    await lockWriters(run)
    // Read again under the lock: somebody may have merged them meanwhile, or filed more.
    const blocks = await blocksOfPlaces(run, places)
    const tenures = await tenuresOfAll(
      run,
      places.map(({ subject }) => subject),
    )
    const reseal = createReseal({ keys, calendar, nextSequence: createSequence(run) })
    const gone: SealedBlock[] = []
    const made: SealedBlock[] = []
    for (const [hex, own] of Map.groupBy(blocks, ({ subject }) => subject.toString('hex'))) {
      const groups = Map.groupBy(own, ({ month, tenure }) => `${month} ${tenure}`)
      const many = [...groups.values()].filter((group) => group.length > 1).flat()
      if (many.length === 0) continue
      const inOrder = many.toSorted((a, b) => a.sequence - b.sequence)
      const resealed = await reseal(inOrder, tenures.get(hex) ?? [])
      gone.push(...resealed.gone)
      made.push(...resealed.made)
    }
    if (gone.length === 0) return { before: 0, after: 0 }
    await deleteBlocks(run, gone)
    await copyBlocks(client, made)
    return { before: gone.length, after: made.length }
  })
}
