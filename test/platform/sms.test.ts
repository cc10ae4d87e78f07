import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createConnection } from 'node:net'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { createJobs, type Jobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import type { SmsMessage } from '../../src/platform/sms/sender.ts'
import {
  type DeliveredText,
  type SimulatedSmsc,
  type SmscBehaviour,
  startSimulatedSmsc,
} from '../../src/platform/sms/simulated-smsc.ts'
import { createSmsRoom, type SmsRoom } from '../../src/platform/sms/smpp-sender.ts'
import { deliveryOf } from '../../src/platform/sms/store.ts'
import { openTestDatabase } from '../support/database.ts'
import { createGcmSealer } from './gcm-sealer.ts'

const NUMBER = '+959791204412'
const BURMESE =
  'မန္တလေးရှိ ဝန်ထမ်း (M-17) က သင့်ဩဂုတ်လ ဖုန်းခေါ်ဆိုမှုများကို ကြည့်ရှုခဲ့ပါသည်။ သင် မဟုတ်ပါက ဤစာကို ပြန်ကြားပါ။ မှတ်တမ်းအမှတ် ၁၂၃၄'

interface Bench {
  database: OpenDatabase
  jobs: Jobs
  room: SmsRoom
  smsc: SimulatedSmsc
  arrived: DeliveredText[]
  lines: string[]
  /** Resolves when `count` texts have arrived. */
  arrival(count: number): Promise<void>
  send(message?: Partial<SmsMessage>): Promise<void>
}

async function openBench(t: TestContext, behaviours: SmscBehaviour[] = [], port = 0): Promise<Bench> {
  const closing: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closing.reverse()) await close()
  })
  const database = await openTestDatabase(t)
  const lines: string[] = []
  const log = createLog({ level: 'debug', clock: systemClock, write: (line) => lines.push(line) })
  const arrived: DeliveredText[] = []
  let onArrival = (): void => {}
  const account = { systemId: 'care', password: 'secret' }
  const smsc = await startSimulatedSmsc({
    port,
    ...account,
    clock: systemClock,
    behave: () => behaviours.shift() ?? 'accept',
    deliver: async (text) => {
      arrived.push(text)
      onArrival()
    },
  })
  closing.push(smsc.close)
  const jobs = createJobs({ pool: database.pool, log })
  const room = createSmsRoom({
    db: database.db,
    jobs,
    sealer: createGcmSealer(),
    clock: systemClock,
    random: randomBytes,
    log,
    smsc: { host: '127.0.0.1', port: smsc.port, ...account, from: 'Ayeyar' },
    firstRetryMs: 20,
  })
  closing.push(room.close)
  await jobs.start()
  closing.push(jobs.stop)
  return {
    database,
    jobs,
    room,
    smsc,
    arrived,
    lines,
    arrival: (count) =>
      new Promise((resolve) => {
        onArrival = () => {
          if (arrived.length >= count) resolve()
        }
        onArrival()
      }),
    send: (message) =>
      database.db.transaction().execute((trx) =>
        room.sender.send(trx, {
          to: NUMBER,
          text: 'Hello',
          purpose: 'test',
          ref: 'r1',
          language: 'en',
          ...message,
        }),
      ),
  }
}

/** The database waits for us until every text has ended. */
async function nothingWaits({ database }: Bench): Promise<void> {
  const waiting = "SELECT pg_sleep(0.02) FROM platform.sms_outbox WHERE state = 'waiting'"
  while ((await database.pool.query(waiting)).rowCount !== 0);
}

/** What became of the texts, once the jobs under way are done. */
async function settled({ database, jobs }: Bench): Promise<{ state: string; sealed: Buffer | null }[]> {
  await jobs.stop()
  const { rows } = await database.pool.query('SELECT state, sealed FROM platform.sms_outbox ORDER BY id')
  return rows
}

test('a text goes over SMPP to the phone and leaves nothing sealed behind', async (t) => {
  const bench = await openBench(t)
  await bench.send({ text: 'Your code lets our staff see your August calls for 30 minutes.' })
  await bench.arrival(1)
  assert.equal(bench.arrived[0]?.to, NUMBER)
  assert.equal(bench.arrived[0]?.from, 'Ayeyar')
  assert.match(bench.arrived[0]?.text ?? '', /August calls/)
  assert.deepEqual(await settled(bench), [{ state: 'sent', sealed: null }])
})

