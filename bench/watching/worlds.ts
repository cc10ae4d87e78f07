import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Scored } from '../../src/watch/engine.ts'
import { scoreLog } from '../../src/watch/score-log.ts'
import type { LabelRow } from '../adversary/log.ts'
import { makeLog, type Recipe } from '../adversary/make.ts'
import { LOUD } from '../adversary/schemes.ts'
import { type AtBudget, type Ranked, spendBudgets } from './measure.ts'
import { byChance, byForest, byTemplates, byVolume, type Detector } from './peers.ts'
import type { Pass } from './speed.ts'
import { asLog, rightReviewer } from './world.ts'

export const PEERS: Readonly<Record<string, Detector>> = {
  templates: (looks) => looks.map(({ level }) => 3 - level),
  'templates by pair': byTemplates,
  'volume z-score': byVolume,
  'isolation forest': byForest,
  chance: byChance,
}

const WARM_UP_DAYS = 15
const DAY_MS = 86_400_000

export interface WorldResult {
  readonly looks: number
  readonly schemes: number
  readonly cases: number
  readonly found: Readonly<Record<string, readonly AtBudget[]>>
  readonly firstAlert: Readonly<Record<string, number | null>>
  readonly groups: Map<string, { looks: number; atHundred: number; atThousand: number }>
}

export function scoreOnly(recipe: Recipe): Scored[] {
  const log = makeLog(recipe)
  return scoreLog(asLog(log), rightReviewer(log.labels))
}

export function measureWorld(recipe: Recipe): WorldResult {
  const log = makeLog(recipe)
  const looks = scoreLog(asLog(log), rightReviewer(log.labels))
  const rank = (scores: ArrayLike<number>): AtBudget[] =>
    spendBudgets(
      looks.map(({ access }, at) => ranked(access, scores[at]!)),
      log.labels,
    )
  const found: Record<string, readonly AtBudget[]> = {
    // The score is the tail probability; looks of equal probability go by what it ranks.
    watch: rank(looks.map(({ p, total }) => -Math.log(p) + total * 1e-9)),
    'look alone': rank(looks.map(({ values }) => values[0]!)),
  }
  for (const [name, detector] of Object.entries(PEERS)) found[name] = rank(detector(looks, recipe.seed))
  const cases = new Set(log.labels.map(({ id }) => id))
  return {
    looks: looks.length,
    schemes: new Set(log.labels.map(({ scheme }) => scheme)).size,
    cases: new Set(
      looks
        .filter(({ access }) => cases.has(access.id))
        .map(({ access }) => `${access.employee} ${access.subject}`),
    ).size,
    found,
    firstAlert: firstAlerts(looks, log.labels),
    groups: calibrationOf(looks, log.labels),
  }
}

function ranked({ id, at, employee, subject }: Scored['access'], score: number): Ranked {
  return { id, at, employee, subject, score }
}

/** The how-manieth look of each scheme was the first with p of 1 in 1,000 or less; null for never. */
function firstAlerts(looks: readonly Scored[], labels: readonly LabelRow[]): Record<string, number | null> {
  const schemes = new Map(labels.map(({ id, scheme }) => [id, scheme]))
  const made = new Map<string, number>()
  const first: Record<string, number | null> = Object.fromEntries(labels.map(({ scheme }) => [scheme, null]))
  for (const { access, p } of looks) {
    const scheme = schemes.get(access.id)
    if (scheme === undefined) continue
    made.set(scheme, (made.get(scheme) ?? 0) + 1)
    if (p <= 0.001 && first[scheme] === null) first[scheme] = made.get(scheme)!
  }
  return first
}

/** At which of their looks each of three sellers who fear nothing stood out; null for never. */
export function looksUntilLoudSellersStandOut(seed: string): (number | null)[] {
  const log = makeLog({ seed, schemes: LOUD })
  const looks = scoreLog(asLog(log), rightReviewer(log.labels))
  return Object.values(firstAlerts(looks, log.labels))
}

/** Honest looks by peer group, after the first 15 days, and how many have p of 1 in 100 and 1 in 1,000 or less. */
export function calibrationOf(looks: readonly Scored[], labels: readonly LabelRow[]): WorldResult['groups'] {
  const misuse = new Set(labels.map(({ id }) => id))
  const from = (looks[0]?.access.at ?? 0) + WARM_UP_DAYS * DAY_MS
  const groups: WorldResult['groups'] = new Map()
  for (const { access, p, peers } of looks) {
    if (misuse.has(access.id) || access.at < from) continue
    const group = groups.get(peers) ?? { looks: 0, atHundred: 0, atThousand: 0 }
    group.looks += 1
    if (p <= 0.01) group.atHundred += 1
    if (p <= 0.001) group.atThousand += 1
    groups.set(peers, group)
  }
  return groups
}

/** How quickly looks are scored, in a process that does nothing else: a cold start and two more passes. */
export function measureSpeed(seed: string): Pass[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('speed.ts', import.meta.url)), seed],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the measure of speed ended with ${status}: ${stderr}`)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Pass)
}
