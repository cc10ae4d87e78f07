import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ACCOUNTS } from '../../src/accounts.ts'
import {
  type Employment,
  type EmploymentAct,
  NO_EMPLOYMENT,
  OUTCOMES,
  stepEmployment,
} from '../../src/incident/employment-rules.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { ok } from '../care/open-care.ts'
import type { Hired } from '../staff/open-room.ts'
import { confirmedCase, openCourt, refusal } from './open-court.ts'

const says = 'As it stands in the personnel file.'
const HOUR_MS = 3_600_000
const NOW = 1_000 * HOUR_MS
/** Within a minute that began before it. */
const NAMED_AT = NOW - HOUR_MS + 30_000
const clauses = { contract: '9.2', code: '3' }

const anyAct: fc.Arbitrary<EmploymentAct> = fc.oneof(
  fc.constant<EmploymentAct>({ do: 'suspend', clauses, says }),
  fc.integer({ min: -2, max: 2 }).map(
    (hours): EmploymentAct => ({
      ...{ do: 'hear', heardAt: NOW + hours * HOUR_MS, came: true, companion: '', says },
    }),
  ),
  fc.constantFrom(...OUTCOMES).map((outcome): EmploymentAct => ({ do: 'decide', outcome, clauses, says })),
  fc.constant<EmploymentAct>({ do: 'appeal', says }),
  fc.constantFrom(...OUTCOMES).map((outcome): EmploymentAct => ({ do: 'decide-appeal', outcome, says })),
)

test('whatever is tried, nobody is punished unheard, for a breach nobody confirmed, or by somebody who had a part before', () => {
  const staff = fc.constantFrom('anna', 'boris', 'clara', 'dora')
  const story = fc.array(fc.record({ act: anyAct, by: staff }), { maxLength: 30 })
  fc.assert(
    fc.property(story, fc.boolean(), (steps, confirmed) => {
      let one: Employment = NO_EMPLOYMENT
      for (const { act, by } of steps) {
        const next = stepEmployment(one, act, {
          ...{ confirmed, open: true, namedAt: NAMED_AT, investigators: new Set(['dora']) },
          by: { staff: by, deskName: by, at: NOW },
        })
        if (isRefusal(next)) continue
        one = next
        const { suspended, hearing, decision, last } = one
        if (hearing !== null) assert.ok(hearing.heardAt <= NOW && hearing.heardAt >= NAMED_AT - 60_000)
        if (decision === null) continue
        assert.ok(decision.staff !== 'dora' && decision.staff !== suspended?.staff)
        if (decision.outcome !== 'no-action') assert.ok(confirmed && hearing !== null)
        if (last === null) continue
        assert.ok(OUTCOMES.indexOf(last.outcome) <= OUTCOMES.indexOf(decision.outcome))
        assert.ok(last.staff !== decision.staff && last.staff !== suspended?.staff && last.staff !== 'dora')
      }
    }),
  )
})

