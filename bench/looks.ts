import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import pg from 'pg'
import { LOOK_CLIENTS, type LooksSetup } from './looks-server.ts'

/**
 * Whole guarded looks a second over HTTP: sign-in, policy, the reveal's entry durable and under a signed
 * checkpoint, blocks unsealed, rows masked, the disclosure's entry durable; then 50 rows. Each request is one page of
 * a grant. Peer: the same server and the same answer, behind the same sign-in, from a plain SELECT on a plain table
 * indexed on (subscriber, start), without policy per customer, entry, seal or mask. Each runs in a process of its
 * own; rounds alternate; medians are given.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const WARM_UP_SECONDS = 2

interface Round {
  readonly perSecond: number
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

async function main(database: string): Promise<void> {
  const child = fork(new URL('./looks-server.ts', import.meta.url), [], {
    env: { ...process.env, COUNTERSIGN_BENCH_DATABASE: database },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  try {
    const [setup] = (await once(child, 'message')) as [LooksSetup]
    const rounds = { ours: [] as Round[], peer: [] as Round[] }
    await measure(setup, 'ours', WARM_UP_SECONDS)
    await measure(setup, 'peer', WARM_UP_SECONDS)
    for (let round = 1; round <= Number(values.rounds); round++) {
      rounds.peer.push(await measure(setup, 'peer', Number(values.seconds)))
      rounds.ours.push(await measure(setup, 'ours', Number(values.seconds)))
      say(
        `round ${round}: ours ${show(rounds.ours.at(-1) as Round)}; peer ${show(rounds.peer.at(-1) as Round)}`,
      )
    }
    report(rounds)
  } finally {
    child.send('stop')
    await once(child, 'exit')
  }
}

async function measure(setup: LooksSetup, side: 'ours' | 'peer', seconds: number): Promise<Round> {
  let next = 0
  const result = await autocannon({
    url: setup.origin,
    connections: LOOK_CLIENTS,
    duration: seconds,
    setupClient: (client) => {
      const request = setup.clients[next++ % setup.clients.length]
      if (request === undefined) throw new Error('a client has no session')
      client.setRequest({
        method: 'POST',
        path: side === 'ours' ? request.oursPath : request.peerPath,
        headers: request.headers,
        body: request.body,
      })
    },
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${side}: ${result.non2xx} answers were not 200, ${result.errors} failed`)
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 }
}

function report(rounds: { ours: Round[]; peer: Round[] }): void {
  const ours = median(rounds.ours.map((r) => r.perSecond))
  const peer = median(rounds.peer.map((r) => r.perSecond))
  const p99Ms = median(rounds.ours.map((r) => r.p99Ms))
  say(`medians: ours ${ours.toFixed(0)} looks/s, p99 ${p99Ms} ms; peer ${peer.toFixed(0)} looks/s`)
  process.stdout.write(
    `${JSON.stringify({
      bench: 'looks',
      ours: Math.round(ours),
      peer: Math.round(peer),
      ratio: Number((ours / peer).toFixed(3)),
      unit: 'looks/s',
      p99Ms,
      clients: LOOK_CLIENTS,
    })}\n`,
  )
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
}

function show({ perSecond, p99Ms }: Round): string {
  return `${perSecond.toFixed(0)}/s (p99 ${p99Ms} ms)`
}

function say(line: string): void {
  if (!values.json) process.stdout.write(`${line}\n`)
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(sql)
  await client.end()
}
