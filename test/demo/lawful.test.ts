import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeWorld } from '../../demo/calls.ts'
import { planPast } from '../../demo/contacts.ts'
import { registerPeople } from '../../demo/seed.ts'
import { liveContacts } from '../../demo/seed-contacts.ts'
import { lawfulInterludes } from '../../demo/seed-lawful.ts'
import { hireStaff } from '../../demo/seed-staff.ts'
import { countFigures } from '../../src/transparency/figures.ts'
import { openRooms } from './open-rooms.ts'

const NOW = Date.UTC(2026, 8, 12, 4, 12)
const SEED = 'test'

test('the demo’s authorities ask, are refused, are answered, and what they were given is told', async (t) => {
  const world = makeWorld(SEED, NOW)
  const plan = { ...planPast(world), contacts: [] }
  const { rooms, past } = await openRooms(t, SEED, NOW)
  const hired = await hireStaff(rooms, past, world, plan)
  await registerPeople(rooms, { ...world, people: world.people.slice(0, 410) })
  const stage = { rooms, past, world, plan, hired }
  await liveContacts(stage, () => {}, lawfulInterludes(stage, world.months[0].from * 1000, NOW))
  const board = await rooms.lawful.board()
  const states = board.map(({ state }) => state).sort()
  assert.deepEqual(states, [
    'approved',
    'closed',
    'closed',
    'closed',
    'delivered',
    'received',
    'refused',
    'refused',
    'refused',
    'returned',
    'reviewing',
    'withdrawn',
  ])
  const headers = []
  const { size } = await rooms.ledger.head()
  for (let before = size; before > 0; before -= 500)
    headers.push(
      ...(await rooms.ledger.headers({ before, limit: 500 })).flatMap(({ header }) => header ?? []),
    )
  const figures = countFigures(headers)
  assert.deepEqual(
    [figures.received, figures.misdirected, figures.refused, figures.emergencies, figures.customersTold],
    [12, 3, 3, 1, 2],
  )
  assert.equal(figures.compliedNoData, 4, 'no calls were filed in this past')
})
