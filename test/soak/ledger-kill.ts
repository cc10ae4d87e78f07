import { randomInt } from 'node:crypto'
import { openTestDatabase } from '../support/database.ts'
import { openLogUnderTrial } from './parts/log-under-trial.ts'
import { runRounds } from './parts/rounds.ts'

/**
 * Servers of the ledger are killed at random moments under load, two at a time on one database. After each round: no
 * acknowledged entry is lost or elsewhere, no gap, no doubled index, and the log verifies.
 */
export async function killServers(rounds: number, say: (line: string) => void): Promise<void> {
  const closing: (() => Promise<void>)[] = []
  const database = await openTestDatabase({ after: (fn) => closing.push(fn as () => Promise<void>) })
  const log = openLogUnderTrial(database.url)
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const writers = [log.start(), log.start()]
      // After a random count of acknowledgements, so that the kill falls anywhere in a batch.
      await Promise.all(
        writers.map(async (writer) => {
          await writer.tells(randomInt(1, 400))
          writer.child.kill('SIGKILL')
          await writer.ended()
        }),
      )
      const size = await log.check()
      say(`round ${round}: two servers killed, ${log.told.size} acknowledged, ${size} entries, whole`)
    }
  } finally {
    await log.close()
    for (const close of closing) await close()
  }
}

if (import.meta.main) await runRounds('ledger-kill', 100, killServers)
