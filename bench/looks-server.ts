import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type pg from 'pg'
import Type from 'typebox'
import type { E164 } from '../src/calls/call-record.ts'
import { readJurisdiction } from '../src/calls/jurisdiction.ts'
import { createNumberPlan, parseNumber } from '../src/calls/numbers.ts'
import type { ReadItem, SourceRecord } from '../src/calls/source-record.ts'
import { createCareDesk } from '../src/care/desk.ts'
import { RowView } from '../src/care/look-schemas.ts'
import { partyType } from '../src/care/party.ts'
import { monthBounds, monthOf } from '../src/care/period.ts'
import { addCareRoutes } from '../src/care/routes.ts'
import { type PageRow, renderRow } from '../src/care/rows.ts'
import { createCustomers, type Subscriber } from '../src/customers/customers.ts'
import { initKeys, openKeys } from '../src/keys/key-directory.ts'
import { commitWith } from '../src/ledger/commit.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import { systemClock } from '../src/platform/clock.ts'
import { openDatabase } from '../src/platform/database.ts'
import { createApp } from '../src/platform/http/app.ts'
import { csrfTokenOf } from '../src/platform/http/cookies.ts'
import { createJobs } from '../src/platform/jobs.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/platform/migrate.ts'
import { createNotifications } from '../src/platform/notifications.ts'
import { isRefusal } from '../src/platform/refusal.ts'
import { createStaffRoom } from '../src/staff/room.ts'
import { ingestFiles } from '../src/vault/ingest.ts'
import { createVault } from '../src/vault/vault.ts'

/** The server that `looks.ts` measures, in a process of its own: the product's own rooms, and the peer's route. */

export const LOOK_CLIENTS = 16
const RECORDS_A_MONTH = 300
const PAGE = 50
const OFFSET_MINUTES = 390
const ORIGIN = 'http://localhost:8080'
const SYSTEM = { system: 'bench' } as const

export interface LooksSetup {
  readonly origin: string
  readonly clients: readonly {
    readonly headers: Record<string, string>
    readonly body: string
    readonly oursPath: string
    readonly peerPath: string
  }[]
}

const database = process.env.COUNTERSIGN_BENCH_DATABASE
if (database !== undefined && process.send !== undefined) await serve(database)

