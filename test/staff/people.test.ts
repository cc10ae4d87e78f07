import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addStaff, dismissStaff, freezeStaff } from '../../src/staff/command-line.ts'
import { DAY, granted, HOUR, openRoom, refusedWith, START, SYSTEM } from './open-room.ts'

test('a person just added has no role and may do nothing', async (t) => {
  const { room, hire, signIn } = await openRoom(t)
  const admin = await (await hire(['administrator'])).facts()
  const added = granted(
    await room.people.add(admin, { name: 'Ma Nilar', office: 'yangon', team: 'yangon-1' }),
  )
  assert.equal(added.deskName, 'Y-1')
  const facts = await room.sessions.facts(await signIn(added.id))
  assert.ok(facts)
  const counter = { type: 'Desk', id: 'x' } as const
  assert.equal(
    room.policy.decide({ staff: facts, action: 'use-find', resource: counter })?.code,
    'not-in-role',
  )
})

test('an administrator cannot give a role alone, nor to themself, nor approve what they proposed', async (t) => {
  const { room, hire } = await openRoom(t)
  const first = await hire(['administrator'])
  const second = await hire(['administrator'])
  const person = await hire(['champion'])
  const reason = 'leads the evening team from October'
  const ask = { staffId: person.id, role: 'supervisor' as const, reason }
  assert.equal(
    refusedWith(
      await room.people.addWithRoles(await first.facts(), {
        name: 'X',
        office: 'yangon',
        team: 'a',
        roles: ['champion'],
      }),
    ),
    'not-in-role',
  )
  assert.equal(
    refusedWith(
      await room.roles.propose(await first.facts(), { ...ask, staffId: first.id, role: 'champion' }),
    ),
    'about-yourself',
  )
  const { proposal } = granted(await room.roles.propose(await first.facts(), ask))
  assert.equal(refusedWith(await room.roles.approve(await first.facts(), proposal)), 'same-person')
  assert.equal(refusedWith(await room.roles.approve(await person.facts(), proposal)), 'about-yourself')
  assert.equal(await room.roles.approve(await second.facts(), proposal), null)
  assert.equal(refusedWith(await room.roles.approve(await second.facts(), proposal)), 'proposal-decided')
})

test('two approvals of one proposal at the same moment give the role once', async (t) => {
  const { room, hire, kinds } = await openRoom(t)
  const [a, b, c] = [
    await hire(['administrator']),
    await hire(['administrator']),
    await hire(['administrator']),
  ]
  const person = await hire(['champion'])
  const ask = { staffId: person.id, role: 'supervisor' as const, reason: 'leads the team now' }
  const { proposal } = granted(await room.roles.propose(await a.facts(), ask))
  const answers = await Promise.all([
    room.roles.approve(await b.facts(), proposal),
    room.roles.approve(await c.facts(), proposal),
  ])
  assert.deepEqual(answers.map((answer) => answer?.code ?? 'given').sort(), ['given', 'proposal-decided'])
  assert.equal((await kinds()).filter((kind) => kind === 'role-given').length, 1)
})

test('roles that may not meet are refused: a champion does not become administrator or auditor', async (t) => {
  const { room, hire } = await openRoom(t)
  const admin = await (await hire(['administrator'])).facts()
  const champion = await hire(['champion'])
  for (const role of ['administrator', 'auditor', 'regulator-officer'] as const) {
    const ask = { staffId: champion.id, role, reason: 'wants to see more' }
    assert.equal(refusedWith(await room.roles.propose(admin, ask)), 'roles-apart')
  }
})

test('the last two administrators stay: a role takes two to give', async (t) => {
  const { room, hire } = await openRoom(t)
  const [a, b, c] = [
    await hire(['administrator']),
    await hire(['administrator']),
    await hire(['administrator']),
  ]
  const take = { role: 'administrator' as const, reason: 'moves to another department' }
  assert.equal(await room.roles.take(await a.facts(), { ...take, staffId: c.id }), null)
  assert.equal(
    refusedWith(await room.roles.take(await a.facts(), { ...take, staffId: b.id })),
    'last-administrator',
  )
  const ground = { clause: 'code 4.2', reason: 'gave a list away' }
  assert.equal(refusedWith(await room.people.dismiss(await a.facts(), b.id, ground)), 'last-administrator')
})

