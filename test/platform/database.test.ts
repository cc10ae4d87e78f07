import assert from 'node:assert/strict'
import { test } from 'node:test'
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
