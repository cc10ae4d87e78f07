import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { E164 } from '../src/calls/call-record.ts'
import type { KeyService } from '../src/keys/key-service.ts'
import { claimReceiptPress } from '../src/ledger/receipt.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { PSEUDONYM_KEY, subjectOf, unregisteredTenure } from '../src/vault/subject.ts'
import { createVault, type Vault } from '../src/vault/vault.ts'
import { subscriberNumber, writeDailyFiles } from './daily-files.ts'
import { checkFiled, ingestSealed, OFFSET_MINUTES, openBenchKeys } from './ingest-sealed.ts'
import { measure, serverOf } from './spent.ts'

const { values } = parseArgs({
  options: { records: { type: 'string', default: '100000000' }, json: { type: 'boolean', default: false } },
})
const records = Number(values.records)
const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined || !Number.isInteger(records) || records < 100_000) {
  console.error(
    'usage: npm run bench -- read [--json] [--records N]   (N at least 100,000; a tenth of it is read first)',
  )
  process.exit(2)
}
/** Subscribers that are read, each once: so nothing of a log is in memory that was not read for another. */
const READS = 300
const COLD_READS = 20
/** So many records come from the switches of one region, which have subscribers of their own, and are merged then. */
const REGION = 10_000_000

const say = (line: string): void => console.error(line)
/** No ledger runs here, so its press is the bench's: the receipts are real ones. */
const press = claimReceiptPress()
const smaller = await measureVault(records / 10)
const larger = await measureVault(records)
console.log(
  JSON.stringify({
    bench: 'read',
    records,
    medianMs: larger.median,
    p99Ms: larger.p99,
    coldMedianMs: larger.cold,
    processorMs: larger.processor,
    coldProcessorMs: larger.coldProcessor,
    tenTimesLess: {
      records: records / 10,
      medianMs: smaller.median,
      p99Ms: smaller.p99,
      coldMedianMs: smaller.cold,
      processorMs: smaller.processor,
      coldProcessorMs: smaller.coldProcessor,
    },
    unit: 'ms',
  }),
)

interface Measured {
  readonly median: number
  readonly p99: number
  readonly cold: number
  /** Processor time a read, of this process and the database's: what the clock says where nothing else runs. */
  readonly processor: number
  readonly coldProcessor: number
}

async function measureVault(size: number): Promise<Measured> {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
  const name = `bench_read_${process.pid}`
  const admin = openDatabase({ url: server!, max: 1 })
  await admin.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const keys = await openBenchKeys(dir)
  let database = openDatabase({ url: url.href })
  try {
    await migrate(database.pool)
    const vaultOf = (): Vault => createVault({ pool: database.pool, keys, offsetMinutes: OFFSET_MINUTES })
    let subscribers = 0
    for (let filed = 0; filed < size; filed += REGION) {
      const records = Math.min(REGION, size - filed)
      const region = mkdtempSync(join(dir, 'region-'))
      const files = writeDailyFiles(region, records, 42 + filed, undefined, subscribers)
      checkFiled((await ingestSealed({ pool: database.pool, keys }, files.paths)).filed, records)
      rmSync(region, { recursive: true })
      subscribers += files.subscribers
      while ((await vaultOf().merge({ subjects: 5000 })).before > 0);
      say(`${filed + records} records are filed and merged`)
    }
    await database.pool.query('VACUUM ANALYZE vault.block')
    // A fresh connection to a database whose pages were dropped from its own memory.
    await database.pool.query('CHECKPOINT')
    const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const serverPid = serverOf(rows[0]!.pid)
    const cold: number[] = []
    let coldSpent = 0
    for (let at = 0; at < COLD_READS; at++) {
      await dropPages(database.pool)
      const spent = await measure(serverPid, async () => {
        cold.push(await readOne(vaultOf(), keys, (at * 7919) % subscribers))
      })
      coldSpent += spent.ours + spent.database
    }
    await database.close()
    database = openDatabase({ url: url.href })
    const vault = vaultOf()
    const times: number[] = []
    const { ours, database: theirs } = await measure(serverPid, async () => {
      for (let at = 0; at < READS; at++)
        times.push(await readOne(vault, keys, (at * 104_729 + 13) % subscribers))
    })
    const found = {
      median: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      cold: quantile(cold, 0.5),
      processor: milliseconds((ours + theirs) / READS),
      coldProcessor: milliseconds(coldSpent / COLD_READS),
    }
    say(`${size} records of ${subscribers} subscribers: ${JSON.stringify(found)}`)
    return found
  } finally {
    keys.close()
    await database.close()
    await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.close()
    rmSync(dir, { recursive: true })
  }
}

/** What the server itself keeps of the table is let go; the machine's own cache only a reboot or root empties. */
async function dropPages(pool: { query(text: string): Promise<unknown> }): Promise<void> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS pg_buffercache')
  await pool.query(
    `SELECT pg_buffercache_evict(bufferid) FROM pg_buffercache
      WHERE reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
}

async function readOne(vault: Vault, keys: KeyService, subscriber: number): Promise<number> {
  const subject = subjectOf(keys.prfKey(PSEUDONYM_KEY), subscriberNumber(subscriber) as E164)
  const receipt = press({
    subject,
    tenure: unregisteredTenure(subject),
    from: Date.UTC(2026, 9, 1) / 1000 - OFFSET_MINUTES * 60,
    until: Date.UTC(2026, 10, 1) / 1000 - OFFSET_MINUTES * 60,
    fields: ['start', 'duration', 'kind', 'direction', 'charge', 'otherFull'],
  })
  const begun = performance.now()
  const rows = await vault.open(receipt, { other: ({ other }) => other })
  const took = performance.now() - begun
  if (rows.length < 200) throw new Error(`a month has ${rows.length} rows`)
  return took
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 100_000) / 100
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 100) / 100
}
