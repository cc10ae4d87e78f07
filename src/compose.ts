import { PAGES } from './build-pages.ts'
import { addEventRoute } from './care/event-route.ts'
import { addCareRoutes } from './care/routes.ts'
import { addReportRoutes } from './customers/report-routes.ts'
import { type DemoSurroundings, findDemoPeople } from './demo-instance.ts'
import { addFindRoutes } from './find/routes.ts'
import { addLawfulRoutes } from './lawful/routes.ts'
import { addLedgerRoutes } from './ledger/routes.ts'
import { addMyRoutes } from './my/routes.ts'
import { type App, createApp } from './platform/http/app.ts'
import { serveConsole } from './platform/http/console.ts'
import { addPhoneRoutes } from './platform/sms/phone.ts'
import { placeOf, type Rooms, type ServingLines } from './rooms.ts'
import { OFFICES, ROLE_WORDS } from './staff/staff.ts'

/** Puts the rooms behind HTTP: guards, every room's routes, the demo's phone, the console. */
export async function composeApp(
  rooms: Rooms & { readonly telephony: ServingLines['telephony'] },
  demo: DemoSurroundings | null,
): Promise<App> {
  const { config, log, staff, ledger, operator, world } = rooms
  const app = await createApp({
    log,
    clock: world.clock,
    publicUrl: config.publicUrl,
    operatorName: operator.name.en,
    demo: demo !== null,
    secureCookies: config.secureCookies,
    trustedProxies: config.trustedProxies,
  })
  app.setGuards({ staff: staff.guard })
  app.addHealth('database', async () => {
    await world.database.pool.query('SELECT 1')
    return 'up'
  })
  app.addHealth('ledger', async () => (await ledger.head()).size)
  staff.addRoutes(app)
  addLedgerRoutes(app, { ledger })
  addReportRoutes(app, rooms.reports)
  addCareRoutes(app, rooms.care)
  addEventRoute(app, rooms.notifications)
  // Without a secret of the operator's choice nobody knows the one that is asked for.
  const regulator = config.regulatorSecret ?? Buffer.from(world.random(32))
  app.setGuards({ secrets: { regulator } })
  addLawfulRoutes(app, rooms.lawful)
  addFindRoutes(app, { find: rooms.find, db: world.database.db })
  rooms.telephony.addRoutes(app)
  await addMyRoutes(app, {
    ...rooms,
    db: world.database.db,
    sessions: rooms.customerSessions,
    clock: world.clock,
    ...placeOf(operator),
    operatorName: operator.name.en,
  })
  if (demo !== null) addDemoPhone(app, rooms, demo)
  await serveConsole(app, PAGES)
  return app
}

function addDemoPhone(app: App, rooms: Rooms, demo: DemoSurroundings): void {
  const { staff, operator, config } = rooms
  addPhoneRoutes(app, {
    phones: demo.phones,
    pbx: demo.pbx,
    people: findDemoPeople(),
    desks: async () => (await staff.duty.onCall('champion')).map(deskOf),
    operatorName: operator.name.en,
    publicUrl: config.publicUrl,
    offsetMinutes: operator.jurisdiction.offsetMinutes,
  })
}

function deskOf(colleague: { deskName: string; office: string; name: string }) {
  const office = OFFICES.find(({ id }) => id === colleague.office)?.words ?? {
    en: colleague.office,
    my: colleague.office,
  }
  const role = ROLE_WORDS.champion
  return {
    desk: colleague.deskName,
    says: {
      en: `${colleague.deskName} · ${colleague.name}, ${role.en.toLowerCase()} in ${office.en}`,
      my: `${colleague.deskName} · ${colleague.name}၊ ${office.my} ${role.my}`,
    },
  }
}
