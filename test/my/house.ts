import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { OPERATOR_NAME, OPERATOR_NUMBERS } from '../../demo/operator.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan, parseNumber } from '../../src/calls/numbers.ts'
import { createCareDesk } from '../../src/care/desk.ts'
import type { CareEntryBody, CareEntryKind } from '../../src/care/entries.ts'
import type { Subscriber } from '../../src/customers/customers.ts'
import { addReportRoutes } from '../../src/customers/report-routes.ts'
import { createReports, type Reports } from '../../src/customers/reports.ts'
import { createCustomerCases } from '../../src/incident/customer-cases.ts'
import { createRepresentativeDoor } from '../../src/incident/representative-door.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { createEpochs, type Epochs } from '../../src/ledger/subjects/epochs.ts'
import { addEpochRoutes } from '../../src/ledger/subjects/routes.ts'
import { addMyRoutes } from '../../src/my/routes.ts'
import { type App, createApp } from '../../src/platform/http/app.ts'
import { createLog } from '../../src/platform/log.ts'
import { refuse } from '../../src/platform/refusal.ts'
import { createStaffRoom } from '../../src/staff/room.ts'
import type { Subject } from '../../src/vault/subject.ts'
import { createVault } from '../../src/vault/vault.ts'
import { codeOf, DAY, MINUTE, openRoom, registration, START, type TestRoom } from '../customers/room.ts'

export const PIN = '839174'

/** Her page on a real server, database, ledger and vault. */
export interface House {
  readonly room: TestRoom
  readonly app: App
  readonly epochs: Epochs
  readonly reports: Reports
  readonly her: Subscriber
  /** Everything that was logged. */
  readonly log: string[]
  readonly notices: unknown[]
}

export async function openHouse(
  t: TestContext,
  options: { publicUrl?: string; language?: 'en' | 'my'; looks?: boolean } = {},
): Promise<House> {
  const room = await openRoom(t)
  const clock = { now: () => room.time }
  const log: string[] = []
  const notices: unknown[] = []
  const jurisdiction = readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url))
  const [her] = await room.customers.register([
    registration({
      language: options.language ?? 'en',
      secret: { kind: 'pin', secret: PIN, setAt: START - 20 * DAY },
    }),
  ])
  if (her === undefined) throw new Error('nobody was registered')
  const operator = OPERATOR_NAME.en
  const publicUrl = options.publicUrl ?? 'http://localhost:8080'
  const notifications = {
    publish: async (_trx: unknown, channel: string, payload: object) =>
      void notices.push({ channel, ...payload }),
    subscribe: () => () => {},
    ready: async () => {},
    heardUntil: () => Number.NEGATIVE_INFINITY,
    close: async () => {},
  }
  const duty = { onCall: async () => [officer('p1', 'yangon')] }
  const reports = createReports({
    db: room.database.db,
    ledger: room.ledger,
    keys: room.keys,
    clock,
    random: randomBytes,
    notifications,
    duty,
    customers: room.customers,
    publicUrl,
    operator,
  })
  const app = await createApp({
    log: createLog({ clock, write: (line) => void log.push(line) }),
    clock,
    publicUrl,
    operatorName: operator,
    demo: false,
    secureCookies: false,
  })
  app.setGuards({
    staff: async (request) => {
      const id = request.headers['x-officer']
      if (typeof id !== 'string') return refuse('not-signed-in', 'You are not signed in.', 'Sign in.')
      request.staff = officer(id, id === 'p1' ? 'yangon' : 'mandalay')
      return null
    },
  })
  const plan = createNumberPlan(jurisdiction, OPERATOR_NUMBERS)
  const outside = {
    ...{ db: room.database.db, ledger: room.ledger, keys: room.keys, clock, random: randomBytes },
    ...{ notifications, customers: room.customers, reports, staff: { duty }, plan, mailer: null, publicUrl },
    ...{ texts: { send: async () => {} }, operatorWords: OPERATOR_NAME },
    jobs: {
      enqueue: async () => {},
      handle: () => {},
      every: () => {},
      start: async () => {},
      stop: async () => {},
    },
  }
  const vault = createVault({
    pool: room.database.pool,
    keys: room.keys,
    offsetMinutes: jurisdiction.offsetMinutes,
  })
  const place = {
    offsetMinutes: jurisdiction.offsetMinutes,
    money: jurisdiction.currency.label,
    billPeriods: jurisdiction.retention.careBillPeriods,
    categories: {},
    operatorName: operator,
  }
  const silent = createLog({ level: 'silent', clock })
  const staff = createStaffRoom({
    ...outside,
    ...place,
    parseNumber: (text) => parseNumber(text, plan),
    demo: false,
  })
  const care = createCareDesk({ ...outside, ...place, vault, staff, telephony: null, log: silent })
  const epochs = await createEpochs({
    ...{
      pool: room.database.pool,
      keys: room.keys,
      clock,
      ledger: room.ledger,
      origin: 'test.example/subjects',
    },
    holders: (subject) => room.customers.holders(room.database.db, subject as Subject),
  })
  t.after(() => {
    care.close()
    staff.close()
    return epochs.close()
  })
  await addMyRoutes(app, {
    db: room.database.db,
    keys: room.keys,
    ledger: room.ledger,
    epochs,
    vault,
    care,
    customers: room.customers,
    sessions: room.sessions,
    reports,
    customerCases: createCustomerCases(outside),
    representatives: createRepresentativeDoor(outside),
    clock,
    plan,
    ...place,
  })
  addReportRoutes(app, reports)
  addLedgerRoutes(app, { ledger: room.ledger })
  addEpochRoutes(app, { epochs, pool: room.database.pool, sealer: room.keys.sealer })
  t.after(() => app.close())
  const house = { room, app, epochs, reports, her, log, notices }
  if (options.looks !== false) await writeLooks(house)
  return house
}

