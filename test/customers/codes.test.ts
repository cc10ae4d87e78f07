import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Subscriber } from '../../src/customers/customers.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { codeOf, MINUTE, openRoom, registration, type TestRoom } from './room.ts'

const ALLOWS = {
  en: 'lets our staff see your August calls for 30 minutes',
  my: 'ဝန်ထမ်းက သင့် ဩဂုတ်လ ခေါ်ဆိုမှုများကို မိနစ် 30 ကြည့်နိုင်မည်',
}

test('a code works once, in its contact, for its purpose', async (t) => {
  const { room, her } = await setUp(t)
  const code = await send(room, her, 'contact-1')
  assert.equal(await check(room, her, 'contact-2', code), 'code-expired')
  assert.equal(await check(room, her, 'contact-1', code, 'unmask-row'), 'code-expired')
  assert.equal(await check(room, her, 'contact-1', code), 'passed')
  assert.equal(await check(room, her, 'contact-1', code), 'code-expired')
})

test('two submits of one code at the same instant: one passes', async (t) => {
  const { room, her } = await setUp(t)
  for (let round = 0; round < 5; round += 1) {
    const code = await send(room, her, `contact-${round}`)
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => check(room, her, `contact-${round}`, code)))
    assert.equal(outcomes.filter((outcome) => outcome === 'passed').length, 1, outcomes.join())
  }
})

test('a code lives five minutes, and a newer one ends it', async (t) => {
  const { room, her } = await setUp(t)
  const old = await send(room, her, 'contact-1')
  room.time += MINUTE
  const code = await send(room, her, 'contact-1')
  if (old !== code) assert.equal(await check(room, her, 'contact-1', old), 'code-wrong')
  room.time += 5 * MINUTE
  assert.equal(await check(room, her, 'contact-1', code), 'code-expired')
})

test('three wrong tries lock codes for 30 minutes, in every contact, and she is told once', async (t) => {
  const { room, her } = await setUp(t)
  const code = await send(room, her, 'contact-1')
  const wrong = code === '000000' ? '000001' : '000000'
  assert.equal(await check(room, her, 'contact-1', wrong), 'code-wrong')
  assert.equal(await check(room, her, 'contact-1', wrong), 'code-wrong')
  assert.equal(await check(room, her, 'contact-1', wrong), 'code-locked')
  assert.equal(await check(room, her, 'contact-1', code), 'code-locked')
  assert.equal(await trySend(room, her, 'contact-2'), 'code-locked')
  const block = await room.customers.factorBlock(room.database.db, her, 'sms-code')
  assert.equal(block?.code, 'code-locked')
  assert.equal(room.texts.filter((text) => text.purpose === 'method-locked').length, 1)
  await room.ledger.sequence()
  const [entry] = await room.ledger.entriesAbout(her.subject, { limit: 1 })
  assert.equal(entry?.kind, 'method-locked')
  assert.equal(entry.header.kind, 'other', 'a stalker reads nothing from the public header')
  room.time += 30 * MINUTE
  assert.equal(await check(room, her, 'contact-3', await send(room, her, 'contact-3')), 'passed')
})

test('at most three codes a contact, 60 seconds apart', async (t) => {
  const { room, her } = await setUp(t)
  assert.equal(await trySend(room, her, 'contact-1'), 'sent')
  assert.equal(await trySend(room, her, 'contact-1'), 'code-sent-just-now')
  room.time += MINUTE
  assert.equal(await trySend(room, her, 'contact-1'), 'sent')
  room.time += MINUTE
  assert.equal(await trySend(room, her, 'contact-1'), 'sent')
  room.time += MINUTE
  assert.equal(await trySend(room, her, 'contact-1'), 'code-sent-too-often')
  assert.equal(await trySend(room, her, 'contact-2'), 'sent')
})

test('no code after a change of SIM, none used either when the SIM changes after sending', async (t) => {
  const { room, her } = await setUp(t)
  const code = await send(room, her, 'contact-1')
  await room.database.db
    .transaction()
    .execute((trx) => room.customers.setLineFacts(trx, her, { simChangedAt: room.time }))
  const now = await room.customers.byId(room.database.db, her.id)
  assert.ok(now)
  assert.equal(await check(room, now, 'contact-1', code), 'sim-changed-lately')
  assert.equal(await trySend(room, now, 'contact-2'), 'sim-changed-lately')
})

test('the text begins with the code, says what it allows and how to refuse, and is short in both languages', async (t) => {
  const { room, her } = await setUp(t)
  await send(room, her, 'contact-1')
  const english = room.texts.at(-1)
  assert.match(
    english?.text ?? '',
    /^\d{6} is your Ayeyar Mobile code\. It lets our staff see your August calls for 30 minutes\. To refuse, /,
  )
  assert.ok((english?.text.length ?? 999) <= 160, 'one text in the GSM alphabet')
  await send(room, { ...her, language: 'my' }, 'contact-2')
  const burmese = room.texts.at(-1)
  assert.match(burmese?.text ?? '', /^\d{6} ကုဒ်။ .*ကြည့်နိုင်မည်။ မလိုလျှင် /)
  assert.ok((burmese?.text.length ?? 999) <= 134, 'two parts of UCS-2')
  assert.ok(burmese?.expiresAt === room.time + 5 * MINUTE, 'not sent when it is of no use any more')
})

test('promise 4: neither number, name nor code stands anywhere in the database', async (t) => {
  const { room, her } = await setUp(t)
  const code = await send(room, her, 'contact-1')
  const { rows } = await room.database.pool.query<{ row: string }>(
    `SELECT s::text AS row FROM customers.subscriber s UNION ALL SELECT c::text FROM customers.code c`,
  )
  const hex = (text: string) => Buffer.from(text).toString('hex')
  for (const { row } of rows) {
    for (const secret of [her.number.slice(1), 'Khin Mar Lwin', 'ခင်မာလွင်']) {
      assert.ok(!row.includes(secret) && !row.includes(hex(secret)))
    }
    assert.ok(!row.split(/[(),]/).includes(code))
  }
})

async function setUp(t: TestContext): Promise<{ room: TestRoom; her: Subscriber }> {
  const room = await openRoom(t)
  const [her] = await room.customers.register([registration()])
  assert.ok(her)
  return { room, her }
}

async function trySend(room: TestRoom, her: Subscriber, bindTo: string): Promise<string> {
  const sent = await room.database.db
    .transaction()
    .execute((trx) =>
      room.customers.sendCode(trx, her, { purpose: 'verify-contact', bindTo, allows: ALLOWS }),
    )
  return isRefusal(sent) ? sent.code : 'sent'
}

async function send(room: TestRoom, her: Subscriber, bindTo: string): Promise<string> {
  assert.equal(await trySend(room, her, bindTo), 'sent')
  return codeOf(room.texts.at(-1))
}

async function check(
  room: TestRoom,
  her: Subscriber,
  bindTo: string,
  code: string,
  purpose: 'verify-contact' | 'unmask-row' = 'verify-contact',
): Promise<string> {
  const outcome = await room.database.db
    .transaction()
    .execute((trx) => room.customers.checkCode(trx, her, { purpose, bindTo, code }))
  return isRefusal(outcome) ? outcome.code : 'passed'
}
