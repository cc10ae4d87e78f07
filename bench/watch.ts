import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { DRIFTED } from './adversary/make.ts'
import { type AtBudget, BUDGETS, median, wilson } from './watching/measure.ts'
import { priceOfStealth } from './watching/stealth.ts'
import {
  calibrationOf,
  looksUntilLoudSellersStandOut,
  measureSpeed,
  measureWorld,
  PEERS,
  scoreOnly,
  type WorldResult,
} from './watching/worlds.ts'

/**
 * `npm run bench -- watch [--json] [--seed WORD ...] [--no-stealth]`: how much misuse stands out, in simulated worlds of
 * some 220,000 looks and 50 schemes, beside what else could be done with the same looks. Without `--seed` the worlds are
 * those of `bench/adversary/seeds.json`, whose hash was committed before the last tuning (`seeds.sha256`).
 */

const options = process.argv.slice(2)
const given = options.flatMap((option, at) => (option === '--seed' ? [options[at + 1] ?? ''] : []))
const seeds = given.length > 0 ? { reporting: given, drifted: `${given[0]} drifted` } : readSeeds()
const say = (line: string) => process.stderr.write(`${line}\n`)

const worlds = seeds.reporting.map((seed, at) => {
  say(`world ${at + 1} of ${seeds.reporting.length}`)
  return tell(measureWorld({ seed }))
})
say('drifted world')
const drifted = tell(measureWorld({ seed: seeds.drifted, drift: DRIFTED }))
say('worlds without misuse, with denials, with loud sellers')
const honest = seeds.reporting.slice(0, 2).map((seed) => calibrationOf(scoreOnly({ seed, schemes: {} }), []))
const denying = measureWorld({ seed: seeds.reporting[0]!, denying: 0.3 })
say(`without misuse ${JSON.stringify(tableOf(merge(honest)))}`)
say(`with denials ${JSON.stringify(pooled([denying], 'watch'))}`)
const loud = seeds.reporting.slice(0, 2).map((seed) => looksUntilLoudSellersStandOut(seed))
const speed = measureSpeed(seeds.reporting[0]!)
say(`loud sellers ${JSON.stringify(loud)}, speed ${JSON.stringify(speed)}`)
const stealth = options.includes('--no-stealth') ? null : priceOfStealth(seeds.reporting[0]!, say)

