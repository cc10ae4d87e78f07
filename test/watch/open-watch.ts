import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { createReports, type Reports } from '../../src/customers/reports.ts'
import { createLog } from '../../src/platform/log.ts'
import { RULES_BEFORE_THE_CASE } from '../../src/staff/verification-policy.ts'
import { createWatchDesk, type WatchDesk } from '../../src/watch/desk.ts'
import { LEDGER_TELLS } from '../../src/watch/read-ledger.ts'
import { addWatchRoutes } from '../../src/watch/routes.ts'
import { watch } from '../../src/watch/store.ts'
import { MONTH, ok, openCare, openLook, type TestCare, WRITTEN } from '../care/open-care.ts'
import { granted, type Hired, SYSTEM } from '../staff/open-room.ts'

export { LEDGER_TELLS, MONTH, ok, openLook, WRITTEN }

export interface TestWatch extends TestCare {
  readonly desk: WatchDesk
  readonly reports: Reports
  /** Another server's desk, over the same database. */
  secondDesk(): WatchDesk
  /** Reads the ledger to its end. */
  catchUp(): Promise<void>
  /** Every look's scores, by look. */
  scores(): Promise<Map<string, { p: number; total: number; level: number; hard: string | null }>>
}

/** The care desk and the watch room over one ledger. */
export async function openWatch(t: TestContext): Promise<TestWatch> {
  const care = await openCare(t)
  const { parties, keys, database, ledger, notifications, room, customers } = care
  const { clock } = parties
  const log = createLog({ level: 'silent', clock })
  const jobs = {
    enqueue: async () => {},
    handle: () => {},
    every: () => {},
    start: async () => {},
    stop: async () => {},
  }
  const base = {
    db: database.db,
    pool: database.pool,
    ledger,
    staff: room,
    jobs,
    notifications,
    keys,
    clock,
    log,
  }
  const openDesk = () => createWatchDesk({ ...base, random: randomBytes, offsetMinutes: 390 })
  const desk = openDesk()
  addWatchRoutes(care.app, desk)
  const reports = createReports({
    ...base,
    random: randomBytes,
    duty: room.duty,
    customers,
    publicUrl: parties.publicUrl,
    operator: 'Ayeyar Mobile',
  })
  // Under the rules before the case one clerk's word stood for a photo ID, as in the demo's story.
  granted(await room.verification.install(SYSTEM, RULES_BEFORE_THE_CASE, 'as it was before the case'))
  return Object.assign(care, {
    desk,
    reports,
    secondDesk: openDesk,
    async catchUp() {
      await ledger.sequence()
      await (await desk.watcher()).catchUp()
    },
    async scores() {
      const rows = await watch(database.db)
        .selectFrom('watch.look')
        .select(['id', 'p', 'total', 'level', 'hard'])
        .orderBy('entry')
        .execute()
      return new Map(rows.map(({ id, ...scores }) => [id, scores]))
    },
  })
}

/** A visit that nobody but the clerk can speak to: one word for a photo ID, and pages of rows. */
export async function lookOnOnesWord(care: TestCare, who: Hired, number = WRITTEN): Promise<string> {
  const contact = await ok(care, who, 'POST', '/api/care/contacts', { number, channel: 'shop' })
  const document = { document: { kind: 'nrc', unexpired: true, compared: true } }
  await ok(care, who, 'POST', `/api/care/contacts/${contact.id}/factors/photo-id`, document)
  const grant = await ok(care, who, 'POST', `/api/care/contacts/${contact.id}/grants`, {
    purpose: 'bill-clarification',
    month: MONTH,
    question: 'higher',
  })
  await ok(care, who, 'POST', `/api/care/grants/${grant.id}/bill`, {})
  for (const page of [1, 2, 3]) await ok(care, who, 'POST', `/api/care/grants/${grant.id}/rows`, { page })
  await ok(care, who, 'POST', `/api/care/contacts/${contact.id}/closing`, {
    resolution: 'explained',
    note: 'Customer at the counter.',
  })
  return grant.id as string
}

/** A caller whom the exchange names, her PIN, one page, closed: what most looks are. */
export async function lookForCaller(care: TestCare, who: Hired): Promise<string> {
  const { contact, grant } = await openLook(care, who)
  await ok(care, who, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(care, who, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  await ok(care, who, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: `Explained at ${care.time}.`,
  })
  await care.tell('ended', { desk: who.deskName })
  return grant
}
