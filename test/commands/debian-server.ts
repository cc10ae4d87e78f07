import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { databaseUser, spawnDatabaseProgram } from '../../src/platform/embedded/run-as.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory } from './run-countersign.ts'

/** Where Debian keeps the programs of its PostgreSQL, by version; `scripts/chromium.mjs` installs one. */
const DEBIAN = '/usr/lib/postgresql'
const OLDEST = 15

/** Debian's own PostgreSQL, the oldest there is from 15 up, as an operator's server. */
export interface DebianServer {
  readonly url: string
  readonly version: number
  /** Its data directory. */
  readonly cluster: string
  /** Ends it with this signal, and waits for it. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** The programs of that version, run as the user that the files belong to. */
export function debianPrograms(): {
  version: number
  start: (name: string, args: string[], cwd: string) => ReturnType<typeof spawnDatabaseProgram>
} {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const version = Math.min(...versions.filter((found) => found >= OLDEST))
  assert.ok(Number.isFinite(version), `no PostgreSQL in ${DEBIAN}: run apt-get install postgresql`)
  const start = (name: string, args: string[], cwd: string) =>
    spawnDatabaseProgram(join(DEBIAN, String(version), 'bin', name), args, {
      paths: [join(cwd, 'x')],
      cwd,
      stdio: 'ignore',
    })
  return { version, start }
}

/** Runs one of them to its end, which must be a good one. */
export async function runDebian(name: string, args: string[], cwd: string): Promise<void> {
  const [status] = await once(debianPrograms().start(name, args, cwd), 'close')
  assert.equal(status, 0, `${name} ${args.join(' ')}`)
}

/** A directory that the database's user may write. */
export function databaseDirectory(path: string): string {
  mkdirSync(path, { mode: 0o700 })
  if (process.getuid?.() === 0) chownSync(path, databaseUser(), databaseUser())
  return path
}

/** Starts one on a new cluster, or on the one in `cluster`. */
export async function startDebianServer(
  t: TestContext,
  options: { cluster?: string; settings?: readonly string[] } = {},
): Promise<DebianServer> {
  const { version, start } = debianPrograms()
  let { cluster } = options
  if (cluster === undefined) {
    const dir = makeDirectory(t)
    if (process.getuid?.() === 0) chownSync(dir, databaseUser(), databaseUser())
    cluster = databaseDirectory(join(dir, 'cluster'))
    await runDebian(
      'initdb',
      ['-D', cluster, '-U', 'owner', '-A', 'trust', '-N', '-E', 'UTF8', '--no-locale'],
      cluster,
    )
  }
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    ...(options.settings ?? []),
  ]
  const server = start(
    'postgres',
    ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cluster,
  )
  const ended = once(server, 'close')
  const end = async (signal: NodeJS.Signals) => {
    server.kill(signal)
    await ended
  }
  t.after(() => end('SIGINT'))
  const url = `postgres://owner@127.0.0.1:${port}/postgres`
  await waitFor(url)
  return { url, version, cluster, end }
}

/** Until it answers and has recovered. */
async function waitFor(url: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500 })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ busy: boolean }>('SELECT pg_is_in_recovery() AS busy')
      await client.end()
      if (rows[0]?.busy === false) return
    } catch {}
  }
}
