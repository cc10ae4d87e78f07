import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import type { Subscriber } from '../../src/customers/customers.ts'
import type { Trx } from '../../src/platform/database.ts'
import { isRefusal, type Refusal } from '../../src/platform/refusal.ts'
import { DAY, HOUR, MINUTE, openRoom, registration, START, type TestRoom } from './room.ts'

const PIN = '839174'

test('a first PIN set online waits 72 hours, with a text a day', async (t) => {
  const { room, her } = await setUp(t)
  const asked = await change(room, (trx) =>
    room.customers.protection.setSecretOnline(trx, her, { kind: 'pin', secret: PIN, old: null }),
  )
  assert.deepEqual(asked, { appliesAt: START + 72 * HOUR })
  for (const day of [0, 1, 2]) {
    room.time = START + day * DAY
    await room.runJobs()
    assert.equal(room.texts.filter((text) => text.purpose === 'waiting-change').length, day + 1)
    assert.equal((await reread(room, her)).secret, null)
  }
  room.time = START + 72 * HOUR - 1
  await room.runJobs()
  assert.equal((await reread(room, her)).secret, null)
  room.time = START + 72 * HOUR
  await room.runJobs()
  assert.equal((await reread(room, her)).secret?.kind, 'pin')
  assert.equal(await checkPin(room, her, PIN), 'passed')
  assert.equal(room.texts.at(-1)?.purpose, 'change-notice')
  assert.ok(!room.texts.some((text) => text.text.includes(PIN)))
})

test('one answer stops a waiting change, and nobody else’s does', async (t) => {
  const { room, her } = await setUp(t)
  const [other] = await room.customers.register([registration({ number: '+959791204413' as E164 })])
  assert.ok(other)
  await change(room, (trx) =>
    room.customers.protection.setSecretOnline(trx, her, { kind: 'pin', secret: PIN, old: null }),
  )
  const [waiting] = await room.customers.protection.waiting(room.database.db, her)
  assert.ok(waiting)
  const stop = (who: Subscriber) =>
    change(room, (trx) => room.customers.protection.stop(trx, who, waiting.id))
  assert.equal(((await stop(other)) as Refusal).code, 'change-gone')
  assert.equal(await stop(her), null)
  for (const day of [1, 2, 3, 4]) {
    room.time = START + day * DAY
    await room.runJobs()
  }
  assert.equal((await reread(room, her)).secret, null)
})

test('a server that slept through the wait still sends a text a day before anything changes', async (t) => {
  const { room, her } = await setUp(t)
  await change(room, (trx) =>
    room.customers.protection.setSecretOnline(trx, her, { kind: 'pin', secret: PIN, old: null }),
  )
  room.time = START + 10 * DAY
  await room.runJobs()
  assert.equal((await reread(room, her)).secret, null)
  room.time += DAY
  await room.runJobs()
  assert.equal((await reread(room, her)).secret, null)
  room.time += DAY
  await room.runJobs()
  assert.equal((await reread(room, her)).secret?.kind, 'pin')
})

test('a PIN set in a shop opens nothing for 24 hours', async (t) => {
  const { room, her } = await setUp(t)
  await change(room, (trx) =>
    room.customers.protection.setSecretInShop(trx, her, { kind: 'pin', secret: PIN, staffId: 's1' }),
  )
  assert.equal(await checkPin(room, her, PIN), 'pin-too-new')
  room.time += 24 * HOUR
  assert.equal(await checkPin(room, her, PIN), 'passed')
})

test('five wrong tries lock the PIN, ten close it until a shop resets it', async (t) => {
  const { room, her } = await setUp(t, { secret: { kind: 'pin', secret: PIN, setAt: START - 2 * DAY } })
  const outcomes: string[] = []
  for (let i = 0; i < 5; i += 1) outcomes.push(await checkPin(room, her, '000001'))
  assert.deepEqual(outcomes, [...Array(4).fill('pin-wrong'), 'pin-locked'])
  assert.equal(await checkPin(room, her, PIN), 'pin-locked')
  room.time += 30 * MINUTE
  for (let i = 0; i < 4; i += 1) assert.equal(await checkPin(room, her, '000001'), 'pin-wrong')
  assert.equal(await checkPin(room, her, '000001'), 'pin-needs-shop')
  room.time += 30 * DAY
  assert.equal(await checkPin(room, her, PIN), 'pin-needs-shop')
  await change(room, (trx) =>
    room.customers.protection.setSecretInShop(trx, her, { kind: 'pin', secret: '407395', staffId: 's1' }),
  )
  room.time += DAY
  assert.equal(await checkPin(room, her, '407395'), 'passed')
})

