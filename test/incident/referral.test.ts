import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { ACCOUNTS } from '../../src/accounts.ts'
import type { E164 } from '../../src/calls/call-record.ts'
import { namesAny, phonesIn } from '../../src/incident/private-words.ts'
import { type Candidate, pickEntries } from '../../src/incident/referral-pick.ts'
import { parseArchive } from '../../src/ledger/evidence/archive.ts'
import { verifyBundle } from '../../src/ledger/evidence/verify-bundle.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { MONTH, ok, PIN } from '../care/open-care.ts'
import { type Hired, ORIGIN } from '../staff/open-room.ts'
import { lookAt } from '../trace/open-trace.ts'
import { confirmedCase, openCourt, refusal, says, type TestCourt } from './open-court.ts'

const OTHER = { number: '+959791377206', written: '09 791 377 206' }
const ASKED = {
  station: 'Mandalay, Chanayethazan police station',
  officer: 'Police Inspector Aye Ko',
  offence: 'Telecommunications Law 2013, section 69',
  says: 'The list that the lawyer brought came from this look.',
}

/** The bytes of a zip that a route gives. */
async function zipOf(house: TestCourt, who: Hired, url: string, body: object = {}): Promise<Buffer> {
  const answer = await house.app.inject({
    method: 'POST',
    url,
    headers: {
      cookie: `countersign-staff=${who.token}`,
      'x-csrf-token': csrfTokenOf(who.token),
      origin: ORIGIN,
    },
    payload: body,
  })
  assert.equal(answer.statusCode, 200, answer.body.slice(0, 300))
  return answer.rawPayload
}

/** Another customer calls the same champion, with another question. */
async function lookAtOther(house: TestCourt, who: Hired) {
  const other = await house.register({
    number: OTHER.number as E164,
    name: { my: 'မြသန္တာဝင်း', latn: 'Mya Thandar Win', honorific: 'Daw' },
  })
  const line = { desk: who.deskName, callId: 'call-other', number: OTHER.number }
  await house.tell('ringing', line)
  await house.tell('answered', line)
  const asked = { number: OTHER.written, channel: 'call' }
  const { id } = await ok(house, who, 'POST', '/api/care/contacts', asked)
  await ok(house, who, 'POST', `/api/care/contacts/${id}/factors/pin`, {})
  await ok(house, who, 'POST', `/api/care/contacts/${id}/factors/pin/answer`, { secret: PIN })
  const grant = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const look = await ok(house, who, 'POST', `/api/care/contacts/${id}/grants`, grant)
  await ok(house, who, 'POST', `/api/care/grants/${look.id}/bill`, {})
  const closing = { resolution: 'explained', note: `Rang from ${OTHER.written}.` }
  await ok(house, who, 'POST', `/api/care/contacts/${id}/closing`, closing)
  await house.tell('ended', line)
  return other
}

