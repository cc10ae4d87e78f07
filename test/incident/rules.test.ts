import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { clocksOf, dueAt } from '../../src/incident/clocks.ts'
import { type Act, type Case, NEXT, STATES, step } from '../../src/incident/rules.ts'
import { isRefusal } from '../../src/platform/refusal.ts'

const { breach, offsetMinutes } = readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url))
const REPORTED = Date.UTC(2026, 8, 15, 4, 34)
const HOUR = 3_600_000

const fresh: Case = {
  state: 'reported',
  origin: 'not-me',
  ref: null,
  title: 'A list surfaced',
  says: '',
  summary: '',
  reportedAt: REPORTED,
  triagedAt: null,
  confirmedAt: null,
  closedAt: null,
  surfacedAt: null,
  subject: null,
  involved: [],
  proposed: null,
  notices: [],
  frames: [],
  approvals: [],
}

const says = 'as the file says'
const staff = fc.constantFrom('anna', 'boris', 'clara')
const person = (id: string) => ({ staff: id, deskName: id, office: 'mandalay', ground: says })
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  ...(['triage', 'contain', 'end-notices', 'refer', 'proceed', 'close', 'reopen'] as const).map((act) =>
    fc.constant<Act>({ do: act, says }),
  ),
  fc
    .constantFrom('breach' as const, 'unfounded' as const)
    .map((finding): Act => ({ do: 'determine', finding, says })),
  fc
    .constantFrom('mm-authority', 'mm-customer', 'eu-gdpr-authority')
    .map((clock): Act => ({ do: 'notice', clock, outcome: 'sent', says })),
  staff.map((id): Act => ({ do: 'name', person: person(id) })),
  staff.map((id): Act => ({ do: 'frozen', staff: id })),
  fc.boolean().map((further): Act => ({ do: 'approve-path', further, says })),
  fc
    .constantFrom('harm' as const, 'complaint' as const, 'verdict' as const)
    .map((what): Act => ({ do: 'after', what, on: REPORTED, says })),
  fc.constantFrom('eu-gdpr', 'us-fcc', 'nowhere').map((frame): Act => ({ do: 'law', frame })),
  fc
    .integer({ min: -5, max: 5 })
    .map((hours): Act => ({ do: 'surface', surfacedAt: REPORTED + hours * HOUR })),
)
const anyStory = fc.array(fc.record({ act: anyAct, by: staff }), { maxLength: 60 })

const around = (one: Case, by: string, now: number) => ({
  now,
  by,
  clocks: clocksOf(one, breach, offsetMinutes),
  laws: breach.frames.map(({ id }) => id),
  undecided: [],
})

/** Plays a story; every step that was done, with the case before and after it. */
function play(story: readonly { act: Act; by: string }[]) {
  let one = fresh
  return story.flatMap(({ act, by }, i) => {
    const before = one
    const after = step(before, act, around(before, by, REPORTED + i * HOUR))
    if (isRefusal(after)) return []
    one = after
    return [{ act, by, before, after }]
  })
}

test('whatever people do, a case goes only where its state leads, and from everywhere to an end', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, after } of play(story))
        if (before.state !== after.state) assert.ok(NEXT[before.state].includes(after.state))
    }),
    { numRuns: 500 },
  )
  for (const state of STATES) {
    const reached = new Set([state])
    for (const one of reached) for (const next of NEXT[one]) reached.add(next)
    assert.ok(reached.has('closed'), state)
  }
})

test('nobody alone finds a breach, and nobody alone finds that there was none', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { act, by, before, after } of play(story)) {
        if (!['confirmed', 'unfounded'].includes(after.state) || before.state === after.state) continue
        assert.equal(act.do, 'determine')
        assert.notEqual(before.proposed?.by, by)
        assert.ok(before.proposed)
      }
    }),
    { numRuns: 500 },
  )
})

test('nothing is contained while somebody it is about can sign in, or notified while a duty is open', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { before, after } of play(story)) {
        if (after.state === 'contained' && before.state !== 'contained')
          assert.ok(after.involved.every(({ frozenAt }) => frozenAt !== null))
        if (after.state === 'notified' && before.state !== 'notified')
          assert.ok(clocksOf(after, breach, offsetMinutes).every(({ notice }) => notice !== null))
      }
    }),
    { numRuns: 500 },
  )
})

