/** Reads a local or zoned time as text; gives epoch seconds UTC, or null when it does not fit the pattern. */
export type TimeReader = (text: string) => number | null

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'
type Token =
  | {
      readonly kind: 'digits'
      readonly part: Part
      readonly min: number
      readonly max: number
      readonly add: number
    }
  | { readonly kind: 'month-name' }
  | { readonly kind: 'fraction' }
  | { readonly kind: 'zone' }
  | { readonly kind: 'literal'; readonly text: string }

const WORDS: readonly (readonly [string, Token])[] = [
  ['yyyy', { kind: 'digits', part: 'year', min: 4, max: 4, add: 0 }],
  ['yy', { kind: 'digits', part: 'year', min: 2, max: 2, add: 2000 }],
  ['MMM', { kind: 'month-name' }],
  ['MM', { kind: 'digits', part: 'month', min: 2, max: 2, add: 0 }],
  ['M', { kind: 'digits', part: 'month', min: 1, max: 2, add: 0 }],
  ['dd', { kind: 'digits', part: 'day', min: 2, max: 2, add: 0 }],
  ['d', { kind: 'digits', part: 'day', min: 1, max: 2, add: 0 }],
  ['HH', { kind: 'digits', part: 'hour', min: 2, max: 2, add: 0 }],
  ['H', { kind: 'digits', part: 'hour', min: 1, max: 2, add: 0 }],
  ['mm', { kind: 'digits', part: 'minute', min: 2, max: 2, add: 0 }],
  ['ss', { kind: 'digits', part: 'second', min: 2, max: 2, add: 0 }],
  ['SSS', { kind: 'fraction' }],
  ['XXX', { kind: 'zone' }],
]
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Compiles a pattern of `yyyy yy MMM MM M dd d HH H mm ss SSS XXX` and literal characters. Without `XXX` in it a
 * zone is needed: `+06:30`, `Z`, or a name such as `Europe/Copenhagen`. Seconds may be absent (they are 0), parts
 * of a second are dropped. Where clocks go back, the earlier of the two instants is meant; a time that clocks
 * skipped is read as if they had not yet gone forward. Gives the rule that is broken as a text instead.
 */
export function compileTimePattern(format: string, zone: string | undefined): TimeReader | string {
  const tokens = tokensOf(format)
  const has = (part: Part) => tokens.some((t) => t.kind === 'digits' && t.part === part)
  const month = has('month') || tokens.some((t) => t.kind === 'month-name')
  if (!has('year') || !month || !has('day') || !has('hour') || !has('minute')) {
    return `format needs year, month, day, hour and minute (yyyy-MM-dd HH:mm), or is one of epoch-seconds, epoch-milliseconds, seconds-since`
  }
  const zoned = tokens.some((token) => token.kind === 'zone')
  if (zoned)
    return zone === undefined ? (text) => readTokens(text, tokens, null) : 'takes no zone: XXX reads it'
  if (zone === undefined) return 'needs a zone such as +06:30 or Europe/Copenhagen'
  const toUtc = zoneConverter(zone)
  return toUtc === null ? `knows no zone "${zone}"` : (text) => readTokens(text, tokens, toUtc)
}

/** Reads a time of `length` bytes from `at` on; NaN where they do not fit. */
export interface TimeLayout {
  readonly length: number
  read(bytes: Uint8Array, at: number): number
}

/**
 * The pattern as a layout of bytes, where every part has its place: digits of fixed width, ASCII between them, and no
 * zone in the text. Null for any other. It reads what `compileTimePattern` reads, to the same instants.
 */
export function compileTimeLayout(format: string, zone: string | undefined): TimeLayout | null {
  const tokens = tokensOf(format)
  const toUtc = zone === undefined ? null : zoneConverter(zone)
  if (toUtc === null || typeof compileTimePattern(format, zone) === 'string') return null
  const places: { at: number; part: Part; width: number; add: number }[] = []
  const literals: { at: number; code: number }[] = []
  let length = 0
  for (const token of tokens) {
    if (token.kind === 'digits' && token.min === token.max) {
      places.push({ at: length, part: token.part, width: token.max, add: token.add })
      length += token.max
    } else if (token.kind === 'literal' && token.text.charCodeAt(0) < 128) {
      literals.push({ at: length++, code: token.text.charCodeAt(0) })
    } else return null
  }
  return { length, read: createLayoutReader(places, literals, toUtc) }
}

function createLayoutReader(
  places: readonly { at: number; part: Part; width: number; add: number }[],
  literals: readonly { at: number; code: number }[],
  toUtc: ToUtc,
): TimeLayout['read'] {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  const whole: TimeLayout['read'] = (bytes, from) => {
    for (const { at, code } of literals) if (bytes[from + at] !== code) return Number.NaN
    for (const { at, part, width, add } of places) {
      let value = 0
      for (let digit = from + at; digit < from + at + width; digit++) {
        if (!isDigit(bytes[digit]!)) return Number.NaN
        value = value * 10 + bytes[digit]! - 48
      }
      parts[part] = value + add
    }
    const local = secondsOf(parts)
    return local === null ? Number.NaN : toUtc(local)
  }
  const last = places.at(-1)
  const isMinuted = last?.part === 'second' && literals.every(({ at }) => at < last.at)
  return isMinuted ? byMinutes(whole, last.at) : whole
}

