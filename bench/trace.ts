import { parseArgs } from 'node:util'
import { measureAnswers } from './trace/answers.ts'
import { measureCalibration } from './trace/calibration.ts'
import { measureCrowd } from './trace/crowd.ts'
import { measurePower } from './trace/power.ts'

/**
 * Simulated leaks, as lists turn up, answered by the product's own trace: from the text to who is named. The
 * generator (`bench/leaks/`) shares no code with the tracer. Peer: the guilt model of Papadimitriou and
 * Garcia-Molina on the same leaks, with the lowest threshold at which it names nobody innocent, chosen afterwards.
 * `ours` and `peer` are the shares of leaks out of one person's look, of all kinds, whose leaker is named.
 */
const { values } = parseArgs({
  options: {
    leaks: { type: 'string', default: '1400' },
    'per-cell': { type: 'string', default: '100' },
    crowds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`)
}
const seed = Number(values.seed)
const power = measurePower({ seed, perCell: Number(values['per-cell']) }, say)
const answers = measureAnswers({ seed, leaks: Number(values.leaks) }, say)
const calibration = measureCalibration({ seed, leaks: Number(values.leaks) }, say)
const crowd = measureCrowd({ seed, crowds: Number(values.crowds), looks: 1_000_000 }, say)
process.stdout.write(
  `${JSON.stringify({
    bench: 'trace',
    ours: answers.ours,
    peer: answers.peer,
    ratio: Number((answers.ours / Math.max(answers.peer, 0.001)).toFixed(3)),
    unit: 'share named',
    leaks: answers.leaks,
    innocentsNamed: answers.innocentsNamed + crowd.innocentsNamed,
    medianMs: answers.medianMs,
    slowestMs: answers.slowestMs,
    mostCpuMs: answers.mostCpuMs,
    crowd,
    power,
    calibration,
    kinds: answers.kinds,
  })}\n`,
)
