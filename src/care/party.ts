import type { OtherParty } from '../calls/call-record.ts'
import { otherPartyKey } from '../calls/call-record.ts'
import { describeNumber, type NumberPlan } from '../calls/numbers.ts'
import type { Words } from '../platform/words.ts'

/** What a masked view may say about the other party: its type, and which of the look's parties it is. */

export const PARTY_WORDS = {
  'own-network': { en: 'Own network', my: 'ကွန်ရက်တူ' },
  'other-mobile': { en: 'Other mobile', my: 'အခြားမိုဘိုင်း' },
  landline: { en: 'Landline', my: 'ကြိုးဖုန်း' },
  abroad: { en: 'Abroad', my: 'နိုင်ငံခြား' },
  premium: { en: 'Premium', my: 'အထူးနှုန်း' },
  service: { en: 'Service', my: 'ဝန်ဆောင်မှု' },
  'toll-free': { en: 'Toll-free', my: 'အခမဲ့လိုင်း' },
  'short-code': { en: 'Short code', my: 'နံပါတ်တို' },
  name: { en: 'Named sender', my: 'အမည်ဖြင့်ပို့သူ' },
  withheld: { en: 'Withheld', my: 'နံပါတ်ဖုံးထား' },
  data: { en: 'Data', my: 'ဒေတာ' },
} as const satisfies Record<string, Words>

export type PartyType = keyof typeof PARTY_WORDS

export interface PartySeen {
  readonly type: PartyType
  /** ISO 3166, only with `abroad`. */
  readonly country: string | null
  /** Which of this look's parties, from 0 in order of appearance; null where there is none to tell apart. */
  readonly party: number | null
}

/** The type of a party under the plan. */
export function partyType(other: OtherParty, plan: NumberPlan): { type: PartyType; country: string | null } {
  switch (other.kind) {
    case 'number': {
      const { type, country } = describeNumber(other.number, plan)
      return { type, country: country ?? null }
    }
    case 'none':
      return { type: 'data', country: null }
    default:
      return { type: other.kind, country: null }
  }
}

/** A lens that numbers the parties of one look and says their types; the numbers themselves stay behind. */
export function countParties(plan: NumberPlan): (other: OtherParty) => PartySeen {
  const seen = new Map<string, PartySeen>()
  let parties = 0
  return (other) => {
    const key = otherPartyKey(other)
    const known = seen.get(key)
    if (known !== undefined) return known
    const party = other.kind === 'none' || other.kind === 'withheld' ? null : parties++
    const made = { ...partyType(other, plan), party }
    seen.set(key, made)
    return made
  }
}

/** "Abroad, Thailand", "Premium". */
export function partyWords(type: PartyType, country: string | null): Words {
  const words = PARTY_WORDS[type]
  if (country === null) return words
  return {
    en: `${words.en}, ${regionNames.en.of(country) ?? country}`,
    my: `${words.my}၊ ${regionNames.my.of(country) ?? country}`,
  }
}

const regionNames = {
  en: new Intl.DisplayNames('en', { type: 'region' }),
  my: new Intl.DisplayNames('my', { type: 'region' }),
}