test('a referral leaves with two approvals, verifies offline, and says nothing of another customer', async (t) => {
  const house = await openCourt(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const su = await house.hire(['champion'], { name: 'Su' })
  house.time += 60_000
  const { grant, rows } = await lookAt(house, thiri, [1])
  house.time += 60_000
  const other = await lookAtOther(house, thiri)
  house.time += 60_000
  await lookAt(house, su, [1])
  const { id, serial, privacy, investigator, counsel, second } = await confirmedCase(house, thiri)
  // Somebody writes another customer's number into the file: that step's text stays in the house.
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, {
    ...{ do: 'write', title: 'A list of August calls left' },
    summary: `${OTHER.written} was looked at too.`,
  })
  const base = `/api/incidents/${id}/referrals`
  assert.equal(await refusal(house, counsel, base, ASKED), 'not-in-role')
  const named = { ...ASKED, says: `Look also at ${OTHER.written}, please.` }
  assert.equal(await refusal(house, investigator, base, named), 'referral-names-another')

  const prepared = await ok(house, investigator, 'POST', base, ASKED)
  const one = `${base}/${prepared.id}`
  assert.equal(prepared.state, 'prepared')
  const out = Object.fromEntries(
    prepared.keptOut.map(({ why, entries }: { why: string; entries: number }) => [why, entries]),
  )
  assert.ok(out['another-customer'] >= 5, 'her contact, grant, reveal, disclosure')
  assert.ok(out.colleague >= 5, 'what Su saw')
  assert.ok(prepared.picked.some((entry: { part: string }) => entry.part === 'conduct'))
  const withheld = prepared.picked.filter((entry: { withheld: string | null }) => entry.withheld !== null)
  assert.deepEqual(
    withheld.map((entry: { part: string; withheld: string }) => [entry.part, entry.withheld]),
    [['case', 'another-customer']],
    'the step that names her number',
  )

  const approve = { do: 'approve', says }
  assert.equal(await refusal(house, investigator, `${one}/steps`, approve), 'referral-yours')
  await ok(house, privacy, 'POST', `${one}/steps`, approve)
  assert.equal(await refusal(house, privacy, `${one}/steps`, approve), 'referral-approved-before')
  assert.equal(await refusal(house, second, `${one}/steps`, approve), 'referral-other-role')
  assert.equal(await refusal(house, investigator, `${one}/bundle`, {}), 'referral-not-now')
  assert.equal((await ok(house, counsel, 'POST', `${one}/steps`, approve)).state, 'approved')
  const made = await ok(house, investigator, 'POST', `${one}/bundle`, {})
  assert.equal(made.state, 'made')

  const hand = { do: 'hand-over', digest: made.digest, place: 'At the station', says }
  assert.equal(await refusal(house, investigator, `${one}/steps`, hand), 'referral-not-held')
  const zip = await zipOf(house, investigator, `${one}/copies`, { says })
  const digest = createHash('sha256').update(zip).digest('hex')
  assert.deepEqual([digest, zip.length], [made.digest, made.bytes])

  const report = verifyBundle(zip, { verifierKey: house.ledger.verifierKey })
  assert.deepEqual(report.faults, [])
  assert.equal(report.holds, true)
  assert.equal(report.sealedBy, made.sealedBy)
  const shown = report.entries.filter((entry) => entry.shown !== null)
  assert.ok(
    shown.some((entry) => entry.shown?.includes(String(rows[0]?.start))),
    'what was shown, exactly',
  )
  assert.ok(report.entries.some(({ body }) => body?.says.grant === grant))
  const says_ = report.entries.find(({ body }) => body?.event === 'referral-prepared')?.body?.says
  assert.equal(says_?.station, ASKED.station)
  assert.equal(
    ((says_?.keptOut ?? []) as object[]).length,
    prepared.keptOut.length,
    'the police read what is kept back',
  )
  assert.equal(report.entries.filter(({ body }) => body?.event === 'referral-moved').length, 2)

  const bytes = zip.toString('latin1')
  const utf8 = zip.toString('utf8')
  assert.ok(bytes.includes(house.subscriber.subject), 'the log it is about is in it')
  for (const private_ of [other.subject, other.tenure, other.id, '959791377206', '791377206', OTHER.written])
    assert.ok(!bytes.includes(private_), `${private_} is in the bundle`)
  for (const name of [other.name.latn, other.name.my]) assert.ok(!utf8.includes(name), name)
  assert.ok([...parseArchive(zip).files.keys()].includes('verify.html'))

  const wrong = { ...hand, digest: 'a'.repeat(64) }
  assert.equal(await refusal(house, investigator, `${one}/steps`, wrong), 'referral-digest-other')
  await ok(house, investigator, 'POST', `${one}/steps`, hand)
  const receive = { do: 'receive', digest: made.digest, receipt: 'MDY 114/2026', says }
  const done = await ok(house, investigator, 'POST', `${one}/steps`, receive)
  assert.deepEqual([done.state, done.receipt], ['received', 'MDY 114/2026'])
  assert.deepEqual(
    done.custody.map((step: { do: string; from: string; to: string; digest: string }) => [
      step.do,
      step.from,
      step.to,
      step.digest === digest,
    ]),
    [
      ['made', investigator.deskName, 'register of incidents, sealed', true],
      ['copied', 'register of incidents, sealed', investigator.deskName, true],
      ['handed-over', investigator.deskName, `${ASKED.officer}, ${ASKED.station}`, true],
      ['received', investigator.deskName, `${ASKED.officer}, ${ASKED.station}`, true],
    ],
  )
  const chain = verifyBundle(await zipOf(house, counsel, `${one}/custody`), {
    verifierKey: house.ledger.verifierKey,
  })
  assert.equal(chain.holds, true)
  const steps = chain.entries.filter(({ body }) => body?.event === 'referral-custody')
  assert.equal(steps.length, 4)
  assert.ok(steps.every(({ body }) => typeof body?.says.after === 'string' && body.says.after !== ''))
  assert.equal(await refusal(house, privacy, `${one}/steps`, { do: 'withdraw', says }), 'referral-not-now')

  const seen = await ok(house, counsel, 'GET', base)
  assert.equal(seen.referrals.length, 1)
  assert.ok(!JSON.stringify(seen).includes(other.subject))
  const headers = (await house.ledger.entries({ limit: 500 })).filter(({ kind }) =>
    kind.startsWith('referral'),
  )
  assert.ok(headers.length >= 7)
  for (const { header } of headers) assert.deepEqual(Object.keys(header).sort(), ['day', 'kind', 'v'])
  assert.match(serial, /^2026-/)
  await checkState(house, [])
  await house.database.pool.query(`UPDATE incident.referral SET state = 'withdrawn'`)
  await checkState(house, ['states of referrals', 'states of referrals'])
})

