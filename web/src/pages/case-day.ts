/** Minutes between UTC and the operator's clock, as everywhere in the console. */
const OFFSET_MINUTES = 390

/** The last minute of a local day, written `2026-09-19`, as ms since 1970. */
export function endOfLocalDay(day: string): number {
  return Date.parse(`${day}T23:59:00Z`) - OFFSET_MINUTES * 60_000
}

/** A local minute, written `2026-09-12T10:42`, as ms since 1970. */
export function localMinute(minute: string): number {
  return Date.parse(`${minute}:00Z`) - OFFSET_MINUTES * 60_000
}
