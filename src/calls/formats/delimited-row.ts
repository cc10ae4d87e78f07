import type { E164, Kind, OtherParty } from '../call-record.ts'
import { type NumberPlan, parseParty } from '../numbers.ts'
import type { SourceRecord } from '../source-record.ts'
import type { ColumnMap } from './column-map.ts'
import { compileTimePattern } from './local-time.ts'

/** A row's meaning, or in plain words (never a value of the row) why it has none. */
export type RowResult = SourceRecord | string
/** Reads one row of fields (latin1 text). */
export type RowReader = (fields: readonly string[]) => RowResult

type Columns = ColumnMap['columns']
type Read<T> = (fields: readonly string[]) => T
type PartyColumn = NonNullable<Columns['caller']>

const DAY_SECONDS = 86_400
/** Before this no mobile call record was written; a clock that was never set says 1970. */
const EARLIEST = Date.UTC(1990, 0, 1) / 1000

/**
 * Compiles a column map into one function, so that nothing of the map is looked up again for each of millions of
 * rows. `indexOf` gives the index of a column (from 0) and throws for one that the file does not have; `now` is
 * epoch seconds: a start more than a day after it is not plausible.
 */
export function compileRow(
  map: ColumnMap,
  options: { plan: NumberPlan; now: number; indexOf(column: string | number): number },
): RowReader {
  const { columns } = map
  const at = (column: { column: string | number } | undefined): number =>
    column === undefined ? -1 : options.indexOf(column.column)
  const parties = partiesReader(map, options)
  const start = startReader(map, options.now, at(columns.start))
  const duration = durationReader(columns.duration, at(columns.duration))
  const kind = kindReader(columns.kind, 'column' in columns.kind ? at(columns.kind) : -1)
  const bytes = bytesReader(columns.bytes, at(columns.bytes))
  const charge = chargeReader(columns.charge, at(columns.charge))
  const tariff = tariffReader(
    columns.tariff,
    columns.tariff && 'column' in columns.tariff ? at(columns.tariff) : -1,
  )
  const answered = columns.answered
  const answeredAt = at(answered)
  const yes = new Set(answered?.yes)
  const [callerCell, calledCell, reference] = [
    at(columns.callerCell),
    at(columns.calledCell),
    at(columns.reference),
  ]
  const currency = columns.charge?.currency ?? null

  return (fields) => {
    const who = parties(fields)
    if (typeof who === 'string') return who
    const when = start(fields)
    if (typeof when === 'string') return when
    const what = kind(fields)
    if (what === null) return 'the kind is not one that the map names'
    const lasted = duration(fields)
    if (typeof lasted === 'string') return lasted
    const used = bytes(fields)
    if (typeof used === 'string') return used
    const cost = charge(fields)
    if (typeof cost === 'string') return cost
    const category = tariff(fields)
    if (category === undefined) return 'the tariff is not one that the map names'
    const through = answered === undefined || yes.has(fields[answeredAt]!)
    return {
      caller: who.caller,
      called: what === 'data' ? NONE : who.called,
      kind: what,
      answered: through && lasted !== MISSED,
      start: when,
      durationSeconds: what === 'sms' ? null : lasted === MISSED ? 0 : lasted,
      bytes: what === 'data' ? used : null,
      callerCell: textAt(fields, callerCell),
      calledCell: textAt(fields, calledCell),
      chargeMilli: cost,
      currency: cost === null ? null : currency,
      tariff: category,
      reference: textAt(fields, reference),
      served: who.served,
    }
  }
}

/** Text of a field (null at -1); the fields come as latin1, one character a byte. Null for empty or invalid UTF-8. */
export function textAt(fields: readonly string[], index: number): string | null {
  if (index === -1) return null
  const text = fields[index]!
  return text === '' ? null : utf8(detached(text))
}

/** A copy: a part of a longer string would keep the whole chunk it was cut from in memory. */
function detached(text: string): string {
  return ` ${text}`.slice(1)
}

const decoder = new TextDecoder('utf-8', { fatal: false })

/** The UTF-8 text that latin1 characters stand for; plain ASCII is its own. */
export function utf8(latin1: string): string {
  for (let at = 0; at < latin1.length; at += 1) {
    if (latin1.charCodeAt(at) > 127) return decoder.decode(Buffer.from(latin1, 'latin1'))
  }
  return latin1
}

const NONE: OtherParty = { kind: 'none' }
const WITHHELD: OtherParty = { kind: 'withheld' }

interface Parties {
  readonly caller: OtherParty
  readonly called: OtherParty
  readonly served: SourceRecord['served']
}