/**
 * Reads as `whole` does where the two digits of the seconds stand last, at `secondsAt`: of a minute that is the one
 * before's, only those. Files are in order of time, nearly; and zones change their offsets at whole minutes, as long as
 * there have been call records.
 */
function byMinutes(whole: TimeLayout['read'], secondsAt: number): TimeLayout['read'] {
  const minute = new Uint8Array(secondsAt)
  /** The beginning of the minute; NaN while there is none. */
  let begins = Number.NaN
  return (bytes, from) => {
    const tens = bytes[from + secondsAt]! - 48
    const ones = bytes[from + secondsAt + 1]! - 48
    // Unlike a minute, a second that is none (or a leap second) is for `whole` to judge.
    if (!(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9)) return whole(bytes, from)
    let at = 0
    while (at < secondsAt && bytes[from + at] === minute[at]) at++
    if (at < secondsAt || Number.isNaN(begins)) {
      const instant = whole(bytes, from)
      begins = instant - tens * 10 - ones
      for (at = 0; at < secondsAt; at++) minute[at] = bytes[from + at]!
    }
    return begins + tens * 10 + ones
  }
}

function tokensOf(format: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < format.length; ) {
    const word = WORDS.find(([text]) => format.startsWith(text, at))
    tokens.push(word === undefined ? { kind: 'literal', text: format[at]! } : word[1])
    at += word === undefined ? 1 : word[0].length
  }
  return tokens
}

type ToUtc = (localSeconds: number) => number

/** Reads token after token without a regular expression: this runs once a record, millions of times a file. */
function readTokens(text: string, tokens: readonly Token[], toUtc: ToUtc | null): number | null {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  let offsetSeconds = 0
  let at = 0
  for (const token of tokens) {
    if (token.kind === 'digits') {
      const end = endOfDigits(text, at, token.max)
      if (end - at < token.min) return null
      parts[token.part] = numberAt(text, at, end) + token.add
      at = end
    } else if (token.kind === 'literal') {
      if (text[at] !== token.text) return null
      at += 1
    } else if (token.kind === 'month-name') {
      parts.month = MONTHS.indexOf(text.slice(at, at + 3).toLowerCase()) + 1
      at += 3
    } else if (token.kind === 'fraction') {
      const end = endOfDigits(text, at, 9)
      if (end === at) return null
      at = end
    } else {
      const zone = zoneAt(text, at)
      if (zone === null) return null
      offsetSeconds = zone.offsetSeconds
      at = zone.end
    }
  }
  if (at !== text.length) return null
  const local = secondsOf(parts)
  return local === null ? null : toUtc === null ? local - offsetSeconds : toUtc(local)
}

function endOfDigits(text: string, from: number, max: number): number {
  let end = from
  while (end < text.length && end - from < max && isDigit(text.charCodeAt(end))) end += 1
  return end
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function numberAt(text: string, from: number, until: number): number {
  let value = 0
  for (let at = from; at < until; at += 1) value = value * 10 + text.charCodeAt(at) - 48
  return value
}

function zoneAt(text: string, at: number): { offsetSeconds: number; end: number } | null {
  if (text[at] === 'Z') return { offsetSeconds: 0, end: at + 1 }
  const match = /^([+-])([0-9]{2}):?([0-9]{2})/.exec(text.slice(at, at + 6))
  if (match === null) return null
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60
  return { offsetSeconds: match[1] === '-' ? -seconds : seconds, end: at + match[0].length }
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function secondsOf(parts: Record<Part, number>): number | null {
  const { year, month, day, hour, minute, second } = parts
  if (month < 1 || month > 12 || day < 1 || day > DAYS_IN_MONTH[month - 1]!) return null
  // 60 is a leap second: the last second of that minute.
  if (hour > 23 || minute > 59 || second > 60) return null
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return null
  return daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + Math.min(second, 59)
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, days_from_civil). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  )
}

function zoneConverter(zone: string): ToUtc | null {
  const fixed = zoneAt(zone, 0)
  if (fixed !== null) return fixed.end === zone.length ? (local) => local - fixed.offsetSeconds : null
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
  const offsets = new Map<number, number>()
  // Offsets change on quarter hours only, so one answer serves a quarter; a file has few thousand of them.
  const offsetAt = (utc: number): number => {
    const quarter = Math.floor(utc / 900)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const name = format.formatToParts(quarter * 900_000).find((part) => part.type === 'timeZoneName')!.value
    const offset = zoneAt(name.slice(3), 0)?.offsetSeconds ?? 0
    if (offsets.size > 100_000) offsets.clear()
    offsets.set(quarter, offset)
    return offset
  }
  return (local) => {
    const before = offsetAt(local - 86_400)
    if (offsetAt(local - before) === before) return local - before
    const after = offsetAt(local + 86_400)
    return offsetAt(local - after) === after ? local - after : local - before
  }
}
