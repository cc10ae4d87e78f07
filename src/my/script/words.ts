import { dayWords, myanmarDigits } from '../../care/period.ts'
import type { Language, Words } from '../../platform/words.ts'

/** What her browser says about what it has checked. `{...}` is filled in. */
export const SCRIPT_WORDS = {
  checking: { en: 'Your phone is checking this against the register …', my: 'သင့်ဖုန်းက မှတ်ပုံစာရင်းနှင့် တိုက်စစ်နေသည် …' },
  allHold: {
    en: 'Every line fits the register.|{count}, and your phone has just checked each of them against the public register, signed by {operator}.',
    my: 'စာကြောင်းအားလုံး မှတ်ပုံစာရင်းနှင့် ကိုက်ညီသည်။|ကြည့်ရှုမှု {count} ခုကို {operator} လက်မှတ်ထိုးထားသော အများပြည်သူ မှတ်ပုံစာရင်းနှင့် သင့်ဖုန်းက ယခုပင် တိုက်စစ်ပြီးပါပြီ။',
  },
  allHere: {
    en: 'All of them are here.|{count} since {since}, and none besides: your phone has just checked that against the public register, signed {ago} by {operator} {outsiders}.',
    my: 'အားလုံး ဤနေရာတွင် ရှိသည်။|{since} မှစ၍ ကြည့်ရှုမှု {count} ခု ရှိပြီး အခြား မရှိပါ။ {operator} {outsiders} {ago} လက်မှတ်ထိုးထားသော အများပြည်သူ မှတ်ပုံစာရင်းနှင့် သင့်ဖုန်းက ယခုပင် တိုက်စစ်ပြီးပါပြီ။',
  },
  nobodyLooked: {
    en: 'Nobody has looked.|Not once since {since}: your phone has just checked that against the public register, signed {ago} by {operator} {outsiders}.',
    my: 'မည်သူမျှ မကြည့်ခဲ့ပါ။|{since} မှစ၍ တစ်ကြိမ်မျှ မရှိပါ။ {operator} {outsiders} {ago} လက်မှတ်ထိုးထားသော အများပြည်သူ မှတ်ပုံစာရင်းနှင့် သင့်ဖုန်းက ယခုပင် တိုက်စစ်ပြီးပါပြီ။',
  },
  notCounted: {
    en: 'Every line fits the register.|Whether these are all is not counted yet: the register makes its first count within a minute or two. Open this page again then.',
    my: 'စာကြောင်းတိုင်း မှတ်ပုံစာရင်းနှင့် ကိုက်ညီသည်။|ဤသည်မှာ အားလုံး ဟုတ်မဟုတ် မရေတွက်ရသေးပါ။ မှတ်ပုံစာရင်းသည် တစ်မိနစ်နှစ်မိနစ်အတွင်း ပထမဆုံး ရေတွက်မည်။ ထိုအခါ ဤစာမျက်နှာကို ထပ်ဖွင့်ပါ။',
  },
  stillNew: {
    en: 'The newest lines are still to be counted.|Up to the count signed {ago} by {operator} {outsiders} there were {count} since {since}, and none besides: your phone has just checked that.',
    my: 'အသစ်ဆုံး စာကြောင်းများကို မရေတွက်ရသေးပါ။|{operator} {outsiders} {ago} လက်မှတ်ထိုးထားသော ရေတွက်မှုအထိ {since} မှစ၍ ကြည့်ရှုမှု {count} ခု ရှိပြီး အခြား မရှိပါ။ သင့်ဖုန်းက ယခုပင် စစ်ပြီးပါပြီ။',
  },
  notWhole: {
    en: 'It is not proven that this is all.|{why} Keep a picture of this page, and ask a lawyer or the regulator.',
    my: 'ဤသည်မှာ အားလုံးဖြစ်ကြောင်း သက်သေမရှိပါ။|{why} ဤစာမျက်နှာကို ဓာတ်ပုံရိုက်သိမ်းပြီး ရှေ့နေ သို့မဟုတ် ကြီးကြပ်ရေးအဖွဲ့ကို မေးပါ။',
  },
  oneTime: { en: '1 look', my: '၁' },
  manyTimes: { en: '{n} looks', my: '{n}' },
  outsiders: { en: 'and by {n} outsiders', my: 'နှင့် ပြင်ပသက်သေ {n} ဦးက' },
  oneOutsider: { en: 'and by 1 outsider', my: 'နှင့် ပြင်ပသက်သေ ၁ ဦးက' },
  noOutsider: { en: 'alone', my: 'တစ်ဦးတည်းက' },
  newerLines: {
    en: '{n} of the lines below came after that; within a minute or two your phone can check them too.',
    my: 'အောက်ပါ စာကြောင်း {n} ကြောင်းသည် ထို့နောက်မှ ရောက်လာသည်။ တစ်မိနစ်နှစ်မိနစ်အတွင်း သင့်ဖုန်းက ထိုအရာများကိုပါ စစ်နိုင်မည်။',
  },
  erasedBodies: {
    en: 'The words of {n} entries were erased; that they stood here, and who erased them, stays in the register.',
    my: 'မှတ်တမ်း {n} ခု၏ စာသားများကို ဖျက်ထားသည်။ ထိုမှတ်တမ်းများ ရှိခဲ့ကြောင်းနှင့် မည်သူဖျက်ကြောင်းကို မှတ်ပုံစာရင်းတွင် ဆက်ရှိနေသည်။',
  },
  openedSlots: {
    en: 'Given to an authority and kept secret from you for a time: {n}. Each stood in the register, sealed under your own number, from the day it was given; your phone has just checked that, and both dates.',
    my: 'အာဏာပိုင်ထံ ပေးခဲ့ပြီး အချိန်တစ်ခုအထိ သင့်ထံမှ လျှို့ဝှက်ထားခဲ့သည်- {n} ကြိမ်။ တစ်ခုစီသည် ပေးအပ်သည့်နေ့မှစ၍ သင့်နံပါတ်အောက်တွင် ချိပ်ပိတ်လျက် မှတ်ပုံစာရင်း၌ ရှိခဲ့သည်။ ထိုအချက်နှင့် နေ့စွဲနှစ်ခုလုံးကို သင့်ဖုန်းက ယခုပင် စစ်ပြီးပါပြီ။',
  },
  laterHolder: {
    en: 'You are counted as holder {n} of this number. Looks at earlier holders’ calls are theirs to see.',
    my: 'သင့်ကို ဤနံပါတ်၏ ကိုင်ဆောင်သူ အမှတ် {n} အဖြစ် ရေတွက်ထားသည်။ ယခင်ကိုင်ဆောင်သူများ၏ မှတ်တမ်းကို သူတို့သာ ကြည့်နိုင်သည်။',
  },
  coversTitle: { en: 'What this sentence covers', my: 'ဤဝါကျက မည်သည်ကို ဆိုလိုသနည်း' },
  covers: {
    en: 'Every opening of your call records that the register has under your number, since you hold it. What an authority was given under secrecy appears when the secrecy ends. Only an auditor, who recomputes the whole register, would find a look that was filed under somebody else’s number, or a holder’s dates that were changed.',
    my: 'သင်ကိုင်ဆောင်ချိန်မှစ၍ သင့်နံပါတ်အောက်တွင် မှတ်ပုံတင်ထားသော သင့်ခေါ်ဆိုမှုမှတ်တမ်း ဖွင့်ခြင်းတိုင်း။ အာဏာပိုင်ထံ လျှို့ဝှက်စွာ ပေးခဲ့သည်များသည် လျှို့ဝှက်ကာလ ပြီးဆုံးမှ ပေါ်လာမည်။ အခြားသူ၏ နံပါတ်အောက်တွင် မှားယွင်းသိမ်းထားသော ကြည့်ရှုမှု သို့မဟုတ် ပြောင်းလဲထားသော ကိုင်ဆောင်ရက်များကို မှတ်ပုံစာရင်းတစ်ခုလုံး ပြန်တွက်သော စာရင်းစစ်ကသာ တွေ့နိုင်သည်။',
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
    en: 'Not proven by this line alone: that there was no other look. That is what the sentence at the top says.',
    my: 'ဤစာကြောင်းတစ်ခုတည်းဖြင့် သက်သေမပြနိုင်သည်မှာ: အခြားကြည့်ရှုမှု မရှိကြောင်း။ ထိုအကြောင်းကို အပေါ်ဆုံးဝါကျက ဆိုထားသည်။',
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
  'quorum-missing': {
    en: 'Too few outsiders have signed the newest state of the register.',
    my: 'မှတ်ပုံစာရင်း၏ နောက်ဆုံးအခြေအနေကို ပြင်ပသက်သေ လုံလောက်စွာ လက်မှတ်မထိုးရသေးပါ။',
  },
  'epoch-not-last': {
    en: 'An older state of the register was shown than the newest.',
    my: 'နောက်ဆုံးထက် ဟောင်းသော မှတ်ပုံစာရင်း အခြေအနေကို ပြသခဲ့သည်။',
  },
  'ledger-behind': {
    en: 'The register is shorter than the map of it says.',
    my: 'မှတ်ပုံစာရင်းသည် ၎င်း၏မြေပုံက ဆိုသည်ထက် တိုနေသည်။',
  },
  'holder-after': {
    en: 'Looks stand under a later holder of your number, and you hold it.',
    my: 'သင်ကိုင်ဆောင်နေစဉ် သင့်နံပါတ်၏ နောက်ကိုင်ဆောင်သူအမည်အောက်တွင် ကြည့်ရှုမှုများ ရှိနေသည်။',
  },
  'links-missing': {
    en: 'Some entries of your list were not shown to your phone.',
    my: 'သင့်စာရင်းရှိ မှတ်တမ်းအချို့ကို သင့်ဖုန်းသို့ မပြခဲ့ပါ။',
  },
  'links-other': {
    en: 'The entries shown are not those of your list.',
    my: 'ပြသသော မှတ်တမ်းများသည် သင့်စာရင်းမှ မဟုတ်ပါ။',
  },
  'body-withheld': {
    en: 'The words of an entry are held back, and no erasure says why.',
    my: 'မှတ်တမ်းတစ်ခု၏ စာသားကို ဖုံးကွယ်ထားပြီး မည်သည့်ဖျက်မှုကမျှ အကြောင်းမပြပါ။',
  },
  'link-of-another': {
    en: 'An entry about somebody else stands in your list.',
    my: 'အခြားသူအကြောင်း မှတ်တမ်းတစ်ခု သင့်စာရင်းတွင် ရှိနေသည်။',
  },
  'look-hidden': {
    en: 'The register has a look at your calls that is not on this page.',
    my: 'ဤစာမျက်နှာတွင် မပါသော ကြည့်ရှုမှုတစ်ခု မှတ်ပုံစာရင်းတွင် ရှိသည်။',
  },
  'look-unlinked': {
    en: 'A look on this page is missing in the list of the register.',
    my: 'ဤစာမျက်နှာရှိ ကြည့်ရှုမှုတစ်ခုသည် မှတ်ပုံစာရင်း၏ စာရင်းတွင် မပါပါ။',
  },
  'disclosure-differs': {
    en: 'What this page says that an authority was given, or when, is not what was written down.',
    my: 'အာဏာပိုင်ထံ ပေးခဲ့သည်ဟု ဤစာမျက်နှာက ဆိုသော အကြောင်းအရာ သို့မဟုတ် နေ့စွဲသည် မှတ်တမ်းတင်ခဲ့သည့်အတိုင်း မဟုတ်ပါ။',
  },
  'slot-missing': {
    en: 'An authority was given records in secret, and the sealed entry that had to stand for it meanwhile is not shown.',
    my: 'အာဏာပိုင်ထံ မှတ်တမ်းများကို လျှို့ဝှက်ပေးခဲ့ပြီး ထိုအချိန်အတွင်း ၎င်းအတွက် ရှိရမည့် ချိပ်ပိတ်မှတ်တမ်းကို မပြခဲ့ပါ။',
  },
  'slot-of-another': {
    en: 'The sealed entry that is opened here was made for somebody else’s number, not for yours.',
    my: 'ဤနေရာတွင် ဖွင့်ပြသော ချိပ်ပိတ်မှတ်တမ်းသည် သင့်နံပါတ်အတွက် မဟုတ်ဘဲ အခြားသူ၏ နံပါတ်အတွက် ဖြစ်သည်။',
  },
  'slot-twice': {
    en: 'One sealed entry is opened for two different things that an authority was given.',
    my: 'အာဏာပိုင်ထံ ပေးခဲ့သော မတူညီသည့် အရာနှစ်ခုအတွက် ချိပ်ပိတ်မှတ်တမ်းတစ်ခုတည်းကို ဖွင့်ပြထားသည်။',
  },
  'slot-dates': {
    en: 'What an authority was given in secret was sealed on another date than this page says.',
    my: 'အာဏာပိုင်ထံ လျှို့ဝှက်ပေးခဲ့သည်ကို ဤစာမျက်နှာက ဆိုသည့်နေ့နှင့် မတူသောနေ့တွင် ချိပ်ပိတ်ထားသည်။',
  },
  'count-fell': {
    en: 'There were more entries at your last visit.',
    my: 'ယခင်အကြိမ်က မှတ်တမ်းပိုများခဲ့သည်။',
  },
  'holder-changed': {
    en: 'You were counted as another holder of this number at your last visit.',
    my: 'ယခင်အကြိမ်က သင့်ကို ဤနံပါတ်၏ အခြားကိုင်ဆောင်သူအဖြစ် ရေတွက်ခဲ့သည်။',
  },
  'labels-changed': {
    en: 'Your place in the register is worked out with another key than at your last visit.',
    my: 'မှတ်ပုံစာရင်းရှိ သင့်နေရာကို ယခင်နှင့် မတူသော သော့ဖြင့် တွက်ထားသည်။',
  },
  'vrf-proof-wrong': {
    en: 'The place shown in the register is not your number’s.',
    my: 'ပြသသော မှတ်ပုံစာရင်းနေရာသည် သင့်နံပါတ်၏နေရာ မဟုတ်ပါ။',
  },
  'map-proof-wrong': {
    en: 'What is said about your number does not fit the signed map of the register.',
    my: 'သင့်နံပါတ်အကြောင်း ဆိုသည်များသည် လက်မှတ်ထိုးထားသော မှတ်ပုံစာရင်းမြေပုံနှင့် မကိုက်ညီပါ။',
  },
  'whole-unreachable': {
    en: 'The proof that this is all did not arrive.',
    my: 'ဤသည်မှာ အားလုံးဖြစ်ကြောင်း သက်သေ မရောက်လာပါ။',
  },
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
