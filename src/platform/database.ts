import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'

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
  close(): Promise<void>
}

/** Opens a pool of at most `max` connections. `bytea` comes as Buffer, `int8` as number (ours stay below 2^53). */
export function openDatabase(options: { url: string; max?: number; applicationName?: string }): OpenDatabase {
  const types = { getTypeParser: numberForInt8 } as unknown as pg.CustomTypesConfig
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'countersign',
    types,
  })
  // An idle connection that the server closes must not end the process; the next query reports it.
  pool.on('error', () => {})
  // biome-ignore lint/complexity/noBannedTypes: as above
  const db = new Kysely<{}>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, url: options.url, close: () => db.destroy() }
}

const INT8_OID = 20

function numberForInt8(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8_OID && format !== 'binary') return (text: string) => Number(text)
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}