async function serve(url: string): Promise<void> {
  const opened = openDatabase({ url, max: 20 })
  await migrate(opened.pool)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  await initKeys(join(dir, 'keys'), 'for this measurement only', { scryptLogN: 14 })
  const keys = await openKeys(join(dir, 'keys'), 'for this measurement only')
  const clock = systemClock
  const log = createLog({ level: 'silent', clock })
  const notifications = createNotifications({ url, log })
  const { db, pool } = opened
  const ledger = await createLedger({ pool, keys, clock, random: randomBytes, origin: 'bench.example/log' })
  const vault = createVault({ pool, keys, offsetMinutes: OFFSET_MINUTES })
  const jobs = createJobs({ pool, log })
  const plan = createNumberPlan(readJurisdiction(new URL('../jurisdictions/mm.json', import.meta.url)), {
    ownPrefixes: ['979'],
    premiumPrefixes: ['9255'],
    servicePrefixes: [],
  })
  const base = { db, pool, keys, clock, random: randomBytes, log, notifications, jobs, ledger, vault, plan }
  const named = { publicUrl: ORIGIN, operatorName: 'Bench Mobile', operator: 'Bench Mobile', demo: true }
  const staff = createStaffRoom({ ...base, ...named, parseNumber: (number) => parseNumber(number, plan) })
  const customers = createCustomers({ ...base, ...named, sms: { send: async () => {} } })
  const care = createCareDesk({
    ...base,
    ...named,
    customers,
    staff,
    telephony: null,
    mailer: null,
    offsetMinutes: OFFSET_MINUTES,
    money: { en: 'Ks', my: 'ကျပ်' },
    billPeriods: 3,
    categories: {},
  })
  const app = await createApp({ log, clock, ...named, secureCookies: false, requestsPerMinute: 100_000_000 })
  app.setGuards({ staff: staff.guard })
  staff.addRoutes(app)
  addCareRoutes(app, care)
  addPeer()
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const clients = await prepare()
  process.send?.({ origin, clients } satisfies LooksSetup)
  process.once('message', async () => {
    await app.close()
    care.close()
    staff.close()
    await notifications.close()
    await ledger.close()
    await opened.close()
    keys.close()
    rmSync(dir, { recursive: true })
    process.disconnect?.()
  })

  /** The same answer from a plain table: signed in, and nothing else. */
  function addPeer(): void {
    app.post(
      '/api/plain/:subscriber/rows',
      {
        schema: {
          tags: ['bench'],
          summary: 'The same rows from a plain table',
          params: Type.Object({ subscriber: Type.String() }),
          body: Type.Object({ page: Type.Integer({ minimum: 1 }) }),
          response: { 200: Type.Object({ page: Type.Integer(), rows: Type.Array(RowView) }) },
        },
        config: { access: { kind: 'staff', action: null } },
      },
      async (request) => {
        const { page } = request.body
        const { from, until } = monthBounds(monthOf(clock.now(), OFFSET_MINUTES), OFFSET_MINUTES)
        const { rows } = await pool.query<Omit<PageRow, 'other'> & { other: E164 }>(
          `SELECT id::text AS name, start, duration AS "durationSeconds", NULL AS bytes, kind, direction, answered,
             charge AS "chargeMilli", other
           FROM plain_call WHERE subscriber = $1 AND start >= $2 AND start < $3 ORDER BY start LIMIT $4 OFFSET $5`,
          [request.params.subscriber, from, until, PAGE, (page - 1) * PAGE],
        )
        return {
          page,
          rows: rows.map((row, i) =>
            renderRow(
              {
                ...row,
                other: {
                  ...partyType({ kind: 'number', number: row.other }, plan),
                  digits: row.other,
                },
              },
              {
                row: `${page}-${i}`,
                party: i,
                answers: false,
                flags: { secondsShown: true, durationExact: true },
                offsetMinutes: OFFSET_MINUTES,
              },
            ),
          ),
        }
      },
    )
  }

  /** So many champions, each with a verified customer and a look whose bill is open. */
  async function prepare(): Promise<LooksSetup['clients']> {
    await staff.conduct.publish(SYSTEM, { en: 'Look only when asked.', my: 'မေးမှသာ ကြည့်ပါ။' }, 'first version')
    const version = (await staff.conduct.current())?.version ?? 0
    const subscribers = await customers.register(
      Array.from({ length: LOOK_CLIENTS }, (_, i) => ({
        number: `+9597900${String(10_000 + i)}` as E164,
        name: { my: 'မမြ', latn: 'Mya', honorific: 'Ma' },
        language: 'en' as const,
        region: 'Yangon',
        registeredOn: clock.now() - 800 * 86_400_000,
        secret: { kind: 'pin' as const, secret: '583926', setAt: clock.now() - 100 * 86_400_000 },
      })),
    )
    await fileCalls(subscribers)
    const clients: LooksSetup['clients'][number][] = []
    for (const subscriber of subscribers) {
      const token = await hire(version)
      const facts = await staff.sessions.facts(token)
      if (facts === null) throw new Error('a session has ended')
      const contact = unrefused(await care.openContact(facts, { number: subscriber.number, channel: 'chat' }))
      // A code and a PIN take texts; the measurement starts where they have passed.
      await pool.query(`UPDATE care.contact SET state = 'verified', passed = $2 WHERE id = $1`, [
        contact.id,
        JSON.stringify([
          { factor: 'sms-code', at: clock.now(), tries: 1 },
          { factor: 'pin', at: clock.now(), tries: 1 },
        ]),
      ])
      const month = monthOf(clock.now(), OFFSET_MINUTES)
      const asked = { purpose: 'bill-clarification', question: 'number-appears', month } as const
      const { look } = unrefused(await care.askForLook(facts, contact.id, { ...asked, days: [] }))
      unrefused(await care.openBill(facts, look.id))
      clients.push({
        headers: {
          cookie: `countersign-staff=${token}`,
          'x-csrf-token': csrfTokenOf(token),
          origin: ORIGIN,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ page: 2 }),
        oursPath: `/api/care/grants/${look.id}/rows`,
        peerPath: `/api/plain/${subscriber.id}/rows`,
      })
    }
    return clients
  }

  async function hire(version: number): Promise<string> {
    const who = { name: 'Thiri', office: 'mandalay', team: 'mandalay-1', roles: ['champion'] } as const
    const { id } = unrefused(await staff.people.addWithRoles(SYSTEM, who))
    const now = clock.now()
    const course = { course: 'call-detail', passedAt: now - 86_400_000, expiresAt: now + 86_400_000 }
    unrefused(await staff.work.recordTraining(SYSTEM, id, course))
    unrefused(
      await staff.work.loadRoster(SYSTEM, [{ staffId: id, from: now - 3_600_000, until: now + 36_000_000 }]),
    )
    unrefused(await staff.conduct.sign(SYSTEM, id, version))
    const session = await commitWith(db, ledger, (trx, append) =>
      staff.sessions.start(trx, append, { staffId: id, how: 'demo', shop: null }),
    )
    return session.token
  }

  async function fileCalls(subscribers: readonly Subscriber[]): Promise<void> {
    const { from } = monthBounds(monthOf(clock.now(), OFFSET_MINUTES), OFFSET_MINUTES)
    const span = Math.max(3_600, Math.floor(clock.now() / 1000) - from - 60)
    const calls = subscribers.flatMap((subscriber, s) =>
      Array.from({ length: RECORDS_A_MONTH }, (_, i) =>
        callOf(subscriber, s, i, from + Math.floor((i * span) / RECORDS_A_MONTH)),
      ),
    )
    await pool.query(`CREATE TABLE plain_call (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subscriber text NOT NULL,
      start bigint NOT NULL, duration int, kind text NOT NULL, direction text NOT NULL, answered boolean NOT NULL,
      charge int, other text NOT NULL)`)
    await insertPlain(pool, subscribers, calls)
    await pool.query('CREATE INDEX ON plain_call (subscriber, start)')
    await pool.query('ANALYZE plain_call')
    const path = join(dir, 'calls.jsonl')
    writeFileSync(path, calls.map(({ record }) => JSON.stringify(record)).join('\n'))
    await ingestFiles(
      { pool, keys, clock, offsetMinutes: OFFSET_MINUTES },
      { files: [path], read: readJsonLines, servedByUs: (number) => number.startsWith('+95979') },
    )
  }
}

