import { createChance } from '../leaks/chance.ts'
import { makeLeak } from '../leaks/leak.ts'
import { makeWorld } from '../leaks/world.ts'
import { shareOf, showShare } from './interval.ts'
import { createTracer, OFFSET, PLAN } from './tracer.ts'

/**
 * When it says 90% that a list is from one look of a person, is it so in about 90%? Short lists, drawn as the prior
 * says: half of them out of no look here, of the others one in ten put together from two looks.
 */

const BINS = [0, 0.5, 0.7, 0.85, 0.95, 0.99, 1] as const
const LEAKS_A_WORLD = 20

export interface Bin {
  readonly from: number
  readonly until: number
  readonly leaks: number
  /** What was said, on average. */
  readonly said: number
  readonly right: number
  readonly low: number
  readonly high: number
}

/** Posteriors at even prior against what was so. */
export function measureCalibration(
  { seed, leaks }: { seed: number; leaks: number },
  say: (line: string) => void,
): Bin[] {
  const told: { said: number; right: boolean }[] = []
  for (let n = 0; n < leaks; ) {
    const world = makeWorld(seed * 15_485_863 + n, {
      plan: PLAN,
      offsetMinutes: OFFSET,
      agents: 12,
      looks: 20,
      calls: 60,
      contacts: 40,
    })
    const trace = createTracer(world)
    for (let k = 0; k < LEAKS_A_WORLD && n < leaks; k++, n++) {
      const chance = createChance(seed * 32_452_843 + n)
      const outside = chance.unit() < 0.5
      const inside = chance.unit() < 0.1 ? ('two-looks' as const) : ('masked' as const)
      const kind = outside ? chance.pick(['unlogged', 'outside'] as const) : inside
      const errors = chance.unit() * 0.15
      const options = { rows: 2 + chance.below(5), errors, toMinutes: true, offsetMinutes: OFFSET }
      const leak = makeLeak(kind, world, seed + n * 17, options)
      const { posteriors } = trace(leak.text)
      for (const [agent, chanceOf] of Object.entries(posteriors[0]?.agents ?? {}))
        if (chanceOf >= 0.05)
          told.push({ said: chanceOf, right: leak.agents.length === 1 && leak.agents[0] === agent })
    }
  }
  return BINS.slice(0, -1).map((from, i): Bin => {
    const until = BINS[i + 1] as number
    const own = told.filter(({ said }) => said >= from && (said < until || until === 1))
    const said = own.reduce((sum, one) => sum + one.said, 0) / Math.max(1, own.length)
    const right = shareOf(own.filter((one) => one.right).length, own.length)
    say(
      `said ${from} to ${until}: ${own.length} times, on average ${said.toFixed(3)}; was so ${showShare(right)}`,
    )
    return {
      from,
      until,
      leaks: own.length,
      said: Number(said.toFixed(4)),
      right: right.share,
      low: right.low,
      high: right.high,
    }
  })
}