function partiesReader(
  map: ColumnMap,
  options: { plan: NumberPlan; indexOf(column: string | number): number },
): Read<Parties | string> {
  const { columns } = map
  if (columns.subscriber !== undefined && columns.other !== undefined && columns.direction !== undefined) {
    const subscriber = partyReader(columns.subscriber, options)
    const other = partyReader(columns.other, options)
    const { values } = columns.direction
    const directionAt = options.indexOf(columns.direction.column)
    return (fields) => {
      const [own, far] = [subscriber(fields), other(fields)]
      if (own === null || own.kind !== 'number') return 'the subscriber is not a number that can be read'
      if (far === null) return 'the other party cannot be read'
      const direction = ownValue(values, fields[directionAt]!)
      if (direction === undefined) return 'the direction is not one that the map names'
      return direction === 'out'
        ? { caller: own, called: far, served: 'caller' }
        : { caller: far, called: own, served: 'called' }
    }
  }
  const served = map.served ?? 'both'
  const caller = partyReader(columns.caller!, options)
  const called = columns.called === undefined ? () => NONE : partyReader(columns.called, options)
  return (fields) => {
    const [from, to] = [caller(fields), called(fields)]
    if (from === null) return 'the caller cannot be read'
    if (to === null) return 'the called party cannot be read'
    if (from.kind !== 'number' && to.kind !== 'number')
      return 'neither party is a number, so nobody has this call'
    return { caller: from, called: to, served }
  }
}

/** Bounded, so that memory is. */
const MAX_REMEMBERED = 131_072

/** Reads the same texts again and again, for a subscriber makes hundreds of calls. Null for what is no party. */
export function partyReader(
  party: PartyColumn,
  options: { plan: NumberPlan; indexOf(column: string | number): number },
): Read<OtherParty | null> {
  if ('fixed' in party) {
    const fixed = parseParty(party.fixed, options.plan)
    return () => fixed
  }
  const index = options.indexOf(party.column)
  const { parse, form } = partyParser(party, options.plan)
  const known = knownParties(options.plan, form)
  return (fields) => {
    const text = fields[index]!
    const before = known.get(text)
    if (before !== undefined) return before
    const own = detached(text)
    const parsed = parse(own)
    if (known.size >= MAX_REMEMBERED) known.clear()
    known.set(own, parsed)
    return parsed
  }
}

/** Reads a party from latin1; columns of the same `form` read alike. Null for what is no party. */
export function partyParser(
  { prefix, digits }: Exclude<PartyColumn, { fixed: string }>,
  plan: NumberPlan,
): { parse(text: string): OtherParty | null; readonly form: string } {
  return {
    parse: (text) =>
      prefix === undefined || digits === undefined
        ? parseParty(utf8(text), plan)
        : prefixed(text.trim(), prefix, digits),
    form: `${prefix ?? ''} ${digits ?? ''}`,
  }
}

/** What was read under one plan is remembered from file to file. */
const plans = new WeakMap<NumberPlan, Map<string, Map<string, OtherParty | null>>>()

function knownParties(plan: NumberPlan, form: string): Map<string, OtherParty | null> {
  const forms = plans.get(plan) ?? new Map<string, Map<string, OtherParty | null>>()
  plans.set(plan, forms)
  const known = forms.get(form) ?? new Map<string, OtherParty | null>()
  forms.set(form, known)
  return known
}

function prefixed(text: string, prefix: string, digits: number): OtherParty | null {
  if (text === '') return WITHHELD
  if (text.length > digits || !/^[0-9]+$/.test(text)) return null
  return { kind: 'number', number: (prefix + text.padStart(digits, '0')) as E164 }
}

/** The starts (epoch seconds) that the map finds plausible at `now`. */
export function plausibleStarts({ plausible }: ColumnMap, now: number): { earliest: number; latest: number } {
  const { from, until } = plausible ?? {}
  return {
    earliest: from === undefined ? EARLIEST : Math.floor(Date.parse(from) / 1000),
    latest: until === undefined ? now + DAY_SECONDS : Math.floor(Date.parse(until) / 1000),
  }
}

function startReader(map: ColumnMap, now: number, index: number): Read<number | string> {
  const { earliest, latest } = plausibleStarts(map, now)
  const read = timeReader(map.columns.start)
  return (fields) => {
    const start = read(fields[index]!)
    if (start === null) return 'the start is not in the format that the map names'
    if (start < earliest) return 'the start lies before anything plausible (a clock that was not set)'
    if (start > latest) return 'the start lies in the future'
    return start
  }
}

function timeReader(start: Columns['start']): (text: string) => number | null {
  switch (start.format) {
    case 'epoch-seconds':
      return (text) => wholePart(text, 1)
    case 'epoch-milliseconds':
      return (text) => wholePart(text, 1000)
    case 'seconds-since': {
      const epoch = Math.floor(Date.parse(start.epoch!) / 1000)
      return (text) => {
        const seconds = wholePart(text, 1)
        return seconds === null ? null : epoch + seconds
      }
    }
    default: {
      const pattern = compileTimePattern(start.format, start.zone)
      if (typeof pattern === 'string')
        throw new Error(`invariant broken: parseColumnMap let "${pattern}" pass`)
      return (text) => pattern(text.trim())
    }
  }
}

