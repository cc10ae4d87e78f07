import pg from 'pg'

/** The sequencer's own connection: a batch never waits for the pool that its callers hold. */
export interface SequencerConnection {
  /**
   * Runs `work` on the connection, opening one when there is none. When `work` throws, the connection is closed
   * with whatever transaction it was in, and the next use opens another.
   */
  use<T>(work: (client: pg.Client) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Nobody holds the head, or a row that is written beside an entry, for more than a moment. */
const LOCK_LIMIT = '2s'

/** `pg` has these; its types do not. */
type RefClient = pg.Client & { ref(): void; unref(): void }

/** A connection to where `pool` connects. */
export function createSequencerConnection(pool: pg.Pool): SequencerConnection {
  let open: RefClient | null = null
  let users = 0
  const forget = (client: RefClient) => {
    if (open === client) open = null
  }
  const discard = async (client: RefClient) => {
    forget(client)
    await client.end().catch(() => {})
  }
  return {
    async use(work) {
      const client = open ?? (await connect(pool, forget))
      open = client
      users += 1
      client.ref()
      try {
        return await work(client)
      } catch (error) {
        await discard(client)
        throw error
      } finally {
        users -= 1
        // An idle ledger does not keep the process alive.
        if (users === 0) client.unref()
      }
    },
    async close() {
      if (open !== null) await discard(open)
    },
  }
}

async function connect(pool: pg.Pool, onEnd: (client: RefClient) => void): Promise<RefClient> {
  const client = new pg.Client(pool.options) as RefClient
  // A connection the server closes is noticed by the query under way, or by the next use.
  client.on('error', () => onEnd(client))
  client.on('end', () => onEnd(client))
  await client.connect()
  // An answer means durable, whatever the server's default is; and a row that somebody holds stops no other's entry.
  await client.query(
    `SELECT set_config('lock_timeout', '${LOCK_LIMIT}', false);
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
  )
  return client
}