test('a closed case takes nothing but its reopening, and a leak path needs a breach that was found', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { act, before, after } of play(story)) {
        if (before.state === 'closed') assert.equal(act.do, 'reopen')
        if (act.do === 'approve-path') assert.notEqual(before.confirmedAt, null)
        assert.equal(after.reportedAt, REPORTED)
      }
    }),
    { numRuns: 500 },
  )
})

test('what came of it is written down of a breach that was found, by day, and follows what it follows', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { after } of play(story)) {
        const came = after.after ?? []
        assert.ok(came.length === 0 || after.confirmedAt !== null)
        const whats = came.map(({ what }) => what)
        assert.ok(!whats.includes('verdict') || whats.includes('complaint'))
      }
    }),
    { numRuns: 300 },
  )
  const breach_ = { ...fresh, state: 'confirmed' as const, confirmedAt: REPORTED }
  const write = (one: Case, what: 'hearing' | 'complaint' | 'claim-settled', hours: number) =>
    step(one, { do: 'after', what, on: REPORTED + hours * HOUR, says }, around(one, 'anna', REPORTED))
  const codeOf = (done: ReturnType<typeof write>) => (isRefusal(done) ? done.code : 'done')
  assert.equal(codeOf(write(fresh, 'complaint', -1)), 'incident-not-confirmed')
  assert.equal(codeOf(write(breach_, 'complaint', 1)), 'not-yet')
  assert.equal(codeOf(write(breach_, 'hearing', 1)), 'after-nothing')
  assert.equal(codeOf(write(breach_, 'claim-settled', -1)), 'after-nothing')
  const complained = write(breach_, 'complaint', -1)
  assert.ok(!isRefusal(complained))
  const set = write(complained, 'hearing', 24 * 30)
  assert.ok(!isRefusal(set), 'a hearing is set for a day to come')
  assert.deepEqual(
    set.after?.map(({ what }) => what),
    ['complaint', 'hearing'],
  )
})

test('clocks run from the moment their law names, and a late notice says so', () => {
  const named = { ...fresh, frames: ['eu-telecoms', 'eu-gdpr', 'us-fcc'] }
  const due = (one: Case) =>
    Object.fromEntries(
      clocksOf(one, breach, offsetMinutes).map(({ id, dueAt: at }) => [
        id,
        at === null ? null : (at - REPORTED) / HOUR,
      ]),
    )
  assert.equal(due(named)['eu-telecoms-authority'], 24)
  assert.equal(due(named)['eu-gdpr-authority'], 72)
  assert.equal(due(named)['mm-authority'], null)
  assert.equal(due(named)['us-fcc-authority'], null)
  const confirmed = { ...named, triagedAt: REPORTED + HOUR, confirmedAt: REPORTED + 2 * HOUR }
  assert.equal(due(confirmed)['mm-authority'], 25)
  assert.equal(due(confirmed)['us-fcc-customer'], 30 * 24 + 2)
  assert.deepEqual(Object.keys(due(fresh)), ['mm-authority', 'mm-customer'])
  const late = step(
    confirmed,
    { do: 'notice', clock: 'mm-authority', outcome: 'sent', says },
    {
      ...around(confirmed, 'anna', REPORTED + 26 * HOUR),
    },
  )
  assert.ok(!isRefusal(late))
  assert.deepEqual(
    late.notices.map(({ late: was }) => was),
    [true],
  )
})

test('business days leave out Saturdays, Sundays and holidays, and end with the local day', () => {
  // Tuesday 15 September 2026, 11:04 in Yangon.
  const seven = (holidays: string[]) =>
    new Date(
      dueAt(REPORTED, { length: 7, unit: 'business-days' }, holidays, 390) + 390 * 60_000,
    ).toISOString()
  assert.equal(seven([]), '2026-09-25T00:00:00.000Z')
  assert.equal(seven(['2026-09-17']), '2026-09-26T00:00:00.000Z')
  assert.equal(seven(['2026-09-19']), '2026-09-25T00:00:00.000Z')
})
