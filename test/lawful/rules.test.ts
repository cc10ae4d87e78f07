import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHECK_IDS } from '../../src/lawful/checks.ts'
import { answerHours, deadlinesOf, filterHours } from '../../src/lawful/clocks.ts'
import type { Actor, Command } from '../../src/lawful/command.ts'
import { fileRequest } from '../../src/lawful/filing-rules.ts'
import type { Answer, Case, Filing, Scope } from '../../src/lawful/request.ts'
import { step } from '../../src/lawful/rules.ts'
import { needsPrivacyOfficer } from '../../src/lawful/ruling.ts'
import { daysOf, intersect, narrower } from '../../src/lawful/scope.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import {
  answers,
  DAY_S,
  done,
  EU,
  filing,
  MM,
  NOW,
  PASS,
  PEOPLE,
  play,
  REASONS,
  TAKE,
  whole,
} from './cases.ts'

const HOUR = 3_600_000
const { counsel, otherCounsel, privacy, investigator, both, champion, filer, filterer } = PEOPLE
const asked = filing()
const reviewed = play(asked, [TAKE, PASS, ...answers(investigator)])
const context = (actor: Actor | null, now = NOW) => ({ now, frame: MM, actor })
const codeOf = (one: Case, command: Command, actor: Actor, now = NOW): string => {
  const result = step(one, command, { now, frame: one.filing.frame === 'mm' ? MM : EU, actor })
  return isRefusal(result) ? result.code : result.state
}
const rule = (answer: Answer): Command => ({ do: 'rule', answer, reasons: REASONS })
const second = (answer: Answer): Command => ({ do: 'second', answer, reasons: REASONS })
const NOT_HERE: Answer = { kind: 'refuse', ground: 'overbroad' }

test('the whole way: filed, filtered by another, checked, two keys, produced, released, received, closed', () => {
  const approved = play(asked, [
    TAKE,
    PASS,
    ...answers(counsel),
    [counsel, rule(whole(asked))],
    [privacy, second(whole(asked))],
  ])
  assert.deepEqual([approved.state, approved.scope?.parts.length], ['approved', 1])
  const closed = play(asked, [
    TAKE,
    PASS,
    ...answers(counsel),
    [counsel, rule(whole(asked))],
    [privacy, second(whole(asked))],
    [counsel, { do: 'produce' }],
    [investigator, { do: 'release' }],
    [filer, { do: 'acknowledge' }],
    [counsel, { do: 'close' }],
  ])
  assert.equal(closed.state, 'closed')
})

test('whoever filed does not filter, nor who amended; only who took it filters', () => {
  const fresh = play(asked, [])
  assert.equal(codeOf(fresh, { do: 'take' }, filer), 'filed-it-yourself')
  assert.equal(codeOf(play(asked, [TAKE]), PASS[1], filer), 'filed-it-yourself')
  const third: Actor = { id: 'third', roles: ['regulator-officer'] }
  assert.equal(codeOf(play(asked, [TAKE]), PASS[1], third), 'taken-by-another')
  const back = play(asked, [
    TAKE,
    PASS,
    [investigator, { do: 'return', missing: ['date'], reason: '' }],
    [filterer, { do: 'complete', filing: asked }],
  ])
  assert.equal(back.state, 'received')
  assert.equal(codeOf(back, { do: 'take' }, filterer), 'filed-it-yourself')
})

test('a category outside the list cannot pass the filter, and is refused as out of scope', () => {
  const odd = play(filing({ category: 'defamation' }), [TAKE])
  assert.equal(codeOf(odd, PASS[1], filterer), 'category-not-listed')
  assert.equal(
    codeOf(
      odd,
      { do: 'filter', outcome: 'refused', reason: REASONS, ground: 'out-of-scope-offence' },
      filterer,
    ),
    'refused',
  )
})

test('no key turns while a standard is open; a no that cannot be mended stops, one that can narrows', () => {
  const open = play(asked, [TAKE, PASS])
  assert.equal(codeOf(open, rule(whole(asked)), counsel), 'checks-open')
  const failed = play(asked, [TAKE, PASS, ...answers(investigator, ['V2'])])
  assert.equal(codeOf(failed, rule(whole(asked)), counsel), 'check-failed')
  assert.equal(codeOf(failed, rule({ kind: 'refuse', ground: 'not-authentic' }), counsel), 'refused')
  const wide = play(asked, [TAKE, PASS, ...answers(investigator, ['V10'])])
  assert.equal(codeOf(wide, rule(whole(asked)), counsel), 'must-be-narrowed')
  const less: Answer = { kind: 'approve', scope: { ...scopeOf(whole(asked)), fields: ['time'] } }
  assert.equal(codeOf(wide, rule(less), counsel), 'reviewing')
})

