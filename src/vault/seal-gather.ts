import type { E164 } from '../calls/call-record.ts'
import { createEncoder } from '../calls/codec.ts'
import { createColumns } from '../calls/record-columns.ts'
import type { KeyService } from '../keys/key-service.ts'
import { type BlockPlace, deriveBlockKey, type SealedBlock, sealBlock, tweakName } from './block.ts'
import { type Calendar, monthName } from './calendar.ts'
import type { Gather, GatheredLog } from './gather.ts'
import { reserveSequences } from './ingest-store.ts'
import { tenureAt } from './reseal.ts'
import { type Run, type TenureRow, tenuresOfAll } from './store.ts'
import { PSEUDONYM_KEY, subjectOf } from './subject.ts'

const CHUNK_OF_SUBJECTS = 10_000
const MAX_KEYS = 50_000

/** One block to be: rows of one log, of one tenure and month. */
interface Strip {
  readonly subject: Buffer
  readonly tenure: string
  readonly month: number
  readonly filings: Int32Array
}

interface Log extends GatheredLog {
  readonly hex: string
}

/** Keys of blocks, kept while one ingest runs: its gathers come back to the same subjects and months. */
export type BlockKeys = Map<string, Buffer>

/**
 * Makes the blocks of a gather, under the lock of writers: reads the tenures that hold now, makes the keys that
 * are missing (durable before this returns), and then seals one block after the other as they are asked for.
 * Blocks come in order of subject, as the index likes them. Rows of an erased tenure are left out.
 */
export async function prepareBlocks(
  run: Run,
  parties: { keys: KeyService; calendar: Calendar; blockKeys: BlockKeys },
  gather: Gather,
): Promise<Iterable<SealedBlock>> {
  const { keys, calendar, blockKeys } = parties
  const logs = namedLogs(gather, keys.prfKey(PSEUDONYM_KEY))
  const tenures = await tenuresOfLogs(run, logs)
  const strips = logs.flatMap((log) => stripsOf(log, tenures.get(log.hex) ?? [], calendar))
  const tweaks = await keys.tweaks([...new Set(strips.map((s) => tweakName(s.subject, s.tenure)))])
  const monthKeys = new Map<number, Buffer>()
  for (const month of new Set(strips.map((strip) => strip.month))) {
    monthKeys.set(month, await keys.monthKey(monthName(month)))
  }
  const keyOf = ({ subject, tenure, month }: Strip): Buffer | null => {
    const name = tweakName(subject, tenure)
    const tweak = tweaks.get(name)
    if (!tweak) return null
    const cached = blockKeys.get(`${month} ${subject.toString('latin1')} ${name}`)
    if (cached !== undefined) return cached
    const key = deriveBlockKey(monthKeys.get(month)!, tweak, subject, month)
    if (blockKeys.size >= MAX_KEYS) blockKeys.clear()
    blockKeys.set(`${month} ${subject.toString('latin1')} ${name}`, key)
    return key
  }
  return sealStrips(gather, strips, calendar, keyOf, await reserveSequences(run, strips.length))
}

function* sealStrips(
  gather: Gather,
  strips: readonly Strip[],
  calendar: Calendar,
  keyOf: (strip: Strip) => Buffer | null,
  nextSequence: () => number,
): IterableIterator<SealedBlock> {
  const encoder = createEncoder(gather.dictionaries)
  let columns = createColumns(1024)
  for (const strip of strips) {
    const key = keyOf(strip)
    if (key === null) continue
    const { filings } = strip
    if (filings.length > columns.start.length) columns = createColumns(filings.length * 2)
    for (let at = 0; at < filings.length; at++) gather.copyRow(filings[at]!, columns, at)
    const place: BlockPlace = {
      subject: strip.subject,
      tenure: strip.tenure,
      month: strip.month,
      firstDay: calendar.dayOf(columns.start[0]!),
      lastDay: calendar.dayOf(columns.start[filings.length - 1]!),
      sequence: nextSequence(),
    }
    yield { ...place, sealed: sealBlock(key, place, encoder.encode(columns, filings.length)) }
  }
}

function namedLogs(gather: Gather, pseudonymKey: Buffer): Log[] {
  const logs: Log[] = []
  for (const log of gather.logs()) {
    const party = gather.dictionaries.others.value(log.subscriber) as { number: E164 }
    logs.push({ ...log, hex: subjectOf(pseudonymKey, party.number) })
  }
  return logs.sort((a, b) => (a.hex < b.hex ? -1 : 1))
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
function stripsOf(log: Log, tenures: readonly TenureRow[], calendar: Calendar): Strip[] {
  const subject = Buffer.from(log.hex, 'hex')
  const { filings, starts } = log
  const placeAt = (at: number): { tenure: string; month: number } => ({
    tenure: tenureAt(tenures, starts[at]!),
    month: calendar.monthOfDay(calendar.dayOf(starts[at]!)),
  })
  const strips: Strip[] = []
  for (let first = 0; first < filings.length; ) {
    const place = placeAt(first)
    const isSame = (at: number): boolean => {
      const { tenure, month } = placeAt(at)
      return tenure === place.tenure && month === place.month
    }
    let end = filings.length
    // A tenure has no gaps: both ends in it means all in it. Nobody's time has gaps where tenures are.
    if ((place.tenure === '' && tenures.length > 0) || !isSame(end - 1)) {
      end = first + 1
      while (end < filings.length && isSame(end)) end++
    }
    strips.push({ subject, ...place, filings: filings.subarray(first, end) })
    first = end
  }
  return strips
}
