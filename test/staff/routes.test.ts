import assert from 'node:assert/strict'
import { test } from 'node:test'
import { POLICY_CODES } from '../../src/staff/cedar-policy.ts'
import { POLICIES, readPolicySource } from '../../src/staff/policy-source.ts'
import { STAFF_PROBLEMS } from '../../src/staff/problems.ts'
import { RULES_SINCE_THE_CASE } from '../../src/staff/verification-policy.ts'
import { TRACE_PROBLEMS } from '../../src/trace/problems.ts'
import { openHttp } from './open-http.ts'
import { granted, HOUR, SYSTEM } from './open-room.ts'

const REASON = 'a reason of some length'

test('every refusal of a policy has its HTTP status', () => {
  const codes = readPolicySource(POLICIES).policies.flatMap(({ refusal }) => refusal?.code ?? [])
  // A rule of a room above has its status there; the server knows them all.
  const problems = { ...STAFF_PROBLEMS, ...TRACE_PROBLEMS }
  for (const code of [...codes, ...POLICY_CODES]) assert.ok(problems[code], code)
})

test('one click signs in where the directory is a demo, with a cookie no script reads', async (t) => {
  const { ask, hire } = await openHttp(t)
  const champion = await hire(['champion'])
  const people = await ask(null, 'GET', '/api/demo/people')
  assert.deepEqual(
    people.body.people.map((person: { deskName: string }) => person.deskName),
    [champion.deskName],
  )
  const signedIn = await ask(null, 'POST', '/api/demo/session', { staffId: champion.id })
  assert.equal(signedIn.status, 200)
  const cookie = signedIn.cookies.find((each) => each.startsWith('countersign-staff=')) ?? ''
  assert.match(cookie, /HttpOnly/)
  assert.match(cookie, /SameSite=Strict/)
  const token = /^countersign-staff=([^;]+)/.exec(cookie)?.[1] ?? ''
  const me = await ask({ ...champion, token }, 'GET', '/api/session')
  assert.equal(me.body.staff.deskName, champion.deskName)
  assert.ok(me.body.actions.includes('open-contact') && !me.body.actions.includes('add-person'))
  const out = await ask({ ...champion, token }, 'DELETE', '/api/session')
  assert.equal(out.status, 200)
  assert.equal((await ask({ ...champion, token }, 'GET', '/api/session')).body.code, 'session-ended')
})

test('where it is not a demo, one-click sign-in does not exist', async (t) => {
  const { ask, hire } = await openHttp(t, { demo: false })
  const champion = await hire(['champion'])
  assert.equal((await ask(null, 'GET', '/api/demo/people')).status, 404)
  assert.equal((await ask(null, 'POST', '/api/demo/session', { staffId: champion.id })).status, 404)
})

test('frozen and dismissed people cannot click their way in, nor sit at a shop that has no device', async (t) => {
  const { ask, hire, room } = await openHttp(t)
  const champion = await hire(['champion'])
  const shop = { staffId: champion.id, shop: 'mandalay-78th-street' }
  assert.equal((await ask(null, 'POST', '/api/demo/session', shop)).body.code, 'device-not-found')
  granted(await room.people.freeze(SYSTEM, champion.id, 'a customer says: not me'))
  const again = await ask(null, 'POST', '/api/demo/session', { staffId: champion.id })
  assert.deepEqual([again.status, again.body.code], [403, 'frozen'])
  assert.equal((await ask(champion, 'GET', '/api/session')).body.code, 'session-ended')
})

test('a champion manages nobody, an administrator reads nobody’s declared numbers', async (t) => {
  const { ask, hire } = await openHttp(t)
  const champion = await hire(['champion'])
  const admin = await hire(['administrator'])
  const refused = [
    await ask(champion, 'GET', '/api/people'),
    await ask(champion, 'POST', '/api/people', { name: 'Me Too', office: 'yangon', team: 'a' }),
    await ask(champion, 'POST', `/api/people/${admin.id}/freeze`, { reason: REASON }),
    await ask(champion, 'GET', `/api/people/${admin.id}/circle`),
    await ask(champion, 'POST', `/api/people/${champion.id}/roles`, { role: 'supervisor', reason: REASON }),
    await ask(champion, 'POST', '/api/devices', { shop: 'mandalay-78th-street' }),
    await ask(admin, 'GET', `/api/people/${champion.id}/circle`),
    await ask(admin, 'POST', `/api/people/${champion.id}/freeze/lifting`, { reason: REASON }),
    await ask(admin, 'POST', '/api/conduct', { text: { en: 'x', my: 'x' }, reason: REASON }),
    await ask(null, 'GET', '/api/people'),
  ]
  assert.deepEqual(
    refused.map(({ status, body }) => `${status} ${body.code}`),
    [...Array<string>(9).fill('403 not-in-role'), '401 not-signed-in'],
  )
})