test('nobody approves what they prepared, and the second key is another role’s', () => {
  const ruled = done(step(reviewed, rule(whole(asked)), context(counsel)))
  for (const actor of [counsel, otherCounsel, champion, filterer])
    assert.equal(codeOf(ruled, second(whole(asked)), actor), 'not-your-step')
  assert.equal(codeOf(ruled, second(whole(asked)), both), 'prepared-it-yourself')
  assert.equal(codeOf(ruled, second(whole(asked)), investigator), 'prepared-it-yourself')
  assert.equal(codeOf(ruled, second(whole(asked)), privacy), 'approved')
  assert.equal(codeOf(reviewed, second(whole(asked)), privacy), 'first-key-first')
})

test('the second key does not produce, and who produced does not release', () => {
  const approved = play(asked, [
    TAKE,
    PASS,
    ...answers(investigator),
    [counsel, rule(whole(asked))],
    [privacy, second(whole(asked))],
  ])
  assert.equal(codeOf(approved, { do: 'produce' }, privacy), 'approver-produces')
  const produced = done(step(approved, { do: 'produce' }, context(counsel)))
  assert.equal(codeOf(produced, { do: 'release' }, counsel), 'producer-releases')
  assert.equal(codeOf(produced, { do: 'release' }, privacy), 'delivered')
})

test('a scope is never wider than what was asked, and areas, content and long windows are struck out', () => {
  const areas = filing({
    identifiers: [
      ...asked.identifiers,
      { type: 'area', value: 'all phones near the pagoda', role: 'unknown', from: 1, until: 2 },
    ],
    asksContent: true,
  })
  const one = play(areas, [TAKE, PASS, ...answers(investigator)])
  assert.equal(codeOf(one, rule(whole(areas)), counsel), 'not-a-number')
  const wider = scopeOf(whole(asked)).parts.map((part) => ({ ...part, until: part.until + 1 }))
  assert.equal(
    codeOf(one, rule({ kind: 'approve', scope: { parts: wider, fields: ['time'] } }), counsel),
    'scope-wider',
  )
  assert.equal(
    codeOf(one, rule({ kind: 'approve', scope: { ...scopeOf(whole(asked)), fields: ['place'] } }), counsel),
    'field-not-allowed',
  )
  assert.equal(
    codeOf(one, rule({ kind: 'approve', scope: { parts: [], fields: [] } }), counsel),
    'scope-empty',
  )
  const numbersOnly: Answer = whole(asked)
  const ruled = done(step(one, rule(numbersOnly), context(counsel)))
  assert.equal(codeOf(ruled, second(numbersOnly), privacy), 'partly-approved')
  const [{ until }] = asked.identifiers as [Filing['identifiers'][number]]
  const long = filing({ identifiers: [{ ...asked.identifiers[0]!, from: until - 200 * DAY_S }] })
  const longOne = play(long, [TAKE, PASS, ...answers(investigator)])
  assert.equal(codeOf(longOne, rule(whole(long)), counsel), 'period-too-long')
  assert.equal(needsPrivacyOfficer(longOne, MM), true)
  const narrow: Answer = {
    kind: 'approve',
    scope: { parts: [{ identifier: 0, from: until - DAY_S, until }], fields: ['time'] },
  }
  const narrowed = done(step(longOne, rule(narrow), context(counsel)))
  const another: Actor = { id: 'another', roles: ['investigator'] }
  assert.equal(codeOf(narrowed, second(narrow), another), 'privacy-officer-needed')
  assert.equal(codeOf(narrowed, second(narrow), privacy), 'partly-approved')
})

test('a refusal by either key is the narrower answer', () => {
  assert.equal(codeOf(reviewed, rule(NOT_HERE), counsel), 'refused')
  const ruled = done(step(reviewed, rule(whole(asked)), context(counsel)))
  assert.equal(codeOf(ruled, second(NOT_HERE), privacy), 'refused')
})

