import type { E164 } from '../calls/call-record.ts'
import { type NumberPlan, parseNumber } from '../calls/numbers.ts'

/** What one cell of a found list says, as typed: nothing here has been compared with any log. */

/** Of a masked number the last seven places matter; `•` is a hidden one. */
export const HIDDEN = '•'
const PLACES = 7

/** The other party as the list writes it. */
export type PartySeen =
  /** Some digits hidden: what it may have been, seven places each; more than one where a place was lost or doubled. */
  | { readonly kind: 'masked'; readonly patterns: readonly string[] }
  /** One to three digits with no places: `47`. */
  | { readonly kind: 'loose'; readonly digits: string }
  /** All its digits. */
  | { readonly kind: 'full'; readonly digits: string; readonly number: E164 | null }
  /** Words only: `Premium`. */
  | { readonly kind: 'words' }

/** A moment as the list writes it, before anybody says which zone, which order of day and month, which year. */
export interface WhenSeen {
  /** The two numbers of a day in the order written; equal order when the month was a word. */
  readonly first: number | null
  readonly second: number | null
  /** The month was a word, or the year came first: the order is known. */
  readonly order: 'day-month' | 'month-day' | null
  readonly year: number | null
  readonly hour: number | null
  readonly minute: number | null
  readonly seconds: number | null
  /** It says itself how many minutes east of UTC it is written. */
  readonly offsetMinutes: number | null
}

/** How long, as the list writes it. */
export interface LengthSeen {
  readonly seconds: number
  /** `second`: seconds are written, or the number is plainly of seconds; `bare`: a number without a unit. */
  readonly written: 'second' | 'minute' | 'bare'
}

const BURMESE_ZERO = 0x1040
const HIDING = /[*xX×•·●∙○◦▪_?#＊＃]/g

/** Burmese and full-width digits as 0 to 9, odd spaces as one, so that one set of patterns reads every list. */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u1040-\u1049]/g, (digit) => String(digit.charCodeAt(0) - BURMESE_ZERO))
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
}

/** The other party of a cell; null when the cell is empty. */
export function readParty(cell: string, plan: NumberPlan): PartySeen | null {
  const text = plainText(cell).trim()
  if (text === '' || /^[-–—]+$/.test(text)) return null
  const token = maskedToken(text)
  if (token !== null) return maskedParty(token)
  const digits = text.replace(/\D/g, '')
  if (/^[+0-9\s().-]+$/.test(text)) {
    if (digits.length >= PLACES)
      return { kind: 'full', digits: digits.slice(-PLACES), number: parseNumber(text, plan) }
    if (digits.length <= 3 && digits.length > 0) return { kind: 'loose', digits }
  }
  return { kind: 'words' }
}

/** The part of a cell that is a number with hidden places, its hidden places as `•`; null when there is none. */
export function maskedToken(text: string): string | null {
  for (const token of text.split(/[\s,;|()]+/)) {
    if (/^[A-Za-z]{2,}$/.test(token)) continue
    const plain = token.replace(/^\+/, '').replace(HIDING, HIDDEN)
    const dotted =
      /^[0-9.•]{5,15}$/.test(plain) && (plain.match(/\./g)?.length ?? 0) >= 3
        ? plain.replaceAll('.', HIDDEN)
        : plain
    const joined = dotted.replace(/[-.]/g, '')
    if (/^[0-9•]{3,15}$/.test(joined) && (joined.match(/•/g)?.length ?? 0) >= 2) return joined
  }
  // Written in groups: `09 *** *4*1`.
  const grouped = text
    .replace(/[\s().-]/g, '')
    .replace(/^\+/, '')
    .replace(HIDING, HIDDEN)
  return /^[0-9•]{6,15}$/.test(grouped) && (grouped.match(/•/g)?.length ?? 0) >= 2 ? grouped : null
}

function maskedParty(token: string): PartySeen {
  const digits = token.replaceAll(HIDDEN, '')
  if (token.length >= PLACES + 2) return { kind: 'masked', patterns: [token.slice(-PLACES)] }
  const patterns = lengthened(token)
  if (patterns.length > 0) return { kind: 'masked', patterns }
  return digits.length > 0 && digits.length <= 3 ? { kind: 'loose', digits } : { kind: 'words' }
}

