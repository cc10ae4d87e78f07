import type { Words } from '../platform/words.ts'

/** Every word of her page that is not in a sentence of its own module. `{...}` is filled in. */
export const W = {
  title: { en: 'Who looked at my calls', my: 'ကျွန်ုပ်၏ ခေါ်ဆိုမှုများကို မည်သူကြည့်ခဲ့သနည်း' },
  navLooks: { en: 'Looks', my: 'ကြည့်ရှုမှု' },
  navBill: { en: 'My bill', my: 'ငွေတောင်းခံလွှာ' },
  navCalls: { en: 'My calls', my: 'ခေါ်ဆိုမှု' },
  navProtection: { en: 'Protection', my: 'ကာကွယ်မှု' },
  navCase: { en: 'My case', my: 'တိုင်ကြားချက်' },
  navLabel: { en: 'Parts of my page', my: 'စာမျက်နှာ၏ အပိုင်းများ' },
  signOut: { en: 'Sign out', my: 'ထွက်မည်' },
  otherLanguage: { en: 'မြန်မာ', my: 'English' },
  skip: { en: 'Skip to the page', my: 'အကြောင်းအရာသို့' },

  signInTitle: { en: 'See who looked at your calls', my: 'သင့်ခေါ်ဆိုမှုများကို မည်သူကြည့်ခဲ့သည်ကို ကြည့်ရန်' },
  signInLead: {
    en: 'Whenever our staff open your call records, it is written down here: who, when, why, and exactly what they saw.',
    my: 'ကျွန်ုပ်တို့ဝန်ထမ်းများ သင့်ခေါ်ဆိုမှုမှတ်တမ်းကို ဖွင့်တိုင်း မည်သူ၊ မည်သည့်အချိန်၊ မည်သည့်အတွက်၊ မည်သည်ကို မြင်ခဲ့သည်ကို ဤနေရာတွင် မှတ်တမ်းတင်ထားသည်။',
  },
  yourNumber: { en: 'Your number', my: 'သင့်ဖုန်းနံပါတ်' },
  numberHint: { en: 'It begins with 09', my: '09 ဖြင့် စပါသည်' },
  sendCode: { en: 'Text me a code', my: 'ကုဒ် ပို့ပါ' },
  codeTitle: { en: 'Type the code', my: 'ကုဒ်ကို ရိုက်ထည့်ပါ' },
  codeLead: {
    en: 'If this is a number of ours, a text with six digits is on its way to it. It works for 5 minutes, once.',
    my: 'ဤနံပါတ်သည် ကျွန်ုပ်တို့နံပါတ်ဖြစ်ပါက ဂဏန်းခြောက်လုံးပါ စာတစ်စောင် ပို့လိုက်ပါပြီ။ ၅ မိနစ်အတွင်း တစ်ကြိမ်သာ သုံးနိုင်သည်။',
  },
  code: { en: 'The six digits', my: 'ဂဏန်းခြောက်လုံး' },
  signIn: { en: 'Show me', my: 'ပြပါ' },
  noText: {
    en: 'No text after a minute? We send none to a SIM that is less than 7 days old, to a number that is forwarded, or after three wrong codes. Then come to a shop with photo ID.',
    my: 'တစ်မိနစ်ကြာသည်အထိ စာမရောက်ပါက။ ဆင်းမ်ကတ် ပြောင်းသည်မှာ ၇ ရက်မပြည့်သေးလျှင်၊ ဖုန်းလွှဲထားလျှင်၊ သို့မဟုတ် ကုဒ်သုံးကြိမ်မှားလျှင် မပို့ပါ။ ဓာတ်ပုံပါမှတ်ပုံတင်ဖြင့် ဆိုင်သို့ လာပါ။',
  },
  startAnew: { en: 'Start anew', my: 'အစမှ ပြန်စမည်' },
  badNumber: { en: 'This is not a telephone number.', my: 'ဤသည်မှာ ဖုန်းနံပါတ် မဟုတ်ပါ။' },

  proveTitle: { en: 'And it is you?', my: 'သင်ကိုယ်တိုင် ဟုတ်ပါသလား' },
  proveLead: {
    en: 'Others may hold your phone. Your bill and your calls open only with your PIN or passphrase, for 15 minutes.',
    my: 'သင့်ဖုန်းကို အခြားသူ ကိုင်ထားနိုင်သည်။ ငွေတောင်းခံလွှာနှင့် ခေါ်ဆိုမှုများကို PIN သို့မဟုတ် စကားဝှက်ဖြင့်သာ ၁၅ မိနစ် ဖွင့်နိုင်သည်။',
  },
  secret: { en: 'PIN or passphrase', my: 'PIN သို့မဟုတ် စကားဝှက်' },
  open: { en: 'Open', my: 'ဖွင့်မည်' },
  noSecret: {
    en: 'You have none yet. Set one in a shop, or under Protection with a wait of 72 hours.',
    my: 'သင့်တွင် မရှိသေးပါ။ ဆိုင်တွင် သတ်မှတ်ပါ၊ သို့မဟုတ် "ကာကွယ်မှု" တွင် ၇၂ နာရီစောင့်၍ သတ်မှတ်ပါ။',
  },

  noLooksTitle: { en: 'Nobody looked.', my: 'မည်သူမျှ မကြည့်ခဲ့ပါ။' },
  noLooks: {
    en: 'Since you have this number, no member of staff has opened your call records. When one does, you get a text and it stands here.',
    my: 'သင် ဤနံပါတ်ကို ရရှိချိန်မှစ၍ မည်သည့်ဝန်ထမ်းမျှ သင့်ခေါ်ဆိုမှုမှတ်တမ်းကို မဖွင့်ခဲ့ပါ။ ဖွင့်လျှင် သင့်ထံ စာပို့ပြီး ဤနေရာတွင် ပေါ်လာမည်။',
  },
  totalUnchecked: {
    en: 'What stands here is what the register says about your number.',
    my: 'ဤနေရာတွင် ပြထားသည်မှာ သင့်နံပါတ်အကြောင်း မှတ်ပုံစာရင်းတွင် ရှိသည့်အတိုင်း ဖြစ်သည်။',
  },
  noScript: {
    en: 'Your browser runs no scripts, so it cannot check the register itself. "Keep this proof" gives you a file that anyone can check.',
    my: 'သင့်ဘရောက်ဇာတွင် စကရစ် ပိတ်ထားသဖြင့် ကိုယ်တိုင် မစစ်နိုင်ပါ။ "ဤသက်သေကို သိမ်းမည်" ဖြင့် မည်သူမဆို စစ်နိုင်သော ဖိုင်ကို ရယူပါ။',
  },
  checkThis: { en: 'Check this yourself', my: 'ကိုယ်တိုင် စစ်ဆေးမည်' },
  wasMe: { en: 'This was me', my: 'ဤသည် ကျွန်ုပ်ဖြစ်သည်' },
  wasNotMe: { en: 'This was not me', my: 'ဤသည် ကျွန်ုပ်မဟုတ်ပါ' },
  youSaidMe: { en: 'You said: this was me.', my: 'သင်ပြောခဲ့သည်: ဤသည် ကျွန်ုပ်ဖြစ်သည်။' },
  youSaidNotMe: {
    en: 'You said: this was not me. An officer from another office is looking into it:',
    my: 'သင်ပြောခဲ့သည်: ဤသည် ကျွန်ုပ်မဟုတ်ပါ။ အခြားရုံးမှ အရာရှိတစ်ဦး စစ်ဆေးနေသည်:',
  },
  yourCase: { en: 'your case', my: 'သင့်တိုင်ကြားချက်' },
  showSeen: { en: 'Show what they saw', my: 'မြင်ခဲ့သည်များကို ပြပါ' },
  keepProof: { en: 'Keep this proof', my: 'ဤသက်သေကို သိမ်းမည်' },
  ownBill: { en: 'You opened your own {month} bill here.', my: 'သင်ကိုယ်တိုင် {month} ငွေတောင်းခံလွှာကို ဤနေရာတွင် ဖွင့်ခဲ့သည်။' },
  ownCalls: { en: 'You opened your own {month} calls here.', my: 'သင်ကိုယ်တိုင် {month} ခေါ်ဆိုမှုများကို ဤနေရာတွင် ဖွင့်ခဲ့သည်။' },
  ownDownload: {
    en: 'You downloaded your own {month} calls here.',
    my: 'သင်ကိုယ်တိုင် {month} ခေါ်ဆိုမှုများကို ဤနေရာတွင် ရယူခဲ့သည်။',
  },
  older: { en: 'Older', my: 'အဟောင်းများ' },

  seenTitle: { en: 'What they saw', my: 'မြင်ခဲ့သည်များ' },
  seenLead: {
    en: 'These calls, by day, minute and charge. In each, two digits of the number were visible (three at most of a number that repeats). Which two stays sealed: it is the fingerprint that would show where a leaked list came from.',
    my: 'နေ့၊ အချိန်နှင့် ကျသင့်ငွေအလိုက် ခေါ်ဆိုမှုများ။ တစ်ခုစီတွင် နံပါတ်၏ ဂဏန်းနှစ်လုံး (ထပ်ခါတလဲလဲ ပါသောနံပါတ်တွင် အများဆုံး သုံးလုံး) ကို မြင်နိုင်ခဲ့သည်။ မည်သည့်ဂဏန်းများဖြစ်သည်ကို ပိတ်ထားသည်၊ စာရင်းပေါက်ကြားပါက ရင်းမြစ်ကို ပြမည့် လက်ဗွေဖြစ်သောကြောင့်ဖြစ်သည်။',
  },
  seenFields: { en: 'Of each call they saw:', my: 'ခေါ်ဆိုမှုတစ်ခုစီတွင် မြင်ခဲ့သည်မှာ:' },
  seenNote: { en: 'They wrote, word for word:', my: 'သူတို့ရေးသားခဲ့သည့်အတိုင်း:' },
  seenNone: { en: 'They saw no single call.', my: 'ခေါ်ဆိုမှုတစ်ခုချင်းကို မမြင်ခဲ့ပါ။' },
  seenInFull: { en: 'Shown in full, with your code', my: 'သင့်ကုဒ်ဖြင့် အပြည့်အစုံ ပြခဲ့သည်' },
  seenMatches: { en: 'Numbers they asked about', my: 'မေးမြန်းခဲ့သော နံပါတ်များ' },
  matchYes: { en: 'appears', my: 'ပါရှိသည်' },
  matchNo: { en: 'no match, or not checkable', my: 'မပါ၊ သို့မဟုတ် မစစ်နိုင်' },
  never: {
    en: 'Never shown: what was said or written, and where you were.',
    my: 'ဘယ်တော့မှ မပြပါ: ပြောဆိုရေးသားချက်များနှင့် သင်ရှိခဲ့သောနေရာ။',
  },
  day: { en: 'Day', my: 'နေ့' },
  time: { en: 'Time', my: 'အချိန်' },
  charge: { en: 'Charge', my: 'ကျသင့်ငွေ' },
  back: { en: 'Back to all looks', my: 'ကြည့်ရှုမှုအားလုံးသို့' },

  notMeTitle: { en: 'This was not me', my: 'ဤသည် ကျွန်ုပ်မဟုတ်ပါ' },
  notMeLead: {
    en: 'Your report goes to a privacy officer of another office, at once. You will read the answer here.',
    my: 'သင့်တိုင်ကြားချက်သည် အခြားရုံးမှ ကိုယ်ရေးအချက်အလက် ကာကွယ်ရေးအရာရှိထံ ချက်ချင်း ရောက်မည်။ အဖြေကို ဤနေရာတွင် ဖတ်နိုင်မည်။',
  },
  notMeSays: {
    en: 'What should they know? (You may leave this empty.)',
    my: 'သူတို့ ဘာသိသင့်သနည်း။ (မရေးလည်း ရပါသည်။)',
  },
  sendReport: { en: 'Send the report', my: 'တိုင်ကြားချက် ပို့မည်' },
  caseTitle: { en: 'My case', my: 'ကျွန်ုပ်၏ တိုင်ကြားချက်' },
  caseFiled: {
    en: 'Your report was received. An officer from another office will take it.',
    my: 'သင့်တိုင်ကြားချက် ရရှိပါပြီ။ အခြားရုံးမှ အရာရှိတစ်ဦး ကိုင်တွယ်မည်။',
  },
  caseAssigned: {
    en: 'An officer from another office is looking into it.',
    my: 'အခြားရုံးမှ အရာရှိတစ်ဦး စစ်ဆေးနေသည်။',
  },
  caseReport: { en: 'Report', my: 'တိုင်ကြားချက်' },
  caseYouWrote: { en: 'You wrote:', my: 'သင်ရေးခဲ့သည်:' },
  caseAnswer: { en: 'The answer:', my: 'အဖြေ:' },
  caseNone: { en: 'You have no reports.', my: 'တိုင်ကြားချက် မရှိပါ။' },
  founded: { en: 'You were right.', my: 'သင်မှန်ပါသည်။' },
  unfounded: { en: 'It was in order.', my: 'စည်းကမ်းနှင့်အညီ ဖြစ်ပါသည်။' },
  'not-clear': { en: 'It could not be cleared up.', my: 'ရှင်းလင်းအောင် မဖော်ထုတ်နိုင်ပါ။' },

  billTitle: { en: 'My bill', my: 'ကျွန်ုပ်၏ ငွေတောင်းခံလွှာ' },
  billDays: { en: 'Charges by day', my: 'နေ့အလိုက် ကျသင့်ငွေ' },
  billKinds: { en: 'Charges by kind', my: 'အမျိုးအစားအလိုက် ကျသင့်ငွေ' },
  otherCharges: { en: 'Other charges', my: 'အခြားကျသင့်ငွေများ' },
  billUsage: { en: 'Calls, texts and data', my: 'ခေါ်ဆိုမှု၊ စာနှင့် ဒေတာ' },
  billWhole: { en: 'To be paid', my: 'ပေးရန် စုစုပေါင်း' },
  toppedUp: {
    en: 'What was topped up is shown here and is no part of the total.',
    my: 'ဖြည့်သွင်းငွေကို ဤနေရာတွင် ပြထားသော်လည်း စုစုပေါင်းတွင် မပါဝင်ပါ။',
  },
  total: { en: 'Total', my: 'စုစုပေါင်း' },
  kind: { en: 'Kind', my: 'အမျိုးအစား' },
  records: { en: 'Times', my: 'အကြိမ်' },
  month: { en: 'Month', my: 'လ' },
  noCharges: { en: 'There are no charges for this month.', my: 'ဤလအတွက် ကျသင့်ငွေ မရှိပါ။' },

  callsTitle: { en: 'My calls', my: 'ကျွန်ုပ်၏ ခေါ်ဆိုမှုများ' },
  callsLead: {
    en: 'Only you see this. That you opened it is written down, and never counted as a look.',
    my: 'ဤသည်ကို သင်သာ မြင်ရသည်။ သင်ဖွင့်ခဲ့သည်ကို မှတ်တမ်းတင်ထားသော်လည်း ကြည့်ရှုမှုအဖြစ် မရေတွက်ပါ။',
  },
  callsNone: { en: 'There are no calls in this month.', my: 'ဤလတွင် ခေါ်ဆိုမှု မရှိပါ။' },
  download: { en: 'Download as a table (CSV)', my: 'ဇယားအဖြစ် ရယူမည် (CSV)' },
  otherParty: { en: 'Other party', my: 'တစ်ဖက်' },
  lasted: { en: 'Lasted', my: 'ကြာချိန်' },
  direction: { en: 'Direction', my: 'အသွားအလာ' },
  out: { en: 'out', my: 'ထွက်' },
  in: { en: 'in', my: 'ဝင်' },
  forwarded: { en: 'forwarded', my: 'လွှဲ' },
  session: { en: 'data', my: 'ဒေတာ' },
  voice: { en: 'call', my: 'ဖုန်း' },
  sms: { en: 'text', my: 'စာ' },
  data: { en: 'data', my: 'ဒေတာ' },
  unanswered: { en: 'not answered', my: 'မဖြေ' },
  withheld: { en: 'withheld', my: 'ဖုံးထား' },
  private: { en: 'Your calls are on this screen.', my: 'သင့်ခေါ်ဆိုမှုများ ဤမျက်နှာပြင်တွင် ပေါ်နေသည်။' },

  protectionTitle: { en: 'Protection', my: 'ကာကွယ်မှု' },
  waitingTitle: { en: 'This is waiting', my: 'စောင့်ဆိုင်းနေသည်' },
  waitingAt: {
    en: 'It happens on {when}. Was it not you? One tap stops it.',
    my: '{when} တွင် ဖြစ်မည်။ သင်မဟုတ်ပါက တစ်ချက်နှိပ်၍ ရပ်ပါ။',
  },
  stop: { en: 'Stop it', my: 'ရပ်မည်' },
  secretTitle: { en: 'PIN or passphrase', my: 'PIN သို့မဟုတ် စကားဝှက်' },
  secretIsPin: {
    en: 'A PIN is set. It opens your bill and your calls, here and on the phone.',
    my: 'PIN သတ်မှတ်ထားပြီး ဖြစ်သည်။ ဤနေရာနှင့် ဖုန်းတွင် သင့်ငွေတောင်းခံလွှာနှင့် ခေါ်ဆိုမှုများကို ဖွင့်ပေးသည်။',
  },
  secretIsPassphrase: {
    en: 'A passphrase is set. It opens your bill and your calls, here and on the phone.',
    my: 'စကားဝှက် သတ်မှတ်ထားပြီး ဖြစ်သည်။ ဤနေရာနှင့် ဖုန်းတွင် သင့်ငွေတောင်းခံလွှာနှင့် ခေါ်ဆိုမှုများကို ဖွင့်ပေးသည်။',
  },
  secretNone: {
    en: 'None is set. In a shop, with photo ID, it is set at once. Here it takes 72 hours: you get a text each day, and one tap stops it.',
    my: 'မသတ်မှတ်ရသေးပါ။ ဆိုင်တွင် မှတ်ပုံတင်ဖြင့် ချက်ချင်း သတ်မှတ်နိုင်သည်။ ဤနေရာတွင် ၇၂ နာရီ ကြာမည်၊ နေ့စဉ် စာပို့မည်၊ တစ်ချက်နှိပ်၍ ရပ်နိုင်သည်။',
  },
  secretPin: { en: 'PIN (6 to 12 digits)', my: 'PIN (ဂဏန်း ၆ လုံးမှ ၁၂ လုံး)' },
  secretPassphrase: { en: 'Passphrase (12 characters or more)', my: 'စကားဝှက် (စာလုံး ၁၂ လုံးနှင့်အထက်)' },
  secretKind: { en: 'Which', my: 'မည်သည်' },
  secretOld: { en: 'The one you have now', my: 'ယခုရှိပြီးသား' },
  secretNew: { en: 'The new one', my: 'အသစ်' },
  secretSet: { en: 'Set it', my: 'သတ်မှတ်မည်' },
  secretWaits: {
    en: 'A new one opens your calls after 24 hours.',
    my: 'အသစ်သည် ၂၄ နာရီကြာမှ ခေါ်ဆိုမှုများကို ဖွင့်နိုင်သည်။',
  },
  shopTitle: { en: 'Only in a shop', my: 'ဆိုင်တွင်သာ' },
  shopOff: {
    en: 'Off. If you turn it on, nobody opens your calls by telephone, not even you: only in a shop, with photo ID.',
    my: 'ပိတ်ထားသည်။ ဖွင့်ပါက မည်သူမျှ ဖုန်းဖြင့် သင့်ခေါ်ဆိုမှုများကို မဖွင့်နိုင်ပါ၊ သင်ကိုယ်တိုင်ပင် မရပါ။ ဆိုင်တွင် မှတ်ပုံတင်ဖြင့်သာ ရမည်။',
  },
  shopOn: {
    en: 'On. Your calls open only in a shop, with photo ID. Turning it off takes 72 hours.',
    my: 'ဖွင့်ထားသည်။ ဆိုင်တွင် မှတ်ပုံတင်ဖြင့်သာ ဖွင့်နိုင်သည်။ ပိတ်ရန် ၇၂ နာရီ ကြာမည်။',
  },
  turnOn: { en: 'Turn on', my: 'ဖွင့်မည်' },
  turnOff: { en: 'Turn off in 72 hours', my: '၇၂ နာရီအကြာတွင် ပိတ်မည်' },
  safeTitle: { en: 'Safe mode for texts', my: 'စာများအတွက် လုံခြုံမုဒ်' },
  safeLead: {
    en: 'For a phone that others read. The first choice works at once and no text tells of it; a later change takes 72 hours.',
    my: 'အခြားသူများ ဖတ်နိုင်သော ဖုန်းအတွက်။ ပထမဆုံးရွေးချယ်မှုသည် ချက်ချင်း အကျိုးသက်ရောက်ပြီး စာမပို့ပါ။ နောက်ပိုင်းပြောင်းလဲမှုသည် ၇၂ နာရီ ကြာမည်။',
  },
  safeOff: { en: 'Texts say what happened', my: 'ဖြစ်ပျက်သည်ကို စာတွင် ဖော်ပြမည်' },
  safeNeutral: { en: 'Texts say only that there is something new here', my: 'ဤနေရာတွင် အသစ်ရှိသည်ဟုသာ ဖော်ပြမည်' },
  safePage: { en: 'No texts: I read it here', my: 'စာမပို့ပါ၊ ဤနေရာတွင် ဖတ်မည်' },
  safeShop: { en: 'No texts: I ask in a shop', my: 'စာမပို့ပါ၊ ဆိုင်တွင် မေးမည်' },
  safeElsewhere: { en: 'Texts go to another number you gave in a shop', my: 'ဆိုင်တွင်ပေးထားသော အခြားနံပါတ်သို့ ပို့မည်' },
  save: { en: 'Save', my: 'သိမ်းမည်' },
  languageTitle: { en: 'Language', my: 'ဘာသာစကား' },
  languageLead: { en: 'Of this page and of our texts to you.', my: 'ဤစာမျက်နှာနှင့် ကျွန်ုပ်တို့ပို့သောစာများအတွက်။' },
  registerTitle: { en: 'The register', my: 'မှတ်ပုံစာရင်း' },
  registerSigned: {
    en: 'The register is countersigned by {count} of {of} independent witnesses up to entry {entry}, {ago}.',
    my: 'မှတ်ပုံစာရင်းကို သီးခြားသက်သေ {of} ဦးအနက် {count} ဦးက အမှတ် {entry} အထိ တွဲဖက်လက်မှတ်ထိုးထားသည်၊ {ago}။',
  },
  registerWaits: {
    en: 'The register waits for its first countersignature by an independent witness.',
    my: 'မှတ်ပုံစာရင်းသည် သီးခြားသက်သေ၏ ပထမဆုံး တွဲဖက်လက်မှတ်ကို စောင့်နေသည်။',
  },
  registerAlone: {
    en: 'Nobody but the operator signs the register yet.',
    my: 'မှတ်ပုံစာရင်းကို အော်ပရေတာမှလွဲ၍ မည်သူမျှ လက်မှတ်မထိုးသေးပါ။',
  },
  registerRefused: {
    en: 'An independent witness says that the register was changed. Keep your proofs.',
    my: 'မှတ်ပုံစာရင်း ပြောင်းလဲခံရသည်ဟု သီးခြားသက်သေက ဆိုသည်။ သင့်သက်သေများကို သိမ်းထားပါ။',
  },
  proofFiles: {
    en: 'Its entries one by one, as files that any tlog tool checks:',
    my: 'တစ်ခုချင်းစီကို မည်သည့် tlog ကိရိယာမဆို စစ်ဆေးနိုင်သော ဖိုင်များအဖြစ်:',
  },
  registerKey: { en: 'Its key is', my: '၎င်း၏ သော့မှာ' },
  otherEntries: { en: 'Changes to your protection', my: 'သင့်ကာကွယ်မှု ပြောင်းလဲမှုများ' },
  refusedTitle: { en: 'That did not work', my: 'မအောင်မြင်ပါ' },
} as const satisfies Record<string, Words>

