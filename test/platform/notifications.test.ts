import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { createNotifications, type Notifications, type Payload } from '../../src/platform/notifications.ts'
import { openTestDatabase } from '../support/database.ts'

const log = createLog({ level: 'silent', clock: systemClock })

async function open(t: TestContext, url: string): Promise<Notifications> {
  const notifications = createNotifications({ url, log })
  t.after(() => notifications.close())
  await notifications.ready()
  return notifications
}

function next(notifications: Notifications): Promise<Payload> {
  return new Promise((resolve) => {
    const stop = notifications.subscribe('grant-ended', (payload) => {
      stop()
      resolve(payload)
    })
  })
}

test('two servers of one database both hear what one of them published', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const here = await open(t, url)
  const there = await open(t, url)
  const heard = Promise.all([next(here), next(there)])
  await here.publish(db, 'grant-ended', { grantId: 'g1', reason: 'frozen' })
  assert.deepEqual(await heard, [
    { grantId: 'g1', reason: 'frozen' },
    { grantId: 'g1', reason: 'frozen' },
  ])
})

test('nobody hears of a transaction that rolled back, nor on another channel', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const notifications = await open(t, url)
  const other: Payload[] = []
  notifications.subscribe('call-event', (payload) => other.push(payload))
  const heard = next(notifications)
  await assert.rejects(
    db.transaction().execute(async (trx) => {
      await notifications.publish(trx, 'grant-ended', { grantId: 'rolled back' })
      throw new Error('no')
    }),
  )
  await notifications.publish(db, 'grant-ended', { grantId: 'committed' })
  assert.deepEqual(await heard, { grantId: 'committed' })
  assert.deepEqual(other, [])
})

test('after a lost connection subscribers are told to read anew, and hear again', async (t) => {
  const { db, pool, url } = await openTestDatabase(t)
  const notifications = await open(t, url)
  const resynced = new Promise<void>((resolve) => {
    notifications.subscribe('notice', () => {}, resolve)
  })
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'countersign listener' AND datname = current_database()`,
  )
  await resynced
  const heard = next(notifications)
  await notifications.publish(db, 'grant-ended', { grantId: 'after' })
  assert.deepEqual(await heard, { grantId: 'after' })
})

test('it is known until when nothing was missed; while the connection is lost, nothing is', async (t) => {
  const { db, pool, url } = await openTestDatabase(t)
  const notifications = await open(t, url)
  const told: string[] = []
  notifications.subscribe('grant-ended', ({ grantId }) => told.push(String(grantId)))
  const heardPast = async (instant: number) => {
    while (notifications.heardUntil() < instant) await new Promise((resolve) => setImmediate(resolve))
  }
  await notifications.publish(db, 'grant-ended', { grantId: 'g1' })
  await heardPast(performance.now())
  assert.deepEqual(told, ['g1'], 'what was committed before had been told')
  const lost = new Promise<void>((resolve) => {
    notifications.subscribe(
      'notice',
      () => {},
      () => {
        assert.equal(notifications.heardUntil(), Number.NEGATIVE_INFINITY)
        resolve()
      },
    )
  })
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'countersign listener' AND datname = current_database()`,
  )
  await lost
  await heardPast(performance.now())
})

test('who has stopped listening hears nothing more', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const notifications = await open(t, url)
  const heard: Payload[] = []
  notifications.subscribe('grant-ended', (payload) => heard.push(payload))()
  const last = next(notifications)
  await notifications.publish(db, 'grant-ended', { grantId: 'x' })
  await last
  assert.deepEqual(heard, [])
})

test('a payload that PostgreSQL would not carry is a bug', async (t) => {
  const { db, url } = await openTestDatabase(t)
  const notifications = await open(t, url)
  await assert.rejects(notifications.publish(db, 'notice', { id: 'x'.repeat(8000) }), /small/)
})
