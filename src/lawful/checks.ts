import type { Words } from '../platform/words.ts'

/**
 * The operator's standards: seventeen questions under the nine (`docs/lawful.md`) and one more, whether it can be
 * answered at all. Each is answered yes, no or not applicable, with a reason.
 */

export type Standard =
  | 'who'
  | 'paper'
  | 'law'
  | 'named'
  | 'period'
  | 'fields'
  | 'proportion'
  | 'rights'
  | 'answered'
  | 'data'

export interface Check {
  readonly id: CheckId
  readonly standard: Standard
  /** A narrower scope mends a no: what is too much is struck out. Otherwise a no means return or refuse. */
  readonly curable: boolean
  /** Its answer comes from looking at our data, so the authority never hears it: it would tell whether a number exists. */
  readonly fromData: boolean
  readonly words: Words
}

export const CHECK_IDS = [
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'V7',
  'V8',
  'V9',
  'V10',
  'V11',
  'V12',
  'V13',
  'V14',
  'V15',
  'V16',
  'V17',
] as const
export type CheckId = (typeof CHECK_IDS)[number]

export type CheckAnswer = 'yes' | 'no' | 'not-applicable'
export type CheckAnswers = Readonly<
  Partial<
    Record<
      CheckId,
      { readonly answer: CheckAnswer; readonly reason: string; readonly by: string; readonly at: number }
    >
  >
>

export const STANDARD_WORDS: Record<Standard, Words> = {
  who: { en: 'Authority and officer are who they say', my: 'အာဏာပိုင်နှင့် အရာရှိသည် အမှန်ဖြစ်သည်' },
  paper: { en: 'Signed, dated, in force', my: 'လက်မှတ်၊ ရက်စွဲပါ၊ အာဏာတည်သည်' },
  law: { en: 'A law is cited and allows it', my: 'ခွင့်ပြုသော ဥပဒေကို ကိုးကားထားသည်' },
  named: { en: 'Named numbers only', my: 'အမည်ဖော်ပြထားသော နံပါတ်များသာ' },
  period: { en: 'No longer than the case needs', my: 'အမှုလိုအပ်ချက်ထက် မရှည်ပါ' },
  fields: { en: 'Only the fields needed', my: 'လိုအပ်သော အချက်အလက်များသာ' },
  proportion: { en: 'In proportion to the offence', my: 'ပြစ်မှုနှင့် အချိုးညီသည်' },
  rights: {
    en: 'No sign of speech, press, politics, counsel',
    my: 'လွတ်လပ်စွာပြောဆိုခွင့်၊ သတင်း၊ နိုင်ငံရေး၊ ရှေ့နေကို ပစ်မှတ်ထားခြင်း မရှိ',
  },
  answered: { en: 'Not answered before', my: 'ယခင် မဖြေကြားရသေးပါ' },
  data: { en: 'It can be answered rightly', my: 'မှန်ကန်စွာ ဖြေကြားနိုင်သည်' },
}

function check(
  id: CheckId,
  standard: Standard,
  en: string,
  my: string,
  more: { curable?: true; fromData?: true } = {},
): Check {
  return {
    id,
    standard,
    curable: more.curable ?? false,
    fromData: more.fromData ?? false,
    words: { en, my },
  }
}

