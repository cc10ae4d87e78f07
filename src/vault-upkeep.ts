import type { CoreRooms, Lines } from './rooms.ts'

/** Months that are over are merged to one block a subject; the current one when it has become many. */
const MANY_BLOCKS = 16
const SUBJECTS_A_ROUND = 5_000
/** Late records come for a while; before that a finished month would be merged again and again. */
const SETTLED_DAYS = 5
const DAY_MS = 86_400_000

/**
 * Registers the job that merges fresh blocks, every ten minutes, once for all servers. It goes on until nothing is
 * left or ten rounds are done; the rest waits for the next time.
 */
export function addVaultUpkeep(
  { world, vault, log, operator }: CoreRooms,
  { jobs }: Pick<Lines, 'jobs'>,
): void {
  jobs.every('vault-merge', '*/10 * * * *', async () => {
    const local = new Date(
      world.clock.now() - SETTLED_DAYS * DAY_MS + operator.jurisdiction.offsetMinutes * 60_000,
    )
    // The month before the one that it was, locally, some days ago.
    const over = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - 1, 1))
    const upToMonth = over.getUTCFullYear() * 100 + over.getUTCMonth() + 1
    for (const options of [{ upToMonth }, { atLeast: MANY_BLOCKS }]) {
      for (let round = 0; round < 10; round++) {
        const { before, after } = await vault.merge({ subjects: SUBJECTS_A_ROUND, ...options })
        if (before > 0) log.info({ before, after }, 'blocks merged')
        if (before === 0) break
      }
    }
  })
}