test('promise 2: every change about a person is in the ledger, and a refused one is not', async (t) => {
  const { room, hire, kinds, ledger } = await openRoom(t)
  const admin = await hire(['administrator'])
  const champion = await hire(['champion'])
  const before = (await kinds()).length
  const facts = await admin.facts()
  granted(await room.people.move(facts, champion.id, { office: 'yangon', team: 'yangon-2' }))
  granted(await room.people.endSessions(facts, champion.id, 'lost her handbag today'))
  assert.equal(refusedWith(await room.people.liftFreeze(facts, champion.id, 'no freeze here')), 'not-in-role')
  granted(await room.people.freeze(facts, champion.id, 'a customer says: not me'))
  assert.equal(
    refusedWith(await room.people.freeze(facts, champion.id, 'again, to be sure')),
    'already-frozen',
  )
  granted(await room.people.dismiss(facts, champion.id, { clause: 'code 4.2', reason: 'gave a list away' }))
  assert.equal(
    refusedWith(await room.people.freeze(facts, champion.id, 'again, to be sure')),
    'already-dismissed',
  )
  const changes = ['staff-moved', 'sessions-ended', 'staff-frozen', 'staff-dismissed']
  assert.deepEqual((await kinds()).slice(before), changes)
  const by = await ledger.entriesBy(admin.id, { limit: 50 })
  assert.deepEqual(by.map(({ kind }) => kind).slice(0, 4), changes.toReversed())
  assert.ok(by.every((entry) => !JSON.stringify(entry.header).includes(champion.deskName)))
})

test('a supervisor freezes people of her own team only, and nobody freezes themself', async (t) => {
  const { room, hire } = await openRoom(t)
  const supervisor = await hire(['supervisor'])
  const mine = await hire(['champion'])
  const theirs = await hire(['champion'], { team: 'yangon-1', office: 'yangon' })
  const facts = await supervisor.facts()
  assert.equal(refusedWith(await room.people.freeze(facts, theirs.id, 'she seems strange')), 'not-in-role')
  assert.equal(
    refusedWith(await room.people.freeze(facts, supervisor.id, 'a holiday for me')),
    'about-yourself',
  )
  assert.equal(granted(await room.people.freeze(facts, mine.id, 'looked without a caller')).sessionsEnded, 1)
})

test('shifts, approvals, courses and the code decide whether somebody may look, by the minute', async (t) => {
  const opened = await openRoom(t)
  const { room, hire } = opened
  const supervisor = await hire(['supervisor'])
  const champion = await hire(['champion'])
  const now = async () => {
    const { onShift, trained, conductSigned } = await champion.facts()
    return { onShift, trained, conductSigned }
  }
  assert.deepEqual(await now(), { onShift: true, trained: true, conductSigned: true })
  const supervising = await supervisor.facts()
  await keepAlive(opened, champion.token, START + 8 * HOUR)
  assert.equal((await now()).onShift, false)
  const tooLong = { until: START + 20 * HOUR, reason: 'the evening queue is long' }
  assert.equal(
    refusedWith(await room.work.approveOffShift(supervising, champion.id, tooLong)),
    'approval-too-long',
  )
  const until = START + 10 * HOUR
  granted(await room.work.approveOffShift(supervising, champion.id, { ...tooLong, until }))
  await keepAlive(opened, champion.token, opened.time + 1_000)
  assert.equal((await now()).onShift, true)
  const text = { en: 'Second version.', my: 'ဒုတိယ မူ။' }
  granted(await room.conduct.publish(SYSTEM, text, 'after the case in Mandalay'))
  await keepAlive(opened, champion.token, opened.time + 1_000)
  assert.equal((await now()).conductSigned, false)
  const me = await champion.facts()
  assert.equal(refusedWith(await room.conduct.sign(me, champion.id, 1)), 'conduct-outdated')
  assert.equal(refusedWith(await room.conduct.sign(me, supervisor.id, 2)), 'not-yourself')
  granted(await room.conduct.sign(me, champion.id, 2))
  await keepAlive(opened, champion.token, opened.time + 1_000)
  assert.equal((await now()).conductSigned, true)
})

test('a signature holds a year, not longer', async (t) => {
  const opened = await openRoom(t)
  const champion = await opened.hire(['champion'])
  for (const [days, signed] of [
    [364, true],
    [366, false],
  ] as const) {
    opened.time = START + days * DAY
    const token = await opened.signIn(champion.id)
    assert.equal((await opened.room.sessions.facts(token))?.conductSigned, signed)
  }
})

test('on call: those at work, in role, active; supervisors of other teams only', async (t) => {
  const opened = await openRoom(t)
  const { room, hire } = opened
  const mandalay = await hire(['supervisor'])
  const yangon = await hire(['supervisor'], { team: 'yangon-1', office: 'yangon' })
  const frozen = await hire(['supervisor'], { team: 'yangon-2', office: 'yangon' })
  granted(await room.people.freeze(SYSTEM, frozen.id, 'a customer says: not me'))
  const names = (people: { deskName: string }[]) => people.map(({ deskName }) => deskName)
  assert.deepEqual(names(await room.duty.onCall('supervisor')), [mandalay.deskName, yangon.deskName])
  assert.deepEqual(names(await room.duty.onCall('supervisor', 'yangon')), [yangon.deskName])
  assert.deepEqual(names(await room.duty.supervisorsOutside(['mandalay-1'])), [yangon.deskName])
  opened.time += 9 * HOUR
  assert.deepEqual(await room.duty.onCall('supervisor'), [])
})