const result = {
  seeds: seeds.reporting.length,
  looks: worlds.reduce((sum, world) => sum + world.looks, 0),
  schemesPerWorld: worlds.map(({ schemes }) => schemes),
  casesPerWorld: worlds.map(({ cases }) => cases),
  found: Object.fromEntries(
    ['watch', 'look alone', ...Object.keys(PEERS)].map((name) => [name, pooled(worlds, name)]),
  ),
  byTypeAt2: byTypeAt2(worlds),
  drifted: Object.fromEntries(
    ['watch', ...Object.keys(PEERS)].map((name) => [name, pooled([drifted], name)]),
  ),
  withDenials: pooled([denying], 'watch'),
  looksUntilFirstAlert: untilFirstAlert(worlds),
  loudSellersStandOutAfterLooks: loud.flat(),
  calibration: {
    withMisuseAndVerdicts: tableOf(merge(worlds.map(({ groups }) => groups))),
    withoutMisuse: tableOf(merge(honest)),
    drifted: tableOf(drifted.groups),
  },
  speed,
  priceOfStealth: stealth,
}
if (options.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
else print()

function readSeeds(): { reporting: string[]; drifted: string } {
  const file = new URL('./adversary/seeds.json', import.meta.url)
  if (!existsSync(file)) throw new Error('bench/adversary/seeds.json is not there: name worlds with --seed')
  const text = readFileSync(file)
  const promised = readFileSync(new URL('./adversary/seeds.sha256', import.meta.url), 'utf8').trim()
  if (createHash('sha256').update(text).digest('hex') !== promised)
    throw new Error('the seeds are not those whose hash was committed')
  return JSON.parse(text.toString()) as { reporting: string[]; drifted: string }
}

/** Says how a world went, for whoever waits. */
function tell(world: WorldResult): WorldResult {
  for (const [name, rows] of Object.entries(world.found))
    say(
      `  ${name.padEnd(18)} ${rows.map(({ schemeRecall, precision }) => `${schemeRecall.toFixed(2)}/${precision.toFixed(2)}`).join('  ')}`,
    )
  for (const { peers, looks, perThousand } of tableOf(world.groups, 0))
    say(`  ${peers.padEnd(34)} ${perThousand.toFixed(2)} per 1,000 (${looks} honest looks)`)
  return world
}

function merge(all: readonly WorldResult['groups'][]): WorldResult['groups'] {
  const merged: WorldResult['groups'] = new Map()
  for (const groups of all)
    for (const [name, { looks, atHundred, atThousand }] of groups) {
      const sum = merged.get(name) ?? { looks: 0, atHundred: 0, atThousand: 0 }
      merged.set(name, {
        looks: sum.looks + looks,
        atHundred: sum.atHundred + atHundred,
        atThousand: sum.atThousand + atThousand,
      })
    }
  return merged
}

/** Groups of fewer than 100,000 looks cannot tell 1 in 1,000 from 1.2; they are merged into one. */
function tableOf(groups: WorldResult['groups'], least = 100_000) {
  const small = { looks: 0, atHundred: 0, atThousand: 0 }
  const lines: [string, typeof small][] = []
  for (const [name, group] of groups) {
    if (group.looks >= least) lines.push([name, group])
    else {
      small.looks += group.looks
      small.atHundred += group.atHundred
      small.atThousand += group.atThousand
    }
  }
  if (small.looks > 0) lines.push(['smaller groups together', small])
  return lines.map(([name, { looks, atHundred, atThousand }]) => ({
    peers: name,
    looks,
    perHundred: (100 * atHundred) / looks,
    perThousand: (1000 * atThousand) / looks,
    perThousandInterval: wilson(atThousand, looks).map((share) => 1000 * share),
  }))
}

function pooled(of: readonly WorldResult[], name: string) {
  return BUDGETS.map((budget, at) => {
    const all = of.map(({ found }) => found[name]![at]!)
    const mean = (read: (one: AtBudget) => number) =>
      all.reduce((sum, one) => sum + read(one), 0) / all.length
    const alerts = all.reduce((sum, one) => sum + one.alerts, 0)
    const right = all.reduce((sum, one) => sum + Math.round(one.precision * one.alerts), 0)
    return {
      alertsPerThousand: budget,
      schemeRecall: mean(({ schemeRecall }) => schemeRecall),
      perWorld: all.map(({ schemeRecall }) => schemeRecall),
      caseRecall: mean(({ caseRecall }) => caseRecall),
      precision: right / alerts,
      precisionInterval: wilson(right, alerts),
    }
  })
}

function byTypeAt2(of: readonly WorldResult[]): Record<string, string> {
  const sums = new Map<string, [number, number]>()
  for (const { found } of of)
    for (const [type, text] of Object.entries(found.watch![2]!.byType)) {
      const [hit = 0, all = 0] = text.split('/').map(Number)
      const sum = sums.get(type) ?? [0, 0]
      sums.set(type, [sum[0] + hit, sum[1] + all])
    }
  return Object.fromEntries([...sums].map(([type, [hit, all]]) => [type, `${hit}/${all}`]))
}

function untilFirstAlert(of: readonly WorldResult[]) {
  const byType = new Map<string, (number | null)[]>()
  for (const { firstAlert } of of)
    for (const [scheme, look] of Object.entries(firstAlert)) {
      const type = scheme.replace(/-\d+$/, '')
      byType.set(type, [...(byType.get(type) ?? []), look])
    }
  return Object.fromEntries(
    [...byType].map(([type, all]) => {
      const asked = all.filter((look) => look !== null)
      return [
        type,
        { schemes: all.length, alerted: asked.length, medianLook: asked.length === 0 ? null : median(asked) },
      ]
    }),
  )
}

function print(): void {
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`.padStart(5)
  say('')
  for (const [name, rows] of Object.entries(result.found)) {
    const cells = rows.map(
      (row) => `${percent(row.schemeRecall)} of schemes, ${percent(row.precision)} right`,
    )
    say(`${name.padEnd(20)} ${cells.join(' | ')}`)
  }
  say(`(at ${BUDGETS.join(', ')} alerts per 1,000 looks)`)
  for (const line of result.calibration.withoutMisuse)
    say(`${line.peers.padEnd(34)} ${line.perThousand.toFixed(2)} per 1,000 (${line.looks} honest looks)`)
  const [cold, , warm] = speed
  say(
    `${warm!.perCoreSecond} looks in a second of one core's time, ${warm!.perSecond} in a second of the wall's (${cold!.perCoreSecond} from a cold start); loud sellers after ${result.loudSellersStandOutAfterLooks.join(', ')}`,
  )
  if (stealth !== null)
    say(
      `looks a week with at most one week in ten questioned: ${stealth.watch}; templates: ${stealth.templates}`,
    )
}
