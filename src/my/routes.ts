import { CARE_PROBLEMS } from '../care/problems.ts'
import { CUSTOMER_PROBLEMS } from '../customers/problems.ts'
import { PEOPLE_PROBLEMS } from '../incident/people-routes.ts'
import type { App } from '../platform/http/app.ts'
import { addAssetRoutes, buildMyAssets } from './assets.ts'
import { addCaseRoutes } from './case-routes.ts'
import { addCompleteRoutes, COMPLETE_PROBLEMS } from './complete-routes.ts'
import { addKeyRoutes } from './key-routes.ts'
import { addLookRoutes } from './look-routes.ts'
import { addProtectionRoutes } from './protection-routes.ts'
import { addRecordRoutes } from './record-routes.ts'
import { addRepresentativeRoutes } from './representative-routes.ts'
import { createMyRoom, type MyParties } from './room.ts'
import { addSignInRoutes } from './sign-in-routes.ts'

/** Adds the customer's own page at `/my`, with the script and the fonts it loads. */
export async function addMyRoutes(app: App, parties: MyParties): Promise<void> {
  const assets = await buildMyAssets()
  const room = createMyRoom(parties, assets)
  app.addProblems(CUSTOMER_PROBLEMS)
  app.addProblems(PEOPLE_PROBLEMS)
  app.addProblems(CARE_PROBLEMS)
  app.addProblems(COMPLETE_PROBLEMS)
  app.setGuards({ customer: parties.sessions.guard, representative: parties.representatives.guard })
  addAssetRoutes(app, assets)
  addSignInRoutes(app, room)
  addLookRoutes(app, room)
  addCompleteRoutes(app, room)
  addCaseRoutes(app, room)
  addRecordRoutes(app, room)
  addProtectionRoutes(app, room)
  addKeyRoutes(app, room)
  addRepresentativeRoutes(app, room)
}