test('desk names are for life and count up in each office', async (t) => {
  const { room } = await openRoom(t)
  const add = (office: 'yangon' | 'mandalay', deskName?: string) =>
    room.people.addWithRoles(SYSTEM, {
      name: 'U Ba',
      office,
      team: 'a',
      roles: [],
      ...(deskName ? { deskName } : {}),
    })
  assert.equal(granted(await add('mandalay', 'M-17')).deskName, 'M-17')
  assert.equal(granted(await add('mandalay')).deskName, 'M-18')
  assert.equal(granted(await add('yangon')).deskName, 'Y-1')
  assert.equal(refusedWith(await add('mandalay', 'M-17')), 'desk-name-taken')
  const both = await Promise.all([add('mandalay'), add('mandalay')])
  assert.deepEqual(both.map((added) => granted(added).deskName).sort(), ['M-19', 'M-20'])
})

test('promise 2: when the entry cannot be written, nobody is frozen, dismissed, moved or given a role', async (t) => {
  const { room, hire, database } = await openRoom(t)
  const [a, b] = [await hire(['administrator']), await hire(['administrator'])]
  const champion = await hire(['champion'])
  const [first, second] = [await a.facts(), await b.facts()]
  const ask = { staffId: champion.id, role: 'supervisor' as const, reason: 'leads the team now' }
  const { proposal } = granted(await room.roles.propose(first, ask))
  await database.pool.query('ALTER TABLE ledger.intake ADD CONSTRAINT broken CHECK (false) NOT VALID')
  const everything = async () =>
    (
      await database.pool.query(`SELECT (SELECT json_agg(p ORDER BY id) FROM staff.person p) AS people,
        (SELECT json_agg(r ORDER BY staff_id, role) FROM staff.role r) AS roles,
        (SELECT json_agg(s ORDER BY id) FROM staff.session s) AS sessions,
        (SELECT json_agg(o ORDER BY id) FROM staff.proposal o) AS proposals,
        (SELECT count(*) FROM staff.freeze) AS freezes, (SELECT count(*) FROM staff.link) AS links`)
    ).rows
  const before = await everything()
  const changes = [
    () => room.people.freeze(first, champion.id, 'a customer says: not me'),
    () => room.people.dismiss(first, champion.id, { clause: 'code 4.2', reason: 'gave a list away' }),
    () => room.people.move(first, champion.id, { office: 'yangon', team: 'yangon-2' }),
    () => room.people.add(first, { name: 'Ma Nilar', office: 'yangon', team: 'yangon-1' }),
    () => room.roles.approve(second, proposal),
    () => room.passkeys.issueLink(first, champion.id),
    () => room.circle.declare(SYSTEM, champion.id, { kind: 'own', number: '09791204412' }),
  ]
  for (const change of changes) await assert.rejects(change(), /broken/)
  assert.deepEqual(await everything(), before)
  assert.ok(await room.sessions.facts(champion.token))
})

test('the command line adds, freezes and dismisses by desk name, each an entry', async (t) => {
  const { room, database, kinds } = await openRoom(t)
  const parties = { room, db: database.db }
  const person = {
    name: 'Daw Mya',
    office: 'naypyitaw',
    team: 'head-office',
    roles: ['administrator'],
  } as const
  const added = granted(await addStaff(parties, person))
  assert.match(added.link, /^http:\/\/localhost:8080\/enrol#[A-Za-z0-9_-]{43}$/)
  granted(await freezeStaff(parties, added.deskName, 'lost her handset today'))
  assert.equal(refusedWith(await freezeStaff(parties, 'X-9', 'nobody there at all')), 'person-not-found')
  granted(await addStaff(parties, { ...person, name: 'U Tin' }))
  granted(await dismissStaff(parties, added.deskName, { clause: 'contract 7', reason: 'left the country' }))
  assert.deepEqual((await kinds()).slice(1), [
    'staff-added',
    'enrolment-issued',
    'staff-frozen',
    'staff-added',
    'enrolment-issued',
    'staff-dismissed',
  ])
})

/** Moves time forward in steps that keep the session from idling out. */
async function keepAlive(
  opened: { time: number; room: { sessions: { facts(token: string): Promise<unknown> } } },
  token: string,
  until: number,
): Promise<void> {
  while (opened.time < until) {
    opened.time = Math.min(until, opened.time + 20 * 60_000)
    assert.ok(await opened.room.sessions.facts(token))
  }
}
