import type { Words } from '../platform/words.ts'
import type { LookLimits } from '../staff/verification-policy.ts'
import { type Door, grantOpens, matchNeedsCode } from './grant-rules.ts'
import type { LoadedLook } from './look-cache.ts'
import { endingWords, type LookFacts, noticeText, officeWords, shownWords } from './look-words.ts'
import type { CareRoom } from './parties.ts'
import { monthName, monthWords } from './period.ts'
import { rungOfLook } from './rules.ts'
import type { GrantViewData } from './schemas.ts'
import type { Contact, Look } from './store.ts'

/** A look as the guard rail shows it. */

/** What the sentences about a look need to know. */
export function factsOf(look: Look, contact: Contact, at: number): LookFacts {
  return {
    deskName: contact.deskName,
    office: contact.office,
    purpose: look.purpose,
    month: look.month,
    rowsShown: look.rowsShown,
    rowsTotal: look.rowsTotal,
    matches: look.matches,
    unmasked: look.unmasked,
    at,
  }
}

/** Null when this door of the look is open to `staffId` now. */
export function doorOf(
  { look, contact }: Pick<LoadedLook, 'look' | 'contact'>,
  door: Door,
  staffId: string,
  now: number,
) {
  const { state, endsAt, brokenGlass } = look
  const facts = { staffId: look.staff, state, endsAt, brokenGlass, rung: rungOfLook(contact.passed, look) }
  return grantOpens(facts, door, staffId, now)
}

/** The view of a look. `entry` is where the grant stands in the ledger. */
export function lookView(
  room: CareRoom,
  loaded: LoadedLook,
  limits: Pick<LookLimits, 'matchesAContact'>,
  entry: number | null,
): GrantViewData {
  const { look, contact, subscriber } = loaded
  const now = room.clock.now()
  const facts = factsOf(look, contact, now)
  const opens = (door: Door) => doorOf(loaded, door, look.staff, now) === null
  const rung = rungOfLook(contact.passed, look)
  const text = noticeText(facts, room.offsetMinutes)
  const preview = room.customers.previewNotice(subscriber, { text, purpose: 'look', ref: look.id })
  return {
    id: look.id,
    contact: contact.id,
    state: look.state === 'active' && now >= look.endsAt ? 'ended' : look.state,
    purpose: look.purpose,
    question: look.question,
    month: look.month,
    monthLabel: monthWords(look.month, now, room.offsetMinutes),
    grantedAt: look.grantedAt,
    endsAt: look.endsAt,
    says: stateWords(look, now),
    opens: {
      bill: opens('bill'),
      rows: opens('rows'),
      unmask: opens('unmask'),
      matchNeedsCode: matchNeedsCode(rung),
    },
    why: opens('rows') || rung !== 'phone' ? null : ROWS_NEED_MORE,
    rowsTotal: look.rowsTotal,
    rowsShown: look.rowsShown,
    rowsLeft: Math.max(0, (look.rowsTotal ?? 0) - look.rowsShown),
    matchesLeft: Math.max(0, limits.matchesAContact - look.matches),
    unmasked: look.unmasked,
    shown: shownWords(facts),
    preview: previewWords(text, preview.outcome),
    entry,
    watermark: watermarkOf(room, contact, now),
    brokenGlass: look.brokenGlass,
  }
}

/** Who and when, to lie over the rows: `M-17 · Mandalay · 23 Nov 10:41`. */
export function watermarkOf(room: Pick<CareRoom, 'offsetMinutes'>, contact: Contact, now: number): string {
  const local = new Date(now + room.offsetMinutes * 60_000)
  const month = monthName(local.toISOString().slice(0, 7)).en.slice(0, 3)
  const time = local.toISOString().slice(11, 16)
  return `${contact.deskName} · ${officeWords(contact.office).en} · ${local.getUTCDate()} ${month} ${time}`
}

const ROWS_NEED_MORE: Words = {
  en: 'Rows ask for her PIN or passphrase, her own key, or a photo ID in a shop.',
  my: 'အတန်းများကြည့်ရန် PIN သို့မဟုတ် စကားဝှက်၊ ကိုယ်ပိုင်သော့၊ ဆိုင်တွင် ဓာတ်ပုံပါကတ် လိုအပ်သည်။',
}
const PREVIEWS = {
  texted: null,
  'texted-elsewhere': { en: '(to the other number she gave)', my: '(သူပေးထားသော အခြားနံပါတ်သို့)' },
  'texted-neutral': {
    en: 'Safe mode: a text that says only that there is news on her page.',
    my: 'လုံခြုံမုဒ်: သူ့စာမျက်နှာတွင် သတင်းအသစ်ရှိကြောင်းသာ ပို့မည်။',
  },
  withheld: {
    en: 'Safe mode: no text. She reads it on her page or in a shop.',
    my: 'လုံခြုံမုဒ်: စာမပို့ပါ။ သူ့စာမျက်နှာ သို့မဟုတ် ဆိုင်တွင် ဖတ်နိုင်သည်။',
  },
} as const satisfies Record<string, Words | null>

function previewWords(text: Words, outcome: keyof typeof PREVIEWS): Words {
  const instead: Words | null = PREVIEWS[outcome]
  if (instead === null) return text
  return outcome === 'texted-elsewhere'
    ? { en: `${text.en} ${instead.en}`, my: `${text.my} ${instead.my}` }
    : instead
}

function stateWords(look: Look, now: number): Words | null {
  switch (look.state) {
    case 'waiting-for-second':
      return {
        en: 'You looked at this customer in the last 30 days: a supervisor of another team decides first.',
        my: 'ရက် ၃၀ အတွင်း ဤဖောက်သည်ကို သင်ကြည့်ခဲ့ပြီးဖြစ်၍ အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူး ဆုံးဖြတ်ရမည်။',
      }
    case 'denied':
      return { en: 'A supervisor said no.', my: 'ကြီးကြပ်ရေးမှူးက ခွင့်မပြုပါ။' }
    case 'ended':
      return endingWords(look.endReason ?? 'time')
    default:
      return now >= look.endsAt ? endingWords('time') : null
  }
}
