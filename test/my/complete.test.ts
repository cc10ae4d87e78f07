import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitWith } from '../../src/ledger/commit.ts'
import { extendChain, NO_LINKS } from '../../src/ledger/subjects/link.ts'
import { keptOf } from '../../src/my/script/check-complete.ts'
import { DAY, registration, START } from '../customers/room.ts'
import { type House, openHouse, signIn, visit, writeLook } from './house.ts'
import { openPhone, type Phone } from './phone.ts'

const LOOK = { rows: 3, channel: 'call', confirmed: true }

test('her phone proves that her looks are all, that nobody looked, and that an erased body hides none', async (t) => {
  const house = await openHouse(t, { looks: false })
  await house.epochs.make()
  const phone = await herPhone(house)
  const none = await phone.check()
  assert.deepEqual([none.looks, none.end.count, none.newer], [0, 0, 0])
  await look(house, 'g1')
  assert.deepEqual(
    [(await phone.check()).looks, (await phone.check()).newer],
    [0, 1],
    'the newest line is not counted yet',
  )
  await house.epochs.make()
  assert.deepEqual([(await phone.check({ kept: keptOf(none) })).looks, (await phone.check()).newer], [1, 0])
  const { db } = house.room.database
  const [first] = await indexesOf(house, 'reveal')
  await commitWith(db, house.room.ledger, (trx) =>
    house.room.ledger.eraseBody(trx, first!, { actor: 'p1', ground: 'a court said so' }),
  )
  await house.room.ledger.sequence()
  await house.epochs.make()
  assert.equal((await phone.check()).erased, 1)
})

test('a look that the page leaves out is found, however the tables were changed', async (t) => {
  const { house, phone, pool } = await openLooked(t)
  await assert.rejects(phone.check({ lines: (lines) => lines.slice(1) }), { code: 'look-hidden' })
  const [reveal] = await indexesOf(house, 'reveal')
  const saved = (await pool.query('SELECT * FROM ledger.entry WHERE index = $1', [reveal])).rows[0]
  await pool.query('UPDATE ledger.entry SET subject = NULL WHERE index = $1', [reveal])
  await assert.rejects(phone.check(), { code: 'body-withheld' })
  await pool.query('UPDATE ledger.entry SET subject = $2 WHERE index = $1', [reveal, house.her.subject])
  await phone.check()
  await pool.query('UPDATE ledger.entry SET body_sealed = NULL WHERE index = $1', [reveal])
  await assert.rejects(phone.check(), { code: 'body-withheld' })
  await pool.query('UPDATE ledger.entry SET body_sealed = $2 WHERE index = $1', [reveal, saved.body_sealed])
  await phone.check()
  await pool.query('DELETE FROM ledger.link WHERE index = $1', [reveal])
  await assert.rejects(phone.check(), { code: 'links-missing' })
})

test('a look whose row is deleted from the tables that the page reads is found', async (t) => {
  const { house, phone, pool } = await openLooked(t)
  for (const kind of ['grant', 'reveal', 'disclosure', 'grant-ended'])
    for (const index of await indexesOf(house, kind))
      await pool.query('DELETE FROM ledger.entry WHERE index = $1', [index])
  await assert.rejects(phone.check(), { code: 'links-missing' })
})

test('a look filed in a neighbour’s chain and still on her page is found; so is one of a neighbour in hers', async (t) => {
  const { house, phone, pool } = await openLooked(t)
  await look(house, 'g2')
  const move = (index: number, sequence: string, subject: string, tenure: string) =>
    pool.query(`UPDATE ledger.link SET subject = $2, tenure = $3, sequence = ${sequence} WHERE index = $1`, [
      index,
      subject,
      tenure,
    ])
  const mine = (await indexesOf(house, 'reveal', 'disclosure')).slice(2)
  for (const index of mine) await move(index, 'sequence', 'ab'.repeat(16), 'n')
  await house.epochs.make()
  await assert.rejects(phone.check(), { code: 'look-unlinked' })
  for (const index of mine) await move(index, 'sequence', house.her.subject, house.her.tenure)
  const other = { ...LOOK, subject: 'ab'.repeat(16), tenure: 'n' }
  await writeLook(house, 'n1', other)
  const theirs = (await indexesOf(house, 'reveal', 'disclosure')).slice(4)
  for (const index of theirs) await move(index, 'sequence + 4', house.her.subject, house.her.tenure)
  await relink(house)
  await house.epochs.make()
  await assert.rejects(phone.check(), { code: 'link-of-another' })
})

