import type { CodeSent, Passed, Subscriber } from '../customers/customers.ts'
import { commitWith } from '../ledger/commit.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { VerificationRules } from '../staff/verification-policy.ts'
import { factorBlock, policyOf, subscriberOf } from './contact-view.ts'
import { contactEntry } from './entry-drafts.ts'
import { contactNotFound, holdContact, mayWith } from './load.ts'
import type { Actor, CareRoom } from './parties.ts'
import {
  contactOver,
  isOver,
  pendingNow,
  photoIdAlone,
  rungOf,
  stepContact,
  type Verification,
} from './rules.ts'
import type { Factor } from './schemas.ts'
import { type Contact, readContact, saveVerification } from './store.ts'

/** Verifying who is calling: a factor is started, then answered. */

export interface Document {
  readonly kind: string
  readonly unexpired: boolean
  readonly compared: boolean
}
export interface Answered {
  readonly passed: boolean
  readonly says: Words
  readonly contact: Contact
}

/** Starts a factor: sends a code, rings the number, plays the prompt, or notes the document that was compared. */
export async function startFactor(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  factor: Factor,
  document?: Document,
): Promise<{ contact: Contact; says: Words } | Refusal> {
  const started = await commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await holdContact(room, trx, staff, id, 'verify-contact', { lock: true })
    if (isRefusal(contact)) return contact
    const subscriber = await subscriberOf(room, trx, contact)
    const { rules } = await policyOf(room, contact)
    const block = await factorBlock(room, trx, staff, contact, subscriber, rules, factor)
    if (block !== null) return block
    const begun = await begin(room, trx, staff, contact, subscriber, factor, rules, document)
    if (isRefusal(begun)) return begun
    const now = room.clock.now()
    const next = stepContact(contact, {
      do: 'start',
      pending: { factor, startedAt: now, until: begun.until, tries: 0, by: staff.id },
    })
    if (isRefusal(next)) return next
    await saveVerification(trx, contact.id, next, now)
    await append(
      contactEntry('verification-started', contact, now, { factor, policyVersion: contact.policyVersion }),
    )
    return { contact: { ...contact, ...next, activeAt: now }, says: begun.says, rules }
  })
  if (isRefusal(started)) return started
  if (factor === 'photo-id' && photoIdAlone(started.rules, { second: false }) === null)
    return settle(room, staff, started.contact.id, factor, { passed: true })
  await askForDigits(room, started.contact, factor)
  return { contact: started.contact, says: started.says }
}

/** Answers a factor that was started: a secret from the write-only box, or the second clerk's word. */
export async function answerFactor(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  factor: Factor,
  answer: { secret?: string; seen?: boolean },
): Promise<Answered | Refusal> {
  if (factor === 'photo-id') return secondWord(room, staff, id, answer.seen)
  if (factor === 'call-back')
    return refuse(
      'answer-needed',
      'A call back is answered by the phone itself.',
      'Wait until it is picked up.',
    )
  if (answer.secret === undefined)
    return refuse('answer-needed', 'Nothing was typed.', 'Type what the customer says, or let her key it in.')
  const held = await holdContact(room, room.db, staff, id, 'verify-contact')
  if (isRefusal(held)) return held
  return settle(room, staff, id, factor, { secret: answer.secret })
}

/** What the telephony system heard: keyed digits, or whether the call back was picked up. Null when it is not ours. */
export async function heardFromLine(
  room: CareRoom,
  ref: string,
  heard: { digits: string } | { answered: boolean },
): Promise<Answered | Refusal | null> {
  const [, id, factor] = /^care:([0-9a-f]{24}):(sms-code|pin|call-back)$/.exec(ref) ?? []
  if (id === undefined || factor === undefined) return null
  const contact = await readContact(room.db, id)
  if (contact === null || isOver(contact.state)) return null
  const by: Actor = {
    id: contact.staff,
    deskName: contact.deskName,
    office: contact.office,
    team: contact.team,
  }
  return settle(
    room,
    by,
    id,
    factor as Factor,
    'digits' in heard ? { secret: heard.digits } : { passed: heard.answered },
  )
}

