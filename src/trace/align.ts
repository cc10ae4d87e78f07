import { HIDDEN, type PartySeen } from './cells.ts'
import { ALL_PAIRS, averageOverPairs, meanOver, weighLoose } from './evidence.ts'
import type { ListRow, Reading } from './read-list.ts'

/**
 * Which record of a log each row of a found list is: by day and time, length, charge, and by the digits averaged over
 * every mask that could be. Nobody's own mask is used here, or the match would lean towards them and the ratio that is
 * taken later would no longer be fair to the innocent.
 */

/** A record of the log, as far as a list can be compared with it. */
export interface LogRecord {
  readonly name: string
  /** Epoch seconds. */
  readonly start: number
  readonly durationSeconds: number | null
  /** The last seven digits of the other party; null where it has none. */
  readonly digits: string | null
  /** Names the other party: rows of one party are one group. */
  readonly party: string
  readonly chargeMilli: number | null
}

/** How times and lengths were written, once the log has settled what the list left open. */
export interface Settled {
  readonly dayFirst: boolean
  readonly zone: 'local' | 'utc'
  readonly lengthUnit: 'seconds' | 'minutes'
}

export interface Match {
  readonly row: ListRow
  readonly record: LogRecord
  /** Natural logarithm of how much likelier the row is if it is this record than if it is none. */
  readonly weight: number
}

export interface Alignment {
  readonly settled: Settled
  readonly matches: readonly Match[]
  /** Rows that repeat one that was matched. */
  readonly doubled: readonly ListRow[]
  /** Rows that are no record of this log: added by somebody, or misread beyond knowing. */
  readonly strangers: readonly ListRow[]
}

export interface LogPlace {
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
  /** Epoch seconds before which the list was made: what decides the year where none is written. */
  readonly before: number
}

const LEAST_WEIGHT = 2.5
const DAY = 86_400
/** Misread characters of times and lengths, as a share. */
const SLIPS = 0.03
const TYPICAL_ERRORS = 0.05

/** Matches rows and records one to one. */
export function alignList(
  rows: readonly ListRow[],
  reading: Reading,
  log: readonly LogRecord[],
  place: LogPlace,
): Alignment {
  const byDay = Map.groupBy(log, ({ start }) => dayOf(start, place.offsetMinutes))
  const settled = settle(rows, reading, byDay, place)
  const weighed = rows.flatMap((row) =>
    recordsNear(row, settled, byDay, log, place)
      .map((record) => ({ row, record, weight: weigh(row, record, settled, place) }))
      .filter(({ weight }) => weight >= LEAST_WEIGHT),
  )
  weighed.sort((a, b) => b.weight - a.weight || a.row.line - b.row.line)
  const taken = new Map<string, ListRow>()
  const matched = new Map<ListRow, Match>()
  for (const match of weighed) {
    if (taken.has(match.record.name) || matched.has(match.row)) continue
    taken.set(match.record.name, match.row)
    matched.set(match.row, match)
  }
  const left = rows.filter((row) => !matched.has(row))
  const doubled = left.filter((row) =>
    weighed.some((match) => match.row === row && isSame(row, taken.get(match.record.name) as ListRow)),
  )
  return {
    settled,
    matches: rows.flatMap((row) => matched.get(row) ?? []),
    doubled,
    strangers: left.filter((row) => !doubled.includes(row)),
  }
}

