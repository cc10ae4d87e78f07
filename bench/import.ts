import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { openDatabase } from '../src/platform/database.ts'
import { tableBytes } from './on-disk.ts'
import { measure, processSeconds, type Spent, serverOf } from './spent.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
})
const rows = Number(values.rows)
const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined || !Number.isInteger(rows) || rows < 1000 || rows > 9_000_000) {
  console.error('usage: npm run bench -- import [--json] [--rows N]   (N from 1000 to 9000000)')
  process.exit(2)
}

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')
const say = (line: string): void => console.error(line)
const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
const name = `bench_import_${process.pid}`
const admin = openDatabase({ url: server, max: 1 })
await admin.pool.query(`CREATE DATABASE ${name}`)
const url = new URL(server)
url.pathname = `/${name}`
try {
  const path = join(dir, 'subscribers.csv')
  const bad = Math.floor(rows / 2) + 1
  writeSubscribers(path, bad)
  await command(['init', '--administrator', 'Daw Hla Hla', '--administrator', 'U Ba Maung'])
  const database = openDatabase({ url: url.href })
  const { pool } = database
  const backend = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const serverPid = serverOf(backend.rows[0]!.pid)
  const [ours, memory] = await importWith(serverPid, path, 'added')
  tell('sealed, with tenures and entries', ours)
  const [again] = await importWith(serverPid, path, 'same')
  tell('the same file again', again)
  const peer = await measure(serverPid, () => copyPlain(pool, path))
  tell('COPY into a plain table with its key', peer)
  say(`peak memory of the import ${memory} MB`)
  const bytes = (await tableBytes(pool, 'customers.subscriber')) + (await tableBytes(pool, 'vault.tenure'))
  console.log(
    JSON.stringify({
      bench: 'import',
      rows,
      ours: Math.round(rows / ours.seconds),
      peer: Math.round(rows / peer.seconds),
      again: Math.round(rows / again.seconds),
      unit: 'rows/s',
      seconds: round(ours.seconds),
      cpuSeconds: { process: round(ours.ours), database: round(ours.database) },
      peerSeconds: round(peer.seconds),
      peerCpuSeconds: { process: round(peer.ours), database: round(peer.database) },
      memoryMb: memory,
      bytes: Math.round(bytes / rows),
      peerBytes: Math.round((await tableBytes(pool, 'peer.subscriber')) / rows),
    }),
  )
  await database.close()
} finally {
  await admin.pool.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.close()
  rmSync(dir, { recursive: true })
}

/** A file as a billing system exports it; line `bad` has a number that is none. */
function writeSubscribers(path: string, bad: number): void {
  const regions = ['Yangon', 'Mandalay', 'Shan', 'Ayeyarwady', 'Bago', 'Sagaing', 'Magway']
  const latin = ['Khin', 'Mar', 'Lwin', 'Aung', 'Thida', 'Zaw', 'Min', 'Htet', 'Su', 'Myat']
  const burmese = ['ခင်', 'မာ', 'လွင်', 'အောင်', 'သီတာ', 'ဇော်', 'မင်း', 'ထက်', 'စု', 'မြတ်']
  const file = openSync(path, 'w')
  let lines = [
    'number,nameLatn,nameMy,honorific,language,region,from,until,addressKind,address,addressSince,simChangedAt',
  ]
  for (let at = 0; at < rows; at++) {
    const of = (words: readonly string[], step: number): string =>
      words[Math.floor(at / step) % words.length]!
    const number = at + 1 === bad ? '0979' : `0979${String(at).padStart(7, '0')}`
    const names = [1, 10, 100]
    const year = 2015 + (at % 11)
    lines.push(
      [
        number,
        names.map((step) => of(latin, step)).join(' '),
        names.map((step) => of(burmese, step)).join(''),
        of(['U', 'Daw', 'Ma', 'Ko'], 3),
        at % 9 === 0 ? 'en' : 'my',
        of(regions, 1),
        `${year}-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`,
        '',
        ...(at % 4 === 0 ? ['email', `c${at}@example.org`, `${year}-12-30`] : ['', '', '']),
        at % 20 === 0 ? `2026-0${1 + (at % 9)}-03 10:15` : '',
      ].join(','),
    )
    if (lines.length < 10_000) continue
    writeSync(file, `${lines.join('\n')}\n`)
    lines = []
  }
  if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`)
  closeSync(file)
}

/** What a person types, on this database; gives what it said, the processor's seconds and the most memory it took. */
async function command(
  words: readonly string[],
): Promise<{ status: number; said: string; seconds: number; peakMb: number }> {
  const passphrase = join(dir, 'passphrase')
  writeFileSync(passphrase, 'a passphrase for the bench\n')
  const fd = openSync(passphrase, 'r')
  const child: ChildProcess = spawn(
    process.execPath,
    [MAIN, ...words, '--data', join(dir, 'data'), '--passphrase-fd', '3'],
    { stdio: ['ignore', 'pipe', 'inherit', fd], env: { ...process.env, DATABASE_URL: url.href } },
  )
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  let [seconds, peakMb] = [0, 0]
  // The kernel keeps both itself: asking now and then misses only what came since the last time.
  const watching = setInterval(() => {
    const status = readIfThere(`/proc/${child.pid}/status`)
    peakMb = Math.max(peakMb, Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024))
    seconds = Math.max(seconds, processSeconds(Number(child.pid)))
  }, 100)
  const [status] = (await once(child, 'close')) as [number | null]
  clearInterval(watching)
  closeSync(fd)
  if (status !== 0 && status !== 4) throw new Error(`${words[0]} ended with ${status}`)
  return { status, said, seconds, peakMb }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** One import as the command line does it, its own start included; every line but the bad one must become `what`. */
async function importWith(
  serverPid: number,
  path: string,
  what: 'added' | 'same',
): Promise<[spent: Spent, memoryMb: number]> {
  let ran = { seconds: 0, peakMb: 0 }
  const spent = await measure(serverPid, async () => {
    const { status, said, ...rest } = await command(['import', 'subscribers', path, '--json'])
    ran = rest
    const { read, [what]: taken, quarantined } = JSON.parse(said) as Record<string, number>
    if (status !== 4 || read !== rows || taken !== rows - 1 || quarantined !== 1)
      throw new Error(`one bad line of ${rows} gave ${JSON.stringify({ status, read, taken, quarantined })}`)
  })
  return [{ ...spent, ours: ran.seconds }, ran.peakMb]
}

/** The peer: the same file into a plain table that is found by number and day. */
async function copyPlain(pool: pg.Pool, path: string): Promise<void> {
  await pool.query('CREATE SCHEMA peer')
  await pool.query(`CREATE TABLE peer.subscriber (number text, name_latn text, name_my text, honorific text, language text,
    region text, from_day date, until_day date, address_kind text, address text, address_since date,
    sim_changed_at timestamptz, PRIMARY KEY (number, from_day))`)
  const client = await pool.connect()
  const copy = client.query(copyFrom('COPY peer.subscriber FROM STDIN (FORMAT csv, HEADER)'))
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), copy)
  client.release()
}

function tell(what: string, { seconds, ours, database }: Spent): void {
  say(
    `${what}: ${Math.round(rows / seconds)} rows a second, ${round(seconds)} s; processor ${round(ours)} + database ${round(database)} s`,
  )
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
