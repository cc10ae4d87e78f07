import { createHash } from 'node:crypto'
import { commitWith } from '../ledger/commit.ts'
import { encodeText, parseHeader } from '../ledger/commitment.ts'
import type { Header } from '../ledger/entry.ts'
import type { Ledger, OpenHeader } from '../ledger/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import { countFigures, type Figures } from './figures.ts'
import { isOver, type Period, parsePeriod, quarterOf, quartersBetween } from './period.ts'
import { headersOf, type ReportFile } from './report-file.ts'
import { isOfSecrecy, overdueSecrecies, standingSecrecies } from './secrecy.ts'

/** What the public report works with. */
export interface ReportParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly clock: Clock
  readonly jobs: Jobs
  readonly customers: { count(): Promise<number> }
  readonly operatorName: string
}

export interface Report {
  readonly period: Period
  readonly over: boolean
  readonly figures: Figures
  /** Secrecies that stand at its end, or now, and those of them whose day has passed with nobody told. */
  readonly secrecies: { readonly standing: number; readonly overdue: number }
}

/** Reports by quarter and year, each counted from the ledger's headers when somebody asks. */
export interface Reports {
  /** Null for a period that the ledger does not reach. */
  report(name: string): Promise<Report | null>
  /** Quarters and years that the ledger reaches, newest first. */
  periods(): Promise<Period[]>
  /** The file of a quarter or year that is over; null before. */
  file(name: string): Promise<ReportFile | null>
  /** Writes down how many customers there are, and that a quarter's report is out; bears a repetition. */
  sweep(): Promise<void>
}

const CHUNK = 2_048
/** How long figures of a quarter that still runs are kept. */
const KEPT_MS = 60_000

/** Opens the reports and registers their job, so call it before `jobs.start`. */
export function createPublicReports(parties: ReportParties): Reports {
  const { ledger, clock, jobs } = parties
  const kept = new Map<string, { at: number; size: number; figures: Promise<Counted> }>()
  const figuresOf = async (period: Period): Promise<Counted> => {
    const { size } = await ledger.head()
    const known = kept.get(period.name)
    const fresh = known !== undefined && (known.size === size || clock.now() - known.at < KEPT_MS)
    if (fresh) return known.figures
    const figures = countPeriod(ledger, period, clock.now())
    kept.set(period.name, { at: clock.now(), size, figures })
    figures.catch(() => kept.delete(period.name))
    return figures
  }
  const periods = async (): Promise<Period[]> => {
    const first = await headerAt(ledger, 0)
    if (first === null) return [quarterOf(clock.now())]
    const quarters = quartersBetween(Date.parse(first.day), clock.now())
    const years = [...new Set(quarters.map(({ from }) => from.slice(0, 4)))]
    return [...quarters, ...years.map((year) => parsePeriod(year)!)]
  }
  const reports: Reports = {
    periods,
    async report(name) {
      const period = (await periods()).find((one) => one.name === name)
      if (period === undefined) return null
      return { period, over: isOver(period, clock.now()), ...(await figuresOf(period)) }
    },
    async file(name) {
      const period = (await periods()).find((one) => one.name === name)
      if (period === undefined || !isOver(period, clock.now())) return null
      return makeReportFile(parties, period)
    },
    sweep: () => sweep(parties, reports),
  }
  jobs.every('transparency-count', '15 0 * * *', () => reports.sweep())
  return reports
}

type Counted = Pick<Report, 'figures' | 'secrecies'>

async function countPeriod(ledger: Ledger, period: Period, now: number): Promise<Counted> {
  const headers = headersOf(await readHeaders(ledger, await stretchOf(ledger, period)))
  const yearBefore = { ...period, from: dayBefore(period.from, 366), until: period.from }
  const earlier = headersOf(await readHeaders(ledger, await stretchOf(ledger, yearBefore)))
  const all = [...earlier.filter(isOfSecrecy), ...headers]
  const today = new Date(now).toISOString().slice(0, 10)
  const [asOf = today] = [period.until, today].sort()
  const overdue = overdueSecrecies(all, asOf)
  return {
    figures: countFigures(headers),
    secrecies: { standing: standingSecrecies(all).length, overdue: overdue.length },
  }
}

