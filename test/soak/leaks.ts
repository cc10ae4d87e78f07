import assert from 'node:assert/strict'
import { measureAnswers } from '../../bench/trace/answers.ts'
import { measureCrowd } from '../../bench/trace/crowd.ts'
import { runRounds } from './parts/rounds.ts'

/** Two hundred simulated leaks a round, of every kind: nobody innocent is ever named, in none of 10,000. */
export async function answerLeaks(rounds: number, say: (line: string) => void): Promise<void> {
  let leaks = 0
  for (let round = 0; round < rounds; round += 1) {
    const answers = measureAnswers({ seed: 1_000 + round, leaks: 200 }, () => {})
    assert.equal(answers.innocentsNamed, 0, `round ${round + 1}: ${JSON.stringify(answers.kinds)}`)
    leaks += answers.leaks
    say(
      `round ${round + 1}: ${leaks} leaks so far, no innocent named; of those out of one look ${answers.ours} named; ${answers.medianMs} ms each, slowest ${answers.slowestMs} ms`,
    )
  }
  const crowd = measureCrowd({ seed: rounds, crowds: 1, looks: 1_000_000 }, say)
  assert.equal(crowd.innocentsNamed, 0)
}

const STANDARD = 50

if (import.meta.main) await runRounds('leaks', STANDARD, answerLeaks)
