import type { LabelRow } from '../adversary/log.ts'

/** A look as one detector ranks it; higher is more suspicious. */
export interface Ranked {
  readonly id: string
  readonly at: number
  readonly employee: string
  readonly subject: string
  readonly score: number
}

export interface AtBudget {
  readonly alertsPerThousand: number
  readonly alerts: number
  readonly schemeRecall: number
  readonly caseRecall: number
  readonly precision: number
  readonly byType: Readonly<Record<string, string>>
}

export const BUDGETS = [0.5, 1, 2, 5] as const

/** Employee and subject: what an alert asks about. Sixty days hold two of 30; they are merged. */
const caseOf = ({ employee, subject }: Ranked): string => `${employee} ${subject}`

/**
 * Spends so many alerts per 1,000 looks on the highest scores, an alert for each case, and counts what was found. Equal
 * scores are drawn by the looks' ids, so nobody gains by the order of the file.
 */
export function spendBudgets(looks: readonly Ranked[], labels: readonly LabelRow[]): AtBudget[] {
  const schemes = new Map(labels.map(({ id, scheme }) => [id, scheme]))
  const schemesOfCase = new Map<string, Set<string>>()
  for (const look of looks) {
    const scheme = schemes.get(look.id)
    if (scheme === undefined) continue
    const key = caseOf(look)
    schemesOfCase.set(key, (schemesOfCase.get(key) ?? new Set()).add(scheme))
  }
  const best = new Map<string, Ranked>()
  for (const look of looks) {
    const before = best.get(caseOf(look))
    if (before === undefined || look.score > before.score) best.set(caseOf(look), look)
  }
  const order = [...best.values()].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  const all = new Set(labels.map(({ scheme }) => scheme))
  return BUDGETS.map((alertsPerThousand) => {
    const alerts = order.slice(0, Math.round((looks.length * alertsPerThousand) / 1000))
    const right = alerts.filter((look) => schemesOfCase.has(caseOf(look)))
    const found = new Set(right.flatMap((look) => [...schemesOfCase.get(caseOf(look))!]))
    return {
      alertsPerThousand,
      alerts: alerts.length,
      schemeRecall: found.size / all.size,
      caseRecall: right.length / schemesOfCase.size,
      precision: right.length / alerts.length,
      byType: countByType(all, found),
    }
  })
}

function countByType(all: ReadonlySet<string>, found: ReadonlySet<string>): Record<string, string> {
  const typeOf = (scheme: string) => scheme.replace(/-\d+$/, '')
  const types = [...new Set([...all].map(typeOf))]
  return Object.fromEntries(
    types.map((type) => {
      const of = [...all].filter((scheme) => typeOf(scheme) === type)
      return [type, `${of.filter((scheme) => found.has(scheme)).length}/${of.length}`]
    }),
  )
}

/** The interval in which a share lies with 95% confidence (Wilson). */
export function wilson(hits: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1]
  const z = 1.96
  const share = hits / of
  const middle = share + (z * z) / (2 * of)
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const whole = 1 + (z * z) / of
  return [(middle - half) / whole, (middle + half) / whole]
}

/** The middle of a list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
