import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  brokenGlassState,
  decideGrant,
  decideMatch,
  type GrantFacts,
  grantOpens,
  JUSTIFY_WITHIN_MS,
  type LookRequest,
  mayJustify,
  mayReview,
} from '../../src/care/grant-rules.ts'
import {
  CLAIMED,
  type ContactCommand,
  isOver,
  type PassedBy,
  type Pending,
  rungOf,
  stepContact,
  type Verification,
} from '../../src/care/rules.ts'
import { isRefusal, type Refusal } from '../../src/platform/refusal.ts'
import { RULES_SINCE_THE_CASE } from '../../src/staff/verification-policy.ts'

const NOW = 1_764_000_000_000
const pending = (factor: Pending['factor']): Pending => ({
  factor,
  startedAt: NOW,
  until: NOW + 300_000,
  tries: 0,
  by: 's1',
})
const factors: PassedBy[] = ['network-call', 'sms-code', 'pin', 'passphrase', 'call-back', 'photo-id']

/** Steps, or fails the test. */
function run(...commands: ContactCommand[]): Verification {
  return commands.reduce<Verification>((state, command) => {
    const next = stepContact(state, command)
    assert.ok(!isRefusal(next), `refused: ${JSON.stringify(next)}`)
    return next
  }, CLAIMED)
}

const rungTable: [PassedBy[], string][] = [
  [[], 'none'],
  [['network-call'], 'phone'],
  [['sms-code'], 'phone'],
  [['call-back'], 'phone'],
  [['pin'], 'none'],
  [['passphrase'], 'none'],
  [['network-call', 'pin'], 'person'],
  [['sms-code', 'passphrase'], 'person'],
  [['network-call', 'sms-code', 'call-back'], 'phone'],
  [['photo-id'], 'person'],
]
for (const [passed, rung] of rungTable) {
  test(`${passed.join(' and ') || 'nothing'} reaches ${rung}`, () => {
    assert.equal(rungOf(passed.map((factor) => ({ factor }))), rung)
  })
}

const stateTable: [string, ContactCommand[], string][] = [
  ['starting a factor', [{ do: 'start', pending: pending('pin') }], 'verifying'],
  ['a PIN without the phone', [{ do: 'pass', factor: 'pin', at: NOW }], 'verifying'],
  ['the call from her own number', [{ do: 'pass', factor: 'network-call', at: NOW }], 'verified'],
  [
    'a wrong try',
    [
      { do: 'start', pending: pending('sms-code') },
      { do: 'fail', locked: false },
    ],
    'verifying',
  ],
  [
    'the try that locks',
    [
      { do: 'start', pending: pending('sms-code') },
      { do: 'fail', locked: true },
    ],
    'locked',
  ],
  [
    'another factor after a lock',
    [
      { do: 'start', pending: pending('sms-code') },
      { do: 'fail', locked: true },
      { do: 'start', pending: pending('call-back') },
    ],
    'verifying',
  ],
  [
    'a lock on the way up',
    [
      { do: 'pass', factor: 'network-call', at: NOW },
      { do: 'start', pending: pending('pin') },
      { do: 'fail', locked: true },
    ],
    'verified',
  ],
  ['idling', [{ do: 'abandon' }], 'abandoned'],
  ['refusing', [{ do: 'refuse' }], 'refused'],
  ['closing', [{ do: 'pass', factor: 'network-call', at: NOW }, { do: 'close' }], 'closed'],
]
for (const [name, commands, state] of stateTable) {
  test(`${name} makes a contact ${state}`, () => {
    assert.equal(run(...commands).state, state)
  })
}

const command: fc.Arbitrary<ContactCommand> = fc.oneof(
  fc
    .constantFrom('sms-code', 'pin', 'passphrase', 'call-back', 'photo-id')
    .map((f): ContactCommand => ({ do: 'start', pending: pending(f as Pending['factor']) })),
  fc.constantFrom(...factors).map((factor): ContactCommand => ({ do: 'pass', factor, at: NOW })),
  fc.boolean().map((locked): ContactCommand => ({ do: 'fail', locked })),
  fc.constantFrom<ContactCommand>({ do: 'refuse' }, { do: 'abandon' }, { do: 'close' }),
)

test('whatever happens, verified means a rung was reached, and what is over stays over', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
      let contact = CLAIMED
      for (const c of commands) {
        const next = stepContact(contact, c)
        if (isRefusal(next)) continue
        assert.ok(!isOver(contact.state))
        contact = next
        assert.equal(
          contact.state === 'verified',
          rungOf(contact.passed) !== 'none' && !isOver(contact.state),
        )
      }
    }),
  )
})

const grant: GrantFacts = {
  staffId: 's1',
  state: 'active',
  endsAt: NOW + 1_800_000,
  rung: 'person',
  brokenGlass: false,
}
const code = (refusal: Refusal | null | string) => (isRefusal(refusal) ? refusal.code : refusal)

