import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import pg from 'pg'
import { openDatabase } from '../../src/platform/database.ts'
import { migrate, readSchemaState } from '../../src/platform/migrate.ts'
import { readSessionFacts } from '../../src/staff/session-store.ts'
import { readPerson } from '../../src/staff/store.ts'
import { ROOT } from '../support/sources.ts'

const MIGRATIONS = `${ROOT}src/platform/migrations/`
const names = readdirSync(MIGRATIONS).sort()
const SUBJECT = 'ab'.repeat(16)

/** What an instance of that day held: rows of the oldest rooms, as soon as their migration has run. */
const ROWS: readonly (readonly [string, string])[] = [
  [
    '003_vault.sql',
    `INSERT INTO vault.setting (offset_minutes) VALUES (390);
     INSERT INTO vault.tenure VALUES (decode('${SUBJECT}', 'hex'), 'hers', 1700000000, NULL);
     INSERT INTO vault.block VALUES (decode('${SUBJECT}', 'hex'), 668, 65536, 'hers', 20330, 20331, '\\x0102');`,
  ],
  [
    '004_staff.sql',
    `INSERT INTO staff.person VALUES ('p1', 'M-1', 'Ma Thida', 'mandalay', 'north', 'active', 1);
     INSERT INTO staff.role VALUES ('p1', 'champion', 1);
     INSERT INTO staff.session VALUES ('s1', '\\xaa', 'p1', NULL, 'passkey', 1, 1000, 90000, NULL);`,
  ],
  [
    '005_customers.sql',
    `INSERT INTO customers.subscriber VALUES
       ('${SUBJECT}', '${SUBJECT}', 'hers', 1700000000, NULL, '\\x00');
     INSERT INTO customers.secret (subscriber_id, kind, salt, hash, set_at) VALUES ('${SUBJECT}', 'pin', '\\x01', '\\x02', 1);`,
  ],
  [
    '007_find.sql',
    `INSERT INTO find.article VALUES ('premium', 'tariff', 'Premium', 'ပရီမီယံ', 'text', 'စာ', 1, 'premium', 'premium');`,
  ],
]

test('each earlier schema, with what an instance held then, is brought up to date and loses nothing', async (t) => {
  const server = await openServer(t)
  const base = `up_${randomBytes(5).toString('hex')}`
  await server.create(base)
  for (const name of names) {
    await server.on(base, async (client) => {
      await client.query('CREATE SCHEMA IF NOT EXISTS platform')
      await client.query(
        'CREATE TABLE IF NOT EXISTS platform.migration (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())',
      )
      await client.query(readFileSync(MIGRATIONS + name, 'utf8'))
      await client.query('INSERT INTO platform.migration (name) VALUES ($1)', [name])
      const rows = ROWS.find(([after]) => after === name)
      if (rows !== undefined) await client.query(rows[1])
    })
    const copy = `${base}_${name.slice(0, 3)}`
    await server.create(copy, base)
    const database = openDatabase({ url: server.url(copy), max: 2 })
    const before = await countRows(database.pool)
    await migrate(database.pool)
    const after = await countRows(database.pool)
    for (const [table, rows] of before)
      assert.equal(after.get(table), rows, `${table}, of the schema that ended with ${name}`)
    assert.deepEqual(await readSchemaState(database.pool), { waiting: [], unknown: [] })
    if (name >= '004') {
      assert.deepEqual((await readPerson(database.db, 'p1'))?.roles, ['champion'])
      const facts = await readSessionFacts(database.db, Buffer.from([0xaa]), { now: 2000, idleMs: 60_000 })
      assert.equal(
        facts?.desk_name,
        'M-1',
        'who was signed in is on record; without a mark they sign in anew',
      )
    }
    await database.close()
    await server.drop(copy)
  }
})

test('a database of a newer version is refused, and nothing in it is changed', async (t) => {
  const server = await openServer(t)
  const name = `newer_${randomBytes(5).toString('hex')}`
  await server.create(name)
  const database = openDatabase({ url: server.url(name), max: 2 })
  await migrate(database.pool)
  await database.pool.query("INSERT INTO platform.migration (name) VALUES ('999_tomorrow.sql')")
  await database.pool.query("DELETE FROM platform.migration WHERE name = '092_crm.sql'")
  await assert.rejects(migrate(database.pool), { code: 'schema-newer' })
  const { rows } = await database.pool.query("SELECT FROM platform.migration WHERE name = '092_crm.sql'")
  assert.equal(rows.length, 0, 'not even what it lacked was run')
  await database.close()
})

async function countRows(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'platform')`,
  )
  const counts = new Map<string, number>()
  for (const { name } of rows) {
    const found = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`)
    counts.set(name, found.rows[0]!.n)
  }
  return counts
}

async function openServer(t: { after(work: () => Promise<void>): void }) {
  const address = process.env.COUNTERSIGN_TEST_PG
  if (address === undefined)
    throw new Error('COUNTERSIGN_TEST_PG is not set: run the tests with `npm run check`')
  const made = new Set<string>()
  const url = (name: string): string => {
    const own = new URL(address)
    own.pathname = `/${name}`
    return own.href
  }
  const withClient = async (at: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const client = new pg.Client({ connectionString: at })
    await client.connect()
    try {
      await work(client)
    } finally {
      await client.end()
    }
  }
  const drop = async (name: string): Promise<void> => {
    made.delete(name)
    await withClient(address, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  }
  t.after(async () => {
    for (const name of [...made]) await drop(name)
  })
  return {
    url,
    drop,
    on: (name: string, work: (client: pg.Client) => Promise<unknown>) => withClient(url(name), work),
    async create(name: string, template?: string) {
      made.add(name)
      const from = template === undefined ? '' : ` TEMPLATE ${template} STRATEGY file_copy`
      await withClient(address, (client) => client.query(`CREATE DATABASE ${name}${from}`))
    },
  }
}