type Proof = { secret: string } | { passed: boolean }

/** Checks the answer and saves what came of it with its entry, whether it passed or not: wrong tries count. */
async function settle(
  room: CareRoom,
  by: Actor,
  id: string,
  factor: Factor,
  proof: Proof,
  options: { second?: Actor } = {},
): Promise<Answered | Refusal> {
  const result = await commitWith(room.db, room.ledger, async (trx, append) => {
    const contact = await readContact(trx, id, { lock: true })
    if (contact === null) return contactNotFound()
    if (isOver(contact.state)) return contactOver()
    const now = room.clock.now()
    const pending = pendingNow(contact, factor, now)
    if (isRefusal(pending)) return pending
    const checked = await check(room, trx, contact, factor, proof)
    const refusal = isRefusal(checked) ? checked : null
    const next = stepContact(
      contact,
      refusal === null
        ? {
            do: 'pass',
            factor,
            at: now,
            ...(factor === 'photo-id' ? { second: options.second !== undefined } : {}),
          }
        : { do: 'fail', locked: /-locked$|needs-shop$/.test(refusal.code) },
    )
    if (isRefusal(next)) return next
    await saveVerification(trx, contact.id, next, now)
    await append(
      contactEntry(
        'contact-verified',
        contact,
        now,
        {
          factor,
          passed: refusal === null,
          rung: rungOf(next.passed),
          state: next.state,
          policyVersion: contact.policyVersion,
          ...(options.second === undefined
            ? {}
            : { second: { staff: options.second.id, deskName: options.second.deskName } }),
        },
        { outcome: refusal === null ? 'passed' : 'failed', by: options.second ?? by },
      ),
    )
    await room.notifications.publish(trx, 'contact-changed', {
      contactId: contact.id,
      staffId: contact.staff,
    })
    return {
      passed: refusal === null,
      says: saidOf(refusal, next),
      contact: { ...contact, ...next, activeAt: now },
    }
  })
  room.looks.forget(({ contact }) => contact.id === id)
  return result
}

async function check(
  room: CareRoom,
  trx: Trx,
  contact: Contact,
  factor: Factor,
  proof: Proof,
): Promise<Passed | Refusal | { passed: true }> {
  if ('passed' in proof)
    return proof.passed
      ? { passed: true }
      : refuse('line-gone', 'The call back was not picked up.', 'Try again, or use another way.')
  const subscriber = await subscriberOf(room, trx, contact)
  return factor === 'sms-code'
    ? room.customers.checkCode(trx, subscriber, {
        purpose: 'verify-contact',
        bindTo: contact.id,
        code: proof.secret,
      })
    : room.customers.checkSecret(trx, subscriber, proof.secret)
}

/** A colleague in the same shop, from a session of their own, says that the document and the person are one. */
async function secondWord(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  seen: boolean | undefined,
): Promise<Answered | Refusal> {
  if (seen === undefined)
    return refuse('answer-needed', 'Your word is missing.', 'Say whether document and person are one.')
  const contact = await readContact(room.db, id)
  if (contact === null) return contactNotFound()
  const { rules } = await policyOf(room, contact)
  if (staff.id === contact.staff || staff.id === contact.pending?.by)
    return refuse(
      'second-clerk-needed',
      'The second word comes from somebody else.',
      'Ask a colleague in the shop.',
    )
  if (rules.photoId.shopDevice && (staff.device.shop === null || staff.device.shop !== contact.shop))
    return refuse(
      'second-clerk-needed',
      'The second word comes from the same shop.',
      'Use a device of that shop.',
    )
  const refusal = mayWith(room, staff, contact, 'confirm-photo-id')
  if (refusal !== null) return refusal
  return settle(room, staff, id, 'photo-id', { passed: seen }, { second: staff })
}

