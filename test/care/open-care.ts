import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { E164, OtherParty } from '../../src/calls/call-record.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import type { ReadItem, SourceRecord } from '../../src/calls/source-record.ts'
import { type CareDesk, createCareDesk } from '../../src/care/desk.ts'
import { addEventRoute } from '../../src/care/event-route.ts'
import { addCareRoutes } from '../../src/care/routes.ts'
import {
  type Customers,
  createCustomers,
  type Registration,
  type Subscriber,
} from '../../src/customers/customers.ts'
import type { JobPayload, Jobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import type { SmsMessage } from '../../src/platform/sms/sender.ts'
import { createTelephony } from '../../src/platform/telephony/pbx-telephony.ts'
import type { StaffParties } from '../../src/staff/room.ts'
import { ingestFiles } from '../../src/vault/ingest.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { type Answer, openHttp, type TestHttp } from '../staff/open-http.ts'
import type { Hired } from '../staff/open-room.ts'

export const NUMBER = '+959791204412' as E164
export const WRITTEN = '09 791 204 412'
export const PREMIUM = '+959255012345' as E164
export const SPOUSE = '+959791000077' as E164
export const PIN = '583926'
export const MONTH = '2026-08'
const TELEPHONY_SECRET = Buffer.alloc(32, 7)
const DAY = 86_400_000
/** 1 August 2026, local midnight, in seconds. */
const AUGUST = Date.UTC(2026, 6, 31, 17, 30) / 1000

/** The whole desk on a real database, ledger, vault, keys, staff and customers; texts and jobs stay in lists. */
export interface TestCare extends TestHttp {
  readonly care: CareDesk
  readonly customers: Customers
  readonly vault: Vault
  readonly texts: SmsMessage[]
  readonly subscriber: Subscriber
  readonly plan: ReturnType<typeof createNumberPlan>
  runJobs(): Promise<void>
  /** What the telephony system says. */
  tell(event: 'ringing' | 'answered' | 'ended' | 'digits' | 'call-back-answered', more: object): Promise<void>
  ask(
    who: Hired | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ): Promise<Answer>
  register(more: Partial<Registration>): Promise<Subscriber>
}

/** Opens it, with one customer whose August has seven dear calls on two evenings among ordinary ones. */
export async function openCare(t: TestContext, more: Partial<StaffParties> = {}): Promise<TestCare> {
  const http = await openHttp(t, more)
  const { database, keys, notifications, room: staff, parties, app } = http
  const log = createLog({ level: 'silent', clock: parties.clock })
  const texts: SmsMessage[] = []
  const queue = jobQueue()
  const vault = createVault({ pool: database.pool, keys, offsetMinutes: 390 })
  const base = {
    ...parties,
    keys,
    log,
    notifications,
    jobs: queue.jobs,
    vault,
    sms: { send: async (_trx: unknown, message: SmsMessage) => void texts.push(message) },
    operator: 'Ayeyar Mobile',
  }
  const customers = createCustomers(base)
  const telephony = createTelephony({
    ...base,
    sealer: keys.sealer,
    lookupKey: keys.prfKey('telephony-lookup'),
    pbx: { url: 'http://127.0.0.1:9/', secret: TELEPHONY_SECRET },
  })
  const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
    ownPrefixes: ['979'],
    premiumPrefixes: ['9255'],
    servicePrefixes: [],
  })
  const care = createCareDesk({
    ...base,
    customers,
    staff,
    telephony,
    mailer: null,
    plan,
    offsetMinutes: 390,
    money: { en: 'Ks', my: 'ကျပ်' },
    billPeriods: 3,
    categories: {},
    operatorName: 'Ayeyar Mobile',
  })
  t.after(() => care.close())
  telephony.addRoutes(app)
  addCareRoutes(app, care)
  addEventRoute(app, notifications)
  const register = async (more: Partial<Registration>) => {
    const [made] = await customers.register([registration(http.time, more)])
    return made as Subscriber
  }
  const subscriber = await register({})
  await file(http, august())
  return Object.assign(http, {
    care,
    customers,
    vault,
    texts,
    subscriber,
    plan,
    register,
    runJobs: () => queue.run(http.time),
    async tell(event: string, more: object) {
      const body = {
        event,
        callId: 'call-1',
        number: NUMBER,
        desk: 'M-01',
        networkAsserted: true,
        at: http.time,
        ...more,
      }
      const answer = await app.inject({
        method: 'POST',
        url: '/telephony/events',
        headers: { authorization: `Bearer ${TELEPHONY_SECRET.toString('base64url')}` },
        payload: body,
      })
      if (answer.statusCode !== 204) throw new Error(`telephony event: ${answer.statusCode} ${answer.body}`)
    },
  })
}

/** The six digits of the newest text that has some. */
export function codeIn(texts: readonly SmsMessage[]): string {
  return /[0-9]{6}/.exec(texts.at(-1)?.text ?? '')?.[0] ?? 'no code'
}

