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
import { rungOf } from './rules.ts'
import type { Purpose, Question } from './schemas.ts'
import { type Contact, insertLook, type Look, type NewLook } from './store.ts'
import { tellBefore } from './tell.ts'

/** A grant ties one champion, one verified contact, one purpose and one bill period (`domain.md` 3). */

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
    const now = room.clock.now()
    const badDay = (asked.days ?? []).some((day) => !day.startsWith(asked.month))
    if (badDay)
      return refuse('month-not-offered', 'A day lies outside the bill period.', 'Pick days of that month.')
    const { rules } = await policyOf(room, contact)
    const decision = decideGrant(
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
    if (isRefusal(decision)) return decision
    const look = await putDown(room, trx, append, staff, contact, asked, decision === 'second')
    if (decision === 'second') await askForApproval(room, trx, contact, 'second-grant', look.id)
    else await tellBefore(room, trx, contact, look)
    return { look, contact, subscriber }
  })
}

/** Writes a look and its entry. */
export async function putDown(
  room: CareRoom,
  trx: Trx,
  append: Append,
  staff: StaffFacts,
  contact: Contact,
  asked: LookAsked,
  waits: boolean,
): Promise<Look> {
  const now = room.clock.now()
  const { rules } = await policyOf(room, contact)
  const bounds = monthBounds(asked.month, room.offsetMinutes)
  const look = {
    id: newId(room.random),
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
    endsAt: now + rules.grant.minutes * 60_000,
    brokenGlass: contact.breakGlass,
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
        rung: rungOf(contact.passed),
        outcome: look.state,
        endsAt: look.endsAt,
        brokenGlass: look.brokenGlass,
      },
      { outcome: look.state },
    ),
  )
  await insertLook(trx, { ...look, entry } satisfies NewLook)
  await room.notifications.publish(trx, 'contact-changed', { contactId: contact.id, staffId: staff.id })
  return {
    ...look,
    entry,
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
}
