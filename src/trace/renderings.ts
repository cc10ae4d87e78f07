import { HIDDEN } from './cells.ts'
import type { Places, Shown } from './evidence.ts'

/**
 * Reads what a look showed out of the rendering that was sealed when it was shown: which places of each number, with
 * seconds or without, exact or as billed. The stored rendering is read and never a new one, so a look is held to what
 * really stood on the screen (`care/reveal.ts` writes these).
 */

/** One row of a sealed page: record name, day, start, letter, type, digits, how long, charge, why. */
type PageCells = readonly [
  name: string,
  day: string,
  start: string,
  letter: string | null,
  type: string,
  digits: string | null,
  lasted: string,
  ...rest: unknown[],
]

/** What a page of rows showed, by record; null when the rendering is not a page of rows. */
export function readPage(rendering: string): Map<string, Shown> | null {
  const cells = parse(rendering)
  if (!Array.isArray(cells) || !cells.every(isPageRow)) return null
  return new Map(cells.map((row) => [row[0], shownBy(row)]))
}

/** The record and the number that a row shown in full gave; null when the rendering is no such row. */
export function readUnmasked(rendering: string): { name: string; number: string | null } | null {
  const value = parse(rendering)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { name, number } = value as { name?: unknown; number?: unknown }
  if (typeof name !== 'string') return null
  return { name, number: typeof number === 'string' ? number : null }
}

/** The places of a masked number that show a digit. */
export function placesShown(digits: string): Places {
  return Array.from(digits).reduce((set, char, i) => (char === HIDDEN ? set : set | (1 << i)), 0)
}

function shownBy(row: PageCells): Shown {
  const [, , start, , , digits, lasted] = row
  return {
    places: digits === null ? null : placesShown(digits),
    secondsShown: start.length > 5,
    // `8:02` is exact and `9 min` as billed; anything else has no seconds to show.
    durationExact: /^[0-9]+:[0-9]{2}$/.test(lasted) ? true : /^[0-9]+ min$/.test(lasted) ? false : null,
  }
}

function isPageRow(row: unknown): row is PageCells {
  if (!Array.isArray(row) || row.length < 7) return false
  const [name, day, start, , , digits, lasted] = row as unknown[]
  return (
    [name, day, start, lasted].every((cell) => typeof cell === 'string') &&
    (digits === null || (typeof digits === 'string' && digits.length === 7))
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
