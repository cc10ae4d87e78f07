import { parseNumber } from '../calls/numbers.ts'
import type { Subscriber } from '../customers/customers.ts'
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { LiveCall } from '../platform/telephony/telephony.ts'
import type { Circle, ContactAttributes } from '../staff/policy.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { contactEntry } from './entry-drafts.ts'
import { type CareRoom, newId } from './parties.ts'
import { readReferral, saveReferral } from './record-store.ts'
import { CLAIMED, isOver, rungOf, stepContact, type Verification } from './rules.ts'
import type { Channel } from './schemas.ts'
import { type Contact, insertContact, readOpenContact } from './store.ts'

/** A customer is here: a call, a visit or a ticket begins a contact. */

export interface ContactRequest {
  readonly number: string
  readonly channel: Channel
  readonly ticket?: string
}

/** A customer passed on stays open to supervisors of other teams this long. */
const REFERRAL_MS = 24 * 3_600_000

/** Opens a contact, or gives the one this person has open with her already. */
export async function openContact(
  room: CareRoom,
  staff: StaffFacts,
  request: ContactRequest,
): Promise<Contact | Refusal> {
  const subscriber = await findSubscriber(room, request.number)
  if (isRefusal(subscriber)) return subscriber
  const standing = await standingOf(room, staff, subscriber, request.channel)
  const refusal = room.staff.policy.decide({
    staff,
    action: 'open-contact',
    resource: { type: 'Contact', id: subscriber.id, attributes: standing.attributes },
  })
  if (refusal !== null) {
    await passOn(room, staff, subscriber, standing.circle)
    return refusal
  }
  const open = await readOpenContact(room.db, staff.id, subscriber.subject)
  const call = request.channel === 'call' ? await callOf(room, staff, subscriber) : null
  if (open !== null && isSameVisit(open, request.channel, call)) return open
  const verification = await firstVerification(room, subscriber, call)
  const contact = newContact(room, staff, subscriber, request.channel, { ...standing, call, verification })
  await commitWith(room.db, room.ledger, async (trx, append) => {
    await insertContact(trx, contact)
    await append(
      contactEntry('contact-opened', contact, contact.openedAt, {
        ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
      }),
    )
    if (contact.passed.length > 0)
      await append(
        contactEntry('contact-verified', contact, contact.openedAt, {
          factor: 'network-call',
          passed: true,
          rung: rungOf(contact.passed),
          state: contact.state,
          policyVersion: contact.policyVersion,
        }),
      )
    await room.notifications.publish(trx, 'contact-changed', { contactId: contact.id, staffId: staff.id })
  })
  return contact
}

/** Whoever rings again may be somebody else: what a call that has ended proved counts for nothing in the next one. */
function isSameVisit(open: Contact, channel: Channel, call: LiveCall | null): boolean {
  return open.channel === channel && open.callId === (call?.callId ?? null) && !isOver(open.state)
}

/** The subscriber who holds a number, as somebody wrote it. */
export async function findSubscriber(room: CareRoom, text: string): Promise<Subscriber | Refusal> {
  const number = parseNumber(text, room.plan)
  if (number === null)
    return refuse(
      'number-unreadable',
      'That is not a telephone number we can read.',
      'Write it as 09 and its digits.',
    )
  const subscriber = await room.customers.findByNumber(room.db, number)
  return (
    subscriber ??
    refuse('no-subscriber', 'Nobody holds this number with us now.', 'Check the number with the caller.')
  )
}

export interface Standing {
  readonly circle: Circle
  readonly referredFromTeam: string | null
  readonly policyVersion: number
  readonly attributes: ContactAttributes
}

/** How this person stands to this customer, as the policy asks about it. */
export async function standingOf(
  room: CareRoom,
  staff: StaffFacts,
  subscriber: Subscriber,
  channel: Channel,
): Promise<Standing> {
  const now = room.clock.now()
  const [circle, policy, referral] = await Promise.all([
    room.staff.circle.circleOf(staff.id, subscriber.subject),
    room.staff.verification.current(now),
    readReferral(room.db, subscriber.subject, now - REFERRAL_MS),
  ])
  const referredFromTeam = referral !== null && referral.staff !== staff.id ? referral.team : null
  return {
    circle,
    referredFromTeam,
    policyVersion: policy.version,
    attributes: {
      channel,
      circle: circle.kind,
      colleagueTeam: circle.team,
      referredFromTeam,
      needsShopDevice: policy.rules.photoId.shopDevice,
    },
  }
}

/** A contact as it is first put down. */
export function newContact(
  room: CareRoom,
  staff: StaffFacts,
  subscriber: Subscriber,
  channel: Channel,
  with_: Pick<Standing, 'circle' | 'referredFromTeam' | 'policyVersion'> & {
    call: LiveCall | null
    verification: Verification
    breakGlass?: boolean
  },
): Contact {
  const now = room.clock.now()
  return {
    ...with_.verification,
    id: newId(room.random),
    subject: subscriber.subject,
    subscriber: subscriber.id,
    tenure: subscriber.tenure,
    channel,
    policyVersion: with_.policyVersion,
    staff: staff.id,
    deskName: staff.deskName,
    office: staff.office,
    team: staff.team,
    session: staff.sessionId,
    shop: staff.device.shop,
    circle: with_.circle.kind,
    colleagueTeam: with_.circle.team,
    referredFromTeam: with_.referredFromTeam,
    callId: with_.call?.callId ?? null,
    confirmed: with_.call !== null,
    openedAt: now,
    activeAt: now,
    closedAt: null,
    resolution: null,
    note: null,
    breakGlass: with_.breakGlass ?? false,
    goOn: false,
  }
}

/** The call of this number that rings at or is answered by this desk. */
async function callOf(room: CareRoom, staff: StaffFacts, subscriber: Subscriber): Promise<LiveCall | null> {
  const call = (await room.telephony?.liveCall(subscriber.number)) ?? null
  return call !== null && call.desk === staff.deskName ? call : null
}

/** The call itself is the first rung when our own network vouches for its number and nothing speaks against it. */
async function firstVerification(
  room: CareRoom,
  subscriber: Subscriber,
  call: LiveCall | null,
): Promise<Verification> {
  if (call === null || !call.networkAsserted || call.callBackRef !== null) return CLAIMED
  if ((await room.customers.factorBlock(room.db, subscriber, 'network-call')) !== null) return CLAIMED
  const passed = stepContact(CLAIMED, { do: 'pass', factor: 'network-call', at: room.clock.now() })
  return isRefusal(passed) ? CLAIMED : passed
}

/** A customer too close to this person: supervisors of other teams may take her, and are told that somebody waits. */
async function passOn(
  room: CareRoom,
  staff: StaffFacts,
  subscriber: Subscriber,
  circle: Circle,
): Promise<void> {
  if (circle.kind === 'none') return
  const supervisors = await room.staff.duty.supervisorsOutside([
    staff.team,
    ...(circle.team === null ? [] : [circle.team]),
  ])
  await saveReferral(room.db, {
    subject: subscriber.subject,
    staff: staff.id,
    team: staff.team,
    at: room.clock.now(),
  })
  for (const supervisor of supervisors)
    await room.notifications.publish(room.db, 'notice', {
      staffId: supervisor.id,
      kind: 'passed-on',
      id: staff.deskName,
    })
}