const doorTable: [string, Partial<GrantFacts>, Parameters<typeof grantOpens>[1], number, string | null][] = [
  ['rows on the second rung', {}, 'rows', NOW, null],
  ['rows on the first rung', { rung: 'phone' }, 'rows', NOW, 'rung-too-low'],
  ['the bill on the first rung', { rung: 'phone' }, 'bill', NOW, null],
  ['a match on the first rung', { rung: 'phone' }, 'match', NOW, null],
  ['one row in full on the first rung', { rung: 'phone' }, 'unmask', NOW, 'rung-too-low'],
  ['rows at the last millisecond', {}, 'rows', NOW + 1_799_999, null],
  ['rows after 30 minutes', {}, 'rows', NOW + 1_800_000, 'grant-ended'],
  ['rows of an ended look', { state: 'ended' }, 'rows', NOW, 'grant-ended'],
  ['rows while a supervisor thinks', { state: 'waiting-for-second' }, 'rows', NOW, 'grant-waiting'],
  ['rows after a no', { state: 'denied' }, 'rows', NOW, 'grant-denied'],
  ['rows of somebody else’s look', { staffId: 's2' }, 'rows', NOW, 'grant-not-yours'],
  ['rows behind broken glass', { rung: 'none', brokenGlass: true }, 'rows', NOW, null],
  [
    'one row in full behind broken glass',
    { rung: 'none', brokenGlass: true },
    'unmask',
    NOW,
    'unmask-not-here',
  ],
]
for (const [name, change, door, now, expected] of doorTable) {
  test(`${name}: ${expected ?? 'open'}`, () => {
    assert.equal(code(grantOpens({ ...grant, ...change }, door, 's1', now)), expected)
  })
}

const ask: LookRequest = {
  rung: 'person',
  brokenGlass: false,
  monthOffered: true,
  running: false,
  looksThisHour: { person: 0, team: 0 },
  earlierLooks: 0,
  approved: false,
}
const lookTable: [string, Partial<LookRequest>, string][] = [
  ['a verified caller’s first look', {}, 'granted'],
  ['an unverified caller', { rung: 'none' }, 'rung-too-low'],
  ['an old month', { monthOffered: false }, 'month-not-offered'],
  ['a second look beside a running one', { running: true }, 'look-running'],
  ['the twenty-first look of an hour', { looksThisHour: { person: 20, team: 30 } }, 'looks-too-many'],
  ['a team that looks too much', { looksThisHour: { person: 1, team: 200 } }, 'looks-too-many'],
  ['a second look at her within 30 days', { earlierLooks: 1 }, 'second'],
  ['the same with a supervisor’s yes', { earlierLooks: 1, approved: true }, 'granted'],
]
for (const [name, change, expected] of lookTable) {
  test(`${name}: ${expected}`, () =>
    assert.equal(code(decideGrant({ ...ask, ...change }, RULES_SINCE_THE_CASE.limits)), expected))
}

const counts = {
  inContact: 0,
  askedBefore: false,
  ofSubscriber: 0,
  ofPersonToday: 0,
  missesInContact: 0,
  supervisorSaidGoOn: false,
}
const matchTable: [string, Partial<typeof counts>, string | null][] = [
  ['the fifth number', { inContact: 4 }, null],
  ['the sixth number', { inContact: 5 }, 'matches-used-up'],
  ['one of the five again', { inContact: 5, askedBefore: true }, null],
  ['the eleventh of a customer in 30 days', { ofSubscriber: 10 }, 'matches-of-number-used-up'],
  ['the forty-first of a person’s day', { ofPersonToday: 40 }, 'matches-of-person-used-up'],
  ['after three misses', { missesInContact: 3 }, 'supervisor-called'],
  ['after three misses and a supervisor’s word', { missesInContact: 3, supervisorSaidGoOn: true }, null],
]
for (const [name, change, expected] of matchTable) {
  test(`${name}: ${expected ?? 'asked'}`, () =>
    assert.equal(code(decideMatch({ ...counts, ...change }, RULES_SINCE_THE_CASE.limits)), expected))
}

test('broken glass is justified by who broke it within 24 hours and always reviewed by somebody else', () => {
  const glass = { at: NOW, staffId: 's1', justifiedAt: null, reviewedAt: null }
  assert.equal(brokenGlassState(glass, NOW + JUSTIFY_WITHIN_MS - 1), 'to-justify')
  assert.equal(brokenGlassState(glass, NOW + JUSTIFY_WITHIN_MS), 'overdue')
  assert.equal(mayJustify(glass, 's1'), null)
  assert.equal(code(mayJustify(glass, 's2')), 'break-glass-not-yours')
  assert.equal(code(mayReview(glass, 's2', NOW)), 'not-justified-yet')
  assert.equal(mayReview(glass, 's2', NOW + JUSTIFY_WITHIN_MS), null)
  assert.equal(code(mayReview({ ...glass, justifiedAt: NOW }, 's1', NOW)), 'break-glass-not-yours')
  assert.equal(mayReview({ ...glass, justifiedAt: NOW }, 's2', NOW), null)
})