test('an emergency has shorter clocks and the same steps; its paper follows or it is unratified', () => {
  const until = Math.floor(NOW / 1000)
  const urgent = filing({
    urgency: 'emergency',
    paper: null,
    threatToLife: 'A child of nine has been missing since six.',
    identifiers: [{ ...asked.identifiers[0]!, from: until - 12 * 3600, until }],
  })
  const filed = play(urgent, [])
  assert.deepEqual([answerHours(urgent, MM), filterHours(urgent, MM)], [8, 4])
  assert.deepEqual(
    deadlinesOf(filed, MM).map(({ what, at }) => [what, (at - NOW) / HOUR]),
    [
      ['filter', 4],
      ['answer', 8],
      ['paper', 24],
    ],
  )
  assert.equal(codeOf(filed, rule(whole(urgent)), counsel), 'not-now')
  const checked = play(urgent, [TAKE, PASS, ...answers(investigator, ['V6'])])
  assert.equal(codeOf(checked, rule(whole(urgent)), counsel), 'reviewing')
  const late = done(step(checked, { do: 'time' }, context(null, NOW + 24 * HOUR)))
  assert.equal(late.unratified, true)
  const paper = { date: '2026-10-12', authorisedBy: 'Aung Htoo', rank: 'Police Colonel' }
  const ratified = done(step(checked, { do: 'bring-paper', paper }, context(filer)))
  assert.equal(isRefusal(step(ratified, { do: 'time' }, context(null, NOW + 25 * HOUR))), true)
  const longer = filing({
    ...urgent,
    identifiers: [{ ...asked.identifiers[0]!, from: until - 30 * 3600, until }],
  })
  const tooLong = play(longer, [TAKE, PASS, ...answers(investigator)])
  assert.equal(codeOf(tooLong, rule(whole(longer)), counsel), 'emergency-too-long')
})

test('an emergency is reviewed afterwards by somebody without a part in it, and confirmed only with its paper', () => {
  const until = Math.floor(NOW / 1000)
  const urgent = filing({
    urgency: 'emergency',
    paper: null,
    threatToLife: 'A child of nine has been missing since six.',
    identifiers: [{ ...asked.identifiers[0]!, from: until - 12 * 3600, until }],
  })
  const review = (finding: 'confirmed' | 'not-confirmed', reasons = REASONS): Command => ({
    do: 'after-review',
    finding,
    reasons,
  })
  const delivered = play(urgent, [
    TAKE,
    PASS,
    ...answers(counsel),
    [counsel, rule(whole(urgent))],
    [investigator, second(whole(urgent))],
    [counsel, { do: 'produce' }],
    [investigator, { do: 'release' }],
  ])
  const due = deadlinesOf(delivered, MM).find(({ what }) => what === 'review')
  assert.equal(due?.at, NOW + MM.deadlines.reviewAfterEmergencyDays * 24 * HOUR)
  assert.equal(codeOf(delivered, review('not-confirmed'), counsel), 'reviews-own-ruling')
  assert.equal(codeOf(delivered, review('not-confirmed'), investigator), 'not-your-step')
  assert.equal(codeOf(delivered, review('confirmed'), privacy), 'paper-missing')
  assert.equal(codeOf(delivered, review('not-confirmed', 'no'), privacy), 'reason-too-short')
  const paper = { date: '2026-10-12', authorisedBy: 'Aung Htoo', rank: 'Police Colonel' }
  const papered = done(step(delivered, { do: 'bring-paper', paper }, context(filer)))
  const reviewed = done(step(papered, review('confirmed'), context(otherCounsel)))
  assert.deepEqual([reviewed.afterReview?.finding, reviewed.state], ['confirmed', 'delivered'])
  assert.equal(codeOf(reviewed, review('not-confirmed'), privacy), 'reviewed-already')
  assert.equal(
    deadlinesOf(reviewed, MM).some(({ what }) => what === 'review'),
    false,
  )
  const routine = play(asked, [
    TAKE,
    PASS,
    ...answers(investigator),
    [counsel, rule(whole(asked))],
    [privacy, second(whole(asked))],
    [counsel, { do: 'produce' }],
    [investigator, { do: 'release' }],
  ])
  assert.equal(codeOf(routine, review('confirmed'), otherCounsel), 'no-emergency')
})

test('what is returned stands still, comes back to the filter, or expires', () => {
  const returned = play(asked, [
    TAKE,
    PASS,
    [counsel, { do: 'return', missing: ['the date of the paper'], reason: REASONS }],
  ])
  assert.deepEqual(
    deadlinesOf(returned, MM).map(({ what }) => what),
    ['complete'],
  )
  assert.equal(
    codeOf(play(asked, [TAKE, PASS]), { do: 'return', missing: [], reason: '' }, counsel),
    'nothing-missing',
  )
  const expired = done(step(returned, { do: 'time' }, context(null, NOW + 10 * 24 * HOUR)))
  assert.deepEqual([expired.state, expired.ground], ['expired', 'clarification-timeout'])
})

