import type { Scored } from '../../src/watch/engine.ts'
import { isolationForest } from './isolation-forest.ts'

/** What watching is compared with, on the same looks and the same signs. A higher score is more suspicious. */
export type Detector = (looks: readonly Scored[], seed: string) => ArrayLike<number>

/** Explanation templates (Fabbri and LeFevre): what no template explains, most unexplained pair first. */
export const byTemplates: Detector = (looks) => {
  const unexplained = new Map<string, number>()
  const pair = ({ access: { employee, subject } }: Scored) => `${employee} ${subject}`
  for (const look of looks)
    unexplained.set(pair(look), (unexplained.get(pair(look)) ?? 0) + Math.max(0, 2 - look.level))
  return looks.map((look) => (look.level >= 2 ? 0 : unexplained.get(pair(look))!))
}

/** How far a day's number of looks is from the person's own other days, in standard deviations. */
export const byVolume: Detector = (looks) => {
  const days = new Map<string, Map<number, number>>()
  const dayOf = (at: number) => Math.floor(at / 86_400_000)
  for (const { access } of looks) {
    const own = days.get(access.employee) ?? new Map<number, number>()
    own.set(dayOf(access.at), (own.get(dayOf(access.at)) ?? 0) + 1)
    days.set(access.employee, own)
  }
  return looks.map(({ access }) => {
    const counts = [...days.get(access.employee)!.values()]
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length
    const spread = Math.sqrt(counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length)
    return (days.get(access.employee)!.get(dayOf(access.at))! - mean) / Math.max(1, spread)
  })
}

/** An isolation forest on the signs that watching reads; amounts as logarithms, the unknown as nothing. */
export const byForest: Detector = (looks, seed) =>
  isolationForest(
    looks.map(({ signs }) =>
      signs.map((value, at) => (at === 0 ? 3 - (value ?? 3) : Math.log1p(value ?? 0))),
    ),
    { seed },
  )

/** Nothing at all: every look as likely as any other. */
export const byChance: Detector = (looks) => looks.map(() => 0)
