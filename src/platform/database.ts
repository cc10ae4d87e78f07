import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { CodedError } from './coded-error.ts'
import { CopyRows, sendCopy } from './copy.ts'
import { endsWithin } from './in-time.ts'
import { beginStatement } from './tracing.ts'

/**
 * The database, without any room's tables: each room's `store.ts` adds its own with `db.withTables<...>()`,
 * so that no room can name another's.
 */
// biome-ignore lint/complexity/noBannedTypes: Kysely's way to say "no table yet"
export type Db = Kysely<{}>
// biome-ignore lint/complexity/noBannedTypes: as above
export type Trx = Transaction<{}>

export interface OpenDatabase {
  readonly db: Db
  readonly pool: pg.Pool
  readonly url: string
  /** @throws CodedError `connections-left` when some are still held after five seconds. */
  close(): Promise<void>
}

/** Opens a pool of at most `max` connections. `bytea` comes as Buffer, `int8` as number, alone and in arrays (ours stay below 2^53). */
export function openDatabase(options: { url: string; max?: number; applicationName?: string }): OpenDatabase {
  const types = { getTypeParser: numberForInt8 } as unknown as pg.CustomTypesConfig
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'countersign',
    types,
    Client: PreparingClient,
  })
  // A connection that the server closes must not end the process, idle in the pool or between two queries of whoever
  // holds it; the next query reports it.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  // biome-ignore lint/complexity/noBannedTypes: as above
  const db = new Kysely<{}>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, url: options.url, close: () => closeInTime(db, pool) }
}

/** Whoever holds a connection that broke may never give it back: nobody waits for that for ever. */
// biome-ignore lint/complexity/noBannedTypes: as above
async function closeInTime(db: Kysely<{}>, pool: pg.Pool): Promise<void> {
  // Kysely ends no pool that it never used.
  const closed = db.destroy().then(() => (pool.ended ? undefined : pool.end()))
  if (!(await endsWithin(closed, CLOSE_LIMIT_MS)))
    throw new CodedError('connections-left', 'connections to the database were not given back: it was left')
}

const CLOSE_LIMIT_MS = 5_000

const LOWEST_VERSION = 150_000

/**
 * The version of the server, `18.4`. Older servers lack what the schema uses; another encoding loses Burmese.
 * @throws CodedError `database-too-old`, `database-not-utf8`
 */
export async function requireServer(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string; number: string; encoding: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
       current_setting('server_encoding') AS encoding`,
  )
  const { version, number, encoding } = rows[0]!
  if (Number(number) < LOWEST_VERSION)
    throw new CodedError('database-too-old', 'the PostgreSQL server is older than 15: upgrade it')
  if (encoding === 'UTF8') return version
  throw new CodedError(
    'database-not-utf8',
    "this database is not in UTF8: make one with CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
  )
}

const INT8_OID = 20
const INT8_ARRAY_OID = 1016

function numberForInt8(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8_OID && format !== 'binary') return (text: string) => Number(text)
  if (oid === INT8_ARRAY_OID && format !== 'binary') {
    // `pg` has it; its types list no arrays.
    const parse = pg.types.getTypeParser(oid as never, 'text') as (text: string) => (string | null)[]
    return (text: string) => parse(text).map((one) => (one === null ? null : Number(one)))
  }
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}

/** A text asked so often is prepared; of so many texts at most, for each connection holds a plan of each. */
const PREPARED_AFTER = 5
const PREPARED_TEXTS = 256
const asked = new Map<string, { times: number; name: string | null }>()
let prepared = 0

/**
 * A connection that has the server parse and plan a statement with values once, when this process asks it again and
 * again: for our short statements that is half of what the server spends on them.
 */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: `query` has a dozen overloads, all of which go through
  override query(...args: any[]): any {
    const [text, values, ...rest] = args
    if (Array.isArray(values) && values[0] instanceof CopyRows) return this.#copy(text, values[0])
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : null
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const pass = super.query as (...args: any[]) => any
    const given =
      name === null ? args : [{ name, text: text as string, values: values as unknown[] }, ...rest]
    const end = typeof text === 'string' ? beginStatement(text) : null
    return end === null ? pass.apply(this, given) : passInSpan(given, end, (all) => pass.apply(this, all))
  }

  async #copy(text: string, rows: CopyRows): Promise<{ command: string; rowCount: number; rows: [] }> {
    const end = beginStatement(text)
    try {
      const rowCount = await sendCopy(this, text, rows)
      end?.(null)
      return { command: 'COPY', rowCount, rows: [] }
    } catch (error) {
      end?.(error)
      throw error
    }
  }
}

/** Ends the statement's span when its callback is called or its promise settles, whichever way it was asked. */
function passInSpan(
  args: unknown[],
  end: (error: unknown) => void,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  pass: (args: unknown[]) => any,
): unknown {
  const callback = args.at(-1)
  if (typeof callback === 'function')
    return pass([
      ...args.slice(0, -1),
      (error: unknown, result: unknown) => {
        end(error)
        callback(error, result)
      },
    ])
  const asked = pass(args)
  if (asked instanceof Promise) asked.then(() => end(null), end)
  else end(null)
  return asked
}

function nameOf(text: string): string | null {
  const known = asked.get(text)
  if (known === undefined) {
    // Texts that are made anew each time would fill the map for ever.
    if (asked.size >= 8 * PREPARED_TEXTS)
      for (const [old, { name }] of asked) if (name === null) asked.delete(old)
    asked.set(text, { times: 1, name: null })
    return null
  }
  known.times += 1
  if (known.name === null && known.times >= PREPARED_AFTER && prepared < PREPARED_TEXTS)
    known.name = `countersign-${++prepared}`
  return known.name
}
