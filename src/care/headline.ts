import type { Words } from '../platform/words.ts'
import type { Bill, DayPart, Unusual } from './bill.ts'
import { PARTY_WORDS, type PartyType, partyWords } from './party.ts'
import { dayList, moneyText, monthName, myanmarDigits } from './period.ts'

/** The sentence that a bill begins with, and the names of its categories, in both languages. */

/** Tariff categories by id, as the operator calls them. */
export type CategoryNames = Readonly<Record<string, Words>>

const PARTS: Record<DayPart, Words> = {
  mornings: { en: 'mornings', my: 'မနက်ပိုင်း' },
  afternoons: { en: 'afternoons', my: 'နေ့လယ်ပိုင်း' },
  evenings: { en: 'evenings', my: 'ညနေပိုင်း' },
  nights: { en: 'nights', my: 'ညပိုင်း' },
}

/** A category as people read it. */
export function categoryWords(category: string, names: CategoryNames): Words {
  if (Object.hasOwn(names, category)) return names[category] as Words
  if (Object.hasOwn(PARTY_WORDS, category)) return PARTY_WORDS[category as PartyType]
  return { en: category, my: category }
}

/** "12,400 of 18,900 Ks went to one premium number: 7 calls on the evenings of 14 and 15 August." */
export function headlineOf(bill: Bill, month: string, money: Words, names: CategoryNames): Words {
  const total = amount(bill.totalMilli, money)
  const { unusual } = bill
  if (bill.rowsTotal === 0) return { en: 'Nothing was used in this period.', my: 'ဤကာလအတွင်း အသုံးပြုမှု မရှိပါ။' }
  if (unusual.what === 'nothing')
    return {
      en: `Nothing stands out: ${total.en} in all, spread over the month.`,
      my: `ထူးခြားချက် မတွေ့ရပါ၊ စုစုပေါင်း ${total.my} သည် တစ်လလုံးတွင် ပြန့်နှံ့နေပါသည်။`,
    }
  const part = moneyText(unusual.milli)
  const on = onDays(unusual.days, month, unusual.what === 'party' ? unusual.part : null)
  const of = {
    en: `${part} of ${total.en}`,
    my: `စုစုပေါင်း ${total.my}အနက် ${myanmarDigits(part)} ${money.my}`,
  }
  switch (unusual.what) {
    case 'party':
      return partyHeadline(unusual, of, on)
    case 'category': {
      const label = categoryWords(unusual.category, names)
      if (unusual.records === 0)
        return { en: `${label.en} cost nothing this month.`, my: `ဤလတွင် ${label.my} အတွက် ကျသင့်ငွေ မရှိပါ။` }
      return {
        en: `${of.en} went to ${label.en.toLowerCase()}, most of it${on.en}.`,
        my: `${of.my}သည် ${label.my} အတွက် ဖြစ်ပြီး အများစုမှာ ${on.my} ဖြစ်ပါသည်။`,
      }
    }
    case 'days':
      return { en: `${of.en} fell${on.en}.`, my: `${of.my}သည် ${on.my}တွင် ကျသင့်ခဲ့ပါသည်။` }
  }
}

/** "14 and 15" under the lit bars, or null. */
export function litCaption(bill: Bill): Words | null {
  return bill.unusual.what === 'nothing' || bill.unusual.days.length === 0 || bill.unusual.days.length > 4
    ? null
    : dayList(bill.unusual.days)
}

function partyHeadline(unusual: Extract<Unusual, { what: 'party' }>, of: Words, on: Words): Words {
  const label = partyWords(unusual.type, unusual.country)
  const count = unusual.records
  const noun = {
    voice: { en: count === 1 ? 'call' : 'calls', my: 'ခေါ်ဆိုမှု' },
    sms: { en: count === 1 ? 'message' : 'messages', my: 'မက်ဆေ့ခ်ျ' },
    data: { en: count === 1 ? 'session' : 'sessions', my: 'အသုံးပြုမှု' },
    mixed: { en: count === 1 ? 'charge' : 'charges', my: 'ကျသင့်မှု' },
  }[unusual.kind]
  return {
    en: `${of.en} went to one ${label.en.charAt(0).toLowerCase()}${label.en.slice(1)} number: ${count} ${noun.en}${on.en}.`,
    my: `${of.my}သည် ${label.my} နံပါတ်တစ်ခုသို့ ဖြစ်ပါသည်။ ${on.my}တွင် ${noun.my} ${myanmarDigits(String(count))} ကြိမ်။`,
  }
}

/** " on the evenings of 14 and 15 August"; more than four days are only "on 9 days in August". */
function onDays(days: readonly string[], month: string, part: DayPart | null): Words {
  const name = monthName(month)
  if (days.length > 4)
    return {
      en: ` on ${days.length} days in ${name.en}`,
      my: `${name.my} ${myanmarDigits(String(days.length))} ရက်`,
    }
  const list = dayList(days)
  if (part === null) return { en: ` on ${list.en} ${name.en}`, my: `${name.my} ${list.my} ရက်` }
  const words = PARTS[part]
  const when = days.length === 1 ? words.en.slice(0, -1) : words.en
  return {
    en: ` on the ${when} of ${list.en} ${name.en}`,
    my: `${name.my} ${list.my} ရက် ${words.my}`,
  }
}

function amount(milli: number, money: Words): Words {
  const text = moneyText(milli)
  return { en: `${text} ${money.en}`, my: `${myanmarDigits(text)} ${money.my}` }
}
