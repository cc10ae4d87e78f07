import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { type App, createApp } from '../../src/platform/http/app.ts'
import { createJobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import { createNotifications, type Notifications, type Payload } from '../../src/platform/notifications.ts'
import { createTelephony, type TelephonyRoom } from '../../src/platform/telephony/pbx-telephony.ts'
import { post, type TelephonyEvent } from '../../src/platform/telephony/protocol.ts'
import { type SimulatedPbx, startSimulatedPbx } from '../../src/platform/telephony/simulated.ts'
import { forgetOldCalls } from '../../src/platform/telephony/store.ts'
import type { CallBackOutcome, KeyedDigits } from '../../src/platform/telephony/telephony.ts'
import { openTestDatabase } from '../support/database.ts'
import { createGcmSealer } from './gcm-sealer.ts'

const NUMBER = '+959791204412'

interface Bench {
  database: OpenDatabase
  app: App
  eventsUrl: string
  secret: Buffer
  pbx: SimulatedPbx
  telephony: TelephonyRoom
  notifications: Notifications
  lines: string[]
}

async function openBench(t: TestContext): Promise<Bench> {
  const closing: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closing.reverse()) await close()
  })
  const database = await openTestDatabase(t)
  const lines: string[] = []
  const log = createLog({ level: 'debug', clock: systemClock, write: (line) => lines.push(line) })
  const secret = randomBytes(32)
  let eventsUrl = ''
  const pbx = await startSimulatedPbx({
    port: 0,
    secret,
    clock: systemClock,
    random: randomBytes,
    eventsUrl: () => eventsUrl,
  })
  closing.push(pbx.close)
  const jobs = createJobs({ pool: database.pool, log })
  const notifications = createNotifications({ url: database.url, log })
  closing.push(notifications.close)
  await notifications.ready()
  const telephony = createTelephony({
    db: database.db,
    jobs,
    sealer: createGcmSealer(),
    lookupKey: randomBytes(32),
    notifications,
    clock: systemClock,
    log,
    pbx: { url: pbx.url, secret },
  })
  const app = await createApp({
    log,
    clock: systemClock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  telephony.addRoutes(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(async () => app.close())
  eventsUrl = `${address}/telephony/events`
  await jobs.start()
  closing.push(jobs.stop)
  return { database, app, eventsUrl, secret, pbx, telephony, notifications, lines }
}

/** The next time the phone's state changes. */
function phoneChanges({ pbx }: Bench): Promise<void> {
  return new Promise((resolve) => {
    const stop = pbx.onChange(() => {
      stop()
      resolve()
    })
  })
}

test('a call that rings a desk is live there and by its number, until it ends', async (t) => {
  const bench = await openBench(t)
  const heard: Payload[] = []
  const { promise: twice, resolve } = Promise.withResolvers<void>()
  bench.notifications.subscribe('call-event', (payload) => {
    heard.push(payload)
    if (heard.length === 2) resolve()
  })
  const ended: string[] = []
  bench.telephony.onCallEnded(async ({ callId }) => void ended.push(callId))
  const callId = await bench.pbx.ring(NUMBER, 'M-17')
  await twice
  assert.deepEqual(heard[0], { desk: 'M-17', callId })
  const live = await bench.telephony.liveCall(NUMBER)
  assert.equal(live?.callId, callId)
  assert.equal(live?.number, NUMBER)
  assert.equal(live?.desk, 'M-17')
  assert.equal(live?.networkAsserted, true)
  assert.equal(live?.answered, true)
  assert.deepEqual(await bench.telephony.liveCallAtDesk('M-17'), live)
  assert.equal(await bench.telephony.liveCall('+959791204413'), null)
  assert.equal(await bench.telephony.liveCallAtDesk('M-18'), null)
  await bench.pbx.hangUp(NUMBER)
  assert.deepEqual(ended, [callId])
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
  assert.equal(await bench.telephony.liveCallById(callId), null)
})

test('a number that is merely shown is not asserted by the network', async (t) => {
  const bench = await openBench(t)
  await bench.pbx.ring(NUMBER, 'M-17', { networkAsserted: false })
  assert.equal((await bench.telephony.liveCall(NUMBER))?.networkAsserted, false)
})

test('digits reach whoever asked, and rest nowhere', async (t) => {
  const bench = await openBench(t)
  const keyed: KeyedDigits[] = []
  bench.telephony.onDigits(async (digits) => void keyed.push(digits))
  const callId = await bench.pbx.ring(NUMBER, 'M-17')
  assert.equal(await bench.pbx.keyDigits(NUMBER, '738261'), false)
  await bench.telephony.askDigits(callId, { count: 6, ref: 'v-1', prompt: 'pin', language: 'my' })
  const state = bench.pbx.phone(NUMBER)
  assert.deepEqual(state.kind === 'talking' && state.prompt, { count: 6, of: 'pin', language: 'my' })
  assert.equal(await bench.pbx.keyDigits(NUMBER, '12'), false)
  assert.equal(await bench.pbx.keyDigits(NUMBER, '738261'), true)
  assert.deepEqual(keyed, [{ callId, ref: 'v-1', digits: '738261' }])
  const { rows } = await bench.database.pool.query(
    `SELECT c::text AS row FROM platform.telephony_call c
     UNION ALL SELECT j::text FROM graphile_worker._private_jobs j`,
  )
  assert.doesNotMatch(JSON.stringify(rows) + bench.lines.join(''), /738261|9791204412/)
})

test('digits cannot be asked of a call that has ended', async (t) => {
  const bench = await openBench(t)
  const callId = await bench.pbx.ring(NUMBER, 'M-17')
  await bench.pbx.hangUp(NUMBER)
  const request = { count: 6, ref: 'v-1', prompt: 'code', language: 'en' } as const
  await assert.rejects(bench.telephony.askDigits(callId, request), { code: 'call-gone' })
})

test('a call back rings the phone, and its answer is a call of its own', async (t) => {
  const bench = await openBench(t)
  const outcomes: CallBackOutcome[] = []
  bench.telephony.onCallBack(async (outcome) => void outcomes.push(outcome))
  const rung = phoneChanges(bench)
  await bench.database.db
    .transaction()
    .execute((trx) => bench.telephony.callBack(trx, { number: NUMBER, desk: 'M-17', ref: 'cb-1' }))
  await rung
  assert.equal(bench.pbx.phone(NUMBER).kind, 'called')
  await bench.pbx.answerCallBack(NUMBER)
  const live = await bench.telephony.liveCallAtDesk('M-17')
  assert.equal(live?.callBackRef, 'cb-1')
  assert.equal(live?.answered, true)
  assert.deepEqual(outcomes, [{ callId: live?.callId, ref: 'cb-1', desk: 'M-17', answered: true }])
  const { rows } = await bench.database.pool.query('SELECT sealed, outcome FROM platform.telephony_call_back')
  assert.deepEqual(rows, [{ sealed: null, outcome: 'answered' }])
})

test('a call back that is declined, or was never asked for, confirms nothing', async (t) => {
  const bench = await openBench(t)
  const outcomes: CallBackOutcome[] = []
  bench.telephony.onCallBack(async (outcome) => void outcomes.push(outcome))
  const event: TelephonyEvent = {
    event: 'call-back-answered',
    callId: 'made-up',
    number: NUMBER,
    desk: 'M-17',
    networkAsserted: true,
    at: 0,
    ref: 'cb-2',
  }
  await post(bench.eventsUrl, bench.secret, event)
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
  const rung = phoneChanges(bench)
  await bench.database.db
    .transaction()
    .execute((trx) => bench.telephony.callBack(trx, { number: NUMBER, desk: 'M-17', ref: 'cb-2' }))
  await rung
  await post(bench.eventsUrl, bench.secret, { ...event, number: '+959791204413' })
  await post(bench.eventsUrl, bench.secret, { ...event, desk: 'M-18' })
  assert.equal(outcomes.length, 0)
  await bench.pbx.declineCallBack(NUMBER)
  await post(bench.eventsUrl, bench.secret, event)
  assert.deepEqual(
    outcomes.map((outcome) => outcome.answered),
    [false],
  )
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
})

test('events without the secret, or not of the protocol, are refused', async (t) => {
  const bench = await openBench(t)
  const event = {
    event: 'ringing',
    callId: 'c1',
    number: NUMBER,
    desk: 'M-17',
    networkAsserted: true,
    at: 1,
  } as const
  await assert.rejects(post(bench.eventsUrl, randomBytes(32), event), { code: 'telephony-unreachable' })
  for (const wrong of [
    { number: '09791204412' },
    { desk: '<b>' },
    { extra: 1 },
    { at: 1.5 },
    { callId: '' },
  ]) {
    const body = { ...event, ...wrong } as TelephonyEvent
    await assert.rejects(post(bench.eventsUrl, bench.secret, body), { code: 'telephony-unreachable' })
  }
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
})

test('an end that overtakes its ringing leaves no live call', async (t) => {
  const bench = await openBench(t)
  const event = { callId: 'c1', number: NUMBER, desk: 'M-17', networkAsserted: true, at: 1 } as const
  await post(bench.eventsUrl, bench.secret, { ...event, event: 'ended' })
  await post(bench.eventsUrl, bench.secret, { ...event, event: 'ringing' })
  await post(bench.eventsUrl, bench.secret, { ...event, event: 'answered' })
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
})

test('the telephony system takes no command without the secret', async (t) => {
  const bench = await openBench(t)
  const command = { command: 'call-back', number: NUMBER, desk: 'M-17', ref: 'x' } as const
  await assert.rejects(post(bench.pbx.url, randomBytes(32), command), { code: 'telephony-unreachable' })
  assert.equal(bench.pbx.phone(NUMBER).kind, 'idle')
})

test('a call that is over is forgotten in time, and one without an end loses its number', async (t) => {
  const bench = await openBench(t)
  const { db, pool } = bench.database
  await bench.pbx.ring(NUMBER, 'M-17')
  const now = Date.now()
  await forgetOldCalls(db, now - 60_000, now + 60_000)
  assert.equal(await bench.telephony.liveCall(NUMBER), null)
  const { rows } = await pool.query('SELECT sealed FROM platform.telephony_call')
  assert.deepEqual(rows, [{ sealed: null }])
  await forgetOldCalls(db, now + 60_000, now)
  assert.equal((await pool.query('SELECT 1 FROM platform.telephony_call')).rowCount, 0)
})
