import assert from 'node:assert/strict'
import { openEvidence, unnoticedBytes } from '../ledger/evidence/bundles.ts'
import { openTestDatabase } from '../support/database.ts'
import { runRounds } from './parts/rounds.ts'

/** Every byte of a bundle is changed, one at a time, a slice a round: each change is found and named. */
export async function changeEveryByte(rounds: number, say: (line: string) => void): Promise<void> {
  const closing: (() => Promise<void>)[] = []
  const database = await openTestDatabase({ after: (fn) => closing.push(fn as () => Promise<void>) })
  try {
    const { make, ledger } = await openEvidence(database)
    const { zip } = await make()
    const slices = Math.max(rounds, STANDARD)
    for (let round = 0; round < rounds; round += 1) {
      const positions = Array.from({ length: zip.length }, (_, i) => i).filter((i) => i % slices === round)
      assert.deepEqual(unnoticedBytes(zip, ledger.verifierKey, positions), [])
      say(`round ${round + 1}: ${positions.length} of ${zip.length} bytes changed, each found`)
    }
    await ledger.close()
  } finally {
    for (const close of closing) await close()
  }
}

const STANDARD = 200

if (import.meta.main) await runRounds('evidence-bytes', STANDARD, changeEveryByte)
