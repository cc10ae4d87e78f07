import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { DemoRooms } from '../../demo/demo-rooms.ts'
import { readDemoPlan } from '../../demo/operator.ts'
import { createPast, type Past } from '../../demo/past.ts'
import { beginningOf } from '../../demo/seed.ts'
import { DEMO_ACTOR } from '../../demo/seed-staff.ts'
import { readColumnMap } from '../../src/calls/formats/column-map.ts'
import { readDelimitedBatches } from '../../src/calls/formats/delimited.ts'
import { readFrames } from '../../src/calls/lawful-frame.ts'
import { parseNumber } from '../../src/calls/numbers.ts'
import { type CareDesk, createCareDesk } from '../../src/care/desk.ts'
import { type Customers, createCustomers } from '../../src/customers/customers.ts'
import { putArticles } from '../../src/find/articles.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import { createLawfulDesk } from '../../src/lawful/desk.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { createLog } from '../../src/platform/log.ts'
import { createNotifications } from '../../src/platform/notifications.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { createStaffRoom, type StaffRoom } from '../../src/staff/room.ts'
import { createPublicReports } from '../../src/transparency/reports.ts'
import { ingestFiles } from '../../src/vault/ingest.ts'
import { createVault } from '../../src/vault/vault.ts'
import { openTestDatabase } from '../support/database.ts'

/** The real rooms on a real database, in the demo's past; and those of them that a test wants to ask. */
export interface OpenRooms {
  readonly rooms: DemoRooms
  readonly past: Past
  readonly care: CareDesk
  readonly customers: Customers
  readonly staff: StaffRoom
}

const PASSPHRASE = 'a passphrase for tests only'
const MAP = new URL('../../maps/ayeyar-mobile.json', import.meta.url)

/** Opens them at the beginning of the past that ends at `now` (epoch ms). */
export async function openRooms(t: TestContext, seed: string, now: number): Promise<OpenRooms> {
  const database = await openTestDatabase(t)
  const directory = mkdtempSync(join(tmpdir(), 'countersign-demo-test-'))
  await initKeys(join(directory, 'keys'), PASSPHRASE)
  const keys = await openKeys(join(directory, 'keys'), PASSPHRASE)
  const past = createPast(beginningOf(now, seed))
  const { clock } = past
  const log = createLog({ level: 'silent', clock })
  const notifications = createNotifications({ url: database.url, log })
  await notifications.ready()
  const { plan, jurisdiction } = readDemoPlan()
  const { offsetMinutes } = jurisdiction
  const named = {
    publicUrl: 'http://localhost:8080',
    operatorName: 'Ayeyar Mobile',
    operator: 'Ayeyar Mobile',
  }
  const base = {
    ...database,
    ...named,
    keys,
    clock,
    random: randomBytes,
    log,
    notifications,
    jobs: past.jobs,
  }
  const ledger = await createLedger({ ...base, origin: 'demo.example/log' })
  const vault = createVault({ ...base, offsetMinutes })
  const staff = createStaffRoom({
    ...base,
    ledger,
    parseNumber: (text) => parseNumber(text, plan),
    demo: true,
  })
  const customers = createCustomers({ ...base, ledger, vault, sms: past.texts })
  const care = createCareDesk({
    ...base,
    ledger,
    vault,
    customers,
    staff,
    telephony: past.telephony,
    mailer: null,
    plan,
    offsetMinutes,
    money: jurisdiction.currency.label,
    billPeriods: jurisdiction.retention.careBillPeriods,
    categories: {},
  })
  t.after(async () => {
    care.close()
    staff.close()
    await notifications.close()
    await ledger.close()
    keys.close()
    rmSync(directory, { recursive: true })
  })
  const rooms: DemoRooms = {
    db: database.db,
    ledger,
    staff,
    customers,
    care: demoCareOf(care),
    lawful: createLawfulDesk({
      ...base,
      ledger,
      vault,
      customers,
      staff,
      plan,
      offsetMinutes,
      storeMonths: () => jurisdiction.retention.storeMonths,
      frames: readFrames(jurisdiction.lawful),
      operatorWords: { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' },
    }),
    publicReports: createPublicReports({ ...base, ledger, customers }),
    fileCalls: ({ files }) =>
      ingestFiles(
        { ...base, clock: { now: () => now }, offsetMinutes },
        {
          files,
          read: readDelimitedBatches(readColumnMap(MAP), { plan, now }),
          servedByUs: (number) => number.startsWith('+95979'),
        },
      ),
    saveArticles: (articles) => putArticles({ db: database.db, ledger, clock }, DEMO_ACTOR, articles),
  }
  return { rooms, past, care, customers, staff }
}

function demoCareOf(care: CareDesk): DemoRooms['care'] {
  return {
    ...care,
    openContact: async (staff, ask) => {
      const contact = await care.openContact(staff, ask)
      return isRefusal(contact) ? contact : { contact: contact.id }
    },
    answerFactor: (staff, contact, factor, secret) => care.answerFactor(staff, contact, factor, { secret }),
    askForLook: async (staff, contact, ask) => {
      const loaded = await care.askForLook(staff, contact, ask)
      return isRefusal(loaded) ? loaded : { look: loaded.look.id }
    },
    sendStatement: (staff, look, language) => care.sendStatement(staff, look, { language, channel: 'text' }),
  }
}
