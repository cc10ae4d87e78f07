import { Engine, type Scored } from './engine.ts'
import type { Access, Fact } from './look.ts'

/** A whole log, read: looks and facts in order of time. */
export interface LogToScore {
  readonly accesses: readonly Access[]
  readonly facts: readonly Fact[]
  /** Which kinds of fact the log can tell at all. */
  readonly told: ReadonlySet<Fact['kind']>
}

/** Verdicts of whoever reads the list at the end of a day, on that day's looks. */
export type Review = (day: readonly Scored[]) => { confirmed: readonly Scored[]; cleared: readonly Scored[] }

const DAY_MS = 86_400_000

/**
 * Scores a log from its beginning: each look at its moment, and again with what became known later. Gives every look
 * with its last score, in order of time. `review` gives the verdicts of each day, which do what they do at
 * the watch desk: misuse leaves the comparison, and what led nowhere begins anew.
 */
export function scoreLog({ accesses, facts, told }: LogToScore, review?: Review): Scored[] {
  const engine = new Engine({ told })
  const scored = new Map<string, Scored>()
  let dayFrom = 0
  let today: string[] = []
  let next = 0
  const hear = (until: number) => {
    for (; next < facts.length && facts[next]!.at <= until; next += 1) {
      const fact = facts[next]!
      for (const { look, says } of engine.tell(fact)) {
        const before = scored.get(look)
        if (before !== undefined) scored.set(look, engine.amend(before, says, fact.at))
      }
    }
  }
  for (const access of accesses) {
    hear(access.at)
    if (review !== undefined && access.at - dayFrom >= DAY_MS) {
      const { confirmed, cleared } = review(today.map((look) => scored.get(look)!))
      for (const one of confirmed) engine.confirm(one)
      for (const one of cleared) engine.clear(one)
      dayFrom = Math.floor(access.at / DAY_MS) * DAY_MS
      today = []
    }
    scored.set(access.id, engine.score(access))
    if (review !== undefined) today.push(access.id)
  }
  hear(Number.POSITIVE_INFINITY)
  return [...scored.values()]
}
