import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { createVault } from '../src/vault/vault.ts'
import { writeDailyFiles } from './daily-files.ts'
import { checkFiled, ingestSealed, OFFSET_MINUTES, openBenchKeys } from './ingest-sealed.ts'
import { tableBytes } from './on-disk.ts'
import { copyPlain, createPlain } from './plain-table.ts'
import { measure, type Spent, serverOf } from './spent.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '2000000' },
    references: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const { references } = values
const records = Number(values.records)
const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined || !Number.isInteger(records) || records < 1000) {
  console.error('usage: npm run bench -- ingest [--json] [--references] [--records N]   (N at least 1000)')
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
const { pool } = database
const keys = await openBenchKeys(dir)
try {
  await migrate(pool)
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const serverPid = serverOf(rows[0]!.pid)
  const { paths, subscribers } = writeDailyFiles(dir, records, 42, undefined, undefined, references)
  say(`${records} calls of ${subscribers} subscribers in ${paths.length} daily files`)
  await createPlain(pool, references)
  const plain = await measure(serverPid, () => copyPlain(pool, paths))
  tell(`plain table with ${references ? 'three' : 'two'} indexes`, plain)
  await pool.query('CHECKPOINT')
  const sealed = await measure(serverPid, async () =>
    checkFiled((await ingestSealed({ pool, keys, references }, paths)).filed, records),
  )
  tell('sealed, each record in two logs', sealed)
  const memory = Math.round(process.resourceUsage().maxRSS / 1024)
  const merged = await measure(serverPid, async () => {
    const vault = createVault({ pool, keys, offsetMinutes: OFFSET_MINUTES })
    while ((await vault.merge({ subjects: 1000 })).before > 0);
    await pool.query('VACUUM (FULL, ANALYZE) vault.block')
    await pool.query('VACUUM ANALYZE peer.call')
  })
  tell('merged and vacuumed', merged)
  const bytes = (await tableBytes(pool, 'vault.block')) + (await tableBytes(pool, 'vault.file'))
  const referenceBytes = references ? await tableBytes(pool, 'vault.reference') : 0
  const peerBytes = await tableBytes(pool, 'peer.call')
  say(`peak memory ${memory} MB`)
  console.log(
    JSON.stringify({
      bench: references ? 'ingest-references' : 'ingest',
      ours: Math.round(records / sealed.seconds),
      peer: Math.round(records / plain.seconds),
      ratio: round(plain.seconds / sealed.seconds),
      unit: 'records/s',
      ourMicroseconds: { process: microseconds(sealed.ours), database: microseconds(sealed.database) },
      peerMicroseconds: { process: microseconds(plain.ours), database: microseconds(plain.database) },
      cpuRatio: round((plain.ours + plain.database) / (sealed.ours + sealed.database)),
      bytes: round(bytes / records),
      ...(references ? { referenceBytes: round(referenceBytes / records) } : {}),
      peerBytes: round(peerBytes / records),
      memoryMb: memory,
    }),
  )
} finally {
  keys.close()
  await database.close()
  await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.close()
  rmSync(dir, { recursive: true })
}

function tell(what: string, { seconds, ours, database: theirs }: Spent): void {
  say(
    `${what}: ${Math.round(records / seconds)} records a second; processor ${microseconds(ours)} + database ${microseconds(theirs)} microseconds each`,
  )
}

function microseconds(seconds: number): number {
  return round((seconds * 1_000_000) / records)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
