import { CamelCasePlugin, type Generated, type Kysely, type Selectable } from 'kysely'
import type { Circle } from '../staff/policy.ts'
import type { OfficeId } from '../staff/staff.ts'
import type { Subject } from '../vault/subject.ts'
import type { On } from './parties.ts'
import type { Passed, Pending, Verification } from './rules.ts'
import type { ContactState, GrantState, Purpose, Question, Resolution } from './schemas.ts'

/** The care desk's tables, and the reading and writing of contacts and looks. */

export interface ContactTable {
  id: string
  subject: Subject
  subscriber: string
  tenure: string
  channel: 'call' | 'shop' | 'chat' | 'app'
  state: ContactState
  passed: unknown
  pending: unknown
  policyVersion: number
  staff: string
  deskName: string
  office: OfficeId
  team: string
  session: string
  shop: string | null
  circle: Circle['kind']
  colleagueTeam: string | null
  referredFromTeam: string | null
  callId: string | null
  confirmed: boolean
  openedAt: number
  activeAt: number
  closedAt: number | null
  resolution: Resolution | null
  note: Buffer | null
  breakGlass: boolean
  goOn: boolean
}
export interface LookTable {
  id: string
  contact: string
  subject: Subject
  tenure: string
  staff: string
  team: string
  session: string
  purpose: Purpose
  question: Question
  month: string
  days: string[]
  categories: string[]
  fromSecond: number
  untilSecond: number
  state: GrantState
  grantedAt: number
  endsAt: number
  endedAt: number | null
  endReason: string | null
  entry: string
  brokenGlass: boolean
  ownKey: Generated<boolean>
  opened: Generated<boolean>
  rowsTotal: number | null
  answering: number | null
  rowOrder: Buffer | null
  pages: Generated<number[]>
  rowsShown: Generated<number>
  matches: Generated<number>
  unmasked: Generated<number>
  toldAt: number | null
}
export type CareTables = {
  'care.contact': ContactTable
  'care.look': LookTable
  'care.rendering': { entry: string; look: string; at: number; sealed: Buffer }
  'care.match': {
    id: Generated<number>
    contact: string
    subject: string
    staff: string
    numberHash: string
    at: number
    matched: boolean
  }
  'care.refusal': {
    id: Generated<number>
    staff: string
    team: string
    at: number
    asked: string | null
    code: string
    says: string
    next: string
  }
  'care.approval': {
    id: string
    kind: 'second-grant' | 'third-miss'
    contact: string
    look: string | null
    askedBy: string
    askedDesk: string
    office: string
    team: string
    at: number
    untilAt: number
    decidedBy: string | null
    decidedAt: number | null
    approved: boolean | null
  }
  'care.breakGlass': {
    id: string
    contact: string
    staff: string
    deskName: string
    office: string
    at: number
    says: Buffer
    justification: Buffer | null
    justifiedAt: number | null
    alarmedAt: number | null
    finding: 'justified' | 'not-justified' | null
    reviewedBy: string | null
    reviewedAt: number | null
  }
  'care.referral': { subject: string; staff: string; team: string; at: number }
  'care.statement': {
    id: string
    subject: string
    tenure: string
    month: string
    language: 'en' | 'my'
    madeAt: number
    pdf: Buffer
    csv: Buffer
  }
}

const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

/** The desk's tables on a connection or in a transaction. */
export function care(on: On): Kysely<CareTables> {
  return on.withTables<CareTables>().withPlugin(camelCase)
}

export type Contact = Omit<Selectable<ContactTable>, 'passed' | 'pending' | 'state'> & Verification
export type Look = Selectable<LookTable>
export type NewContact = Contact
export type NewLook = Pick<
  Look,
  | 'id'
  | 'contact'
  | 'subject'
  | 'tenure'
  | 'staff'
  | 'team'
  | 'session'
  | 'purpose'
  | 'question'
  | 'month'
  | 'days'
  | 'categories'
  | 'fromSecond'
  | 'untilSecond'
  | 'state'
  | 'grantedAt'
  | 'endsAt'
  | 'entry'
  | 'brokenGlass'
  | 'ownKey'
