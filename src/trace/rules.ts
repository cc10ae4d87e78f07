import type { Weighed, WeighedLook } from './weigh.ts'

/** What may be said of a list, from its weights: pure, so that an expert who recomputes the weights says the same. */

/** The chance of ever naming somebody who had nothing to do with it, over everybody who could be named. */
export const INNOCENT_NAMED = 1e-6
/** The chance of naming the wrong look of the right person. */
const WRONG_LOOK = 1e-3
/** How sure one may have been beforehand that the list did not come out of a look here: three, so that nobody picks. */
export const PRIORS = [0.5, 0.99, 0.9999] as const
/** Of the looks' share of a prior, what two looks combined have. */
const MIXED_SHARE = 0.1
const SUSPICION = 0.9

export type Why = 'not-this-log' | 'no-look' | 'full-numbers' | 'no-digits' | 'too-few-rows' | 'no-look-fits'

/** One person's part in the answer. */
export interface Named {
  readonly agent: string
  /** The look, or the looks one of which it was. */
  readonly looks: readonly string[]
  readonly log10E: number
}

export type Verdict =
  /** Each of these shown beyond what chance could do to anybody innocent. */
  | { readonly kind: 'named'; readonly named: readonly Named[]; readonly combined: boolean }
  /** One look fits better than all else together, but not beyond what may be called proof. */
  | { readonly kind: 'suspicion'; readonly look: string; readonly agent: string }
  | { readonly kind: 'cannot-tell'; readonly why: Why }

/** How likely each explanation is after the list, under one prior. */
export interface Posterior {
  /** Chance given beforehand to a path outside: half to our masks got in another way, half to our style imitated. */
  readonly prior: number
  readonly outside: number
  readonly mixed: number
  /** In the order of `Weighed.looks`. */
  readonly looks: readonly number[]
  /** Of people: the sum over their looks. */
  readonly agents: Readonly<Record<string, number>>
}

/** The e-value, base 10, above which somebody is named among so many looks. */
export function namingThreshold(among: number): number {
  return Math.log10(Math.max(1, among)) - Math.log10(INNOCENT_NAMED)
}

/** What the list allows to be said. */
export function judge(
  weighed: Weighed,
  list: { matched: number; withDigits: number; withFullNumber: number; flags: boolean },
): Verdict {
  if (list.matched === 0) return { kind: 'cannot-tell', why: 'not-this-log' }
  if (weighed.looks.length === 0) return { kind: 'cannot-tell', why: 'no-look' }
  const threshold = namingThreshold(weighed.among)
  const over = weighed.looks.filter(({ log10E }) => log10E >= threshold)
  if (over.length > 0) return namedOf(weighed, over)
  if (list.withDigits === 0 && !list.flags)
    return { kind: 'cannot-tell', why: list.withFullNumber > 0 ? 'full-numbers' : 'no-digits' }
  const even = posteriorOf(weighed, PRIORS[0])
  const best = weighed.looks[0] as WeighedLook
  if ((even.agents[best.agent] ?? 0) >= SUSPICION)
    return { kind: 'suspicion', look: best.id, agent: best.agent }
  return { kind: 'cannot-tell', why: list.matched < 8 ? 'too-few-rows' : 'no-look-fits' }
}

function namedOf(weighed: Weighed, over: readonly WeighedLook[]): Verdict {
  const byAgent = Map.groupBy(over, ({ agent }) => agent)
  const named = [...byAgent].map(([agent, looks]): Named => {
    const best = looks[0] as WeighedLook
    const all = weighed.looks.filter((look) => look.agent === agent)
    return {
      agent,
      looks: isOneLook(weighed, best, all) ? [best.id] : all.map(({ id }) => id),
      log10E: best.log10E,
    }
  })
  const combined = over.some(({ log10Alone, log10Combined }) => log10Combined - 1 > log10Alone)
  return { kind: 'named', named, combined }
}

/** Whether the look itself is told from the same person's others. Only the best one's own test is at hand. */
function isOneLook(weighed: Weighed, best: WeighedLook, all: readonly WeighedLook[]): boolean {
  if (all.length === 1) return true
  const top = weighed.looks[0] as WeighedLook
  return (
    top.id === best.id &&
    weighed.log10WithinAgent !== null &&
    weighed.log10WithinAgent >= Math.log10(all.length) - Math.log10(WRONG_LOOK)
  )
}

/** Bayes over a path outside, every look alone, and two looks mixed. */
export function posteriorOf(weighed: Weighed, prior: number): Posterior {
  const { looks, among, log10Mixed, log10Imitation } = weighed
  const each = (1 - prior) * (1 - MIXED_SHARE)
  const logs = looks.map(({ log10Likelihood }) => Math.log10(each / Math.max(1, among)) + log10Likelihood)
  const mixed = Math.log10((1 - prior) * MIXED_SHARE) + log10Mixed
  const outside = Math.log10(prior / 2) + log10Plus(0, log10Imitation)
  const most = Math.max(outside, mixed, ...logs.slice(0, 1_000))
  const parts = logs.map((log) => 10 ** (log - most))
  const all = parts.reduce((sum, part) => sum + part, 0) + 10 ** (outside - most) + 10 ** (mixed - most)
  const agents: Record<string, number> = {}
  for (const [i, { agent }] of looks.entries())
    agents[agent] = (agents[agent] ?? 0) + (parts[i] as number) / all
  return {
    prior,
    outside: 10 ** (outside - most) / all,
    mixed: 10 ** (mixed - most) / all,
    looks: parts.map((part) => part / all),
    agents,
  }
}

/** The logarithm of the sum of what two are logarithms of. */
function log10Plus(a: number, b: number): number {
  const most = Math.max(a, b)
  return most + Math.log10(10 ** (a - most) + 10 ** (b - most))
}

/** The prior for a path outside at which a look of this e-value is as likely as that path. */
export function breakEvenPrior(log10E: number, among: number): number {
  return 1 / (1 + 10 ** (Math.log10(Math.max(1, among)) - log10E))
}
