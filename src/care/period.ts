import type { Words } from '../platform/words.ts'

/**
 * Local time of the jurisdiction, as minutes east of UTC: no country served so far has a summer time. A bill
 * period is a calendar month in local time.
 */

const MONTHS_EN = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
].concat(['October', 'November', 'December'])
const MONTHS_MY = ['ဇန်နဝါရီ', 'ဖေဖော်ဝါရီ', 'မတ်', 'ဧပြီ', 'မေ', 'ဇွန်', 'ဇူလိုင်', 'ဩဂုတ်', 'စက်တင်ဘာ'].concat([
  'အောက်တိုဘာ',
  'နိုဝင်ဘာ',
  'ဒီဇင်ဘာ',
])

/** Bounds of a month in seconds since 1970, half open. `month` is `2026-08`. */
export function monthBounds(month: string, offsetMinutes: number): { from: number; until: number } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const local = (m: number) => Date.UTC(year, m, 1) / 1000 - offsetMinutes * 60
  return { from: local(number - 1), until: local(number) }
}

/** The local month that an instant (ms) lies in. */
export function monthOf(at: number, offsetMinutes: number): string {
  return localText(at, offsetMinutes).slice(0, 7)
}

/** This month and the `count - 1` before it, newest first. */
export function monthsBack(at: number, count: number, offsetMinutes: number): string[] {
  const [year, month] = monthOf(at, offsetMinutes).split('-').map(Number) as [number, number]
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  )
}

/** Every local day of a month, in order: `2026-08-01` ... */
export function daysOf(month: string): string[] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`)
}

/** Local day, minute, second and hour of a start in seconds since 1970. */
export function localStart(
  start: number,
  offsetMinutes: number,
): { day: string; minute: string; second: string; hour: number } {
  // By hand: a page has fifty rows, most of them of a few days, and a Date's text for each costs more than all else.
  const local = start + offsetMinutes * 60
  const number = Math.floor(local / DAY_S)
  const rest = local - number * DAY_S
  const hour = Math.floor(rest / 3600)
  const minute = `${twoDigits(hour)}:${twoDigits(Math.floor(rest / 60) % 60)}`
  return { day: dayNumbered(number), minute, second: `${minute}:${twoDigits(Math.floor(rest) % 60)}`, hour }
}

const DAY_S = 86_400
const DAYS_KEPT = 1_000
const DAYS = new Map<number, string>()

/** `2026-08-14`, of a day counted from 1970. */
function dayNumbered(number: number): string {
  const known = DAYS.get(number)
  if (known !== undefined) return known
  const day = new Date(number * DAY_S * 1000).toISOString().slice(0, 10)
  if (DAYS.size === DAYS_KEPT) DAYS.clear()
  DAYS.set(number, day)
  return day
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

/** The local day that an instant (ms) lies in. */
export function dayOf(at: number, offsetMinutes: number): string {
  return localText(at, offsetMinutes).slice(0, 10)
}

/** Midnight, local, before `now`: what "today" begins with. */
export function startOfDay(now: number, offsetMinutes: number): number {
  return Date.parse(`${dayOf(now, offsetMinutes)}T00:00:00Z`) - offsetMinutes * 60_000
}

/** `10:36:04`, local. */
export function clockText(at: number, offsetMinutes: number): string {
  return localText(at, offsetMinutes).slice(11, 19)
}

/** "August", or "August 2025" when `now` lies in another year. */
export function monthWords(month: string, now: number, offsetMinutes: number): Words {
  const [year, number] = month.split('-') as [string, string]
  const en = MONTHS_EN[Number(number) - 1] as string
  const my = `${MONTHS_MY[Number(number) - 1]}လ`
  return monthOf(now, offsetMinutes).startsWith(year)
    ? { en, my }
    : { en: `${en} ${year}`, my: `${myanmarDigits(year)} ခုနှစ် ${my}` }
}

/** "August", whatever the year. */
export function monthName(month: string): Words {
  const number = Number(month.slice(5)) - 1
  return { en: MONTHS_EN[number] as string, my: `${MONTHS_MY[number]}လ` }
}

/** "14 August" of a local day. */
export function dayWords(day: string): Words {
  const [, month, date] = day.split('-') as [string, string, string]
  return {
    en: `${Number(date)} ${MONTHS_EN[Number(month) - 1]}`,
    my: `${MONTHS_MY[Number(month) - 1]}လ ${myanmarDigits(String(Number(date)))} ရက်`,
  }
}

/** "14 and 15" of days in one month; three or more are listed with commas. */
export function dayList(days: readonly string[]): Words {
  const dates = days.map((day) => String(Number(day.slice(8))))
  return { en: listOf(dates, ', ', ' and '), my: listOf(dates.map(myanmarDigits), '၊ ', ' နှင့် ') }
}

const MYANMAR_DIGITS = '၀၁၂၃၄၅၆၇၈၉'

/** The same digits in Burmese script. */
export function myanmarDigits(text: string): string {
  let burmese = ''
  for (const char of text) burmese += char >= '0' && char <= '9' ? MYANMAR_DIGITS[Number(char)] : char
  return burmese
}

/** `12,400`: thousandths of the major unit, rounded to whole units when there is no remainder, else two places. */
export function moneyText(milli: number): string {
  const hundredths = Math.round(Math.abs(milli) / 10)
  // By hand: a number formatter costs more than all else that a row needs, and a page has fifty.
  const whole = String(Math.floor(hundredths / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = milli % 1000 === 0 ? '' : `.${String(hundredths % 100).padStart(2, '0')}`
  return `${milli < 0 ? '-' : ''}${whole}${rest}`
}

function listOf(items: readonly string[], comma: string, and: string): string {
  if (items.length < 2) return items.join('')
  return items.slice(0, -1).join(comma) + and + items.at(-1)
}

function localText(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString()
}
