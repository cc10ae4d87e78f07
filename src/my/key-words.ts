import type { Words } from '../platform/words.ts'

/** What the pages of her own key say. `{...}` is filled in. */
export const K = {
  title: { en: 'Your own key', my: 'သင့်ကိုယ်ပိုင်သော့' },
  lead: {
    en: 'A key that your phone keeps, opened by your finger, your face or your screen lock. When a member of staff asks to see your calls, your phone gets a link, and nothing opens unless you allow it there. What you allow stands in the register under your own signature.',
    my: 'သင့်ဖုန်းတွင် သိမ်းထားပြီး လက်ဗွေ၊ မျက်နှာ သို့မဟုတ် ဖုန်းသော့ဖြင့် ဖွင့်သောသော့။ ဝန်ထမ်းက သင့်ခေါ်ဆိုမှုများကို ကြည့်ခွင့်တောင်းလျှင် သင့်ဖုန်းသို့ လင့်ခ် ရောက်မည်၊ သင်ခွင့်ပြုမှသာ ပွင့်မည်။ ခွင့်ပြုချက်သည် သင့်လက်မှတ်ဖြင့် မှတ်ပုံစာရင်းတွင် ရှိမည်။',
  },
  none: {
    en: 'You have none yet. In a shop, with photo ID, you make one at once. Here it takes 72 hours: you get a text each day, and one tap stops it.',
    my: 'မရှိသေးပါ။ ဆိုင်တွင် မှတ်ပုံတင်ဖြင့် ချက်ချင်း ပြုလုပ်နိုင်သည်။ ဤနေရာတွင် ၇၂ နာရီ ကြာမည်၊ နေ့စဉ် စာပို့မည်၊ တစ်ချက်နှိပ်၍ ရပ်နိုင်သည်။',
  },
  standing: { en: 'Made {when}. It allows looks.', my: '{when} ပြုလုပ်ခဲ့သည်။ ခွင့်ပြုနိုင်ပါပြီ။' },
  resting: { en: 'Made {when}. It allows looks from {from}.', my: '{when} ပြုလုပ်ခဲ့သည်။ {from} မှစ၍ ခွင့်ပြုနိုင်မည်။' },
  cloned: {
    en: 'Made {when}. Closed: a copy of it was used. Make a new one.',
    my: '{when} ပြုလုပ်ခဲ့သည်။ မိတ္တူကို သုံးခဲ့သဖြင့် ပိတ်ထားသည်။ အသစ် ပြုလုပ်ပါ။',
  },
  make: { en: 'Make a key on this phone', my: 'ဤဖုန်းပေါ်တွင် သော့ပြုလုပ်မည်' },
  makeAnother: {
    en: 'Another phone may have a key of its own. It takes 72 hours as well.',
    my: 'အခြားဖုန်းတွင်လည်း သော့တစ်ခု ပြုလုပ်နိုင်သည်။ ၇၂ နာရီ ကြာမည်။',
  },
  remove: { en: 'Take it off', my: 'ဖယ်ရှားမည်' },
  lost: {
    en: 'Lost or sold the phone? Take its key off: it allows nothing from that moment. Your PIN, or photo ID in a shop, still stand.',
    my: 'ဖုန်း ပျောက်သည် သို့မဟုတ် ရောင်းလိုက်ပါသလား။ ၎င်း၏သော့ကို ဖယ်ရှားပါ၊ ချက်ချင်း အကျိုးသက်ရောက်သည်။ PIN သို့မဟုတ် ဆိုင်တွင် မှတ်ပုံတင်ကို ဆက်သုံးနိုင်သည်။',
  },
  noScript: {
    en: 'A key asks for a browser that runs scripts. Without one, use your PIN, or photo ID in a shop.',
    my: 'သော့အတွက် စကရစ် သုံးနိုင်သော ဘရောက်ဇာ လိုသည်။ မရှိပါက PIN သို့မဟုတ် ဆိုင်တွင် မှတ်ပုံတင်ကို သုံးပါ။',
  },
  trouble: {
    en: 'The phone gave no key. Try again, or use another phone; nothing was opened.',
    my: 'ဖုန်းက သော့ မပေးပါ။ ထပ်ကြိုးစားပါ၊ သို့မဟုတ် အခြားဖုန်း သုံးပါ။ ဘာမျှ မဖွင့်ပါ။',
  },

  doorTitle: { en: 'Somebody asks you', my: 'သင့်ခွင့်ပြုချက် တောင်းနေသည်' },
  doorLead: {
    en: 'The link in our text leads here. It works once, for a few minutes.',
    my: 'ကျွန်ုပ်တို့ပို့သောစာရှိ လင့်ခ်သည် ဤနေရာသို့ ရောက်သည်။ မိနစ်အနည်းငယ်အတွင်း တစ်ကြိမ်သာ သုံးနိုင်သည်။',
  },
  link: { en: 'Your link', my: 'သင့်လင့်ခ်' },
  open: { en: 'Open it', my: 'ဖွင့်မည်' },

  askTitle: { en: 'Do you allow this?', my: 'ဤသည်ကို ခွင့်ပြုပါသလား' },
  askLead: {
    en: 'This and nothing else. Nothing has been opened yet.',
    my: 'ဤမျှသာ ဖြစ်ပြီး အခြား မပါ။ ယခုအထိ ဘာမျှ မဖွင့်ရသေးပါ။',
  },
  allow: { en: 'Allow it with my key', my: 'ကျွန်ုပ်၏သော့ဖြင့် ခွင့်ပြုမည်' },
  refuseTitle: { en: 'No', my: 'ငြင်းမည်' },
  refuseLead: {
    en: 'Nobody sees anything, and the conversation with our staff ends.',
    my: 'မည်သူမျှ မမြင်ရပါ၊ ဝန်ထမ်းနှင့် ဆက်သွယ်မှု ပြီးဆုံးမည်။',
  },
  report: {
    en: 'I did not ask for this: have an officer of another office look into it',
    my: 'ကျွန်ုပ် မတောင်းဆိုပါ- အခြားရုံးမှ အရာရှိ စစ်ဆေးပါ',
  },
  says: { en: 'What should they know? (You may leave this empty.)', my: 'သူတို့ ဘာသိသင့်သနည်း။ (မရေးလည်း ရပါသည်။)' },
  refuse: { en: 'Refuse', my: 'ငြင်းမည်' },

  allowedTitle: { en: 'You allowed it.', my: 'ခွင့်ပြုပြီးပါပြီ။' },
  allowed: {
    en: 'Your signature stands in the register beside ours. When the look has ended, you get a text, and your page says exactly what was seen.',
    my: 'သင့်လက်မှတ်သည် ကျွန်ုပ်တို့လက်မှတ်နှင့်အတူ မှတ်ပုံစာရင်းတွင် ရှိသည်။ ကြည့်ရှုမှု ပြီးလျှင် စာပို့မည်၊ မြင်ခဲ့သည်များကို သင့်စာမျက်နှာတွင် အတိအကျ ပြမည်။',
  },
  refusedTitle: { en: 'You refused it.', my: 'ငြင်းပြီးပါပြီ။' },
  refused: {
    en: 'Nothing was opened. The conversation has ended.',
    my: 'ဘာမျှ မဖွင့်ပါ။ ဆက်သွယ်မှု ပြီးဆုံးပါပြီ။',
  },
  reported: {
    en: 'Your report was received. An officer of another office answers it on your page.',
    my: 'သင့်တိုင်ကြားချက် ရရှိပါပြီ။ အခြားရုံးမှ အရာရှိက သင့်စာမျက်နှာတွင် ဖြေကြားမည်။',
  },
  shopTitle: { en: 'Make a key of your own', my: 'ကိုယ်ပိုင်သော့ ပြုလုပ်ရန်' },
  madeTitle: { en: 'The key is yours.', my: 'သော့ ရရှိပါပြီ။' },
  made: {
    en: 'It allows looks after 24 hours. Your page, under Protection, lists it; there you take it off if the phone is lost.',
    my: '၂၄ နာရီကြာမှ ခွင့်ပြုနိုင်မည်။ သင့်စာမျက်နှာ၏ "ကာကွယ်မှု" တွင် တွေ့နိုင်ပြီး ဖုန်းပျောက်ပါက ဖယ်ရှားနိုင်သည်။',
  },
  toPage: { en: 'To your page', my: 'သင့်စာမျက်နှာသို့' },
  lookAllowed: {
    en: 'You allowed this with your own key:',
    my: 'သင်ကိုယ်တိုင် ကိုယ်ပိုင်သော့ဖြင့် ခွင့်ပြုခဲ့သည်-',
  },
} as const satisfies Record<string, Words>

