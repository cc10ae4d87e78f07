import { createHash } from 'node:crypto'
import { formatNumber } from '../calls/numbers.ts'
import type { MadeKeyAnswer, OwnKeys } from '../customers/own-keys.ts'
import type { ReportedLook } from '../customers/reports.ts'
import type { Subscriber } from '../customers/subscriber.ts'
import { type Allowance, challengeOf } from '../ledger/allowance.ts'
import { commitWith } from '../ledger/commit.ts'
import { encodeText } from '../ledger/commitment.ts'
import { nodeSha256 } from '../ledger/node-crypto.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { askForApproval } from './approvals.ts'
import { refuseByCustomer } from './close-contact.ts'
import { policyOf, subscriberOf } from './contact-view.ts'
import { contactEntry } from './entry-drafts.ts'
import { decideLook, type LookAsked, putDown } from './grant.ts'
import { KEY_LINK_MS, linkCounts, linkSpent, mayAskKey, maySendLink } from './key-ask-rules.ts'
import { insertKeyAsk, type KeyAsk, readKeyAsk, readKeyAsksOf, saveKeyAnswer } from './key-ask-store.ts'
import { allowanceWords, askText, ENROL_TEXT } from './key-ask-words.ts'
import { holdContact } from './load.ts'
import { type CareRoom, newId, type On } from './parties.ts'
import { monthBounds } from './period.ts'
import { isOver, rungOf } from './rules.ts'
import { type Contact, readContact, saveVerification } from './store.ts'

/**
 * Her own key in place of PIN or photo ID. A champion asks for one look; her phone gets a link; what she reads there
 * is what her key signs; and the look begins with her signature in its entry. It opens this look and no other.
 *
 * Why nobody can use it for something else: the challenge is the digest of the allowance and a nonce, so a signature
 * fits one look only; the link's row is locked and moved on in the transaction that writes the look, so it works once;
 * and what is granted is read from the sealed row, not from the browser.
 */

/** What a link that waits shows on her phone. */
export type ShownAsk =
  | {
      readonly kind: 'look'
      readonly subscriber: Subscriber
      readonly says: string
      readonly until: number
      readonly options: SignOptions
    }
  | {
      readonly kind: 'enrol'
      readonly subscriber: Subscriber
      readonly id: string
      readonly options: MakeOptions
    }

type SignOptions = Exclude<Awaited<ReturnType<OwnKeys['signatureOptions']>>, Refusal>
type MakeOptions = Exclude<Awaited<ReturnType<OwnKeys['options']>>, Refusal>['options']

interface Asked {
  readonly asked: LookAsked
  readonly allowance: Allowance
  /** Base64. */
  readonly nonce: string
}

const SEALED = 'care-key-ask'

/** Asks her to allow a look: her phone gets a text with a link. */
export async function askForKey(
  room: CareRoom,
  staff: StaffFacts,
  contactId: string,
  asked: LookAsked,
): Promise<Contact | Refusal> {
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await holdContact(room, trx, staff, contactId, 'get-grant', { lock: true })
    if (isRefusal(contact)) return contact
    const subscriber = await subscriberOf(room, trx, contact)
    const refusal = mayAskKey(rungOf(contact.passed)) ?? (await room.customers.ownKeys.block(trx, subscriber))
    if (refusal !== null) return refusal
    const decision = await decideLook(room, trx, staff, contact, subscriber, asked)
    if (isRefusal(decision)) return decision
    const allowance = await allowanceOf(room, contact, subscriber, asked)
    const nonce = Buffer.from(room.random(16)).toString('base64')
    const sealed = encodeText({ asked, allowance, nonce } satisfies Asked)
    const sent = await send(room, trx, contact, subscriber, 'look', sealed)
    if (isRefusal(sent)) return sent
    const now = room.clock.now()
    const { purpose, month } = asked
    await room.customers.ownKeys.sendLink(trx, subscriber, {
      about: askText({ ...contact, month }, now, room.offsetMinutes),
      url: `${room.publicUrl}/my/allow#${sent.token}`,
      ref: sent.id,
      expiresAt: now + KEY_LINK_MS.look,
    })
    await append(
      contactEntry('own-key-asked', contact, now, {
        ask: sent.id,
        grant: allowance.grant,
        purpose,
        month,
        policyVersion: contact.policyVersion,
      }),
    )
    await room.notifications.publish(trx, 'contact-changed', { contactId: contact.id, staffId: staff.id })
    return contact
  })
}

