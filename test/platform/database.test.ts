import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { CopyRows, encodeCopyFields } from '../../src/platform/copy.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openTestDatabase } from '../support/database.ts'

test('a connection that the server closes between two queries fails the next one, and nothing else', async (t) => {
  const { pool } = await openTestDatabase(t)
  const held = await pool.connect()
  const { rows } = await held.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const ended = new Promise<void>((resolve) => held.once('end', resolve))
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid])
  await ended
  await assert.rejects(held.query('SELECT 1'))
  held.release(true)
  assert.equal((await pool.query('SELECT 1 AS one')).rows[0]?.one, 1)
})

test('a database that is closed has left the server, also where nothing but its pool was used', async (t) => {
  const { url, pool } = await openTestDatabase(t)
  const here = openDatabase({ url, applicationName: 'closing' })
  const there = async () =>
    (await pool.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'closing'")).rowCount
  await here.pool.query('SELECT 1')
  assert.equal(await there(), 1)
  await here.close()
  while ((await there()) !== 0) await delay(5)
  await assert.rejects(here.pool.query('SELECT 1'))
})

test('rows are copied in as they are made; one that cannot be made, or that the table refuses, leaves nothing', async (t) => {
  const { db, pool } = await openTestDatabase(t)
  await pool.query('CREATE TABLE public.copied (id bigint PRIMARY KEY, said text, sealed bytea)')
  const copy = (rows: Iterable<Buffer>) =>
    db
      .transaction()
      .execute((trx) =>
        trx.executeQuery(
          CompiledQuery.raw('COPY public.copied (id, said, sealed) FROM STDIN (FORMAT binary)', [
            new CopyRows(rows),
          ]),
        ),
      )
  const row = (id: number) => encodeCopyFields([id, id === 2 ? null : 'မင်္ဂလာပါ', Buffer.alloc(1_000, id)])
  const read = async () => (await pool.query('SELECT id, said, sealed FROM public.copied ORDER BY id')).rows
  await copy([1, 2, 300].map(row))
  assert.deepEqual(await read(), [
    { id: 1, said: 'မင်္ဂလာပါ', sealed: Buffer.alloc(1_000, 1) },
    { id: 2, said: null, sealed: Buffer.alloc(1_000, 2) },
    { id: 300, said: 'မင်္ဂလာပါ', sealed: Buffer.alloc(1_000, 300) },
  ])
  const failing = function* (after: number) {
    for (let id = 1_000; id < 1_000 + after; id++) yield row(id)
    throw new Error('cannot be sealed')
  }
  for (const after of [0, 500]) await assert.rejects(copy(failing(after)), /cannot be sealed/)
  await assert.rejects(copy([row(400), row(1)]), { code: '23505' })
  await copy([])
  assert.equal((await read()).length, 3)
  await copy([row(400)])
  assert.equal((await read()).length, 4, 'the connections go on')
})
