import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../support/sources.ts'
import { startDebianServer } from './debian-server.ts'
import { makeDirectory, runCountersign } from './run-countersign.ts'

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
