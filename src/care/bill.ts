import type { Direction, Kind } from '../calls/call-record.ts'
import type { PartySeen } from './party.ts'
import { daysOf, localStart } from './period.ts'
import type { Question } from './schemas.ts'

/** A month's log made into an answer: totals by category and day, what is unusual first, and the order of rows. */

/** One row of the month as the bill's opening gives it. */
export interface LogRow {
  readonly name: string
  /** Seconds since 1970, UTC. */
  readonly start: number
  readonly kind: Kind
  readonly direction: Direction
  readonly answered: boolean
  readonly chargeMilli: number | null
  readonly currency: string | null
  readonly tariff: string | null
  readonly other: PartySeen
}

export interface BillQuestion {
  readonly question: Question
  /** Local days and categories that the caller questions; empty: all. */
  readonly days: readonly string[]
  readonly categories: readonly string[]
}

/** What stands out. `milli` is what it cost; `days` are the ones that carry it. */
export type Unusual =
  | {
      readonly what: 'party'
      readonly type: PartySeen['type']
      readonly country: string | null
      readonly party: number
      readonly milli: number
      readonly records: number
      readonly kind: Kind | 'mixed'
      readonly days: readonly string[]
      readonly part: DayPart | null
    }
  | {
      readonly what: 'category'
      readonly category: string
      readonly milli: number
      readonly records: number
      readonly days: readonly string[]
    }
  | {
      readonly what: 'days'
      readonly milli: number
      readonly records: number
      readonly days: readonly string[]
    }
  | { readonly what: 'nothing' }

export type DayPart = 'mornings' | 'afternoons' | 'evenings' | 'nights'

export interface Bill {
  readonly totalMilli: number
  readonly currency: string | null
  readonly rowsTotal: number
  readonly days: readonly { day: string; chargeMilli: number; records: number }[]
  /** Dearest first; `category` is the tariff's id, or the party's type where the source names none. */
  readonly categories: readonly { category: string; chargeMilli: number; records: number }[]
  readonly unusual: Unusual
  /** Names in the order they are shown; the first `answering` of them answer the question. */
  readonly order: readonly LogRow[]
  readonly answering: number
}

/** A share of the whole bill from which one party, one category or two days stand out. */
const PARTY_SHARE = 0.25
const CATEGORY_SHARE = 0.6
const DAY_SHARE = 0.35

/** The tariff category of a row, or its party's type where the source names none. */
export function categoryOf(row: Pick<LogRow, 'tariff' | 'other'>): string {
  return row.tariff ?? row.other.type
}

/** Adds up a month and decides what the caller should hear first. `rows` are of that month, in order of time. */
export function billOf(
  rows: readonly LogRow[],
  month: string,
  offsetMinutes: number,
  ask: BillQuestion,
): Bill {
  const dayOfRow = new Map(rows.map((row) => [row, localStart(row.start, offsetMinutes).day]))
  const days = totals(rows, (row) => dayOfRow.get(row) as string)
  const categories = totals(rows, categoryOf)
  const totalMilli = rows.reduce((sum, row) => sum + (row.chargeMilli ?? 0), 0)
  const unusual = unusualOf(rows, totalMilli, offsetMinutes, ask)
  const answers = answersTo(ask, unusual, (row) => dayOfRow.get(row) as string)
  const first = rows.filter(answers)
  return {
    totalMilli,
    currency: rows.find((row) => row.currency !== null)?.currency ?? null,
    rowsTotal: rows.length,
    days: daysOf(month).map((day) => ({ day, ...(days.get(day) ?? { chargeMilli: 0, records: 0 }) })),
    categories: [...categories]
      .map(([category, sum]) => ({ category, ...sum }))
      .sort((a, b) => b.chargeMilli - a.chargeMilli || b.records - a.records),
    unusual,
    order: [...first, ...rows.filter((row) => !answers(row))],
    answering: first.length,
  }
}

/** Where a page begins and ends. The rows that answer have pages of their own, so that no more is shown than asked. */
export function pageBounds(
  answering: number,
  total: number,
  page: number,
  size: number,
): { from: number; until: number; pages: number } | null {
  const first = Math.ceil(answering / size)
  const pages = first + Math.ceil((total - answering) / size)
  if (page < 1 || page > pages) return null
  const from = page <= first ? (page - 1) * size : answering + (page - first - 1) * size
  return { from, until: Math.min(from + size, page <= first ? answering : total), pages }
}