/** What her own settings' entries say, by kind. */
export const CHANGES: Readonly<Record<string, Words>> = {
  'secret-set': { en: 'PIN or passphrase set', my: 'PIN သို့မဟုတ် စကားဝှက် သတ်မှတ်ခဲ့သည်' },
  'method-locked': { en: 'Codes or PIN locked after wrong tries', my: 'မှားယွင်းစွာ ကြိုးစားမှုကြောင့် ပိတ်ခဲ့သည်' },
  'shop-only-on': { en: '"Only in a shop" turned on', my: '"ဆိုင်တွင်သာ" ဖွင့်ခဲ့သည်' },
  'shop-only-off': { en: '"Only in a shop" turned off', my: '"ဆိုင်တွင်သာ" ပိတ်ခဲ့သည်' },
  'safe-mode-set': { en: 'Safe mode changed', my: 'လုံခြုံမုဒ် ပြောင်းခဲ့သည်' },
  'language-set': { en: 'Language changed', my: 'ဘာသာစကား ပြောင်းခဲ့သည်' },
  'own-key-set': { en: 'A key of your own was added', my: 'ကိုယ်ပိုင်သော့ ထည့်ခဲ့သည်' },
  'own-key-removed': { en: 'A key of your own was taken off', my: 'ကိုယ်ပိုင်သော့ ဖယ်ရှားခဲ့သည်' },
  'own-key-cloned': {
    en: 'A key of your own was closed: a copy of it was used',
    my: 'မိတ္တူကို သုံးခဲ့သဖြင့် ကိုယ်ပိုင်သော့ ပိတ်ခဲ့သည်',
  },
  'own-key-offered': { en: 'In a shop you were sent a link to make a key', my: 'ဆိုင်တွင် သော့ပြုလုပ်ရန် လင့်ခ် ပို့ခဲ့သည်' },
  'own-key-asked': { en: 'You were asked to allow a look', my: 'ကြည့်ခွင့် တောင်းခဲ့သည်' },
  'own-key-refused': { en: 'You refused a look', my: 'ကြည့်ခွင့် ငြင်းခဲ့သည်' },
  'change-asked': { en: 'A change was asked for', my: 'ပြောင်းလဲမှု တောင်းဆိုခဲ့သည်' },
  'change-stopped': { en: 'A waiting change was stopped', my: 'စောင့်နေသော ပြောင်းလဲမှု ရပ်ခဲ့သည်' },
}

