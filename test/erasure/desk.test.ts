import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ERASURE_ACCOUNTS } from '../../src/erasure/accounts.ts'
import type { Officer } from '../../src/erasure/rules.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { placeHold } from '../../src/vault/holds.ts'
import { KHIN, THIRI } from '../calls/open-formats.ts'
import { at, CALLS, HERS, HIS, openErasure } from './open-erasure.ts'

const REASON = 'She asked for it in writing when she left.'
const code = (result: unknown): string | null => (isRefusal(result) ? result.code : null)
const officer = ({ id, deskName }: { id: string; deskName: string }): Officer => ({
  id,
  deskName,
  office: 'yangon',
})
function ok<T>(result: T): Exclude<T, { refused: true }> {
  assert.ok(!isRefusal(result), JSON.stringify(result))
  return result as Exclude<T, { refused: true }>
}

test('promise 2: two officers erase a log; it opens nowhere, not from an old backup of the database, and both are in the ledger', async (t) => {
  const house = await openErasure(t)
  const { desk } = house
  const { su, ko } = await house.officers()
  const putBack = await house.backup()
  assert.deepEqual(await house.log(THIRI, HERS), CALLS)
  const found = ok(await desk.holdings(THIRI))
  assert.deepEqual(found, [
    { tenure: HERS, from: at(1, 1), until: at(6, 1) },
    { tenure: '', from: null, until: null },
  ])
  const ask = { number: THIRI, tenure: HERS, reason: REASON }
  const { id } = ok(await desk.propose(officer(su), ask))
  assert.equal(code(await desk.propose(officer(ko), ask)), 'erasure-waiting')
  assert.equal(code(await desk.approve(officer(su), id)), 'same-person')
  assert.deepEqual(await house.log(THIRI, HERS), CALLS)
  const { finalOn, answer } = ok(await desk.approve(officer(ko), id))
  assert.match(answer.en, new RegExp(finalOn))
  assert.match(answer.my, new RegExp(finalOn))
  assert.deepEqual(await house.log(THIRI, HERS), [])
  assert.deepEqual(await house.log(KHIN, HIS), CALLS)
  assert.equal(code(await desk.approve(officer(ko), id)), 'erasure-decided')
  assert.equal(code(await desk.propose(officer(su), ask)), 'erased-already')
  const [row] = await desk.list()
  assert.deepEqual(
    [row?.state, row?.number, row?.proposedDesk, row?.decidedDesk, row?.finalOn, row?.reason],
    ['erased', THIRI, su.deskName, ko.deskName, finalOn, REASON],
  )
  const entries = await house.ledger.entriesAbout(house.subject(THIRI), { limit: 50 })
  const erased = entries.find(({ kind }) => kind === 'log-erased')
  assert.equal(erased?.actor, ko.id)
  assert.deepEqual(
    [erased?.body?.request, erased?.body?.finalOn, erased?.body?.reason],
    [id, finalOn, REASON],
  )
  assert.ok(entries.some(({ kind, actor }) => kind === 'erasure-proposed' && actor === su.id))
  const { pool } = house.database
  const state = await verifyState({ pool, sealer: house.keys.sealer, accounts: ERASURE_ACCOUNTS })
  assert.deepEqual([state.ok, state.checked > 0, state.findings], [true, true, []])
  await putBack()
  assert.deepEqual(await house.log(THIRI, HERS), [])
  assert.deepEqual(await house.log(KHIN, HIS), CALLS)
})

test('what a legal hold keeps stays, and the answer is the same', async (t) => {
  const house = await openErasure(t)
  const { su, ko } = await house.officers()
  await house.database.db.transaction().execute((trx) =>
    placeHold(trx, {
      id: randomBytes(8).toString('hex'),
      subject: house.subject(THIRI),
      from: at(4, 1),
      until: at(5, 1),
      reason: 'lawful',
      ref: 'R-1',
      placedAt: house.time,
      endsAt: null,
    }),
  )
  const { id } = ok(await house.desk.propose(officer(su), { number: THIRI, tenure: HERS, reason: REASON }))
  const { finalOn, answer } = ok(await house.desk.approve(officer(ko), id))
  assert.deepEqual(await house.log(THIRI, HERS), [CALLS[1]])
  const [row] = await house.desk.list()
  assert.deepEqual(row?.answer, answer)
  assert.doesNotMatch(JSON.stringify({ ...row, finalOn }), /held|R-1|lawful/)
})

test('a number that is still held, a holding that never was and a text that is no number are refused; a proposal is declined', async (t) => {
  const house = await openErasure(t)
  const { su, ko } = await house.officers()
  const propose = (number: string, tenure: string) =>
    house.desk.propose(officer(su), { number, tenure, reason: REASON })
  assert.equal(code(await propose(KHIN, HIS)), 'still-held')
  assert.equal(code(await propose(THIRI, 'another')), 'holding-not-found')
  assert.equal(code(await propose('her number', HERS)), 'number-not-understood')
  const { id } = ok(await propose(THIRI, HERS))
  ok(await house.desk.decline(officer(ko), id, 'The request did not come from her.'))
  assert.equal(code(await house.desk.approve(officer(ko), id)), 'erasure-decided')
  assert.deepEqual(await house.log(THIRI, HERS), CALLS)
  assert.equal(code(await house.desk.approve(officer(ko), 'ab'.repeat(12))), 'erasure-not-found')
  const [row] = await house.desk.list()
  assert.equal(row?.declinedBecause, 'The request did not come from her.')
  ok(await propose(THIRI, HERS))
})

test('only a privacy officer or counsel comes to this desk, and of two who approve at once one erases', async (t) => {
  const house = await openErasure(t)
  const { su, ko } = await house.officers()
  const may = await house.hire(['champion'], { name: 'May' })
  const third = await house.hire(['counsel'], { name: 'Hla', office: 'yangon', team: 'law' })
  for (const who of [may, null])
    assert.ok([401, 403].includes((await house.ask(who, 'GET', '/api/erasures')).status))
  assert.equal((await house.ask(su, 'GET', '/api/erasures')).status, 200)
  const { id } = ok(await house.desk.propose(officer(su), { number: THIRI, tenure: HERS, reason: REASON }))
  const both = await Promise.all([
    house.desk.approve(officer(ko), id),
    house.desk.approve(officer(third), id),
  ])
  assert.deepEqual(both.map(code).sort(), ['erasure-decided', null].sort())
})
