import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { parseNumber } from '../../src/calls/numbers.ts'
import { createGivenPackages } from '../../src/lawful/given.ts'
import { createTraceDesk, type TraceDesk } from '../../src/trace/desk.ts'
import type { Incident, Incidents } from '../../src/trace/incidents.ts'
import { addTraceRoutes } from '../../src/trace/routes.ts'
import { MONTH, ok, openCare, PIN, type TestCare, WRITTEN } from '../care/open-care.ts'
import type { Hired } from '../staff/open-room.ts'

/** A register of incidents that lives as long as a test: what the incident room will be to the trace desk. */
export interface IncidentRegister extends Incidents {
  /** Puts an incident down, or changes it. */
  put(change: Partial<Incident> & { id: string }): Incident
}

export interface TestTrace extends TestCare {
  readonly trace: TraceDesk
  readonly incidents: IncidentRegister
  /** What the day's job does. */
  daily(): Promise<void>
}

/** The trace desk over the whole care desk; incidents are kept here. */
export async function openTrace(t: TestContext): Promise<TestTrace> {
  const care = await openCare(t)
  const incidents = createRegister()
  const jobs: (() => Promise<void>)[] = []
  const trace = createTraceDesk({
    ...care.parties,
    vault: care.vault,
    customers: care.customers,
    policy: care.room.policy,
    circle: care.room.circle,
    incidents,
    packages: createGivenPackages({ db: care.database.db, keys: care.keys }),
    jobs: { every: (_name, _crontab, run) => void jobs.push(run) },
    plan: care.plan,
    offsetMinutes: 390,
  })
  addTraceRoutes(care.app, trace)
  assert.equal(parseNumber(WRITTEN, care.plan), care.subscriber.number)
  return Object.assign(care, {
    trace,
    incidents,
    daily: async () => {
      for (const run of jobs) await run()
    },
  })
}

function createRegister(): IncidentRegister {
  const known = new Map<string, Incident>()
  return {
    find: async (id) => known.get(id) ?? null,
    put(change) {
      const before = known.get(change.id)
      const incident: Incident = {
        serial: '2026-09-014',
        open: true,
        confirmed: false,
        involved: [],
        subject: null,
        surfacedAt: null,
        pathApprovals: [],
        morePathApprovals: [],
        ...before,
        ...change,
      }
      known.set(incident.id, incident)
      return incident
    },
  }
}

/** A champion takes the call, opens August and as many pages as asked; gives the rows as they stood on the screen. */
export async function lookAt(
  desk: TestCare,
  who: Hired,
  pages: readonly number[],
): Promise<{
  grant: string
  rows: { day: string; start: string; digits: string; lasted: { en: string } }[]
}> {
  const line = { desk: who.deskName, callId: `call-${desk.time}` }
  await desk.tell('ringing', line)
  await desk.tell('answered', line)
  const { id: contact } = await ok(desk, who, 'POST', '/api/care/contacts', {
    number: WRITTEN,
    channel: 'call',
  })
  await ok(desk, who, 'POST', `/api/care/contacts/${contact}/factors/pin`, {})
  await ok(desk, who, 'POST', `/api/care/contacts/${contact}/factors/pin/answer`, { secret: PIN })
  const asked = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }
  const { id: grant } = await ok(desk, who, 'POST', `/api/care/contacts/${contact}/grants`, asked)
  await ok(desk, who, 'POST', `/api/care/grants/${grant}/bill`, {})
  const rows = []
  for (const page of pages)
    rows.push(...(await ok(desk, who, 'POST', `/api/care/grants/${grant}/rows`, { page })).rows)
  await ok(desk, who, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: '',
  })
  await desk.tell('ended', line)
  return { grant, rows }
}
