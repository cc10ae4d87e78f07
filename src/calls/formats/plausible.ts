/** What no record of a call can say, whatever its format. */

const DAY_SECONDS = 86_400
/** Before this no mobile call record was written; a clock that was never set says 1970. */
export const EARLIEST = Date.UTC(1990, 0, 1) / 1000
/** Switches cut long calls into partial records. */
export const LONGEST_SECONDS = 10 * DAY_SECONDS

/** Why a start (epoch seconds) is not plausible at `now` (epoch milliseconds), in plain words; null when it is. */
export function implausibleStart(start: number, now: number): string | null {
  if (start < EARLIEST) return 'the start lies before anything plausible (a clock that was not set)'
  if (start > now / 1000 + DAY_SECONDS) return 'the start lies in the future'
  return null
}

/** Why a duration is not plausible; null when it is. */
export function implausibleDuration(seconds: number): string | null {
  if (seconds < 0) return 'the duration is negative'
  return seconds > LONGEST_SECONDS ? 'the duration is longer than ten days' : null
}
