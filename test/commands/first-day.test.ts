import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { startSimulatedSmsc } from '../../src/platform/sms/simulated-smsc.ts'
import { openTestDatabase } from '../support/database.ts'
import { makeDirectory, runCountersign } from './run-countersign.ts'

const TWO = ['--administrator', 'Daw Hla Hla', '--administrator', 'U Ba Maung'] as const
const READ = ['--passphrase-fd', '0'] as const

interface Finding {
  check: string
  health: string
  says: string
  next: string | null
}

test('init makes an empty instance with two who begin, once, and doctor says what it still lacks', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const alone = await runCountersign(['init', '--data', data, ...READ, '--administrator', 'Daw Hla Hla'])
  assert.equal(alone.status, 2)
  assert.match(alone.err, /two different people/)
  assert.equal(existsSync(data), false, 'a refusal makes nothing')

  const made = await runCountersign(['init', '--data', data, ...READ, ...TWO, '--json'])
  assert.equal(made.status, 0, made.err)
  const about = JSON.parse(made.out)
  assert.deepEqual([about.jurisdiction, about.currency, about.offsetMinutes], ['MM', 'MMK', 390])
  assert.deepEqual(
    about.administrators.map(({ deskName, name }: { deskName: string; name: string }) => [deskName, name]),
    [
      ['Y-1', 'Daw Hla Hla'],
      ['Y-2', 'U Ba Maung'],
    ],
  )
  for (const { link } of about.administrators) assert.match(link, /^http:\/\/localhost:8080\/enrol#/)

  const again = await runCountersign(['init', '--data', data, ...READ, ...TWO])
  assert.equal(again.status, 3)
  assert.match(again.err, /nothing was changed/)

  const { status, findings } = await examine(data)
  assert.equal(status, 1, 'without an SMS centre nobody can be verified')
  assert.deepEqual(healthOf(findings, 'wrong'), ['sms-centre', 'telephony'])
  for (const { health, next } of findings)
    assert.ok(health !== 'wrong' || next !== null, 'whoever reads what is wrong reads what to do')
  assert.match(findings.find(({ check }) => check === 'people')?.says ?? '', /2 active administrators/)
  assert.ok(healthOf(findings, 'well').includes('ledger'))
})

test('doctor tells a wrong passphrase, an SMS centre that refuses, one that answers, and an intake that is not there', async (t) => {
  const dir = makeDirectory(t)
  const data = join(dir, 'data')
  const made = await runCountersign(['init', '--data', data, ...READ, ...TWO, '--json'])
  assert.equal(made.status, 0, made.err)
  const smsc = await startSimulatedSmsc({
    port: 0,
    systemId: 'us',
    password: 'secret',
    clock: systemClock,
    deliver: async () => {},
  })
  t.after(() => smsc.close())
  const port = await freePort()
  const around = {
    COUNTERSIGN_SMS_FROM: '1331',
    COUNTERSIGN_TELEPHONY_URL: `http://127.0.0.1:${port}`,
    COUNTERSIGN_TELEPHONY_SECRET: 'ab'.repeat(24),
    COUNTERSIGN_INTAKE: join(dir, 'drop'),
  }
  const refused = await examine(data, {
    ...around,
    COUNTERSIGN_SMSC: `smpp://us:other@127.0.0.1:${smsc.port}`,
  })
  assert.deepEqual(healthOf(refused.findings, 'wrong'), ['sms-centre', 'telephony', 'intake'])
  assert.match(sayingOf(refused.findings, 'sms-centre'), /refuses our bind/)
  assert.equal(JSON.stringify(refused.findings).includes('other@'), false, 'no secret is said')

  mkdirSync(join(dir, 'drop'))
  const mended = await examine(data, {
    ...around,
    COUNTERSIGN_SMSC: `smpp://us:secret@127.0.0.1:${smsc.port}`,
  })
  assert.deepEqual(healthOf(mended.findings, 'wrong'), ['telephony'])
  assert.match(sayingOf(mended.findings, 'intake'), /can be read and written/)

  const forgotten = await runCountersign(['doctor', '--data', data, '--passphrase-fd', '9', '--json'])
  assert.equal(forgotten.status, 3)
  assert.match(forgotten.err, /file descriptor 9/)
})

test('init never touches a database that holds an instance already', async (t) => {
  const database = await openTestDatabase(t)
  const data = join(makeDirectory(t), 'data')
  const ran = await runCountersign(['init', '--data', data, ...READ, ...TWO], { DATABASE_URL: database.url })
  assert.equal(ran.status, 3)
  assert.match(ran.err, /holds an instance already.*nothing was changed/)
  assert.equal(existsSync(data) || existsSync(`${data}.keys`), false)
})

async function examine(data: string, env: Record<string, string> = {}) {
  const ran = await runCountersign(['doctor', '--data', data, ...READ, '--json'], env)
  const { findings } = JSON.parse(ran.out) as { findings: Finding[] }
  return { status: ran.status, findings }
}

function healthOf(findings: readonly Finding[], health: string): string[] {
  return findings.filter((finding) => finding.health === health).map(({ check }) => check)
}

function sayingOf(findings: readonly Finding[], name: string): string {
  return findings.find(({ check }) => check === name)?.says ?? ''
}
