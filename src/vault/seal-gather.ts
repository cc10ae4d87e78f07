import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import { tweakName } from './block.ts'
import { type Calendar, monthName } from './calendar.ts'
import type { Gather } from './gather.ts'
import type { GatheredLogs } from './gathered-logs.ts'
import { reserveSequences } from './ingest-store.ts'
import { tenureAt } from './reseal.ts'
import type { SealSource, StripBatch } from './seal-strips.ts'
import { type Run, type TenureRow, tenuresOfAll } from './store.ts'
import { PSEUDONYM_KEY, subjectOf } from './subject.ts'

const CHUNK_OF_SUBJECTS = 10_000
/** Blocks are sealed and handed to the database in pieces of so many rows, or so many blocks. */
const ROWS_AT_ONCE = 65_536
const BLOCKS_AT_ONCE = 4_096

interface Log {
  readonly hex: string
  readonly first: number
  readonly end: number
}

/** One block to be: rows of one log, of one tenure and month. */
interface Strip {
  readonly hex: string
  readonly tenure: string
  readonly month: number
  readonly first: number
  readonly end: number
}

/**
 * Says what the blocks of a gather are, under the lock of writers, by the tenures that hold now. The keys that are missing
 * are made on the way, durable before a batch of blocks that need them is given. Blocks come in order of subject, as the
 * index likes them. Rows of an erased tenure are left out.
 */
export async function prepareBlocks(
  run: Run,
  { keys, calendar }: { keys: KeyService; calendar: Calendar },
  gather: Gather,
): Promise<{ source: SealSource; batches: AsyncGenerator<StripBatch> }> {
  const gathered = gather.logs()
  const logs = namedLogs(gathered, keys.prfKey(PSEUDONYM_KEY))
  const tenures = await tenuresOfLogs(run, logs)
  const strips = logs.flatMap((log) => stripsOf(gathered, log, tenures.get(log.hex) ?? [], calendar))
  const monthKeys = new Map<number, Uint8Array>()
  for (const month of new Set(strips.map((strip) => strip.month))) {
    monthKeys.set(month, await keys.monthKey(monthName(month)))
  }
  const nextSequence = await reserveSequences(run, strips.length)
  const { offsetMinutes } = calendar
  return {
    source: { contents: gather.contents, filings: gathered.filings, offsetMinutes },
    batches: batchesOf(strips, { keys, monthKeys, nextSequence }),
  }
}

interface Sealing {
  readonly keys: KeyService
  readonly monthKeys: ReadonlyMap<number, Uint8Array>
  readonly nextSequence: () => number
}

/** While the first are sealed, the tweaks of the next are found. */
async function* batchesOf(strips: readonly Strip[], sealing: Sealing): AsyncGenerator<StripBatch> {
  for (let at = 0; at < strips.length; at += BLOCKS_AT_ONCE) {
    const chunk = strips.slice(at, at + BLOCKS_AT_ONCE)
    const names = chunk.map((strip) => tweakName(Buffer.from(strip.hex, 'hex'), strip.tenure))
    const tweaks = await sealing.keys.tweaks([...new Set(names)])
    const keyed = chunk.flatMap((strip, place) => {
      const tweak = tweaks.get(names[place]!)
      return tweak ? [{ ...strip, tweak }] : []
    })
    for (const piece of pieces(keyed)) yield batchOf(piece, sealing)
  }
}

type KeyedStrip = Strip & { readonly tweak: Buffer }

function pieces(strips: readonly KeyedStrip[]): KeyedStrip[][] {
  const all: KeyedStrip[][] = []
  let rows = ROWS_AT_ONCE
  for (const strip of strips) {
    if (rows >= ROWS_AT_ONCE) {
      all.push([])
      rows = 0
    }
    all.at(-1)!.push(strip)
    rows += strip.end - strip.first
  }
  return all
}

function batchOf(strips: readonly KeyedStrip[], { monthKeys, nextSequence }: Sealing): StripBatch {
  return {
    subjects: Uint8Array.from(Buffer.from(strips.map(({ hex }) => hex).join(''), 'hex')),
    tenures: strips.map(({ tenure }) => tenure),
    months: Int32Array.from(strips, ({ month }) => month),
    sequences: Float64Array.from(strips, nextSequence),
    firsts: Int32Array.from(strips, ({ first }) => first),
    ends: Int32Array.from(strips, ({ end }) => end),
    tweaks: Uint8Array.from(Buffer.concat(strips.map(({ tweak }) => tweak))),
    monthKeys,
  }
}

function namedLogs({ logs }: GatheredLogs, pseudonymKey: Buffer): Log[] {
  return logs
    .map(({ subscriber, first, end }) => ({
      hex: subjectOf(pseudonymKey, `+${subscriber}` as E164) as string,
      first,
      end,
    }))
    .sort((a, b) => (a.hex < b.hex ? -1 : 1))
}

async function tenuresOfLogs(run: Run, logs: readonly Log[]): Promise<Map<string, TenureRow[]>> {
  const all = new Map<string, TenureRow[]>()
  for (let at = 0; at < logs.length; at += CHUNK_OF_SUBJECTS) {
    const chunk = logs.slice(at, at + CHUNK_OF_SUBJECTS)
    const subjects = chunk.map(({ hex }) => Buffer.from(hex, 'hex'))
    for (const [hex, rows] of await tenuresOfAll(run, subjects)) all.set(hex, rows)
  }
  return all
}

/** Cuts a log where its month or its tenure changes; both only go forward with time, so most need no cut. */
function stripsOf(
  { startAt }: GatheredLogs,
  log: Log,
  tenures: readonly TenureRow[],
  calendar: Calendar,
): Strip[] {
  const placeAt = (at: number): { tenure: string; month: number } => ({
    tenure: tenureAt(tenures, startAt(at)),
    month: calendar.monthOfDay(calendar.dayOf(startAt(at))),
  })
  const strips: Strip[] = []
  for (let first = log.first; first < log.end; ) {
    const place = placeAt(first)
    const isSame = (at: number): boolean => {
      const { tenure, month } = placeAt(at)
      return tenure === place.tenure && month === place.month
    }
    let end = log.end
    // A tenure has no gaps: both ends in it means all in it. Nobody's time has gaps where tenures are.
    if ((place.tenure === '' && tenures.length > 0) || !isSame(end - 1)) {
      end = first + 1
      while (end < log.end && isSame(end)) end++
    }
    strips.push({ hex: log.hex, ...place, first, end })
    first = end
  }
  return strips
}