function callOf(
  subscriber: Subscriber,
  s: number,
  i: number,
  start: number,
): { subscriber: string; record: SourceRecord } {
  const other = `+95925${String(1_000_000 + s * 1_000 + (i % 40)).padStart(7, '0')}` as E164
  return {
    subscriber: subscriber.id,
    record: {
      caller: { kind: 'number', number: subscriber.number },
      called: { kind: 'number', number: other },
      kind: 'voice',
      answered: true,
      start,
      durationSeconds: 20 + ((i * 37) % 600),
      bytes: null,
      callerCell: 'YGN-001',
      calledCell: null,
      chargeMilli: Math.ceil((20 + ((i * 37) % 600)) / 60) * 25_000,
      currency: 'MMK',
      tariff: 'other-mobile',
      reference: null,
      served: 'both',
    },
  }
}

async function insertPlain(
  pool: pg.Pool,
  subscribers: readonly Subscriber[],
  calls: readonly { subscriber: string; record: SourceRecord }[],
): Promise<void> {
  for (const { id } of subscribers) {
    const own = calls.filter(({ subscriber }) => subscriber === id).map(({ record }) => record)
    await pool.query(
      `INSERT INTO plain_call (subscriber, start, duration, kind, direction, answered, charge, other)
       SELECT $1, start, duration, 'voice', 'out', true, charge, other
       FROM unnest($2::bigint[], $3::int[], $4::int[], $5::text[]) AS t (start, duration, charge, other)`,
      [
        id,
        own.map((record) => record.start),
        own.map((record) => record.durationSeconds),
        own.map((record) => record.chargeMilli),
        own.map(({ called }) => (called.kind === 'number' ? called.number : '')),
      ],
    )
  }
}

async function* readJsonLines(bytes: Readable): AsyncGenerator<ReadItem> {
  for (const [at, line] of (await text(bytes)).split('\n').entries())
    yield { position: at + 1, record: JSON.parse(line) as SourceRecord }
}

function unrefused<T>(result: T): Exclude<T, { refused: true }> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}`)
  return result as Exclude<T, { refused: true }>
}