/** What seven places a run of five to eight may have been, when hidden ones were lost or one was doubled. */
function lengthened(token: string): string[] {
  if (token.length === PLACES) return [token]
  const next =
    token.length > PLACES
      ? Array.from(token, (char, i) => (char === HIDDEN ? token.slice(0, i) + token.slice(i + 1) : null))
      : token.length >= PLACES - 2
        ? Array.from({ length: token.length + 1 }, (_, i) => token.slice(0, i) + HIDDEN + token.slice(i))
        : []
  const known = new Set(next.filter((text) => text !== null).flatMap(lengthened))
  if (token.length === PLACES + 1) known.add(token.slice(1))
  return [...known]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const NO_DAY = { first: null, second: null, order: null, year: null }
const NO_TIME = { hour: null, minute: null, seconds: null, offsetMinutes: null }

/** A day, a time of day, or both; null when the cell is neither. */
export function readWhen(cell: string): WhenSeen | null {
  const text = plainText(cell).trim()
  const serial = /^[0-9]{5}(\.[0-9]+)?$/.test(text) ? spreadsheetDay(Number(text)) : null
  if (serial !== null) return serial
  const day = readDay(text)
  const time = readTime(day === null ? text : text.replace(day.matched, ' '))
  if (day === null && time === null) return null
  return { ...(day?.seen ?? NO_DAY), ...(time ?? NO_TIME) }
}

/** Days since 30 December 1899 (Excel's own count), where a list's cells were never given a format. */
function spreadsheetDay(serial: number): WhenSeen | null {
  if (serial < 36_500 || serial > 73_000) return null
  const at = new Date(Math.round((serial - 25_569) * 86_400) * 1000)
  const hasTime = serial % 1 !== 0
  return {
    first: at.getUTCDate(),
    second: at.getUTCMonth() + 1,
    order: 'day-month',
    year: at.getUTCFullYear(),
    hour: hasTime ? at.getUTCHours() : null,
    minute: hasTime ? at.getUTCMinutes() : null,
    seconds: hasTime ? at.getUTCSeconds() : null,
    offsetMinutes: null,
  }
}

function readDay(
  text: string,
): { seen: Pick<WhenSeen, 'first' | 'second' | 'order' | 'year'>; matched: string } | null {
  const iso = /(?<![0-9])((?:19|20)[0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])/.exec(text)
  if (iso !== null) return dayOf(iso[0], Number(iso[3]), Number(iso[2]), 'day-month', Number(iso[1]))
  const words =
    /(?<![0-9])([0-9]{1,2})[\s-]*([A-Za-z]{3})[a-z]*\.?,?(?:[\s-]+((?:19|20)[0-9]{2}))?(?![0-9:])/.exec(text)
  const month = MONTHS.indexOf(words?.[2]?.toLowerCase() ?? '')
  if (words !== null && month >= 0)
    return dayOf(words[0], Number(words[1]), month + 1, 'day-month', numberOrNull(words[3]))
  const american = /([A-Za-z]{3})[a-z]*\.?\s+([0-9]{1,2})(?:,?\s+((?:19|20)[0-9]{2}))?(?![0-9:])/.exec(text)
  const named = MONTHS.indexOf(american?.[1]?.toLowerCase() ?? '')
  if (american !== null && named >= 0)
    return dayOf(american[0], Number(american[2]), named + 1, 'day-month', numberOrNull(american[3]))
  const short = /(?<![0-9:.])([0-9]{1,2})([/.-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?(?![0-9:.])/.exec(text)
  if (short === null) return null
  const year = numberOrNull(short[4])
  return dayOf(
    short[0],
    Number(short[1]),
    Number(short[3]),
    null,
    year !== null && year < 100 ? 2000 + year : year,
  )
}

function dayOf(
  matched: string,
  first: number,
  second: number,
  order: WhenSeen['order'],
  year: number | null,
) {
  return first >= 1 && second >= 1 && first <= 31 && second <= 31
    ? { seen: { first, second, order, year }, matched }
    : null
}

function readTime(text: string): Pick<WhenSeen, 'hour' | 'minute' | 'seconds' | 'offsetMinutes'> | null {
  const found =
    /(?<![0-9])([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:\.[0-9]+)?)?\s*([ap])?\.?(?:m\b\.?)?\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?(?![0-9])/i.exec(
      text,
    )
  if (found === null) return null
  const [, hours, minutes, seconds, half, zone] = found
  let hour = Number(hours)
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  const minute = Number(minutes)
  if (hour > 23 || minute > 59 || Number(seconds ?? 0) > 59) return null
  return { hour, minute, seconds: numberOrNull(seconds), offsetMinutes: offsetOf(zone) }
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null
  const found = /^([+-])([0-9]{2}):?([0-9]{2})$/.exec(zone)
  if (found === null) return 0
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]))
}

/** How long; null when the cell does not say. `8:02`, `0:08:02`, `8m 2s`, `9 min`, `482`. */
export function readLength(cell: string): LengthSeen | null {
  const text = plainText(cell).trim().toLowerCase()
  const clock = /^(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{2})$/.exec(text)
  if (clock !== null) {
    const seconds = Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3])
    return Number(clock[3]) < 60 ? { seconds, written: 'second' } : null
  }
  const parts =
    /^(?:([0-9]+)\s*h(?:ours?|rs?)?)?\s*(?:([0-9]+)\s*(?:m(?:in(?:ute)?s?)?\.?|မိနစ်|'))?\s*(?:([0-9]+)\s*(?:s(?:ec(?:ond)?s?)?\.?|စက္ကန့်|''|"))?$/.exec(
      text,
    )
  if (parts !== null && text !== '') {
    const seconds = Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0)
    return { seconds, written: parts[3] === undefined ? 'minute' : 'second' }
  }
  return /^[0-9]{1,5}$/.test(text) ? { seconds: Number(text), written: 'bare' } : null
}

/** A charge in thousandths of the major unit; null when the cell is none. */
export function readCharge(cell: string): number | null {
  const text = plainText(cell)
    .trim()
    .replace(/^(ks|k|mmk|ကျပ်)\s*|\s*(ks|k|mmk|kyats?|ကျပ်)\.?$/gi, '')
  return /^[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,3})?$|^[0-9]{1,9}(\.[0-9]{1,3})?$/.test(text)
    ? Math.round(Number(text.replaceAll(',', '')) * 1000)
    : null
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}