async function checkState(house: TestCourt, accounts: string[]): Promise<void> {
  await house.ledger.sequence()
  const { pool } = house.database
  const verdict = await verifyState({ pool, sealer: house.keys.sealer, accounts: ACCOUNTS })
  assert.deepEqual(
    verdict.findings.map(({ account }) => account),
    accounts,
  )
}

test('a referral needs a confirmed breach, and for whom it is about the case does not exist', async (t) => {
  const house = await openCourt(t)
  const { privacy } = await confirmedCase(house, await house.hire(['champion'], { name: 'Thiri' }))
  const opened = await ok(house, privacy, 'POST', '/api/incidents', {
    ...{ origin: 'press', title: 'A newspaper has a list', says: '' },
  })
  const url = `/api/incidents/${opened.id}/referrals`
  assert.equal(await refusal(house, privacy, url, ASKED), 'incident-not-confirmed')
  const about = await house.hire(['investigator'], { name: 'May', office: 'mandalay', team: 'm' })
  await ok(house, privacy, 'POST', `/api/incidents/${opened.id}/steps`, {
    ...{ do: 'name', deskName: about.deskName, ground: says },
  })
  assert.equal(await refusal(house, about, url, ASKED), 'incident-not-found')
  assert.equal((await house.ask(about, 'GET', url)).body.code, 'incident-not-found')
})

test('whatever the entries are, nothing about another customer is picked with its text', () => {
  const entry = fc.record({
    index: fc.nat(60),
    at: fc.nat(1000),
    kind: fc.constantFrom(
      'grant',
      'disclosure',
      'match',
      'conduct-signed',
      'staff-signed-in',
      'incident-moved',
    ),
    subject: fc.constantFrom(null, 'her', 'another'),
    actor: fc.constantFrom(null, 'accused', 'colleague'),
    of: fc.constantFrom(null, 'rows', 'match', 'unmask'),
  })
  const matter = {
    ...{ subject: 'her', since: 500, involved: ['accused'] },
    ...{ steps: new Set([1, 2, 3]), traces: new Set([4, 5]) },
  }
  fc.assert(
    fc.property(fc.array(entry), (entries: Candidate[]) => {
      const last = new Map(entries.map((one) => [one.index, one]))
      const { picked, keptOut } = pickEntries(entries, matter)
      const count = keptOut.reduce((sum, one) => sum + one.entries, 0)
      assert.equal(picked.length + count, last.size, 'everything is given or counted')
      for (const { index, withheld } of picked) {
        const one = last.get(index)!
        assert.ok(one.subject !== 'another')
        assert.ok(
          one.subject !== 'her' || one.at >= 500,
          'an earlier holder of the number is another customer',
        )
        if (
          one.kind === 'match' &&
          one.subject === 'her' &&
          !matter.steps.has(index) &&
          !matter.traces.has(index)
        )
          assert.equal(withheld, 'number-in-full')
      }
    }),
  )
})

test('a number is found however it is written, and dates and case numbers are none', () => {
  const her = [{ number: '959791377206', words: ['Mya Thandar Win', 'M-1'] }]
  for (const text of [
    '09 791 377 206',
    '+95 9 791 377 206',
    '09-791-377-206',
    '၀၉ ၇၉၁ ၃၇၇ ၂၀၆',
    'x959791377206y',
  ])
    assert.ok(namesAny(text, her), text)
  assert.ok(namesAny('It was mya thandar win.', her))
  assert.ok(namesAny('Ask M-1!', her))
  for (const text of ['M-17 looked', '09 791 377 207', 'case 2026-09-014 of 2026-09-14', '311 calls'])
    assert.ok(!namesAny(text, her), text)
  assert.deepEqual(phonesIn('case 2026-09-014 of 2026-09-14, 23 of 311 calls'), [])
})
