import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { databaseUser, spawnDatabaseProgram } from '../../src/platform/embedded/run-as.ts'
import { ROOT } from '../support/sources.ts'
import { freePort, makeDirectory, runCountersign } from './run-countersign.ts'

/** Where Debian keeps the programs of its PostgreSQL, by version; `scripts/chromium.mjs` installs one. */
const DEBIAN = '/usr/lib/postgresql'
const OLDEST = 15

/** Starts Debian's own PostgreSQL, the oldest there is from 15 up, as an operator's server. */
async function startDebianServer(t: TestContext): Promise<{ url: string; version: number }> {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const version = Math.min(...versions.filter((found) => found >= OLDEST))
  assert.ok(Number.isFinite(version), `no PostgreSQL in ${DEBIAN}: run apt-get install postgresql`)
  const dir = makeDirectory(t)
  const cluster = join(dir, 'cluster')
  mkdirSync(cluster, { mode: 0o700 })
  if (process.getuid?.() === 0)
    for (const path of [dir, cluster]) chownSync(path, databaseUser(), databaseUser())
  const program = (name: string, args: string[]) =>
    spawnDatabaseProgram(join(DEBIAN, String(version), 'bin', name), args, {
      paths: [join(cluster, 'x')],
      cwd: cluster,
      stdio: 'ignore',
    })
  const [made] = await once(
    program('initdb', ['-D', cluster, '-U', 'owner', '-A', 'trust', '-N', '-E', 'UTF8', '--no-locale']),
    'close',
  )
  assert.equal(made, 0)
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off']
  const server = program('postgres', ['-D', cluster, '-p', String(port), ...settings])
  const ended = once(server, 'close')
  t.after(async () => {
    server.kill('SIGINT')
    await ended
  })
  const url = `postgres://owner@127.0.0.1:${port}/postgres`
  await waitFor(url)
  return { url, version }
}

async function waitFor(url: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {}
  }
}

test('with DATABASE_URL the same program runs on a server of the operator’s own', async (t) => {
  const { url, version } = await startDebianServer(t)
  t.diagnostic(`PostgreSQL ${version}`)
  const data = join(makeDirectory(t), 'data')
  const on = (...args: string[]) =>
    runCountersign([...args, '--data', data, '--passphrase-fd', '0'], { DATABASE_URL: url })
  assert.equal((await on('keys', 'init')).status, 0)
  const calls = `${ROOT}../shared/data/copenhagen-networks/calls.csv`
  const filed = await on('ingest', calls, '--map', `${ROOT}maps/copenhagen-calls.json`)
  assert.equal(filed.status, 0, filed.err)
  assert.match(filed.out, /read 3600 = filed 3600/)
  const added = await on('staff', 'add', '--name', 'U Ba', '--role', 'auditor', '--office', 'mandalay')
  assert.equal(added.status, 0, added.err)
  const whole = await on('verify', '--json')
  assert.equal(whole.status, 0, whole.err)
  assert.ok(JSON.parse(whole.out).size > 0)
  assert.equal(existsSync(join(data, 'postgres')), false, 'no embedded database was made')

  const other = join(makeDirectory(t), 'data')
  const strange = (...args: string[]) =>
    runCountersign([...args, '--data', other, '--passphrase-fd', '0'], { DATABASE_URL: url })
  assert.equal((await strange('keys', 'init')).status, 0)
  const refused = await strange('verify')
  assert.equal(refused.status, 3)
  assert.match(refused.err, /belongs to another instance/)
})