/** What the list left open is read in the way in which most of its rows find a record of their minute. */
function settle(
  rows: readonly ListRow[],
  reading: Reading,
  byDay: ReadonlyMap<number, readonly LogRecord[]>,
  place: LogPlace,
): Settled {
  const choices: Settled[] = []
  for (const zone of reading.zone === null ? (['local', 'utc'] as const) : [reading.zone])
    for (const dayFirst of reading.dayFirst === null ? [true, false] : [reading.dayFirst])
      for (const lengthUnit of reading.lengthUnit === null
        ? (['minutes', 'seconds'] as const)
        : [reading.lengthUnit])
        choices.push({ zone, dayFirst, lengthUnit })
  if (choices.length === 1) return choices[0] as Settled
  const fits = (choice: Settled) =>
    rows.reduce((sum, row) => {
      const start = startOf(row, choice, place)
      if (start === null) return sum
      const near = (byDay.get(dayOf(start.from, place.offsetMinutes)) ?? []).filter(
        (record) => Math.abs(record.start - start.from) < 90,
      )
      return (
        sum + (near.length > 0 ? 1 : 0) + (near.some((record) => lengthFits(row, record, choice)) ? 0.5 : 0)
      )
    }, 0)
  return choices.map((choice) => ({ choice, fit: fits(choice) })).reduce((a, b) => (b.fit > a.fit ? b : a))
    .choice
}

function lengthFits(row: ListRow, record: LogRecord, settled: Settled): boolean {
  const seen = secondsSeen(row, settled)
  if (seen === null || record.durationSeconds === null) return false
  return seen.exact
    ? seen.seconds === record.durationSeconds
    : Math.ceil(record.durationSeconds / 60) * 60 === seen.seconds
}

/** The start that a row means, in epoch seconds (of its minute, or of its second); null when it names no day. */
export function startOf(
  { when }: ListRow,
  settled: Pick<Settled, 'dayFirst' | 'zone'>,
  place: LogPlace,
): { from: number; hasTime: boolean; hasSeconds: boolean } | null {
  if (when === null || when.first === null || when.second === null) return null
  const known = when.order !== null
  const [date, month] = known || settled.dayFirst ? [when.first, when.second] : [when.second, when.first]
  if (month > 12) return null
  const offset = (when.offsetMinutes ?? (settled.zone === 'utc' ? 0 : place.offsetMinutes)) * 60
  const at = (year: number) =>
    Date.UTC(year, month - 1, date, when.hour ?? 0, when.minute ?? 0, when.seconds ?? 0) / 1000 - offset
  const last = new Date(place.before * 1000).getUTCFullYear()
  const from = when.year !== null ? at(when.year) : at(last) > place.before + DAY ? at(last - 1) : at(last)
  return { from, hasTime: when.minute !== null, hasSeconds: when.seconds !== null }
}

function recordsNear(
  row: ListRow,
  settled: Settled,
  byDay: ReadonlyMap<number, readonly LogRecord[]>,
  log: readonly LogRecord[],
  place: LogPlace,
): readonly LogRecord[] {
  const start = startOf(row, settled, place)
  if (start !== null) {
    const day = dayOf(start.from, place.offsetMinutes)
    return [day - 1, day, day + 1].flatMap((each) => byDay.get(each) ?? [])
  }
  const minute = minuteOfDay(row)
  if (minute === null) return []
  const offset = settled.zone === 'utc' ? 0 : place.offsetMinutes
  return log.filter((record) => Math.floor(((record.start + offset * 60) % DAY) / 60) === minute)
}

function minuteOfDay({ when }: ListRow): number | null {
  return when?.hour == null || when.minute === null ? null : when.hour * 60 + when.minute
}

/** How much a row speaks for being this record, all its columns together. */
function weigh(row: ListRow, record: LogRecord, settled: Settled, place: LogPlace): number {
  return (
    weighStart(row, record, settled, place) +
    weighLength(row, record, settled) +
    weighCharge(row, record) +
    weighParty(row.party, record.digits)
  )
}

function weighStart(row: ListRow, record: LogRecord, settled: Settled, place: LogPlace): number {
  const start = startOf(row, settled, place)
  if (start === null) return minuteOfDay(row) === null ? 0 : Math.log(1_440 / 8)
  const sameDay = dayOf(start.from, place.offsetMinutes) === dayOf(record.start, place.offsetMinutes)
  if (!start.hasTime) return sameDay ? Math.log(10) : -8
  if (start.hasSeconds && start.from === record.start) return Math.log(DAY * 0.8)
  const minutes = Math.floor(record.start / 60) - Math.floor(start.from / 60)
  if (minutes === 0) return Math.log(1_440 * 0.9)
  // A clock that rounds to the nearest minute, or a reader's slip of one.
  if (minutes === -1 || minutes === 1) return Math.log(1_440 * 0.03)
  const typed = clockText(start.from, place.offsetMinutes)
  const differs = Array.from(clockText(record.start, place.offsetMinutes)).filter(
    (char, i) => char !== typed[i],
  ).length
  if (sameDay && differs === 1) return Math.log((1_440 * SLIPS) / 30)
  return sameDay ? Math.log(0.02) : -8
}

