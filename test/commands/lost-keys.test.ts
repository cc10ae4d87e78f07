import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory, runCountersign, startCountersign } from './run-countersign.ts'

const SECRET = Buffer.alloc(32, 7).toString('base64url')
const SETTINGS = {
  COUNTERSIGN_SMSC: 'smpp://countersign:secret@127.0.0.1:9',
  COUNTERSIGN_SMS_FROM: '1331',
  COUNTERSIGN_TELEPHONY_URL: 'http://127.0.0.1:9',
  COUNTERSIGN_TELEPHONY_SECRET: 'ab'.repeat(24),
  COUNTERSIGN_LOG: 'silent',
  COUNTERSIGN_INTAKE_SECRET: SECRET,
}
const PER_BATCH = 20

test('a server files and reads through rotations of its keys; then keys are lost, and the check says which records with them', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const on = (...args: string[]) => runCountersign([...args, '--data', data, '--passphrase-fd', '0'])
  assert.equal((await on('keys', 'init')).status, 0)
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const serve = async () => {
    const started = startCountersign(
      ['serve', '--data', data, '--port', String(port), '--passphrase-fd', '0'],
      SETTINGS,
    )
    t.after(() => started.child.kill('SIGKILL'))
    await started.said('Ctrl-C stops it.')
    return started
  }
  const server = await serve()

  /** Calls of one month, in the stream's order: each month needs a key of its own. */
  let next = 1
  const post = (month: number): Promise<Response> => {
    const line = (at: number) =>
      JSON.stringify({
        kind: 'voice',
        caller: '+959791000001',
        called: '+959791000002',
        start: Date.UTC(2026, month - 1, 10, 0, at) / 1000,
        durationSeconds: 60,
      })
    const body = `${Array.from({ length: PER_BATCH }, (_, at) => line(at)).join('\n')}\n`
    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/x-ndjson' }
    return fetch(`${origin}/api/intake/switch?from=${next}`, { method: 'POST', headers, body })
  }
  const send = async (month: number): Promise<void> => {
    const answer = await post(month)
    const told = (await answer.json()) as { filed?: number }
    assert.deepEqual([answer.status, told.filed], [200, PER_BATCH], JSON.stringify(told))
    next += PER_BATCH
  }
  await send(5)
  const root = () => readFileSync(join(`${data}.keys`, 'root.json'), 'utf8')
  for (const month of [6, 7]) {
    const before = root()
    const [rotated] = await Promise.all([on('keys', 'rotate'), send(month)])
    assert.equal(rotated.status, 0, rotated.err)
    assert.notEqual(root(), before)
  }
  await send(8)
  const whole = await on('keys', 'check')
  assert.equal(whole.status, 0, whole.err)
  assert.match(whole.out, /^Every key is there: 2 logs in 4 months can be opened\.$/m)

  const june = join(`${data}.keys`, 'months', '2026-06.key')
  renameSync(june, `${june}.away`)
  const lost = await on('keys', 'check')
  assert.equal(lost.status, 1, lost.err)
  assert.match(
    lost.out,
    /^2026-06: the records of all 2 logs, since 2026-06-10, cannot be opened: the key of the month is missing or damaged\.$/m,
  )
  assert.match(lost.out, /^3 of 4 months have records that open\./m)
  server.child.kill('SIGINT')
  assert.equal((await server.ended).status, 0)

  // A server that starts now goes on without June, and says so.
  const without = await serve()
  const health = await fetch(`${origin}/api/health`)
  assert.equal(health.status, 200)
  assert.deepEqual(((await health.json()) as { alarms: string[] }).alarms, [
    'keys: cannot be had: the key of 2026-06',
  ])
  const refused = await post(6)
  const problem = (await refused.json()) as { status: number; code: string; detail: string; next: string }
  assert.deepEqual([refused.status, problem.status, problem.code], [503, 503, 'key-missing'])
  assert.match(problem.detail, /a key is missing or damaged/)
  assert.match(problem.next, /"keys check"/)
  await send(7)
  without.child.kill('SIGINT')
  assert.equal((await without.ended).status, 0)
  renameSync(`${june}.away`, june)

  writeFileSync(join(`${data}.keys`, 'root.json'), '{}')
  const rootless = await on('keys', 'check', '--json')
  assert.equal(rootless.status, 1, rootless.err)
  const told = JSON.parse(rootless.out) as { root: string; lost: { month: string; logs: number }[] }
  assert.match(told.root, /damaged/)
  assert.deepEqual(
    told.lost.map(({ month, logs }) => [month, logs]),
    [
      ['2026-05', 2],
      ['2026-06', 2],
      ['2026-07', 2],
      ['2026-08', 2],
    ],
  )
})