test('suspended, heard, dismissed by somebody who had no part: access is gone at that moment, an entry each', async (t) => {
  const house = await openCourt(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const { id, privacy, counsel } = await confirmedCase(house, thiri)
  const hire = (name: string) => house.hire(['administrator'], { name, office: 'yangon', team: 'people' })
  const first = await hire('Zin Mar')
  const second = await hire('Nwe Oo')
  const url = `/api/employments/${id}/people/${thiri.id}/steps`
  const act = (who: Hired, body: object) => ok(house, who, 'POST', url, { says, ...body })

  const { matters } = await ok(house, counsel, 'GET', '/api/employments')
  assert.deepEqual(
    matters.map((one: { person: { deskName: string }; state: string }) => [one.person.deskName, one.state]),
    [[thiri.deskName, 'none']],
  )
  for (const who of [privacy, thiri])
    assert.equal((await house.ask(who, 'GET', '/api/employments')).status, 403, 'HR and counsel alone')
  assert.equal(await refusal(house, counsel, url, { do: 'suspend', clauses, says }), 'not-in-role')

  assert.equal((await house.ask(thiri, 'GET', '/api/session')).status, 200)
  const suspended = await act(first, { do: 'suspend', clauses })
  assert.equal(suspended.state, 'suspended')
  assert.ok(suspended.person.frozenAt !== null, 'the case knows')
  assert.equal((await house.ask(thiri, 'GET', '/api/session')).status, 401, 'frozen with it')
  const dismissal = { do: 'decide', outcome: 'dismissal', clauses, says }
  const long = { do: 'hear', heardAt: house.time - 86_400_000, came: true, companion: '', says }
  assert.equal(await refusal(house, first, url, long), 'heard-before')
  assert.equal(await refusal(house, second, url, dismissal), 'employment-unheard')
  const hearing = { do: 'hear', heardAt: house.time, came: true, companion: 'a colleague of the union' }
  await act(first, { ...hearing, says: 'SECRET: she says a friend asked her.' })
  assert.equal(await refusal(house, first, url, dismissal), 'employment-yours')
  const decided = await act(second, dismissal)
  assert.deepEqual([decided.state, decided.decision.outcome], ['decided', 'dismissal'])
  const { body: person } = await house.ask(first, 'GET', `/api/people/${thiri.id}`)
  assert.deepEqual(
    [person.person.status, person.person.roles, person.dismissal.clause],
    ['dismissed', [], '9.2; 3'],
  )
  assert.equal(
    await refusal(house, first, url, { do: 'decide', outcome: 'warning', clauses, says }),
    'employment-not-now',
  )

  await act(first, { do: 'appeal' })
  assert.equal(
    await refusal(house, second, url, { do: 'decide-appeal', outcome: 'warning', says }),
    'employment-yours',
  )
  const third = await hire('Khaing')
  const last = await act(third, { do: 'decide-appeal', outcome: 'dismissal' })
  assert.deepEqual([last.state, last.last.outcome], ['final', 'dismissal'])

  const { body: view } = await house.ask(privacy, 'GET', `/api/incidents/${id}`)
  assert.deepEqual(view.involved[0].employment, { state: 'final', outcome: 'dismissal' })
  assert.doesNotMatch(
    JSON.stringify(view),
    /SECRET/,
    'whoever works on the case sees how far it is, not what was said',
  )
  await house.ledger.sequence()
  const entries = await house.ledger.entries({ limit: 500 })
  const moved = entries.filter(({ kind }) => kind === 'employment-moved')
  assert.equal(moved.length, 5)
  assert.ok(
    entries.some(({ kind }) => kind === 'staff-frozen') &&
      entries.some(({ kind }) => kind === 'staff-dismissed'),
  )
  for (const entry of moved) {
    assert.equal(entry.header.kind, 'other')
    assert.doesNotMatch(
      JSON.stringify(entry),
      /SECRET|personnel file/,
      'an entry commits to the words and does not say them',
    )
  }
  const verdict = async () =>
    verifyState({ pool: house.database.pool, sealer: house.keys.sealer, accounts: ACCOUNTS })
  assert.deepEqual((await verdict()).findings, [])
  await house.database.pool.query(`UPDATE incident.employment SET state = 'heard'`)
  assert.deepEqual(
    (await verdict()).findings.map(({ account }) => account),
    ['what became of employments', 'what became of employments'],
  )
})

test('whoever looked into the case does not decide, whatever role they have besides; about oneself there is no matter', async (t) => {
  const house = await openCourt(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const { id, privacy } = await confirmedCase(house, thiri)
  const administrator = await house.hire(['administrator'], {
    name: 'Zin Mar',
    office: 'yangon',
    team: 'people',
  })
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, {
    ...{ do: 'name', deskName: administrator.deskName, ground: says },
  })
  assert.deepEqual((await ok(house, administrator, 'GET', '/api/employments')).matters, [])
  const url = `/api/employments/${id}/people/${thiri.id}/steps`
  const decide = { do: 'decide', outcome: 'no-action', clauses, says }
  assert.equal(await refusal(house, administrator, url, decide), 'incident-not-found')
})
