import type { Words } from '../platform/words.ts'
import { ROLE_WORDS, type Role } from './staff.ts'
import type { RuleValue } from './verification-policy.ts'

/** The rules of a version in words: on the console's page, and in the public report. */
const RULE_WORDS: Readonly<Record<string, Words>> = {
  'limits.looksAnHour': { en: 'Looks a person may begin in an hour', my: 'တစ်နာရီလျှင် တစ်ဦး၏ ကြည့်ရှုမှု' },
  'limits.looksAnHourOfTeam': { en: 'Looks a team may begin in an hour', my: 'တစ်နာရီလျှင် အဖွဲ့၏ ကြည့်ရှုမှု' },
  'limits.unmasksALook': { en: 'Rows shown in full in a look', my: 'ကြည့်ရှုမှုတစ်ခုလျှင် အပြည့်ပြသော စာကြောင်း' },
  'limits.matchesAContact': { en: 'Numbers asked about in a contact', my: 'ဆက်သွယ်မှုတစ်ခုလျှင် မေးခွင့်ရှိသော နံပါတ်' },
  'limits.matchesASubscriber': {
    en: 'Numbers asked about for one customer',
    my: 'ဖောက်သည်တစ်ဦးအတွက် မေးခွင့်ရှိသော နံပါတ်',
  },
  'limits.matchDays': { en: 'in so many days', my: 'ရက်အရေအတွက်အတွင်း' },
  'limits.matchesADay': { en: 'Numbers a person may ask about in a day', my: 'တစ်ရက်လျှင် တစ်ဦး မေးခွင့်ရှိသော နံပါတ်' },
  'limits.missesAContact': {
    en: 'Numbers that do not match before a supervisor is called',
    my: 'ကြီးကြပ်ရေးမှူး မခေါ်မီ မတိုက်ဆိုင်သော နံပါတ်',
  },
  'retention.careBillPeriods': { en: 'Bill periods open to the desk', my: 'ကြည့်ခွင့်ရှိသော ဘေလ်ကာလ' },
  'retention.storeMonths': { en: 'Records are kept, months', my: 'မှတ်တမ်း သိမ်းဆည်းချိန်၊ လ' },
  'photoId.shopDevice': { en: 'Photo ID: only on a shop’s own device', my: 'ဓာတ်ပုံကတ်- ဆိုင်ပိုင်စက်ပေါ်တွင်သာ' },
  'photoId.secondClerk': { en: 'Photo ID: a second clerk’s word', my: 'ဓာတ်ပုံကတ်- ဒုတိယဝန်ထမ်း၏ အတည်ပြုချက်' },
  'photoId.textFirst': { en: 'Photo ID: the customer’s text goes out first', my: 'ဓာတ်ပုံကတ်- ဖောက်သည်ထံ စာတို အရင်ပို့' },
  'code.liveMinutes': { en: 'A code lives, minutes', my: 'ကုဒ်သက်တမ်း၊ မိနစ်' },
  'code.tries': { en: 'Tries at a code', my: 'ကုဒ်ကြိုးစားခွင့် အကြိမ်' },
  'code.lockMinutes': { en: 'Then locked, minutes', my: 'ထို့နောက် သော့ခတ်၊ မိနစ်' },
  'code.sendsPerContact': { en: 'Codes sent in one contact', my: 'ဆက်သွယ်မှုတစ်ခုလျှင် ကုဒ်ပို့ခွင့်' },
  'code.secondsBetweenSends': { en: 'Between two codes, seconds', my: 'ကုဒ်နှစ်ခုကြား စက္ကန့်' },
  'code.simChangeDays': { en: 'No code to a SIM changed within, days', my: 'ဆင်းမ်ကတ်ပြောင်းပြီး ကုဒ်မပို့ရသည့် ရက်' },
  'secret.tries': { en: 'Tries at a PIN or passphrase', my: 'PIN ကြိုးစားခွင့် အကြိမ်' },
  'secret.lockMinutes': { en: 'Then locked, minutes', my: 'ထို့နောက် သော့ခတ်၊ မိနစ်' },
  'secret.ageHours': { en: 'A PIN counts after, hours', my: 'PIN အသုံးဝင်ရန် နာရီ' },
  callBackMinutes: { en: 'A call back is waited for, minutes', my: 'ပြန်ခေါ်မှု စောင့်ချိန်၊ မိနစ်' },
  addressAgeDays: { en: 'An address counts after, days', my: 'လိပ်စာ အသုံးဝင်ရန် ရက်' },
  firstPinWaitHours: { en: 'A first PIN waits, hours', my: 'ပထမဆုံး PIN စောင့်ချိန်၊ နာရီ' },
  idleMinutes: { en: 'An idle contact is abandoned after, minutes', my: 'လှုပ်ရှားမှုမရှိသော ဆက်သွယ်မှု ရပ်ဆိုင်းချိန်၊ မိနစ်' },
  'grant.minutes': { en: 'A look lasts at most, minutes', my: 'ကြည့်ရှုမှု အများဆုံး မိနစ်' },
  'grant.rowsPerPage': { en: 'Rows on a page', my: 'တစ်မျက်နှာ စာကြောင်း' },
}

const WITHHELD: Words = { en: 'Withheld from {role}: {action}', my: '{role} မှ ပိတ်ထားသည်- {action}' }

/** A rule as people read it; what is withheld by its role and action. A rule that has no words shows its place. */
export function ruleWords(rule: string): Words {
  const [, role, action] = /^withheld\.([^/]+)\/(.+)$/.exec(rule) ?? []
  if (role === undefined || action === undefined) return RULE_WORDS[rule] ?? { en: rule, my: rule }
  const named = ROLE_WORDS[role as Role] ?? { en: role, my: role }
  const fill = (text: string, name: string): string =>
    text.replace('{role}', name).replace('{action}', action)
  return { en: fill(WITHHELD.en, named.en), my: fill(WITHHELD.my, named.my) }
}

const YES: Words = { en: 'yes', my: 'လိုသည်' }
const NO: Words = { en: 'no', my: 'မလိုပါ' }
const BY_LAW: Words = { en: 'as the jurisdiction says', my: 'နိုင်ငံ၏ သတ်မှတ်ချက်အတိုင်း' }

/** A rule's value as people read it. */
export function valueWords(value: RuleValue): Words {
  if (value === null) return BY_LAW
  if (typeof value === 'boolean') return value ? YES : NO
  return { en: String(value), my: String(value) }
}

/** Whether a rule is a yes or a no: a header keeps it as 1 or 0. */
export function isYesOrNo(rule: string): boolean {
  return rule.startsWith('photoId.') || rule.startsWith('withheld.')
}
