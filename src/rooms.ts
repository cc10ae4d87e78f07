import { readFrames } from './calls/lawful-frame.ts'
import { parseNumber } from './calls/numbers.ts'
import { rateMonths } from './calls/rating.ts'
import { type CareDesk, createCareDesk } from './care/desk.ts'
import { openRendering } from './care/disclose.ts'
import { type Customers, createCustomers } from './customers/customers.ts'
import { createReports, type Reports } from './customers/reports.ts'
import { type CustomerSessions, createCustomerSessions } from './customers/sessions.ts'
import { markDoorsFromBefore } from './doors-from-before.ts'
import { createErasureDesk, type ErasureDesk } from './erasure/desk.ts'
import { createFind, type Find } from './find/find.ts'
import { createIncidents } from './incident/book.ts'
import { type Court, createCourt } from './incident/court.ts'
import { type CustomerCases, createCustomerCases } from './incident/customer-cases.ts'
import { createIncidentDesk, type IncidentDesk } from './incident/desk.ts'
import { createEmploymentDesk, type EmploymentDesk } from './incident/employment.ts'
import { createEnquiryDesk, type EnquiryDesk } from './incident/enquiries.ts'
import { createPeopleDesk, type PeopleDesk } from './incident/people-desk.ts'
import { createRepresentativeDoor, type RepresentativeDoor } from './incident/representative-door.ts'
import { countOpened } from './incident/store.ts'
import type { Intake } from './intake/intake.ts'
import { openIntake } from './intake-room.ts'
import { createLawfulDesk, type LawfulDesk } from './lawful/desk.ts'
import { createGivenPackages } from './lawful/given.ts'
import { countReceived } from './lawful/store.ts'
import { buildVerifyPage } from './ledger/evidence/build-page.ts'
import { createKnownCheckpoint } from './ledger/known-checkpoint.ts'
import { createLedger, type Ledger } from './ledger/ledger.ts'
import { createEpochs, type Epochs } from './ledger/subjects/epochs.ts'
import { epochsOriginOf, knownCheckpointPath, logNameOf } from './ledger-key.ts'
import { type Operator, readOperator } from './operator.ts'
import type { Config, SmscConfig, TelephonyConfig } from './platform/config.ts'
import { createJobs, type Jobs } from './platform/jobs.ts'
import type { Log } from './platform/log.ts'
import { createMailer, type Mailer } from './platform/mail.ts'
import { createNotifications, type Notifications } from './platform/notifications.ts'
import type { SmsSender } from './platform/sms/sender.ts'
import { createSmsRoom } from './platform/sms/smpp-sender.ts'
import { createTelephony, type TelephonyRoom } from './platform/telephony/pbx-telephony.ts'
import type { Telephony } from './platform/telephony/telephony.ts'
import { unwind } from './platform/unwind.ts'
import { createSchemaWatch, type SchemaWatch } from './schema-watch.ts'
import { createStaffRoom, type StaffRoom } from './staff/room.ts'
import { createTraceDesk, type TraceDesk } from './trace/desk.ts'
import { createPublicReports, type Reports as PublicReports } from './transparency/reports.ts'
import { readTrust } from './trust.ts'
import type { Subject } from './vault/subject.ts'
import { createVault, type RateMonths, type Vault } from './vault/vault.ts'
import { addVaultUpkeep, endingMonths, retentionParties, storeMonthsOf } from './vault-upkeep.ts'
import { createWatchDesk, type WatchDesk } from './watch/desk.ts'
import type { World } from './world.ts'

/** Who stands outside and is spoken to: the operator's own systems, or the demo's. */
export interface Outside {
  readonly smsc: SmscConfig
  readonly pbx: TelephonyConfig
}

/** What every command needs of the rooms, the command line's as much as the server's. */
export interface CoreRooms {
  readonly world: World
  readonly config: Config
  readonly log: Log
  readonly operator: Operator
  readonly notifications: Notifications
  readonly ledger: Ledger
  readonly vault: Vault
  readonly staff: StaffRoom
  /** Ends what the rooms hold open; the world stays. */
  close(): Promise<void>
}

