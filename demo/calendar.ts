import { OFFSET_SECONDS } from './operator.ts'

/** A local month, and its bounds in epoch seconds (half open). */
export interface LocalMonth {
  /** `2026-08`. */
  readonly month: string
  readonly from: number
  readonly until: number
}

/** A local day. */
export interface LocalDay {
  /** `2026-08-14`. */
  readonly day: string
  /** Epoch seconds of local midnight. */
  readonly from: number
  /** 0 is Sunday. */
  readonly weekday: number
}

/** The months of the demo: the last two whole ones and the present one, oldest first. `now` in epoch ms. */
export function demoMonths(now: number): [before: LocalMonth, story: LocalMonth, present: LocalMonth] {
  const local = new Date(now + OFFSET_SECONDS * 1000)
  const monthAt = (back: number): LocalMonth => {
    const first = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1)
    const next = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back + 1, 1)
    return {
      month: new Date(first).toISOString().slice(0, 7),
      from: first / 1000 - OFFSET_SECONDS,
      until: next / 1000 - OFFSET_SECONDS,
    }
  }
  return [monthAt(2), monthAt(1), monthAt(0)]
}

/** The local days that begin in `[from, until)`, epoch seconds. */
export function daysBetween(from: number, until: number): LocalDay[] {
  const days: LocalDay[] = []
  for (let at = from; at < until; at += 86_400) {
    const local = new Date((at + OFFSET_SECONDS) * 1000)
    days.push({ day: local.toISOString().slice(0, 10), from: at, weekday: local.getUTCDay() })
  }
  return days
}

/** `2026-08-14 19:02:00`: an instant in epoch seconds, within the local day `day`. */
export function localText(day: LocalDay, epochSeconds: number): string {
  const second = epochSeconds - day.from
  const two = (value: number) => (value < 10 ? `0${value}` : String(value))
  return `${day.day} ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
}
