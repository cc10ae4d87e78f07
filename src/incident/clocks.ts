import type { Breach, BreachClock } from '../calls/breach-frame.ts'
import type { Case, Notice } from './rules.ts'

/** When what is due, from the jurisdiction's file: pure. */

export interface Clock {
  readonly id: string
  readonly frame: string
  readonly words: BreachClock['words']
  readonly to: BreachClock['to']
  readonly who: BreachClock['who']
  readonly source: string
  /** What its notice has to say, by the name of a form; null where no form is known. */
  readonly form: string | null
  readonly startsAt: number | null
  /** Null until it runs. */
  readonly dueAt: number | null
  readonly notice: Notice | null
}

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** The clocks of a case: those that always run, and those of the laws that were switched on for it. */
export function clocksOf(one: Case, breach: Breach, offsetMinutes: number): Clock[] {
  return breach.frames
    .filter(({ id, always }) => always || one.frames.includes(id))
    .flatMap((frame) =>
      frame.clocks.map((clock) => {
        const startsAt = startOf(one, clock)
        return {
          id: clock.id,
          frame: frame.id,
          words: clock.words,
          to: clock.to,
          who: clock.who,
          source: clock.source,
          form: clock.form ?? null,
          startsAt,
          dueAt: startsAt === null ? null : dueAt(startsAt, clock, breach.holidays, offsetMinutes),
          notice: one.notices.find(({ clock: of }) => of === clock.id) ?? null,
        }
      }),
    )
}

function startOf(one: Case, { from }: BreachClock): number | null {
  if (from === 'reported') return one.reportedAt
  return from === 'triage' ? one.triagedAt : one.confirmedAt
}

/** When a clock that starts at `from` (ms) runs out. A period of business days ends with its last day, local time. */
export function dueAt(
  from: number,
  { length, unit }: Pick<BreachClock, 'length' | 'unit'>,
  holidays: readonly string[],
  offsetMinutes: number,
): number {
  if (unit === 'hours') return from + length * HOUR_MS
  if (unit === 'days') return from + length * DAY_MS
  const offset = offsetMinutes * 60_000
  let day = Math.floor((from + offset) / DAY_MS)
  for (let left = length; left > 0; ) if (isBusinessDay(++day, holidays)) left--
  return (day + 1) * DAY_MS - offset
}

function isBusinessDay(day: number, holidays: readonly string[]): boolean {
  // 1 January 1970 was a Thursday.
  const weekday = (day + 4) % 7
  if (weekday === 0 || weekday === 6) return false
  return !holidays.includes(new Date(day * DAY_MS).toISOString().slice(0, 10))
}
