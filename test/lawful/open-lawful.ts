import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { readFrames } from '../../src/calls/lawful-frame.ts'
import { CHECK_IDS } from '../../src/lawful/checks.ts'
import { createLawfulDesk, type LawfulDesk } from '../../src/lawful/desk.ts'
import type { Filing, Scope } from '../../src/lawful/request.ts'
import { addLawfulRoutes } from '../../src/lawful/routes.ts'
import type { FilingInput } from '../../src/lawful/schemas.ts'
import type { Jobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import type { StaffParties } from '../../src/staff/room.ts'
import { openCare, type TestCare } from '../care/open-care.ts'
import type { Answer } from '../staff/open-http.ts'
import type { Hired } from '../staff/open-room.ts'
import { filing, MM_FILE, REASONS } from './cases.ts'

export const HANDOVER_SECRET = Buffer.alloc(32, 9)
/** 1 August 2026, local midnight, in seconds: the month that `openCare` files. */
export const AUGUST = Date.UTC(2026, 6, 31, 17, 30) / 1000
export const DAY_S = 86_400

/** The people of one request. */
export interface Crew {
  readonly filer: Hired
  readonly filterer: Hired
  readonly counsel: Hired
  readonly privacy: Hired
  readonly investigator: Hired
}

export interface TestLawful extends TestCare {
  readonly lawful: LawfulDesk
  crew(): Promise<Crew>
}

/** Both counters on a real database, ledger, vault, keys, staff and customers, behind the real HTTP server. */
export async function openLawful(t: TestContext, more: Partial<StaffParties> = {}): Promise<TestLawful> {
  const care = await openCare(t, more)
  const jurisdiction = readJurisdiction(MM_FILE)
  const lawful = createLawfulDesk({
    ...care.parties,
    keys: care.keys,
    log: createLog({ level: 'silent', clock: care.parties.clock }),
    notifications: care.notifications,
    jobs: { every: () => {} } as unknown as Jobs,
    vault: care.vault,
    customers: care.customers,
    staff: care.room,
    plan: care.plan,
    offsetMinutes: jurisdiction.offsetMinutes,
    storeMonths: () => jurisdiction.retention.storeMonths,
    frames: readFrames(jurisdiction.lawful),
    operatorName: 'Ayeyar Mobile',
    operatorWords: { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' },
  })
  care.app.setGuards({ secrets: { regulator: HANDOVER_SECRET } })
  addLawfulRoutes(care.app, lawful)
  return Object.assign(care, {
    lawful,
    async crew(): Promise<Crew> {
      const [filer, filterer, counsel, privacy, investigator] = [
        await care.hire(['regulator-officer'], { name: 'Ye Htun' }),
        await care.hire(['regulator-officer'], { name: 'Hla Hla' }),
        await care.hire(['counsel'], { name: 'Ko Ko Aung' }),
        await care.hire(['privacy-officer'], { name: 'Su Su' }),
        await care.hire(['investigator'], { name: 'May Thu' }),
      ]
      return { filer, filterer, counsel, privacy, investigator }
    },
  })
}

/** What a filing looks like from outside: nine days of August, for the number that `openCare` has calls of. */
export function asked(now: number, more: Partial<Filing> = {}): FilingInput {
  const from = AUGUST + 12 * DAY_S
  const made = filing({
    paper: { date: '2026-09-10', authorisedBy: 'Aung Htoo', rank: 'Police Colonel' },
    identifiers: [{ type: 'msisdn', value: '09 791 204 412', role: 'victim', from, until: from + 9 * DAY_S }],
    secrecyUntil: now + 60 * DAY_S * 1000,
    ...more,
  })
  return JSON.parse(JSON.stringify(made)) as FilingInput
}

/** The body of an answer that must be 200. */
export async function ok(
  open: TestCare,
  who: Hired,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<Answer['body']> {
  const answer = await open.ask(who, method, url, body)
  assert.equal(answer.status, 200, `${method} ${url}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Files, takes, lets pass. Returns the request's id. */
export async function filed(open: TestLawful, crew: Crew, more: Partial<Filing> = {}): Promise<string> {
  const { id } = await ok(open, crew.filer, 'POST', '/api/regulator/requests', {
    filing: asked(open.time, more),
    letter: null,
  })
  return id as string
}

/** As `filed`, and through the filter. */
export async function passed(open: TestLawful, crew: Crew, more: Partial<Filing> = {}): Promise<string> {
  const id = await filed(open, crew, more)
  await ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/taking`, {})
  await ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/filter`, {
    outcome: 'passed',
    reason: REASONS,
  })
  return id
}

/** Answers every standard with yes, but for those named. */
export async function check(
  open: TestLawful,
  who: Hired,
  id: string,
  noes: readonly string[] = [],
): Promise<void> {
  const answers = CHECK_IDS.map((one) => ({
    check: one,
    answer: noes.includes(one) ? 'no' : 'yes',
    reason: 'As the letter says.',
  }))
  await ok(open, who, 'POST', `/api/lawful/requests/${id}/checks`, { answers })
}

/** Both keys for a scope. */
export async function bothKeys(open: TestLawful, crew: Crew, id: string, scope: Scope): Promise<void> {
  const body = { answer: { kind: 'approve', scope }, reasons: REASONS }
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/ruling`, body)
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/second`, body)
}

/** Registers a key for an authority: written down by counsel, confirmed by the privacy officer. */
export async function registerKey(
  open: TestLawful,
  crew: Crew,
  recipient: string,
  authority = 'cid-yangon',
): Promise<void> {
  const { keys } = await ok(open, crew.counsel, 'POST', '/api/lawful/keys', {
    frame: 'mm',
    authority,
    recipient,
  })
  const { id } = keys.find((one: { recipient: string }) => one.recipient === recipient)
  const own = await open.ask(crew.counsel, 'POST', `/api/lawful/keys/${id}/confirmation`, {})
  assert.equal(own.body.code, 'key-proposed-by-you')
  await ok(open, crew.privacy, 'POST', `/api/lawful/keys/${id}/confirmation`, {})
}

/** The scope that a page shows as asked. */
export function scopeOf(view: { filing: Filing }, more: Partial<Scope> = {}): Scope {
  return {
    parts: view.filing.identifiers.map(({ from, until }, identifier) => ({ identifier, from, until })),
    fields: view.filing.fields,
    ...more,
  }
}

/** Lets time pass: sessions end with it, so everybody signs in again. */
export async function wait(open: TestLawful, crew: Crew, milliseconds: number): Promise<void> {
  open.time += milliseconds
  for (const name of ['filer', 'filterer', 'counsel', 'privacy', 'investigator'] as const) {
    const token = await open.signIn(crew[name].id)
    Object.assign(crew, { [name]: { ...crew[name], token } })
  }
  await open.lawful.sweep()
}
