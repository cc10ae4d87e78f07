/** A quarter or a year of the report, by UTC days: the days that headers carry. */
export interface Period {
  /** `2026-Q3` or `2026`. */
  readonly name: string
  /** `2026-07-01`, half open. */
  readonly from: string
  readonly until: string
}

/** The period of a name, or null when it is none. */
export function parsePeriod(name: string): Period | null {
  const match = /^(20[0-9]{2})(?:-Q([1-4]))?$/.exec(name)
  if (match === null) return null
  const year = Number(match[1])
  if (match[2] === undefined) return { name, from: `${year}-01-01`, until: `${year + 1}-01-01` }
  const first = (Number(match[2]) - 1) * 3
  const day = (month: number): string => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
  return { name, from: day(first), until: day(first + 3) }
}

/** The quarter that an instant (epoch ms) lies in. */
export function quarterOf(at: number): Period {
  const date = new Date(at)
  return parsePeriod(`${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`)!
}

/** Every quarter from the one of `first` to the one of `now`, newest first. */
export function quartersBetween(first: number, now: number): Period[] {
  const list: Period[] = []
  for (let at = quarterOf(first); ; at = quarterOf(Date.parse(at.until))) {
    list.unshift(at)
    if (Date.parse(at.until) > now) return list
  }
}

/** Whether a period is over. */
export function isOver(period: Period, now: number): boolean {
  return Date.parse(period.until) <= now
}
