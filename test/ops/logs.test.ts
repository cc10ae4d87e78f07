import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory, runCountersign, startCountersign } from '../commands/run-countersign.ts'

const READ = ['--passphrase-fd', '0'] as const
const NUMBERS = ['791000001', '791000002', '791204412']
const NAMES = ['Khin Mar Lwin', 'ခင်မာလွင်', 'Daw Hla Hla', 'Ba Maung', 'Ma Thida', 'thida@example.org']
const SECRETS = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((bytes) => bytes.toString('base64url')) as [
  string,
  string,
]

test('a server’s day leaves no number, name or secret in its log: imports, accounts, refusals and faults', async (t) => {
  const dir = makeDirectory(t)
  const data = join(dir, 'data')
  const two = ['--administrator', 'Daw Hla Hla', '--administrator', 'U Ba Maung']
  const made = await runCountersign(['init', '--data', data, ...READ, ...two])
  assert.equal(made.status, 0, made.err)
  const drop = join(dir, 'import')
  mkdirSync(join(drop, 'subscribers'), { recursive: true })
  const port = await freePort()
  const server = startCountersign(['serve', '--data', data, '--port', String(port), ...READ], {
    COUNTERSIGN_SMSC: 'smpp://countersign:secret@127.0.0.1:9',
    COUNTERSIGN_SMS_FROM: '1331',
    COUNTERSIGN_TELEPHONY_URL: 'http://127.0.0.1:9',
    COUNTERSIGN_TELEPHONY_SECRET: 'ab'.repeat(24),
    COUNTERSIGN_LOG: 'debug',
    COUNTERSIGN_IMPORT: drop,
    COUNTERSIGN_IMPORT_SECRET: SECRETS[0],
    COUNTERSIGN_SCIM_SECRET: SECRETS[1],
  })
  const at = `http://localhost:${port}`
  try {
    await server.said('Ctrl-C stops it.')
    const head = 'number,nameLatn,nameMy,language,region,from'
    const her = '09791204412,Khin Mar Lwin,ခင်မာလွင်,en,Yangon,2024-01-01'
    const file = join(drop, 'subscribers')
    writeFileSync(join(dir, 's.csv'), `${head}\n${her}\n09791000001 x,Khin Mar Lwin,,en,Yangon,2024-01-01\n`)
    const lines = [
      { number: '09791000002', nameLatn: 'Khin Mar Lwin', from: '2024-01-01' },
      { number: '09791000002', nameLatn: 'Khin Mar Lwin', from: 'never' },
    ]
    const bearer = (secret: string, type: string) => ({
      authorization: `Bearer ${secret}`,
      'content-type': type,
    })
    const ask = async (method: string, path: string, headers: Record<string, string>, body?: string) =>
      (
        await fetch(at + path, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          redirect: 'manual',
        })
      ).status
    const taken = await ask(
      'POST',
      '/api/import/subscribers?stream=crm&from=1',
      bearer(SECRETS[0], 'application/x-ndjson'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )
    assert.equal(taken, 200)
    const user = { userName: 'thida@example.org', displayName: 'Ma Thida', externalId: 'thida', active: true }
    const scim = bearer(SECRETS[1], 'application/scim+json')
    assert.equal(await ask('POST', '/scim/v2/Users', scim, JSON.stringify(user)), 201)
    assert.equal(await ask('POST', '/scim/v2/Users', scim, JSON.stringify(user)), 409)
    const json = { 'content-type': 'application/json' }
    for (const [method, path, headers, body] of [
      ['POST', '/api/care/contacts', json, '{"number":"09791204412","channel":"call"}'],
      ['GET', '/api/care/contacts/09791204412', json, undefined],
      ['POST', '/api/contacts', bearer(SECRETS[0], 'application/json'), '{"number":"09791204412"'],
      ['POST', '/my/sign-in', { 'content-type': 'application/x-www-form-urlencoded' }, 'number=09791204412'],
      ['GET', '/tmf-api/usageManagement/v4/usage?number=09791204412', json, undefined],
    ] as const)
      assert.ok((await ask(method, path, headers, body)) < 500, `${method} ${path}`)
    renameSync(join(dir, 's.csv'), join(file, 's.csv'))
    while (!existsSync(join(file, 'done')) || readdirSync(join(file, 'done')).length === 0)
      await fetch(`${at}/api/health`)
  } finally {
    server.child.kill('SIGTERM')
  }
  const { status, err } = await server.ended
  assert.equal(status, 0, err)
  const log = err.split('\n').filter((line) => line.startsWith('{'))
  assert.ok(log.length >= 3, 'it did write')
  assert.ok(log.some((line) => (JSON.parse(line) as { message: string }).message === 'imported'))
  for (const word of [...NUMBERS, ...NAMES, ...SECRETS])
    assert.equal(err.includes(word), false, `the log says ${word}`)
})