/** What leads out of the house, and later: jobs, texts, telephone calls. The demo's past brings its own. */
export interface Lines {
  readonly jobs: Jobs
  readonly texts: SmsSender
  readonly telephony: Telephony
}

/** The lines of a server that runs: a queue in the database, an SMS centre, a telephone exchange. */
export interface ServingLines extends Lines {
  readonly telephony: TelephonyRoom
  close(): Promise<void>
}

/** Every room, put together; what serves, seeds or measures takes what it needs. */
export interface Rooms extends CoreRooms, Lines {
  readonly mailer: Mailer | null
  readonly schemaWatch: SchemaWatch
  readonly customers: Customers
  readonly customerSessions: CustomerSessions
  readonly reports: Reports
  readonly care: CareDesk
  readonly find: Find
  readonly trace: TraceDesk
  readonly intake: Intake
  readonly watch: WatchDesk
  readonly lawful: LawfulDesk
  readonly incidents: IncidentDesk
  readonly employments: EmploymentDesk
  readonly enquiries: EnquiryDesk
  readonly erasure: ErasureDesk
  readonly casePeople: PeopleDesk
  readonly customerCases: CustomerCases
  readonly representatives: RepresentativeDoor
  readonly court: Court
  readonly publicReports: PublicReports
}

/** Opens the rooms that speak to nobody outside. */
export async function createCoreRooms(parts: { world: World; config: Config; log: Log }): Promise<CoreRooms> {
  const { world, config, log } = parts
  const { database, keys, clock, random, instance } = world
  const { db, pool } = database
  const operator = readOperator(instance, config)
  const notifications = createNotifications({ url: database.url, log })
  const base = { db, pool, keys, clock, random, log, notifications }
  const known = createKnownCheckpoint(knownCheckpointPath(instance), () =>
    log.warn({ code: 'checkpoint-not-kept' }, 'the newest checkpoint could not be kept beside the keys'),
  )
  const trust = readTrust(instance)
  const ledger = await createLedger({
    ...base,
    ...logNameOf(instance),
    known,
    ...(trust === undefined ? {} : { trust }),
    onAlarm: () => tellHead({ world, notifications, ledger }),
  })
  const vault = createVault({
    pool,
    keys,
    offsetMinutes: operator.jurisdiction.offsetMinutes,
    ...ratingOf(operator),
  })
  const staff = createStaffRoom({
    ...base,
    ledger,
    publicUrl: config.publicUrl,
    operatorName: operator.name.en,
    parseNumber: (text) => parseNumber(text, operator.plan),
    demo: instance.born === 'demo',
    passkeyDesks: config.directory?.passkeyDesks ?? null,
  })
  await markDoorsFromBefore({ db, ledger, staff, keyDirectory: instance.keyDirectory })
  const close = (): Promise<void> =>
    unwind([() => notifications.close(), () => ledger.close(), () => staff.close()])
  return { world, config, log, operator, notifications, ledger, vault, staff, close }
}

/** The operator's price list as the vault asks for it; nothing where there is none. */
function ratingOf({ tariffs, plan, jurisdiction }: Operator): { rate?: RateMonths } {
  if (tariffs === null) return {}
  const { offsetMinutes } = jurisdiction
  const { currency } = tariffs
  return {
    rate: (records) =>
      rateMonths(records, tariffs, { plan, offsetMinutes }).map((rated) => rated && { ...rated, currency }),
  }
}

/** Open screens read the ledger's head again. */
async function tellHead({
  world,
  notifications,
  ledger,
}: Pick<CoreRooms, 'world' | 'notifications' | 'ledger'>): Promise<void> {
  await notifications.publish(world.database.db, 'ledger-head', { size: (await ledger.head()).size })
}

/** Opens the second log, of epochs: what makes a customer's list of looks provably whole. */
export async function openEpochs(core: CoreRooms, parts: Pick<Rooms, 'customers'>): Promise<Epochs> {
  const { world, ledger, log, config } = core
  const { pool, db } = world.database
  return createEpochs({
    onAlarm: () => tellHead(core),
    ...{ pool, keys: world.keys, clock: world.clock, ledger, log },
    origin: epochsOriginOf(world.instance),
    holders: (subject) => parts.customers.holders(db, subject as Subject),
    everySeconds: config.epochSeconds,
  })
}