test('her phone keeps the last count: one that falls, an older epoch, or another holder’s place is refused', async (t) => {
  const { house, phone, pool } = await openLooked(t)
  const kept = keptOf(await phone.check())
  const older = await phone.proof()
  await look(house, 'g2')
  await house.epochs.make()
  const newer = keptOf(await phone.check({ kept }))
  assert.equal(newer.count, 4)
  await assert.rejects(phone.check({ kept: newer, proof: older }), { code: 'register-shrank' })
  await assert.rejects(phone.check({ kept: { ...newer, ordinal: 2 } }), { code: 'holder-changed' })
  await assert.rejects(phone.check({ kept: { ...newer, vrfKey: older.own.label } }), {
    code: 'labels-changed',
  })
  // As if the first look had never been: the chain begins with the next.
  await pool.query('DELETE FROM ledger.link')
  await look(house, 'g3')
  await pool.query('UPDATE ledger.link SET sequence = sequence - 4')
  await relink(house)
  await house.epochs.make()
  await assert.rejects(phone.check({ kept: newer }), { code: 'count-fell' })
})

test('the new holder of a recycled number sees nothing of the old one’s, whenever it was written', async (t) => {
  const house = await openHouse(t, { looks: false })
  const number = '+959791204413' as const
  const [old] = await house.room.customers.register([
    registration({
      number: number as never,
      tenureFrom: START / 1000 - 99 * 86_400,
      tenureUntil: START / 1000 - 86_400,
    }),
  ])
  const [now] = await house.room.customers.register([
    registration({
      number: number as never,
      registeredOn: START - DAY / 2,
      tenureFrom: START / 1000 - 43_200,
    }),
  ])
  assert.ok(old !== undefined && now !== undefined && old.subject === now.subject)
  // After she became the holder, about him.
  await writeLook(house, 'his', { ...LOOK, subject: old.subject, tenure: old.tenure })
  await house.epochs.make()
  const phone = await herPhone(house, '09 791 204 413', number)
  const { body } = await phone.visitor.get('/my')
  assert.doesNotMatch(body, /looks\/his/)
  assert.match(body, /Nobody looked\./)
  assert.equal((await phone.visitor.get('/my/looks/his/proof')).status, 404)
  const { looks, end, ordinal } = await phone.check()
  assert.deepEqual([looks, end.count, ordinal], [0, 0, 2])
  const links = JSON.parse((await phone.visitor.get('/my/complete/links?after=0&upTo=9')).body)
  assert.deepEqual(links, { bundles: [], slots: [] })
})

async function openLooked(t: Parameters<typeof openHouse>[0]) {
  const house = await openHouse(t, { looks: false })
  await look(house, 'g1')
  await house.epochs.make()
  const phone = await herPhone(house)
  assert.equal((await phone.check()).looks, 1)
  return { house, phone, pool: house.room.database.pool }
}

async function look(house: House, grant: string): Promise<void> {
  await writeLook(house, grant, { ...LOOK, tenure: house.her.tenure })
}

/** The indexes of entries of these kinds, ascending. */
async function indexesOf(house: House, ...kinds: string[]): Promise<number[]> {
  const headers = await house.room.ledger.headers({ limit: 500 })
  return headers
    .filter(({ header }) => kinds.includes(header?.kind ?? ''))
    .map(({ index }) => index)
    .sort((a, b) => a - b)
}

/** Makes her chain follow again, as an operator would who changes it. */
async function relink({ room, her }: House): Promise<void> {
  const { pool } = room.database
  const { rows } = await pool.query<{ index: string; sequence: string }>(
    'SELECT index, sequence FROM ledger.link WHERE subject = $1 ORDER BY sequence',
    [her.subject],
  )
  let end = NO_LINKS
  for (const { index } of rows) {
    const [entry] = await room.ledger.publicEntries(Number(index), 1)
    end = extendChain(end, entry!)
    await pool.query('UPDATE ledger.link SET link = $2 WHERE index = $1', [index, end.link])
  }
}

/** Her phone, signed in. */
async function herPhone(house: House, written?: string, number: string = house.her.number): Promise<Phone> {
  const visitor = visit(house.app)
  await signIn(house, visitor, 'code', written)
  return openPhone(house.app, visitor, number)
}