test('"only in a shop" works at once and goes only after 72 hours', async (t) => {
  const { room, her } = await setUp(t)
  await change(room, (trx) => room.customers.protection.setShopOnly(trx, her, true))
  const protectedNow = await reread(room, her)
  assert.equal(protectedNow.protection.shopOnly, true)
  assert.equal(
    (await room.customers.factorBlock(room.database.db, protectedNow, 'sms-code'))?.code,
    'shop-only',
  )
  await change(room, (trx) => room.customers.protection.setShopOnly(trx, protectedNow, false))
  for (const day of [1, 2]) {
    room.time = START + day * DAY
    await room.runJobs()
    assert.equal((await reread(room, her)).protection.shopOnly, true)
  }
  room.time = START + 3 * DAY
  await room.runJobs()
  assert.equal((await reread(room, her)).protection.shopOnly, false)
})

test('a notice of change goes to the second number of record too, to where she was told before', async (t) => {
  const second = '+959791204499' as E164
  const { room, her } = await setUp(t, { secondNumber: { number: second, since: START - 31 * DAY } })
  await change(room, (trx) => room.customers.protection.setShopOnly(trx, her, true))
  assert.deepEqual(
    room.texts.map((text) => text.to),
    [her.number, second],
  )
})

test('safe mode makes texts neutral or keeps them back, and says so to nobody', async (t) => {
  const { room, her } = await setUp(t)
  await change(room, (trx) => room.customers.protection.setSafeMode(trx, her, 'neutral'))
  assert.equal(room.texts.length, 0)
  const neutral = await reread(room, her)
  const notice = { text: { en: 'Your August calls were looked at', my: '…' }, purpose: 'look', ref: 'r1' }
  assert.deepEqual(room.customers.previewNotice(neutral, notice), {
    text: 'Ayeyar Mobile: there is something new on your page.',
    outcome: 'texted-neutral',
  })
  assert.equal(await change(room, (trx) => room.customers.notify(trx, neutral, notice)), 'texted-neutral')
  const quiet = { ...neutral, protection: { ...neutral.protection, safeMode: 'page' as const } }
  assert.equal(await change(room, (trx) => room.customers.notify(trx, quiet, notice)), 'withheld')
  assert.equal(room.texts.length, 1)
})

test('promise 2: a setting and its entry are written together or not at all', async (t) => {
  const { room, her } = await setUp(t)
  const before = (await room.ledger.head()).size
  await assert.rejects(
    room.database.db.transaction().execute(async (trx) => {
      await room.customers.protection.setShopOnly(trx, her, true)
      throw new Error('the disk is full')
    }),
  )
  await room.ledger.sequence()
  assert.equal((await room.ledger.head()).size, before)
  assert.equal((await reread(room, her)).protection.shopOnly, false)
  await change(room, (trx) => room.customers.protection.setShopOnly(trx, her, true))
  await room.ledger.sequence()
  assert.equal((await room.ledger.head()).size, before + 1)
})

test('two thousand subscribers register in one go, tenures included; a recycled number says so', async (t) => {
  const room = await openRoom(t)
  const list = Array.from({ length: 2000 }, (_, i) =>
    registration({ number: `+9597${String(91_000_000 + i)}` as E164 }),
  )
  const registered = await room.customers.register(list)
  assert.equal(registered.length, 2000)
  assert.equal(room.tenures.length, 2000)
  assert.equal(await room.customers.count(), 2000)
  const found = await room.customers.findByNumber(room.database.db, list[1234]!.number)
  assert.deepEqual(found, registered[1234])
  const until = Math.floor((START - 60 * DAY) / 1000)
  const number = '+959780000001' as E164
  await room.customers.register([registration({ number, tenureUntil: until })])
  const [holder] = await room.customers.register([registration({ number, tenureFrom: until })])
  assert.equal(holder?.recycledAt, until * 1000)
  assert.equal((await room.customers.findByNumber(room.database.db, number))?.tenure, holder?.tenure)
  assert.equal(
    (await room.customers.factorBlock(room.database.db, holder!, 'sms-code'))?.code,
    'number-recycled-lately',
  )
})

async function setUp(
  t: TestContext,
  more: Parameters<typeof registration>[0] = {},
): Promise<{ room: TestRoom; her: Subscriber }> {
  const room = await openRoom(t)
  const [her] = await room.customers.register([registration(more)])
  assert.ok(her)
  return { room, her }
}

async function change<T>(room: TestRoom, run: (trx: Trx) => Promise<T>): Promise<T> {
  return room.database.db.transaction().execute(run)
}

async function reread(room: TestRoom, her: Subscriber): Promise<Subscriber> {
  const now = await room.customers.byId(room.database.db, her.id)
  assert.ok(now)
  return now
}

async function checkPin(room: TestRoom, her: Subscriber, pin: string): Promise<string> {
  const now = await reread(room, her)
  const outcome = await change(room, (trx) => room.customers.checkSecret(trx, now, pin))
  return isRefusal(outcome) ? outcome.code : 'passed'
}
