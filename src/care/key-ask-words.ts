import type { Words } from '../platform/words.ts'
import { officeWords, purposeWords } from './look-words.ts'
import { clockText, dayOf, dayWords, monthBounds, monthWords, myanmarDigits } from './period.ts'
import type { Purpose } from './schemas.ts'

/** The sentence that she allows, and what the text says. */

export interface LookAskedOfHer {
  /** As people write it. */
  readonly number: string
  readonly deskName: string
  readonly office: string
  readonly purpose: Purpose
  readonly month: string
  readonly until: number
}

/** One sentence: whose records, which period, until when, for what, by whom. It is what her key signs. */
export function allowanceWords(asked: LookAskedOfHer, now: number, offsetMinutes: number): Words {
  const office = officeWords(asked.office)
  const month = monthWords(asked.month, now, offsetMinutes)
  const [first, last] = daysOfMonth(asked.month, offsetMinutes)
  const time = clockText(asked.until, offsetMinutes).slice(0, 5)
  const why = purposeWords(asked.purpose)
  const { deskName, number } = asked
  return {
    en: `Staff member ${deskName} in ${office.en} may see the calls of ${number} in ${month.en} (${first.en} to ${last.en}), other numbers masked, until ${time}, ${why.en}.`,
    my: `${office.my}ရုံးမှ ဝန်ထမ်း ${deskName} သည် ${why.my} ${number} ၏ ${month.my} (${first.my} မှ ${last.my} အထိ) ဖုန်းခေါ်ဆိုမှုများကို အခြားနံပါတ်များ ဖုံးလျက် ${myanmarDigits(time)} အထိ ကြည့်ခွင့်ရှိသည်။`,
  }
}

/** The text with the link. */
export function askText(
  asked: Pick<LookAskedOfHer, 'deskName' | 'office' | 'month'>,
  now: number,
  offsetMinutes: number,
): Words {
  const office = officeWords(asked.office)
  const month = monthWords(asked.month, now, offsetMinutes)
  return {
    en: `Staff member ${asked.deskName} in ${office.en} asks to see your ${month.en} calls. Allow or refuse it with your own key:`,
    my: `${office.my}ရုံးမှ ဝန်ထမ်း ${asked.deskName} သည် သင့်${month.my} ဖုန်းမှတ်တမ်းကို ကြည့်ခွင့်တောင်းသည်။ ခွင့်ပြုရန် သို့မဟုတ် ငြင်းရန်:`,
  }
}

/** The text with which she makes a key in the shop. */
export const ENROL_TEXT: Words = {
  en: 'You are in our shop: make a key of your own on this phone. It allows looks after 24 hours.',
  my: 'ဆိုင်တွင် ရှိနေစဉ် ဤဖုန်းပေါ်တွင် ကိုယ်ပိုင်သော့ ပြုလုပ်ပါ။ 24 နာရီကြာမှ အသုံးပြုနိုင်မည်။',
}

function daysOfMonth(month: string, offsetMinutes: number): [Words, Words] {
  const { from, until } = monthBounds(month, offsetMinutes)
  return [dayWords(dayOf(from * 1000, offsetMinutes)), dayWords(dayOf((until - 1) * 1000, offsetMinutes))]
}
