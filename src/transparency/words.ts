import type { Language, Words } from '../platform/words.ts'

/** Every word of the public report; `{...}` is filled in. */
export const W = {
  name: { en: 'Transparency', my: 'ပွင့်လင်းမြင်သာမှု' },
  title: { en: 'Who asked us for call records, and who looked', my: 'ဖုန်းမှတ်တမ်းကို မည်သူတောင်းခံ၍ မည်သူကြည့်ခဲ့သနည်း' },
  otherLanguage: { en: 'မြန်မာ', my: 'English' },
  skip: { en: 'Skip to the report', my: 'အစီရင်ခံစာသို့' },
  lead: {
    en: 'In {period} the authorities sent {received} requests through the regulator. We complied with {complied}, {part} of them in part. {looks}',
    my: '{period} တွင် အာဏာပိုင်များသည် ကြီးကြပ်ရေးအာဏာပိုင်မှတစ်ဆင့် တောင်းခံမှု {received} ခု ပေးပို့ခဲ့သည်။ {complied} ခုကို လိုက်နာခဲ့ပြီး ၎င်းတို့အနက် {part} ခုသည် တစ်စိတ်တစ်ပိုင်း ဖြစ်သည်။ {looks}',
  },
  leadLooks: {
    en: 'Our own staff looked {looks} times at a customer’s call log, {with} of them with the customer on the line or in the shop.',
    my: 'ကျွန်ုပ်တို့ ဝန်ထမ်းများသည် ဖောက်သည်၏ မှတ်တမ်းကို {looks} ကြိမ် ကြည့်ခဲ့ပြီး {with} ကြိမ်တွင် ဖောက်သည် ပါဝင်ခဲ့သည်။',
  },
  running: {
    en: 'This period still runs: its figures grow, and its file comes when it is over.',
    my: 'ဤကာလ မပြီးသေးပါ။ ကိန်းဂဏန်းများ တိုးလာမည်၊ ပြီးလျှင် ဖိုင်ထွက်မည်။',
  },
  received: { en: 'requests received', my: 'လက်ခံရရှိသော တောင်းခံမှု' },
  misdirected: { en: '{n} more came to us directly and were sent on', my: 'တိုက်ရိုက်လာ၍ လမ်းညွှန်ပေးသော {n} ခု' },
  complied: { en: 'complied with', my: 'လိုက်နာခဲ့' },
  compliedHow: {
    en: '{full} in full, {part} in part, {none} with nothing to give',
    my: 'အပြည့် {full}၊ တစ်စိတ်တစ်ပိုင်း {part}၊ ပေးစရာမရှိ {none}',
  },
  disclosed: { en: 'numbers disclosed', my: 'ပေးအပ်ခဲ့သော နံပါတ်' },
  disclosedDays: {
    en: '{days} days of records; {told} customers told so far',
    my: 'မှတ်တမ်း {days} ရက်၊ အသိပေးပြီး ဖောက်သည် {told} ဦး',
  },
  notMe: { en: 'customers said “that was not me”', my: '“ကျွန်ုပ် မဟုတ်ပါ” ဟု ပြောသော ဖောက်သည်' },
  notMeRight: { en: '{n} of the answers found them right', my: 'မှန်ကန်ကြောင်း တွေ့ရှိ {n} ခု' },
  became: { en: 'What became of each request', my: 'တောင်းခံမှုတစ်ခုစီ၏ ရလဒ်' },
  barReceived: { en: 'Received', my: 'လက်ခံရရှိ' },
  barPassed: { en: 'Passed the regulator’s filter', my: 'စိစစ်မှု အောင်မြင်' },
  barPassedNot: { en: '{n} refused there', my: 'ငြင်းပယ် {n}' },
  barMet: { en: 'Met our standards', my: 'ကျွန်ုပ်တို့၏ စံနှင့် ကိုက်ညီ' },
  barMetNot: {
    en: '{refused} refused, {returned} returned as incomplete',
    my: 'ငြင်းပယ် {refused}၊ မပြည့်စုံ၍ ပြန်ပို့ {returned}',
  },
  barDelivered: { en: 'Delivered', my: 'ပေးပို့' },
  byOffence: { en: 'By offence', my: 'ပြစ်မှုအလိုက်' },
  byAuthority: { en: 'By authority', my: 'အာဏာပိုင်အလိုက်' },
  byGround: { en: 'Why we refused', my: 'ငြင်းပယ်ရသည့် အကြောင်းများ' },
  offence: { en: 'Offence', my: 'ပြစ်မှု' },
  authority: { en: 'Authority', my: 'အာဏာပိုင်' },
  ground: { en: 'Ground', my: 'အကြောင်း' },
  count: { en: 'Requests', my: 'အရေအတွက်' },
  asked: { en: 'Asked', my: 'တောင်းခံ' },
  compliedShort: { en: 'Complied', my: 'လိုက်နာ' },
  refusedShort: { en: 'Refused', my: 'ငြင်းပယ်' },
  medianTime: { en: 'Median time', my: 'အလယ်အလတ် ကြာချိန်' },
  none: { en: 'none', my: 'မရှိ' },
  unlisted: { en: 'Not on the list', my: 'စာရင်းတွင် မပါ' },
  looks: {
    en: 'Looks by our staff, a thousand customers, each week',
    my: 'ဝန်ထမ်းများ၏ ကြည့်ရှုမှု၊ ဖောက်သည်တစ်ထောင်လျှင်၊ အပတ်စဉ်',
  },
  looksNone: { en: 'No look ended in this period.', my: 'ဤကာလတွင် ကြည့်ရှုမှု မရှိပါ။' },
  looksWith: { en: 'with the customer on the line or in the shop: {n}', my: 'ဖောက်သည် ပါဝင်၍: {n}' },
  looksWithout: { en: 'without, each one examined: {n}', my: 'ဖောက်သည် မပါဘဲ၊ တစ်ခုစီ စစ်ဆေး: {n}' },
  more: { en: 'Also counted', my: 'ထပ်မံရေတွက်ချက်များ' },
  m: {
    emergencies: { en: 'Emergencies', my: 'အရေးပေါ်' },
    unratified: { en: 'of them without the written paper in time', my: 'စာ အချိန်မီမရောက်' },
    confirmed: { en: 'found real by the review afterwards', my: 'နောက်ပိုင်း စိစစ်မှုက အမှန်ဟု အတည်ပြု' },
    notConfirmed: { en: 'not found real by the review afterwards', my: 'နောက်ပိုင်း စိစစ်မှုက အတည်မပြု' },
    returned: { en: 'Returned as incomplete', my: 'မပြည့်စုံ၍ ပြန်ပို့' },
    withdrawn: { en: 'Withdrawn', my: 'ရုပ်သိမ်း' },
    expired: { en: 'Expired', my: 'ကာလကုန်ဆုံး' },
    duress: { en: 'Taken under threat', my: 'ခြိမ်းခြောက်မှုဖြင့် ရယူ' },
    preserved: { en: 'Records only kept', my: 'ထိန်းသိမ်းရုံသာ' },
    late: { en: 'Answered late', my: 'နောက်ကျ ဖြေကြား' },
    median: { en: 'Median time to an answer', my: 'အဖြေရသည်အထိ အလယ်အလတ် ကြာချိန်' },
    refusedLooks: { en: 'Looks refused to our staff', my: 'ဝန်ထမ်းများအား ငြင်းပယ်သော ကြည့်ရှုမှု' },
    incidents: { en: 'Incidents', my: 'ဖြစ်စဉ်များ' },
    secret: {
      en: 'Packages of which the customer is not told yet, by law',
      my: 'ဥပဒေအရ ဖောက်သည်အား မပြောရသေးသော ပေးအပ်မှု',
    },
    secretRenewed: { en: 'Secrecies renewed, each with a reason', my: 'အကြောင်းပြချက်ဖြင့် သက်တမ်းတိုးသော လျှို့ဝှက်မှု' },
    secretOverdue: {
      en: 'Secrecies whose day has passed with nobody told',
      my: 'ရက်လွန်ပြီးသော်လည်း မည်သူ့ကိုမျှ မပြောရသေးသော လျှို့ဝှက်မှု',
    },
    customers: { en: 'Customers', my: 'ဖောက်သည်များ' },
  },
  rulesTitle: { en: 'How our own rules changed', my: 'ကျွန်ုပ်တို့၏ စည်းမျဉ်းများ ပြောင်းလဲပုံ' },
  rulesSays: {
    en: 'Version {version}, in force since {day}: one proposed it, {approvals} others approved it. Tried on the 30 days before, of {decisions} decisions it would have refused {refuse} and allowed {allow}.',
    my: 'ဗားရှင်း {version}၊ {day} မှစ၍ အာဏာတည်- တစ်ဦးက အဆိုပြု၍ အခြား {approvals} ဦးက ခွင့်ပြုခဲ့သည်။ ယခင်ရက် ၃၀ ဖြင့် စမ်းရာ ဆုံးဖြတ်ချက် {decisions} ခုအနက် {refuse} ခုကို ငြင်းပယ်ပြီး {allow} ခုကို ခွင့်ပြုခဲ့မည်။',
  },
  rule: { en: 'Rule', my: 'စည်းမျဉ်း' },
  before: { en: 'Before', my: 'မတိုင်မီ' },
  after: { en: 'After', my: 'နောက်ပိုင်း' },
  countTitle: { en: 'Count it yourself', my: 'သင်ကိုယ်တိုင် ရေတွက်ပါ' },
  countSays: {
    en: 'Every figure on this page is counted from the headers of a register that we cannot rewrite. Take this page’s file (JSON, above) and its address, and count again:',
    my: 'ဤစာမျက်နှာရှိ ကိန်းဂဏန်းတိုင်းကို ပြင်ဆင်၍မရသော မှတ်ပုံစာရင်း၏ ခေါင်းစဉ်များမှ ရေတွက်ထားသည်။ ဖိုင် (အပေါ်ရှိ JSON) နှင့် လိပ်စာကို ယူပြီး ပြန်ရေတွက်ပါ-',
  },
  countRanges: {
    en: 'This operator shows small counts as ranges. The report’s file goes to auditors; the public cannot recount it.',
    my: 'ဤအော်ပရေတာသည် နည်းသောအရေအတွက်ကို အပိုင်းအခြားဖြင့် ပြသည်။ ဖိုင်ကို စာရင်းစစ်များသာ ရပြီး အများပြည်သူ ပြန်ရေတွက်၍ မရပါ။',
  },
  not: {
    en: 'What this does not show: whom a request was about, and requests whose outcome is still open. Days are UTC days. Receipts are counted when they came, outcomes when they were decided or delivered.',
    my: 'ဤအစီရင်ခံစာတွင် မပါသည်များ- မည်သူ့အကြောင်း တောင်းခံသည်နှင့် မဆုံးဖြတ်ရသေးသော တောင်းခံမှုများ။ ရက်များသည် UTC ရက်ဖြစ်သည်။',
  },
  content: {
    en: 'Content of calls and messages is held about nobody, so none was given to anybody.',
    my: 'ခေါ်ဆိုမှုနှင့် စာ၏ အကြောင်းအရာကို မည်သူ့အတွက်မျှ မသိမ်းသဖြင့် မည်သူ့ကိုမျှ မပေးခဲ့ပါ။',
  },
  earlier: { en: 'All reports', my: 'အစီရင်ခံစာအားလုံး' },
  quarter: { en: 'quarter {q} of {year}', my: '{year} ခုနှစ် သုံးလပတ် {q}' },
  year: { en: 'the year {year}', my: '{year} ခုနှစ်' },
} as const satisfies Record<string, Words | Record<string, Words>>

/** Words in the reader's language, with `{name}` filled in. */
export function fill(
  words: Words,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return words[language].replaceAll(/\{([a-z]+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