test('secrecy has an end; it is renewed with a reason before it passes, and not after', () => {
  const delivered = play(asked, [
    TAKE,
    PASS,
    ...answers(investigator),
    [counsel, rule(whole(asked))],
    [privacy, second(whole(asked))],
    [counsel, { do: 'produce' }],
    [privacy, { do: 'release' }],
  ])
  const ends = asked.secrecyUntil!
  const renew = (until: number, reason = REASONS): Command => ({ do: 'renew-secrecy', until, reason })
  assert.equal(codeOf(delivered, renew(ends + HOUR, 'more'), filer), 'reason-too-short')
  assert.equal(codeOf(delivered, renew(ends + 91 * 24 * HOUR), filer), 'secrecy-too-long')
  const renewed = done(step(delivered, renew(ends + 24 * HOUR), context(filer)))
  assert.equal(isRefusal(step(renewed, { do: 'time' }, context(null, ends))), true)
  const told = done(step(renewed, { do: 'time' }, context(null, ends + 24 * HOUR)))
  assert.equal(told.toldAt, ends + 24 * HOUR)
  assert.equal(codeOf(told, renew(ends + 25 * HOUR), filer, ends + 24 * HOUR), 'secrecy-over')
})

test('a European order runs by its own data: 10 days, 8 hours, its own grounds, nothing handed over to preserve', () => {
  const epoc = filing({
    frame: 'eu-e-evidence',
    authority: 'eu-issuing-court',
    category: 'three-years-or-more',
    basis: 'EPOC-TRAFFIC',
  })
  assert.equal(answerHours(epoc, EU), 240)
  assert.equal(answerHours({ urgency: 'emergency' }, EU), 8)
  assert.deepEqual([EU.deadlines.preserveDays, EU.deadlines.preserveExtendDays], [60, 30])
  const one = play(epoc, [TAKE, PASS, ...answers(investigator)], EU)
  assert.equal(codeOf(one, rule({ kind: 'refuse', ground: 'privileged' }), counsel), 'ground-unknown')
  assert.equal(codeOf(one, rule({ kind: 'refuse', ground: 'ne-bis-in-idem' }), counsel), 'refused')
  const holderOnly = filing({ ...epoc, basis: 'EPOC-SUBSCRIBER', fields: ['holder', 'time'] })
  const two = play(holderOnly, [TAKE, PASS, ...answers(investigator)], EU)
  assert.equal(codeOf(two, rule(whole(holderOnly)), counsel), 'field-not-allowed')
  const keep = filing({ ...epoc, basis: 'EPOC-PR', preserveOnly: true })
  const kept = play(
    keep,
    [TAKE, PASS, ...answers(investigator), [counsel, rule(whole(keep))], [privacy, second(whole(keep))]],
    EU,
  )
  assert.equal(codeOf(kept, { do: 'produce' }, counsel), 'preserve-only')
  assert.equal(codeOf(kept, { do: 'close' }, counsel), 'closed')
})

const WRONG: readonly [string, Partial<Filing>][] = [
  ['frame', { frame: 'eu-e-evidence' }],
  ['authority', { authority: 'a-friend' }],
  ['basis', { basis: 'MM-NONE' }],
  ['identifiers', { identifiers: [] }],
  ['identifiers', { identifiers: [{ ...asked.identifiers[0]!, until: 1 }] }],
  ['fields', { fields: [] }],
  ['paper', { paper: null }],
  ['threatToLife', { urgency: 'emergency' }],
  ['secrecyUntil', { secrecyUntil: NOW + 400 * 24 * HOUR }],
]
for (const [field, more] of WRONG)
  test(`a filing with a wrong ${field} (${JSON.stringify(more).slice(0, 40)}) names it and is not filed`, () => {
    const result = fileRequest(filing(more), filer, { now: NOW, frame: MM })
    assert.ok(isRefusal(result) && result.code === 'filing-wrong' && result.says.startsWith(`${field}:`))
  })

