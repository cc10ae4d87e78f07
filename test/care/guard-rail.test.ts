import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { commitWith } from '../../src/ledger/commit.ts'
import type { Hired } from '../staff/open-room.ts'
import { codeIn, MONTH, ok, openCare, openLook, PIN, type TestCare, WRITTEN } from './open-care.ts'

const MINUTE = 60_000

/** What a page of this look is answered with now. */
async function rowsNow(care: TestCare, who: Hired, grant: string): Promise<string> {
  const answer = await care.ask(who, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  return answer.status === 200 ? 'rows' : String(answer.body.code)
}

/** A look whose rows are open. */
async function openRows(care: TestCare): Promise<{ thiri: Hired; contact: string; grant: string }> {
  const thiri = await care.hire(['champion'])
  const look = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${look.grant}/bill`, {})
  assert.equal(await rowsNow(care, thiri, look.grant), 'rows')
  return { thiri, ...look }
}

/** Resolves when this look was ended everywhere; the notification is what screens and other servers hear. */
async function ended(care: TestCare, grant: string, cause: () => Promise<unknown>): Promise<string> {
  const events = new EventTarget()
  const stop = care.notifications.subscribe('grant-ended', (payload) => {
    if (payload.grantId === grant)
      events.dispatchEvent(new CustomEvent('ended', { detail: String(payload.reason) }))
  })
  const heard = once(events, 'ended')
  await cause()
  const [event] = (await heard) as [CustomEvent<string>]
  stop()
  return event.detail
}

test('a look ends with the call', async (t) => {
  const care = await openCare(t)
  const { thiri, grant } = await openRows(care)
  assert.equal(await ended(care, grant, () => care.tell('ended', { desk: thiri.deskName })), 'call-ended')
  assert.equal(await rowsNow(care, thiri, grant), 'grant-ended')
})

test('a look ends after 30 minutes, to the millisecond, whoever sweeps or not', async (t) => {
  const care = await openCare(t)
  const { thiri, grant } = await openRows(care)
  for (const step of [9, 9, 9]) {
    care.time += step * MINUTE
    assert.equal(await rowsNow(care, thiri, grant), 'rows')
  }
  care.time += 3 * MINUTE
  assert.equal(await rowsNow(care, thiri, grant), 'grant-ended')
  assert.equal(await ended(care, grant, () => care.care.sweep()), 'time')
})

test('a look ends at sign-out', async (t) => {
  const care = await openCare(t)
  const { thiri, grant } = await openRows(care)
  const { sessionId } = await thiri.facts()
  const reason = await ended(care, grant, () =>
    care.database.db
      .transaction()
      .execute((trx) => care.notifications.publish(trx, 'session-ended', { sessionId })),
  )
  assert.equal(reason, 'sign-out')
})

test('a look ends when the person is frozen, and no page of it opens afterwards', async (t) => {
  const care = await openCare(t)
  const { thiri, grant } = await openRows(care)
  const reason = await ended(care, grant, () =>
    commitWith(care.database.db, care.ledger, async (trx) => {
      await care.notifications.publish(trx, 'session-ended', { staffId: thiri.id })
    }),
  )
  assert.equal(reason, 'access-ended')
  assert.equal(await rowsNow(care, thiri, grant), 'grant-ended')
})

test('a contact that nobody works on for ten minutes is abandoned with its look', async (t) => {
  const care = await openCare(t)
  const { thiri, contact, grant } = await openRows(care)
  care.time += 10 * MINUTE
  assert.equal(await ended(care, grant, () => care.care.sweep()), 'abandoned')
  const seen = await ok(care, thiri, 'GET', `/api/care/contacts/${contact}`)
  assert.equal(seen.state, 'abandoned')
})

test('somebody else’s look and contact do not exist', async (t) => {
  const care = await openCare(t)
  const { contact, grant } = await openRows(care)
  const other = await care.hire(['champion'], { name: 'Zaw' })
  assert.equal((await care.ask(other, 'GET', `/api/care/contacts/${contact}`)).status, 403)
  assert.equal((await care.ask(other, 'GET', `/api/care/grants/${grant}`)).status, 404)
  assert.equal(await rowsNow(care, other, grant), 'grant-not-yours')
  const closing = { resolution: 'explained', note: '' }
  assert.equal((await care.ask(other, 'POST', `/api/care/contacts/${contact}/closing`, closing)).status, 403)
})

test('nothing opens for a caller who has shown nothing', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const contact = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  assert.deepEqual([contact.state, contact.line.confirmed], ['claimed', false])
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const answer = await care.ask(thiri, 'POST', `/api/care/contacts/${contact.id}/grants`, asked)
  assert.equal(answer.body.code, 'rung-too-low')
  const day = await ok(care, thiri, 'GET', '/api/care/day')
  assert.deepEqual([day.refusals[0].code, day.recorded.refusals], ['rung-too-low', 1])
  await care.ledger.sequence()
  assert.ok((await care.kinds()).includes('care-refusal'))
})

test('three wrong codes lock the method, and the contact says so', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { id } = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'chat' })
  const factor = `/api/care/contacts/${id}/factors/sms-code`
  await ok(care, thiri, 'POST', factor, {})
  const wrong = codeIn(care.texts) === '000000' ? '000001' : '000000'
  for (const state of ['verifying', 'verifying', 'locked']) {
    const answered = await ok(care, thiri, 'POST', `${factor}/answer`, { secret: wrong })
    assert.deepEqual([answered.passed, answered.contact.state], [false, state])
  }
  assert.equal((await care.ask(thiri, 'POST', factor, {})).status, 423)
})

test('a photo ID counts in a shop, on its device, with a second clerk of that shop, after a text', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'], { shop: 'mandalay-78th' })
  const zaw = await care.hire(['champion'], { name: 'Zaw', shop: 'mandalay-78th' })
  const elsewhere = await care.hire(['champion'], { name: 'Su', shop: 'yangon-sule' })
  const { id } = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'shop' })
  const factor = `/api/care/contacts/${id}/factors/photo-id`
  const unseen = { document: { kind: 'nrc', unexpired: true, compared: false } }
  assert.equal((await care.ask(thiri, 'POST', factor, unseen)).body.code, 'document-needed')
  await ok(care, thiri, 'POST', factor, { document: { kind: 'nrc', unexpired: true, compared: true } })
  for (const who of [thiri, elsewhere])
    assert.equal(
      (await care.ask(who, 'POST', `${factor}/answer`, { seen: true })).body.code,
      'second-clerk-needed',
    )
  const day = await ok(care, zaw, 'GET', '/api/care/day')
  assert.deepEqual([day.secondWords.length, day.secondWords[0]?.contact], [1, id])
  const word = await ok(care, zaw, 'POST', `${factor}/answer`, { seen: true })
  assert.deepEqual([word.passed, word.contact.ladder[1].done], [true, true])
  const before = care.texts.length
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  await ok(care, thiri, 'POST', `/api/care/contacts/${id}/grants`, asked)
  assert.equal(care.texts.length, before + 1)
  assert.match(care.texts.at(-1)?.text ?? '', /is about to open your August calls/)
})

test('a PIN keyed in on the line counts; the digits are kept nowhere', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  await care.tell('ringing', { desk: thiri.deskName })
  await care.tell('answered', { desk: thiri.deskName })
  const { id } = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  await ok(care, thiri, 'POST', `/api/care/contacts/${id}/factors/pin`, {})
  await care.tell('digits', { desk: thiri.deskName, ref: `care:${id}:pin`, digits: PIN })
  const seen = await ok(care, thiri, 'GET', `/api/care/contacts/${id}`)
  assert.equal(seen.ladder[1].done, true)
  assert.ok(!care.lines.join('\n').includes(PIN))
})

test('three misses call a supervisor of another team, whose word lets matching go on', async (t) => {
  const care = await openCare(t)
  const boss = await care.hire(['supervisor'], { name: 'Hla', team: 'yangon-1', office: 'yangon' })
  const { thiri, grant } = await openRows(care)
  const match = (number: string) => care.ask(thiri, 'POST', `/api/care/grants/${grant}/matches`, { number })
  for (const number of ['09 791 111 111', '09 791 111 112', '09 791 111 113'])
    assert.equal((await match(number)).body.answer, 'no-match')
  assert.equal((await match('09 255 012 345')).body.code, 'supervisor-called')
  const team = await ok(care, boss, 'GET', '/api/care/team')
  assert.deepEqual([team.approvals.length, team.approvals[0].kind], [1, 'third-miss'])
  const said = { approve: true, reason: 'She has the paper bill before her.' }
  await ok(care, boss, 'POST', `/api/care/approvals/${team.approvals[0].id}`, said)
  assert.equal((await match('09 255 012 345')).body.answer, 'appears')
  assert.equal((await match('09 791 111 114')).body.answer, 'no-match')
  assert.equal((await match('09 791 111 115')).body.code, 'matches-used-up')
})

test('a second look at the same customer waits for a supervisor of another team', async (t) => {
  const care = await openCare(t)
  const boss = await care.hire(['supervisor'], { name: 'Hla', team: 'yangon-1', office: 'yangon' })
  const own = await care.hire(['supervisor'], { name: 'Aye' })
  const { thiri, contact } = await openRows(care)
  await ok(care, thiri, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: '',
  })
  care.time += 20 * MINUTE
  const again = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const grant = await ok(care, thiri, 'POST', `/api/care/contacts/${again.id}/grants`, asked)
  assert.equal(grant.state, 'waiting-for-second')
  const bill = await care.ask(thiri, 'POST', `/api/care/grants/${grant.id}/bill`, {})
  assert.equal(bill.body.code, 'grant-waiting')
  const [waits] = (await ok(care, boss, 'GET', '/api/care/team')).approvals
  const yes = { approve: true, reason: 'Same bill, second question.' }
  assert.equal(
    (await care.ask(own, 'POST', `/api/care/approvals/${waits.id}`, yes)).body.code,
    'approval-not-yours',
  )
  await ok(care, boss, 'POST', `/api/care/approvals/${waits.id}`, yes)
  assert.equal((await care.ask(thiri, 'POST', `/api/care/grants/${grant.id}/bill`, {})).status, 200)
})

test('broken glass opens one masked page at once, wakes its people, and is justified and reviewed', async (t) => {
  const care = await openCare(t)
  const officer = await care.hire(['privacy-officer'], { name: 'Nilar', team: 'privacy', office: 'yangon' })
  const thiri = await care.hire(['champion'])
  const woken: unknown[] = []
  const stop = care.notifications.subscribe('notice', (payload) => woken.push(payload.kind))
  const reason = 'Caller says a child is missing since this morning.'
  const broken = await ok(care, thiri, 'POST', '/api/care/break-glass', { number: WRITTEN, reason })
  const grant = broken.contact.grant.id as string
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  const unmask = await care.ask(thiri, 'POST', `/api/care/grants/${grant}/unmask`, { row: '1-1' })
  assert.equal(unmask.body.code, 'unmask-not-here')
  stop()
  assert.ok(woken.includes('break-glass'))
  const id = broken.breakGlass.id as string
  const justification = 'Police took over within minutes; the last cell was not shown.'
  const early = await care.ask(officer, 'POST', `/api/care/break-glass/${id}/review`, {
    finding: 'justified',
    note: 'x',
  })
  assert.equal(early.body.code, 'not-justified-yet')
  await ok(care, thiri, 'POST', `/api/care/break-glass/${id}/justification`, { justification })
  const review = { finding: 'justified', note: 'Seen the police report.' }
  const reviewed = await ok(care, officer, 'POST', `/api/care/break-glass/${id}/review`, review)
  assert.equal(reviewed.state, 'reviewed')
})

test('no log line, address or refusal carries a customer’s number, name or code', async (t) => {
  const care = await openCare(t)
  const { thiri, grant } = await openRows(care)
  await care.ask(thiri, 'POST', `/api/care/grants/${grant}/matches`, { number: '12' })
  await care.ask(thiri, 'POST', '/api/care/contacts', { number: '09 791 999 999', channel: 'call' })
  const lines = care.lines.join('\n')
  for (const secret of ['791204412', '791 204 412', 'Khin Mar Lwin', 'ခင်မာလွင်', PIN, '791999999'])
    assert.ok(!lines.includes(secret), secret)
  const { rows } = await care.database.pool.query('SELECT * FROM care.refusal')
  assert.ok(!JSON.stringify(rows).includes('791'))
})
