import { fileURLToPath } from 'node:url'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import { positionsEver, positionsOfAgent } from '../../src/care/mask.ts'
import type { LogRecord } from '../../src/trace/align.ts'
import { gridOf } from '../../src/trace/grid.ts'
import { readList } from '../../src/trace/read-list.ts'
import { readPage } from '../../src/trace/renderings.ts'
import { type Look, type Rings, type Traced, traceList } from '../../src/trace/trace-list.ts'
import { renderingOf, type World } from '../leaks/world.ts'

/** The product's own trace over a world of the leak generator: list in, answer out. */

export const OFFSET = 390
export const PLAN = createNumberPlan(
  readJurisdiction(fileURLToPath(new URL('../../jurisdictions/mm.json', import.meta.url))),
  { ownPrefixes: ['97'], premiumPrefixes: [], servicePrefixes: [] },
)
/** 20 September 2026, in seconds. */
const FOUND = Date.UTC(2026, 8, 20) / 1000

/** Opens a world's renderings once and gives what answers lists. */
export function createTracer(world: World): (text: string, options?: { among?: number }) => Traced {
  const numbers = new Map(world.calls.map(({ name, number }) => [name, number]))
  const log = world.calls.map(
    ({ name, start, durationSeconds, number, chargeMilli }): LogRecord => ({
      name,
      start,
      durationSeconds,
      digits: number.slice(-7),
      party: number,
      chargeMilli,
    }),
  )
  const looks = world.disclosures.map(
    ({ grant, agent, rows }): Look => ({ id: grant, agent, shown: readPage(renderingOf(rows)) ?? new Map() }),
  )
  const rings = ringsOf(world, numbers)
  return (text, options = {}) =>
    traceList(readList(gridOf(text), PLAN), {
      log,
      looks,
      rings,
      place: { offsetMinutes: OFFSET, before: FOUND },
      ...options,
    })
}

function ringsOf(world: World, numbers: ReadonlyMap<string, string>): Rings {
  const set = (places: readonly number[]) => places.reduce((sum, place) => sum | (1 << place), 0)
  return {
    everOf: (record) => set(positionsEver(world.keys, numbers.get(record.name) as string)),
    ofAgent: (agent, record) => set(positionsOfAgent(world.keys, agent, numbers.get(record.name) as string)),
  }
}
