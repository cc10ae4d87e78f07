import type { Month } from '../keys/key-service.ts'

const DAY_SECONDS = 86_400

/** Days and months of the operator's own time, `offsetMinutes` ahead of UTC. */
export interface Calendar {
  readonly offsetMinutes: number
  /** Days since 1970-01-01 of an instant in epoch seconds. */
  dayOf(start: number): number
  /** The month of such a day, as 202608. */
  monthOfDay(day: number): number
}

/** The calendar of one offset. */
export function createCalendar(offsetMinutes: number): Calendar {
  const months = new Map<number, number>()
  return {
    offsetMinutes,
    dayOf: (start) => Math.floor((start + offsetMinutes * 60) / DAY_SECONDS),
    monthOfDay(day) {
      let month = months.get(day)
      if (month === undefined) {
        const date = new Date(day * DAY_SECONDS * 1000)
        month = date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
        if (months.size > 10_000) months.clear()
        months.set(day, month)
      }
      return month
    },
  }
}

/** 202608 as `2026-08`. */
export function monthName(month: number): Month {
  const text = String(month).padStart(6, '0')
  return `${text.slice(0, 4)}-${text.slice(4)}` as Month
}
