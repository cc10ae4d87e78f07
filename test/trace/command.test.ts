import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDirectory, runCountersign } from '../commands/run-countersign.ts'
import { openTestDatabase } from '../support/database.ts'

test('countersign trace asks for an open incident and a readable file, and says what is missing', async (t) => {
  const dir = makeDirectory(t)
  const database = await openTestDatabase(t)
  const data = join(dir, 'data')
  const list = join(dir, 'list.txt')
  writeFileSync(list, '14/8 19:02 •4•1••• 8m\n')
  const on = (...args: string[]) =>
    runCountersign([...args, '--data', data, '--passphrase-fd', '0'], { DATABASE_URL: database.url })
  assert.equal((await on('keys', 'init')).status, 0)
  const none = await on('trace', list)
  assert.equal(none.status, 2)
  assert.match(none.err, /--incident/)
  const missing = await on('trace', join(dir, 'nowhere.csv'), '--incident', 'case-1')
  assert.equal(missing.status, 2)
  assert.match(missing.err, /cannot be read/)
  const refused = await on('trace', list, '--incident', 'case-1', '--json')
  assert.equal(refused.status, 1, refused.err)
  assert.equal(JSON.parse(refused.out).code, 'incident-not-found')
})
