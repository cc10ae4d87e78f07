import {
  averageFlags,
  type Evidence,
  flagLikelihood,
  type Places,
  placesWithin,
  plainLikelihood,
  type RowEvidence,
  type Shown,
} from './evidence.ts'

/**
 * Two looks combined. For each two it is asked how well the list fits a mixture of them, under four ways of mixing:
 * each row from one or the other, the digits of both, only those that both show, two of the digits of both. A
 * person's e-value over one partner is fair to them whoever the partner is, because it is averaged over their own
 * masks alone; the mean over partners and ways is an e-value again.
 */
export interface ShownBy {
  /** Who looked: partners are other people, because one person's looks share A. */
  readonly agent: string
  readonly shown: readonly (Shown | undefined)[]
}

const WAYS = ['rows', 'union', 'intersection', 'some'] as const
type Way = (typeof WAYS)[number]

/** Tries looks with partners, over one list's evidence. */
export interface Pairing {
  /** Natural logarithm of one look's e-value for having been combined with any of `partners`; -Infinity without any. */
  logCombined(one: ShownBy, partners: readonly ShownBy[]): number
}

/**
 * The denominator of a pair, everything that one's own look might have shown, depends on the partner and on which rows
 * one's own look shows at all, so it is worked out once for all looks that show the same rows.
 */
export function createPairing(evidence: Evidence): Pairing {
  const known = new Map<ShownBy, Map<string, number>>()
  const denominatorOf = (one: ShownBy, rows: string, partner: ShownBy, way: Way): number => {
    const ofPartner = known.get(partner) ?? new Map<string, number>()
    known.set(partner, ofPartner)
    const key = `${way} ${rows}`
    const found = ofPartner.get(key) ?? logDenominator(evidence, one, partner, way)
    ofPartner.set(key, found)
    return found
  }
  return {
    logCombined(one, partners) {
      const rows = one.shown
        .map((shown) => (shown === undefined ? '-' : shown.places === null ? 'n' : 's'))
        .join('')
      const logs: number[] = []
      for (const partner of partners) {
        if (partner.agent === one.agent) continue
        for (const way of WAYS)
          logs.push(logNumerator(evidence, one, partner, way) - denominatorOf(one, rows, partner, way))
      }
      return logMean(logs)
    },
  }
}

/** Natural logarithm of the likelihood of two looks mixed, over the four ways, against a path outside. */
export function logPairLikelihood(evidence: Evidence, one: ShownBy, other: ShownBy): number {
  return logMean(
    WAYS.map((way) => {
      let log = -evidence.base
      for (let i = 0; i < evidence.rows.length; i++)
        log += Math.log(withStray(evidence, i, mixed(evidence, i, one.shown[i], other.shown[i], way)))
      return log
    }),
  )
}

/** The logarithm of the mean of what these are logarithms of. */
export function logMean(logs: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY
  for (const log of logs) most = Math.max(most, log)
  if (most === Number.NEGATIVE_INFINITY) return most
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length)
}

function withStray(evidence: Evidence, i: number, likelihood: number): number {
  return (1 - evidence.strays) * likelihood + evidence.strays * (evidence.stray[i] as number)
}

function logNumerator(evidence: Evidence, one: ShownBy, other: ShownBy, way: Way): number {
  let log = 0
  for (let i = 0; i < evidence.rows.length; i++)
    if (one.shown[i] !== undefined)
      log += Math.log(withStray(evidence, i, mixed(evidence, i, one.shown[i], other.shown[i], way)))
  return log
}

/** Number by number: the partner's masks stand, one's own are averaged. */
function logDenominator(evidence: Evidence, one: ShownBy, other: ShownBy, way: Way): number {
  let log = 0
  for (const rows of evidence.groups) {
    const ever = rows.map((i) => (evidence.rows[i] as RowEvidence).ever).find((set) => set !== null) ?? null
    const agents = ever === null ? NO_AGENTS : placesWithin(ever, 3)
    let sum = 0
    for (const agent of agents) {
      let product = 1
      for (const i of rows) {
        const own = one.shown[i]
        if (own !== undefined)
          product *= withStray(evidence, i, averaged(evidence, i, agent, own, other.shown[i], way))
      }
      sum += product
    }
    log += Math.log(sum / agents.length)
  }
  return log
}

const NO_AGENTS: readonly (Places | null)[] = [null]

/** The mixture averaged over everything that one's own look might have shown of this row, had A been `agent`. */
function averaged(
  evidence: Evidence,
  i: number,
  agent: Places | null,
  own: Shown,
  theirs: Shown | undefined,
  way: Way,
): number {
  const row = evidence.rows[i] as RowEvidence
  const flags = averageFlags(row)
  const digits = agent === null || row.digits === null ? 1 : meanOfPairs(row.digits, agent)
  if (theirs === undefined) return digits * flags
  if (
    way === 'rows' ||
    row.digits === null ||
    agent === null ||
    own.places === null ||
    theirs.places === null
  )
    return (digits * flags + plainLikelihood(row, theirs)) / 2
  let sum = 0
  const pairs = placesWithin(agent, 2)
  for (const places of pairs) sum += digitsOfBoth(row.digits, places, theirs.places, way)
  return ((flags + flagLikelihood(row, theirs)) / 2) * (sum / pairs.length)
}

/** The likelihood of a row when two looks were at hand. */
function mixed(
  evidence: Evidence,
  i: number,
  one: Shown | undefined,
  other: Shown | undefined,
  way: Way,
): number {
  const row = evidence.rows[i] as RowEvidence
  if (one === undefined)
    return other === undefined ? (evidence.stray[i] as number) : plainLikelihood(row, other)
  if (other === undefined) return plainLikelihood(row, one)
  if (way === 'rows' || row.digits === null || one.places === null || other.places === null)
    return (plainLikelihood(row, one) + plainLikelihood(row, other)) / 2
  const flags = (flagLikelihood(row, one) + flagLikelihood(row, other)) / 2
  return flags * digitsOfBoth(row.digits, one.places, other.places, way)
}

function digitsOfBoth(digits: Float64Array, one: Places, other: Places, way: Way): number {
  if (way === 'union') return digits[one | other] as number
  if (way === 'intersection') return digits[one & other] as number
  return meanOfPairs(digits, one | other)
}

/** The mean over all pairs within a set, kept: it is asked for again and again. */
function meanOfPairs(digits: Float64Array, set: Places): number {
  let kept = PAIR_MEANS.get(digits)
  if (kept === undefined) {
    kept = new Float64Array(128).fill(-1)
    PAIR_MEANS.set(digits, kept)
  }
  if ((kept[set] as number) < 0) {
    const pairs = placesWithin(set, 2)
    let sum = 0
    for (const places of pairs) sum += digits[places] as number
    kept[set] = sum / pairs.length
  }
  return kept[set] as number
}

const PAIR_MEANS = new WeakMap<Float64Array, Float64Array>()
