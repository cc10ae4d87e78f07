import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { ok, openCare, openLook } from './open-care.ts'

test('where the key of a log is lost, or another one stands in its place, a look says so, shows nothing, and works again when it is back', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  const { tenure } = care.subscriber
  const change = (text: string, ...values: (string | Uint8Array)[]) => {
    const sqlite = new DatabaseSync(join(care.keysDir, 'tweaks.sqlite'))
    const found = sqlite.prepare(text).get(...values)
    sqlite.close()
    return found as { bytes: Uint8Array } | undefined
  }
  const { bytes } = change('SELECT bytes FROM tweak WHERE tenure = ?', tenure)!
  const look = (what: string, body: object) =>
    care.ask(thiri, 'POST', `/api/care/grants/${grant}/${what}`, body)
  const refusedAs = async (code: string): Promise<void> => {
    const { status, body: problem } = await look('bill', {})
    assert.deepEqual([status, problem.status, problem.code], [503, 503, code])
    assert.match(problem.detail, /cannot be opened/)
    assert.match(problem.next, /"keys check"/)
  }
  change('DELETE FROM tweak WHERE tenure = ?', tenure)
  await refusedAs('key-missing')
  change('INSERT INTO tweak (tenure, bytes) VALUES (?, ?)', tenure, randomBytes(32))
  await refusedAs('block-broken')
  assert.ok(care.lines.some((line) => line.includes('block-broken')))
  assert.ok(!care.lines.some((line) => line.includes(care.subscriber.subject)))
  change('UPDATE tweak SET bytes = ? WHERE tenure = ?', bytes, tenure)
  const bill = await look('bill', {})
  assert.deepEqual([bill.status, bill.body.rowsTotal], [200, 131])
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.equal(page.rows.length, 7)
})
