import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
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
  await makeTemplate(server)
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href, max: 20 })
  t.after(async () => {
    await database.close()
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
  })
  return database
}

const MIGRATIONS = new URL('../../src/platform/migrations/', import.meta.url)
/** Of another schema it is another template. */
const TEMPLATE = `migrated_${schemaDigest()}`
const TEMPLATE_LOCK = 5_118_204
let made: Promise<void> | null = null

/** Migrates once a server: a copy of what that gives costs a tenth of it. */
function makeTemplate(server: string): Promise<void> {
  made ??= onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const there = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE])
    if (there.rowCount === 1) return
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}_half`)
    await client.query(`CREATE DATABASE ${TEMPLATE}_half`)
    const url = new URL(server)
    url.pathname = `/${TEMPLATE}_half`
    const database = openDatabase({ url: url.href })
    await migrate(database.pool)
    await database.close()
    // Nobody is to be in it when it is copied, not even the server's own housekeeping.
    await client.query(`ALTER DATABASE ${TEMPLATE}_half ALLOW_CONNECTIONS false`)
    await client.query(`ALTER DATABASE ${TEMPLATE}_half RENAME TO ${TEMPLATE}`)
  })
  return made
}

function schemaDigest(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(MIGRATIONS).sort()) hash.update(readFileSync(new URL(name, MIGRATIONS)))
  return hash.digest('hex').slice(0, 12)
}

async function onServer(url: string, work: string | ((client: pg.Client) => Promise<void>)): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    if (typeof work === 'string') await client.query(work)
    else await work(client)
  } finally {
    await client.end()
  }
}