/** In the order in which they are asked. */
export const CHECKS: readonly Check[] = [
  check('V1', 'who', 'It came through the required gate', 'သတ်မှတ်ထားသော လမ်းကြောင်းမှ လာသည်'),
  check(
    'V2',
    'who',
    'Called back on the number in our own directory, and the seal is right',
    'ကျွန်ုပ်တို့ စာရင်းရှိ နံပါတ်သို့ ပြန်ခေါ်ပြီး တံဆိပ်မှန်သည်',
  ),
  check('V3', 'who', 'The officer exists and the unit is competent', 'အရာရှိ ရှိပြီး ဌာနတွင် လုပ်ပိုင်ခွင့်ရှိသည်'),
  check('V4', 'paper', 'Whoever authorised it has the rank', 'ခွင့်ပြုသူတွင် လုံလောက်သော ရာထူးရှိသည်'),
  check('V5', 'law', 'The law was in force on the date of the paper', 'စာထုတ်သည့်နေ့တွင် ဥပဒေ အာဏာတည်သည်'),
  check('V6', 'paper', 'Written, signed, dated, and within that law', 'ရေးသား၊ လက်မှတ်ထိုး၊ ရက်စွဲပါ၊ ဥပဒေဘောင်အတွင်း'),
  check('V7', 'law', 'The offence is stated and on the list', 'ပြစ်မှုကို ဖော်ပြထားပြီး စာရင်းတွင် ပါသည်'),
  check('V8', 'named', 'Exact numbers: no wildcard, no area', 'နံပါတ်အတိအကျ၊ ဧရိယာ မဟုတ်', { curable: true }),
  check('V9', 'period', 'The window has two ends and is within the limit', 'ကာလတွင် အစအဆုံးရှိပြီး ကန့်သတ်ချက်အတွင်း', {
    curable: true,
  }),
  check(
    'V10',
    'fields',
    'Only named kinds of data; content is not held',
    'အမည်ဖော်ပြထားသော အမျိုးအစားများသာ၊ အကြောင်းအရာ မသိမ်းပါ',
    { curable: true },
  ),
  check('V11', 'proportion', 'Necessity and proportion are reasoned', 'လိုအပ်မှုနှင့် အချိုးညီမှုကို အကြောင်းပြထားသည်', {
    curable: true,
  }),
  check(
    'V12',
    'rights',
    'Nobody specially protected: lawyer, journalist, member of parliament, clergy, doctor',
    'ရှေ့နေ၊ သတင်းထောက်၊ လွှတ်တော်ကိုယ်စားလှယ်၊ ဘာသာရေးပုဂ္ဂိုလ်၊ ဆရာဝန် မပါ',
  ),
  check('V13', 'rights', 'No political expression, assembly, ethnicity', 'နိုင်ငံရေးထုတ်ဖော်မှု၊ စုဝေးမှု၊ လူမျိုးရေး မပါ'),
  check(
    'V14',
    'answered',
    'The same numbers and window were not answered before',
    'တူညီသော နံပါတ်နှင့် ကာလကို မဖြေကြားရသေး',
    { curable: true, fromData: true },
  ),
  check('V15', 'data', 'The window lies within what is kept', 'သိမ်းဆည်းထားသော ကာလအတွင်း ဖြစ်သည်', {
    curable: true,
    fromData: true,
  }),
  check(
    'V16',
    'data',
    'No number is an employee’s, or a party’s of an open incident',
    'ဝန်ထမ်း သို့မဟုတ် ဖြစ်စဉ်ဆိုင်ရာ ပုဂ္ဂိုလ်၏ နံပါတ် မပါ',
    { curable: true, fromData: true },
  ),
  check('V17', 'data', 'Each number had one holder during its window', 'ကာလအတွင်း နံပါတ်တစ်ခုကို တစ်ဦးတည်း ကိုင်ဆောင်သည်', {
    curable: true,
    fromData: true,
  }),
]

/** How the answers bear on a ruling: what is still open, and which noes narrow or stop it. */
export function weighChecks(
  answers: CheckAnswers,
  options: { readonly emergency: boolean },
): { open: CheckId[]; narrow: CheckId[]; stop: CheckId[] } {
  const open = CHECK_IDS.filter((id) => answers[id] === undefined)
  const noes = CHECKS.filter(({ id }) => answers[id]?.answer === 'no')
  // In an emergency the paper follows: its absence alone stops nothing.
  const stops = noes.filter(({ id, curable }) => !curable && !(options.emergency && id === 'V6'))
  const narrows = noes.filter(({ curable }) => curable)
  return { open, narrow: narrows.map(({ id }) => id), stop: stops.map(({ id }) => id) }
}