/** What they saw of each call, by the field's name in the entry. */
export const FIELD_WORDS: Readonly<Record<string, Words>> = {
  start: { en: 'day and minute', my: 'နေ့နှင့် အချိန်' },
  duration: { en: 'how long', my: 'ကြာချိန်' },
  kind: { en: 'call, text or data', my: 'ဖုန်း၊ စာ သို့မဟုတ် ဒေတာ' },
  direction: { en: 'in or out', my: 'ဝင် သို့မဟုတ် ထွက်' },
  answered: { en: 'answered or not', my: 'ဖြေ၊ မဖြေ' },
  charge: { en: 'what it cost', my: 'ကျသင့်ငွေ' },
  tariff: { en: 'the tariff', my: 'နှုန်းထား' },
  otherMasked: { en: 'two digits of the number', my: 'နံပါတ်၏ ဂဏန်းနှစ်လုံး' },
  otherMatched: { en: 'whether a named number appears', my: 'ပြောသောနံပါတ် ပါ၊ မပါ' },
  otherFull: { en: 'the number in full', my: 'နံပါတ် အပြည့်အစုံ' },
  cell: { en: 'the place', my: 'နေရာ' },
}

/** Burmese for what a refusal of this room or of `customers` says; English is the refusal's own. */
export const REFUSALS_MY: Readonly<Record<string, string>> = {
  'code-wrong': 'ကုဒ် မမှန်ပါ၊ သို့မဟုတ် သက်တမ်းကုန်ပါပြီ။ နောက်ဆုံးစာကို ပြန်ဖတ်ပါ၊ သို့မဟုတ် အစမှ ပြန်စပါ။',
  'pin-absent': 'ဤနံပါတ်အတွက် PIN သို့မဟုတ် စကားဝှက် မရှိပါ။ ဆိုင်တွင် သတ်မှတ်ပါ။',
  'pin-too-new': 'PIN သတ်မှတ်သည်မှာ ၂၄ နာရီ မပြည့်သေးပါ။ စောင့်ပါ။',
  'pin-wrong': 'PIN သို့မဟုတ် စကားဝှက် မမှန်ပါ။',
  'pin-locked': 'ငါးကြိမ်မှားသဖြင့် မိနစ် ၃၀ ပိတ်ထားပါသည်။',
  'pin-needs-shop': 'ဆယ်ကြိမ်မှားသဖြင့် ပိတ်ထားပါသည်။ မှတ်ပုံတင်ဖြင့် ဆိုင်သို့ လာပါ။',
  'pin-weak': 'ဤအရာကို ခန့်မှန်းရ လွယ်လွန်းသည်။ သင့်ကိုသိသူ မခန့်မှန်းနိုင်သည်ကို ရွေးပါ။',
  'sim-changed-lately': 'ဆင်းမ်ကတ် ပြောင်းသည်မှာ ၇ ရက်မပြည့်သေးပါ။ စောင့်ပါ၊ သို့မဟုတ် ဆိုင်သို့ လာပါ။',
  'shop-only': 'သင်သည် ဆိုင်တွင်သာ ဖွင့်ရန် တောင်းဆိုထားသည်။ မှတ်ပုံတင်ဖြင့် ဆိုင်သို့ လာပါ။',
  'change-waiting': 'အလားတူ ပြောင်းလဲမှု စောင့်ဆိုင်းနေပြီး ဖြစ်သည်။',
  'change-gone': 'ထိုပြောင်းလဲမှု မရှိတော့ပါ။',
  'report-filed-before': 'ဤကြည့်ရှုမှုကို တိုင်ကြားပြီး ဖြစ်သည်။',
  'look-not-found': 'ဤကြည့်ရှုမှု မရှိပါ။',
  'number-unreadable': 'ဤသည်မှာ ဖုန်းနံပါတ် မဟုတ်ပါ။',
}

