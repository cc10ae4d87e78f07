import { makeLeak } from '../leaks/leak.ts'
import { makeWorld } from '../leaks/world.ts'
import { type Share, shareOf, showShare } from './interval.ts'
import { createTracer, OFFSET, PLAN } from './tracer.ts'

/** What survived of a list, and how many rows of it must have, for 95% power among so many looks. */
export const CELLS = [
  {
    what: 'digits, times rounded, 3% misread',
    errors: 0.03,
    toMinutes: true,
    completed: false,
    rows: [11, 14, 19, 24],
  },
  {
    what: 'digits, times rounded, 10% misread',
    errors: 0.1,
    toMinutes: true,
    completed: false,
    rows: [13, 15, 21, 25],
  },
  {
    what: 'digits and both flags, 3% misread',
    errors: 0.03,
    toMinutes: false,
    completed: false,
    rows: [8, 9, 12, 15],
  },
  { what: 'flags only, 3% misread', errors: 0.03, toMinutes: false, completed: true, rows: [20, 24, 30, 38] },
] as const
/**
 * How numbers repeat: of 60 the one called most gets a seventh of the calls. Where numbers repeat more, rows say less:
 * with an exponent of 1 no reckoning could name more than 90% from 11 rows among 20 looks, because rows of one number
 * tell two of three places apart and not two of four.
 */
const ZIPF = 0.8
export const AMONG = [20, 1e3, 1e6, 1e9] as const

export interface Cell {
  readonly what: string
  readonly among: number
  readonly rows: number
  readonly named: Share
  readonly innocentsNamed: number
}

/** Leaks of exactly the stated number of rows; how many of their leakers are named, cell by cell. */
export function measurePower(
  { seed, perCell }: { seed: number; perCell: number },
  say: (line: string) => void,
): Cell[] {
  const cells: Cell[] = []
  for (const [c, cell] of CELLS.entries())
    for (const [a, among] of AMONG.entries()) {
      const rows = cell.rows[a] as number
      let named = 0
      let innocentsNamed = 0
      for (let n = 0; n < perCell; n++) {
        const world = makeWorld(seed * 1_000_003 + c * 65_537 + a * 4_099 + n, {
          plan: PLAN,
          offsetMinutes: OFFSET,
          agents: 12,
          looks: 20,
          calls: 60,
          contacts: 60,
          zipf: ZIPF,
        })
        const leak = makeLeak('masked', world, seed + n, { ...cell, rows, offsetMinutes: OFFSET })
        const { verdict } = createTracer(world)(leak.text, { among })
        const people = verdict.kind === 'named' ? verdict.named.map(({ agent }) => agent) : []
        if (people.some((agent) => leak.agents.includes(agent))) named++
        innocentsNamed += people.filter((agent) => !leak.agents.includes(agent)).length
      }
      const share = shareOf(named, perCell)
      cells.push({ what: cell.what, among, rows, named: share, innocentsNamed })
      say(`${cell.what}, among ${among}: ${rows} rows, named ${showShare(share)}`)
    }
  return cells
}