/** Opens the lines of a server. Nothing works off jobs until `lines.jobs.start()`. */
export function openLines(core: CoreRooms, outside: Outside): ServingLines {
  const { world, log, notifications } = core
  const { db, pool } = world.database
  const { keys, clock, random } = world
  const jobs = createJobs({ pool, log })
  const base = { db, clock, random, log, notifications, jobs, sealer: keys.sealer }
  const sms = createSmsRoom({ ...base, smsc: outside.smsc })
  const lookupKey = keys.prfKey('telephony-lookup')
  const telephony = createTelephony({ ...base, lookupKey, pbx: outside.pbx })
  const close = (): Promise<void> => unwind([() => sms.close(), () => jobs.stop()])
  return { jobs, texts: sms.sender, telephony, close }
}

/** What the operator's country and price list say, as desks and pages need it. */
export function placeOf({ plan, categories, jurisdiction }: Operator) {
  const { offsetMinutes, currency, retention } = jurisdiction
  return { plan, categories, offsetMinutes, money: currency.label, billPeriods: retention.careBillPeriods }
}

/** Opens the trace desk, for a server or for a single command. */
export function createTraceRoom(core: CoreRooms, parts: { customers: Customers; jobs: Jobs }): TraceDesk {
  const { world, operator, ledger, vault, staff } = core
  const { keys, clock, random, database } = world
  return createTraceDesk({
    ...parts,
    db: database.db,
    keys,
    clock,
    random,
    ledger,
    vault,
    policy: staff.policy,
    incidents: createIncidents({ db: database.db, keys }),
    packages: createGivenPackages({ db: database.db, keys }),
    circle: staff.circle,
    ...placeOf(operator),
  })
}

/** Opens the officers' desk that erases logs, for a server or for a single command. */
export function createErasureRoom(core: CoreRooms): ErasureDesk {
  const { world, operator } = core
  return createErasureDesk({ ...retentionParties(core), random: world.random, plan: operator.plan })
}

/** Opens the incident room above customers' reports and the watch. */
function createIncidentRoom(
  core: CoreRooms,
  parts: { customers: Customers; reports: Reports; watch: WatchDesk },
): IncidentDesk {
  const { world, operator, ledger, staff, notifications } = core
  const { keys, clock, random, database } = world
  return createIncidentDesk({
    ...parts,
    ...{ db: database.db, keys, clock, random, ledger, staff, notifications },
    ...placeOf(operator),
    breach: operator.jurisdiction.breach,
  })
}

/** Opens what the incident room has for people: its officers' letters, the customer, and whoever speaks for her. */
function createCasePeople(
  core: CoreRooms,
  parts: Lines & { customers: Customers; reports: Reports; watch: WatchDesk; mailer: Mailer | null },
): Pick<Rooms, 'casePeople' | 'customerCases' | 'representatives' | 'enquiries'> {
  const { world, operator, ledger, staff, notifications, config } = core
  const { keys, clock, random, database } = world
  const parties = {
    ...parts,
    ...{ db: database.db, keys, clock, random, ledger, staff, notifications },
    ...placeOf(operator),
    breach: operator.jurisdiction.breach,
    publicUrl: config.publicUrl,
    operatorWords: operator.name,
  }
  return {
    casePeople: createPeopleDesk(parties),
    customerCases: createCustomerCases(parties),
    representatives: createRepresentativeDoor(parties),
    enquiries: createEnquiryDesk(parties),
  }
}

/** What bundles of evidence are made of, but for the page that checks them. */
export function evidenceOf({ world, ledger }: Pick<CoreRooms, 'world' | 'ledger'>) {
  const { database, keys, clock } = world
  const { db, pool } = database
  const openShown = (entry: string) => openRendering({ db, keys }, entry)
  return { pool, ledger, sealer: keys.sealer, clock, openShown }
}

/** Opens the desks of what leaves a case. */
function createCourtRoom(core: CoreRooms, customers: Customers): Court {
  const { world, operator, ledger, staff } = core
  const { keys, clock, random, database } = world
  const page = async () => (await buildVerifyPage()).html
  return createCourt({
    ...{ db: database.db, keys, clock, random, ledger, staff, customers },
    ...placeOf(operator),
    evidence: { ...evidenceOf(core), page },
    count: (on, { what, since, until }) =>
      what === 'incidents' ? countOpened(on, since, until) : countReceived(on, since, until),
  })
}

