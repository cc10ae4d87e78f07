import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { openRendering } from '../../src/care/disclose.ts'
import { addCourtRoutes, type Court, createCourt } from '../../src/incident/court.ts'
import { countOpened } from '../../src/incident/store.ts'
import { countReceived } from '../../src/lawful/store.ts'
import { buildVerifyPage } from '../../src/ledger/evidence/build-page.ts'
import { addStatementsPage } from '../../src/transparency/statements-routes.ts'
import { ok, WRITTEN } from '../care/open-care.ts'
import type { Hired } from '../staff/open-room.ts'
import { crewOf, openIncidents, type TestIncident } from './open-incident.ts'

export interface TestCourt extends TestIncident {
  readonly court: Court
}

export const says = 'As it stands in the file of the case.'

/** The incident room with the desks of what leaves a case, and the public page. */
export async function openCourt(t: TestContext): Promise<TestCourt> {
  return withCourt(await openIncidents(t))
}

/** Opens the same three desks over an incident room that is open already. */
export function withCourt<T extends TestIncident>(house: T): T & { readonly court: Court } {
  const { parties, keys, database, ledger, customers, plan, room } = house
  const { db, pool } = database
  const { offsetMinutes } = readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url))
  const court = createCourt({
    ...{ db, ledger, keys, clock: parties.clock, random: randomBytes, customers, staff: room, plan },
    offsetMinutes,
    evidence: {
      ...{ pool, ledger, sealer: keys.sealer, clock: parties.clock },
      openShown: (entry) => openRendering({ db, keys }, entry),
      page: async () => (await buildVerifyPage()).html,
    },
    count: (on, { what, since, until }) =>
      what === 'incidents' ? countOpened(on, since, until) : countReceived(on, since, until),
  })
  addCourtRoutes(house.app, court)
  const operatorName = { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' }
  addStatementsPage(house.app, { statements: court.statements, operatorName, offsetMinutes })
  return Object.assign(house, { court })
}

/** A confirmed case against `about`, and who works on it; a second privacy officer besides. */
export async function confirmedCase(house: TestCourt, about: Hired) {
  const crew = await crewOf(house)
  const second = await house.hire(['privacy-officer'], { name: 'Hnin', office: 'yangon', team: 'privacy' })
  const { id, serial } = await ok(house, crew.privacy, 'POST', '/api/incidents', {
    ...{ origin: 'list-holder', title: 'A list of August calls left' },
    ...{ says: 'A lawyer brought a list.', number: WRITTEN },
  })
  const act = (who: Hired, body: object) => ok(house, who, 'POST', `/api/incidents/${id}/steps`, body)
  await act(crew.privacy, { do: 'name', deskName: about.deskName, ground: says })
  await act(crew.privacy, { do: 'triage', says })
  await act(crew.privacy, { do: 'determine', finding: 'breach', says })
  const { state } = await act(crew.investigator, { do: 'determine', finding: 'breach', says })
  assert.equal(state, 'confirmed')
  return { ...crew, second, id: id as string, serial: serial as string }
}

/** A refusal's code. */
export async function refusal(house: TestCourt, who: Hired, url: string, body: object): Promise<string> {
  const answer = await house.ask(who, 'POST', url, body)
  assert.ok(answer.status >= 400, `${url} was allowed`)
  return answer.body.code as string
}
