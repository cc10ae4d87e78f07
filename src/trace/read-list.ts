import type { NumberPlan } from '../calls/numbers.ts'
import {
  type LengthSeen,
  type PartySeen,
  plainText,
  readCharge,
  readLength,
  readParty,
  readWhen,
  type WhenSeen,
} from './cells.ts'
import { type Grid, MOST_ROWS } from './grid.ts'

/** How a found list is understood: found by itself, shown, and correctable column by column. */

export const COLUMN_ROLES = ['when', 'day', 'time', 'party', 'length', 'charge', 'ignore'] as const
export type ColumnRole = (typeof COLUMN_ROLES)[number]

/** What every column is and how it is written. What is null is tried both ways against the log. */
export interface Reading {
  readonly columns: readonly ColumnRole[]
  /** The first line names the columns. */
  readonly heading: boolean
  /** `13/8` is the thirteenth of August. */
  readonly dayFirst: boolean | null
  /** Times are local, or UTC. */
  readonly zone: 'local' | 'utc' | null
  /** What a length without a unit counts. */
  readonly lengthUnit: 'seconds' | 'minutes' | null
}

/** What a person says instead of what was found. */
export type Correction = { readonly [K in keyof Reading]?: Reading[K] | undefined }

/** One line of the list. */
export interface ListRow {
  /** Line of the list, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  readonly when: WhenSeen | null
  readonly party: PartySeen | null
  readonly length: LengthSeen | null
  readonly chargeMilli: number | null
}

export interface ReadList {
  readonly reading: Reading
  /** Lines that say at least when, or with whom and how long. */
  readonly rows: readonly ListRow[]
  /** Lines from 1 that say nothing that a log could be compared with. */
  readonly unread: readonly number[]
}

const HEADING_WORDS: readonly [RegExp, ColumnRole][] = [
  [/date\s*(and|&|\/)?\s*time|timestamp|^start|^when|အချိန်နှင့်ရက်/i, 'when'],
  [/^date|^day|ရက်/i, 'day'],
  [/^time|အချိန်(?!ကြာ)/i, 'time'],
  [/number|other|party|called|caller|^to$|^from$|phone|msisdn|digits|တစ်ဖက်/i, 'party'],
  [/dura|length|last|^min|^sec|ကြာ/i, 'length'],
  [/charge|cost|price|amount|ks|mmk|ကျသင့်/i, 'charge'],
]

/** Understands a grid; what `correction` says goes before what is found. */
export function readList(grid: Grid, plan: NumberPlan, correction: Correction = {}): ReadList {
  const heading = correction.heading ?? looksLikeHeading(grid.rows)
  const body = grid.rows.map((cells, at) => ({ cells, line: at + 1 })).slice(heading ? 1 : 0)
  const found = findColumns(
    heading ? (grid.rows[0] ?? []) : [],
    body.map(({ cells }) => cells),
    plan,
  )
  const columns =
    correction.columns === undefined ? found : found.map((role, i) => correction.columns?.[i] ?? role)
  const read = body.slice(0, MOST_ROWS).map(({ cells, line }) => readRow(cells, line, columns, plan))
  const rows = read.filter(says)
  const reading: Reading = {
    columns,
    heading,
    dayFirst: correction.dayFirst ?? dayFirstOf(rows),
    zone: correction.zone ?? null,
    lengthUnit: correction.lengthUnit ?? lengthUnitOf(rows),
  }
  return { reading, rows, unread: read.filter((row) => !says(row)).map(({ line }) => line) }
}

function says({ when, party, length }: ListRow): boolean {
  return (
    when?.minute != null || (party !== null && party.kind !== 'words' && (when !== null || length !== null))
  )
}

function readRow(
  cells: readonly string[],
  line: number,
  columns: readonly ColumnRole[],
  plan: NumberPlan,
): ListRow {
  const cellOf = (role: ColumnRole) => cells[columns.indexOf(role)] ?? ''
  const whole = columns.includes('when') ? readWhen(cellOf('when')) : null
  const day = columns.includes('day') ? readWhen(cellOf('day')) : null
  const time = columns.includes('time') ? readWhen(cellOf('time')) : null
  return {
    line,
    cells,
    when: whole ?? joined(day, time),
    party: columns.includes('party') ? readParty(cellOf('party'), plan) : null,
    length: columns.includes('length') ? readLength(cellOf('length')) : null,
    chargeMilli: columns.includes('charge') ? readCharge(cellOf('charge')) : null,
  }
}

