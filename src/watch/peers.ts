import type { PeerKind } from './look.ts'
import { decay, RAISED_SHARE, SIGNS, type Signs, SMALL_GROUP, surpriseOf } from './rules.ts'

/**
 * What is usual among peers: for each sign how many of those compared show it, with a half-life of 30 days. Explained
 * and unexplained looks are counted apart, and a look is compared with its like: that an unexplained look has no call is
 * said once, by its level, and not again by every sign that goes with it. Flags are counted, levels too; amounts go into
 * 48 bins, so memory is constant and a rank costs a sum. Pure.
 */
export interface Tally {
  /** When the counts below were last brought up to date. */
  at: number
  /** Looks, decayed. */
  looks: number
  /** For each sign, unexplained looks first, then explained: of how many the log says it, and in which bin they fall. */
  readonly seen: number[]
  readonly bins: number[][]
}

/** Peers by kind of office, role and shift; the group above them, and everybody. */
export function groupsOf(peers: PeerKind | undefined): readonly [string, string, string] {
  if (peers === undefined) return ['everybody', 'everybody', 'everybody']
  const { kind, role, shift } = peers
  return [`${kind} ${role} ${shift}`, `${kind} ${role}`, 'everybody']
}

const BINS = 48
const KINDS = SIGNS.map(({ of }) => of)
const BINS_OF = { level: 4, flag: 2, amount: BINS } as const

/** An empty tally. */
export function newTally(at: number): Tally {
  return {
    at,
    looks: 0,
    seen: [...SIGNS, ...SIGNS].map(() => 0),
    bins: [...SIGNS, ...SIGNS].map((sign) => new Array<number>(BINS_OF[sign.of]).fill(0)),
  }
}

/** In which bin each sign of a look falls; -1 where the log does not say. */
export function placesOf(signs: Signs): number[] {
  const places: number[] = []
  for (let i = 0; i < signs.length; i += 1) {
    const value = signs[i] ?? null
    places.push(value === null ? -1 : binOf(i, value))
  }
  return places
}

/** Counts a look's signs by their places (`times` -1 takes them out again). */
export function count(tally: Tally, places: readonly number[], at: number, times: 1 | -1 = 1): void {
  if (at - tally.at > HOUR_MS) bringUpToDate(tally, at)
  tally.looks += times
  const { seen, bins } = tally
  const level = places[0]!
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i]!
    if (place < 0) continue
    const row = rowOf(i, level)
    seen[row]! += times
    bins[row]![place]! += times
  }
}

/**
 * The share of peers who show as much of a sign as this look, and of how many looks that is known; null where the log
 * does not say. `(c + 1) / (n + 2)` for flags, `(#{as much} + 1) / (n + 1)` for amounts. Small groups are counted
 * with their parents.
 */
function shareOf(
  groups: readonly { readonly tally: Tally }[],
  sign: number,
  place: number,
  level: number,
): { share: number; of: number } {
  const at = rowOf(sign, level)
  let as = 0
  let of = 0
  for (const { tally } of groups) {
    const { seen, bins } = tally
    of += Math.max(0, seen[at]!)
    const row = bins[at]!
    if (KINDS[sign] === 'level') for (let i = 0; i <= place; i += 1) as += row[i]!
    else for (let i = place; i < row.length; i += 1) as += row[i]!
    if (of >= SMALL_GROUP) break
  }
  as = Math.max(0, as)
  const share = KINDS[sign] === 'amount' ? (as + 1) / (of + 1) : (as + 1) / (of + 2)
  return { share: Math.min(1, share), of }
}

/**
 * How much a sign surprises (nats), with its share; null where it is down, or as usual. `place` is the bin of its value.
 */
export function raise(
  groups: readonly { readonly tally: Tally }[],
  sign: number,
  value: number,
  place: number,
  level: number,
): { share: number; of: number; surprise: number } | null {
  const kind = KINDS[sign]
  if (kind === 'level' ? value >= 3 : value <= 0) return null
  const { share, of } = shareOf(groups, sign, place, level)
  if (kind === 'amount' && share > RAISED_SHARE) return null
  return { share, of, surprise: surpriseOf(share) }
}

const HOUR_MS = 3_600_000

function bringUpToDate(tally: Tally, at: number): void {
  const left = decay(at - tally.at)
  tally.at = at
  tally.looks *= left
  for (let i = 0; i < tally.bins.length; i += 1) {
    tally.seen[i]! *= left
    const row = tally.bins[i]!
    for (let b = 0; b < row.length; b += 1) row[b]! *= left
  }
}

/** The level itself is counted over all looks. */
function rowOf(sign: number, level: number): number {
  return sign > 0 && level > 1 ? SIGNS.length + sign : sign
}

/** Amounts in bins that grow by a quarter: 0, then from 0.05 up to some 1,700. */
function binOf(sign: number, value: number): number {
  const of = KINDS[sign]!
  if (of !== 'amount') return Math.max(0, Math.min(BINS_OF[of] - 1, Math.round(value)))
  if (value < 0.05) return 0
  return Math.min(BINS - 1, 1 + Math.floor(Math.log(value / 0.05) / Math.log(1.25)))
}