const actors = Object.values(PEOPLE)
const scopes = fc.record({
  parts: fc.array(
    fc
      .record({
        identifier: fc.nat(1),
        from: fc.integer({ min: -1, max: 10 }),
        length: fc.integer({ min: 0, max: 10 }),
      })
      .map(({ identifier, from, length }) => {
        const start = asked.identifiers[0]!.from + from * DAY_S
        return { identifier, from: start, until: start + length * DAY_S }
      }),
    { maxLength: 3 },
  ),
  fields: fc.subarray([...asked.fields, 'place' as const]),
})
const ruling: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(whole(asked)) },
  scopes.map((scope): Answer => ({ kind: 'approve', scope })),
  fc.constantFrom('overbroad', 'no-legal-basis').map((ground): Answer => ({ kind: 'refuse', ground })),
)
const commands: fc.Arbitrary<readonly Command[]> = fc.oneof(
  fc
    .constantFrom<Command>(
      { do: 'take' },
      { do: 'produce' },
      { do: 'release' },
      { do: 'acknowledge' },
      { do: 'close' },
      { do: 'complete', filing: asked },
    )
    .map((c) => [c]),
  fc.constant([PASS[1]]),
  fc.constant(answers(counsel).map(([, command]) => command)),
  ruling.map((answer) => [rule(answer)]),
  ruling.map((answer) => [second(answer)]),
  fc
    .constantFrom<Command>(
      { do: 'return', missing: ['a page'], reason: '' },
      { do: 'withdraw', reason: '' },
      { do: 'time' },
    )
    .map((c) => [c]),
)
const turn = fc.record({ who: fc.nat(), does: commands })

/** Puts the right turn in front of random ones, so that deep states are met often. */
const WAY: readonly (readonly [Actor, readonly Command[]])[] = [
  [filterer, [{ do: 'take' }]],
  [filterer, [PASS[1]]],
  [investigator, answers(investigator).map(([, command]) => command)],
  [counsel, [rule(whole(asked))]],
  [privacy, [second(whole(asked))]],
  [counsel, [{ do: 'produce' }]],
  [privacy, [{ do: 'release' }]],
]

test('whoever does whatever: nothing is produced without another’s filter, a ruling, and a second person of another role', () => {
  let produced = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), turn), { maxLength: 40 }), (turns) => {
      let one = done(fileRequest(asked, filer, { now: NOW, frame: MM }))
      let at = 0
      for (const [right, { who, does }] of turns) {
        const next = WAY[at]
        const [actor, list] = right && next !== undefined ? next : [actors[who % actors.length]!, does]
        if (right) at += 1
        for (const command of list) {
          const result = step(one, command, {
            now: NOW,
            frame: MM,
            actor: command.do === 'time' ? null : actor,
          })
          if (!isRefusal(result)) one = result
        }
        if (!['produced', 'delivered', 'acknowledged'].includes(one.state)) continue
        produced += 1
        assert.ok(one.filter?.outcome === 'passed' && !one.filers.includes(one.filter.by))
        assert.ok(one.first !== null && one.second !== null)
        assert.notEqual(one.first.by, one.second.by)
        assert.notEqual(one.first.role, one.second.role)
        assert.ok(!one.preparedBy.includes(one.second.by))
        assert.notEqual(one.producedBy, one.second.by)
        assert.ok(CHECK_IDS.every((id) => one.checks[id] !== undefined))
        assert.ok(
          one.scope !== null &&
            within(one.scope, scopeOf(one.first.answer)) &&
            within(one.scope, scopeOf(one.second.answer)),
        )
        assert.ok(within(one.scope, scopeOf(whole(one.filing))))
        if (one.state !== 'produced') assert.notEqual(one.releasedBy, one.producedBy)
      }
    }),
    { numRuns: 1500 },
  )
  assert.ok(produced > 50, `only ${produced} of the ways reached production`)
})

test('what both keys allow is within each of them, and the order does not matter', () => {
  fc.assert(
    fc.property(scopes, scopes, (a, b) => {
      const left = intersect(a, b)
      const right = intersect(b, a)
      assert.equal(left === null, right === null)
      if (left === null || right === null) return
      assert.ok(within(left, a) && within(left, b))
      assert.equal(daysOf(left), daysOf(right))
    }),
  )
  assert.equal(narrower(whole(asked), NOT_HERE), NOT_HERE)
})

function scopeOf(answer: Answer): Scope {
  assert.equal(answer.kind, 'approve')
  return (answer as Extract<Answer, { kind: 'approve' }>).scope
}

function within(inner: Scope, outer: Scope): boolean {
  return (
    inner.fields.every((field) => outer.fields.includes(field)) &&
    inner.parts.every((part) =>
      outer.parts.some(
        (p) => p.identifier === part.identifier && p.from <= part.from && p.until >= part.until,
      ),
    )
  )
}
