import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { LOOK_CLIENTS, type LooksSetup } from './looks-server.ts'
import { onDatabase, onOwnDatabase } from './own-database.ts'
import { measure as measureSpent, processSeconds, serverOf } from './spent.ts'

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
const WARM_UP_SECONDS = 15
/**
 * After a checkpoint, as on a server that has run for a quarter of an hour: segments of the database's log are used
 * again. New ones are filled with zeros first, and all commits wait for that.
 */
const SETTLE_MS = 1_000

interface Round {
  readonly perSecond: number
  readonly p99Ms: number
  /** Processor time a look, microseconds: of the server with all its threads, of the database, and of the clients. */
  readonly spent: { readonly server: number; readonly database: number; readonly clients: number }
}

/** Whose processor time is counted. */
interface Processes {
  readonly server: number
  readonly database: number
}

await onOwnDatabase(main)

async function main(database: string): Promise<void> {
  const child = fork(new URL('./looks-server.ts', import.meta.url), [], {
    env: { ...process.env, COUNTERSIGN_BENCH_DATABASE: database },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  try {
    const [setup] = (await once(child, 'message')) as [LooksSetup]
    const rounds = { ours: [] as Round[], peer: [] as Round[] }
    await checkOne(setup)
    const processes = { server: child.pid ?? 0, database: await serverPid(database) }
    const measure = (side: 'ours' | 'peer', seconds: number) => measureOne(setup, processes, side, seconds)
    await measure('ours', WARM_UP_SECONDS)
    await measure('peer', WARM_UP_SECONDS)
    await onDatabase(database, (client) => client.query('CHECKPOINT'))
    await delay(SETTLE_MS)
    for (let round = 1; round <= Number(values.rounds); round++) {
      rounds.peer.push(await measure('peer', Number(values.seconds)))
      rounds.ours.push(await measure('ours', Number(values.seconds)))
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

/** Both sides answer with rows before anything is measured. */
async function checkOne(setup: LooksSetup): Promise<void> {
  const client = setup.clients[0]
  if (client === undefined) throw new Error('there is no client')
  for (const path of [client.oursPath, client.peerPath]) {
    const { headers, body } = client
    const answer = await fetch(setup.origin + path, { method: 'POST', headers, body })
    const said = (await answer.json()) as { rows?: unknown[] }
    if (said.rows?.length !== 50)
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(said).slice(0, 300)}`)
  }
}

async function serverPid(database: string): Promise<number> {
  let pid = 0
  await onDatabase(database, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    pid = serverOf(rows[0]?.pid ?? 0)
  })
  return pid
}

/** All clients ask again as soon as they are answered, each on a connection of its own. */
async function measureOne(
  setup: LooksSetup,
  processes: Processes,
  side: 'ours' | 'peer',
  seconds: number,
): Promise<Round> {
  const took: number[] = []
  const before = processSeconds(processes.server)
  const spent = await measureSpent(processes.database, async () => {
    const ends = performance.now() + seconds * 1000
    await Promise.all(
      setup.clients.map(async (client) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        const path = side === 'ours' ? client.oursPath : client.peerPath
        while (performance.now() < ends) {
          const asked = performance.now()
          const status = await post(setup.origin, agent, path, client)
          if (status !== 200) throw new Error(`${side} answered ${status}`)
          took.push(performance.now() - asked)
        }
        agent.destroy()
      }),
    )
  })
  const each = (cpuSeconds: number): number => Math.round((cpuSeconds / took.length) * 1_000_000)
  took.sort((a, b) => a - b)
  return {
    perSecond: took.length / spent.seconds,
    p99Ms: Number((took[Math.floor(took.length * 0.99)] as number).toFixed(1)),
    spent: {
      server: each(processSeconds(processes.server) - before),
      database: each(spent.database),
      clients: each(spent.ours),
    },
  }
}

function post(
  origin: string,
  agent: Agent,
  path: string,
  client: { headers: Record<string, string>; body: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(origin + path, { method: 'POST', agent, headers: client.headers }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    asked.once('error', reject)
    asked.end(client.body)
  })
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
      cpuMicroseconds: { ours: spentOf(rounds.ours), peer: spentOf(rounds.peer) },
    })}\n`,
  )
}

function spentOf(rounds: Round[]): Round['spent'] {
  return {
    server: median(rounds.map(({ spent }) => spent.server)),
    database: median(rounds.map(({ spent }) => spent.database)),
    clients: median(rounds.map(({ spent }) => spent.clients)),
  }
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
