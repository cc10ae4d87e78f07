import { fileURLToPath } from 'node:url'
import type { DemoCare, DemoRooms } from '../demo/demo-rooms.ts'
import { readColumnMap } from './calls/formats/column-map.ts'
import { fileRecords } from './file-records.ts'
import { putArticles } from './find/articles.ts'
import { systemClock } from './platform/clock.ts'
import { isRefusal } from './platform/refusal.ts'
import type { Rooms } from './rooms.ts'

const MAP = fileURLToPath(new URL('../maps/ayeyar-mobile.json', import.meta.url))

/** The real rooms, as the demo's generator asks for them. */
export function demoRoomsOf(rooms: Rooms): DemoRooms {
  const { db } = rooms.world.database
  return {
    db,
    ledger: rooms.ledger,
    staff: rooms.staff,
    customers: rooms.customers,
    care: demoCareOf(rooms),
    lawful: rooms.lawful,
    publicReports: rooms.publicReports,
    // The files tell of days that the turned clock has not reached yet.
    fileCalls: ({ files, progress }) =>
      fileRecords(rooms, { map: readColumnMap(MAP) }, files, {
        clock: systemClock,
        progress: (done) => progress(done),
      }),
    saveArticles: (articles) =>
      putArticles({ db, ledger: rooms.ledger, clock: rooms.world.clock }, { system: 'demo' }, articles),
  }
}

function demoCareOf({ care }: Rooms): DemoCare {
  return {
    openContact: async (staff, ask) => {
      const contact = await care.openContact(staff, ask)
      return isRefusal(contact) ? contact : { contact: contact.id }
    },
    startFactor: care.startFactor,
    answerFactor: async (staff, contact, factor, secret) => {
      const answered = await care.answerFactor(staff, contact, factor, { secret })
      return isRefusal(answered) ? answered : { passed: answered.passed }
    },
    askForLook: async (staff, contact, ask) => {
      const loaded = await care.askForLook(staff, contact, ask)
      return isRefusal(loaded) ? loaded : { look: loaded.look.id }
    },
    openBill: care.openBill,
    openRows: async (staff, look, page) => {
      const rows = await care.openRows(staff, look, page)
      return isRefusal(rows) ? rows : { pages: rows.pages }
    },
    sendStatement: (staff, look, language) => care.sendStatement(staff, look, { language, channel: 'text' }),
    closeContact: care.closeContact,
  }
}
