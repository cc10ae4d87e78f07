import { type LogPlace, startOf } from './align.ts'
import type { ReadList } from './read-list.ts'

const DAY = 86_400
/** Where no row names a day, so much of the log is opened. */
const WITHOUT_DAYS = 92 * DAY

/**
 * The part of a log that a list can be about, in epoch seconds, half open: from the first to the last day it may
 * mean, in every way in which its days can be read, a day more at either end, within `bounds`.
 */
export function spanOf(
  { rows, reading }: ReadList,
  place: LogPlace,
  bounds: { from: number; until: number },
): { from: number; until: number } {
  const orders = reading.dayFirst === null ? [true, false] : [reading.dayFirst]
  const starts = rows.flatMap((row) =>
    orders.flatMap((dayFirst) => {
      const start = startOf(row, { dayFirst, zone: 'local' }, place)
      return start === null || start.from > bounds.until + DAY || start.from < bounds.from - DAY
        ? []
        : [start.from]
    }),
  )
  const first =
    starts.length === 0 ? bounds.until - WITHOUT_DAYS : starts.reduce((a, b) => Math.min(a, b)) - DAY
  const last = starts.length === 0 ? bounds.until : starts.reduce((a, b) => Math.max(a, b)) + 2 * DAY
  const from = Math.max(bounds.from, first)
  return { from, until: Math.max(from + 1, Math.min(bounds.until, last)) }
}
