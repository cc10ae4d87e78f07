import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createSealer } from '../src/keys/sealer.ts'
import type { EntryDraft } from '../src/ledger/entry.ts'
import { createLedger, type Ledger, type SigningKey } from '../src/ledger/ledger.ts'
import { verifyLedger } from '../src/ledger/verify.ts'
import { systemClock } from '../src/platform/clock.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import type { Sealer } from '../src/platform/sealer.ts'
import { preload } from './ledger-preload.ts'

/**
 * Entries a second, made durable, in the tree and under a signed checkpoint, by so many clients at once, each
 * waiting for its own. Peer: the same text in a transaction each (BEGIN, one INSERT, COMMIT, as a desk would write
 * it) over 64 connections to the same database, without sealing, hashing or signing. `peerAutocommit` is the same
 * INSERT without BEGIN and COMMIT around it: a third of the round trips, the best a plain table can do, and no
 * desk's change could be in it. The peer's connections are as many as served it best in a trial before. Rounds
 * alternate; medians are given. Then the time of a proof and of verifying an entry with its body, and with
 * `--preload N` the rate again on a log of 10,000, 100,000 ... up to N entries.
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    preload: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})
const PEER_CONNECTIONS = [16, 32, 64, 96]
const WARM_UP_SECONDS = 1
const ALONE_SECONDS = 2

interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const server = process.env.COUNTERSIGN_BENCH_PG
if (server === undefined) throw new Error('COUNTERSIGN_BENCH_PG names the database server to measure on')
const name = `bench_${randomBytes(5).toString('hex')}`
await onServer(`CREATE DATABASE ${name}`)
try {
  await main(new URL(`/${name}`, server).href)
} finally {
  await onServer(`DROP DATABASE ${name} WITH (FORCE)`)
}

async function main(url: string): Promise<void> {
  const clients = Number(values.clients)
  const rounds = Number(values.rounds)
  const seconds = Number(values.seconds)
  const database = openDatabase({ url })
  await migrate(database.pool)
  await warnIfNotDurable(database.pool)
  const { ledger, sealer, key } = await openLedger(database.pool)
  const peer = await openPeer(url)
  const ours = (n: number) => ledger.record(draft(n))
  await measure(clients, WARM_UP_SECONDS, ours)
  const best = { transact: await bestOf(peer.transact), insert: await bestOf(peer.insert) }
  say(`the peer is at its best with ${best.transact} connections; autocommit with ${best.insert}`)
  const ourRounds: Round[] = []
  const peerRounds: Round[] = []
  const autocommitRounds: Round[] = []
  for (let round = 1; round <= rounds; round += 1) {
    peerRounds.push(await measure(best.transact, seconds, peer.transact))
    ourRounds.push(await measure(clients, seconds, ours))
    autocommitRounds.push(await measure(best.insert, seconds, peer.insert))
    say(`round ${round}: ours ${show(ourRounds.at(-1)!)}`)
    say(`  peer ${show(peerRounds.at(-1)!)}; autocommit ${show(autocommitRounds.at(-1)!)}`)
  }
  const alone = await measure(1, ALONE_SECONDS, ours)
  say(`one client alone: ${show(alone)}`)
  const verifyUs = await verifyAll(database.pool, ledger.verifierKey, sealer)
  const proofMs = await proofTime(ledger)
  await ledger.close()
  await peer.close()
  const curve = await curveOf(database.pool, { origin: ledger.origin, key }, clients, seconds)
  await database.close()
  const measured = { ours: ourRounds, peer: peerRounds, autocommit: autocommitRounds, alone }
  report(clients, measured, { verifyUs, proofMs, curve })
}

/** How many connections serve this work best; a short trial of each. */
async function bestOf(work: (n: number) => Promise<unknown>): Promise<number> {
  let best = { connections: 0, perSecond: 0 }
  for (const connections of PEER_CONNECTIONS) {
    const { perSecond } = await measure(connections, WARM_UP_SECONDS, work)
    if (perSecond > best.perSecond) best = { connections, perSecond }
  }
  return best.connections
}

/** Verifies the whole log with its bodies; this process's own time for an entry, in microseconds. */
async function verifyAll(pool: pg.Pool, verifierKey: string, sealer: Sealer): Promise<number> {
  const before = process.cpuUsage()
  const verified = await verifyLedger({ pool, verifierKey, sealer })
  const { user, system } = process.cpuUsage(before)
  if (!verified.ok) throw new Error(`the log does not verify after the measurement: ${verified.why}`)
  say(verified.why)
  return (user + system) / verified.size
}

/** Median time of a proof of one entry with its body, one after the other. */
async function proofTime(ledger: Ledger): Promise<number> {
  const { size } = await ledger.head()
  const { p50Ms } = await measure(1, 1, (n) => ledger.proofOf((n * 7_919) % size))
  return p50Ms
}

