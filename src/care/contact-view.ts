import type { Static } from 'typebox'
import { formatNumber } from '../calls/numbers.ts'
import type { Subscriber } from '../customers/customers.ts'
import type { EntryId } from '../ledger/entry.ts'
import { invariant } from '../platform/coded-error.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { HouseRules, VerificationPolicy, VerificationRules } from '../staff/verification-policy.ts'
import { ownKeyView } from './key-ask-view.ts'
import { ladderOf } from './ladder.ts'
import { lookView } from './look-view.ts'
import type { CareRoom, On } from './parties.ts'
import { monthBounds, monthsBack, monthWords, myanmarDigits } from './period.ts'
import { photoIdBlock } from './rules.ts'
import type { ContactViewData, Factor, FlagView, Purpose, Question } from './schemas.ts'
import { type Contact, readLookOfContact } from './store.ts'

/** The contact as its page shows it. */

const QUESTIONS: { question: Question; label: Words; purpose: Purpose }[] = [
  {
    question: 'higher',
    label: { en: 'Why is it higher?', my: 'ဘာကြောင့် ပိုများသလဲ' },
    purpose: 'bill-clarification',
  },
  { question: 'one-charge', label: { en: 'One charge', my: 'ကျသင့်ငွေတစ်ခု' }, purpose: 'bill-clarification' },
  { question: 'data', label: { en: 'Data', my: 'ဒေတာ' }, purpose: 'bill-clarification' },
  { question: 'roaming', label: { en: 'Roaming', my: 'နိုင်ငံခြား' }, purpose: 'bill-clarification' },
  {
    question: 'number-appears',
    label: { en: 'Does a number appear?', my: 'နံပါတ်တစ်ခု ပါသလား' },
    purpose: 'nuisance-calls',
  },
  {
    question: 'not-mine',
    label: { en: 'Calls I did not make', my: 'ကျွန်ုပ် မခေါ်ခဲ့သော ဖုန်းများ' },
    purpose: 'fraud-report',
  },
]

const FACTORS: readonly Factor[] = ['sms-code', 'pin', 'passphrase', 'call-back', 'photo-id']

/** The view, with everything that depends on this moment worked out. */
export async function contactView(
  room: CareRoom,
  staff: Pick<StaffFacts, 'id' | 'device'>,
  contact: Contact,
): Promise<ContactViewData> {
  const now = room.clock.now()
  const subscriber = await subscriberOf(room, room.db, contact)
  const { rules } = await policyOf(room, contact)
  const [offered, live, look] = await Promise.all([
    Promise.all(
      FACTORS.filter((factor) => !isOtherSecret(subscriber, factor)).map(async (factor) => ({
        factor,
        block: await factorBlock(room, room.db, staff, contact, subscriber, rules, factor),
      })),
    ),
    contact.callId === null ? null : (room.telephony?.liveCallById(contact.callId) ?? null),
    readLookOfContact(room.db, contact.id),
  ])
  const entry = look === null ? null : await room.ledger.indexOf(look.entry as EntryId)
  return {
    id: contact.id,
    state: contact.state,
    channel: contact.breakGlass ? 'break-glass' : contact.channel,
    openedAt: contact.openedAt,
    closedAt: contact.closedAt,
    person: {
      name: nameWords(subscriber),
      number: formatNumber(subscriber.number),
      language: subscriber.language,
    },
    line: {
      confirmed: contact.confirmed,
      live: live !== null,
      since: live?.startedAt ?? null,
      says: lineWords(contact),
    },
    ladder: ladderOf(contact, offered, rules, now, room.offsetMinutes),
    ownKey: await ownKeyView(room, contact, subscriber),
    worthKnowing: worthKnowing(room, contact, subscriber, now),
    questions: QUESTIONS,
    months: monthsOffered(room, subscriber, rules, now).map((month) => ({
      month,
      label: monthWords(month, now, room.offsetMinutes),
    })),
    grant: look === null ? null : lookView(room, { look, contact, subscriber }, rules.limits, entry),
    resolution: contact.resolution,
    note:
      contact.note === null ? '' : room.keys.sealer.open('care-note', contact.id, contact.note).toString(),
    mine: contact.staff === staff.id,
  }
}

/** The bill periods that may be asked about: the last ones, and none from before she held the number. */
export function monthsOffered(
  room: CareRoom,
  subscriber: Pick<Subscriber, 'tenureFrom'>,
  { retention }: Pick<HouseRules, 'retention'>,
  now: number,
): string[] {
  return monthsBack(now, retention.careBillPeriods ?? room.billPeriods, room.offsetMinutes).filter(
    (month) => monthBounds(month, room.offsetMinutes).until > subscriber.tenureFrom,
  )
}

