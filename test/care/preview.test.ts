import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HouseRules } from '../../src/staff/verification-policy.ts'
import { RULES_BEFORE_THE_CASE, RULES_SINCE_THE_CASE } from '../../src/staff/verification-policy.ts'
import { granted, type Hired, refusedWith, SYSTEM } from '../staff/open-room.ts'
import { MONTH, ok, openCare, openLook, type TestCare, WRITTEN } from './open-care.ts'

const MINUTE = 60_000
const REASON = 'one tick stood for a photo ID'

/** Rules with one group changed. */
const withLimits = (limits: Partial<HouseRules['limits']>, from = RULES_SINCE_THE_CASE): HouseRules => ({
  ...from,
  limits: { ...from.limits, ...limits },
})

/** One clerk says she compared a photo ID, on no shop's device; the bill and a page of rows are opened. */
async function lookByOneTick(care: TestCare, clerk: Hired): Promise<string> {
  const contact = await ok(care, clerk, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'shop' })
  const document = { kind: 'nrc', unexpired: true, compared: true }
  await ok(care, clerk, 'POST', `/api/care/contacts/${contact.id}/factors/photo-id`, { document })
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const grant = await ok(care, clerk, 'POST', `/api/care/contacts/${contact.id}/grants`, asked)
  await ok(care, clerk, 'POST', `/api/care/grants/${grant.id}/bill`, {})
  await ok(care, clerk, 'POST', `/api/care/grants/${grant.id}/rows`, { page: 1 })
  return contact.id as string
}

test('the preview of a change says which looks of the last 30 days it would have refused, and proposing keeps it', async (t) => {
  const care = await openCare(t)
  const { verification } = care.room
  granted(await verification.install(SYSTEM, RULES_BEFORE_THE_CASE, 'how it was done'))
  care.time += 2_000
  const clerk = await care.hire(['champion'])
  await lookByOneTick(care, clerk)
  const thiri = await care.hire(['champion'])
  await openLook(care, thiri)
  care.time += MINUTE
  const officer = await care.hire(['privacy-officer'])
  const preview = granted(await verification.preview(await officer.facts(), RULES_SINCE_THE_CASE))
  assert.equal(preview.against, 1)
  assert.equal(preview.wouldAllow, 0)
  assert.equal(preview.looksRefused, 1)
  assert.equal(
    preview.wouldRefuse,
    5,
    'contact, photo ID, look, bill and page of the one clerk; nothing of the caller',
  )
  assert.deepEqual(
    preview.reasons.map(({ effect, act, code, count }) => `${effect} ${act} ${code} ${count}`).sort(),
    [
      'refuse get-grant not-on-shop-device 1',
      'refuse open-contact not-on-shop-device 1',
      'refuse reveal not-on-shop-device 2',
      'refuse verify-contact not-on-shop-device 1',
    ],
  )
  assert.ok(preview.cases.every(({ deskName }) => deskName === clerk.deskName))
  assert.ok(
    preview.cases.every(({ at }) => typeof at === 'number'),
    'instants are numbers, from arrays too',
  )
  assert.deepEqual(preview.notReplayed, ['photoId.textFirst'])

  const { proposal } = granted(
    await verification.propose(await officer.facts(), { rules: RULES_SINCE_THE_CASE, reason: REASON }),
  )
  const [waiting] = await verification.waiting()
  assert.equal(waiting?.preview?.wouldRefuse, 5)
  for (const role of ['counsel', 'supervisor'] as const)
    granted(await verification.approve(await (await care.hire([role])).facts(), proposal))
  await care.ledger.sequence()
  const [entry] = await care.ledger.entries({ limit: 1 })
  assert.equal(entry?.kind, 'verification-policy')
  const { counts } = entry!.header
  assert.equal(counts?.version, 2)
  assert.equal(counts?.approvals, 2)
  assert.equal(counts?.wouldRefuse, 5)
  assert.deepEqual([counts?.['before.photoId.secondClerk'], counts?.['after.photoId.secondClerk']], [0, 1])
})

test('with the shop’s device and no second clerk, the second clerk is what is missing, and the look rests on nothing', async (t) => {
  const care = await openCare(t)
  const { verification } = care.room
  const before = {
    ...RULES_SINCE_THE_CASE,
    photoId: { shopDevice: true, secondClerk: false, textFirst: false },
  }
  granted(await verification.install(SYSTEM, before, 'how it was done'))
  care.time += 2_000
  const clerk = await care.hire(['champion'], { shop: 'hledan' })
  await lookByOneTick(care, clerk)
  care.time += MINUTE
  const officer = await care.hire(['privacy-officer'])
  const preview = granted(await verification.preview(await officer.facts(), RULES_SINCE_THE_CASE))
  assert.deepEqual(preview.reasons.map(({ act, code, count }) => `${act} ${code} ${count}`).sort(), [
    'get-grant rung-too-low 1',
    'reveal rung-too-low 2',
    'verify-contact second-clerk-needed 1',
  ])
})

