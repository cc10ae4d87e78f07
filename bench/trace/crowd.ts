import { encodeShown, logEvidenceOfAll, prepareEvidence } from '../../src/trace/evidence.ts'
import { namingThreshold } from '../../src/trace/rules.ts'
import { drawCrowd } from '../leaks/crowd.ts'
import { makeLeak } from '../leaks/leak.ts'
import { makeWorld } from '../leaks/world.ts'
import { createTracer, OFFSET, PLAN } from './tracer.ts'

/** The hardest a trace can be asked: a million looks at one and the same log, and one of them leaked. */

export interface Crowd {
  readonly looks: number
  readonly leaks: number
  readonly leakersNamed: number
  readonly innocentsNamed: number
  /** From the text to who is named, of a million; the slowest. */
  readonly slowestMs: number
  /** Processor time of the one that needed most: what a busy machine does not change. */
  readonly mostCpuMs: number
}

/** Holds leaks of 19 rows, rounded and 3% misread, against `looks` innocent looks each. */
export function measureCrowd(
  { seed, crowds, looks }: { seed: number; crowds: number; looks: number },
  say: (line: string) => void,
): Crowd {
  let [leakersNamed, innocentsNamed, slowestMs, mostCpuMs] = [0, 0, 0, 0]
  const threshold = namingThreshold(looks)
  for (let n = 0; n < crowds; n++) {
    const world = makeWorld(seed * 49_979_687 + n, {
      plan: PLAN,
      offsetMinutes: OFFSET,
      agents: 12,
      looks: 20,
      calls: 60,
      contacts: 60,
    })
    const leak = makeLeak('masked', world, seed + n, {
      rows: 22,
      errors: 0.03,
      toMinutes: true,
      offsetMinutes: OFFSET,
    })
    const trace = createTracer(world)
    const { observed } = trace(leak.text, { among: looks })
    const codes = new Uint16Array(looks * observed.rows.length)
    const rows = observed.rows.map(({ group, ever }) => ({ number: group, ever: ever ?? 0 }))
    drawCrowd(seed * 86_028_121 + n, looks, rows, (look, row, places, secondsShown, durationExact) => {
      codes[look * rows.length + row] = encodeShown({ places, secondsShown, durationExact })
    })
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    const { verdict, observed: again } = trace(leak.text, { among: looks })
    const logs = logEvidenceOfAll(prepareEvidence(again.rows, again.strays), codes, looks)
    innocentsNamed += logs.reduce((sum, log) => sum + (log / Math.LN10 >= threshold ? 1 : 0), 0)
    slowestMs = Math.max(slowestMs, performance.now() - began)
    const { user, system } = process.cpuUsage(cpu)
    mostCpuMs = Math.max(mostCpuMs, (user + system) / 1000)
    if (verdict.kind === 'named' && verdict.named.every(({ agent }) => leak.agents.includes(agent)))
      leakersNamed++
  }
  say(
    `among a million looks at one log: ${leakersNamed} of ${crowds} leakers named, ${innocentsNamed} innocents; slowest ${slowestMs.toFixed(0)} ms, ${mostCpuMs.toFixed(0)} ms of processor time`,
  )
  return {
    looks,
    leaks: crowds,
    leakersNamed,
    innocentsNamed,
    slowestMs: Number(slowestMs.toFixed(0)),
    mostCpuMs: Number(mostCpuMs.toFixed(0)),
  }
}
