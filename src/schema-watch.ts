import { commitWith } from './ledger/commit.ts'
import { findStrangers, keepStrangers } from './platform/strangers.ts'
import type { CoreRooms, Lines } from './rooms.ts'

/** Registers the job that looks every minute for what acts in the database and is not ours; once for all servers. */
export function addSchemaWatch(core: CoreRooms, { jobs }: Pick<Lines, 'jobs'>): void {
  jobs.every('strangers', '* * * * *', () => lookForStrangers(core))
}

/**
 * Looks once. What came or went since the last time is an entry, which stays when somebody takes away again what was
 * there for a minute; names are in its body, sealed, and in no line of the log.
 */
export async function lookForStrangers({
  world,
  ledger,
  log,
}: Pick<CoreRooms, 'world' | 'ledger' | 'log'>): Promise<void> {
  const { db, pool } = world.database
  const names = await findStrangers(pool)
  const { came, went } = await commitWith(db, ledger, async (trx, append) => {
    const changed = await keepStrangers(trx, names, world.clock.now())
    if (changed.came.length + changed.went.length > 0)
      await append({ kind: 'strangers-found', header: null, body: changed })
    return changed
  })
  if (came.length + went.length > 0)
    log.error({ came: came.length, went: went.length, there: names.length }, STRANGERS_SAY)
}

/** What is said of them wherever somebody asks. */
export const STRANGERS_SAY = 'something acts in the database that no migration made'
