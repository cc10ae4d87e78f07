import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../support/sources.ts'
import { makeDirectory, runCountersign } from './run-countersign.ts'

const SHARED = `${ROOT}../shared/data/`
const CALLS = `${SHARED}vast2008-mc3/cdr.wehd.csv`

test('a real instance is made once, filed into twice, verified, and told apart from a broken one', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const on = (...args: string[]) => runCountersign([...args, '--data', data, '--passphrase-fd', '0'])

  const none = await on('verify')
  assert.equal(none.status, 3)
  assert.match(none.err, /no instance.*keys init/)

  const made = await on('keys', 'init', '--json')
  assert.deepEqual([made.status, JSON.parse(made.out)], [0, { data, keys: `${data}.keys`, born: 'real' }])
  const again = await on('keys', 'init')
  assert.equal(again.status, 3)
  assert.match(again.err, /nothing was changed/)
  assert.deepEqual(
    readdirSync(data).filter((name) => /pass|key/.test(name)),
    [],
    'neither key nor passphrase lies with the data',
  )

  const filed = await on('ingest', CALLS, '--map', `${ROOT}maps/vast2008-mc3.json`)
  assert.equal(filed.status, 4, filed.err)
  assert.match(filed.out, /line 823: the duration is negative/)
  assert.match(filed.out, /read 9834 = filed 9830 \+ duplicate 0 \+ quarantined 4\n$/)
  const twice = await on('ingest', CALLS, '--map', `${ROOT}maps/vast2008-mc3.json`, '--json')
  const { read, filed: anew, duplicate, quarantined } = JSON.parse(twice.out)
  assert.deepEqual([read, anew, duplicate, quarantined], [9834, 0, 9830, 4])

  const added = await on(
    'staff',
    'add',
    '--name',
    'Daw Hla Hla',
    '--role',
    'administrator',
    '--office',
    'yangon',
  )
  assert.equal(added.status, 0, added.err)
  assert.match(added.out, /Added Y-1\.[\s\S]*\/enrol#/)
  const frozen = await on('staff', 'freeze', 'Y-1', '--reason', 'a try', '--json')
  assert.deepEqual([frozen.status, JSON.parse(frozen.out)], [0, { sessionsEnded: 0 }])
  const unknown = await on('staff', 'dismiss', 'Y-9', '--clause', '4.2', '--reason', 'a try', '--json')
  assert.deepEqual([unknown.status, JSON.parse(unknown.out).code], [1, 'person-not-found'])

  const whole = await on('verify', '--json')
  assert.equal(whole.status, 0, whole.err)
  const verdict = JSON.parse(whole.out)
  assert.equal(verdict.ok, true)
  assert.ok(verdict.size > 0)

  const rotated = await on('keys', 'rotate')
  assert.equal(rotated.status, 0, rotated.err)
  assert.equal((await on('verify')).status, 0)
})

test('every command explains itself, and a wrong one says so with exit code 2', async () => {
  const help = await runCountersign(['--help'])
  assert.equal(help.status, 0)
  const commands = [...help.out.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? '')
  for (const name of ['serve', 'ingest', 'verify', 'staff', 'keys', 'demo'])
    assert.ok(commands.includes(name), name)
  for (const name of commands.filter((name) => name !== 'help')) {
    const own = await runCountersign([name, '--help'])
    assert.equal(own.status, 0, name)
    assert.match(own.out, new RegExp(`^Usage: countersign ${name}`))
  }
  assert.equal((await runCountersign(['ingset'])).status, 2)
  assert.equal((await runCountersign(['serve', '--port', 'many'])).status, 2)
  const unread = await runCountersign(['ingest', 'x.csv', '--map', '/nowhere/map.json'])
  assert.equal(unread.status, 2)
  assert.match(unread.err, /map/)
})

test('a descriptor that nobody opened is named, before anything is made', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const ran = await runCountersign(['keys', 'init', '--data', data, '--passphrase-fd', '7'])
  assert.equal(ran.status, 3)
  assert.match(ran.err, /file descriptor 7 cannot be read/)
  assert.throws(() => readdirSync(data))
})

test('keys whose data directory is gone are named, and no second log begins under them', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const made = await runCountersign(['keys', 'init', '--data', data, '--passphrase-fd', '0'])
  assert.equal(made.status, 0)
  rmSync(data, { recursive: true })
  const refused = await runCountersign(['serve', '--demo', '--data', data])
  assert.equal(refused.status, 3)
  assert.match(refused.err, new RegExp(`${data}.keys has the keys of an instance .* put ${data} back`))
  assert.equal(existsSync(data), false, 'nothing was made')
})
