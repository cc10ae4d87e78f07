import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RULES_BEFORE_THE_CASE, RULES_SINCE_THE_CASE } from '../../src/staff/verification-policy.ts'
import { DAY, granted, openRoom, refusedWith, START, SYSTEM } from './open-room.ts'

const REASON = 'tightened after the case in Mandalay'

test('a directory without a version has the strict rules', async (t) => {
  const { room } = await openRoom(t)
  const { version, rules } = await room.verification.current()
  assert.equal(version, 0)
  assert.deepEqual(rules, RULES_SINCE_THE_CASE)
})

test('a change takes two approvers, neither of whom proposed it, and is dated: before and after can be shown', async (t) => {
  const opened = await openRoom(t)
  const { room, hire, kinds } = opened
  granted(await room.verification.install(SYSTEM, RULES_BEFORE_THE_CASE, 'how it was done'))
  assert.equal(
    refusedWith(await room.verification.install(SYSTEM, RULES_BEFORE_THE_CASE, 'again')),
    'rules-stand-already',
  )
  opened.time += DAY
  const officer = await hire(['privacy-officer'])
  const counsel = await hire(['counsel'])
  const supervisor = await hire(['supervisor'])
  const champion = await hire(['champion'])
  const ask = { rules: RULES_SINCE_THE_CASE, reason: REASON }
  assert.equal(refusedWith(await room.verification.propose(await champion.facts(), ask)), 'not-in-role')
  const same = { ...ask, rules: RULES_BEFORE_THE_CASE }
  assert.equal(
    refusedWith(await room.verification.propose(await officer.facts(), same)),
    'rules-stand-already',
  )
  const { proposal } = granted(await room.verification.propose(await officer.facts(), ask))
  assert.equal(refusedWith(await room.verification.approve(await officer.facts(), proposal)), 'same-person')
  assert.equal(granted(await room.verification.approve(await counsel.facts(), proposal)).inForce, null)
  assert.equal((await room.verification.current()).version, 1)
  assert.equal(
    refusedWith(await room.verification.approve(await counsel.facts(), proposal)),
    'approved-already',
  )
  const done = granted(await room.verification.approve(await supervisor.facts(), proposal))
  assert.deepEqual(done.inForce?.approvedBy, [counsel.id, supervisor.id])
  opened.time += 1_000
  assert.equal((await room.verification.current()).version, 2)
  assert.equal((await room.verification.current(START)).version, 1)
  assert.equal((await room.verification.version(1))?.rules.photoId.secondClerk, false)
  assert.deepEqual(
    (await kinds()).filter((kind) => kind.startsWith('verification')),
    [
      'verification-policy',
      'verification-proposed',
      'verification-approved',
      'verification-approved',
      'verification-policy',
    ],
  )
})