/** Rates on ever longer logs: a new log, grown to each size in turn. */
async function curveOf(
  pool: pg.Pool,
  log: { origin: string; key: SigningKey },
  clients: number,
  seconds: number,
): Promise<{ size: number; perSecond: number; proofMs: number }[]> {
  const most = Number(values.preload)
  const sizes = [0, 10_000, 100_000, 1_000_000, 10_000_000].filter((size) => size <= most)
  const curve: { size: number; perSecond: number; proofMs: number }[] = []
  for (const wanted of most === 0 ? [] : sizes) {
    await pool.query('TRUNCATE ledger.entry, ledger.tile, ledger.checkpoint, ledger.head')
    const { ledger: begun } = await openLedger(pool, log.key)
    await begun.close()
    const size = Math.ceil(wanted / 256) * 256
    await preload(pool, log, size)
    const { ledger } = await openLedger(pool, log.key)
    const work = (n: number) => ledger.record(draft(n))
    await measure(clients, WARM_UP_SECONDS, work)
    const { perSecond } = await measure(clients, seconds, work)
    const proofMs = await proofTime(ledger)
    await ledger.close()
    curve.push({ size, perSecond: Math.round(perSecond), proofMs: Number(proofMs.toFixed(2)) })
    say(`on a log of ${size}: ${Math.round(perSecond)}/s, a proof ${proofMs.toFixed(2)} ms`)
  }
  return curve
}

interface Measured {
  readonly ours: Round[]
  readonly peer: Round[]
  readonly autocommit: Round[]
  readonly alone: Round
}

interface Further {
  readonly verifyUs: number
  readonly proofMs: number
  readonly curve: readonly object[]
}

function report(clients: number, { ours, peer, autocommit, alone }: Measured, further: Further): void {
  const ourRate = median(ours.map((r) => r.perSecond))
  const peerRate = median(peer.map((r) => r.perSecond))
  const result = {
    bench: 'ledger',
    ours: Math.round(ourRate),
    peer: Math.round(peerRate),
    ratio: Number((ourRate / peerRate).toFixed(2)),
    unit: 'entries/s',
    clients,
    peerAutocommit: Math.round(median(autocommit.map((r) => r.perSecond))),
    p50Ms: Number(median(ours.map((r) => r.p50Ms)).toFixed(2)),
    p99Ms: Number(median(ours.map((r) => r.p99Ms)).toFixed(2)),
    p50AloneMs: Number(alone.p50Ms.toFixed(2)),
    proofMs: Number(further.proofMs.toFixed(2)),
    verifyUsAnEntry: Number(further.verifyUs.toFixed(1)),
    curve: further.curve,
  }
  console.log(JSON.stringify(result))
}

/** `clients` loops, each waiting for its answer before it asks again. */
async function measure(
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
function draft(n: number): EntryDraft {
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

async function openLedger(
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

interface Peer {
  transact(n: number): Promise<void>
  insert(n: number): Promise<unknown>
  close(): Promise<void>
}

/** A plain audit table, an INSERT a transaction: what most systems do. */
async function openPeer(url: string): Promise<Peer> {
  const pool = new pg.Pool({ connectionString: url, max: Math.max(...PEER_CONNECTIONS) })
  pool.on('error', () => {})
  await pool.query(
    'CREATE TABLE public.audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, kind text, subject text, actor text, body text)',
  )
  await pool.query('CREATE INDEX ON public.audit (subject, id)')
  await pool.query('CREATE INDEX ON public.audit (actor, id)')
  const text = 'INSERT INTO public.audit (at, kind, subject, actor, body) VALUES (now(), $1, $2, $3, $4)'
  const insertOn = (client: pg.Pool | pg.PoolClient, n: number) => {
    const { kind, subject, actor, body } = draft(n)
    return client.query({ name: 'audit', text, values: [kind, subject, actor, JSON.stringify(body)] })
  }
  return {
    async transact(n) {
      const client = await pool.connect()
      await client.query('BEGIN')
      await insertOn(client, n)
      await client.query('COMMIT')
      client.release()
    },
    insert: (n) => insertOn(pool, n),
    close: () => pool.end(),
  }
}

async function warnIfNotDurable(pool: pg.Pool): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await pool.query<{ value: string }>('SELECT current_setting($1) AS value', [setting])
    if (rows[0]?.value !== 'on')
      console.error(`warning: ${setting} is ${rows[0]?.value}: not a durable database`)
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

function say(line: string): void {
  if (!values.json) console.log(line)
}

function show(round: Round): string {
  return `${Math.round(round.perSecond)}/s, p50 ${round.p50Ms.toFixed(2)} ms, p99 ${round.p99Ms.toFixed(2)} ms`
}

function median(numbers: readonly number[]): number {
  return quantile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  )
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}