/** What her page says of records that an authority was given. */
export const AUTHORITY = {
  title: { en: 'An authority was given some of your records.', my: 'အာဏာပိုင်တစ်ရပ်အား သင့်မှတ်တမ်းအချို့ ပေးအပ်ခဲ့သည်။' },
  sentence: {
    en: '{authority} asked through {gate}, on the ground of {basis}. They were given {rows} records of {from} to {until}: {fields}.',
    my: '{authority} သည် {gate} မှတစ်ဆင့် {basis} အရ တောင်းခံခဲ့သည်။ {from} မှ {until} အထိ မှတ်တမ်း {rows} ခု ပေးအပ်ခဲ့သည်- {fields}။',
  },
  secrecy: {
    en: 'We could not tell you before: the law kept it secret until now. What you said and wrote is held nowhere, and none of it was given.',
    my: 'ဥပဒေအရ ယခုအချိန်အထိ လျှို့ဝှက်ထားရသဖြင့် ယခင် မပြောနိုင်ခဲ့ပါ။ သင်ပြောသည်၊ ရေးသည်များကို မည်သည့်နေရာတွင်မျှ မသိမ်းပါ၊ မပေးခဲ့ပါ။',
  },
  entry: { en: 'Entry {n} of the register.', my: 'မှတ်ပုံစာရင်း အမှတ် {n}။' },
  fields: {
    time: { en: 'when', my: 'အချိန်' },
    length: { en: 'how long', my: 'ကြာချိန်' },
    kind: { en: 'what kind', my: 'အမျိုးအစား' },
    'other-number': { en: 'with which number', my: 'တစ်ဖက်နံပါတ်' },
    place: { en: 'near which mast', my: 'တိုင်အနီး' },
    charge: { en: 'what it cost', my: 'ကုန်ကျငွေ' },
    holder: { en: 'your name', my: 'သင့်အမည်' },
  },
} satisfies Record<string, Words | Record<string, Words>>
