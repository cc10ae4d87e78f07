import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { createJobs, type JobPayload, type Jobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import { openTestDatabase } from '../support/database.ts'

/** Jobs on a database of their own; they stop before it closes. */
async function openJobs(t: TestContext): Promise<{ database: OpenDatabase; jobs: Jobs; lines: string[] }> {
  let jobs: Jobs | undefined
  t.after(() => jobs?.stop())
  const database = await openTestDatabase(t)
  const lines: string[] = []
  const log = createLog({ level: 'debug', clock: systemClock, write: (line) => lines.push(line) })
  jobs = createJobs({ pool: database.pool, log })
  return { database, jobs, lines }
}

test('a job runs after its transaction commits, and one that rolled back never does', async (t) => {
  const { database, jobs } = await openJobs(t)
  const ran: JobPayload[] = []
  const { promise: done, resolve } = Promise.withResolvers<void>()
  jobs.handle('note', async (payload) => {
    ran.push(payload)
    if (payload.id === 'last') resolve()
  })
  await assert.rejects(
    database.db.transaction().execute(async (trx) => {
      await jobs.enqueue(trx, 'note', { id: 'rolled back' })
      throw new Error('no')
    }),
  )
  await database.db.transaction().execute((trx) => jobs.enqueue(trx, 'note', { id: 'first' }))
  await jobs.start()
  await database.db.transaction().execute((trx) => jobs.enqueue(trx, 'note', { id: 'last' }))
  await done
  assert.deepEqual(ran.map((payload) => payload.id).sort(), ['first', 'last'])
  const left = await database.pool.query(
    "SELECT 1 FROM graphile_worker._private_jobs WHERE payload->>'id' = 'rolled back'",
  )
  assert.equal(left.rowCount, 0)
})

test('a job that fails is kept for another try, without a word of what failed', async (t) => {
  const { database, jobs, lines } = await openJobs(t)
  const { promise: failed, resolve } = Promise.withResolvers<void>()
  jobs.handle('fails', async () => {
    resolve()
    throw new Error('cannot send to +95 9 791 204 412')
  })
  await jobs.enqueue(database.db, 'fails', { id: '1' })
  await jobs.start()
  await failed
  await jobs.stop()
  const { rows } = await database.pool.query<{ attempts: number; last_error: string }>(
    'SELECT attempts, last_error FROM graphile_worker.jobs',
  )
  assert.equal(rows[0]?.attempts, 1)
  assert.match(rows[0]?.last_error ?? '', /task fails failed/)
  assert.doesNotMatch(JSON.stringify(rows) + lines.join(''), /791|412/)
})

test('a waiting job of the same key is replaced, and one for later waits', async (t) => {
  const { database, jobs } = await openJobs(t)
  const later = Date.now() + 3_600_000
  await jobs.enqueue(database.db, 'end', { id: 'a' }, { runAt: later, key: 'grant a' })
  await jobs.enqueue(database.db, 'end', { id: 'b' }, { runAt: later, key: 'grant a' })
  const ran: JobPayload[] = []
  const { promise: done, resolve } = Promise.withResolvers<void>()
  jobs.handle('end', async (payload) => void ran.push(payload))
  jobs.handle('now', async () => resolve())
  await jobs.enqueue(database.db, 'now', {})
  await jobs.start()
  await done
  assert.deepEqual(ran, [])
  const { rows } = await database.pool.query<{ run_at: Date }>(
    "SELECT run_at FROM graphile_worker.jobs WHERE key = 'grant a'",
  )
  assert.deepEqual(
    rows.map((row) => row.run_at.getTime()),
    [later],
  )
})

test('a crontab that cannot be read, or a task handled twice, stops the start', async (t) => {
  const { jobs } = await openJobs(t)
  jobs.handle('once', async () => {})
  assert.throws(() => jobs.handle('once', async () => {}), /once/)
  jobs.every('nightly', 'never', async () => {})
  await assert.rejects(jobs.start())
})
