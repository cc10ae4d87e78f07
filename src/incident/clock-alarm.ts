/** When a clock of a case alarms: pure. */

/** A clock alarms when this part of its time is left, and a day before its end at the latest. */
const LEFT = 0.25
const DAY_MS = 86_400_000

/** The instant from which somebody is alarmed about a clock; null while it does not run, and once its notice is recorded. */
export function alarmsAt(clock: {
  readonly startsAt: number | null
  readonly dueAt: number | null
  readonly notice: unknown
}): number | null {
  const { startsAt, dueAt, notice } = clock
  if (startsAt === null || dueAt === null || notice !== null) return null
  return dueAt - Math.min(DAY_MS, (dueAt - startsAt) * LEFT)
}
