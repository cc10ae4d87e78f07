import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { CodedError } from '../coded-error.ts'
import { freePort } from '../free-port.ts'
import { findPostgres } from './binaries.ts'
import { databaseUser, spawnDatabaseProgram } from './run-as.ts'

/** A running cluster. `stop` ends it cleanly and resolves when it has ended; it throws `database-ended` where it had died. */
export interface Cluster {
  readonly url: string
  stop(): Promise<void>
}

const USER = 'countersign'
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 20_000

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  // A segment that is used again costs nothing; a new one is filled with zeros first, and all commits wait for that.
  min_wal_size: '512MB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  jit: 'off',
  log_min_messages: 'warning',
  // A failing statement's text would carry what was asked for into the log.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
}

/**
 * Starts PostgreSQL on `dir`, making the cluster first where there is none, on a free port of the loopback
 * address, with a password of its own beside it. A cluster that an earlier process left running (it was
 * killed) is stopped first; one that was cut down recovers by itself.
 * @throws CodedError `database-not-started` with the server's own last words.
 */
export async function startCluster(options: {
  dir: string
  settings?: Readonly<Record<string, string>>
}): Promise<Cluster> {
  const dir = resolve(options.dir)
  await stopLeftover(dir)
  if (!existsSync(join(dir, 'PG_VERSION'))) await makeCluster(dir)
  const port = await freePort()
  const settings = { ...SETTINGS, ...options.settings, port: String(port) }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawnDatabaseProgram(findPostgres().postgres, ['-D', dir, ...args], {
    paths: [join(dir, 'x')],
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const words = keepLastWords(server)
  const url = urlOf(dir, port)
  // A process that ends without `stop` (a bug, a second Ctrl-C) still asks its database to end.
  const askToEnd = (): void => {
    server.kill('SIGINT')
  }
  process.once('exit', askToEnd)
  server.once('exit', () => process.off('exit', askToEnd))
  await waitUntilReady(server, url, words)
  return { url, stop: () => stopServer(server, words) }
}

/** The address of the cluster that runs on `dir` now, or null: another command of ours may use it. */
export function runningClusterUrl(dir: string): string | null {
  const lock = readLock(resolve(dir))
  return lock === null ? null : urlOf(resolve(dir), lock.port)
}

async function makeCluster(dir: string): Promise<void> {
  // Made aside and renamed, so that a start that was cut off half way leaves nothing that looks whole.
  const aside = `${dir}.making`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  const password = join(aside, '..', '.database-password.making')
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (process.getuid?.() === 0)
    for (const path of [aside, password]) chownSync(path, databaseUser(), databaseUser())
  const args = ['-D', aside, '-U', USER, '--auth=scram-sha-256', `--pwfile=${password}`]
  const initdb = spawnDatabaseProgram(
    findPostgres().initdb,
    [...args, '--encoding=UTF8', '--no-locale', '--no-sync'],
    { paths: [join(aside, 'x'), password], cwd: aside, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const words = keepLastWords(initdb)
  const [status] = (await once(initdb, 'close')) as [number | null]
  if (status !== 0) {
    throw new CodedError('database-not-started', `the database could not be made in ${dir}: ${words()}`, {
      fatal: true,
    })
  }
  if (process.getuid?.() === 0) chownSync(password, 0, 0)
  renameSync(password, passwordPath(dir))
  renameSync(aside, dir)
}

/** A cluster whose starter was killed goes on; it holds the directory's lock, so it is asked to end. */
async function stopLeftover(dir: string): Promise<void> {
  const lock = readLock(dir)
  if (lock === null) return
  process.kill(lock.pid, 'SIGINT')
  const deadline = Date.now() + STOP_LIMIT_MS
  while (isRunning(lock.pid)) {
    if (Date.now() > deadline) {
      throw new CodedError('database-not-started', `an earlier database (process ${lock.pid}) does not end`)
    }
    await delay(50)
  }
}

function readLock(dir: string): { pid: number; port: number } | null {
  const path = join(dir, 'postmaster.pid')
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  if (!Number.isInteger(pid) || pid <= 1 || lines[1] !== dir || !isPostgres(pid)) return null
  return { pid, port }
}

/** The number may have gone to another program since: only a live `postgres` counts. */
function isPostgres(pid: number): boolean {
  if (!isRunning(pid)) return false
  const comm = `/proc/${pid}/comm`
  return !existsSync(comm) || readFileSync(comm, 'utf8').startsWith('postgres')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8'))
}

function passwordPath(dir: string): string {
  return join(dirname(dir), 'database-password')
}

function urlOf(dir: string, port: number): string {
  const password = readFileSync(passwordPath(dir), 'utf8').trim()
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`
}

function keepLastWords(child: ChildProcess): () => string {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-2_000)
  })
  child.on('error', (error) => {
    words += error.message
  })
  return () => words.trim()
}

async function waitUntilReady(server: ChildProcess, url: string, words: () => string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS
  while (server.exitCode === null && server.signalCode === null && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await delay(40)
    }
  }
  server.kill('SIGKILL')
  throw new CodedError('database-not-started', `the database did not start: ${words()}`, { fatal: true })
}

/** A service manager may have asked it to end when it asked us. @throws CodedError `database-ended` when it died before. */
async function stopServer(server: ChildProcess, words: () => string): Promise<void> {
  if (server.exitCode === 0) return
  if (server.exitCode !== null || server.signalCode !== null)
    throw new CodedError('database-ended', `the database had died before it was stopped: ${words()}`)
  const ended = once(server, 'exit')
  server.kill('SIGINT')
  await ended
}
