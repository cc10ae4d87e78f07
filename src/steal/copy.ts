import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { CodedError } from '../platform/coded-error.ts'
import { migrate } from '../platform/migrate.ts'

/** Copies of a database that is in use, on the same PostgreSQL server: nothing of it is written to. */

export type CopyFault = 'no-room-for-a-copy'

/** Jobs that wait are not copied: nothing of the copied world goes on by itself. */
const NOT_COPIED = ['pg_catalog', 'information_schema', 'graphile_worker']

/** A copy as it was made, from which the same state is made again and again. */
export interface Snapshot {
  /** A database of its own with that state; gives its address. */
  open(): Promise<string>
  /** Deletes a database that `open` gave. */
  drop(url: string): Promise<void>
  /** Deletes the snapshot. */
  close(): Promise<void>
}

/**
 * Takes one of the database at `url`, in one read-only transaction.
 * @throws CodedError `no-room-for-a-copy` where the server lets nobody make databases.
 */
export async function takeSnapshot(url: string): Promise<Snapshot> {
  const name = `countersign_copy_${randomBytes(6).toString('hex')}`
  const made = `${name}_made`
  const address = (database: string): string => {
    const other = new URL(url)
    other.pathname = `/${database}`
    return other.href
  }
  const admin = (sql: string) => withClient(address('postgres'), (client) => client.query(sql))
  const drop = (database: string) => admin(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
  try {
    await admin(`CREATE DATABASE ${made}`)
  } catch (cause) {
    throw new CodedError<CopyFault>(
      'no-room-for-a-copy',
      'the database server lets us make no databases: the copy needs one of its own (CREATEDB)',
      { cause },
    )
  }
  try {
    await fill(url, address(made))
  } catch (error) {
    await drop(made)
    throw error
  }
  let count = 0
  return {
    open: async () => {
      count += 1
      const database = `${name}_${count}`
      await admin(`CREATE DATABASE ${database} TEMPLATE ${made} STRATEGY FILE_COPY`)
      return address(database)
    },
    drop: async (opened) => {
      await drop(new URL(opened).pathname.slice(1))
    },
    close: async () => {
      await drop(made)
    },
  }
}

async function fill(url: string, target: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: target, max: 1 })
  try {
    await migrate(pool)
  } finally {
    await pool.end()
  }
  await withClient(url, (source) =>
    withClient(target, async (to) => {
      await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      // No key of one table is held against another while they are half filled.
      await to.query("SET session_replication_role = 'replica'")
      const tables = await source.query<{ name: string; columns: string }>(TABLES, [NOT_COPIED])
      const names = tables.rows.map(({ name }) => name)
      await to.query(`TRUNCATE ${names.join(', ')}`)
      for (const { name, columns } of tables.rows)
        await pipeline(
          source.query(copyTo(`COPY ${name} (${columns}) TO STDOUT (FORMAT binary)`)),
          to.query(copyFrom(`COPY ${name} (${columns}) FROM STDIN (FORMAT binary)`)),
        )
      const sequences = await source.query<{ name: string; at: string | null }>(SEQUENCES, [NOT_COPIED])
      for (const { name, at } of sequences.rows)
        if (at !== null) await to.query('SELECT setval($1::regclass, $2::bigint)', [name, at])
      await source.query('COMMIT')
      await to.query('ANALYZE')
    }),
  )
}

const TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name,
    string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> ALL ($1) AND n.nspname !~ '^pg_'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  GROUP BY 1 ORDER BY 1`

const SEQUENCES = `
  SELECT format('%I.%I', schemaname, sequencename) AS name, last_value AS at
  FROM pg_sequences WHERE schemaname <> ALL ($1) AND schemaname !~ '^pg_'`

async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}
