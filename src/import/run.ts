import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { LineKind, Values } from './kinds.ts'
import type { ImportLine } from './read-lines.ts'
import { addBatch, type Counts, type FaultRow, openSource, readThrough } from './store.ts'
import { type Importer, type Takers, takeLines } from './take.ts'

export interface ImportParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly sealer: Sealer
  readonly clock: Clock
  /** The rooms that take lines; `dry`: for a transaction that ends in nothing. */
  takers(dry: boolean): Takers
}

export interface ImportSource {
  readonly kind: LineKind
  /** `file DIGEST`, or `stream NAME`. */
  readonly key: string
  /** A file is whole and read from its beginning; a stream goes on behind what is on record. */
  readonly whole: boolean
  readonly importer: Importer
}

/** What became of a source; faults are the first thousand. */
export interface ImportSummary extends Counts {
  readonly through: number
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
}

const BATCH: Record<LineKind, number> = {
  subscribers: 10_000,
  lines: 2_000,
  charges: 5_000,
  // Two people with one staff number are told apart only by whoever sees both.
  employees: 100_000,
  shifts: 5_000,
  circles: 5_000,
}
const MOST_SHOWN = 1_000
const MOST_LATER = 40_000
const PURPOSE = 'import-quarantine'

/**
 * Takes the lines of a source, a batch in a transaction with its entry, its counts and its quarantine: a crash leaves
 * whole batches, and the same source again changes nothing. Lines of a file that only the rest of it can explain (a
 * new holder before the line that ends the old one) are tried once more at its end.
 */
export async function importLines(
  parties: ImportParties,
  source: ImportSource,
  batches: AsyncIterable<readonly ImportLine[]>,
): Promise<ImportSummary> {
  const takers = parties.takers(false)
  return run(parties, takers, source, batches, (work) => commitWith(parties.db, parties.ledger, work))
}

/** As {@link importLines}, in one transaction that is rolled back: what would become of each line, and nothing done. */
export async function tryImport(
  parties: ImportParties,
  source: ImportSource,
  batches: AsyncIterable<readonly ImportLine[]>,
): Promise<ImportSummary> {
  const takers = parties.takers(true)
  let summary: ImportSummary | null = null
  try {
    await parties.db.transaction().execute(async (trx) => {
      const append: Append = (draft) => parties.ledger.append(trx, draft)
      summary = await run(parties, takers, source, batches, (work) => work(trx, append))
      throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
  return summary as unknown as ImportSummary
}

class RolledBack extends Error {}

type Within = <T>(work: (trx: Trx, append: Append) => Promise<T>) => Promise<T>

async function run(
  parties: ImportParties,
  takers: Takers,
  source: ImportSource,
  batches: AsyncIterable<readonly ImportLine[]>,
  within: Within,
): Promise<ImportSummary> {
  const { kind, key, whole } = source
  const opened = await within((trx) => openSource(trx, { kind, key, now: parties.clock.now(), anew: whole }))
  const total = { read: 0, added: 0, changed: 0, same: 0, quarantined: 0 }
  const faults: { line: number; reason: string }[] = []
  const later: ImportLine[] = []
  let through = opened.through
  const take = async (lines: readonly ImportLine[], last: boolean): Promise<void> => {
    if (lines.length === 0) return
    const mayWait = whole && !last && later.length + lines.length <= MOST_LATER
    const batch = await within((trx, append) =>
      takeBatch(parties, takers, trx, append, { ...source, id: opened.id, lines, mayWait }),
    )
    later.push(...batch.later)
    through = Math.max(through, batch.through)
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += batch.counts[name]
    for (const { line, reason } of batch.faults) if (faults.length < MOST_SHOWN) faults.push({ line, reason })
  }
  let waiting: ImportLine[] = []
  // While the database takes one batch, the next is read: at most one is under way.
  let underWay: Promise<void> = Promise.resolve()
  try {
    for await (const lines of batches) {
      for (const line of lines) {
        if (line.line <= opened.through) continue
        waiting.push(line)
        if (waiting.length < BATCH[kind]) continue
        await underWay
        underWay = take(waiting, false)
        underWay.catch(() => {})
        waiting = []
      }
    }
  } finally {
    // A connection that breaks, or a file that cannot be read on, leaves what was read before it on record.
    await underWay
  }
  await take(waiting, false)
  await take(later.splice(0), true)
  return { ...total, through, faults: faults.sort((a, b) => a.line - b.line) }
}

interface Batch {
  readonly kind: LineKind
  readonly importer: Importer
  readonly id: number
  readonly lines: readonly ImportLine[]
  readonly mayWait: boolean
}

async function takeBatch(
  { sealer, clock }: ImportParties,
  takers: Takers,
  trx: Trx,
  append: Append,
  { kind, importer, id, lines, mayWait }: Batch,
): Promise<{ counts: Counts; faults: FaultRow[]; later: ImportLine[]; through: number }> {
  const good = lines.filter((line) => line.values !== null)
  const values = good.map((line) => line.values as Values)
  const taken =
    values.length === 0 ? [] : await takeLines(takers, trx, append, { kind, lines: values, importer })
  const results = taken[Symbol.iterator]()
  const counts = { read: 0, added: 0, changed: 0, same: 0, quarantined: 0 }
  const faults: FaultRow[] = []
  const later: ImportLine[] = []
  for (const line of lines) {
    const result = line.values === null ? null : (results.next().value as (typeof taken)[number])
    if (typeof result === 'object' && result?.later === true && mayWait) {
      later.push(line)
      continue
    }
    counts.read += 1
    if (typeof result === 'string') counts[result] += 1
    else {
      counts.quarantined += 1
      const sealed = sealer.seal(PURPOSE, `${id} ${line.line}`, Buffer.from(line.raw, 'latin1'))
      faults.push({ line: line.line, reason: result?.fault ?? line.fault ?? 'cannot be read', sealed })
    }
  }
  const through = lines.reduce((most, { line }) => Math.max(most, line), 0)
  await addBatch(trx, id, { through, counts, faults, now: clock.now() })
  await append({
    kind: 'lines-imported',
    header: { counts: { ...counts } },
    body: { source: id, of: kind, through, by: importer.by.system },
  })
  return { counts, faults, later, through }
}

/** Up to which line a stream is on record. */
export function streamThrough(
  { db }: Pick<ImportParties, 'db'>,
  kind: LineKind,
  stream: string,
): Promise<number> {
  return readThrough(db, kind, `stream ${stream}`)
}
