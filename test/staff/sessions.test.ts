import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { createSessions, hashOf } from '../../src/staff/sessions.ts'
import { granted, HOUR, openRoom, SYSTEM } from './open-room.ts'

const MINUTE = 60_000

test('promise 4: the database holds no session token, so whoever has it signs nobody in', async (t) => {
  const { hire, database, room } = await openRoom(t)
  const { token } = await hire(['champion'])
  const { rows } = await database.pool.query<{ row: string }>(
    'SELECT s::text AS row, s.token_hash FROM staff.session s',
  )
  assert.equal(rows.length, 1)
  const text = JSON.stringify(rows)
  for (const form of [
    token,
    Buffer.from(token, 'base64url').toString('hex'),
    Buffer.from(token).toString('hex'),
  ])
    assert.ok(!text.includes(form))
  const hash = (rows[0] as unknown as { token_hash: Buffer }).token_hash
  assert.equal(await room.sessions.facts(hash.toString('base64url')), null)
})

test('a session ends after 30 idle minutes, and after 12 hours whatever happens', async (t) => {
  const opened = await openRoom(t)
  const { room } = opened
  const { id, token } = await opened.hire(['champion'])
  opened.time += 29 * MINUTE
  assert.ok(await room.sessions.facts(token))
  opened.time += 31 * MINUTE
  assert.equal(await room.sessions.facts(token), null)
  const second = await opened.signIn(id)
  const until = opened.time + 12 * HOUR
  while (opened.time + 20 * MINUTE < until) {
    opened.time += 20 * MINUTE
    assert.ok(await room.sessions.facts(second))
  }
  opened.time = until
  assert.equal(await room.sessions.facts(second), null)
})

test('a freeze ends every session on every server, at once by notification', async (t) => {
  const opened = await openRoom(t)
  const { room, hire, signIn, notifications } = opened
  const other = opened.secondServer()
  const champion = await hire(['champion'])
  const tablet = await signIn(champion.id)
  for (const token of [champion.token, tablet]) assert.ok(await other.sessions.facts(token))
  const heard = new EventEmitter()
  notifications.subscribe('session-ended', (payload) => heard.emit('ended', payload))
  const ended = once(heard, 'ended')
  granted(await room.people.freeze(SYSTEM, champion.id, 'a customer says: not me'))
  assert.deepEqual((await ended)[0], { staffId: champion.id })
  for (const server of [room, other])
    for (const token of [champion.token, tablet]) assert.equal(await server.sessions.facts(token), null)
})

/** A champion whose session a server knew, and whose end it has not heard of. */
async function endUnheard(opened: Awaited<ReturnType<typeof openRoom>>) {
  const silent = { ...opened.notifications, subscribe: () => () => {} }
  const sessions = createSessions({ ...opened.parties, notifications: silent })
  const champion = await opened.hire(['champion'])
  assert.ok(await sessions.facts(champion.token))
  await opened.database.pool.query('UPDATE staff.session SET ended_at = 1')
  return { sessions, champion }
}

test('a freeze bites within a second on a server that hears no notification', async (t) => {
  const opened = await openRoom(t)
  const { sessions, champion } = await endUnheard(opened)
  assert.ok(await sessions.facts(champion.token), 'the answer of this same instant')
  opened.time += 1_000
  assert.equal(await sessions.facts(champion.token), null)
})

test('facts are read anew beside their use, and are never older than a second', async (t) => {
  const opened = await openRoom(t)
  const { sessions, champion } = await endUnheard(opened)
  opened.time += 800
  assert.ok(await sessions.facts(champion.token), 'nobody waits')
  opened.time += 200
  assert.equal(await sessions.facts(champion.token), null, 'it was read meanwhile')
})

test('a session that was written into the database, or made another’s, lets nobody in', async (t) => {
  const opened = await openRoom(t)
  const { room, database } = opened
  const [champion, officer] = [await opened.hire(['champion']), await opened.hire(['privacy-officer'])]
  const token = Buffer.alloc(32, 5).toString('base64url')
  await database.pool.query(
    `INSERT INTO staff.session (id, token_hash, staff_id, how, started_at, seen_at, ends_at, mark)
     SELECT 'invented', $1, $2, how, started_at, seen_at, ends_at, mark FROM staff.session WHERE staff_id = $2 LIMIT 1`,
    [hashOf(token), champion.id],
  )
  assert.equal(await room.sessions.facts(token), null)
  assert.ok(await room.sessions.facts(champion.token))
  await database.pool.query('UPDATE staff.session SET staff_id = $1 WHERE staff_id = $2', [
    officer.id,
    champion.id,
  ])
  opened.time += 1_000
  assert.equal(await room.sessions.facts(champion.token), null)
})

test('dismissal takes the roles with it, and nobody signs in any more', async (t) => {
  const { room, hire, signIn, database } = await openRoom(t)
  const champion = await hire(['champion'])
  granted(await room.people.dismiss(SYSTEM, champion.id, { clause: 'code 4.2', reason: 'gave a list away' }))
  assert.equal(await room.sessions.facts(champion.token), null)
  assert.equal(
    (await database.pool.query('SELECT FROM staff.role WHERE staff_id = $1', [champion.id])).rowCount,
    0,
  )
  const smuggled = await room.sessions.facts(await signIn(champion.id))
  const counter = { type: 'Desk', id: 'x' } as const
  assert.ok(smuggled)
  assert.equal(
    room.policy.decide({ staff: smuggled, action: 'use-find', resource: counter })?.code,
    'dismissed',
  )
})

test('a thousand requests in one second cost one query', async (t) => {
  const opened = await openRoom(t)
  const champion = await opened.hire(['champion'])
  let reads = 0
  opened.database.pool.on('acquire', () => {
    reads += 1
  })
  opened.time += 5_000
  await Promise.all(Array.from({ length: 1_000 }, () => opened.room.sessions.facts(champion.token)))
  assert.equal(reads, 1)
})

test('a made-up token is nobody, and is not remembered', async (t) => {
  const { room } = await openRoom(t)
  for (let index = 0; index < 50; index += 1) assert.equal(await room.sessions.facts(`guess-${index}`), null)
  assert.equal(room.sessions.remembered(), 0)
})

test('signing out ends that session only', async (t) => {
  const { room, hire, signIn } = await openRoom(t)
  const champion = await hire(['champion'])
  const other = await signIn(champion.id)
  await room.sessions.end((await champion.facts()).sessionId)
  assert.equal(await room.sessions.facts(champion.token), null)
  assert.ok(await room.sessions.facts(other))
})
