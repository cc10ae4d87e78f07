import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createIncidents } from '../../src/incident/book.ts'
import { createIncidentDesk, type IncidentDesk } from '../../src/incident/desk.ts'
import { createEmploymentDesk } from '../../src/incident/employment.ts'
import { addEmploymentRoutes } from '../../src/incident/employment-routes.ts'
import { addIncidentRoutes } from '../../src/incident/routes.ts'
import { createGivenPackages } from '../../src/lawful/given.ts'
import { createTraceDesk, type TraceDesk } from '../../src/trace/desk.ts'
import { addTraceRoutes } from '../../src/trace/routes.ts'
import type { Hired } from '../staff/open-room.ts'
import { openWatch, type TestWatch } from '../watch/open-watch.ts'

const MM = new URL('../../jurisdictions/mm.json', import.meta.url)

export interface TestIncident extends TestWatch {
  readonly incidents: IncidentDesk
  readonly trace: TraceDesk
}

/** The incident room above the trace, watch and care desks, all real, over one database and ledger. */
export async function openIncidents(t: TestContext): Promise<TestIncident> {
  const house = await openWatch(t)
  const { parties, keys, room, customers, vault, reports, plan, notifications } = house
  const { db } = house.database
  const { breach, offsetMinutes } = readJurisdiction(MM)
  const incidents = createIncidentDesk({
    ...{ db, ledger: house.ledger, keys, clock: parties.clock, random: randomBytes, notifications },
    ...{ customers, reports, watch: house.desk, staff: room, plan, breach, offsetMinutes },
  })
  const trace = createTraceDesk({
    ...parties,
    ...{ keys, vault, customers, plan, offsetMinutes },
    policy: room.policy,
    circle: room.circle,
    incidents: createIncidents({ db, keys }),
    packages: createGivenPackages({ db, keys }),
    jobs: { every: () => {} },
  })
  addTraceRoutes(house.app, trace)
  addIncidentRoutes(house.app, incidents)
  addEmploymentRoutes(
    house.app,
    createEmploymentDesk({
      ...{ db, ledger: house.ledger, keys, clock: parties.clock, staff: room, notifications },
    }),
  )
  return Object.assign(house, { incidents, trace })
}

/** Who works on a case. */
export async function crewOf(
  house: TestIncident,
): Promise<{ privacy: Hired; investigator: Hired; counsel: Hired }> {
  return {
    privacy: await house.hire(['privacy-officer'], { name: 'Su Su', office: 'yangon', team: 'privacy' }),
    investigator: await house.hire(['investigator'], { name: 'May Thu', office: 'yangon', team: 'privacy' }),
    counsel: await house.hire(['counsel'], { name: 'Ko Ko Aung', office: 'yangon', team: 'law' }),
  }
}
