import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ATTACKS } from '../../bench/attack/attacks.ts'
import { runAttacks } from '../../bench/attack/run.ts'
import { settledIn, tableOf } from '../../bench/attack/table.ts'

/** In this folder because the demo that attacks copy is made for it. */
const DOCS = readFileSync(new URL('../../docs/threat-model.md', import.meta.url), 'utf8')

test('the threat model has every attack there is, the open ones first, and no other', () => {
  const listed = settledIn(DOCS)
  const wanted = ATTACKS.map(({ id }) => id).filter((id) => !id.startsWith('pair-'))
  assert.deepEqual([...listed.keys()].filter((id) => !id.startsWith('pairs-')).sort(), wanted.sort())
  const order = [...listed.values()].map(({ ending }) => ['Open', 'Told', 'Stopped'].indexOf(ending))
  assert.deepEqual(order, order.toSorted())
  assert.ok(order.includes(0) && order.includes(2))
})

test('attacks end today as the threat model says', async () => {
  const cluster = process.env.COUNTERSIGN_TEST_PG
  const shared = process.env.COUNTERSIGN_TEST_DIR
  if (cluster === undefined || shared === undefined) throw new Error('run it with `npm test`')
  const quick = ATTACKS.filter((attack) => attack.quick === true)
  assert.ok(quick.length >= 8)
  const { outcomes, failed } = await runAttacks(quick, { cluster, shared }, () => {})
  assert.deepEqual(failed, [])
  const fresh = settledIn(tableOf(outcomes))
  const listed = settledIn(DOCS)
  for (const { id } of quick) assert.deepEqual([id, fresh.get(id)], [id, listed.get(id)])
})
