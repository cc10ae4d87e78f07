import type { Words } from '../words.ts'

/** Everything that the demo's phone says. */
export const PHONE_WORDS = {
  chooseTitle: { en: 'Whose phone?', my: 'မည်သူ့ဖုန်းကို ကြည့်မလဲ' },
  chooseHelp: {
    en: 'A simulated phone of the demo: it gets the texts that a customer gets, and can ring care.',
    my: 'သရုပ်ပြ ဖုန်းဖြစ်ပါသည်။ ဖောက်သည်ရရှိသော စာတိုများကို လက်ခံပြီး ဝန်ဆောင်မှုဌာနသို့ ခေါ်ဆိုနိုင်ပါသည်။',
  },
  findLabel: { en: 'Name or number', my: 'အမည် သို့မဟုတ် ဖုန်းနံပါတ်' },
  find: { en: 'Find', my: 'ရှာရန်' },
  nobodyFound: { en: 'Nobody of that name or number.', my: 'ထိုအမည် သို့မဟုတ် နံပါတ်ဖြင့် မည်သူမျှ မတွေ့ပါ။' },
  phoneOf: { en: 'A phone of the demo', my: 'သရုပ်ပြ ဖုန်း' },
  another: { en: 'Another phone', my: 'အခြားဖုန်း' },
  simulated: {
    en: 'This phone is simulated; its texts came over SMPP and its calls go through the simulated telephony system.',
    my: 'ဤဖုန်းသည် အတုဖြစ်ပါသည်။ စာတိုများသည် SMPP ဖြင့် ရောက်ရှိပြီး ခေါ်ဆိုမှုများသည် သရုပ်ပြ တယ်လီဖုန်းစနစ်မှတစ်ဆင့် သွားပါသည်။',
  },
  herPin: { en: 'This person’s PIN is', my: 'ဤသူ၏ PIN မှာ' },
  texts: { en: 'Texts', my: 'စာတိုများ' },
  noTexts: { en: 'No texts yet.', my: 'စာတို မရှိသေးပါ။' },
  whichDesk: { en: 'Ring care', my: 'ဝန်ဆောင်မှုဌာနသို့ ခေါ်ရန်' },
  ring: { en: 'Call', my: 'ခေါ်ဆိုရန်' },
  noDesk: {
    en: 'No desk is staffed now. Sign in at the console as a champion, then reload.',
    my: 'ယခု တာဝန်ကျ ဝန်ထမ်း မရှိပါ။ ဝန်ထမ်းစာမျက်နှာတွင် ဝင်ရောက်ပြီးနောက် ဤစာမျက်နှာကို ပြန်ဖွင့်ပါ။',
  },
  spoofed: {
    en: 'Ring from another line that only shows this number',
    my: 'ဤနံပါတ်ကို အတုပြထားသော အခြားလိုင်းမှ ခေါ်ရန်',
  },
  callsYou: { en: 'is calling you back', my: 'က သင့်ထံ ပြန်ခေါ်နေပါသည်' },
  answer: { en: 'Answer', my: 'ဖုန်းကိုင်ရန်' },
  decline: { en: 'Decline', my: 'ငြင်းရန်' },
  talkingTo: { en: 'On the line with desk', my: 'ပြောဆိုနေသည့် ဌာန' },
  hangUp: { en: 'Hang up', my: 'ဖုန်းချရန်' },
  keyPin: { en: 'Please key in your PIN.', my: 'သင့် PIN နံပါတ်ကို နှိပ်ပါ။' },
  keyCode: { en: 'Please key in the code from the text.', my: 'စာတိုတွင် ပါသော ကုဒ်ကို နှိပ်ပါ။' },
  send: { en: 'Send', my: 'ပို့ရန်' },
  erase: { en: 'Erase the last digit', my: 'နောက်ဆုံးဂဏန်းကို ဖျက်ရန်' },
} as const satisfies Record<string, Words>
