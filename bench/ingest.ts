import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { parseColumnMap } from '../src/calls/formats/column-map.ts'
import { readDelimitedBatches } from '../src/calls/formats/delimited.ts'
import { readJurisdiction } from '../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../src/calls/numbers.ts'
import { initKeys, openKeys } from '../src/keys/key-directory.ts'
import { systemClock } from '../src/platform/clock.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { ingestFiles } from '../src/vault/ingest.ts'
import { writeDailyFiles } from './daily-files.ts'

const { values } = parseArgs({
  options: { records: { type: 'string', default: '2000000' }, json: { type: 'boolean', default: false } },
})
const records = Number(values.records)
const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined || !Number.isInteger(records) || records < 1000) {
  console.error('usage: npm run bench -- ingest [--json] [--records N]   (N at least 1000)')
  process.exit(2)
}

const say = (line: string): void => console.error(line)
const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
const name = `bench_ingest_${process.pid}`
const admin = openDatabase({ url: server, max: 1 })
await admin.pool.query(`CREATE DATABASE ${name}`)
const url = new URL(server)
url.pathname = `/${name}`
const database = openDatabase({ url: url.href })
try {
  await migrate(database.pool)
  const { paths, subscribers } = writeDailyFiles(dir, records, 42)
  say(`${records} calls of ${subscribers} subscribers in ${paths.length} daily files`)
  const peer = records / (await measure(() => copyPlain(database.pool, paths)))
  say(`plain table with two indexes: ${Math.round(peer)} records a second`)
  await database.pool.query('CHECKPOINT')
  const ours = records / (await ingestSealed(database.pool, paths))
  const ratio = Math.round((ours / peer) * 100) / 100
  say(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
  console.log(
    JSON.stringify({
      bench: 'ingest',
      ours: Math.round(ours),
      peer: Math.round(peer),
      ratio,
      unit: 'records/s',
    }),
  )
} finally {
  await database.close()
  await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.close()
  rmSync(dir, { recursive: true })
}

/** The same files into a plain table, a COPY each, with the indexes that a search by either number needs. */
async function copyPlain(pool: pg.Pool, paths: readonly string[]): Promise<void> {
  const client = await pool.connect()
  await client.query('CREATE SCHEMA peer')
  await client.query(`CREATE TABLE peer.call (caller text NOT NULL, called text NOT NULL, start timestamptz NOT NULL,
    duration integer NOT NULL, cell text, charge bigint, tariff text)`)
  await client.query('CREATE INDEX ON peer.call (caller, start)')
  await client.query('CREATE INDEX ON peer.call (called, start)')
  await client.query(`SET timezone = 'UTC'`)
  for (const path of paths) {
    const copy = client.query(copyFrom('COPY peer.call FROM STDIN (FORMAT csv, HEADER)'))
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), copy)
  }
  client.release()
}

/** Our whole way: read, parse, gather, seal, file under both parties, commit. Gives the seconds it took. */
async function ingestSealed(pool: pg.Pool, paths: readonly string[]): Promise<number> {
  const keysDir = join(dir, 'data.keys')
  await initKeys(keysDir, 'a passphrase for the bench')
  const keys = await openKeys(keysDir, 'a passphrase for the bench')
  const jurisdiction = readJurisdiction(join(import.meta.dirname, '../jurisdictions/mm.json'))
  const plan = createNumberPlan(jurisdiction, {
    ownPrefixes: ['979'],
    premiumPrefixes: [],
    servicePrefixes: [],
  })
  const map = parseColumnMap(
    JSON.stringify({
      name: 'bench',
      header: true,
      columns: {
        caller: { column: 'caller' },
        called: { column: 'called' },
        start: { column: 'start', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Z' },
        duration: { column: 'duration', unit: 'seconds' },
        callerCell: { column: 'cell' },
        charge: { column: 'charge', unit: 'major', currency: 'MMK' },
        tariff: { column: 'tariff' },
        kind: { fixed: 'voice' },
      },
    }),
  )
  const clock = systemClock
  const read = readDelimitedBatches(map, { plan, now: clock.now() })
  let filed = 0
  const seconds = await measure(async () => {
    const summary = await ingestFiles(
      { pool, keys, clock, offsetMinutes: jurisdiction.offsetMinutes },
      { files: paths, read, servedByUs: () => true },
    )
    filed = summary.filed
  })
  if (filed !== records) throw new Error(`filed ${filed} of ${records} calls`)
  const { rows } = await pool.query<{ blocks: number; bytes: number }>(
    'SELECT count(*)::int AS blocks, sum(octet_length(sealed))::float AS bytes FROM vault.block',
  )
  const { blocks, bytes } = rows[0]!
  say(`sealed: ${Math.round(records / seconds)} records a second, each in two logs`)
  say(`${blocks} blocks, ${(bytes / (2 * records)).toFixed(1)} bytes a row`)
  keys.close()
  return seconds
}

async function measure(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}