/** In a shop, after her photo ID: her phone gets a link under which she makes a key. */
export async function askToMakeKey(
  room: CareRoom,
  staff: StaffFacts,
  contactId: string,
): Promise<Contact | Refusal> {
  return commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await holdContact(room, trx, staff, contactId, 'verify-contact', { lock: true })
    if (isRefusal(contact)) return contact
    if (contact.channel !== 'shop' || !contact.passed.some(({ factor }) => factor === 'photo-id'))
      return refuse(
        'photo-id-first',
        'In a shop a key is made after photo ID, and nowhere else by a member of staff.',
        'Compare her photo ID first; elsewhere she makes it on her own page.',
      )
    const subscriber = await subscriberOf(room, trx, contact)
    const sent = await send(room, trx, contact, subscriber, 'enrol', null)
    if (isRefusal(sent)) return sent
    const now = room.clock.now()
    await room.customers.ownKeys.sendLink(trx, subscriber, {
      about: ENROL_TEXT,
      url: `${room.publicUrl}/my/allow#${sent.token}`,
      ref: sent.id,
      expiresAt: now + KEY_LINK_MS.enrol,
    })
    await append(
      contactEntry('own-key-offered', contact, now, { ask: sent.id, policyVersion: contact.policyVersion }),
    )
    return contact
  })
}

/** What the link in her text leads to, or why it leads nowhere. */
export async function seeKeyAsk(room: CareRoom, token: string): Promise<ShownAsk | Refusal> {
  const found = await findAsk(room, room.db, token)
  if (isRefusal(found)) return found
  const { ask, subscriber } = found
  const { ownKeys } = room.customers
  if (ask.kind === 'enrol') {
    const begun = await ownKeys.options(subscriber)
    return isRefusal(begun) ? begun : { kind: 'enrol', subscriber, ...begun }
  }
  const { allowance, nonce } = openAsked(room, ask)
  const options = await ownKeys.signatureOptions(
    room.db,
    subscriber,
    challengeOf(allowance, nonce, nodeSha256),
  )
  if (isRefusal(options)) return options
  return { kind: 'look', subscriber, says: allowance.says, until: allowance.until, options }
}

/** She allows it: the look begins, her signature in its entry. Whatever does not fit opens nothing and may be tried again. */
export async function allowWithKey(
  room: CareRoom,
  token: string,
  response: unknown,
): Promise<Subscriber | Refusal> {
  const done = await commitWith(room.db, room.ledger, async (trx, append) => {
    const found = await findAsk(room, trx, token, { lock: true, kind: 'look' })
    if (isRefusal(found)) return found
    const { ask, contact, subscriber } = found
    const { asked, allowance, nonce } = openAsked(room, ask)
    const by = { id: ask.staff, team: contact.team, sessionId: ask.session }
    const decision = await decideLook(room, trx, by, contact, subscriber, asked)
    if (isRefusal(decision)) return decision
    const challenge = challengeOf(allowance, nonce, nodeSha256)
    const signature = await room.customers.ownKeys.signature(trx, subscriber, challenge, response)
    if (isRefusal(signature)) return signature
    const ownKey = { allowance, nonce, ...signature }
    const look = await putDown(room, trx, append, by, contact, asked, {
      waits: decision === 'second',
      ownKey,
    })
    await saveKeyAnswer(trx, ask.id, 'allowed', room.clock.now())
    if (decision === 'second') await askForApproval(room, trx, contact, 'second-grant', look.id)
    return { subscriber, contactId: contact.id }
  })
  // A key that was closed because of a copy has its entry too.
  await room.ledger.sequence()
  if (isRefusal(done)) return done
  room.looks.forget(({ contact }) => contact.id === done.contactId)
  return done.subscriber
}

/** She says no: the contact ends. Gives what a report of hers would be about. */
export async function refuseWithKey(
  room: CareRoom,
  token: string,
): Promise<{ subscriber: Subscriber; look: ReportedLook } | Refusal> {
  const refused = await commitWith(room.db, room.ledger, async (trx, append) => {
    const found = await findAsk(room, trx, token, { lock: true, kind: 'look' })
    if (isRefusal(found)) return found
    const { ask, contact, subscriber } = found
    const { allowance } = openAsked(room, ask)
    const at = room.clock.now()
    await saveKeyAnswer(trx, ask.id, 'refused', at)
    await append(
      contactEntry(
        'own-key-refused',
        contact,
        at,
        { ask: ask.id, grant: allowance.grant, policyVersion: contact.policyVersion },
        { outcome: 'refused' },
      ),
    )
    return { subscriber, look: reportedOf(contact, allowance, at), contactId: contact.id }
  })
  if (!isRefusal(refused)) await refuseByCustomer(room, refused.contactId)
  return refused
}

