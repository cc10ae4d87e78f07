import { createPairing, logMean, logPairLikelihood, type ShownBy } from './collusion.ts'
import {
  type Evidence,
  encodeShown,
  logEvidence,
  logEvidenceOfAll,
  logEvidenceWithin,
  logImitation,
  type Places,
  rowFactor,
  type Shown,
} from './evidence.ts'

/** Holds a list's evidence against everything that was ever shown of the log. */

/** One look: who, and what it shows of each matched row. */
export interface Candidate extends ShownBy {
  readonly id: string
}

export interface WeighedLook {
  readonly id: string
  readonly agent: string
  /** Base 10 logarithms of e-values. `log10E` is the one that counts: the list from this look alone, or combined. */
  readonly log10E: number
  readonly log10Alone: number
  readonly log10Combined: number
  /** The likelihood against a path outside, of this look alone: what the posterior is made of. */
  readonly log10Likelihood: number
  /** Factors of each row, for showing which speak for and which against. */
  readonly factors: readonly number[]
  readonly notShown: number
}

export interface Weighed {
  /** Best first. */
  readonly looks: readonly WeighedLook[]
  /** How many looks could be meant. */
  readonly among: number
  /** Base 10 logarithms of likelihoods against a path outside. */
  readonly log10Mixed: number
  readonly log10Imitation: number
  /** The best look against the person's other looks; null when they had one only. */
  readonly log10WithinAgent: number | null
  readonly looksOfAgent: number
}

/** Of the weight of a person's e-value, what is for having been one of two. */
const COMBINED_SHARE = 0.01
/** Partners tried with each look: those that fit best alone, and a partner's own masks are not held against them. */
const PARTNERS = 8
const MOST_FOR_PAIRS = 2_000
const SHOWN_IN_FULL = 200

/** Weighs every look. `placesOfAgent` gives A, from the mask keys. */
export function weighLooks(
  evidence: Evidence,
  candidates: readonly Candidate[],
  options: { among?: number; placesOfAgent: (agent: string) => readonly (Places | null)[] },
): Weighed {
  const among = Math.max(options.among ?? 0, candidates.length)
  const alone = aloneOf(evidence, candidates)
  const order = candidates.map((_, i) => i).sort((a, b) => (alone[b] as number) - (alone[a] as number))
  const partners = order.slice(0, PARTNERS).map((i) => candidates[i] as Candidate)
  const tried = candidates.length <= MOST_FOR_PAIRS && evidence.rows.length > 0
  const pairing = createPairing(evidence)
  const looks = order.map((i): WeighedLook => {
    const candidate = candidates[i] as Candidate
    const log = alone[i] as number
    const combined = tried ? pairing.logCombined(candidate, partners) : Number.NEGATIVE_INFINITY
    return {
      id: candidate.id,
      agent: candidate.agent,
      log10E: log10(either(log, combined)),
      log10Alone: log10(log),
      log10Combined: log10(combined),
      log10Likelihood: log10(log),
      factors: [],
      notShown: candidate.shown.filter((shown) => shown === undefined).length,
    }
  })
  looks.sort((a, b) => b.log10E - a.log10E)
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  const explained = looks.map((look, at) =>
    at < SHOWN_IN_FULL ? { ...look, factors: factorsOf(evidence, byId.get(look.id) as Candidate) } : look,
  )
  return {
    looks: explained,
    among,
    log10Mixed: tried ? log10(mixedOf(evidence, partners)) : Number.NEGATIVE_INFINITY,
    log10Imitation: log10(logImitation(evidence)),
    ...withinAgent(evidence, explained[0], byId, options.placesOfAgent),
  }
}

function aloneOf(evidence: Evidence, candidates: readonly Candidate[]): Float64Array {
  if (candidates.length < 1_000)
    return Float64Array.from(candidates, (candidate) => logEvidence(evidence, candidate.shown))
  const width = evidence.rows.length
  const codes = new Uint16Array(candidates.length * width)
  for (const [n, candidate] of candidates.entries())
    for (let i = 0; i < width; i++) codes[n * width + i] = encodeShown(candidate.shown[i])
  return logEvidenceOfAll(evidence, codes, candidates.length)
}

function factorsOf(evidence: Evidence, candidate: Candidate): number[] {
  return evidence.rows.map((_, i) => rowFactor(evidence, i, candidate.shown[i]))
}

function either(alone: number, combined: number): number {
  if (combined === Number.NEGATIVE_INFINITY) return alone
  const most = Math.max(alone, combined)
  return (
    most +
    Math.log((1 - COMBINED_SHARE) * Math.exp(alone - most) + COMBINED_SHARE * Math.exp(combined - most))
  )
}

/** The likelihood that some two of the best-fitting looks were mixed. */
function mixedOf(evidence: Evidence, partners: readonly Candidate[]): number {
  const logs = partners.flatMap((one, i) =>
    partners
      .slice(i + 1)
      .flatMap((other) => (one.agent === other.agent ? [] : [logPairLikelihood(evidence, one, other)])),
  )
  return logMean(logs)
}

/** Which of one person's looks: the best of them against what that person might have been shown instead. */
function withinAgent(
  evidence: Evidence,
  best: WeighedLook | undefined,
  byId: ReadonlyMap<string, Candidate>,
  placesOfAgent: (agent: string) => readonly (Places | null)[],
): Pick<Weighed, 'log10WithinAgent' | 'looksOfAgent'> {
  if (best === undefined) return { log10WithinAgent: null, looksOfAgent: 0 }
  const looksOfAgent = [...byId.values()].filter(({ agent }) => agent === best.agent).length
  if (looksOfAgent < 2) return { log10WithinAgent: null, looksOfAgent }
  const shown: readonly (Shown | undefined)[] = byId.get(best.id)?.shown ?? []
  return {
    log10WithinAgent: log10(logEvidenceWithin(evidence, shown, placesOfAgent(best.agent))),
    looksOfAgent,
  }
}

function log10(natural: number): number {
  return natural / Math.LN10
}
