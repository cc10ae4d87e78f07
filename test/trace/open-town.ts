import type { E164, OtherParty } from '../../src/calls/call-record.ts'
import type { SourceRecord } from '../../src/calls/source-record.ts'
import { file, type TestCare } from '../care/open-care.ts'
import { HOUR, SYSTEM } from '../staff/open-room.ts'

/** A few people who call each other after a look, for searches of leak paths. */

const line = (n: number) => `+9597910000${n}` as E164
/** The same number as people write it. */
export const written = (n: number) => `097910000${n}`
export const [THIRI, FRIEND, ASSOCIATE, DECOY, OTHER] = [10, 20, 30, 40, 50]

function call(a: number, b: number, at: number): SourceRecord {
  const party = (n: number): OtherParty => ({ kind: 'number', number: line(n) })
  return {
    caller: { kind: 'number', number: line(a) },
    called: party(b),
    kind: 'voice',
    answered: true,
    start: Math.floor(at / 1000),
    durationSeconds: 60,
    bytes: null,
    callerCell: null,
    calledCell: null,
    chargeMilli: 20_000,
    currency: 'MMK',
    tariff: null,
    reference: null,
    served: 'both',
  }
}

/** Thiri's look, her call to a friend after it, his to the associate; another employee whom a friend of his knows. */
export async function openTown(desk: TestCare) {
  const employees = []
  for (const [name, number] of [
    ['Thiri', THIRI],
    ['Aye', DECOY],
    ['Su', OTHER],
  ] as const) {
    const person = await desk.hire(['champion'], { name })
    await desk.room.circle.declare(SYSTEM, person.id, { kind: 'own', number: written(number) })
    employees.push(person)
  }
  const lookedAt = desk.time
  await file(desk, [
    call(FRIEND, ASSOCIATE, lookedAt - HOUR),
    call(THIRI, FRIEND, lookedAt + HOUR),
    call(FRIEND, ASSOCIATE, lookedAt + 2 * HOUR),
    call(DECOY, FRIEND, lookedAt + HOUR / 2),
    call(OTHER, 60, lookedAt + HOUR),
  ])
  desk.time += 6 * HOUR
  const investigator = await desk.hire(['investigator'])
  return { thiri: employees[0]!, investigator, lookedAt }
}
