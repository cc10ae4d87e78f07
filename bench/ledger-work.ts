import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { createSealer } from '../src/keys/sealer.ts'
import type { EntryDraft } from '../src/ledger/entry.ts'
import { createLedger, type Ledger, type SigningKey } from '../src/ledger/ledger.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { Sealer } from '../src/platform/sealer.ts'

export interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** `clients` loops, each waiting for its answer before it asks again. */
export async function measure(
  clients: number,
  seconds: number,
  work: (n: number) => Promise<unknown>,
): Promise<Round> {
  const times: number[] = []
  const begin = performance.now()
  const end = begin + seconds * 1000
  let n = 0
  const loop = async () => {
    for (let now = performance.now(); now < end; ) {
      n += 1
      await work(n)
      const after = performance.now()
      times.push(after - now)
      now = after
    }
  }
  await Promise.all(Array.from({ length: clients }, loop))
  const took = (performance.now() - begin) / 1000
  times.sort((a, b) => a - b)
  return { perSecond: times.length / took, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }
}

/** A reveal as the care desk writes it. */
export function draft(n: number): EntryDraft {
  const subject = `${(n % 2000).toString(16).padStart(8, '0')}`.repeat(4)
  return {
    kind: 'reveal',
    header: { office: 'mandalay', category: 'bill', counts: { rows: 50 }, withContact: true },
    body: bodyOf(n),
    subject,
    actor: `staff-${n % 60}`,
    opening: {
      subject,
      tenure: 't1',
      from: 1_790_000_000,
      until: 1_792_592_000,
      fields: ['start', 'charge'],
    },
  }
}

function bodyOf(n: number) {
  return {
    contact: `contact-${n}`,
    grant: `grant-${n}`,
    deskName: 'M-17',
    office: 'Mandalay',
    purpose: 'bill-question',
    month: '2026-10',
    channel: 'call',
    confirmedByTelephony: true,
    question: 'The bill is higher than last month; which calls made it so?',
    page: n % 7,
  }
}

export async function openLedger(
  pool: pg.Pool,
  signingKey: SigningKey = newKey(),
): Promise<{ ledger: Ledger; sealer: Sealer; key: SigningKey }> {
  const sealer = benchSealer()
  const ledger = await createLedger({
    pool,
    keys: { sealer, signingKey: () => signingKey },
    clock: systemClock,
    random: randomBytes,
    origin: 'bench.example/log',
  })
  return { ledger, sealer, key: signingKey }
}

function newKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
  }
}

/** The key service's own sealer, with a key that ends with the measurement. */
function benchSealer(): Sealer {
  const key = randomBytes(32)
  return createSealer(() => key)
}

/** The value below which a share `q` of them lies. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

/** Processor time in microseconds: this process's, and that of the database's processes for the sequencer and the pool. */
export interface CpuTime {
  readonly ours: number
  readonly database: number
}

/** What `work` took of the processor; the database's is read from `/proc` and is 0 where that does not say. */
export async function cpuOf(pool: pg.Pool, work: () => Promise<unknown>): Promise<CpuTime> {
  const { rows } = await pool.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database()',
  )
  const ticksBefore = rows.map(({ pid }) => ticksOf(pid))
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  let ticks = 0
  rows.forEach(({ pid }, i) => {
    const [then, now] = [ticksBefore[i] ?? null, ticksOf(pid)]
    if (then !== null && now !== null) ticks += now - then
  })
  return { ours: user + system, database: ticks * TICK_US }
}

/** A tick of `/proc` is 10 ms on every Linux there is. */
const TICK_US = 10_000

/** What a process has used so far; null where this is not Linux, the server is elsewhere, or the process ended. */
function ticksOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return null
  }
}
