import type { Subscriber } from '../customers/customers.ts'
import { clipToTenure } from '../customers/subscriber.ts'
import type { SignedAllowance } from '../ledger/allowance.ts'
import type { Append } from '../ledger/commit.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { askForApproval } from './approvals.ts'
import { monthsOffered, policyOf, subscriberOf } from './contact-view.ts'
import { lookEntry } from './entry-drafts.ts'
import { decideGrant } from './grant-rules.ts'
import { holdContact } from './load.ts'
import type { LoadedLook } from './look-cache.ts'
import { countEarlierLooks, countLooks, readRunningLooks } from './look-store.ts'
import { type CareRoom, newId } from './parties.ts'
import { monthBounds } from './period.ts'
import { rungOf, rungOfLook } from './rules.ts'
import type { Purpose, Question } from './schemas.ts'
import { type Contact, insertLook, type Look, type NewLook } from './store.ts'
import { tellBefore } from './tell.ts'

/** A grant ties one champion, one verified contact, one purpose and one bill period. */

export interface LookAsked {
  readonly purpose: Purpose
  readonly month: string
  readonly question: Question
  readonly days?: readonly string[]
  readonly categories?: readonly string[]
  readonly note?: string
}

const DAY_MS = 86_400_000

/** Asks for a look. It runs at once, or waits for a supervisor of another team. */
export async function askForLook(
  room: CareRoom,
  staff: StaffFacts,
  contactId: string,
  asked: LookAsked,
): Promise<LoadedLook | Refusal> {
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await holdContact(room, trx, staff, contactId, 'get-grant', { lock: true })
    if (isRefusal(contact)) return contact
    const subscriber = await subscriberOf(room, trx, contact)
    const decision = await decideLook(room, trx, staff, contact, subscriber, asked)
    if (isRefusal(decision)) return decision
    const look = await putDown(room, trx, append, staff, contact, asked, { waits: decision === 'second' })
    if (decision === 'second') await askForApproval(room, trx, contact, 'second-grant', look.id)
    else await tellBefore(room, trx, contact, look)
    return { look, contact, subscriber }
  })
}

/** Whether this person may look at what they ask for in this contact now, alone or with a supervisor's yes. */
export async function decideLook(
  room: CareRoom,
  trx: Trx,
  staff: Pick<StaffFacts, 'id' | 'team'>,
  contact: Contact,
  subscriber: Subscriber,
  asked: LookAsked,
): Promise<'granted' | 'second' | Refusal> {
  const now = room.clock.now()
  if ((asked.days ?? []).some((day) => !day.startsWith(asked.month)))
    return refuse('month-not-offered', 'A day lies outside the bill period.', 'Pick days of that month.')
  const { rules } = await policyOf(room, contact)
  return decideGrant(
    {
      rung: rungOf(contact.passed),
      brokenGlass: contact.breakGlass,
      monthOffered: monthsOffered(room, subscriber, rules, now).includes(asked.month),
      running: (await readRunningLooks(trx, { contact: contact.id })).length > 0,
      looksThisHour: await countLooks(trx, { staff: staff.id, team: staff.team, since: now - 3_600_000 }),
      earlierLooks: await countEarlierLooks(trx, {
        staff: staff.id,
        subject: contact.subject,
        contact: contact.id,
        since: now - 30 * DAY_MS,
      }),
      approved: false,
    },
    rules.limits,
  )
}

/** Writes a look and its entry; where she allowed it with her own key, as she allowed it and with her signature. */
export async function putDown(
  room: CareRoom,
  trx: Trx,
  append: Append,
  staff: Pick<StaffFacts, 'id' | 'team' | 'sessionId'>,
  contact: Contact,
  asked: LookAsked,
  { waits, ownKey }: { waits: boolean; ownKey?: SignedAllowance },
): Promise<Look> {
  const now = room.clock.now()
  const { rules } = await policyOf(room, contact)
  const subscriber = await subscriberOf(room, trx, contact)
  const bounds = clipToTenure(monthBounds(asked.month, room.offsetMinutes), subscriber)
  const look = {
    id: ownKey?.allowance.grant ?? newId(room.random),
    contact: contact.id,
    subject: contact.subject,
    tenure: contact.tenure,
    staff: staff.id,
    team: staff.team,
    session: staff.sessionId,
    purpose: asked.purpose,
    question: asked.question,
    month: asked.month,
    days: [...(asked.days ?? [])],
    categories: [...(asked.categories ?? [])],
    fromSecond: bounds.from,
    untilSecond: bounds.until,
    state: waits ? ('waiting-for-second' as const) : ('active' as const),
    grantedAt: now,
    endsAt: ownKey?.allowance.until ?? now + rules.grant.minutes * 60_000,
    brokenGlass: contact.breakGlass,
    ownKey: ownKey !== undefined,
  }
  const entry = await append(
    lookEntry(
      'grant',
      contact,
      look,
      now,
      {
        question: look.question,
        days: look.days,
        categories: look.categories,
        note: asked.note ?? '',
        rung: rungOfLook(contact.passed, look),
        outcome: look.state,
        endsAt: look.endsAt,
        brokenGlass: look.brokenGlass,
        ...(ownKey === undefined ? {} : { ownKey }),
      },
      { outcome: look.state },
    ),
  )
  await insertLook(trx, { ...look, entry } satisfies NewLook)
  await room.notifications.publish(trx, 'contact-changed', { contactId: contact.id, staffId: staff.id })
  return { ...look, entry, ...NOTHING_YET }
}

/** What a look has opened when it begins. */
const NOTHING_YET = {
  endedAt: null,
  endReason: null,
  opened: false,
  rowsTotal: null,
  answering: null,
  rowOrder: null,
  pages: [],
  rowsShown: 0,
  matches: 0,
  unmasked: 0,
  toldAt: null,
}
