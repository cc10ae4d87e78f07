import { PAGES } from './build-pages.ts'
import { addEventRoute } from './care/event-route.ts'
import { addCareRoutes } from './care/routes.ts'
import { addReportRoutes } from './customers/report-routes.ts'
import { type DemoSurroundings, findDemoPeople } from './demo-instance.ts'
import { addErasureRoutes } from './erasure/routes.ts'
import { addFindRoutes } from './find/routes.ts'
import { addCourtRoutes } from './incident/court.ts'
import { addEmploymentRoutes } from './incident/employment-routes.ts'
import { addEnquiryRoutes } from './incident/enquiries.ts'
import { addPeopleRoutes } from './incident/people-routes.ts'
import { addIncidentRoutes } from './incident/routes.ts'
import { addIntakeRoutes } from './intake/routes.ts'
import type { KeyService } from './keys/key-service.ts'
import { addLawfulRoutes } from './lawful/routes.ts'
import { addEvidenceRoutes } from './ledger/evidence/routes.ts'
import { addLedgerRoutes } from './ledger/routes.ts'
import type { Epochs } from './ledger/subjects/epochs.ts'
import { addEpochRoutes } from './ledger/subjects/routes.ts'
import type { Witnessing } from './ledger/witnessing.ts'
import { addMyRoutes } from './my/routes.ts'
import { addOperatorSystems } from './operator-systems.ts'
import { type App, createApp } from './platform/http/app.ts'
import { serveConsole } from './platform/http/console.ts'
import type { HealthFound } from './platform/http/health.ts'
import { addPhoneRoutes } from './platform/sms/phone.ts'
import { evidenceOf, placeOf, type Rooms, type ServingLines } from './rooms.ts'
import { STRANGERS_SAY } from './schema-watch.ts'
import { OFFICES, ROLE_WORDS } from './staff/staff.ts'
import type { Game } from './steal/house.ts'
import { addStealRoutes } from './steal/routes.ts'
import { addTraceRoutes } from './trace/routes.ts'
import { addTransparencyRoutes } from './transparency/routes.ts'
import { addStatementsPage } from './transparency/statements-routes.ts'
import { addWatchRoutes } from './watch/routes.ts'

/** Puts the rooms behind HTTP: guards, every room's routes, the demo's phone, the console. */
export async function composeApp(
  rooms: Rooms & { readonly telephony: ServingLines['telephony']; readonly epochs: Epochs },
  demo: DemoSurroundings | null,
  game: Game | null = null,
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
  addHealthChecks(app, rooms)
  staff.addRoutes(app)
  addLedgerRoutes(app, { ledger, strangers: async () => (await rooms.schemaWatch.found()).length })
  addEpochRoutes(app, { ...evidenceOf(rooms), epochs: rooms.epochs })
  addEvidenceRoutes(app, evidenceOf(rooms))
  addReportRoutes(app, rooms.reports)
  addCareRoutes(app, rooms.care)
  addEventRoute(app, rooms.notifications)
  addWatchRoutes(app, rooms.watch)
  // Without a secret of the operator's choice nobody knows the one that is asked for.
  const regulator = config.regulatorSecret ?? Buffer.from(world.random(32))
  app.setGuards({ secrets: { regulator } })
  addLawfulRoutes(app, rooms.lawful)
  addTransparencyRoutes(app, {
    reports: rooms.publicReports,
    frames: rooms.lawful.frames,
    operatorName: operator.name,
    smallCounts: config.smallCounts,
  })
  addFindRoutes(app, { find: rooms.find, db: world.database.db })
  addTraceRoutes(app, rooms.trace)
  addIncidentRoutes(app, rooms.incidents)
  addEmploymentRoutes(app, rooms.employments)
  addEnquiryRoutes(app, rooms.enquiries)
  addErasureRoutes(app, rooms.erasure)
  addPeopleRoutes(app, rooms.casePeople)
  addCourtRoutes(app, rooms.court)
  addStatementsPage(app, {
    statements: rooms.court.statements,
    operatorName: operator.name,
    offsetMinutes: operator.jurisdiction.offsetMinutes,
  })
  addIntakeRoutes(app, { intake: rooms.intake, secret: config.intakeSecret })
  rooms.telephony.addRoutes(app)
  addOperatorSystems(app, rooms)
  await addMyRoutes(app, {
    ...rooms,
    db: world.database.db,
    keys: world.keys,
    sessions: rooms.customerSessions,
    clock: world.clock,
    ...placeOf(operator),
    operatorName: operator.name.en,
  })
  if (demo !== null) addDemoPhone(app, rooms, demo)
  if (game !== null) addStealRoutes(app, game)
  await serveConsole(app, PAGES)
  return app
}

/** What `/api/health` asks of: database, ledger, schema, keys and witnesses. */
function addHealthChecks(app: App, { world, ledger, schemaWatch }: Rooms): void {
  app.addHealth('database', async () => {
    await world.database.pool.query('SELECT 1')
    return 'up'
  })
  app.addHealth('ledger', async () => (await ledger.head()).size)
  app.addHealth('schema', async () => {
    const { length } = await schemaWatch.found()
    return length === 0 ? 'ours' : { alarm: `${STRANGERS_SAY}: ask the doctor` }
  })
  app.addHealth('keys', async () => keyHealth(world.keys))
  app.addHealth('witnesses', async () => witnessHealth(ledger.witnessing))
}

/** What health says of the witnesses: a refusal and a late quorum are alarms, and no reason to take a server out. */
function witnessHealth({ alarm, countersigned }: Witnessing): HealthFound {
  const { by, of, size } = countersigned()
  const raised = alarm()
  if (raised === 'refused') return { alarm: 'a witness refuses this log' }
  if (of === 0) return 'none'
  const words = `${by.length} of ${of} up to ${size}`
  return raised === 'late' ? { alarm: `${words}, late` } : words
}

/** What health says of the keys: one that is lost is an alarm, for everything else goes on. */
function keyHealth(keys: KeyService): HealthFound {
  const { months, tweaks } = keys.lost()
  if (months.length === 0 && tweaks === null) return 'all there'
  return {
    alarm: `cannot be had: ${[...months.map((month) => `the key of ${month}`), ...(tweaks === null ? [] : [tweaks])].join(', ')}`,
  }
}

function addDemoPhone(app: App, rooms: Rooms, demo: DemoSurroundings): void {
  const { staff, operator, config } = rooms
  addPhoneRoutes(app, {
    phones: demo.phones,
    pbx: demo.pbx,
    people: findDemoPeople(),
    desks: async () => (await staff.duty.atDesks('champion')).map(deskOf),
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
      en: `${colleague.name}, ${role.en.toLowerCase()} in ${office.en}`,
      my: `${colleague.name}၊ ${office.my} ${role.my}`,
    },
  }
}
