import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readIntakeLines } from '../src/calls/formats/intake-line.ts'
import { createIntake } from '../src/intake/intake.ts'
import { keepThreads } from '../src/kept-threads.ts'
import type { KeyService } from '../src/keys/key-service.ts'
import { systemClock } from '../src/platform/clock.ts'
import { type OpenDatabase, openDatabase } from '../src/platform/database.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/platform/migrate.ts'
import { ingestStream, streamThrough } from '../src/vault/ingest-stream.ts'
import { countQuarantine } from '../src/vault/quarantine.ts'
import { createVault } from '../src/vault/vault.ts'
import { writeDailyFiles } from './daily-files.ts'
import { benchSource, checkFiled, ingestSealed, OFFSET_MINUTES, openBenchKeys } from './ingest-sealed.ts'
import { tableBytes } from './on-disk.ts'
import { copyPlain, createPlain } from './plain-table.ts'
import { measure, type Spent, serverOf } from './spent.ts'

const { values } = parseArgs({
  options: { records: { type: 'string', default: '2000000' }, json: { type: 'boolean', default: false } },
})
const records = Number(values.records)
const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined || !Number.isInteger(records) || records < 10_000) {
  console.error('usage: npm run bench -- ingest-small [--json] [--records N]   (N at least 10,000)')
  process.exit(2)
}
/** A file every five minutes for thirty days. */
const SMALL_FILES = 8_640

interface Measured {
  readonly recordsPerSecond: number
  readonly bytes: number
  readonly peerRecordsPerSecond: number
  /** Processor time a record, of this process and the database's: filed, merged, and by the peer. */
  readonly microseconds: { readonly filed: number; readonly merged: number; readonly peer: number }
}

const say = (line: string): void => console.error(line)
const daily = await measureFiles(31)
const small = await measureFiles(SMALL_FILES)
console.log(
  JSON.stringify({
    bench: 'ingest-small',
    ours: small.recordsPerSecond,
    peer: small.peerRecordsPerSecond,
    ratio: round(small.recordsPerSecond / small.peerRecordsPerSecond),
    unit: 'records/s',
    ofDaily: round(small.recordsPerSecond / daily.recordsPerSecond),
    cpuOfDaily: round(ofBoth(daily) / ofBoth(small)),
    bytes: small.bytes,
    daily,
  }),
)

/** The month as so many files: filed as an intake takes them, merged, and the same files copied into a plain table. */
async function measureFiles(files: number): Promise<Measured> {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
  const name = `bench_small_${process.pid}`
  const admin = openDatabase({ url: server!, max: 1 })
  await admin.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href })
  const { pool } = database
  const keys = await openBenchKeys(dir)
  try {
    await migrate(pool)
    const drop = join(dir, 'drop')
    mkdirSync(drop)
    const { paths } = writeDailyFiles(drop, records, 42, files)
    await createPlain(pool)
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const serverPid = serverOf(rows[0]!.pid)
    const plain = await measure(serverPid, () => copyPlain(pool, paths))
    await pool.query('CHECKPOINT')
    const filing = await measure(serverPid, async () => {
      checkFiled(await sweepAll(database, keys, drop), records)
    })
    const merging = await measure(serverPid, async () => {
      const vault = createVault({ pool, keys, offsetMinutes: OFFSET_MINUTES })
      while ((await vault.merge({ subjects: 5000 })).before > 0);
    })
    await pool.query('VACUUM (FULL, ANALYZE) vault.block, vault.file')
    const bytes = (await tableBytes(pool, 'vault.block')) + (await tableBytes(pool, 'vault.file'))
    const measured = {
      recordsPerSecond: Math.round(records / (filing.seconds + merging.seconds)),
      bytes: round(bytes / records),
      peerRecordsPerSecond: Math.round(records / plain.seconds),
      microseconds: { filed: microseconds(filing), merged: microseconds(merging), peer: microseconds(plain) },
    }
    say(`${files} files: ${JSON.stringify(measured)}`)
    return measured
  } finally {
    keys.close()
    await database.close()
    await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.close()
    rmSync(dir, { recursive: true })
  }
}

/** Files what lies in a directory as a server's intake does, with threads that stay; gives how many records. */
async function sweepAll(database: OpenDatabase, keys: KeyService, directory: string): Promise<number> {
  const { db, pool } = database
  const kept = keepThreads()
  let filed = 0
  const parties = { pool, keys, clock: systemClock, offsetMinutes: OFFSET_MINUTES }
  const intake = createIntake({
    db,
    sealer: keys.sealer,
    clock: systemClock,
    log: createLog({ level: 'silent', clock: systemClock }),
    directory,
    async ingest(paths, onUnreadable) {
      const summary = await ingestSealed({ pool, keys, kept }, paths, onUnreadable)
      filed += summary.filed
      return summary
    },
    ingestLines: (stream, first, lines) =>
      ingestStream(parties, readIntakeLines(lines, first, benchSource()), { stream, servedByUs: () => true }),
    streamThrough: (stream) => streamThrough(parties, stream),
    quarantineSize: () => countQuarantine(parties),
  })
  try {
    await intake.sweep()
    return filed
  } finally {
    await kept.close()
  }
}

function microseconds({ ours, database }: Spent): number {
  return round(((ours + database) * 1_000_000) / records)
}

function ofBoth({ microseconds: { filed, merged } }: Measured): number {
  return filed + merged
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
