import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import { CodedError } from './coded-error.ts'

const MIGRATIONS = new URL('./migrations/', import.meta.url)
/** Taken for the length of a migration, so that two servers starting together migrate once. */
const MIGRATION_LOCK = 7_264_911

/**
 * Brings the schema up to date: every `migrations/NNN_name.sql` that has not run yet, in order of number,
 * each in a transaction of its own. @throws CodedError `schema-newer` when the database knows a migration
 * that this program does not.
 */
export async function migrate(pool: pg.Pool): Promise<{ ran: string[] }> {
  const names = migrationNames()
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    await client.query('CREATE SCHEMA IF NOT EXISTS platform')
    await client.query(
      'CREATE TABLE IF NOT EXISTS platform.migration (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())',
    )
    const done = (await client.query<{ name: string }>('SELECT name FROM platform.migration')).rows.map(
      (r) => r.name,
    )
    const unknown = done.filter((name) => !names.includes(name))
    if (unknown.length > 0) {
      throw new CodedError(
        'schema-newer',
        `the database was migrated by a newer version (${unknown.join(', ')}): run that version`,
      )
    }
    const ran: string[] = []
    for (const name of names.filter((n) => !done.includes(n))) {
      await runMigration(client, name)
      ran.push(name)
    }
    return { ran }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {})
    client.release()
  }
}

function migrationNames(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => /^\d{3}_[a-z_]+\.sql$/.test(name))
    .sort()
}

/** What a database's schema has not got yet, and what this program does not know; nothing is changed. */
export async function readSchemaState(pool: pg.Pool): Promise<{ waiting: string[]; unknown: string[] }> {
  const names = migrationNames()
  const there = await pool.query<{ there: boolean }>(
    "SELECT to_regclass('platform.migration') IS NOT NULL AS there",
  )
  if (there.rows[0]?.there !== true) return { waiting: names, unknown: [] }
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM platform.migration')
  const done = new Set(rows.map(({ name }) => name))
  return {
    waiting: names.filter((name) => !done.has(name)),
    unknown: [...done].filter((name) => !names.includes(name)),
  }
}

async function runMigration(client: pg.PoolClient, name: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
    await client.query('INSERT INTO platform.migration (name) VALUES ($1)', [name])
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    const why = cause instanceof Error ? cause.message : 'unknown'
    throw new CodedError('migration-failed', `migration ${name} failed: ${why}`, { cause, fatal: true })
  }
}
