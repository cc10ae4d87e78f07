import type pg from 'pg'
import { describeError } from '../platform/http/problem.ts'
import type { WatchParties } from './parties.ts'
import type { Watcher } from './watcher.ts'

/** How often the end of the ledger is looked at: a look is scored well within a second of its entry. */
const LOOK_EVERY_MS = 250
const TRY_AGAIN_MS = 5_000
/** Held by the one server that watches; it ends with the connection, so a server that dies frees it. */
const WATCH_LOCK = 7_264_940

/**
 * Follows the ledger on one server of the cluster: whoever holds the lock reads what is new four times a second.
 * Notifications would do as well, but a reveal publishes none, because NOTIFY makes commits wait for each other.
 * @returns stops, once the reading under way has ended.
 */
export function startWatching(parties: WatchParties, watcher: () => Promise<Watcher>): () => Promise<void> {
  const { pool, log } = parties
  let holder: pg.PoolClient | null = null
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()

  const hold = async (): Promise<boolean> => {
    if (holder !== null) return true
    const client = await pool.connect()
    const got = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [WATCH_LOCK])
    if (got.rows[0]?.got !== true) {
      client.release()
      return false
    }
    client.once('error', () => {
      holder = null
    })
    holder = client
    return true
  }
  const work = async (): Promise<number> => {
    try {
      if (!(await hold())) return TRY_AGAIN_MS
      await (await watcher()).catchUp()
      return LOOK_EVERY_MS
    } catch (error) {
      log.error(describeError(error), 'watching could not read on and will try again')
      return TRY_AGAIN_MS
    }
  }
  const again = (afterMs: number): void => {
    if (stopped) return
    timer = setTimeout(() => {
      turn = work().then(again)
    }, afterMs)
    timer.unref()
  }
  again(0)
  return async () => {
    stopped = true
    clearTimeout(timer)
    await turn
    const client = holder
    holder = null
    await client?.query('SELECT pg_advisory_unlock($1)', [WATCH_LOCK]).catch(() => {})
    client?.release()
  }
}