function joined(day: WhenSeen | null, time: WhenSeen | null): WhenSeen | null {
  if (day === null || day.minute !== null) return day ?? time
  if (time === null) return day
  const { hour, minute, seconds, offsetMinutes } = time
  return { ...day, hour, minute, seconds, offsetMinutes }
}

function looksLikeHeading(rows: Grid['rows']): boolean {
  const first = rows[0]
  if (first === undefined || rows.length < 2) return false
  const named = first.filter((cell) => HEADING_WORDS.some(([pattern]) => pattern.test(cell.trim()))).length
  const figures = first.filter((cell) => /[0-9]/.test(plainText(cell))).length
  return named > 0 && figures === 0
}

/** The best column for each role, roles that are told apart most surely first. */
function findColumns(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  plan: NumberPlan,
): ColumnRole[] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), heading.length)
  const sample = rows.slice(0, 200)
  const roles: ColumnRole[] = Array.from({ length: width }, () => 'ignore')
  const scores = Array.from({ length: width }, (_, column) =>
    scoreColumn(
      sample.map((row) => row[column] ?? ''),
      heading[column] ?? '',
      plan,
    ),
  )
  for (const role of ['when', 'party', 'day', 'time', 'length', 'charge'] as const) {
    if ((role === 'day' || role === 'time') && roles.includes('when')) continue
    let best = -1
    for (let column = 0; column < width; column++) {
      const score = scores[column]?.[role] ?? 0
      if (roles[column] === 'ignore' && score > 0.3 && score > (scores[best]?.[role] ?? 0)) best = column
    }
    if (best >= 0) roles[best] = role
  }
  return roles
}

function scoreColumn(
  cells: readonly string[],
  heading: string,
  plan: NumberPlan,
): Record<ColumnRole, number> {
  const told = cells.filter((cell) => cell.trim() !== '')
  const share = (test: (cell: string) => boolean) =>
    told.length === 0 ? 0 : told.filter(test).length / Math.max(told.length, cells.length * 0.2)
  const named = HEADING_WORDS.find(([pattern]) => pattern.test(heading.trim()))?.[1]
  const whenOf = new Map(told.map((cell) => [cell, readWhen(cell)]))
  const lengthOf = (cell: string) => readLength(cell)
  const day = (cell: string) => whenOf.get(cell)?.first != null
  const time = (cell: string) => whenOf.get(cell)?.minute != null
  const unit = (cell: string) => /[a-zမစ'":]/i.test(cell)
  const score: Record<ColumnRole, number> = {
    when: share((cell) => day(cell) && time(cell)),
    day: share((cell) => day(cell) && !time(cell)),
    time: share((cell) => time(cell) && !day(cell)) * 0.95,
    party: share((cell) => partyScore(cell, plan)),
    length:
      share((cell) => lengthOf(cell) !== null) *
      (share((cell) => unit(cell) && lengthOf(cell) !== null) > 0.3 ? 1 : 0.6),
    charge: share((cell) => readCharge(cell) !== null) * 0.5,
    ignore: 0,
  }
  if (named !== undefined) score[named] += 0.5
  return score
}

function partyScore(cell: string, plan: NumberPlan): boolean {
  const party = readParty(cell, plan)
  return party !== null && (party.kind === 'masked' || (party.kind === 'full' && readWhen(cell) === null))
}

/** Whether days come first, by days above 12; null when no day tells. */
function dayFirstOf(rows: readonly ListRow[]): boolean | null {
  const open = rows.filter(({ when }) => when?.first != null && when.order === null)
  const first = open.filter(({ when }) => (when?.first ?? 0) > 12).length
  const second = open.filter(({ when }) => (when?.second ?? 0) > 12).length
  if (first === 0 && second === 0) return open.length === 0 ? true : null
  return first >= second
}

function lengthUnitOf(rows: readonly ListRow[]): 'seconds' | 'minutes' | null {
  const bare = rows
    .filter(({ length }) => length?.written === 'bare')
    .map(({ length }) => length?.seconds ?? 0)
  if (bare.length === 0) return 'minutes'
  return bare.some((n) => n > 180) ? 'seconds' : null
}
