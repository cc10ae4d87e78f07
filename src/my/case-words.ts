import type { Words } from '../platform/words.ts'

/** What the page of a case says, hers and her representative's. `{...}` is filled in. */
export const C = {
  caseNumber: { en: 'Case {serial}', my: 'ကိစ္စ {serial}' },
  openState: {
    en: 'We are looking into it, since {when}.',
    my: '{when} မှစ၍ စိစစ်နေပါသည်။',
  },
  closedState: { en: 'It was closed, {when}.', my: '{when} တွင် ပိတ်ခဲ့ပါသည်။' },
  next: { en: 'You hear from us again by {when}.', my: '{when} နောက်ဆုံးထား၍ ထပ်မံ အကြောင်းကြားပါမည်။' },
  nextPassed: {
    en: 'You should have heard from us by {when}. An officer was reminded.',
    my: '{when} တွင် အကြောင်းကြားသင့်ခဲ့ပါသည်။ အရာရှိကို သတိပေးပြီးပါပြီ။',
  },
  nextNone: {
    en: 'There is no date for the next word yet. You may ask below.',
    my: 'နောက်တစ်ကြိမ် အကြောင်းကြားမည့်ရက် မသတ်မှတ်ရသေးပါ။ အောက်တွင် မေးနိုင်သည်။',
  },
  reported: { en: 'What you reported', my: 'သင်တိုင်ကြားခဲ့သည်' },
  reportedByHer: { en: 'What she reported', my: 'ဖောက်သည် တိုင်ကြားခဲ့သည်' },
  reportedNothing: { en: 'That a look at the calls was not hers.', my: 'ကြည့်ရှုမှုသည် ၎င်းမဟုတ်ကြောင်း။' },
  found: { en: 'What was found so far', my: 'ယခုအထိ တွေ့ရှိချက်များ' },
  foundNone: {
    en: 'Nothing can be told yet. As soon as something can, it stands here.',
    my: 'ပြောပြနိုင်သည် မရှိသေးပါ။ ပြောပြနိုင်သည်နှင့် ဤနေရာတွင် ဖော်ပြပါမည်။',
  },
  messages: { en: 'Messages', my: 'စာများ' },
  messagesNone: { en: 'No message yet.', my: 'စာ မရှိသေးပါ။' },
  fromOperator: { en: 'From us', my: 'ကျွန်ုပ်တို့ထံမှ' },
  fromCustomer: { en: 'From you', my: 'သင့်ထံမှ' },
  fromHer: { en: 'From her', my: 'ဖောက်သည်ထံမှ' },
  fromRepresentative: { en: 'From whoever speaks for you', my: 'သင့်ကိုယ်စားလှယ်ထံမှ' },
  fromYouForHer: { en: 'From you, in her place', my: 'ဖောက်သည်ကိုယ်စား သင့်ထံမှ' },
  toRepresentative: { en: 'to whoever speaks for you', my: 'သင့်ကိုယ်စားလှယ်ထံ' },
  write: { en: 'Write to the officer of the case', my: 'တာဝန်ခံ အရာရှိထံ ရေးရန်' },
  send: { en: 'Send', my: 'ပို့မည်' },
  represented: { en: 'Who speaks for you', my: 'သင့်ကို ကိုယ်စားပြုသူ' },
  speaks: {
    en: '{name} sees this case and nothing else, and gets our messages in your place, until {until}.',
    my: '{name} သည် ဤကိစ္စကိုသာ မြင်ရပြီး {until} အထိ သင့်ကိုယ်စား စာများ လက်ခံသည်။',
  },
  spoke: {
    en: '{name} spoke for you. That ended, {when}; nothing is opened to them any more.',
    my: '{name} သည် သင့်ကို ကိုယ်စားပြုခဲ့သည်။ {when} တွင် ပြီးဆုံးပြီး ဘာမျှ မဖွင့်ပေးတော့ပါ။',
  },
  end: { en: 'End it now', my: 'ယခု ရပ်မည်' },
  endTell: {
    en: 'It counts at once: from that moment every page is refused to them.',
    my: 'ချက်ချင်း အကျိုးသက်ရောက်သည်- ထိုအချိန်မှစ၍ စာမျက်နှာအားလုံးကို ငြင်းပယ်မည်။',
  },

  doorTitle: { en: 'For whoever speaks for a customer', my: 'ဖောက်သည်ကို ကိုယ်စားပြုသူများအတွက်' },
  doorLead: {
    en: 'Give the telephone number or e-mail address that is registered with the power of attorney.',
    my: 'ကိုယ်စားလှယ်လွှဲစာတွင် မှတ်ပုံတင်ထားသော ဖုန်းနံပါတ် သို့မဟုတ် အီးမေးလ်ကို ရေးပါ။',
  },
  contact: { en: 'Telephone number or e-mail address', my: 'ဖုန်းနံပါတ် သို့မဟုတ် အီးမေးလ်' },
  sendCode: { en: 'Send me a code', my: 'ကုဒ် ပို့ပါ' },
  enrolTitle: { en: 'Your first sign-in', my: 'ပထမဆုံး ဝင်ရောက်ခြင်း' },
  enrolLead: {
    en: 'This link works once. With it we send a code to the telephone or e-mail address that is registered for you.',
    my: 'ဤလင့်ခ်ကို တစ်ကြိမ်သာ သုံးနိုင်သည်။ သင့်အတွက် မှတ်ပုံတင်ထားသော ဖုန်း သို့မဟုတ် အီးမေးလ်သို့ ကုဒ်ပို့ပါမည်။',
  },
  link: { en: 'Your link', my: 'သင့်လင့်ခ်' },
  codeTitle: { en: 'Type the code', my: 'ကုဒ်ကို ရိုက်ထည့်ပါ' },
  codeLead: {
    en: 'If this contact is registered, six digits are on their way to it. They work for 5 minutes, once.',
    my: 'မှတ်ပုံတင်ထားပါက ဂဏန်းခြောက်လုံး ပို့လိုက်ပါပြီ။ ၅ မိနစ်အတွင်း တစ်ကြိမ်သာ သုံးနိုင်သည်။',
  },
  code: { en: 'The six digits', my: 'ဂဏန်းခြောက်လုံး' },
  signIn: { en: 'Open the matter', my: 'ကိစ္စကို ဖွင့်မည်' },
  signOut: { en: 'Sign out', my: 'ထွက်မည်' },
  matterTitle: { en: 'The matter in which you speak', my: 'သင်ကိုယ်စားပြုသော ကိစ္စ' },
  deed: {
    en: 'You, {name}, speak for the customer in case {serial} until {until}, by the power of attorney that was checked, {since}. She or an officer may end it at any time. You see this case and nothing else of hers.',
    my: '{name}၊ {since} စစ်ဆေးခဲ့သော ကိုယ်စားလှယ်လွှဲစာအရ ကိစ္စ {serial} တွင် {until} အထိ ဖောက်သည်ကို ကိုယ်စားပြုသည်။ ဖောက်သည် သို့မဟုတ် အရာရှိက အချိန်မရွေး ရပ်နိုင်သည်။ ဤကိစ္စကိုသာ မြင်ရသည်။',
  },
} as const satisfies Record<string, Words>

/** Burmese for what a refusal of these pages says; English is the refusal's own. */
export const CASE_REFUSALS_MY: Readonly<Record<string, string>> = {
  'code-wrong': 'ကုဒ် မမှန်ပါ၊ သို့မဟုတ် သက်တမ်းကုန်ပါပြီ။ အစမှ ပြန်စပါ။',
  'link-spent': 'ဤလင့်ခ်ကို မသုံးနိုင်တော့ပါ။ တာဝန်ခံ အရာရှိထံမှ အသစ် တောင်းပါ။',
  'contact-unreadable': 'ဤသည်မှာ ဖုန်းနံပါတ် သို့မဟုတ် အီးမေးလ် မဟုတ်ပါ။ အပြည့်အစုံ ရေးပါ။',
  'mail-not-configured': 'အီးမေးလ် မပို့နိုင်ပါ။ ဖုန်းနံပါတ် ရေးပါ။',
  'representation-ended': 'ကိုယ်စားပြုခွင့် ပြီးဆုံးပါပြီ။ ဖောက်သည် သို့မဟုတ် အရာရှိကို မေးပါ။',
  'incident-not-found': 'ထိုကိစ္စ မရှိပါ။ သင့်စာမျက်နှာသို့ ပြန်သွားပါ။',
}
