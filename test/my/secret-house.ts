import type { TestContext } from 'node:test'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import type { E164 } from '../../src/calls/call-record.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { readFrames } from '../../src/calls/lawful-frame.ts'
import type { Subscriber } from '../../src/customers/customers.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import type { Epochs } from '../../src/ledger/subjects/epochs.ts'
import { addEpochRoutes } from '../../src/ledger/subjects/routes.ts'
import { freePort } from '../../src/platform/free-port.ts'
import type { Jobs } from '../../src/platform/jobs.ts'
import type { Language } from '../../src/platform/words.ts'
import { createPublicReports } from '../../src/transparency/reports.ts'
import { addTransparencyRoutes } from '../../src/transparency/routes.ts'
import { codeIn, openLook, PIN, WRITTEN } from '../care/open-care.ts'
import { MM_FILE } from '../lawful/cases.ts'
import {
  AUGUST,
  bothKeys,
  type Crew,
  check,
  DAY_S,
  ok,
  openLawful,
  passed,
  registerKey,
  scopeOf,
  type TestLawful,
} from '../lawful/open-lawful.ts'
import { addHerPage } from './her-page.ts'
import { type Visitor, visit } from './house.ts'

export const OPERATOR = { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' }
export const NEIGHBOUR_WRITTEN = '09 791 204 413'
const NEIGHBOUR = '+959791204413' as E164

/** Her page, the care desk, the lawful desk and the public report on one server; a look at her calls, and a neighbour. */
export interface SecretHouse {
  /** Where it listens. */
  readonly url: string
  readonly open: TestLawful
  readonly epochs: Epochs
  readonly crew: Crew
  readonly look: string
  readonly neighbour: Subscriber
  signIn(language: Language, number?: string): Promise<Visitor>
}

/** Opens it. */
export async function openSecretHouse(t: TestContext): Promise<SecretHouse> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const open = await openLawful(t, { publicUrl: url })
  const { epochs } = await addHerPage(t, open, url)
  addLedgerRoutes(open.app, { ledger: open.ledger })
  addEpochRoutes(open.app, { epochs, pool: open.database.pool, sealer: open.keys.sealer })
  const reports = createPublicReports({
    ...{ db: open.database.db, ledger: open.ledger, clock: open.parties.clock },
    ...{ jobs: { every: () => {} } as unknown as Jobs, customers: { count: async () => 2 } },
    operatorName: OPERATOR.en,
  })
  const frames = readFrames(readJurisdiction(MM_FILE).lawful)
  addTransparencyRoutes(open.app, { reports, frames, operatorName: OPERATOR, smallCounts: 'exact' })
  const crew = await open.crew()
  await registerKey(open, crew, await identityToRecipient(await generateIdentity()))
  const neighbour = await open.register({
    number: NEIGHBOUR,
    name: { my: 'ဦးသန့်ဇင်', latn: 'Thant Zin', honorific: 'U' },
  })
  const thiri = await open.hire(['champion'])
  const { grant } = await openLook(open, thiri)
  await ok(open, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(open, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  await open.app.listen({ port, host: 'localhost' })
  return {
    ...{ url, open, epochs, crew, neighbour, look: grant },
    async signIn(language, number = WRITTEN) {
      // So many codes go to one number in a while.
      open.time += 10 * 60_000
      const visitor = visit(open.app)
      await visitor.post('/my/sign-in', { number, language })
      await visitor.post('/my/code', { code: codeIn(open.texts), language })
      await visitor.get('/my')
      await visitor.post('/my/prove', { secret: PIN, to: 'bill' })
      await visitor.post('/my/language', { language })
      return visitor
    },
  }
}

/** A request under secrecy for nine days of this number, all the way through both counters to its release. */
export async function deliverInSecret(
  { open, crew }: SecretHouse,
  value: string,
  requestNumber: string,
): Promise<void> {
  const from = AUGUST + 12 * DAY_S
  const identifiers = [{ type: 'msisdn', value, role: 'victim', from, until: from + 9 * DAY_S }] as const
  const id = await passed(open, crew, { requestNumber, identifiers })
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/counts`, { scope: scopeOf(view) })
  await bothKeys(open, crew, id, scopeOf(view))
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
  await open.lawful.sweep()
  await open.ledger.sequence()
}