/** She made a key under a shop's link: it is hers at once, and allows looks after 24 hours. */
export async function makeKeyInShop(
  room: CareRoom,
  token: string,
  answer: MadeKeyAnswer,
): Promise<Subscriber | Refusal> {
  const done = await room.db.transaction().execute(async (trx) => {
    const found = await findAsk(room, trx, token, { lock: true, kind: 'enrol' })
    if (isRefusal(found)) return found
    const { ask, contact, subscriber } = found
    const key = await room.customers.ownKeys.made(trx, subscriber, answer)
    if (isRefusal(key)) return key
    const body = { where: 'shop', contact: contact.id, staff: contact.staff, deskName: contact.deskName }
    const refused = await room.customers.ownKeys.put(trx, subscriber, key, body)
    if (refused !== null) return refused
    await saveKeyAnswer(trx, ask.id, 'allowed', room.clock.now())
    return subscriber
  })
  await room.ledger.sequence()
  return done
}

async function send(
  room: CareRoom,
  trx: Trx,
  contact: Contact,
  subscriber: Subscriber,
  kind: KeyAsk['kind'],
  asked: string | null,
): Promise<{ id: string; token: string } | Refusal> {
  const now = room.clock.now()
  const refusal = maySendLink(
    (await readKeyAsksOf(trx, contact.id)).map(({ at }) => at),
    now,
  )
  if (refusal !== null) return refusal
  const id = newId(room.random)
  const token = Buffer.from(room.random(24)).toString('base64url')
  await insertKeyAsk(trx, {
    id,
    kind,
    contact: contact.id,
    subject: subscriber.subject,
    tenure: subscriber.tenure,
    staff: contact.staff,
    session: contact.session,
    tokenHash: hashOf(token),
    asked: asked === null ? null : room.keys.sealer.seal(SEALED, id, Buffer.from(asked)),
    at: now,
    untilAt: now + KEY_LINK_MS[kind],
    state: 'waiting',
    answeredAt: null,
  })
  // Being asked is being worked on: the contact is not abandoned while she reads.
  await saveVerification(trx, contact.id, contact, now)
  return { id, token }
}

/** A link that still counts, with its contact; the contact is locked before the link, as where links are sent. */
async function findAsk(
  room: CareRoom,
  on: On,
  token: string,
  options: { lock?: boolean; kind?: KeyAsk['kind'] } = {},
): Promise<{ ask: KeyAsk; contact: Contact; subscriber: Subscriber } | Refusal> {
  const known = await readKeyAsk(on, hashOf(token))
  if (known === null || (options.kind !== undefined && known.kind !== options.kind)) return linkSpent()
  const contact = await readContact(on, known.contact, options)
  const ask = await readKeyAsk(on, hashOf(token), options)
  invariant(contact !== null && ask !== null, 'a link has a contact')
  const refusal = linkCounts(ask, room.clock.now())
  if (refusal !== null) return refusal
  if (isOver(contact.state)) return linkSpent()
  return { ask, contact, subscriber: await subscriberOf(room, on, contact) }
}

async function allowanceOf(
  room: CareRoom,
  contact: Contact,
  subscriber: Subscriber,
  asked: LookAsked,
): Promise<Allowance> {
  const now = room.clock.now()
  const { rules } = await policyOf(room, contact)
  const { deskName, office } = contact
  const { purpose, question, month } = asked
  const until = now + rules.grant.minutes * 60_000
  const bounds = monthBounds(month, room.offsetMinutes)
  const words = { number: formatNumber(subscriber.number), deskName, office, purpose, month, until }
  return {
    v: 1,
    grant: newId(room.random),
    contact: contact.id,
    number: subscriber.number,
    tenure: subscriber.tenure,
    deskName,
    office,
    purpose,
    question,
    month,
    from: bounds.from,
    to: bounds.until,
    until,
    says: allowanceWords(words, now, room.offsetMinutes)[subscriber.language],
    language: subscriber.language,
  }
}

function openAsked(room: CareRoom, ask: KeyAsk): Asked {
  invariant(ask.asked, 'a link to allow a look says which')
  return JSON.parse(room.keys.sealer.open(SEALED, ask.id, ask.asked).toString()) as Asked
}

function reportedOf(contact: Contact, allowance: Allowance, at: number): ReportedLook {
  const { deskName, office, month, purpose } = allowance
  const { staff: staffId, channel, confirmed: confirmedByTelephony } = contact
  return {
    look: allowance.grant,
    staffId,
    deskName,
    office,
    month,
    purpose,
    channel,
    confirmedByTelephony,
    at,
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