test('a tighter limit would have refused what went over it, and a wider one would have allowed what was refused', async (t) => {
  const care = await openCare(t)
  const { verification } = care.room
  granted(await verification.install(SYSTEM, withLimits({ matchesAContact: 2 }), 'two numbers'))
  care.time += 2_000
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  const match = (number: string) => care.ask(thiri, 'POST', `/api/care/grants/${grant}/matches`, { number })
  assert.equal((await match('09 791 000 077')).status, 200)
  assert.equal((await match('09 250 000 123')).status, 200)
  care.time += 1_000
  assert.equal((await match('09 255 012 345')).body.code, 'matches-used-up')
  care.time += 1_000
  const officer = await (await care.hire(['privacy-officer'])).facts()
  const tell = async (rules: HouseRules) => {
    const { wouldRefuse, wouldAllow, reasons } = granted(await verification.preview(officer, rules))
    return { wouldRefuse, wouldAllow, codes: reasons.map(({ code }) => code) }
  }
  const wider = withLimits({ matchesAContact: 5 })
  assert.deepEqual(await tell(wider), { wouldRefuse: 0, wouldAllow: 1, codes: ['matches-used-up'] })
  const tighter = withLimits({ matchesAContact: 1 })
  assert.deepEqual(await tell(tighter), { wouldRefuse: 1, wouldAllow: 0, codes: ['matches-used-up'] })
  const still = withLimits({ matchesAContact: 2, looksAnHour: 19 })
  assert.deepEqual(await tell(still), { wouldRefuse: 0, wouldAllow: 0, codes: [] })
})

test('what is withheld from a role is refused within a second of the second approval, and given back by the next version', async (t) => {
  const care = await openCare(t)
  const { verification } = care.room
  const [officer, counsel, supervisor] = [
    await care.hire(['privacy-officer']),
    await care.hire(['counsel']),
    await care.hire(['supervisor']),
  ]
  const change = async (rules: HouseRules) => {
    const asked = { rules, reason: REASON }
    const { proposal } = granted(await verification.propose(await officer.facts(), asked))
    granted(await verification.approve(await counsel.facts(), proposal))
    granted(await verification.approve(await supervisor.facts(), proposal))
    care.time += 1_000
  }
  const thiri = await care.hire(['champion'])
  const withheld = { ...RULES_SINCE_THE_CASE, withheld: ['champion/get-grant'] }
  const { contact } = await openLook(care, thiri)
  care.time += 1_000
  const preview = granted(await verification.preview(await officer.facts(), withheld))
  assert.deepEqual(
    preview.reasons.map(({ act, code }) => `${act} ${code}`),
    ['get-grant role-withheld'],
  )
  await change(withheld)
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const refused = await care.ask(thiri, 'POST', `/api/care/contacts/${contact}/grants`, asked)
  assert.deepEqual([refused.status, refused.body.code], [403, 'role-withheld'])
  care.time += 1_000
  const back = granted(await verification.preview(await officer.facts(), RULES_SINCE_THE_CASE))
  assert.deepEqual([back.wouldRefuse, back.wouldAllow], [0, 2], 'the look, and the refusal on record')
  await change(RULES_SINCE_THE_CASE)
  const again = await care.ask(thiri, 'POST', `/api/care/contacts/${contact}/grants`, asked)
  assert.equal(again.body.code, 'look-running')
})

test('a proposal that was held against other rules than those in force is not approved', async (t) => {
  const care = await openCare(t)
  const { verification } = care.room
  const officer = await care.hire(['privacy-officer'])
  const counsel = await care.hire(['counsel'])
  const supervisor = await care.hire(['supervisor'])
  const propose = async (looksAnHour: number) =>
    granted(
      await verification.propose(await officer.facts(), {
        rules: withLimits({ looksAnHour }),
        reason: REASON,
      }),
    ).proposal
  const [first, second] = [await propose(10), await propose(12)]
  granted(await verification.approve(await counsel.facts(), first))
  granted(await verification.approve(await supervisor.facts(), first))
  assert.equal(refusedWith(await verification.approve(await counsel.facts(), second)), 'rules-moved-on')
  assert.equal(granted(await verification.withdraw(await officer.facts(), second)), null)
  assert.equal(refusedWith(await verification.approve(await counsel.facts(), second)), 'proposal-decided')
})

test('what would lock everybody out cannot be withheld, and a desk cannot see months that are not kept', async (t) => {
  const care = await openCare(t)
  const officer = await (await care.hire(['privacy-officer'])).facts()
  const tell = async (rules: HouseRules) => refusedWith(await care.room.verification.preview(officer, rules))
  const locked = { ...RULES_SINCE_THE_CASE, withheld: ['counsel/approve-verification'] }
  assert.equal(await tell(locked), 'rules-wrong')
  const short = { ...RULES_SINCE_THE_CASE, retention: { careBillPeriods: 6, storeMonths: 3 } }
  assert.equal(await tell(short), 'rules-wrong')
})
