import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import {
  COUNTERPARTS,
  type Communication,
  mayBeSaid,
  nextDateOf,
  WAYS,
} from '../../src/incident/communications-rules.ts'
import { draftNotice, fillDraft, missingIn, textOf } from '../../src/incident/notice-draft.ts'
import { DEED_CHECKS, mayRepresent, speaksForHer } from '../../src/incident/representative-rules.ts'
import type { Case } from '../../src/incident/rules.ts'
import { isRefusal } from '../../src/platform/refusal.ts'

const { breach } = readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url))
const NOW = Date.UTC(2026, 8, 20)
const DAY = 86_400_000

const anySaid: fc.Arbitrary<Communication> = fc.record({
  direction: fc.constantFrom('in' as const, 'out' as const),
  with: fc.constantFrom(...COUNTERPARTS),
  name: fc.constant(''),
  via: fc.constantFrom(...WAYS),
  sort: fc.constant('message' as const),
  says: fc.string(),
  at: fc.integer({ min: NOW - DAY, max: NOW + DAY }),
  nextAt: fc.option(fc.integer({ min: NOW - DAY, max: NOW + DAY })),
  clock: fc.constant(null),
  past: fc.option(fc.constantFrom('', 'short', 'A threat to her life, tonight.')),
})

test('nothing leaves past whoever speaks for her without a reason, and nothing to a lawyer nobody checked', () => {
  fc.assert(
    fc.property(anySaid, fc.boolean(), fc.boolean(), (said, customerKnown, represented) => {
      if (mayBeSaid(said, { now: NOW, customerKnown, represented }) !== null) return
      assert.ok(said.at <= NOW)
      assert.ok(said.nextAt === null || said.nextAt > NOW)
      const reason = (said.past ?? '').trim().length >= 10
      if (said.direction === 'out' && !reason) {
        assert.ok(!(said.with === 'customer' && represented))
        assert.notEqual(said.with, 'lawyer')
      }
      if (said.with === 'representative') assert.ok(represented)
      if (said.via === 'page') assert.ok(customerKnown && ['customer', 'representative'].includes(said.with))
    }),
  )
})

test('what is said later replaces what was promised before', () => {
  const to = (at: number, nextAt: number | null) => ({
    with: 'customer' as const,
    direction: 'out' as const,
    at,
    nextAt,
  })
  assert.equal(nextDateOf([]), null)
  assert.equal(nextDateOf([to(2, 90), to(1, 50)]), 90)
  assert.equal(nextDateOf([to(1, 50), to(2, null)]), null)
  assert.equal(
    nextDateOf([to(1, 50), { ...to(2, 70), direction: 'in' }, { ...to(3, 80), with: 'police' }]),
    50,
  )
})

test('a representation opens only with every line of the deed checked, within a year, one at a time', () => {
  const asked = { checks: [...DEED_CHECKS], untilAt: NOW + 180 * DAY }
  const around = { now: NOW, customerKnown: true, represented: false }
  assert.equal(mayRepresent(asked, around), null)
  for (const check of DEED_CHECKS) {
    const without = mayRepresent({ ...asked, checks: DEED_CHECKS.filter((one) => one !== check) }, around)
    assert.equal(without?.code, 'deed-unchecked')
  }
  assert.equal(mayRepresent({ ...asked, untilAt: NOW }, around)?.code, 'until-wrong')
  assert.equal(mayRepresent({ ...asked, untilAt: NOW + 400 * DAY }, around)?.code, 'until-wrong')
  assert.equal(mayRepresent(asked, { ...around, represented: true })?.code, 'represented-already')
  assert.equal(mayRepresent(asked, { ...around, customerKnown: false })?.code, 'customer-not-named')
})

test('a right to speak ends at the instant it is ended, and at its last instant', () => {
  assert.equal(speaksForHer({ untilAt: NOW + 1, endedAt: null }, NOW), true)
  assert.equal(speaksForHer({ untilAt: NOW, endedAt: null }, NOW), false)
  assert.equal(speaksForHer({ untilAt: NOW + DAY, endedAt: NOW }, NOW), false)
})

