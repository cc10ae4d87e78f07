import { readFileSync } from 'node:fs'
import type { Scored } from '../../src/watch/engine.ts'
import { parseLogMap } from '../../src/watch/log-map.ts'
import { readLog } from '../../src/watch/read-log.ts'
import type { LogToScore, Review } from '../../src/watch/score-log.ts'
import {
  ACCESS_COLUMNS,
  EVENT_COLUMNS,
  type LabelRow,
  STAFF_COLUMNS,
  toCsv,
  type WorldLog,
} from '../adversary/log.ts'

/** A simulated log goes to watching as any other system's would: as text, through a map. */
export function asLog(world: WorldLog): LogToScore {
  const map = parseLogMap(readFileSync(new URL('../../maps/watch-example.json', import.meta.url), 'utf8'))
  const read = readLog(map, {
    accesses: toCsv(world.accesses, ACCESS_COLUMNS),
    events: toCsv(world.events, EVENT_COLUMNS),
    staff: toCsv(world.staff, STAFF_COLUMNS),
  })
  if (read.faults.length > 0)
    throw new Error(`the simulated log has ${read.faults.length} lines that cannot be read`)
  return read
}

/** Somebody who judges each day's alerts (1 in 1,000) rightly. */
export function rightReviewer(labels: readonly LabelRow[]): Review {
  const misuse = new Set(labels.map(({ id }) => id))
  return (day) => {
    const asked = day.filter(({ p }) => p <= 0.001)
    const isMisuse = ({ access }: Scored) => misuse.has(access.id)
    return { confirmed: asked.filter(isMisuse), cleared: asked.filter((one) => !isMisuse(one)) }
  }
}