function officer(id: string, office: 'yangon' | 'mandalay') {
  return {
    id,
    deskName: `P-${id}`,
    name: 'An officer',
    roles: ['privacy-officer' as const],
    office,
    team: 'privacy',
    status: 'active' as const,
    onShift: true,
    conductSigned: true,
    trained: true,
    sessionId: `s-${id}`,
    device: { shop: null },
  }
}

/** Two looks as in the story: one while she was on the line, and one in a shop where she was not. */
async function writeLooks(house: House): Promise<void> {
  house.room.time = START - 10 * MINUTE
  await writeLook(house, 'g1', { rows: 23, channel: 'call', confirmed: true })
  house.room.time = START - 3 * MINUTE
  await writeLook(house, 'g2', { rows: 48, channel: 'shop', confirmed: false })
  house.room.time = START
}

export async function writeLook(
  { room, her }: Pick<House, 'room' | 'her'>,
  grant: string,
  how: { rows: number; channel: string; confirmed: boolean; subject?: string; tenure?: string },
): Promise<void> {
  const base = {
    contact: `c-${grant}`,
    staff: 's17',
    deskName: 'M-17',
    office: 'mandalay',
    at: room.time,
    channel: how.channel,
    confirmedByTelephony: how.confirmed,
    grant,
    ...(how.tenure === undefined ? {} : { tenure: how.tenure }),
    purpose: 'bill-clarification',
    month: '2026-08',
  }
  const write = async <K extends CareEntryKind>(kind: K, body: CareEntryBody<K>): Promise<string> => {
    const subject = how.subject ?? her.subject
    const json = JSON.parse(JSON.stringify(body)) as Record<string, never>
    return room.ledger.record({ kind, header: { office: 'mandalay' }, subject, actor: 's17', body: json })
  }
  await write('grant', {
    ...base,
    question: 'higher',
    days: [],
    categories: [],
    note: 'She asks why <August> was so dear & "high"',
    rung: 'person',
    outcome: 'granted',
    endsAt: room.time + 30 * MINUTE,
    brokenGlass: false,
  })
  room.time += 9_000
  const reveal = await write('reveal', {
    ...base,
    what: 'rows',
    page: 1,
    fields: ['start', 'duration', 'charge', 'otherMasked'],
  })
  await write('disclosure', {
    ...base,
    of: 'rows',
    reveal,
    fields: ['start', 'duration', 'charge', 'otherMasked'],
    rowsShown: how.rows,
    rowsShownInLook: how.rows,
    rowsTotal: 311,
    rows: Array.from({ length: how.rows }, (_, i) => ({
      day: `2026-08-${String(14 + (i % 2)).padStart(2, '0')}`,
      minute: `19:${String(10 + i).padStart(2, '0')}`,
      chargeMilli: 250_000 * (i + 1),
    })),
    rendering: '00'.repeat(32),
  })
  room.time += MINUTE
  await write('grant-ended', { ...base, reason: 'contact-closed', rowsShown: how.rows, rowsTotal: 311 })
  await room.ledger.sequence()
}

/** A browser without scripts: keeps cookies, follows no redirects by itself, sends forms as browsers do. */
export interface Visitor {
  get(
    path: string,
  ): Promise<{ status: number; body: string; to: string | null; headers: Record<string, unknown> }>
  post(
    path: string,
    fields: Record<string, string>,
  ): Promise<{ status: number; body: string; to: string | null }>
  cookies: Map<string, string>
}

export function visit(app: App): Visitor {
  const cookies = new Map<string, string>()
  let csrf: string | null = null
  const send = async (method: 'GET' | 'POST', url: string, fields?: Record<string, string>) => {
    const answer = await app.inject({
      method,
      url,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        accept: 'text/html',
        ...(fields === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }),
      },
      ...(fields === undefined ? {} : { payload: new URLSearchParams(fields).toString() }),
    })
    for (const cookie of answer.cookies) {
      if (cookie.value === '') cookies.delete(cookie.name)
      else cookies.set(cookie.name, cookie.value)
    }
    csrf = /name="_csrf" value="([^"]+)"/.exec(answer.body)?.[1] ?? csrf
    const to = answer.headers.location ?? null
    return {
      status: answer.statusCode,
      body: answer.body,
      to,
      headers: answer.headers as Record<string, unknown>,
    }
  }
  return {
    cookies,
    get: (path) => send('GET', path),
    post: (path, fields) => send('POST', path, csrf === null ? fields : { _csrf: csrf, ...fields }),
  }
}

/** Signs her in by code, and by PIN where `person`. */
export async function signIn(
  house: House,
  visitor: Visitor,
  rung: 'code' | 'person' = 'code',
  number = '09 791 204 412',
): Promise<void> {
  await visitor.post('/my/sign-in', { number, language: 'en' })
  await house.room.runJobs()
  await visitor.post('/my/code', { code: codeOf(house.room.texts.at(-1)), language: 'en' })
  await visitor.get('/my')
  if (rung === 'person') await visitor.post('/my/prove', { secret: PIN, to: 'bill' })
}
