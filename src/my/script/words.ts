import { dayWords, myanmarDigits } from '../../care/period.ts'
import type { Language, Words } from '../../platform/words.ts'

/** What her browser says about what it has checked. `{...}` is filled in. */
export const SCRIPT_WORDS = {
  checking: { en: 'Your phone is checking this against the register …', my: 'သင့်ဖုန်းက မှတ်ပုံစာရင်းနှင့် တိုက်စစ်နေသည် …' },
  allHold: {
    en: 'Every line fits the register.|{count}, and your phone has just checked each of them against the public register, signed by {operator}.',
    my: 'စာကြောင်းအားလုံး မှတ်ပုံစာရင်းနှင့် ကိုက်ညီသည်။|ကြည့်ရှုမှု {count} ခုကို {operator} လက်မှတ်ထိုးထားသော အများပြည်သူ မှတ်ပုံစာရင်းနှင့် သင့်ဖုန်းက ယခုပင် တိုက်စစ်ပြီးပါပြီ။',
  },
  oneLook: { en: 'There is 1 look', my: '၁' },
  manyLooks: { en: 'There are {n} looks', my: '{n}' },
  someBroke: {
    en: 'Something here does not fit the register.|The line in red below is not what was written down. Keep its proof, and ask a lawyer or the regulator.',
    my: 'မှတ်ပုံစာရင်းနှင့် မကိုက်ညီသည်များ ရှိသည်။|အောက်ပါ အနီရောင်စာကြောင်းသည် မှတ်တမ်းတင်ခဲ့သည့်အတိုင်း မဟုတ်ပါ။ သက်သေကို သိမ်းထားပြီး ရှေ့နေ သို့မဟုတ် ကြီးကြပ်ရေးအဖွဲ့ကို မေးပါ။',
  },
  registerBroke: {
    en: 'The register does not hold.|{why} Tell a lawyer or the regulator.',
    my: 'မှတ်ပုံစာရင်း မမှန်ကန်ပါ။|{why} ရှေ့နေ သို့မဟုတ် ကြီးကြပ်ရေးအဖွဲ့ကို ပြောပါ။',
  },
  unreachable: {
    en: 'Not checked.|Your phone could not reach the register just now. Try again later.',
    my: 'မစစ်ဆေးရသေးပါ။|သင့်ဖုန်းသည် မှတ်ပုံစာရင်းကို ယခု မချိတ်ဆက်နိုင်ပါ။ နောက်မှ ထပ်ကြိုးစားပါ။',
  },
  checkedTitle: { en: 'Checked on your phone just now', my: 'သင့်ဖုန်းပေါ်တွင် ယခုပင် စစ်ဆေးပြီး' },
  brokenTitle: { en: 'This does not fit the register', my: 'ဤအရာသည် မှတ်ပုံစာရင်းနှင့် မကိုက်ညီပါ' },
  inRegister: {
    en: 'This line is in the register, as entry {first}. Changing a word of it would not fit.',
    my: 'ဤစာကြောင်းသည် မှတ်ပုံစာရင်းတွင် မှတ်တမ်းအမှတ် {first} အဖြစ် ပါရှိသည်။ စကားလုံးတစ်လုံး ပြောင်းလျှင်ပင် ကိုက်ညီတော့မည် မဟုတ်ပါ။',
  },
  inRegisterMany: {
    en: 'This line is in the register, as entries {first} to {last}. Changing a word of it would not fit.',
    my: 'ဤစာကြောင်းသည် မှတ်ပုံစာရင်းတွင် မှတ်တမ်းအမှတ် {first} မှ {last} အထိ ပါရှိသည်။ စကားလုံးတစ်လုံး ပြောင်းလျှင်ပင် ကိုက်ညီတော့မည် မဟုတ်ပါ။',
  },
  order: {
    en: 'Who looks and why stands in it before the first thing that was shown.',
    my: 'မည်သူ မည်သည့်အတွက် ကြည့်မည်ကို ပထမဆုံး ပြသခြင်းမတိုင်မီ ရေးမှတ်ထားသည်။',
  },
  signed: {
    en: '{operator} signed the register, all {size} entries of it, and cannot take that back.',
    my: '{operator} သည် မှတ်တမ်း {size} ခုပါ မှတ်ပုံစာရင်းကို လက်မှတ်ထိုးထားပြီး ပြန်ရုပ်သိမ်း၍ မရပါ။',
  },
  since: {
    en: 'Nothing earlier was changed since you last looked, on {day}.',
    my: 'သင် နောက်ဆုံးကြည့်ခဲ့သော {day} မှစ၍ ယခင်မှတ်တမ်းများ ပြောင်းလဲခြင်း မရှိပါ။',
  },
  firstTime: {
    en: 'This phone looks for the first time. It now remembers the register, and will notice if it is ever changed.',
    my: 'ဤဖုန်းဖြင့် ပထမဆုံးအကြိမ် ကြည့်ခြင်းဖြစ်သည်။ ယခု မှတ်ပုံစာရင်းကို မှတ်ထားပြီး နောက်ပိုင်း ပြောင်းလဲပါက သိမည်။',
  },
  notProven: {
    en: 'Not proven by this: that every look was written down. Your phone has checked the operator’s signature, no outsider’s.',
    my: 'ဤနည်းဖြင့် သက်သေမပြနိုင်သည်မှာ: ကြည့်ရှုမှုတိုင်းကို ရေးမှတ်ခဲ့ကြောင်း။ သင့်ဖုန်းသည် အော်ပရေတာ၏ လက်မှတ်ကိုသာ စစ်ဆေးခဲ့ပြီး ပြင်ပသက်သေများ၏ လက်မှတ်ကို မစစ်ဆေးရသေးပါ။',
  },
} as const satisfies Record<string, Words>