test('an administrator adds, plans, freezes; the person’s page says what may be done and why not', async (t) => {
  const { ask, hire, time } = await openHttp(t)
  const admin = await hire(['administrator'])
  const second = await hire(['administrator'])
  const added = await ask(admin, 'POST', '/api/people', {
    name: 'Ma Nilar',
    office: 'yangon',
    team: 'yangon-1',
  })
  assert.equal(added.body.deskName, 'Y-1')
  const { id } = added.body
  const asked = await ask(admin, 'POST', `/api/people/${id}/roles`, { role: 'champion', reason: REASON })
  assert.equal((await ask(admin, 'GET', '/api/role-proposals')).body.proposals[0].about.deskName, 'Y-1')
  const approve = `/api/role-proposals/${asked.body.proposal}/approval`
  assert.equal((await ask(admin, 'POST', approve)).body.code, 'same-person')
  assert.equal((await ask(second, 'POST', approve)).status, 200)
  const shifts = [{ from: time, until: time + 8 * HOUR }]
  assert.equal((await ask(admin, 'POST', `/api/people/${id}/shifts`, { shifts })).status, 200)
  const backwards = [{ from: time, until: time - HOUR }]
  assert.equal(
    (await ask(admin, 'POST', `/api/people/${id}/shifts`, { shifts: backwards })).body.code,
    'shift-wrong',
  )
  const link = await ask(admin, 'POST', `/api/people/${id}/enrolment`)
  assert.match(link.body.link, /\/enrol#[A-Za-z0-9_-]{43}$/)
  const page = await ask(admin, 'GET', `/api/people/${id}`)
  assert.deepEqual(page.body.person.roles, ['champion'])
  assert.equal(page.body.shifts.length, 1)
  assert.equal(page.body.may['freeze-person'], null)
  assert.match(page.body.may['lift-freeze'], /role/)
  assert.equal((await ask(admin, 'POST', `/api/people/${id}/freeze`, { reason: 'short' })).status, 400)
  assert.equal((await ask(admin, 'POST', `/api/people/${id}/freeze`, { reason: REASON })).status, 200)
  assert.equal((await ask(admin, 'GET', '/api/people?status=frozen')).body.people[0].id, id)
})

test('one signs the code and declares numbers for oneself; the number is in no log line', async (t) => {
  const { ask, hire, lines } = await openHttp(t)
  const champion = await hire(['champion'])
  const code = await ask(champion, 'GET', '/api/conduct')
  assert.equal(code.body.mine.version, code.body.current.version)
  assert.equal(
    (await ask(champion, 'POST', '/api/conduct/signature', { version: 9 })).body.code,
    'conduct-outdated',
  )
  const declared = await ask(champion, 'POST', '/api/circle', { kind: 'household', number: '09791204412' })
  assert.equal(declared.status, 200)
  assert.equal((await ask(champion, 'GET', '/api/circle')).body.numbers[0].number, '+959791204412')
  assert.equal((await ask(champion, 'DELETE', `/api/circle/${declared.body.id}`)).status, 200)
  assert.ok(!lines.join('\n').includes('791204412'))
})

test('everybody reads the rules with their table; a protection cannot be switched off by a number', async (t) => {
  const { ask, hire } = await openHttp(t)
  const officer = await hire(['privacy-officer'])
  const policies = await ask(officer, 'GET', '/api/policies')
  assert.ok(policies.body.policies.length > 30)
  assert.match(policies.body.table, /## Situations/)
  const verification = await ask(officer, 'GET', '/api/verification-policies')
  assert.equal(verification.body.inForce, 0)
  const weak = { ...RULES_SINCE_THE_CASE, code: { ...RULES_SINCE_THE_CASE.code, tries: 1_000_000 } }
  const refused = await ask(officer, 'POST', '/api/verification-policies', { rules: weak, reason: REASON })
  assert.equal(refused.status, 400)
  const rules = { ...RULES_SINCE_THE_CASE, idleMinutes: 5 }
  const asked = await ask(officer, 'POST', '/api/verification-policies', { rules, reason: REASON })
  const approve = `/api/verification-policies/proposals/${asked.body.proposal}/approval`
  assert.equal((await ask(officer, 'POST', approve)).body.code, 'same-person')
})

test('a shop’s device is registered by a link that works once; a revoked one is no shop’s', async (t) => {
  const { ask, hire, room } = await openHttp(t)
  const admin = await hire(['administrator'])
  const { body } = await ask(admin, 'POST', '/api/devices', { shop: 'mandalay-78th-street' })
  const token = (body.link as string).split('#')[1]
  const registered = await ask(null, 'POST', '/api/devices/registration', { token })
  const cookie = /countersign-device=([^;]+)/.exec(registered.cookies.join())?.[1] ?? ''
  assert.equal(await room.devices.shopOf(cookie), 'mandalay-78th-street')
  assert.equal((await ask(null, 'POST', '/api/devices/registration', { token })).body.code, 'link-spent')
  const [device] = (await ask(admin, 'GET', '/api/devices')).body.devices
  assert.equal((await ask(admin, 'POST', `/api/devices/${device.id}/revocation`)).status, 200)
  assert.equal(await room.devices.shopOf(cookie), null)
})
