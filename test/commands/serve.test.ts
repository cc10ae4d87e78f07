import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory, runCountersign, startCountersign } from './run-countersign.ts'

const READY = 'Ctrl-C stops it.'
/** An operator's own systems that nobody answers for: the server serves all the same, and says so in its log. */
const OUTSIDE = {
  COUNTERSIGN_SMSC: 'smpp://countersign:secret@127.0.0.1:9',
  COUNTERSIGN_SMS_FROM: '1331',
  COUNTERSIGN_TELEPHONY_URL: 'http://127.0.0.1:9',
  COUNTERSIGN_TELEPHONY_SECRET: 'ab'.repeat(24),
  COUNTERSIGN_LOG: 'silent',
}

async function makeInstance(dir: string): Promise<string> {
  const data = join(dir, 'data')
  const made = await runCountersign(['keys', 'init', '--data', data, '--passphrase-fd', '0'])
  assert.equal(made.status, 0, made.err)
  return data
}

async function serve(data: string) {
  const port = await freePort()
  const args = ['serve', '--data', data, '--port', String(port), '--passphrase-fd', '0']
  return { port, ...startCountersign(args, OUTSIDE) }
}

async function health(port: number): Promise<unknown> {
  const answer = await fetch(`http://localhost:${port}/api/health`)
  return [answer.status, ((await answer.json()) as { status: string }).status]
}

/** The process of the database that runs on this directory, or null. */
function databaseOf(data: string): number | null {
  const path = join(data, 'postgres', 'postmaster.pid')
  if (!existsSync(path)) return null
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
  return existsSync(`/proc/${pid}`) ? pid : null
}

test('two instances serve side by side, and each stops all that it started', async (t) => {
  const [first, second] = await Promise.all([makeInstance(makeDirectory(t)), makeInstance(makeDirectory(t))])
  const [one, two] = await Promise.all([serve(first), serve(second)])
  await Promise.all([one.said(READY), two.said(READY)])
  assert.deepEqual(await Promise.all([health(one.port), health(two.port)]), [
    [200, 'ok'],
    [200, 'ok'],
  ])
  assert.ok(databaseOf(first))

  const third = await runCountersign(['serve', '--data', first, '--passphrase-fd', '0'], OUTSIDE)
  assert.equal(third.status, 3)
  assert.match(third.err, /already/)

  // A terminal's Ctrl-C comes twice: from it, and handed on by the starting process.
  one.child.kill('SIGINT')
  one.child.kill('SIGINT')
  const { status } = await one.ended
  assert.equal(status, 0)
  assert.equal(databaseOf(first), null)
  assert.deepEqual(await health(two.port), [200, 'ok'])
  two.child.kill('SIGTERM')
  assert.equal((await two.ended).status, 0)
  assert.equal(databaseOf(second), null)
})

test('a server that was killed blocks nothing: the next start takes its lock and its database over', async (t) => {
  const data = await makeInstance(makeDirectory(t))
  const killed = await serve(data)
  await killed.said(READY)
  const server = Number(readFileSync(join(data, 'serving.lock'), 'utf8').match(/\d+/)?.[0])
  assert.ok(server > 1)
  process.kill(server, 'SIGKILL')
  await killed.ended
  const left = databaseOf(data)
  assert.ok(left, 'its database goes on alone')

  const next = await serve(data)
  await next.said(READY)
  assert.deepEqual(await health(next.port), [200, 'ok'])
  assert.notEqual(databaseOf(data), left)
  next.child.kill('SIGINT')
  assert.equal((await next.ended).status, 0)
  assert.equal(databaseOf(data), null)
})

test('a server whose database is gone still stops when it is asked to, and says that not all was well', async (t) => {
  const data = await makeInstance(makeDirectory(t))
  const serving = await serve(data)
  await serving.said(READY)
  const database = databaseOf(data)
  assert.ok(database)
  process.kill(database, 'SIGKILL')
  serving.child.kill('SIGTERM')
  const { status, err } = await serving.ended
  assert.notEqual(status, 0)
  assert.notEqual(status, null)
  assert.match(
    err,
    /jobs-not-stopped|connections-left|ECONNRE(SET|FUSED)|terminat|cannot be reached|database had died/,
  )
  assert.equal(existsSync(join(data, 'serving.lock')), false)
})

test('a real instance that is not told its SMS centre says which setting is missing, and starts nothing', async (t) => {
  const data = await makeInstance(makeDirectory(t))
  const ran = await runCountersign(['serve', '--data', data, '--passphrase-fd', '0'])
  assert.equal(ran.status, 2)
  assert.match(ran.err, /^countersign: COUNTERSIGN_SMSC must be set/)
  assert.equal(existsSync(join(data, 'postgres')), false)
})