function unusualOf(
  rows: readonly LogRow[],
  totalMilli: number,
  offsetMinutes: number,
  ask: BillQuestion,
): Unusual {
  if (ask.question === 'data')
    return categoryFinding(rows, (row) => row.kind === 'data', 'data', offsetMinutes)
  if (ask.question === 'roaming')
    return categoryFinding(rows, (row) => row.other.type === 'abroad', 'abroad', offsetMinutes)
  if (totalMilli === 0) return { what: 'nothing' }
  const party = dearest(
    groupBy(
      rows.filter((row) => row.other.party !== null),
      (row) => String(row.other.party),
    ),
  )
  if (party !== null && party.milli >= totalMilli * PARTY_SHARE)
    return partyFinding(party.rows, offsetMinutes)
  const category = dearest(groupBy(rows, categoryOf))
  if (category !== null && category.milli >= totalMilli * CATEGORY_SHARE) {
    const key = categoryOf(category.rows[0] as LogRow)
    return categoryFinding(rows, (row) => categoryOf(row) === key, key, offsetMinutes)
  }
  const days = peakDays(rows, offsetMinutes)
  const milli = days.rows.reduce((sum, row) => sum + (row.chargeMilli ?? 0), 0)
  return milli >= totalMilli * DAY_SHARE
    ? { what: 'days', milli, records: days.rows.length, days: days.days }
    : { what: 'nothing' }
}

function partyFinding(rows: readonly LogRow[], offsetMinutes: number): Unusual {
  const charged = rows.filter((row) => (row.chargeMilli ?? 0) > 0)
  const { type, country, party } = (charged[0] as LogRow).other
  const kinds = new Set(charged.map((row) => row.kind))
  const starts = charged.map((row) => localStart(row.start, offsetMinutes))
  const parts = new Set(starts.map(({ hour }) => dayPart(hour)))
  return {
    what: 'party',
    type,
    country,
    party: party as number,
    milli: sumOf(charged),
    records: charged.length,
    kind: kinds.size === 1 ? (charged[0] as LogRow).kind : 'mixed',
    days: [...new Set(starts.map(({ day }) => day))],
    part: parts.size === 1 ? ([...parts][0] as DayPart) : null,
  }
}

function categoryFinding(
  rows: readonly LogRow[],
  of: (row: LogRow) => boolean,
  category: string,
  offsetMinutes: number,
): Unusual {
  const charged = rows.filter((row) => of(row) && (row.chargeMilli ?? 0) > 0)
  return {
    what: 'category',
    category,
    milli: sumOf(charged),
    records: charged.length,
    days: charged.length === 0 ? [] : peakDays(charged, offsetMinutes).days,
  }
}

/** The dearest day, and the one after or before it when that is at least half as dear. */
function peakDays(rows: readonly LogRow[], offsetMinutes: number): { days: string[]; rows: LogRow[] } {
  const byDay = [...groupBy(rows, (row) => localStart(row.start, offsetMinutes).day)].sort(
    ([, a], [, b]) => sumOf(b) - sumOf(a),
  )
  const picked = byDay
    .slice(0, 2)
    .filter(([, list], i) => i === 0 || sumOf(list) * 2 >= sumOf(byDay[0]?.[1] ?? []))
  const days = picked.map(([day]) => day).sort()
  return { days, rows: picked.flatMap(([, list]) => list) }
}

function answersTo(
  ask: BillQuestion,
  unusual: Unusual,
  dayOfRow: (row: LogRow) => string,
): (row: LogRow) => boolean {
  const picked = ask.days.length > 0 || ask.categories.length > 0
  if (picked)
    return (row) =>
      (ask.days.length === 0 || ask.days.includes(dayOfRow(row))) &&
      (ask.categories.length === 0 || ask.categories.includes(categoryOf(row)))
  if (ask.question === 'data') return (row) => row.kind === 'data'
  if (ask.question === 'roaming') return (row) => row.other.type === 'abroad'
  switch (unusual.what) {
    case 'party':
      return (row) => row.other.party === unusual.party && row.chargeMilli !== 0
    case 'category':
      return (row) => categoryOf(row) === unusual.category && unusual.days.includes(dayOfRow(row))
    case 'days':
      return (row) => unusual.days.includes(dayOfRow(row)) && (row.chargeMilli ?? 0) > 0
    case 'nothing':
      return () => false
  }
}

function dayPart(hour: number): DayPart {
  if (hour >= 5 && hour < 12) return 'mornings'
  if (hour >= 12 && hour < 17) return 'afternoons'
  return hour >= 17 && hour < 22 ? 'evenings' : 'nights'
}

function dearest(groups: Map<string, LogRow[]>): { rows: LogRow[]; milli: number } | null {
  return [...groups.values()].reduce<{ rows: LogRow[]; milli: number } | null>((best, rows) => {
    const milli = sumOf(rows)
    return milli > (best?.milli ?? 0) ? { rows, milli } : best
  }, null)
}

function groupBy(rows: readonly LogRow[], key: (row: LogRow) => string): Map<string, LogRow[]> {
  return Map.groupBy(rows, key)
}

function totals(rows: readonly LogRow[], key: (row: LogRow) => string): Map<string, Sum> {
  return new Map(
    [...groupBy(rows, key)].map(([k, list]) => [k, { chargeMilli: sumOf(list), records: list.length }]),
  )
}

interface Sum {
  chargeMilli: number
  records: number
}

function sumOf(rows: readonly LogRow[]): number {
  return rows.reduce((sum, row) => sum + (row.chargeMilli ?? 0), 0)
}
