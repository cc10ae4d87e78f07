/** What the public page of statements says. */
export const S = {
  title: { en: 'What we have said in public', my: 'ကျွန်ုပ်တို့ အများသိ ပြောကြားခဲ့သည်များ' },
  lead: {
    en: 'Each was approved by two people who did not write it. Each fact names what it rests on. Nothing here is ever taken away: what was corrected or withdrawn stays, and says so.',
    my: 'တစ်ခုစီကို ရေးသူမဟုတ်သော နှစ်ဦးက အတည်ပြုထားပါသည်။ အချက်တိုင်းတွင် အထောက်အထား ပါရှိသည်။ မည်သည့်အရာကိုမျှ ဖယ်မပစ်ပါ- ပြင်ဆင်ထားခြင်း၊ ရုပ်သိမ်းထားခြင်းကိုလည်း ဆက်လက်ပြထားပါသည်။',
  },
  skip: { en: 'Skip to the statements', my: 'ထုတ်ပြန်ချက်များသို့' },
  otherLanguage: { en: 'မြန်မာ', my: 'English' },
  search: { en: 'Find by words', my: 'စကားလုံးဖြင့် ရှာရန်' },
  find: { en: 'Find', my: 'ရှာရန်' },
  all: { en: 'Show all', my: 'အားလုံး ပြရန်' },
  found: { en: '{n} of {all} say “{q}”.', my: '{all} ခုအနက် {n} ခုတွင် “{q}” ပါသည်။' },
  none: { en: 'Nothing has been published yet.', my: 'မည်သည့်အရာမျှ မထုတ်ပြန်ရသေးပါ။' },
  statement: { en: 'Statement', my: 'ထုတ်ပြန်ချက်' },
  rumour: { en: 'People say', my: 'ပြောနေကြသည်မှာ' },
  answer: { en: 'Our answer', my: 'ကျွန်ုပ်တို့၏ အဖြေ' },
  true: { en: 'It is true.', my: 'မှန်ပါသည်။' },
  untrue: { en: 'It is untrue.', my: 'မမှန်ပါ။' },
  'not-known': { en: 'It is not known.', my: 'မသိရသေးပါ။' },
  rests: { en: 'Rests on', my: 'အထောက်အထား' },
  entry: { en: 'entry {n} of the public log', my: 'အများသိ မှတ်တမ်းစာအုပ်၏ မှတ်တမ်း {n}' },
  'authority-requests': {
    en: 'a count: from {since} until {until}, no request of an authority was received. The public report opens every such entry, so anybody can recount it',
    my: 'ရေတွက်ချက်- {since} မှ {until} အထိ အာဏာပိုင်၏ တောင်းဆိုချက် တစ်ခုမျှ မရရှိပါ။ အများသိ အစီရင်ခံစာဖြင့် မည်သူမဆို ပြန်ရေတွက်နိုင်သည်',
  },
  incidents: {
    en: 'a count: from {since} until {until}, no incident was opened. The public report opens every such entry, so anybody can recount it',
    my: 'ရေတွက်ချက်- {since} မှ {until} အထိ ဖြစ်ရပ် တစ်ခုမျှ မဖွင့်ပါ။ အများသိ အစီရင်ခံစာဖြင့် မည်သူမဆို ပြန်ရေတွက်နိုင်သည်',
  },
  published: {
    en: 'Published {day}; entry {n} of the public log says so.',
    my: '{day} တွင် ထုတ်ပြန်သည်။ အများသိ မှတ်တမ်းစာအုပ်၏ မှတ်တမ်း {n} တွင် ပါရှိသည်။',
  },
  corrected: { en: 'Corrected {day}: {why}', my: '{day} တွင် ပြင်ဆင်သည်- {why}' },
  withdrawn: { en: 'Withdrawn {day}: {why}', my: '{day} တွင် ရုပ်သိမ်းသည်- {why}' },
  said: { en: 'What was said until then', my: 'ထိုအချိန်အထိ ပြောခဲ့သည်များ' },
  report: { en: 'Who asked for call records, and who looked: the public report', my: 'အများသိ အစီရင်ခံစာ' },
  log: {
    en: 'The log’s key and its tiles are at /log; anybody can keep a copy and check that none of these entries was changed.',
    my: 'မှတ်တမ်းစာအုပ်၏ ကီးနှင့် အချက်အလက်များကို /log တွင် ရနိုင်သည်။ မည်သူမဆို မိတ္တူယူ၍ စစ်ဆေးနိုင်ပါသည်။',
  },
} as const