async function begin(
  room: CareRoom,
  trx: Trx,
  staff: StaffFacts,
  contact: Contact,
  subscriber: Subscriber,
  factor: Factor,
  rules: VerificationRules,
  document: Document | undefined,
): Promise<{ until: number; says: Words } | Refusal> {
  const now = room.clock.now()
  const inMinutes = (minutes: number) => now + minutes * 60_000
  switch (factor) {
    case 'sms-code': {
      const sent: CodeSent | Refusal = await room.customers.sendCode(trx, subscriber, {
        purpose: 'verify-contact',
        bindTo: contact.id,
        allows: {
          en: `lets our staff answer about your bill for ${rules.grant.minutes} minutes`,
          my: `ကျွန်ုပ်တို့ဝန်ထမ်းအား သင့်ဘေလ်အကြောင်း ${rules.grant.minutes} မိနစ် ဖြေကြားခွင့်ပြုသည်`,
        },
      })
      if (isRefusal(sent)) return sent
      return { until: sent.expiresAt, says: { en: 'The code is on its way to her.', my: 'ကုဒ်ကို ပို့လိုက်ပါပြီ။' } }
    }
    case 'call-back': {
      const number = await room.customers.callBackNumber(trx, subscriber)
      if (isRefusal(number)) return number
      await room.telephony?.callBack(trx, {
        number: number.number,
        desk: staff.deskName,
        ref: `care:${contact.id}:call-back`,
      })
      return { until: inMinutes(rules.callBackMinutes), says: { en: 'Ringing her.', my: 'ပြန်ခေါ်နေပါသည်။' } }
    }
    case 'photo-id':
      if (document === undefined || !document.compared || !document.unexpired)
        return refuse(
          'document-needed',
          'A photo ID counts when it is unexpired and was compared with the person.',
          'Compare it and say so, or use another way.',
        )
      return {
        until: inMinutes(rules.idleMinutes),
        says: { en: 'A colleague must say so too.', my: 'လုပ်ဖော်တစ်ဦးကလည်း အတည်ပြုရပါမည်။' },
      }
    default:
      return {
        until: inMinutes(rules.code.liveMinutes),
        says: { en: 'She may key it in now.', my: 'သူ ယခု နှိပ်ထည့်နိုင်ပါပြီ။' },
      }
  }
}

/** Where she is on the line, she keys it in; where that fails, the write-only box is there. */
async function askForDigits(room: CareRoom, contact: Contact, factor: Factor): Promise<void> {
  if (contact.callId === null || room.telephony === null) return
  if (factor !== 'pin' && factor !== 'sms-code') return
  try {
    await room.telephony.askDigits(contact.callId, {
      count: 6,
      ref: `care:${contact.id}:${factor}`,
      prompt: factor === 'pin' ? 'pin' : 'code',
      language: (await subscriberOf(room, room.db, contact)).language,
    })
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    room.log.warn({ contact: contact.id, code: cause.code }, 'the telephony system did not ask for digits')
  }
}

function saidOf(refusal: Refusal | null, next: Verification): Words {
  if (refusal === null)
    return rungOf(next.passed) === 'none'
      ? { en: 'That is right. The phone must be verified too.', my: 'မှန်ပါသည်။ ဖုန်းကိုလည်း အတည်ပြုရန် လိုသေးသည်။' }
      : { en: 'Verified.', my: 'အတည်ပြုပြီးပါပြီ။' }
  if (next.pending === null)
    return {
      en: 'Wrong, and locked for 30 minutes. She has been told.',
      my: 'မှားသဖြင့် မိနစ် ၃၀ ပိတ်ထားပါပြီ။ သူ့ကို အသိပေးပြီးပါပြီ။',
    }
  return { en: 'That did not pass.', my: 'မမှန်ကန်ပါ။' }
}
