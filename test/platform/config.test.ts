import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../../src/platform/coded-error.ts'
import { readConfig } from '../../src/platform/config.ts'

const secret = Buffer.alloc(32, 1).toString('base64url')

test('without any setting it serves on localhost from ./data, keys beside it', () => {
  const config = readConfig({}, {})
  assert.equal(config.publicUrl, 'http://localhost:8080')
  assert.equal(config.keyDirectory, `${config.dataDirectory}.keys`)
  assert.equal(config.secureCookies, false)
  assert.equal(config.databaseUrl, null)
  assert.equal(config.smsc, null)
})

test('flags win over variables', () => {
  const config = readConfig({ COUNTERSIGN_PORT: '9000', COUNTERSIGN_DATA: '/a' }, { port: 9001, data: '/b' })
  assert.equal(config.port, 9001)
  assert.equal(config.dataDirectory, '/b')
})

test('systems outside are read whole', () => {
  const config = readConfig(
    {
      COUNTERSIGN_PUBLIC_URL: 'https://care.example',
      COUNTERSIGN_SMSC: 'smpp://care:p%40ss@smsc.example:2776',
      COUNTERSIGN_SMS_FROM: 'Ayeyar',
      COUNTERSIGN_TELEPHONY_URL: 'https://pbx.example/commands',
      COUNTERSIGN_TELEPHONY_SECRET: secret,
      COUNTERSIGN_SMTP: 'smtps://mail.example',
      COUNTERSIGN_MAIL_FROM: 'care@example.org',
    },
    {},
  )
  assert.equal(config.secureCookies, true)
  assert.deepEqual(config.smsc, {
    host: 'smsc.example',
    port: 2776,
    systemId: 'care',
    password: 'p@ss',
    from: 'Ayeyar',
  })
  assert.equal(config.telephony?.secret.length, 32)
  assert.equal(config.mail?.from, 'care@example.org')
})

test('a wrong setting is named with its rule and never with its value', () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ COUNTERSIGN_PORT: 'xyzzy' }, /PORT.*whole number/],
    [{ COUNTERSIGN_PORT: '70000' }, /65535/],
    [{ COUNTERSIGN_PUBLIC_URL: 'http://xyzzy.example' }, /https/],
    [{ COUNTERSIGN_PUBLIC_URL: 'https://xyzzy.example/path' }, /without a path/],
    [{ DATABASE_URL: 'mysql://xyzzy' }, /DATABASE_URL.*postgres/],
    [{ COUNTERSIGN_SMSC: 'smpp://xyzzy' }, /USER:PASSWORD/],
    [{ COUNTERSIGN_SMSC: 'smpp://u:xyzzy@h', COUNTERSIGN_SMS_FROM: '' }, /SMS_FROM/],
    [{ COUNTERSIGN_TELEPHONY_URL: 'http://pbx', COUNTERSIGN_TELEPHONY_SECRET: 'xyzzy' }, /32 bytes/],
    [{ COUNTERSIGN_LOG: 'xyzzy' }, /LOG/],
    [{ COUNTERSIGN_JURISDICTION: 'xyzzy' }, /country code/],
  ]
  for (const [env, rule] of wrong) {
    assert.throws(
      () => readConfig(env, {}),
      (error: Error) => {
        assert.ok(error instanceof CodedError && error.code === 'config-invalid')
        assert.match(error.message, rule)
        assert.doesNotMatch(error.message, /xyzzy/)
        return true
      },
    )
  }
})
