import { commitWith } from '../ledger/commit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { Notifications } from '../platform/notifications.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Duty } from '../staff/duty.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { Subject } from '../vault/subject.ts'
import type { Customers } from './customers.ts'
import {
  insertAcknowledgement,
  insertReport,
  lockReport,
  readAcknowledgements,
  readReport,
  readReports,
  readReportsAbout,
  type StoredReport,
  saveReport,
} from './report-store.ts'
import type { Subscriber } from './subscriber.ts'

/** The look that a report is about, as her page showed it. */
export interface ReportedLook {
  /** Names the look: the grant's id. */
  readonly look: string
  readonly staffId: string
  readonly deskName: string
  readonly office: string
  readonly month: string
  readonly purpose: string
  readonly channel: string
  readonly confirmedByTelephony: boolean
  /** Epoch ms. */
  readonly at: number
}

export type Finding = 'founded' | 'unfounded' | 'not-clear'

/** "That was not me", and what became of it. */
export interface Report extends ReportedLook {
  readonly id: string
  /** What people call it by: report 7. */
  readonly number: number
  readonly state: 'filed' | 'assigned' | 'answered'
  /** What she wrote, word for word; may be empty. */
  readonly says: string
  readonly filedAt: number
  /** Staff id. */
  readonly assignedTo: string | null
  readonly answer: { readonly finding: Finding; readonly says: string; readonly at: number } | null
}

/** Customers' reports. The incident desk takes them from here when there is one. */
export interface Reports {
  /** Files it, with its entry, and tells the privacy officers on duty. */
  file(subscriber: Subscriber, look: ReportedLook, says: string): Promise<Report | Refusal>
  /** "That was me." */
  acknowledge(subscriber: Subscriber, look: string): Promise<void>
  ofSubscriber(subscriber: Subscriber): Promise<{ reports: Report[]; acknowledged: Set<string> }>
  list(state: Report['state'] | null): Promise<Report[]>
  get(id: string): Promise<Report | Refusal>
  /** Whose report it is, and the look: for an incident, and nobody else. Null when there is none. */
  about(id: string): Promise<ReportAbout | null>
  /** The officer takes it; one from the office that it is about may not. */
  take(id: string, officer: StaffFacts): Promise<Report | Refusal>
  /** Answers her, on her page and by a text that says there is an answer. */
  answer(
    id: string,
    officer: StaffFacts,
    answer: { finding: Finding; says: string },
  ): Promise<Report | Refusal>
}

/** What an incident has to know of a report. */
export interface ReportAbout {
  readonly subject: string
  readonly tenure: string
  readonly staffId: string | null
  readonly deskName: string
  readonly office: string
  readonly says: string
  readonly filedAt: number
}

export interface ReportsParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly keys: { readonly sealer: Sealer }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly notifications: Notifications
  readonly duty: Pick<Duty, 'onCall'>
  readonly customers: Customers
  readonly publicUrl: string
  readonly operator: string
}

/** Opens the book of reports. */
export function createReports(parties: ReportsParties): Reports {
  const { db, ledger, keys } = parties
  const shown = (row: StoredReport) => reportOf(keys.sealer, row)
  return {
    file: (subscriber, look, says) => file(parties, subscriber, look, says),
    acknowledge: (subscriber, look) =>
      commitWith(db, ledger, async (trx, append) => {
        const at = parties.clock.now()
        if (!(await insertAcknowledgement(trx, { subject: subscriber.subject, about_entry: look, at })))
          return
        await append({
          kind: 'look-acknowledged',
          header: null,
          subject: subscriber.subject,
          body: { grant: look },
        })
      }),
    async ofSubscriber({ subject, tenure }) {
      const reports = (await readReportsAbout(db, subject, tenure)).map(shown)
      return { reports, acknowledged: await readAcknowledgements(db, subject) }
    },
    list: async (state) => (await readReports(db, state)).map(shown),
    async get(id) {
      const row = await readReport(db, id)
      return row === null ? notFound() : shown(row)
    },
    async about(id) {
      const row = await readReport(db, id)
      if (row === null) return null
      const { staffId, deskName, office, says, filedAt } = shown(row)
      return { subject: row.subject, tenure: row.tenure, staffId, deskName, office, says, filedAt }
    },
    take: (id, officer) => take(parties, id, officer),
    answer: (id, officer, given) => answer(parties, id, officer, given),
  }
}

