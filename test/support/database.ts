import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { type OpenDatabase, openDatabase } from '../../src/platform/database.ts'
import { migrate } from '../../src/platform/migrate.ts'

/**
 * A fresh, migrated database on a real PostgreSQL, dropped when the test ends. The server is the one that
 * `scripts/test.mjs` starts and names in COUNTERSIGN_TEST_PG.
 */
export async function openTestDatabase(t: Pick<TestContext, 'after'>): Promise<OpenDatabase> {
  const server = process.env.COUNTERSIGN_TEST_PG
  if (server === undefined)
    throw new Error('COUNTERSIGN_TEST_PG is not set: run the tests with `npm run check`')
  const name = `t_${randomBytes(6).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href, max: 20 })
  await migrate(database.pool)
  t.after(async () => {
    await database.close()
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
  })
  return database
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
