/** What the case page says of leak paths. */
export const pathWords = {
  'path.title': ['Leak path', 'ပေါက်ကြားလမ်းကြောင်း'],
  'path.tell': [
    'Whether the list may have gone from this employee to whoever has it by people who called each other after the look: at most three links, 14 days, in order of time. A lead, never proof.',
    'ကြည့်ရှုပြီးနောက် အချင်းချင်း ခေါ်ဆိုခဲ့သူများမှတစ်ဆင့် စာရင်း ရောက်သွားနိုင်သလားကို ရှာသည်- အဆက်သုံးခု၊ ၁၄ ရက်၊ အချိန်စဉ်အတိုင်း။ သဲလွန်စသာ ဖြစ်ပြီး သက်သေ မဟုတ်ပါ။',
  ],
  'path.new': ['Search for a leak path', 'ပေါက်ကြားလမ်းကြောင်း ရှာရန်'],
  'path.employee': ['Whose look it was', 'မည်သူ ကြည့်ခဲ့သနည်း'],
  'path.recipient': ['Number of whoever has the list', 'စာရင်း ရရှိသူ၏ နံပါတ်'],
  'path.lookedAt': ['When the look was', 'ကြည့်ခဲ့သည့်အချိန်'],
  'path.further': ['How far', 'မည်မျှအထိ'],
  'path.further.no': ['60 logs at most', 'မှတ်တမ်း ၆၀ အထိ'],
  'path.further.yes': ['250 logs at most', 'မှတ်တမ်း ၂၅၀ အထိ'],
  'path.goTell': [
    'Logs of people who are not involved are opened, each an entry. Whoever is not on the chain is never named.',
    'မသက်ဆိုင်သူများ၏ မှတ်တမ်းများကို ဖွင့်မည်၊ တစ်ခုချင်း မှတ်သားမည်။ လမ်းကြောင်းပေါ်တွင် မရှိသူကို မည်သည့်အခါမျှ အမည်မဖော်ပါ။',
  ],
  'path.go': ['Search', 'ရှာရန်'],
  'path.whyApprovals': [
    '{{of}} of 2 have allowed it; two others must, in this case.',
    '၂ ဦးအနက် {{of}} ဦး ခွင့်ပြုပြီး။ အခြားနှစ်ဦး ခွင့်ပြုရမည်။',
  ],
  'path.whyMissing': ['Write the number, and when the look was.', 'နံပါတ်နှင့် ကြည့်ခဲ့သည့်အချိန်ကို ရေးပါ။'],
  'path.whyNobody': ['Name somebody in the case first.', 'ဖြစ်ရပ်တွင် သက်ဆိုင်သူကို အရင် အမည်ဖော်ပါ။'],
  'path.none': ['Nobody has searched for one.', 'မည်သူမျှ မရှာရသေးပါ။'],
  'path.found': ['{{count}} links from {{who}} to the recipient', '{{who}} မှ ရရှိသူအထိ အဆက် {{count}} ခု'],
  'path.foundOne': ['{{who}} and the recipient called each other', '{{who}} နှင့် ရရှိသူ တိုက်ရိုက် ခေါ်ဆိုခဲ့သည်'],
  'path.notFound': ['No chain from {{who}} to the recipient', '{{who}} မှ ရရှိသူအထိ လမ်းကြောင်း မတွေ့ပါ'],
  'path.cutShort': [
    'The search ended at its limit of logs; there may be one.',
    'မှတ်တမ်းအရေအတွက် ကန့်သတ်ချက်တွင် ရပ်ခဲ့သည်။ လမ်းကြောင်း ရှိနိုင်သေးသည်။',
  ],
  'path.searched': [
    'Searched {{at}} · calls from {{from}} to {{until}} · {{opened}} of {{budget}} logs opened',
    '{{at}} ရှာခဲ့သည် · {{from}} မှ {{until}} အထိ · မှတ်တမ်း {{budget}} အနက် {{opened}} ခု ဖွင့်',
  ],
  'path.chance': [
    '{{asGood}} of {{decoys}} other employees who never looked have a chain as short and as early. The chance that this one means nothing: {{chance}}.',
    'မကြည့်ခဲ့သော အခြားဝန်ထမ်း {{decoys}} ဦးအနက် {{asGood}} ဦးတွင် ဤမျှတို၍ ဤမျှစောသော လမ်းကြောင်း ရှိသည်။ ဤလမ်းကြောင်း အဓိပ္ပာယ်မရှိနိုင်ခြေ- {{chance}}။',
  ],
  'path.hidden': ['not named', 'အမည်မဖော်'],
} as const satisfies Record<string, readonly [en: string, my: string]>