test('a long Burmese text arrives whole, in several UCS-2 parts', async (t) => {
  const bench = await openBench(t)
  await bench.send({ text: BURMESE, language: 'my' })
  await bench.arrival(1)
  assert.equal(bench.arrived[0]?.text, BURMESE)
  assert.equal(bench.smsc.taken, Math.ceil(BURMESE.length / 67))
  await settled(bench)
  const delivery = await deliveryOf(bench.database.db, 'test', 'r1')
  assert.equal(delivery?.parts, bench.smsc.taken)
})

test('what is asked for twice is sent once, and what was rolled back never', async (t) => {
  const bench = await openBench(t)
  await assert.rejects(
    bench.database.db.transaction().execute(async (trx) => {
      await bench.room.sender.send(trx, { to: NUMBER, text: 'no', purpose: 'test', ref: 'x', language: 'en' })
      throw new Error('no')
    }),
  )
  await bench.send()
  await bench.send()
  await bench.send({ ref: 'r2', text: 'Second' })
  await bench.arrival(2)
  assert.equal((await settled(bench)).length, 2)
  assert.deepEqual(bench.arrived.map((text) => text.text).sort(), ['Hello', 'Second'])
})

test('throttled, the text is tried again from the part that was not taken', async (t) => {
  const bench = await openBench(t, ['accept', 'throttle', 'throttle', 'accept'])
  await bench.send({ text: BURMESE, language: 'my' })
  await bench.arrival(1)
  assert.equal(bench.arrived[0]?.text, BURMESE)
  assert.equal(bench.smsc.taken, Math.ceil(BURMESE.length / 67))
  await settled(bench)
  assert.equal(bench.arrived.length, 1)
})

test('a connection lost before or after the part was taken brings the text once', async (t) => {
  for (const behaviours of [['drop'], ['accept-and-drop'], ['accept', 'accept-and-drop', 'drop']] as const) {
    const bench = await openBench(t, [...behaviours])
    await bench.send({ text: BURMESE, language: 'my' })
    await bench.arrival(1)
    await nothingWaits(bench)
    const rows = await settled(bench)
    assert.deepEqual(rows, [{ state: 'sent', sealed: null }])
    assert.equal(bench.arrived.length, 1, behaviours.join())
    assert.equal(bench.arrived[0]?.text, BURMESE)
  }
})

test('a text that the SMSC refuses for good is given up, one that is too old is not sent', async (t) => {
  const bench = await openBench(t, ['refuse'])
  await bench.send()
  await nothingWaits(bench)
  await bench.send({ ref: 'old', expiresAt: systemClock.now() - 1 })
  await bench.send({ ref: 'last' })
  await bench.arrival(1)
  const rows = await settled(bench)
  assert.deepEqual(
    rows.map((row) => row.state),
    ['failed', 'expired', 'sent'],
  )
  assert.ok(rows.every((row) => row.sealed === null))
})

test('neither number nor text rests in the database or shows in a log line', async (t) => {
  const bench = await openBench(t, ['throttle', 'drop'])
  await bench.send({ text: 'Your code is 482913' })
  const { rows } = await bench.database.pool.query(
    'SELECT o::text AS row FROM platform.sms_outbox o UNION ALL SELECT j::text FROM graphile_worker._private_jobs j',
  )
  await bench.arrival(1)
  const rest = JSON.stringify(rows) + bench.lines.join('')
  assert.doesNotMatch(rest, /9791204412|482913|Your code/)
  assert.doesNotMatch(rest, new RegExp(Buffer.from('482913').toString('hex')))
})

test('the wrong password does not bind, and whoever did not bind sends nothing', async (t) => {
  const bench = await openBench(t)
  const jobs = createJobs({
    pool: bench.database.pool,
    log: createLog({ level: 'silent', clock: systemClock }),
  })
  const lines: string[] = []
  const { promise: refused, resolve } = Promise.withResolvers<void>()
  const stranger = createSmsRoom({
    db: bench.database.db,
    jobs,
    sealer: createGcmSealer(),
    clock: systemClock,
    random: randomBytes,
    log: createLog({
      clock: systemClock,
      write: (line) => {
        lines.push(line)
        if (line.includes('refused our bind')) resolve()
      },
    }),
    smsc: { host: '127.0.0.1', port: bench.smsc.port, systemId: 'care', password: 'wrong', from: 'Ayeyar' },
  })
  await refused
  assert.equal(stranger.isBound(), false)
  await stranger.close()
})

test('garbage on the SMSC port ends that connection only', async (t) => {
  const bench = await openBench(t)
  await new Promise<void>((resolve) => {
    const socket = createConnection(bench.smsc.port, '127.0.0.1', () => socket.write(Buffer.alloc(64, 0xff)))
    socket.on('close', () => resolve())
    socket.on('error', () => {})
  })
  await bench.send()
  await bench.arrival(1)
})