/** Burmese for what a refusal of these pages says; English is the refusal's own. */
export const KEY_REFUSALS_MY: Readonly<Record<string, string>> = {
  'key-link-spent': 'ဤလင့်ခ်ကို ဖြေပြီးဖြစ်သည်၊ သို့မဟုတ် လင့်ခ်အသစ် ပို့ထားသည်။ နောက်ဆုံးရောက်သောစာကို ဖွင့်ပါ။',
  'key-link-expired': 'ဤလင့်ခ် သက်တမ်းကုန်ပါပြီ။ ဘာမျှ မဖွင့်ပါ။ ဝန်ထမ်းထံမှ အသစ် တောင်းပါ။',
  'own-key-absent': 'ကိုယ်ပိုင်သော့ မရှိသေးပါ။ ဆိုင်တွင် သို့မဟုတ် သင့်စာမျက်နှာတွင် ပြုလုပ်ပါ။',
  'own-key-too-new': 'သော့ ပြုလုပ်သည်မှာ ၂၄ နာရီ မပြည့်သေးပါ။ PIN သို့မဟုတ် ဆိုင်တွင် မှတ်ပုံတင်ကို သုံးပါ။',
  'own-key-refused': 'ဤသော့ကို လက်မခံပါ။ ဖုန်းပေါ်တွင် အစမှ ပြန်စပါ။',
  'own-keys-many': 'သော့ ငါးခု ရှိပြီးဖြစ်သည်။ မသုံးတော့သည်ကို ဖယ်ရှားပါ။',
  'own-key-gone': 'ဤသော့ကို ဖယ်ရှားပြီးဖြစ်သည်၊ သို့မဟုတ် သင့်သော့ မဟုတ်ပါ။ အခြားသော့ သို့မဟုတ် PIN သုံးပါ။',
  'own-key-not-hers': 'ဤနံပါတ်၏ သော့ဖြင့် လက်မှတ်ထိုးခြင်း မဟုတ်ပါ။ သော့ပြုလုပ်ခဲ့သော ဖုန်းကို သုံးပါ။ ဘာမျှ မဖွင့်ပါ။',
  'own-key-cloned': 'ဤသော့ကို ကူးယူထားပုံရသဖြင့် ပိတ်ထားပါသည်။ ဘာမျှ မဖွင့်ပါ။ အသစ် ပြုလုပ်ပါ။',
  'shop-only': 'သင်သည် "ဆိုင်တွင်သာ" ကို ရွေးထားသည်။ ဆိုင်သို့ မှတ်ပုံတင်ဖြင့် လာပါ။',
  'look-running': 'ဝန်ထမ်းသည် အခြားမေးခွန်းတစ်ခုကို ဖြေနေဆဲ ဖြစ်သည်။ ဘာမျှ မဖွင့်ပါ။',
  'looks-too-many': 'ဝန်ထမ်းသည် ဤနာရီအတွင်း ကြည့်ရှုမှု များလွန်းပါသည်။ ဘာမျှ မဖွင့်ပါ။',
}