/** A verified caller on the line, and a look at August. */
export async function openLook(care: TestCare, thiri: Hired): Promise<{ contact: string; grant: string }> {
  await care.tell('ringing', { desk: thiri.deskName })
  await care.tell('answered', { desk: thiri.deskName })
  const contact = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  assert.equal(contact.state, 'verified')
  assert.equal(contact.line.confirmed, true)
  const id = contact.id as string
  await ok(care, thiri, 'POST', `/api/care/contacts/${id}/factors/pin`, {})
  const passed = await ok(care, thiri, 'POST', `/api/care/contacts/${id}/factors/pin/answer`, { secret: PIN })
  assert.equal(passed.passed, true)
  const grant = await ok(care, thiri, 'POST', `/api/care/contacts/${id}/grants`, {
    purpose: 'bill-clarification',
    month: MONTH,
    question: 'higher',
  })
  assert.equal(grant.state, 'active')
  return { contact: id, grant: grant.id as string }
}

/** The body of an answer that must be 200. */
export async function ok(
  care: TestCare,
  who: Hired,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<Answer['body']> {
  const answer = await care.ask(who, method, url, body)
  assert.equal(answer.status, 200, `${method} ${url}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

function registration(now: number, more: Partial<Registration>): Registration {
  return {
    number: NUMBER,
    name: { my: 'ဒေါ်ခင်မာလွင်', latn: 'Khin Mar Lwin', honorific: 'Daw' },
    language: 'en',
    region: 'Yangon',
    registeredOn: now - 800 * DAY,
    tenureFrom: Math.floor((now - 800 * DAY) / 1000),
    addressOfRecord: { kind: 'email', address: 'khin@example.org', since: now - 700 * DAY },
    secret: { kind: 'pin', secret: PIN, setAt: now - 100 * DAY },
    ...more,
  }
}

/** 7 premium calls on the evenings of 14 and 15 August, and four calls a day besides: two to each of two numbers. */
function august(): SourceRecord[] {
  const call = (day: number, minute: number, to: E164, seconds: number, perMinute: number): SourceRecord => ({
    caller: { kind: 'number', number: NUMBER },
    called: { kind: 'number', number: to } satisfies OtherParty,
    kind: 'voice',
    answered: true,
    start: AUGUST + (day - 1) * 86_400 + minute * 60 + 17,
    durationSeconds: seconds,
    bytes: null,
    callerCell: 'YGN-001',
    calledCell: null,
    chargeMilli: Math.ceil(seconds / 60) * perMinute,
    currency: 'MMK',
    tariff: null,
    reference: null,
    served: 'both',
  })
  const dear = [
    call(14, 19 * 60 + 2, PREMIUM, 482, 250_000),
    call(14, 19 * 60 + 11, PREMIUM, 360, 250_000),
    call(14, 19 * 60 + 20, PREMIUM, 587, 250_000),
    call(15, 18 * 60 + 55, PREMIUM, 680, 250_000),
    call(15, 19 * 60 + 10, PREMIUM, 221, 250_000),
    call(15, 19 * 60 + 31, PREMIUM, 221, 250_000),
    call(15, 20 * 60 + 1, PREMIUM, 60, 250_000),
  ]
  const ordinary = Array.from({ length: 31 }, (_, i) => [
    call(i + 1, 9 * 60, SPOUSE, 100, 20_000),
    call(i + 1, 9 * 60 + 30, SPOUSE, 40, 20_000),
    call(i + 1, 12 * 60, '+959250000123' as E164, 61, 25_000),
    call(i + 1, 12 * 60 + 40, '+959250000123' as E164, 20, 25_000),
  ])
  return [...dear, ...ordinary.flat()].sort((a, b) => a.start - b.start)
}

/** Files records as an operator’s export would be. */
export async function file(http: TestHttp, records: readonly SourceRecord[]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-care-'))
  const path = join(dir, 'august.jsonl')
  writeFileSync(path, records.map((record) => JSON.stringify(record)).join('\n'))
  await ingestFiles(
    { pool: http.database.pool, keys: http.keys, clock: { now: () => http.time }, offsetMinutes: 390 },
    { files: [path], read: readJsonLines, servedByUs: (number) => number.startsWith('+95979') },
  )
  await rm(dir, { recursive: true })
}

async function* readJsonLines(bytes: Readable): AsyncGenerator<ReadItem> {
  for (const [at, line] of (await text(bytes)).split('\n').entries())
    yield { position: at + 1, record: JSON.parse(line) as SourceRecord }
}

function jobQueue(): { jobs: Jobs; run(now: number): Promise<void> } {
  const tasks = new Map<string, (payload: JobPayload) => Promise<void>>()
  let waiting: { task: string; payload: JobPayload; runAt: number; key: string | undefined }[] = []
  return {
    jobs: {
      async enqueue(_trx, task, payload, options) {
        const key = options?.key
        waiting = waiting.filter((job) => key === undefined || job.key !== key)
        waiting.push({ task, payload, runAt: options?.runAt ?? 0, key })
      },
      handle: (task, run) => void tasks.set(task, run),
      every: () => {},
      start: async () => {},
      stop: async () => {},
    },
    async run(now) {
      const due = waiting.filter((job) => job.runAt <= now)
      waiting = waiting.filter((job) => job.runAt > now)
      for (const job of due) await tasks.get(job.task)?.(job.payload)
    },
  }
}
