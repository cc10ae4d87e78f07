import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLog, type Log } from '../../src/platform/log.ts'

function open(level: 'debug' | 'warn' = 'debug'): { log: Log; lines: string[] } {
  const lines: string[] = []
  const clock = { now: () => Date.UTC(2026, 8, 12, 4, 12) }
  return { log: createLog({ level, clock, write: (line) => lines.push(line) }), lines }
}

test('a line is one JSON object with its level, time and message', () => {
  const { log, lines } = open()
  log.info({ contactId: 'c-1', rows: 23 }, 'look ended')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [{ contactId: 'c-1', rows: 23, level: 'info', at: '2026-09-12T04:12:00.000Z', message: 'look ended' }],
  )
  assert.ok(lines[0]?.endsWith('}\n'))
})

test('lines below the level are not written', () => {
  const { log, lines } = open('warn')
  log.debug({}, 'a')
  log.info({}, 'b')
  log.warn({}, 'c')
  log.error({}, 'd')
  assert.equal(lines.length, 2)
})

test('no number of six digits or more gets through, however written, nested or escaped', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 13 })
  const separators = fc.constantFrom('', ' ', '-', '.')
  const scripts = fc.constantFrom(0x30, 0x1040)
  fc.assert(
    fc.property(digits, separators, scripts, (number, separator, zero) => {
      const { log, lines } = open()
      const text = number.map((digit) => String.fromCharCode(zero + digit)).join(separator)
      log.info({ says: `call ${text}!`, deep: [{ a: text }] }, `number ${text}`)
      assert.ok(!lines.join('').includes(text))
    }),
  )
})

test('fields that are persons or secrets by their name are blank, ids and codes of errors are not', () => {
  const { log, lines } = open()
  log.info(
    {
      name: 'Daw Khin',
      pin: '1234',
      token: 'abc',
      number: 1,
      code: 'grant-ended',
      id: '9f3a7b',
      nested: { text: 'x' },
    },
    'm',
  )
  const line = JSON.parse(lines[0] ?? '')
  assert.deepEqual(
    [line.name, line.pin, line.token, line.number, line.code, line.id, line.nested],
    ['#', '#', '#', '#', 'grant-ended', '9f3a7b', { text: '#' }],
  )
  log.info({ code: '482913' }, 'm')
  assert.equal(JSON.parse(lines[1] ?? '').code, '#')
})