const DECIMAL = /^(-?)([0-9]{1,15})(?:\.([0-9]{1,9}))?$/

function wholePart(text: string, divideBy: number): number | null {
  const match = DECIMAL.exec(text.trim())
  return match === null ? null : Math.floor(Number(match[0]) / divideBy)
}

/** Stands for the duration of a call that nobody took. */
export const MISSED = -1

/** Seconds, null where the source does not say, `MISSED`, or the rule that is broken. */
export function durationReader(duration: Columns['duration'], index: number): Read<number | null | string> {
  if (duration === undefined) return () => null
  const missed = new Set(duration.missed)
  const read = DURATION_UNITS[duration.unit as keyof typeof DURATION_UNITS]
  return (fields) => {
    const text = fields[index]!.trim()
    if (missed.has(text)) return MISSED
    if (text === '') return null
    const seconds = read(text)
    if (seconds === null) return 'the duration is not a number'
    if (seconds < 0) return 'the duration is negative'
    // A record of ten days is a clock that jumped: switches cut long calls into partial records.
    return seconds > 10 * DAY_SECONDS ? 'the duration is longer than ten days' : seconds
  }
}

const DURATION_UNITS = {
  seconds: (text: string) => scaled(text, 1),
  milliseconds: (text: string) => scaled(text, 0.001),
  minutes: (text: string) => scaled(text, 60),
  'hh:mm:ss': (text: string) => {
    const match = /^(-?)([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?$/.exec(text)
    if (match === null) return null
    const [first, second, third] = [Number(match[2]), Number(match[3]), match[4]]
    const seconds = third === undefined ? first * 60 + second : first * 3600 + second * 60 + Number(third)
    return match[1] === '-' && seconds > 0 ? -seconds : seconds
  },
}

/** A started second counts as in the source: fractions are rounded, for the rows show whole seconds. */
function scaled(text: string, by: number): number | null {
  return DECIMAL.test(text) ? Math.sign(Number(text)) * Math.round(Math.abs(Number(text)) * by) : null
}

/** The kind that a map names for a value; null for any other. */
export function kindReader(kind: Columns['kind'], index: number): Read<Kind | null> {
  if ('fixed' in kind) {
    const { fixed } = kind
    return () => fixed
  }
  return (fields) => ownValue(kind.values, fields[index]!) ?? null
}

const BYTE_UNITS = { bytes: 1, KB: 1000, MB: 1_000_000, KiB: 1024, MiB: 1_048_576 }

/** Bytes, null where the source does not say, or the rule that is broken. */
export function bytesReader(bytes: Columns['bytes'], index: number): Read<number | null | string> {
  if (bytes === undefined) return () => null
  const by = BYTE_UNITS[bytes.unit as keyof typeof BYTE_UNITS]
  return (fields) => {
    const text = fields[index]!.trim()
    if (text === '') return null
    const count = scaled(text, by)
    if (count === null || count < 0) return 'the bytes are not a number of bytes'
    return count > Number.MAX_SAFE_INTEGER ? 'the bytes are not a number of bytes' : count
  }
}

const CHARGE_DIGITS = { major: 3, minor: 1, milli: 0 }

/** Exact decimal reading: a charge never passes through a floating-point product. */
export function chargeReader(charge: Columns['charge'], index: number): Read<number | null | string> {
  if (charge === undefined) return () => null
  const places = CHARGE_DIGITS[charge.unit as keyof typeof CHARGE_DIGITS]
  return (fields) => {
    const text = fields[index]!.trim()
    if (text === '') return null
    const match = DECIMAL.exec(text)
    if (match === null) return 'the charge is not a number'
    const fraction = (match[3] ?? '').replace(/0+$/, '')
    if (fraction.length > places) return 'the charge is finer than a thousandth of the currency'
    const milli = Number(match[2]! + fraction.padEnd(places, '0'))
    if (!Number.isSafeInteger(milli) || milli > 2_000_000_000_000) return 'the charge is larger than any bill'
    // A negative charge is a refund, and stands as one.
    return match[1] === '-' && milli > 0 ? -milli : milli
  }
}

/** The tariff's id, null without one, undefined for a value that the map does not name. */
export function tariffReader(tariff: Columns['tariff'], index: number): Read<string | null | undefined> {
  if (tariff === undefined) return () => null
  if ('fixed' in tariff) {
    const { fixed } = tariff
    return () => fixed
  }
  if (!('values' in tariff)) return (fields) => textAt(fields, index)
  return (fields) => ownValue(tariff.values, fields[index]!)
}

function ownValue<T>(values: Record<string, T>, key: string): T | undefined {
  const text = utf8(key).trim()
  return Object.hasOwn(values, text) ? values[text] : undefined
}
