import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { PSEUDONYM_KEY, subjectOf } from '../../src/vault/subject.ts'
import { granted, openRoom, refusedWith, SYSTEM } from './open-room.ts'

const NUMBER = '09791204412'

test('own, household and declared numbers are known; a colleague is everybody else’s own number', async (t) => {
  const { room, hire, keys } = await openRoom(t)
  const thiri = await hire(['champion'])
  const htet = await hire(['champion'], { team: 'yangon-1', office: 'yangon' })
  const subject = (number: string) => subjectOf(keys.prfKey(PSEUDONYM_KEY), `+95${number.slice(1)}` as E164)
  const declare = async (who: typeof thiri, kind: 'own' | 'household' | 'declared', number: string) =>
    granted(await room.circle.declare(await who.facts(), who.id, { kind, number }))
  await declare(thiri, 'own', NUMBER)
  await declare(thiri, 'household', '09791204413')
  await declare(htet, 'declared', '09791204413')
  const kind = async (who: typeof thiri, number: string) =>
    (await room.circle.circleOf(who.id, subject(number))).kind
  assert.equal(await kind(thiri, NUMBER), 'own')
  assert.deepEqual(await room.circle.circleOf(htet.id, subject(NUMBER)), {
    kind: 'colleague',
    team: 'mandalay-1',
  })
  assert.equal(await kind(thiri, '09791204413'), 'household')
  assert.equal(await kind(htet, '09791204413'), 'declared')
  assert.equal(await kind(htet, '09791204499'), 'none')
  await declare(htet, 'household', NUMBER)
  assert.equal(await kind(htet, NUMBER), 'household', 'the closer tie decides')
  granted(await room.people.dismiss(SYSTEM, thiri.id, { clause: 'code 4.2', reason: 'gave a list away' }))
  const nilar = await hire(['champion'])
  assert.equal(await kind(nilar, NUMBER), 'none', 'who was dismissed is a customer like any other')
})

test('promise 4: the database and the ledger hold no declared number, only its pseudonym and ciphertext', async (t) => {
  const { room, hire, database, ledger } = await openRoom(t)
  const champion = await hire(['champion'])
  const me = await champion.facts()
  const { id } = granted(await room.circle.declare(me, champion.id, { kind: 'declared', number: NUMBER }))
  const rows = (await database.pool.query('SELECT * FROM staff.circle_number')).rows as { number: Buffer }[]
  const entries = await ledger.entriesBy(champion.id, { limit: 20 })
  const text = JSON.stringify([rows, entries])
  for (const form of ['791204412', Buffer.from('+959791204412').toString('hex')])
    assert.ok(!text.includes(form))
  const told = entries.find(({ kind }) => kind === 'number-declared')
  assert.equal(told?.header.kind, 'other', 'the public header says nothing')
  assert.deepEqual(
    (await room.circle.numbersOf(champion.id)).map(({ number }) => number),
    ['+959791204412'],
  )
  assert.equal(
    refusedWith(await room.circle.declare(me, champion.id, { kind: 'own', number: NUMBER })),
    'number-declared',
  )
  assert.equal(
    refusedWith(await room.circle.declare(me, champion.id, { kind: 'own', number: 'call me' })),
    'number-unreadable',
  )
  assert.equal(await room.circle.withdraw(me, champion.id, id), null)
  assert.equal(refusedWith(await room.circle.withdraw(me, champion.id, id)), 'number-not-found')
})

test('nobody declares numbers for somebody else, or takes theirs back', async (t) => {
  const { room, hire } = await openRoom(t)
  const champion = await hire(['champion'])
  const other = await hire(['champion'])
  const { id } = granted(
    await room.circle.declare(await champion.facts(), champion.id, { kind: 'own', number: NUMBER }),
  )
  const they = await other.facts()
  assert.equal(
    refusedWith(await room.circle.declare(they, champion.id, { kind: 'own', number: NUMBER })),
    'not-yourself',
  )
  assert.equal(refusedWith(await room.circle.withdraw(they, champion.id, id)), 'not-yourself')
  assert.equal(refusedWith(await room.circle.withdraw(they, other.id, id)), 'number-not-found')
})
