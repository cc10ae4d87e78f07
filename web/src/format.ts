import type { Language } from '../../src/platform/words.ts'

/** Minutes between UTC and the operator's clock; the console shows local time whatever the browser's zone. */
const OFFSET_MINUTES = 390

const EN_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const EN_LONG = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const MY_MONTHS = [
  'ဇန်နဝါရီ',
  'ဖေဖော်ဝါရီ',
  'မတ်',
  'ဧပြီ',
  'မေ',
  'ဇွန်',
  'ဇူလိုင်',
  'ဩဂုတ်',
  'စက်တင်ဘာ',
  'အောက်တိုဘာ',
  'နိုဝင်ဘာ',
  'ဒီဇင်ဘာ',
]

const local = (ms: number): Date => new Date(ms + OFFSET_MINUTES * 60_000)
const two = (n: number): string => String(n).padStart(2, '0')

/** 18900 -> `18,900`. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US')
}

/** Thousandths of the major unit -> `18,900` (kyat have no minor unit in use). */
export function formatCharge(milli: number): string {
  return (milli / 1000).toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** `14 Aug`, `ဩဂုတ် ၁၄` written with Latin digits so that columns stand. */
export function formatDay(ms: number, language: Language): string {
  const date = local(ms)
  const month = date.getUTCMonth()
  return language === 'my'
    ? `${MY_MONTHS[month]} ${date.getUTCDate()}`
    : `${date.getUTCDate()} ${EN_MONTHS[month]}`
}

/** `19:02`, with seconds when asked. */
export function formatClock(ms: number, seconds = false): string {
  const date = local(ms)
  const minute = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
  return seconds ? `${minute}:${two(date.getUTCSeconds())}` : minute
}

/** `14 Aug 19:02`; with the year when it is not this one. */
export function formatInstant(ms: number, language: Language, now = Date.now()): string {
  const year = local(ms).getUTCFullYear()
  const day = formatDay(ms, language)
  const dated = year === local(now).getUTCFullYear() ? day : `${day} ${year}`
  return `${dated} ${formatClock(ms)}`
}

/** `2026-08` -> `August`, `ဩဂုတ်`. */
export function formatMonth(month: string, language: Language): string {
  const index = Number(month.slice(5, 7)) - 1
  return (language === 'my' ? MY_MONTHS : EN_LONG)[index] ?? month
}

/** The bill months that may be asked about at `now`: this one and the `count - 1` before, newest first. */
export function recentMonths(now: number, count: number): string[] {
  const date = local(now)
  return Array.from({ length: count }, (_, back) => {
    const month = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1))
    return `${month.getUTCFullYear()}-${two(month.getUTCMonth() + 1)}`
  })
}

/** 372 s -> `6:12`; an hour or more as `1:06:12`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const hours = Math.floor(whole / 3600)
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0(?=\d:)/, '')
}

/** How long ago, roughly: `3 s ago`, `4 min ago`, `2 h ago`, `5 days ago`. */
export function formatAgo(ms: number, now: number, language: Language): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1000))
  const [n, en, my]: [number, string, string] =
    seconds < 90
      ? [seconds, 's', 'စက္ကန့်']
      : seconds < 5400
        ? [Math.round(seconds / 60), 'min', 'မိနစ်']
        : seconds < 129_600
          ? [Math.round(seconds / 3600), 'h', 'နာရီ']
          : [Math.round(seconds / 86_400), 'days', 'ရက်']
  return language === 'my' ? `လွန်ခဲ့သော ${n} ${my}` : `${n} ${en} ago`
}