>

function contactFrom(row: Selectable<ContactTable>): Contact {
  return { ...row, passed: row.passed as readonly Passed[], pending: row.pending as Pending | null }
}

/** One contact, or null. `lock` for whoever is about to change it. */
export async function readContact(
  on: On,
  id: string,
  options: { lock?: boolean } = {},
): Promise<Contact | null> {
  let query = care(on).selectFrom('care.contact').selectAll().where('id', '=', id)
  if (options.lock === true) query = query.forUpdate()
  const row = await query.executeTakeFirst()
  return row === undefined ? null : contactFrom(row)
}

/** My contact with this customer that is not over, or null. */
export async function readOpenContact(on: On, staff: string, subject: string): Promise<Contact | null> {
  const row = await care(on)
    .selectFrom('care.contact')
    .selectAll()
    .where('staff', '=', staff)
    .where('subject', '=', subject as Subject)
    .where('closedAt', 'is', null)
    .orderBy('openedAt', 'desc')
    .executeTakeFirst()
  return row === undefined ? null : contactFrom(row)
}

/** Puts a new contact down. */
export async function insertContact(on: On, contact: NewContact): Promise<void> {
  await care(on)
    .insertInto('care.contact')
    .values({
      ...contact,
      passed: JSON.stringify(contact.passed),
      pending: contact.pending === null ? null : JSON.stringify(contact.pending),
    })
    .execute()
}

/** Saves where a contact's verification stands; being worked on keeps it from being abandoned. */
export async function saveVerification(on: On, id: string, next: Verification, now: number): Promise<void> {
  await care(on)
    .updateTable('care.contact')
    .set({
      state: next.state,
      passed: JSON.stringify(next.passed),
      pending: next.pending === null ? null : JSON.stringify(next.pending),
      activeAt: now,
    })
    .where('id', '=', id)
    .execute()
}

/** Ends a contact. `note` is sealed. */
export async function saveContactEnd(
  on: On,
  id: string,
  end: { state: ContactState; closedAt: number; resolution: Resolution | null; note: Buffer | null },
): Promise<void> {
  await care(on)
    .updateTable('care.contact')
    .set({ ...end, pending: null })
    .where('id', '=', id)
    .execute()
}

/** Puts a new look down. */
export async function insertLook(on: On, look: NewLook): Promise<void> {
  await care(on).insertInto('care.look').values(look).execute()
}

/** One look, or null. */
export async function readLook(on: On, id: string, options: { lock?: boolean } = {}): Promise<Look | null> {
  let query = care(on).selectFrom('care.look').selectAll().where('id', '=', id)
  if (options.lock === true) query = query.forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** The newest look of a contact, or null. */
export async function readLookOfContact(on: On, contact: string): Promise<Look | null> {
  return (
    (await care(on)
      .selectFrom('care.look')
      .selectAll()
      .where('contact', '=', contact)
      .orderBy('grantedAt', 'desc')
      .executeTakeFirst()) ?? null
  )
}

/** Ends a look that runs or waits, once: false when somebody else ended it first. */
export async function saveLookEnd(on: On, id: string, endedAt: number, reason: string): Promise<boolean> {
  const result = await care(on)
    .updateTable('care.look')
    .set({ state: 'ended', endedAt, endReason: reason })
    .where('id', '=', id)
    .where('state', 'in', ['active', 'waiting-for-second'])
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Saves a supervisor's yes or no to a look that waited. */
export async function saveLookDecision(on: On, id: string, state: 'active' | 'denied'): Promise<void> {
  await care(on).updateTable('care.look').set({ state }).where('id', '=', id).execute()
}

/** A supervisor says that matching may go on in this contact. */
export async function saveGoOn(on: On, contact: string): Promise<void> {
  await care(on).updateTable('care.contact').set({ goOn: true }).where('id', '=', contact).execute()
}
