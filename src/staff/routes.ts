import type { App } from '../platform/http/app.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addPeopleRoutes } from './people-routes.ts'
import { STAFF_PROBLEMS } from './problems.ts'
import type { StaffParties, StaffRoom } from './room.ts'
import { addRuleRoutes } from './rule-routes.ts'
import { addSelfRoutes } from './self-routes.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addStoppingRoutes } from './stopping-routes.ts'

/** Adds every route of the staff room, and the HTTP statuses of its refusals. */
export function addStaffRoutes(app: App, room: StaffRoom, parties: StaffParties): void {
  app.addProblems(STAFF_PROBLEMS)
  addSessionRoutes(app, room, parties)
  addPeopleRoutes(app, room, parties)
  addStoppingRoutes(app, room)
  addDeviceRoutes(app, room)
  addSelfRoutes(app, room)
  addRuleRoutes(app, room)
}