async function file(
  parties: ReportsParties,
  subscriber: Subscriber,
  look: ReportedLook,
  says: string,
): Promise<Report | Refusal> {
  const { db, ledger, clock, random, notifications, keys } = parties
  const id = Buffer.from(random(16)).toString('hex')
  const officers = await parties.duty.onCall('privacy-officer')
  return commitWith(db, ledger, async (trx, append) => {
    const row = await insertReport(trx, {
      id,
      subject: subscriber.subject,
      tenure: subscriber.tenure,
      about_entry: look.look,
      staff_id: look.staffId,
      content: sealContent(keys.sealer, id, { look, says, answer: null }),
      state: 'filed',
      assigned_to: null,
      filed_at: clock.now(),
      answered_at: null,
    })
    if (row === null) {
      return refuse(
        'report-filed-before',
        'You have reported this look already.',
        'Its state stands beside the look.',
      )
    }
    await append({
      kind: 'report-filed',
      header: { office: look.office, category: 'not-me', withContact: true },
      subject: subscriber.subject,
      body: {
        report: id,
        grant: look.look,
        says,
        staff: look.staffId,
        deskName: look.deskName,
        office: look.office,
      },
    })
    for (const officer of officers.filter((one) => one.id !== look.staffId)) {
      await notifications.publish(trx, 'notice', { staffId: officer.id, kind: 'report', id })
    }
    return reportOf(keys.sealer, row)
  })
}

async function take(parties: ReportsParties, id: string, officer: StaffFacts): Promise<Report | Refusal> {
  return commitWith(parties.db, parties.ledger, async (trx, append) => {
    const report = await lockedFor(parties, trx, id, officer)
    if (isRefusal(report)) return report
    if (report.assignedTo !== null && report.assignedTo !== officer.id) return taken()
    await saveReport(trx, id, { state: 'assigned', assigned_to: officer.id })
    await append({
      kind: 'report-assigned',
      header: null,
      actor: officer.id,
      body: { report: id, deskName: officer.deskName, office: officer.office },
    })
    return { ...report, state: 'assigned' as const, assignedTo: officer.id }
  })
}

async function answer(
  parties: ReportsParties,
  id: string,
  officer: StaffFacts,
  given: { finding: Finding; says: string },
): Promise<Report | Refusal> {
  const { keys, clock } = parties
  return commitWith(parties.db, parties.ledger, async (trx, append) => {
    const report = await lockedFor(parties, trx, id, officer)
    if (isRefusal(report)) return report
    if (report.assignedTo !== officer.id) return taken()
    const at = clock.now()
    const row = await lockReport(trx, id)
    const subscriber = row && (await parties.customers.bySubject(trx, row.subject as Subject))
    const content = openContent(keys.sealer, id, row?.content ?? Buffer.alloc(0))
    await saveReport(trx, id, {
      state: 'answered',
      answered_at: at,
      content: sealContent(keys.sealer, id, { ...content, answer: { ...given, at } }),
    })
    const entry = await append({
      kind: 'report-answered',
      header: { office: report.office, category: 'not-me', outcome: given.finding },
      subject: row?.subject ?? null,
      actor: officer.id,
      body: { report: id, grant: report.look, ...given, deskName: officer.deskName, office: officer.office },
    })
    // The number may have a new holder by now, who must not learn that there was a report.
    if (subscriber !== null && subscriber.tenure === row?.tenure) {
      await parties.customers.notify(trx, subscriber, {
        text: answeredText(report.number, `${parties.publicUrl}/my`, parties.operator),
        purpose: 'report-answered',
        ref: entry,
      })
    }
    return { ...report, state: 'answered' as const, answer: { ...given, at } }
  })
}

async function lockedFor(
  parties: ReportsParties,
  trx: Trx,
  id: string,
  officer: StaffFacts,
): Promise<Report | Refusal> {
  const row = await lockReport(trx, id)
  if (row === null) return notFound()
  const report = reportOf(parties.keys.sealer, row)
  if (report.state === 'answered') {
    return refuse('report-answered', 'This report is answered.', 'Open a new one if there is something new.')
  }
  if (report.office === officer.office || report.staffId === officer.id) {
    return refuse(
      'report-own-office',
      'A report about your own office is answered by an officer of another one.',
      'Leave it to a privacy officer of another office.',
    )
  }
  return report
}

interface Content {
  look: ReportedLook
  says: string
  answer: Report['answer']
}

const PURPOSE = 'customers/report'

function sealContent(sealer: Sealer, id: string, content: Content): Buffer {
  return sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(content)))
}

function openContent(sealer: Sealer, id: string, sealed: Buffer): Content {
  return JSON.parse(sealer.open(PURPOSE, id, sealed).toString('utf8')) as Content
}

function reportOf(sealer: Sealer, row: StoredReport): Report {
  const { look, says, answer: answered } = openContent(sealer, row.id, row.content)
  return {
    ...look,
    id: row.id,
    number: row.number,
    state: row.state,
    says,
    filedAt: row.filed_at,
    assignedTo: row.assigned_to,
    answer: answered,
  }
}

function answeredText(number: number, page: string, operator: string): { en: string; my: string } {
  return {
    en: `${operator}: your report ${number} has an answer. Read it on your page: ${page}`,
    my: `${operator}: သင့်တိုင်ကြားချက် ${number} ကို ဖြေကြားထားပါသည်။ ဖတ်ရန်: ${page}`,
  }
}

function notFound(): Refusal {
  return refuse('report-not-found', 'There is no such report.', 'Go back to the list of reports.')
}

function taken(): Refusal {
  return refuse(
    'report-taken',
    'Another officer has this report, or nobody has taken it.',
    'Take it first, or leave it.',
  )
}