function weighLength(row: ListRow, record: LogRecord, settled: Settled): number {
  const seen = secondsSeen(row, settled)
  if (seen === null || record.durationSeconds === null) return 0
  if (seen.exact && seen.seconds === record.durationSeconds) return Math.log(60)
  const billed = Math.max(1, Math.ceil(record.durationSeconds / 60)) * 60
  if (!seen.exact && seen.seconds === billed) return Math.log(6)
  if (!seen.exact && Math.abs(seen.seconds - record.durationSeconds) < 60) return Math.log(1.5)
  return Math.log(SLIPS * 1.5)
}

function weighCharge(row: ListRow, record: LogRecord): number {
  if (row.chargeMilli === null || record.chargeMilli === null) return 0
  return row.chargeMilli === record.chargeMilli ? Math.log(8) : Math.log(0.08)
}

/** Digits averaged over any two of the seven places, against digits of nobody's number. */
function weighParty(party: PartySeen | null, digits: string | null): number {
  if (party === null || party.kind === 'words') return 0
  if (digits === null) return Math.log(0.1)
  if (party.kind === 'full') {
    const wrong = Array.from(digits).filter((digit, i) => digit !== party.digits[i]).length
    return wrong === 0 ? Math.log(1e5) : wrong <= 2 ? Math.log(50) : Math.log(0.02)
  }
  if (party.kind === 'loose')
    return Math.log(
      meanOver(weighLoose(party.digits, digits, TYPICAL_ERRORS), ALL_PAIRS) * 10 ** party.digits.length +
        0.02,
    )
  const fits = averageOverPairs(party.patterns, digits, TYPICAL_ERRORS)
  const figures = party.patterns.map((pattern) => pattern.replaceAll(HIDDEN, '').length)
  // A number of nobody's: each digit is one of ten.
  const anybody = figures.reduce((sum, n) => sum + styleOf(n) * 0.1 ** n, 0) / figures.length
  return Math.log(fits / anybody + 0.02)
}

/** The chance that a pattern of our style has its `n` digits where it has them. */
function styleOf(n: number): number {
  const dropped = 0.2 * TYPICAL_ERRORS
  const grown = 0.3 * TYPICAL_ERRORS
  if (n <= 2) return ((1 - dropped) ** n * dropped ** (2 - n) * (1 - grown) ** 5) / 21
  return ((1 - dropped) ** 2 * grown ** (n - 2) * (1 - grown) ** (7 - n)) / 21
}

/** The seconds that a row's length means; `exact` when seconds are written. */
export function secondsSeen(
  { length }: ListRow,
  settled: Pick<Settled, 'lengthUnit'>,
): { seconds: number; exact: boolean } | null {
  if (length === null) return null
  if (length.written !== 'bare') return { seconds: length.seconds, exact: length.written === 'second' }
  return settled.lengthUnit === 'seconds'
    ? { seconds: length.seconds, exact: true }
    : { seconds: length.seconds * 60, exact: false }
}

function isSame(one: ListRow, other: ListRow): boolean {
  return (
    JSON.stringify([one.when, one.party, one.length]) ===
    JSON.stringify([other.when, other.party, other.length])
  )
}

function dayOf(start: number, offsetMinutes: number): number {
  return Math.floor((start + offsetMinutes * 60) / DAY)
}

function clockText(start: number, offsetMinutes: number): string {
  const minute = Math.floor(((((start + offsetMinutes * 60) % DAY) + DAY) % DAY) / 60)
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}${String(minute % 60).padStart(2, '0')}`
}