const one: Case = {
  ...{ state: 'contained', origin: 'not-me', ref: null, title: 'A list', says: 'her words', summary: '' },
  ...{ reportedAt: NOW - DAY, triagedAt: NOW, confirmedAt: NOW, closedAt: null, surfacedAt: null },
  ...{ subject: null, proposed: null, notices: [], frames: [], approvals: [] },
  involved: [
    {
      ...{ staff: 's1', deskName: 'M-17', office: 'mandalay', ground: 'the trace' },
      namedAt: NOW,
      frozenAt: NOW,
    },
  ],
}
const known = {
  operator: { en: 'Ayeyar Mobile', my: 'ဧရာ မိုဘိုင်း' },
  serial: '2026-09-001',
  contact: 'Y-03',
  when: (at: number) => new Date(at).toISOString(),
  shown: { customers: 7, rows: 211, since: NOW - 90 * DAY },
}

test('every clock has a form, and every form is drafted in both languages without naming anybody', () => {
  const forms = new Map((breach.forms ?? []).map((form) => [form.id, form]))
  const clocks = breach.frames.flatMap((frame) => frame.clocks)
  for (const clock of clocks) {
    const form = forms.get(clock.form ?? '')
    assert.ok(form, `${clock.id} says what its notice contains`)
    for (const language of ['en', 'my'] as const) {
      const draft = draftNotice(form, one, known, language)
      assert.deepEqual(
        Object.keys(draft.texts),
        form.fields.map(({ id }) => id),
      )
      const all = textOf(form, draft)
      assert.doesNotMatch(all, /M-17|her words|mandalay/, 'no name, none of her words')
      assert.ok(missingIn(form, draft).length > 0, 'what happened is for an officer to write')
    }
  }
})

test('a draft of GDPR article 33(3) has its four contents, and asks for those a case does not know', () => {
  const form = breach.forms?.find(({ id }) => id === 'gdpr-33-3')
  assert.ok(form)
  const draft = draftNotice(form, one, known, 'en')
  assert.match(draft.texts.people ?? '', /At most 7/)
  assert.match(draft.texts.records ?? '', /At most 211 records/)
  assert.match(draft.texts.contact ?? '', /Y-03/)
  assert.match(draft.texts.measures ?? '', /1 of 1 employees/)
  assert.deepEqual(missingIn(form, draft), ['nature', 'consequences'])
  const whole = fillDraft(form, draft, { nature: 'Copied by hand.', consequences: 'She may be pressed.' })
  assert.ok(!isRefusal(whole))
  assert.deepEqual(missingIn(form, whole), [], 'the reasons for a delay may stay empty')
  assert.match(textOf(form, whole), /^What happened\nCopied by hand\.\n\nCategories and approximate number/)
  const strange = fillDraft(form, draft, { 'not-a-field': 'x' })
  assert.equal(isRefusal(strange) && strange.code, 'field-unknown')
})

test('a draft of GDPR article 34(2) tells the person what it must, in her language, with what she can do', () => {
  const form = breach.forms?.find(({ id }) => id === 'gdpr-34-2')
  assert.ok(form)
  for (const [language, advice] of [
    ['en', /your page/],
    ['my', /သင့်စာမျက်နှာ/],
  ] as const) {
    const draft = draftNotice(form, one, known, language)
    assert.deepEqual(
      missingIn(form, draft),
      ['nature', 'consequences'],
      'the contact and the measures (33(3)(b), (d)) are written, what happened and what follows are not known',
    )
    assert.match(draft.texts.contact ?? '', /Y-03/)
    assert.match(draft.texts.advice ?? '', advice)
  }
})

test('a draft of the telecoms form (611/2013, Annex I) has every heading of both sections, filled where known', () => {
  const form = breach.forms?.find(({ id }) => id === 'eu-telecoms-annex-1')
  assert.ok(form)
  const draft = draftNotice(form, one, known, 'en')
  const filled = Object.entries(draft.texts).flatMap(([id, text]) => (text === '' ? [] : [id]))
  assert.deepEqual(filled.sort(), [
    ...['contact', 'data', 'detected', 'measures', 'people', 'protection', 'provider'],
  ])
  assert.deepEqual(missingIn(form, draft), ['which', 'happened', 'nature', 'consequences'])
  const open = form.fields.flatMap(({ id, optional }) => (optional === true ? [id] : []))
  assert.deepEqual(open, ['others', 'place', 'told', 'borders'])
})
