import { Engine, type Scored } from '../../src/watch/engine.ts'
import type { LogToScore } from '../../src/watch/score-log.ts'
import { makeLog } from '../adversary/make.ts'
import { asLog } from './world.ts'

/**
 * `node bench/watching/speed.ts SEED`: scores one world three times in a process of its own and prints a line of JSON for
 * each pass. The first is a cold start. Facts are taken in between looks, as they come. Processor seconds are all threads'
 * of this process, the collector's among them, so that nothing but scoring can hide; seconds are the wall's, and say on a
 * shared machine how busy the others were.
 */
export interface Pass {
  readonly looks: number
  readonly facts: number
  readonly processorSeconds: number
  readonly seconds: number
  /** Looks for each second of one core's time, and of the wall's. */
  readonly perCoreSecond: number
  readonly perSecond: number
}

function pass({ accesses, facts, told }: LogToScore): Pass {
  const engine = new Engine({ told })
  const recent: Scored[] = []
  let next = 0
  let looks = 0
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  for (const access of accesses) {
    for (; next < facts.length && facts[next]!.at <= access.at; next += 1) engine.tell(facts[next]!)
    recent[looks % 1024] = engine.score(access)
    looks += 1
  }
  const { user, system } = process.cpuUsage(cpu)
  const [processorSeconds, seconds] = [(user + system) / 1e6, (performance.now() - wall) / 1000]
  return {
    looks,
    facts: next,
    processorSeconds,
    seconds,
    perCoreSecond: Math.round(looks / processorSeconds),
    perSecond: Math.round(looks / seconds),
  }
}

const log = asLog(makeLog({ seed: process.argv[2] ?? '' }))
for (let i = 0; i < 3; i += 1) process.stdout.write(`${JSON.stringify(pass(log))}\n`)
