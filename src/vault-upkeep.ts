import type { CoreRooms, Lines } from './rooms.ts'
import { monthsEnding, type RetentionParties, runRetention } from './vault/retention.ts'

/** The current month is merged when a subject's has become so many blocks; months that are over, to one. */
const MANY_BLOCKS = 16
const SUBJECTS_A_ROUND = 5_000
const ROUNDS = 10
/** Late records come for a while; before that a finished month would be merged again and again. */
const SETTLED_DAYS = 5
/** How long `docs/running.md` asks operators to keep backups of the keys. */
const KEY_BACKUP_DAYS = 35
const DAY_MS = 86_400_000

/** What retention works with, of the rooms. */
export function retentionParties({ world, ledger, operator }: CoreRooms): RetentionParties {
  const { database, keys, clock } = world
  const { db, pool } = database
  const { offsetMinutes, retention } = operator.jurisdiction
  const { storeMonths } = retention
  return { db, pool, keys, ledger, clock, offsetMinutes, storeMonths, keyBackupDays: KEY_BACKUP_DAYS }
}

/** The same, with how long records are kept as the rules in force say. */
export async function keepingParties(core: CoreRooms): Promise<RetentionParties> {
  const { rules } = await core.staff.verification.current()
  return { ...retentionParties(core), storeMonths: storeMonthsOf(core, rules.retention.storeMonths) }
}

/** The months whose keys the next keeping would destroy if so many were kept. */
export function endingMonths(core: CoreRooms): (storeMonths: number | null) => Promise<readonly string[]> {
  return (storeMonths) =>
    monthsEnding({ ...retentionParties(core), storeMonths: storeMonthsOf(core, storeMonths) })
}

/** What the rules say, or where they say nothing the jurisdiction. */
export function storeMonthsOf({ operator }: Pick<CoreRooms, 'operator'>, storeMonths: number | null): number {
  return storeMonths ?? operator.jurisdiction.retention.storeMonths
}

/**
 * Registers the job that ends what is over, once a day, and the one that merges fresh blocks, every ten minutes; once
 * for all servers. Merging goes on until nothing is left or ten rounds are done; the rest waits for the next time.
 */
export function addVaultUpkeep(core: CoreRooms, { jobs }: Pick<Lines, 'jobs'>): void {
  const { vault, log } = core
  jobs.every('retention', '15 20 * * *', async () => {
    const { ended, blocks, held, released } = await runRetention(await keepingParties(core))
    if (ended.length > 0 || released > 0)
      log.info({ ended: ended.length, blocks, held, released }, 'retention')
  })
  jobs.every('vault-merge', '*/10 * * * *', async () => {
    for (const options of [{ upToMonth: settledMonth(core) }, { atLeast: MANY_BLOCKS }]) {
      for (let round = 0; round < ROUNDS; round++) {
        const { before, after } = await vault.merge({ subjects: SUBJECTS_A_ROUND, ...options })
        if (before === 0) break
        log.info({ before, after }, 'blocks merged')
      }
    }
  })
}

/** The last month that was over some days ago, locally, as 202608. */
function settledMonth({ world, operator }: CoreRooms): number {
  const { offsetMinutes } = operator.jurisdiction
  const local = new Date(world.clock.now() - SETTLED_DAYS * DAY_MS + offsetMinutes * 60_000)
  const over = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - 1, 1))
  return over.getUTCFullYear() * 100 + over.getUTCMonth() + 1
}
