import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { OPERATOR_NAME } from '../../demo/operator.ts'
import { createReports, type Reports } from '../../src/customers/reports.ts'
import { createCustomerSessions } from '../../src/customers/sessions.ts'
import { createCustomerCases } from '../../src/incident/customer-cases.ts'
import { createRepresentativeDoor } from '../../src/incident/representative-door.ts'
import { createEpochs, type Epochs } from '../../src/ledger/subjects/epochs.ts'
import { addMyRoutes } from '../../src/my/routes.ts'
import type { JobPayload, Jobs } from '../../src/platform/jobs.ts'
import type { Subject } from '../../src/vault/subject.ts'
import type { TestCare } from '../care/open-care.ts'

/** Adds the customer's page to the server of a care desk; sign-in codes are sent at once. */
export async function addHerPage(
  t: TestContext,
  care: TestCare,
  url: string,
): Promise<{ reports: Reports; epochs: Epochs }> {
  const { database, ledger, keys, notifications, parties, customers, vault, plan, room } = care
  const waiting: { task: string; payload: JobPayload }[] = []
  const tasks = new Map<string, (payload: JobPayload) => Promise<void>>()
  const jobs: Jobs = {
    enqueue: async (_trx, task, payload) => void waiting.push({ task, payload }),
    handle: (task, does) => void tasks.set(task, does),
    every: () => {},
    start: async () => {},
    stop: async () => {},
  }
  const sent = async (signIn: string): Promise<string> => {
    for (const { task, payload } of waiting.splice(0)) await tasks.get(task)?.(payload)
    return signIn
  }
  const { clock } = parties
  const base = {
    ...{ db: database.db, ledger, keys, clock, random: randomBytes, notifications, customers, jobs },
    ...{ publicUrl: url, operator: 'Ayeyar Mobile', operatorWords: OPERATOR_NAME },
    ...{
      staff: { duty: room.duty },
      plan,
      mailer: null,
      texts: { send: async () => {} },
      offsetMinutes: 390,
    },
  }
  const reports = createReports({ ...base, duty: room.duty })
  const sessions = createCustomerSessions(base)
  const epochs = await createEpochs({
    ...{ pool: database.pool, keys, clock, ledger, origin: 'test.example/subjects' },
    holders: (subject) => customers.holders(database.db, subject as Subject),
  })
  t.after(() => epochs.close())
  await addMyRoutes(care.app, {
    ...base,
    epochs,
    reports,
    sessions: { ...sessions, start: async (number) => sent(await sessions.start(number)) },
    vault,
    care: care.care,
    customerCases: createCustomerCases({ ...base, reports }),
    representatives: createRepresentativeDoor(base),
    money: { en: 'Ks', my: 'ကျပ်' },
    billPeriods: 3,
    categories: {},
    operatorName: 'Ayeyar Mobile',
  })
  return { reports, epochs }
}
