import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { markDoorsFromBefore } from '../../src/doors-from-before.ts'
import { hashOf } from '../../src/staff/sessions.ts'
import { granted, openRoom, refusedWith, SYSTEM } from './open-room.ts'

const TOKEN = Buffer.alloc(32, 5).toString('base64url')
const ADD_PASSKEY = `INSERT INTO staff.passkey
  (credential_id, staff_id, public_key, counter, transports, added_at) VALUES ($1, $2, $3, 0, '{}', 1)`

test('a link or a device that was written into the database lets nobody in', async (t) => {
  const opened = await openRoom(t)
  const { room, database } = opened
  const boss = await opened.hire(['administrator'])
  const write = `INSERT INTO staff.link (token_hash, kind, staff_id, shop, issued_by, expires_at, mark)
    SELECT $1, $2, $3, $4, NULL, $5, (SELECT mark FROM staff.link LIMIT 1)`
  granted(await room.passkeys.issueLink(SYSTEM, boss.id))
  const later = opened.time + 1_000_000
  await database.pool.query(write, [hashOf(TOKEN), 'person', boss.id, null, later])
  assert.equal(refusedWith(await room.passkeys.enrolmentOptions(TOKEN)), 'link-spent')
  await database.pool.query('DELETE FROM staff.link WHERE token_hash = $1', [hashOf(TOKEN)])
  await database.pool.query(write, [hashOf(TOKEN), 'device', null, 'yangon-1', later])
  assert.equal(refusedWith(await room.devices.register(TOKEN)), 'link-spent')

  const { link } = granted(await room.devices.issueLink(SYSTEM, 'yangon-1'))
  const device = granted(await room.devices.register(link.split('#')[1] ?? ''))
  assert.equal(await room.devices.shopOf(device.token), 'yangon-1')
  assert.deepEqual(await room.doors.foreign(database.db), [])
  await database.pool.query("UPDATE staff.device SET shop = 'mandalay-1'")
  assert.equal(await room.devices.shopOf(device.token), null, 'made another shop’s')
  await database.pool.query(
    `INSERT INTO staff.device (id, token_hash, shop, registered_at) VALUES ('invented', $1, 'yangon-1', 1)`,
    [hashOf(TOKEN)],
  )
  assert.equal(await room.devices.shopOf(TOKEN), null)
  assert.deepEqual(await room.doors.foreign(database.db), [
    'device of shop mandalay-1',
    'device of shop yangon-1',
  ])
})

test('passkeys from before marks are marked once, with an entry; a key that is put in their place later is found', async (t) => {
  const opened = await openRoom(t)
  const { room, database, ledger } = opened
  const keyDirectory = mkdtempSync(join(tmpdir(), 'countersign-doors-'))
  t.after(() => rmSync(keyDirectory, { recursive: true }))
  const [champion, boss] = [await opened.hire(['champion']), await opened.hire(['administrator'])]
  await database.pool.query(ADD_PASSKEY, ['hers', champion.id, Buffer.of(1)])
  await database.pool.query(ADD_PASSKEY, ['his', boss.id, Buffer.of(2)])
  assert.equal((await room.doors.foreign(database.db)).length, 2)
  const start = () => markDoorsFromBefore({ db: database.db, ledger, staff: room, keyDirectory })
  assert.equal(await start(), 2)
  assert.deepEqual(await room.doors.foreign(database.db), [])
  const marked = (await ledger.entries({ limit: 5 })).find(({ kind }) => kind === 'doors-marked')
  assert.deepEqual(
    marked?.body?.doors,
    [champion, boss].map(({ deskName }) => `passkey of ${deskName}`).toSorted(),
  )

  await database.pool.query(
    `UPDATE staff.passkey SET public_key = $1, mark = NULL WHERE credential_id = 'his'`,
    [Buffer.of(1)],
  )
  assert.equal(await start(), 0, 'what has no mark is never believed again')
  assert.deepEqual(await room.doors.foreign(database.db), [`passkey of ${boss.deskName}`])
  await database.pool.query(
    `UPDATE staff.passkey SET mark = (SELECT mark FROM staff.passkey WHERE credential_id = 'hers')`,
  )
  assert.deepEqual(
    await room.doors.foreign(database.db),
    [`passkey of ${boss.deskName}`],
    'nor with another’s',
  )
})
