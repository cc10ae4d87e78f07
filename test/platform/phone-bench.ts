import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { type App, createApp } from '../../src/platform/http/app.ts'
import { createJobs } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import { createNotifications } from '../../src/platform/notifications.ts'
import { createDemoPhones, type DemoPhones, type PhonePerson } from '../../src/platform/sms/demo-phones.ts'
import { addPhoneRoutes } from '../../src/platform/sms/phone.ts'
import { createTelephony, type TelephonyRoom } from '../../src/platform/telephony/pbx-telephony.ts'
import { type SimulatedPbx, startSimulatedPbx } from '../../src/platform/telephony/simulated.ts'
import { openTestDatabase } from '../support/database.ts'
import { createGcmSealer } from './gcm-sealer.ts'

/** A customer of the demo, and one whose name would break a page that does not escape. */
export const KHIN: PhonePerson = {
  number: '+959791204412',
  shown: '09 791 204 412',
  name: { en: 'Daw Khin Mar Lwin', my: 'ဒေါ်ခင်မာလွင်' },
  language: 'my',
}
export const THIN: PhonePerson = {
  number: '+959250000001',
  shown: '09 250 000 001',
  name: { en: 'U Thin <b>', my: 'ဦးသင်း' },
  language: 'en',
}

export interface PhoneBench {
  app: App
  address: string
  phones: DemoPhones
  pbx: SimulatedPbx
  telephony: TelephonyRoom
  rows(): Promise<string>
  /** Asks the telephony system to ring KHIN's phone for desk M-17. */
  callBack(ref: string): Promise<void>
}

/** A server with the phone's pages and a simulated telephony system that really call each other. */
export async function openPhoneBench(t: TestContext): Promise<PhoneBench> {
  const closing: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closing.reverse()) await close()
  })
  const { db, pool, url } = await openTestDatabase(t)
  const log = createLog({ level: 'silent', clock: systemClock })
  const sealer = createGcmSealer()
  const secret = randomBytes(32)
  let address = ''
  const clock = systemClock
  const eventsUrl = () => `${address}/telephony/events`
  const pbx = await startSimulatedPbx({ port: 0, secret, clock, random: randomBytes, eventsUrl })
  closing.push(pbx.close)
  const notifications = createNotifications({ url, log })
  closing.push(notifications.close)
  const jobs = createJobs({ pool, log })
  const lookupKey = randomBytes(32)
  const pbxConfig = { url: pbx.url, secret }
  const telephony = createTelephony({
    db,
    jobs,
    sealer,
    lookupKey,
    notifications,
    clock,
    log,
    pbx: pbxConfig,
  })
  const phones = createDemoPhones({ db, sealer, phoneKey: randomBytes(32) })
  const publicUrl = 'http://localhost:8080'
  const app = await createApp({
    log,
    clock,
    publicUrl,
    operatorName: 'Ayeyar',
    demo: true,
    secureCookies: false,
  })
  telephony.addRoutes(app)
  addPhoneRoutes(app, {
    phones,
    pbx,
    people: async (search) =>
      [KHIN, THIN].filter((person) => `${person.number}${person.name.en}`.includes(search)),
    desks: async () => [{ desk: 'M-17', says: { en: 'Thiri, Mandalay', my: 'သီရိ၊ မန္တလေး' } }],
    operatorName: 'Ayeyar Mobile',
    publicUrl,
    offsetMinutes: 390,
  })
  await jobs.start()
  closing.push(jobs.stop)
  address = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(async () => app.close())
  return {
    app,
    address,
    phones,
    pbx,
    telephony,
    callBack: (ref) =>
      db.transaction().execute((trx) => telephony.callBack(trx, { number: KHIN.number, desk: 'M-17', ref })),
    rows: async () =>
      JSON.stringify(
        (
          await pool.query(
            'SELECT t::text AS row FROM platform.demo_text t UNION ALL SELECT p::text FROM platform.demo_phone p',
          )
        ).rows,
      ),
  }
}
