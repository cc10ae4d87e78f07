import { scoreLog } from '../../src/watch/score-log.ts'
import { attack, changeTactic, randomTactic, type Tactic } from '../adversary/attacker.ts'
import { makeLog } from '../adversary/make.ts'
import { createChance } from '../adversary/random.ts'
import type { Agent, World } from '../adversary/world.ts'
import { wilson } from './measure.ts'
import { byTemplates } from './peers.ts'
import { asLog, rightReviewer } from './world.ts'

/** One tactic at one pace, and how often a week of it was questioned. */
export interface Cell {
  readonly tactic: Tactic
  readonly perWeek: number
  readonly weeks: number
  readonly questioned: { readonly watch: number; readonly templates: number }
  readonly interval: readonly [number, number]
}

const FROM_WEEK = 2
const WEEKS = 6
const SIZE = { agents: 320, days: 63, customers: 40_000 }
const MOST_QUESTIONED = 0.1
/** What decides is tried in three worlds, so that one in eight at work is an attacker and not one in three. */
const PACE_WORLDS = 3

/**
 * The price of stealth: how many looks a week somebody gets away with who knows the detector and asks it, with at most one
 * week in ten questioned at one alert per 1,000 looks. Rounds of tactics are tried at two looks a week, the best two
 * are changed and tried again, and the best of all are tried at other paces.
 */
export function priceOfStealth(seed: string, log: (line: string) => void) {
  const chance = createChance(seed, 'tactics')
  const perCell = 8
  let tried = tryCells(
    seed,
    'first',
    Array.from({ length: 8 }, () => ({ tactic: randomTactic(chance), perWeek: 2 })),
    perCell,
  )
  log(`tactics tried: ${tried.length}`)
  const best = () => [...tried].sort((a, b) => a.questioned.watch - b.questioned.watch).slice(0, 2)
  const changed = best().flatMap(({ tactic }) =>
    Array.from({ length: 4 }, () => ({ tactic: changeTactic(tactic, chance), perWeek: 2 })),
  )
  tried = [...tried, ...tryCells(seed, 'second', changed, perCell)]
  log(`tactics tried: ${tried.length}`)
  const paces = best().flatMap(({ tactic }) => [1, 2, 3, 5, 8].map((perWeek) => ({ tactic, perWeek })))
  const last = pool(
    Array.from({ length: PACE_WORLDS }, (_, at) => {
      log(`paces, world ${at + 1} of ${PACE_WORLDS}`)
      return tryCells(`${seed} paces ${at}`, 'paces', paces, 4)
    }),
  )
  const sustained = (of: 'watch' | 'templates') =>
    Math.max(
      0,
      ...last.filter(({ questioned }) => questioned[of] <= MOST_QUESTIONED).map(({ perWeek }) => perWeek),
    )
  return { watch: sustained('watch'), templates: sustained('templates'), curve: last, tried: tried.length }
}

/** The same cells tried in several worlds, as one. */
function pool(worlds: readonly (readonly Cell[])[]): Cell[] {
  return worlds[0]!.map(({ tactic, perWeek }, at) => {
    const cells = worlds.map((world) => world[at]!)
    const weeks = cells.reduce((sum, cell) => sum + cell.weeks, 0)
    const asked = (of: 'watch' | 'templates') =>
      cells.reduce((sum, cell) => sum + Math.round(cell.questioned[of] * cell.weeks), 0)
    return {
      tactic,
      perWeek,
      weeks,
      questioned: { watch: asked('watch') / weeks, templates: asked('templates') / weeks },
      interval: wilson(asked('watch'), weeks),
    }
  })
}

function tryCells(
  seed: string,
  round: string,
  cells: readonly { tactic: Tactic; perWeek: number }[],
  attackersEach: number,
): Cell[] {
  const log = makeLog({
    seed,
    size: SIZE,
    schemes: {},
    more: (world, pen, label) => {
      const attackers = chooseAttackers(world, round, cells.length * attackersEach)
      for (const [at, { tactic, perWeek }] of cells.entries())
        attack(
          world,
          pen,
          {
            cell: String(at),
            tactic,
            perWeek,
            attackers: attackers.slice(at * attackersEach, (at + 1) * attackersEach),
            fromWeek: FROM_WEEK,
            weeks: WEEKS,
          },
          label,
        )
    },
  })
  const scored = scoreLog(asLog(log), rightReviewer([]))
  const byId = new Map(scored.map((look) => [look.access.id, look]))
  const templates = Array.from(byTemplates(scored, seed))
  const cut = [...templates].sort((a, b) => b - a)[Math.round(scored.length / 1000)]!
  // Of those who tie at the cut only as many are questioned as the budget has left.
  const above = [...templates].filter((score) => score > cut).length
  const atCut = [...templates].filter((score) => score === cut).length
  const share = Math.max(0, scored.length / 1000 - above) / atCut
  const chance = createChance(seed, `ties ${round}`)
  const byTemplate = new Map(
    scored.map((look, at) => [
      look.access.id,
      templates[at]! > cut || (templates[at] === cut && chance.coin(share)),
    ]),
  )
  return cells.map(({ tactic, perWeek }, at) => {
    const weeks = Object.groupBy(
      log.labels.filter(({ type }) => type === String(at)),
      ({ scheme }) => scheme,
    )
    const all = Object.values(weeks).map((labels) => labels!.map(({ id }) => id))
    const asked = all.filter((ids) => ids.some((id) => byId.get(id)!.p <= 0.001)).length
    const askedByTemplates = all.filter((ids) => ids.some((id) => byTemplate.get(id))).length
    return {
      tactic,
      perWeek,
      weeks: all.length,
      questioned: { watch: asked / all.length, templates: askedByTemplates / all.length },
      interval: wilson(asked, all.length),
    }
  })
}

function chooseAttackers(world: World, round: string, count: number): Agent[] {
  const chance = createChance(world.seed, `attackers ${round}`)
  const chosen = new Set<Agent>()
  while (chosen.size < Math.min(count, world.agents.length)) chosen.add(chance.pick(world.agents))
  return [...chosen]
}