/** Why a check failed, by the fault's code. */
export const FAULT_WORDS: Readonly<Record<string, Words>> = {
  'sentence-differs': {
    en: 'The sentence above is not what was written down.',
    my: 'အထက်ပါစာကြောင်းသည် မှတ်တမ်းတင်ခဲ့သည့်အတိုင်း မဟုတ်ပါ။',
  },
  'bundle-inconsistent': {
    en: 'The text was changed after it was signed.',
    my: 'လက်မှတ်ထိုးပြီးနောက် စာသားကို ပြောင်းထားသည်။',
  },
  'proof-wrong': {
    en: 'The text is not in the register that was signed.',
    my: 'စာသားသည် လက်မှတ်ထိုးထားသော မှတ်ပုံစာရင်းတွင် မပါပါ။',
  },
  'signature-wrong': { en: 'The signature under the register does not hold.', my: 'မှတ်ပုံစာရင်း၏ လက်မှတ် မမှန်ပါ။' },
  'note-unsigned': { en: 'The register is not signed by its key.', my: 'မှတ်ပုံစာရင်းကို ၎င်း၏သော့ဖြင့် လက်မှတ်မထိုးထားပါ။' },
  'key-changed': {
    en: 'The register has another key than at your last visit.',
    my: 'မှတ်ပုံစာရင်း၏ သော့သည် ယခင်နှင့် မတူတော့ပါ။',
  },
  'register-shrank': {
    en: 'The register is shorter than at your last visit.',
    my: 'မှတ်ပုံစာရင်းသည် ယခင်ထက် တိုသွားသည်။',
  },
  'order-wrong': { en: 'Something was shown before it was written down.', my: 'မှတ်တမ်းမတင်မီ ပြသခဲ့သည်။' },
  'look-missing': { en: 'Its entries are not there.', my: '၎င်း၏ မှတ်တမ်းများ မရှိပါ။' },
}

/** For every other fault: the proof cannot be read, or leads elsewhere. */
export const OTHER_FAULT: Words = { en: 'Its proof cannot be read.', my: '၎င်း၏ သက်သေကို မဖတ်နိုင်ပါ။' }

/** Words in a language, filled in. */
export function speak(words: Words, language: Language, fill: Readonly<Record<string, string>> = {}): string {
  return words[language].replaceAll(/\{([a-z]+)\}/g, (_, name: string) => fill[name] ?? '')
}

/** A count in the reader's digits, with commas. */
export function count(n: number, language: Language): string {
  const text = n.toLocaleString('en-US')
  return language === 'my' ? myanmarDigits(text) : text
}

/** The day of a visit: "3 September". */
export function visitDay(at: number, offsetMinutes: number, language: Language): string {
  return dayWords(new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 10))[language]
}
