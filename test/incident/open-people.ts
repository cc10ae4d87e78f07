import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createCustomerSessions } from '../../src/customers/sessions.ts'
import { createCustomerCases } from '../../src/incident/customer-cases.ts'
import { addEnquiryRoutes, createEnquiryDesk } from '../../src/incident/enquiries.ts'
import { createPeopleDesk, type PeopleDesk } from '../../src/incident/people-desk.ts'
import { addPeopleRoutes } from '../../src/incident/people-routes.ts'
import { createRepresentativeDoor } from '../../src/incident/representative-door.ts'
import { createEpochs } from '../../src/ledger/subjects/epochs.ts'
import { addMyRoutes } from '../../src/my/routes.ts'
import type { JobPayload, Jobs } from '../../src/platform/jobs.ts'
import type { Mail } from '../../src/platform/mail.ts'
import type { SmsMessage } from '../../src/platform/sms/sender.ts'
import { ok } from '../care/open-care.ts'
import type { Hired } from '../staff/open-room.ts'
import { openIncidents, type TestIncident } from './open-incident.ts'

const MM = new URL('../../jurisdictions/mm.json', import.meta.url)

export interface TestPeople extends TestIncident {
  readonly people: PeopleDesk
  readonly mails: Mail[]
  /** Does what waits in this half's own queue. */
  runOwnJobs(): Promise<void>
}

/** The incident room with its people, her page and her representative's, over one database and ledger. */
export async function openPeople(t: TestContext): Promise<TestPeople> {
  const house = await openIncidents(t)
  const { parties, keys, room, customers, vault, reports, plan, notifications, texts } = house
  const { db } = house.database
  const { breach, offsetMinutes, currency } = readJurisdiction(MM)
  const queue = ownQueue()
  const mails: Mail[] = []
  const operatorWords = { en: 'Ayeyar Mobile', my: 'ဧရာ မိုဘိုင်း' }
  const base = {
    ...{ db, ledger: house.ledger, keys, clock: parties.clock, random: randomBytes, notifications },
    ...{ customers, reports, watch: house.desk, staff: room, plan, breach, offsetMinutes },
    ...{ jobs: queue.jobs, publicUrl: parties.publicUrl, operatorWords },
    texts: { send: async (_trx: unknown, message: SmsMessage) => void texts.push(message) },
    mailer: { send: async (mail: Mail) => void mails.push(mail), check: async () => {}, close: () => {} },
  }
  const people = createPeopleDesk(base)
  addPeopleRoutes(house.app, people)
  addEnquiryRoutes(house.app, createEnquiryDesk(base))
  const epochs = await createEpochs({
    ...{ pool: house.database.pool, keys: base.keys, clock: parties.clock, ledger: house.ledger },
    ...{ origin: 'test.example/subjects', holders: async () => [] },
  })
  await addMyRoutes(house.app, {
    epochs,
    keys: base.keys,
    ...{ db, ledger: house.ledger, vault, customers, reports, clock: parties.clock, plan, offsetMinutes },
    care: house.care,
    ...{ money: currency.label, billPeriods: 3, categories: {}, operatorName: operatorWords.en },
    sessions: createCustomerSessions(base),
    customerCases: createCustomerCases(base),
    representatives: createRepresentativeDoor(base),
  })
  return Object.assign(house, { people, mails, runOwnJobs: () => queue.run(house.time) })
}

/** The six digits of the newest text or mail to somebody. */
export function codeTo(said: readonly { readonly to: string; readonly text: string }[], to: string): string {
  const newest = said.filter((one) => one.to === to && /^[0-9]{6}/.test(one.text)).at(-1)
  return newest?.text.slice(0, 6) ?? 'no code'
}

/** A case about the customer of this house, named. */
export async function openCaseAbout(house: TestPeople, who: Hired, number: string): Promise<string> {
  const opened = await ok(house, who, 'POST', '/api/incidents', {
    ...{ origin: 'list-holder', title: 'A list of August calls left', says: '', number },
  })
  return opened.id as string
}

/** What an officer gives for a lawyer whose power of attorney is in order. */
export function lawyer(house: { time: number }, contact: { kind: 'telephone' | 'email'; to: string }) {
  return {
    ...{ name: 'Daw Nilar Aung', kind: 'advocate', licence: 'AD-2211', contact },
    checks: [
      ...['principal-is-the-holder', 'signed-and-dated', 'in-force', 'covers-this-case'],
      ...['licence-found-in-the-list', 'customer-confirmed-it', 'not-the-other-side'],
    ],
    untilAt: house.time + 180 * 86_400_000,
    deed: Buffer.from('%PDF-1.7 the power of attorney').toString('base64'),
    says: 'Called back at the number of record.',
  }
}

function ownQueue(): { jobs: Jobs; run(now: number): Promise<void> } {
  const tasks = new Map<string, (payload: JobPayload) => Promise<void>>()
  let waiting: { task: string; payload: JobPayload; runAt: number }[] = []
  return {
    jobs: {
      async enqueue(_trx, task, payload, options) {
        waiting.push({ task, payload, runAt: options?.runAt ?? 0 })
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