/** Opens the desk where administrators say what becomes of those a case is about. */
function createEmploymentRoom({ world, ledger, staff, notifications }: CoreRooms): EmploymentDesk {
  const { keys, clock, database } = world
  return createEmploymentDesk({ db: database.db, ledger, keys, clock, staff, notifications })
}

/** Opens the desks of a case: its officers', what it says to whom, and what leaves it. */
function createCaseRooms(core: CoreRooms, parts: Parameters<typeof createCasePeople>[1]) {
  return {
    incidents: createIncidentRoom(core, parts),
    ...createCasePeople(core, parts),
    court: createCourtRoom(core, parts.customers),
    employments: createEmploymentRoom(core),
  }
}

/** What the rules in force say, as desks ask at every moment. */
function rulesOf(core: CoreRooms) {
  const rules = () => core.staff.verification.latest().rules
  const storeMonths = () => storeMonthsOf(core, rules().retention.storeMonths)
  return { rules, storeMonths, monthsEnding: endingMonths(core) }
}

/** What looks after the database; each server has its own. */
function openSchemaWatch(core: CoreRooms, mailer: Mailer | null): SchemaWatch {
  const { world, config, log, operator, notifications, ledger, staff } = core
  const { keys, clock, database } = world
  return createSchemaWatch({
    ...{ db: database.db, pool: database.pool, keys, clock, log, ledger, notifications, staff, mailer },
    ...{ alarmTo: config.alarmTo, operatorName: operator.name.en },
  })
}

/** Puts the desks on top of the core; they register their jobs with the lines. */
export function createRooms(core: CoreRooms, lines: Lines): Rooms {
  const { world, config, log, operator, notifications, ledger, vault, staff } = core
  const { keys, clock, random, database } = world
  const { jobs, texts, telephony } = lines
  const named = { publicUrl: config.publicUrl, operator: operator.name.en, ...rulesOf(core) }
  const base = { db: database.db, keys, clock, random, log, notifications, jobs, ledger, vault, ...named }
  const customers = createCustomers({ ...base, sms: texts })
  const customerSessions = createCustomerSessions({ ...base, customers })
  const reports = createReports({ ...base, customers, duty: staff.duty })
  const mailer = createMailer(config.mail)
  const care = createCareDesk({
    ...base,
    customers,
    staff,
    ...{ telephony, mailer },
    ...placeOf(operator),
    operatorName: operator.name.en,
  })
  const find = createFind({
    ...base,
    policy: staff.policy,
    parseNumber: (text) => parseNumber(text, operator.plan),
    contacts: { findContacts: (asking, { text }) => care.find(asking, text) },
  })
  const trace = createTraceRoom(core, { customers, jobs })
  const intake = openIntake(core)
  addVaultUpkeep(core, lines)
  const schemaWatch = openSchemaWatch(core, mailer)
  const watch = createWatchDesk({
    ...base,
    pool: database.pool,
    staff,
    offsetMinutes: operator.jurisdiction.offsetMinutes,
  })
  const lawful = createLawfulDesk({
    ...base,
    customers,
    staff,
    ...placeOf(operator),
    frames: readFrames(operator.jurisdiction.lawful),
    operatorName: operator.name.en,
    operatorWords: operator.name,
  })
  const cases = createCaseRooms(core, { ...lines, customers, reports, watch, mailer })
  const publicReports = createPublicReports({ ...base, customers, operatorName: operator.name.en })
  const close = (): Promise<void> =>
    unwind([
      () => core.close(),
      () => mailer?.close(),
      () => schemaWatch.close(),
      () => care.close(),
      () => watch.close(),
      () => intake.stop(),
    ])
  const desks = {
    customers,
    customerSessions,
    reports,
    care,
    find,
    trace,
    intake,
    watch,
    lawful,
    erasure: createErasureRoom(core),
    ...cases,
    publicReports,
  }
  return { ...core, jobs, texts, telephony, mailer, schemaWatch, ...desks, close }
}
