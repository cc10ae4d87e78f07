import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { codeOf, DAY, MINUTE, openRoom, registration, START } from './room.ts'

const STRANGER = '+959791204413' as E164

test('signing in says the same for a number that is ours and one that is not', async (t) => {
  const room = await openRoom(t)
  await room.customers.register([registration()])
  const ours = await room.sessions.start(registration().number)
  const theirs = await room.sessions.start(STRANGER)
  assert.equal(ours.length, theirs.length)
  await room.runJobs()
  assert.equal(room.texts.length, 1)
  const code = codeOf(room.texts[0])
  const wrong = code === '111111' ? '222222' : '111111'
  for (let i = 0; i < 4; i += 1) {
    assert.deepEqual(await room.sessions.finish(theirs, wrong), await room.sessions.finish(ours, wrong))
  }
  const late = await room.sessions.finish(ours, code)
  assert.ok(isRefusal(late) && late.code === 'code-wrong', 'three wrong tries end the sign-in')
})

test('a sign-in opens one session, with its own code', async (t) => {
  const room = await openRoom(t)
  await room.customers.register([registration()])
  const first = await room.sessions.start(registration().number)
  await room.runJobs()
  const code = codeOf(room.texts[0])
  room.time += MINUTE
  const second = await room.sessions.start(registration().number)
  await room.runJobs()
  assert.ok(isRefusal(await room.sessions.finish(second, code)) || codeOf(room.texts[1]) === code)
  const signedIn = await room.sessions.finish(first, code)
  assert.ok(!isRefusal(signedIn))
  assert.equal(signedIn.subscriber.number, registration().number)
  assert.ok(isRefusal(await room.sessions.finish(first, code)))
})

test('whoever knows her number can lock her page’s codes, but not those of the phone', async (t) => {
  const room = await openRoom(t)
  const [her] = await room.customers.register([registration()])
  assert.ok(her)
  const signIn = await room.sessions.start(her.number)
  await room.runJobs()
  const wrong = codeOf(room.texts[0]) === '111111' ? '222222' : '111111'
  for (let i = 0; i < 3; i += 1) await room.sessions.finish(signIn, wrong)
  assert.equal(room.texts.at(-1)?.purpose, 'method-locked')
  assert.equal(await room.customers.factorBlock(room.database.db, her, 'sms-code'), null)
})

test('no code is sent to a SIM changed less than 7 days ago, and the page says nothing of it', async (t) => {
  const room = await openRoom(t)
  await room.customers.register([registration({ simChangedAt: START - 6 * DAY })])
  await room.sessions.start(registration().number)
  await room.runJobs()
  assert.equal(room.texts.length, 0)
})