/** The file of a period: figures and opened headers. */
export async function makeReportFile(
  { ledger, operatorName }: Pick<ReportParties, 'ledger' | 'operatorName'>,
  period: Period,
): Promise<ReportFile> {
  const stretch = await stretchOf(ledger, period)
  const headers = await readHeaders(ledger, stretch)
  const yearBefore = { ...period, from: dayBefore(period.from, 366), until: period.from }
  const carried = (await readHeaders(ledger, await stretchOf(ledger, yearBefore))).filter(({ header }) =>
    isOfSecrecy(parseHeader(header)),
  )
  const edge = async (index: number) => (index < 0 ? null : ((await ledger.openHeaders(index, 1))[0] ?? null))
  const figures = countFigures(headers.map(({ header }) => parseHeader(header)))
  const { origin, verifierKey } = ledger
  return {
    v: 1,
    period: period.name,
    operator: operatorName,
    origin,
    verifierKey,
    ...stretch,
    figures,
    headers,
    before: await edge(stretch.from - 1),
    after: await edge(stretch.until),
    carried,
  }
}

interface Stretch {
  readonly from: number
  readonly until: number
}

/**
 * From the first entry that is dated in the period to the first dated after it. Entries are in order of time but for
 * the few milliseconds of a batch, so a search by halves finds both ends; two periods in a row share one.
 */
async function stretchOf(ledger: Ledger, period: Period): Promise<Stretch> {
  const { size } = await ledger.head()
  const firstFrom = async (day: string): Promise<number> => {
    let [low, high] = [0, size]
    while (low < high) {
      const middle = (low + high) >> 1
      const header = await headerAt(ledger, middle)
      if (header !== null && header.day >= day) high = middle
      else low = middle + 1
    }
    return low
  }
  return { from: await firstFrom(period.from), until: await firstFrom(period.until) }
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}

async function headerAt(ledger: Ledger, index: number): Promise<Header | null> {
  const [own] = await ledger.openHeaders(index, 1)
  // An entry that was lost in a restore has no header: days only grow, so the next one tells as much.
  const [open] = own === undefined ? await ledger.openHeaders(index, CHUNK) : [own]
  return open === undefined ? null : parseHeader(open.header)
}

async function readHeaders(ledger: Ledger, { from, until }: Stretch): Promise<OpenHeader[]> {
  const all: OpenHeader[] = []
  for (let at = from; at < until; at += CHUNK)
    all.push(...(await ledger.openHeaders(at, Math.min(CHUNK, until - at))))
  return all
}

async function sweep(parties: ReportParties, reports: Reports): Promise<void> {
  const { db, ledger, clock, customers } = parties
  const now = quarterOf(clock.now())
  const done = await readHeaders(ledger, await stretchOf(ledger, now))
  const headers = done.map(({ header }) => parseHeader(header))
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const counted = headers.some((header) => header.kind === 'customers-counted' && header.day === today)
  const before = quarterOf(Date.parse(now.from) - 1)
  const published = headers.some(
    (header) => header.kind === 'report-published' && header.caseSerial === before.name,
  )
  const file = published ? null : await reports.file(before.name)
  const count = await customers.count()
  await commitWith(db, ledger, async (_trx, append) => {
    if (!counted)
      await append({ kind: 'customers-counted', header: { counts: { customers: count } }, body: {} })
    if (file !== null && file.headers.length > 0)
      await append({
        kind: 'report-published',
        header: { caseSerial: before.name, counts: { from: file.from, until: file.until } },
        body: { figures: createHash('sha256').update(encodeText(file.figures)).digest('hex') },
      })
  })
}
