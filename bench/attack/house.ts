import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Clock } from '../../src/platform/clock.ts'
import type { Config } from '../../src/platform/config.ts'
import { readConfig } from '../../src/platform/config.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { type RunningServer, startServer } from '../../src/server.ts'

/** A demo operator of one attack's own: a server with its database, and whoever attacks as its superuser. */
export interface House {
  readonly origin: string
  readonly server: RunningServer
  readonly config: Config
  /** The data directory's parent: data, keys, witnesses. */
  readonly directory: string
  /** What a superuser of the database types. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Turns the house's clock on. */
  passTime(ms: number): void
  now(): number
  /** Stops the server, lets `between` happen to the database and files, and starts it again. */
  restart(between: (database: string) => Promise<void>): Promise<House>
  close(): Promise<void>
}

/** A cluster and, under its directory, the demo that `scripts/test-database.mjs` has filled. */
export interface Place {
  readonly cluster: string
  readonly shared: string
}

const TEMPLATE = { database: 'demo_template', directory: 'demo' }

/** Opens one: a copy of the demo that is made once for all attacks. */
export async function openHouse(place: Place): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-attack-'))
  cpSync(join(place.shared, TEMPLATE.directory), directory, { recursive: true })
  const name = `attack_${randomBytes(6).toString('hex')}`
  await onCluster(place.cluster, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE.database} STRATEGY FILE_COPY`)
  return serve(place, { directory, name, turned: { ms: 0 } })
}

interface Ground {
  readonly directory: string
  readonly name: string
  readonly turned: { ms: number }
}

async function serve(place: Place, ground: Ground): Promise<House> {
  const { directory, name, turned } = ground
  const url = new URL(place.cluster)
  url.pathname = `/${name}`
  const config = readConfig(
    { DATABASE_URL: url.href, COUNTERSIGN_LOG: 'silent' },
    { data: join(directory, 'data'), port: await freePort('localhost') },
  )
  const clock: Clock = { now: () => Date.now() + turned.ms }
  const signal = new AbortController().signal
  const server = await startServer({ config, born: 'demo', signal, clock, progress: () => {} })
  const drop = async () => {
    await onCluster(place.cluster, `DROP DATABASE ${name} WITH (FORCE)`)
    rmSync(directory, { recursive: true, force: true })
  }
  return {
    origin: server.url,
    server,
    config,
    directory,
    sql: (text, values) => query(url.href, text, values),
    passTime: (ms) => {
      turned.ms += ms
    },
    now: () => clock.now(),
    restart: async (between) => {
      await server.close()
      try {
        await between(name)
        return await serve(place, ground)
      } catch (error) {
        await drop()
        throw error
      }
    },
    close: async () => {
      await server.close()
      await drop()
    },
  }
}

/** A statement on the whole cluster: databases come and go. */
export async function onCluster(url: string, text: string): Promise<void> {
  await query(url, text)
}

async function query(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const done = await client.query(text, values)
    return (Array.isArray(done) ? done.flatMap(({ rows }) => rows) : done.rows) as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}