/** The verification policy that the contact runs under. */
export async function policyOf(room: CareRoom, contact: Contact): Promise<VerificationPolicy> {
  const policy = await room.staff.verification.version(contact.policyVersion)
  invariant(policy, 'a contact names a verification policy that exists')
  return policy
}

/** Whose contact it is. */
export async function subscriberOf(room: CareRoom, on: On, contact: Contact): Promise<Subscriber> {
  const subscriber = await room.customers.byTenure(on, contact.tenure)
  invariant(subscriber, 'a contact is with a subscriber')
  return subscriber
}

/** Why a factor may not be used in this contact now, or null: the channel first, then the customer's own state. */
export async function factorBlock(
  room: CareRoom,
  on: On,
  staff: Pick<StaffFacts, 'device'>,
  contact: Contact,
  subscriber: Subscriber,
  rules: VerificationRules,
  factor: Factor,
): Promise<Refusal | null> {
  if (isOtherSecret(subscriber, factor) || (factor === 'call-back' && room.telephony === null))
    return notHere()
  if (factor === 'photo-id') {
    if (contact.channel !== 'shop')
      return refuse('shop-visit-needed', 'Only in a shop, with the person there.', 'Use another one.')
    const block = photoIdBlock(rules, { shop: staff.device.shop })
    if (block !== null) return block
  }
  return room.customers.factorBlock(on, subscriber, factor)
}

function notHere(): Refusal {
  return refuse('factor-not-here', 'This way of verifying does not fit this contact.', 'Use another one.')
}

function isOtherSecret(subscriber: Subscriber, factor: Factor): boolean {
  if (factor !== 'pin' && factor !== 'passphrase') return false
  return factor !== (subscriber.secret?.kind ?? 'pin')
}

function nameWords({ name }: Subscriber): Words {
  return { en: [name.honorific, name.latn].filter((part) => part !== '').join(' '), my: name.my }
}

function lineWords(contact: Contact): Words {
  if (contact.channel === 'shop') return { en: 'In the shop', my: 'ဆိုင်တွင်' }
  if (contact.channel !== 'call') return { en: 'Writing to us', my: 'စာဖြင့် ဆက်သွယ်နေသည်' }
  return contact.confirmed
    ? { en: 'The telephony system confirms this number called', my: 'ဤနံပါတ်မှ ခေါ်ကြောင်း ဖုန်းစနစ်က အတည်ပြုသည်' }
    : {
        en: 'The telephony system does not know of this call',
        my: 'ဤခေါ်ဆိုမှုကို ဖုန်းစနစ်က မသိပါ',
      }
}

function worthKnowing(
  room: CareRoom,
  contact: Contact,
  subscriber: Subscriber,
  now: number,
): Static<typeof FlagView>[] {
  const calm: Words[] = []
  const week = 7 * 86_400_000
  if (subscriber.simChangedAt === null || now - subscriber.simChangedAt >= week) {
    const since = ageWords(now - (subscriber.simChangedAt ?? subscriber.registeredOn))
    calm.push({ en: `SIM unchanged for ${since.en}`, my: `ဆင်းမ်ကတ် မပြောင်းသည်မှာ ${since.my}` })
  }
  if (!subscriber.forwarded) calm.push({ en: 'Calls are not forwarded', my: 'ခေါ်ဆိုမှုများ လွှဲမထားပါ' })
  if (subscriber.addressOfRecord !== null) {
    const since = ageWords(now - subscriber.addressOfRecord.since)
    calm.push({ en: `Address of record: ${since.en}`, my: `မှတ်တမ်းရှိ လိပ်စာ: ${since.my}` })
  }
  const circle: Static<typeof FlagView> =
    contact.circle === 'none'
      ? { says: { en: 'She is not in your circle', my: 'သူသည် သင့်အသိုင်းအဝိုင်းတွင် မပါပါ' }, tone: 'calm' }
      : { says: { en: 'She is a colleague of yours', my: 'သူသည် သင့်လုပ်ဖော်ကိုင်ဖက် ဖြစ်သည်' }, tone: 'stop' }
  return [
    ...room.customers.flags(subscriber).map((says) => ({ says, tone: 'careful' as const })),
    ...calm.map((says) => ({ says, tone: 'calm' as const })),
    circle,
  ]
}

function ageWords(ms: number): Words {
  const days = Math.floor(ms / 86_400_000)
  if (days < 60) return { en: `${days} days`, my: `${myanmarDigits(String(days))} ရက်` }
  const months = Math.floor(days / 30.44)
  if (months < 24) return { en: `${months} months`, my: `${myanmarDigits(String(months))} လ` }
  const years = Math.floor(months / 12)
  return { en: `${years} years`, my: `${myanmarDigits(String(years))} နှစ်` }
}
