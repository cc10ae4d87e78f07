import type { LawfulFrame } from './api/lawful.ts'
import type { Say } from './language.ts'

const OFFSET_SECONDS = 390 * 60
const HOUR_MS = 3_600_000

/** `2026-10-01` as the second at which that local day begins. */
export function dayStart(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000 - OFFSET_SECONDS
}

/** The local day that a second lies in. */
export function dayOfSecond(second: number): string {
  return new Date((second + OFFSET_SECONDS) * 1000).toISOString().slice(0, 10)
}

/** How far away a deadline is, in words. */
export function dueWords(say: Say, at: number, now: number): string {
  const left = Math.abs(at - now)
  const hours = Math.floor(left / HOUR_MS)
  const time =
    hours >= 48
      ? say('lawful.time.days', { days: Math.floor(hours / 24), hours: hours % 24 })
      : say('lawful.time.hours', { hours, minutes: Math.floor((left % HOUR_MS) / 60_000) })
  return at >= now ? say('lawful.in', { time }) : say('lawful.late', { time })
}

/** The name of a category, or the word that was written. */
export function categoryName(frame: LawfulFrame | undefined, id: string, language: 'en' | 'my'): string {
  return frame?.categories.find((category) => category.id === id)?.words[language] ?? id
}

/** The name of an authority of the directory. */
export function authorityName(frame: LawfulFrame | undefined, id: string, language: 'en' | 'my'): string {
  return frame?.authorities.find((authority) => authority.id === id)?.name[language] ?? id
}
