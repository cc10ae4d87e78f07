import { parseArgs } from 'node:util'
import pg from 'pg'
import { verifyLedger } from '../src/ledger/verify.ts'
import { openDatabase } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import type { Sealer } from '../src/platform/sealer.ts'
import { curveOf, proofTime } from './ledger-curve.ts'
import { type CpuTime, cpuOf, draft, measure, openLedger, quantile, type Round } from './ledger-work.ts'
import { onOwnDatabase } from './own-database.ts'

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

await onOwnDatabase(main)

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
  const cpuRounds: CpuTime[] = []
  for (let round = 1; round <= rounds; round += 1) {
    peerRounds.push(await measure(best.transact, seconds, peer.transact))
    const before = (await ledger.head()).size
    const cpu = await cpuOf(database.pool, async () => {
      ourRounds.push(await measure(clients, seconds, ours))
    })
    const added = (await ledger.head()).size - before
    cpuRounds.push({ ours: cpu.ours / added, database: cpu.database / added })
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
  const log = { origin: ledger.origin, key }
  const curve = await curveOf(database.pool, log, clients, seconds, Number(values.preload), say)
  await database.close()
  const measured = { ours: ourRounds, peer: peerRounds, autocommit: autocommitRounds, alone }
  report(clients, measured, { verifyUs, proofMs, curve, cpu: cpuRounds })
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

interface Measured {
  readonly ours: Round[]
  readonly peer: Round[]
  readonly autocommit: Round[]
  readonly alone: Round
}

interface Further {
  readonly verifyUs: number
  readonly proofMs: number
  /** Processor time an entry of ours, in each round. */
  readonly cpu: readonly CpuTime[]
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
    cpuUs: Number(median(further.cpu.map((c) => c.ours)).toFixed(1)),
    databaseCpuUs: Number(median(further.cpu.map((c) => c.database)).toFixed(1)),
    proofMs: Number(further.proofMs.toFixed(2)),
    verifyUsAnEntry: Number(further.verifyUs.toFixed(1)),
    curve: further.curve,
  }
  console.log(JSON.stringify(result))
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
