import type { Refusal } from '../platform/refusal.ts'
import { myanmarDigits } from './period.ts'

/**
 * What refusals say in Burmese, by their English: what a champion or a customer may be refused, and what to do next.
 * `#` stands for a number, or for the reference of a request; they are filled in in their order.
 */
const BURMESE: Readonly<Record<string, string>> = {
  // The rules of who may do what.
  'You no longer work here.': 'သင်သည် ဤနေရာတွင် အလုပ်မလုပ်တော့ပါ။',
  'Ask the human resources office.': 'လူ့စွမ်းအားအရင်းအမြစ်ဌာနကို မေးပါ။',
  'Your access is frozen while something is looked into.': 'စုံစမ်းနေစဉ် သင့်ဝင်ရောက်ခွင့်ကို ရပ်ဆိုင်းထားသည်။',
  'Speak to the privacy officer.': 'ကိုယ်ရေးအချက်အလက် အရာရှိနှင့် ပြောပါ။',
  'This can only be done by the person themself.': 'ဤအရာကို ထိုသူကိုယ်တိုင်သာ ပြုလုပ်နိုင်သည်။',
  'Ask them to sign in and do it.': 'ဝင်ရောက်ပြုလုပ်ရန် ထိုသူကို ပြောပါ။',
  'Administrators manage people and see no customer data.':
    'စီမံခန့်ခွဲသူများသည် ဝန်ထမ်းများကို စီမံပြီး ဖောက်သည်အချက်အလက် မမြင်ရပါ။',
  'Ask a champion or a supervisor on shift.': 'တာဝန်ချိန်ရှိ ဝန်ထမ်း သို့မဟုတ် ကြီးကြပ်ရေးမှူးကို မေးပါ။',
  "The regulator's officers see no customer data at this desk.":
    'ကြီးကြပ်ရေးအဖွဲ့ အရာရှိများသည် ဤစားပွဲတွင် ဖောက်သည်အချက်အလက် မမြင်ရပါ။',
  'File a request.': 'တောင်းဆိုချက် တင်ပါ။',
  "You have not signed this year's code of conduct.": 'ယခုနှစ် ကျင့်ဝတ်စည်းကမ်းကို သင် လက်မှတ်မထိုးရသေးပါ။',
  'Read and sign it under People, Code of conduct.': 'ဝန်ထမ်းများ၊ ကျင့်ဝတ်စည်းကမ်း အောက်တွင် ဖတ်ပြီး လက်မှတ်ထိုးပါ။',
  'This customer was passed on from your own team.': 'ဤဖောက်သည်ကို သင့်အဖွဲ့မှ လွှဲပေးထားသည်။',
  'Ask a supervisor of another team.': 'အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူးကို မေးပါ။',
  'Your training on call details is missing or has run out.': 'ခေါ်ဆိုမှုအသေးစိတ် သင်တန်း မတက်ရသေးပါ သို့မဟုတ် သက်တမ်းကုန်ပြီ။',
  'Ask your supervisor for the course.': 'သင်တန်းအတွက် သင့်ကြီးကြပ်ရေးမှူးကို ပြောပါ။',
  'You are not on shift.': 'သင် တာဝန်ချိန် မဟုတ်ပါ။',
  'Ask your supervisor to approve these hours.': 'ဤအချိန်ကို ခွင့်ပြုရန် သင့်ကြီးကြပ်ရေးမှူးကို ပြောပါ။',
  'This is your own number.': 'ဤသည်မှာ သင့်ကိုယ်ပိုင်နံပါတ် ဖြစ်သည်။',
  "Your calls are on your own customer's page; questions go to a supervisor of another team.":
    'သင့်ခေါ်ဆိုမှုများကို သင့်ဖောက်သည်စာမျက်နှာတွင် ကြည့်ပါ။ မေးခွန်းများကို အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူးထံ မေးပါ။',
  'This number belongs to your household.': 'ဤနံပါတ်သည် သင့်အိမ်ထောင်စုမှ ဖြစ်သည်။',
  'Pass the customer to a supervisor of another team.': 'ဖောက်သည်ကို အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူးထံ လွှဲပါ။',
  "You declared this number as a friend's or relative's.": 'ဤနံပါတ်ကို မိတ်ဆွေ သို့မဟုတ် ဆွေမျိုး၏ နံပါတ်အဖြစ် သင် ကြေညာထားသည်။',
  'This customer is a colleague.': 'ဤဖောက်သည်သည် လုပ်ဖော်ကိုင်ဖက် ဖြစ်သည်။',
  "Pass the customer to a supervisor of another team than the colleague's.":
    'ဖောက်သည်ကို ထိုလုပ်ဖော်ကိုင်ဖက်၏ အဖွဲ့မဟုတ်သော အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူးထံ လွှဲပါ။',
  'Somebody else has this contact.': 'ဤဆက်သွယ်မှုကို အခြားသူ ကိုင်တွယ်နေသည်။',
  'Ask them, or open a contact of your own with the customer.': 'ထိုသူကို မေးပါ၊ သို့မဟုတ် ဖောက်သည်နှင့် သင့်ကိုယ်ပိုင်ဆက်သွယ်မှု ဖွင့်ပါ။',
  "A visit in a shop can only be opened on that shop's own device.": 'ဆိုင်လာရောက်မှုကို ထိုဆိုင်၏ စက်ပစ္စည်းပေါ်တွင်သာ ဖွင့်နိုင်သည်။',
  "A photo ID can only be confirmed on the shop's own device.": 'ဓာတ်ပုံပါကတ်ကို ဆိုင်၏ စက်ပစ္စည်းပေါ်တွင်သာ အတည်ပြုနိုင်သည်။',
  "Sign in on the shop's device.": 'ဆိုင်၏ စက်ပစ္စည်းပေါ်တွင် ဝင်ရောက်ပါ။',
  'The second word must come from somebody else.': 'ဒုတိယအတည်ပြုချက်ကို အခြားသူက ပေးရမည်။',
  'Ask a colleague.': 'လုပ်ဖော်ကိုင်ဖက်ကို ပြောပါ။',
  'The rules could not be applied to this, so it is refused.': 'စည်းမျဉ်းများဖြင့် မဆုံးဖြတ်နိုင်သောကြောင့် ငြင်းပယ်သည်။',
  'Tell the privacy officer; nothing was opened.': 'ကိုယ်ရေးအချက်အလက် အရာရှိကို ပြောပါ။ မည်သည့်အရာမျှ မဖွင့်ခဲ့ပါ။',
  'Your role does not include this.': 'သင့်ရာထူးတွင် ဤအရာ မပါဝင်ပါ။',
  'Ask somebody whose role does.': 'ပါဝင်သော ရာထူးရှိသူကို ပြောပါ။',
  'The rules in force withhold this from your role.': 'လက်ရှိစည်းမျဉ်းများက သင့်ရာထူးကို ဤအရာ ခွင့်မပြုပါ။',
  'See the rules under Settings, or ask somebody whose role has it.':
    'စည်းမျဉ်းများ စာမျက်နှာတွင် ကြည့်ပါ၊ သို့မဟုတ် ခွင့်ရှိသူကို ပြောပါ။',
  // Contacts.
  'There is no such contact.': 'ထိုဆက်သွယ်မှု မရှိပါ။',
  'Go back to your contacts.': 'သင့်ဆက်သွယ်မှုများသို့ ပြန်သွားပါ။',
  'Open one of your own.': 'သင့်ကိုယ်ပိုင်ဆက်သွယ်မှု ဖွင့်ပါ။',
  'Open a contact of your own.': 'သင့်ကိုယ်ပိုင်ဆက်သွယ်မှု ဖွင့်ပါ။',
  'This contact is over.': 'ဤဆက်သွယ်မှု ပြီးဆုံးပြီ။',
  'Open a new contact if the customer is still there.': 'ဖောက်သည် ရှိနေသေးပါက ဆက်သွယ်မှုအသစ် ဖွင့်ပါ။',
  'That is not a telephone number we can read.': 'ဖတ်၍ရသော ဖုန်းနံပါတ် မဟုတ်ပါ။',
  'Write it as 09 and its digits.': '09 နှင့် ဂဏန်းများဖြင့် ရေးပါ။',
  'Nobody holds this number with us now.': 'ဤနံပါတ်ကို ယခု မည်သူမျှ ကိုင်ဆောင်မထားပါ။',
  'Check the number with the caller.': 'ခေါ်ဆိုသူနှင့် နံပါတ်ကို ပြန်စစ်ပါ။',
  'There is nothing like that to decide.': 'ဆုံးဖြတ်ရန် ထိုအရာ မရှိပါ။',
  'Go back to your team.': 'သင့်အဖွဲ့စာမျက်နှာသို့ ပြန်သွားပါ။',
  'It has been decided, or its ten minutes are over.': 'ဆုံးဖြတ်ပြီး သို့မဟုတ် ဆယ်မိနစ် ကုန်ပြီ။',
  'Nothing more is needed.': 'ထပ်မံလုပ်ရန် မလိုပါ။',
  'A supervisor of another team decides this.': 'အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူးက ဆုံးဖြတ်မည်။',
  'Leave it to them.': 'ထိုသူအတွက် ထားပါ။',
  // Verifying.
  'Only in a shop, with the person there.': 'ဆိုင်တွင်၊ ထိုသူ ကိုယ်တိုင်ရှိသည့်အခါသာ ဖြစ်သည်။',
  'Use another one.': 'အခြားနည်းကို သုံးပါ။',
  'This way of verifying does not fit this contact.': 'ဤအတည်ပြုနည်းသည် ဤဆက်သွယ်မှုနှင့် မကိုက်ညီပါ။',
  'A photo ID counts on a shop’s own device only.': 'ဓာတ်ပုံပါကတ်သည် ဆိုင်၏ စက်ပစ္စည်းပေါ်တွင်သာ အကျုံးဝင်သည်။',
  'Sign in on that device.': 'ထိုစက်ပစ္စည်းပေါ်တွင် ဝင်ရောက်ပါ။',
  'A photo ID counts when a second clerk of the shop says so too.':
    'ဆိုင်မှ ဒုတိယဝန်ထမ်းကလည်း အတည်ပြုမှ ဓာတ်ပုံပါကတ် အကျုံးဝင်သည်။',
  'Ask a colleague in the shop.': 'ဆိုင်ရှိ လုပ်ဖော်ကိုင်ဖက်ကို ပြောပါ။',
  'What was asked for has run out.': 'တောင်းထားသည့်အရာ သက်တမ်းကုန်ပြီ။',
  'Start it again, or use another way.': 'ပြန်စပါ၊ သို့မဟုတ် အခြားနည်းကို သုံးပါ။',
  'This way of verifying has not been started.': 'ဤအတည်ပြုနည်းကို မစရသေးပါ။',
  'Start it first.': 'ဦးစွာ စတင်ပါ။',
  'A call back is answered by the phone itself.': 'ပြန်ခေါ်ဆိုမှုကို ဖုန်းကိုယ်တိုင်က ဖြေရသည်။',
  'Wait until it is picked up.': 'ဖုန်းကိုင်သည်အထိ စောင့်ပါ။',
  'Nothing was typed.': 'မည်သည့်အရာမျှ မရိုက်ရသေးပါ။',
  'Type what the customer says, or let her key it in.': 'ဖောက်သည် ပြောသည်ကို ရိုက်ပါ၊ သို့မဟုတ် သူကိုယ်တိုင် နှိပ်ပါစေ။',
  'The call back was not picked up.': 'ပြန်ခေါ်ဆိုမှုကို မကိုင်ခဲ့ပါ။',
  'Try again, or use another way.': 'ထပ်ကြိုးစားပါ၊ သို့မဟုတ် အခြားနည်းကို သုံးပါ။',
  'Your word is missing.': 'သင့်အတည်ပြုချက် လိုနေသည်။',
  'Say whether document and person are one.': 'ကတ်နှင့် လူ တူ၊ မတူ ပြောပါ။',
  'The second word comes from somebody else.': 'ဒုတိယအတည်ပြုချက်ကို အခြားသူက ပေးသည်။',
  'The second word comes from the same shop.': 'ဒုတိယအတည်ပြုချက်ကို ထိုဆိုင်မှပင် ပေးသည်။',
  'Use a device of that shop.': 'ထိုဆိုင်၏ စက်ပစ္စည်းကို သုံးပါ။',
  'A photo ID counts when it is unexpired and was compared with the person.':
    'သက်တမ်းမကုန်သော၊ လူနှင့် တိုက်စစ်ပြီးသော ဓာတ်ပုံပါကတ်သာ အကျုံးဝင်သည်။',
  'Compare it and say so, or use another way.': 'တိုက်စစ်ပြီး အတည်ပြုပါ၊ သို့မဟုတ် အခြားနည်းကို သုံးပါ။',
  'The caller has shown nothing yet.': 'ခေါ်ဆိုသူ မည်သူဖြစ်ကြောင်း မပြရသေးပါ။',
  'Verify the caller first.': 'ခေါ်ဆိုသူကို ဦးစွာ အတည်ပြုပါ။',
  'Verify that her phone is here first.': 'သူ့ဖုန်း ရှိကြောင်း ဦးစွာ အတည်ပြုပါ။',
  'The SIM of this number was changed less than # days ago, so a code or a call to it proves nothing.':
    'ဤနံပါတ်၏ ဆင်းမ်ကတ် ပြောင်းသည်မှာ # ရက် မပြည့်သေး၍ ကုဒ် သို့မဟုတ် ခေါ်ဆိုမှုက မည်သည့်အရာမျှ သက်သေမပြပါ။',
  'Ask for photo ID in a shop, or call back a second number of record that is older than # days.':
    'ဆိုင်တွင် ဓာတ်ပုံပါကတ် တောင်းပါ၊ သို့မဟုတ် # ရက်ထက် ကြာသော မှတ်တမ်းရှိ ဒုတိယနံပါတ်ကို ပြန်ခေါ်ပါ။',
  'Calls or texts to this number are forwarded, so a code or a call to it may reach somebody else.':
    'ဤနံပါတ်သို့ ခေါ်ဆိုမှု သို့မဟုတ် စာတိုများကို လွှဲထား၍ ကုဒ် သို့မဟုတ် ခေါ်ဆိုမှုသည် အခြားသူထံ ရောက်နိုင်သည်။',
  'This number was given to a new holder less than # days ago, so the line alone proves too little.':
    'ဤနံပါတ်ကို အသစ်ကိုင်ဆောင်သည်မှာ # ရက် မပြည့်သေး၍ ဖုန်းလိုင်းတစ်ခုတည်းဖြင့် မလုံလောက်ပါ။',
  'Use the PIN or passphrase, or photo ID in a shop.': 'PIN သို့မဟုတ် စကားဝှက်၊ သို့မဟုတ် ဆိုင်တွင် ဓာတ်ပုံပါကတ်ကို သုံးပါ။',
  'This customer asked that nothing is opened except in a shop, with photo ID.':
    'ဤဖောက်သည်သည် ဆိုင်တွင် ဓာတ်ပုံပါကတ်ဖြင့်သာ ဖွင့်ရန် တောင်းဆိုထားသည်။',
  'Ask the customer to come to a shop with photo ID.': 'ဓာတ်ပုံပါကတ်ဖြင့် ဆိုင်သို့ လာရန် ဖောက်သည်ကို ပြောပါ။',
  'Three wrong codes were given, so codes are locked for # minutes.':
    'ကုဒ် သုံးကြိမ် မှားသဖြင့် ကုဒ်များကို # မိနစ် ပိတ်ထားသည်။',
  'Wait # minutes, or verify in another way.': '# မိနစ် စောင့်ပါ၊ သို့မဟုတ် အခြားနည်းဖြင့် အတည်ပြုပါ။',
  'That code does not fit.': 'ထိုကုဒ် မမှန်ပါ။',
  'Read the newest text again, or ask for a new code.': 'နောက်ဆုံးစာတိုကို ပြန်ဖတ်ပါ၊ သို့မဟုတ် ကုဒ်အသစ် တောင်းပါ။',
  'That code has run out, was used before, or was sent for something else.':
    'ထိုကုဒ် သက်တမ်းကုန်ပြီ၊ သုံးပြီး သို့မဟုတ် အခြားအရာအတွက် ပို့ထားသည်။',
  'Ask for a new code.': 'ကုဒ်အသစ် တောင်းပါ။',
  'That PIN or passphrase does not fit.': 'ထို PIN သို့မဟုတ် စကားဝှက် မမှန်ပါ။',
  'Try again, or verify in another way.': 'ထပ်ကြိုးစားပါ၊ သို့မဟုတ် အခြားနည်းဖြင့် အတည်ပြုပါ။',
  'Five wrong tries were made, so the PIN is locked for # minutes.': 'ငါးကြိမ် မှားသဖြင့် PIN ကို # မိနစ် ပိတ်ထားသည်။',
  'Ten wrong tries were made in all, so the PIN is closed until a shop resets it.':
    'စုစုပေါင်း ဆယ်ကြိမ် မှားသဖြင့် ဆိုင်က ပြန်မသတ်မှတ်မချင်း PIN ကို ပိတ်ထားသည်။',
  'Come to a shop with photo ID.': 'ဓာတ်ပုံပါကတ်ဖြင့် ဆိုင်သို့ လာပါ။',
  'No PIN or passphrase is set for this number.': 'ဤနံပါတ်အတွက် PIN သို့မဟုတ် စကားဝှက် မသတ်မှတ်ရသေးပါ။',
  'Set one in a shop, or on your own page with a wait of # hours.':
    'ဆိုင်တွင် သတ်မှတ်ပါ၊ သို့မဟုတ် ကိုယ်ပိုင်စာမျက်နှာတွင် # နာရီ စောင့်၍ သတ်မှတ်ပါ။',
  'The PIN or passphrase was set less than # hours ago and opens no call records yet.':
    'PIN သို့မဟုတ် စကားဝှက် သတ်မှတ်သည်မှာ # နာရီ မပြည့်သေး၍ ခေါ်ဆိုမှုမှတ်တမ်း မဖွင့်နိုင်သေးပါ။',
  'Wait until it is # hours old, or show photo ID in a shop.':
    '# နာရီ ပြည့်သည်အထိ စောင့်ပါ၊ သို့မဟုတ် ဆိုင်တွင် ဓာတ်ပုံပါကတ် ပြပါ။',
  'No more codes are sent for this.': 'ဤအတွက် ကုဒ် ထပ်မပို့တော့ပါ။',
  'Use the newest one, or verify in another way.': 'နောက်ဆုံးကုဒ်ကို သုံးပါ၊ သို့မဟုတ် အခြားနည်းဖြင့် အတည်ပြုပါ။',
  'A code was sent less than # seconds ago.': 'ကုဒ် ပို့သည်မှာ # စက္ကန့် မပြည့်သေးပါ။',
  'Wait a little, then ask again.': 'ခဏစောင့်ပြီး ထပ်တောင်းပါ။',
  'Choose one that nobody who knows you would try.': 'သင့်ကိုသိသူ မခန့်မှန်းနိုင်သည့်အရာကို ရွေးပါ။',
  // Her own key.
  'Three links were sent in this contact.': 'ဤဆက်သွယ်မှုတွင် လင့်ခ် သုံးကြိမ် ပို့ပြီး။',
  'Verify in another way: her PIN, or photo ID in a shop.': 'အခြားနည်းဖြင့် အတည်ပြုပါ- သူ့ PIN သို့မဟုတ် ဆိုင်တွင် ဓာတ်ပုံပါကတ်။',
  'A link was sent less than a minute ago.': 'လင့်ခ် ပို့သည်မှာ တစ်မိနစ် မပြည့်သေးပါ။',
  'Wait a minute, then ask again.': 'တစ်မိနစ် စောင့်ပြီး ထပ်တောင်းပါ။',
  'It is her: that is proven already.': 'သူကိုယ်တိုင်ဖြစ်ကြောင်း အတည်ပြုပြီးပါပြီ။',
  'Ask for the look itself.': 'ကြည့်ရှုမှုကိုသာ တောင်းပါ။',
  'This link has run out. Nothing was opened.': 'ဤလင့်ခ် သက်တမ်းကုန်ပြီ။ မည်သည့်အရာမျှ မဖွင့်ခဲ့ပါ။',
  'Ask the member of staff to send a new one.': 'အသစ်ပို့ရန် ဝန်ထမ်းကို ပြောပါ။',
  'This link was answered already, or a newer one was sent.': 'ဤလင့်ခ်ကို ဖြေပြီး သို့မဟုတ် ပိုသစ်သောလင့်ခ် ပို့ထားသည်။',
  'Open the newest text, or ask the member of staff.': 'နောက်ဆုံးစာတိုကို ဖွင့်ပါ၊ သို့မဟုတ် ဝန်ထမ်းကို မေးပါ။',
  'In a shop a key is made after photo ID, and nowhere else by a member of staff.':
    'ဝန်ထမ်းနှင့် သော့ပြုလုပ်ခြင်းကို ဆိုင်တွင် ဓာတ်ပုံပါကတ် စစ်ပြီးမှသာ ပြုလုပ်သည်။',
  'Compare her photo ID first; elsewhere she makes it on her own page.':
    'သူ့ဓာတ်ပုံပါကတ်ကို ဦးစွာ တိုက်စစ်ပါ။ အခြားနေရာတွင် သူကိုယ်တိုင် စာမျက်နှာ၌ ပြုလုပ်သည်။',
  'There is no key of her own for this number.': 'ဤနံပါတ်အတွက် သူ့ကိုယ်ပိုင်သော့ မရှိပါ။',
  'Make one in a shop, or on her own page with a wait of # hours.':
    'ဆိုင်တွင် ပြုလုပ်ပါ၊ သို့မဟုတ် သူ့စာမျက်နှာတွင် # နာရီ စောင့်၍ ပြုလုပ်ပါ။',
  'The key was made less than # hours ago and allows nothing yet.':
    'သော့ပြုလုပ်သည်မှာ # နာရီ မပြည့်သေး၍ ခွင့်မပြုနိုင်သေးပါ။',
  'Wait until it is # hours old, or use the PIN, or photo ID in a shop.':
    '# နာရီ ပြည့်သည်အထိ စောင့်ပါ၊ သို့မဟုတ် PIN သို့မဟုတ် ဆိုင်တွင် ဓာတ်ပုံပါကတ်ကို သုံးပါ။',
  'This key was not accepted.': 'ဤသော့ကို လက်မခံပါ။',
  'Begin anew, on the phone itself, with its finger, face or screen lock.':
    'ဖုန်းပေါ်တွင် လက်ဗွေ၊ မျက်နှာ သို့မဟုတ် မျက်နှာပြင်သော့ဖြင့် ပြန်စပါ။',
  'Five keys stand already.': 'သော့ ငါးခု ရှိပြီးဖြစ်သည်။',
  'Take one off that is no longer used, then make this one.': 'မသုံးတော့သော သော့တစ်ခုကို ဖြုတ်ပြီးမှ ပြုလုပ်ပါ။',
  'That key was taken off, or is not hers.': 'ထိုသော့ကို ဖြုတ်ပြီး သို့မဟုတ် သူ့သော့ မဟုတ်ပါ။',
  'Use another key, or the PIN.': 'အခြားသော့ သို့မဟုတ် PIN ကို သုံးပါ။',
  'This was not signed by a key of this number.': 'ဤနံပါတ်၏ သော့ဖြင့် လက်မှတ်ထိုးထားခြင်း မဟုတ်ပါ။',
  'Use the phone that the key was made on. Nothing was opened.': 'သော့ပြုလုပ်ခဲ့သော ဖုန်းကို သုံးပါ။ မည်သည့်အရာမျှ မဖွင့်ခဲ့ပါ။',
  'This key seems to have been copied, so it was closed. Nothing was opened.':
    'ဤသော့ကို ကူးယူထားပုံရသဖြင့် ပိတ်လိုက်သည်။ မည်သည့်အရာမျှ မဖွင့်ခဲ့ပါ။',
  'Make a new key in a shop or on the page; until then the PIN or photo ID stand.':
    'ဆိုင် သို့မဟုတ် စာမျက်နှာတွင် သော့အသစ် ပြုလုပ်ပါ။ ထိုအချိန်အထိ PIN သို့မဟုတ် ဓာတ်ပုံပါကတ်ကို သုံးပါ။',
  // Looks.
  'There is no such look.': 'ထိုကြည့်ရှုမှု မရှိပါ။',
  'Go back to the contact.': 'ဆက်သွယ်မှုသို့ ပြန်သွားပါ။',
  'This look is somebody else’s.': 'ဤကြည့်ရှုမှုသည် အခြားသူ၏ ဖြစ်သည်။',
  'A supervisor has not decided yet.': 'ကြီးကြပ်ရေးမှူး မဆုံးဖြတ်ရသေးပါ။',
  'Wait for the answer, or close the contact.': 'အဖြေကို စောင့်ပါ၊ သို့မဟုတ် ဆက်သွယ်မှုကို ပိတ်ပါ။',
  'A supervisor said no to this look.': 'ကြီးကြပ်ရေးမှူးက ဤကြည့်ရှုမှုကို ငြင်းပယ်ခဲ့သည်။',
  'Send the statement, or close the contact.': 'စာရင်းရှင်းတမ်း ပို့ပါ၊ သို့မဟုတ် ဆက်သွယ်မှုကို ပိတ်ပါ။',
  'This look has ended.': 'ဤကြည့်ရှုမှု ပြီးဆုံးပြီ။',
  'Verify the customer again if there is more to explain.': 'ထပ်ရှင်းပြရန် ရှိပါက ဖောက်သည်ကို ပြန်အတည်ပြုပါ။',
  'Broken glass opens one masked page, no more.': 'အရေးပေါ်ဖွင့်ခြင်းသည် နံပါတ်ဖုံးထားသော တစ်မျက်နှာသာ ဖွင့်သည်။',
  'Read the page that is open.': 'ဖွင့်ထားသော စာမျက်နှာကို ဖတ်ပါ။',
  'Broken glass opens one page.': 'အရေးပေါ်ဖွင့်ခြင်းသည် တစ်မျက်နှာသာ ဖွင့်သည်။',
  'Close the contact and say why it was needed.': 'ဆက်သွယ်မှုကို ပိတ်ပြီး လိုအပ်ခဲ့သည့် အကြောင်းရင်းကို ပြောပါ။',
  'The phone is verified, the person is not: rows ask for more.':
    'ဖုန်းကို အတည်ပြုပြီး၊ လူကို မပြုရသေးပါ။ အတန်းများအတွက် ပိုလိုအပ်သည်။',
  'Ask for the PIN or passphrase, her own key, or a photo ID in the shop.':
    'PIN သို့မဟုတ် စကားဝှက်၊ ကိုယ်ပိုင်သော့၊ သို့မဟုတ် ဆိုင်တွင် ဓာတ်ပုံပါကတ် တောင်းပါ။',
  'This bill period is not open to the care desk.': 'ဤငွေတောင်းကာလကို ဖောက်သည်ရေးရာစားပွဲအတွက် မဖွင့်ထားပါ။',
  'Pick one of the months.': 'ပြထားသော လတစ်ခုကို ရွေးပါ။',
  'A day lies outside the bill period.': 'နေ့တစ်နေ့သည် ငွေတောင်းကာလ ပြင်ပတွင် ရှိသည်။',
  'Pick days of that month.': 'ထိုလ၏ နေ့များကို ရွေးပါ။',
  'That day lies outside the bill period.': 'ထိုနေ့သည် ငွေတောင်းကာလ ပြင်ပတွင် ရှိသည်။',
  'Ask for a day of that month.': 'ထိုလ၏ နေ့တစ်နေ့ကို မေးပါ။',
  'This contact has a look that still runs.': 'ဤဆက်သွယ်မှုတွင် ကြည့်ရှုမှုတစ်ခု ရှိနေဆဲ ဖြစ်သည်။',
  'Go on with it; one question at a time.': 'ထိုအရာကို ဆက်လုပ်ပါ။ တစ်ကြိမ်လျှင် မေးခွန်းတစ်ခု။',
  'That is more looks than an hour of work has.': 'တစ်နာရီအလုပ်အတွက် ကြည့်ရှုမှု များလွန်းသည်။',
  'Ask a supervisor to take over.': 'ကြီးကြပ်ရေးမှူးကို လွှဲပေးပါ။',
  'The bill of this look has not been opened.': 'ဤကြည့်ရှုမှု၏ ငွေတောင်းခံလွှာကို မဖွင့်ရသေးပါ။',
  'Open the bill, then its rows.': 'ငွေတောင်းခံလွှာကို ဦးစွာ၊ ထို့နောက် အတန်းများကို ဖွင့်ပါ။',
  'There is no such page.': 'ထိုစာမျက်နှာ မရှိပါ။',
  'Go back a page.': 'ရှေ့စာမျက်နှာသို့ ပြန်သွားပါ။',
  // Matches and single rows.
  'Too many numbers did not match: a supervisor has been called.':
    'မကိုက်ညီသော နံပါတ် များလွန်းသည်။ ကြီးကြပ်ရေးမှူးကို ခေါ်ပြီးပါပြီ။',
  'Send the statement to the customer’s own channel instead.':
    'ယင်းအစား စာရင်းရှင်းတမ်းကို ဖောက်သည်၏ ကိုယ်ပိုင်လမ်းကြောင်းသို့ ပို့ပါ။',
  '# numbers have been asked about in this contact.': 'ဤဆက်သွယ်မှုတွင် နံပါတ် # ခု မေးပြီးပါပြီ။',
  '# numbers were asked about for this customer in # days.': 'ဤဖောက်သည်အတွက် နံပါတ် # ခုကို # ရက်အတွင်း မေးပြီးပါပြီ။',
  'You have asked about # numbers today.': 'သင် ယနေ့ နံပါတ် # ခု မေးပြီးပါပြီ။',
  '# rows have been shown in full.': 'အတန်း # ခုကို အပြည့်ပြပြီးပါပြီ။',
  'Send the statement instead.': 'ယင်းအစား စာရင်းရှင်းတမ်း ပို့ပါ။',
  'That is not a whole telephone number.': 'ဖုန်းနံပါတ် အပြည့်အစုံ မဟုတ်ပါ။',
  'Type all of it, as the caller says it.': 'ခေါ်ဆိုသူ ပြောသည့်အတိုင်း အားလုံး ရိုက်ပါ။',
  'That number is too close to you.': 'ထိုနံပါတ်သည် သင်နှင့် နီးစပ်လွန်းသည်။',
  'Pass the customer on to another office.': 'ဖောက်သည်ကို အခြားရုံးသို့ လွှဲပါ။',
  'This look does not show that row.': 'ဤကြည့်ရှုမှုသည် ထိုအတန်းကို မပြပါ။',
  'Open its page first.': 'ထိုစာမျက်နှာကို ဦးစွာ ဖွင့်ပါ။',
  'That row has no number to show.': 'ထိုအတန်းတွင် ပြစရာနံပါတ် မရှိပါ။',
  'Pick another row.': 'အခြားအတန်းကို ရွေးပါ။',
  'There is no e-mail address of record.': 'မှတ်တမ်းတွင် အီးမေးလ်လိပ်စာ မရှိပါ။',
  'The address of record is less than # days old, so nothing about calls is sent to it.':
    'မှတ်တမ်းရှိ လိပ်စာသည် # ရက် မပြည့်သေး၍ ခေါ်ဆိုမှုအကြောင်း မပို့ပါ။',
  'Send it as a text with a link to her own page.': 'သူ့စာမျက်နှာလင့်ခ်ပါ စာတိုဖြင့် ပို့ပါ။',
  // Broken glass.
  'There is no such case.': 'ထိုအမှု မရှိပါ။',
  'Somebody else broke this glass.': 'ဤအရေးပေါ်ဖွင့်ခြင်းကို အခြားသူ ပြုလုပ်ခဲ့သည်။',
  'They must justify it themselves.': 'ထိုသူကိုယ်တိုင် အကြောင်းပြရမည်။',
  'It has been justified already.': 'အကြောင်းပြပြီးပါပြီ။',
  'Nothing more is needed from you.': 'သင် ထပ်မံလုပ်ရန် မလိုပါ။',
  'You broke this glass yourself.': 'ဤအရေးပေါ်ဖွင့်ခြင်းကို သင်ကိုယ်တိုင် ပြုလုပ်ခဲ့သည်။',
  'Somebody else reviews it.': 'အခြားသူက ပြန်လည်စစ်ဆေးမည်။',
  'It has been reviewed already.': 'ပြန်လည်စစ်ဆေးပြီးပါပြီ။',
  'Its # hours are not over.': '# နာရီ မကုန်သေးပါ။',
  'Wait for the justification.': 'အကြောင်းပြချက်ကို စောင့်ပါ။',
  // About oneself: sessions, the code of conduct, declared numbers, passkeys.
  'You are not signed in.': 'သင် ဝင်ရောက်မထားပါ။',
  'Sign in.': 'ဝင်ရောက်ပါ။',
  'Your session has ended.': 'သင့်အသုံးပြုချိန် ကုန်ဆုံးပြီ။',
  'Sign in again.': 'ပြန်ဝင်ရောက်ပါ။',
  'There is no such person.': 'ထိုသူ မရှိပါ။',
  'Look for them under People.': 'ဝန်ထမ်းများ စာမျက်နှာတွင် ရှာပါ။',
  'This link has been used or has run out.': 'ဤလင့်ခ်ကို သုံးပြီး သို့မဟုတ် သက်တမ်းကုန်ပြီ။',
  'Ask an administrator for a new one.': 'စီမံခန့်ခွဲသူထံ အသစ်တောင်းပါ။',
  'This person no longer works here.': 'ဤသူသည် ဤနေရာတွင် အလုပ်မလုပ်တော့ပါ။',
  'Nothing needs to be done.': 'လုပ်ရန် မလိုပါ။',
  'This number is on your list.': 'ဤနံပါတ်သည် သင့်စာရင်းတွင် ရှိပြီးဖြစ်သည်။',
  'This is not a telephone number.': 'ဤသည်မှာ ဖုန်းနံပါတ် မဟုတ်ပါ။',
  'Write it as 09 or +95.': '09 သို့မဟုတ် +95 ဖြင့် ရေးပါ။',
  'This number is not on your list.': 'ဤနံပါတ်သည် သင့်စာရင်းတွင် မရှိပါ။',
  'Reload the page.': 'စာမျက်နှာကို ပြန်ဖွင့်ပါ။',
  'There is no code of conduct yet.': 'ကျင့်ဝတ်စည်းကမ်း မရှိသေးပါ။',
  'Ask the privacy officer.': 'ကိုယ်ရေးအချက်အလက် အရာရှိကို မေးပါ။',
  'This is not the code of conduct in force.': 'ဤသည်မှာ လက်ရှိ ကျင့်ဝတ်စည်းကမ်း မဟုတ်ပါ။',
  'Reload the page and read the new one.': 'စာမျက်နှာကို ပြန်ဖွင့်ပြီး အသစ်ကို ဖတ်ပါ။',
  'Staff sign in by the operator’s directory here.': 'ဝန်ထမ်းများသည် လုပ်ငန်း၏ လမ်းညွှန်စနစ်ဖြင့် ဝင်ရောက်သည်။',
  'Sign in with the directory; a passkey is kept for what is signed with it.':
    'လမ်းညွှန်စနစ်ဖြင့် ဝင်ရောက်ပါ။ သော့ကို လက်မှတ်ထိုးရန်သာ သုံးသည်။',
  'You have no passkey to sign with.': 'သင့်တွင် လက်မှတ်ထိုးရန် သော့ မရှိပါ။',
  'Ask an administrator for an enrolment link.': 'စီမံခန့်ခွဲသူထံ စာရင်းသွင်းလင့်ခ် တောင်းပါ။',
  'This is not your passkey’s signature of this text.': 'ဤသည်မှာ ဤစာအတွက် သင့်သော့၏ လက်မှတ် မဟုတ်ပါ။',
  'Gather the figures anew and sign again.': 'ကိန်းဂဏန်းများကို ပြန်စုပြီး ထပ်လက်မှတ်ထိုးပါ။',
  'This passkey was not accepted.': 'ဤသော့ကို လက်မခံပါ။',
  'Try again, or ask for a new link.': 'ထပ်ကြိုးစားပါ၊ သို့မဟုတ် လင့်ခ်အသစ် တောင်းပါ။',
  'This person has a passkey already; replacing it takes two administrators.':
    'ဤသူတွင် သော့ ရှိပြီးဖြစ်သည်။ အစားထိုးရန် စီမံခန့်ခွဲသူ နှစ်ဦး လိုသည်။',
  'Ask another administrator to issue the link within # hours.': '# နာရီအတွင်း လင့်ခ်ထုတ်ပေးရန် အခြားစီမံခန့်ခွဲသူကို ပြောပါ။',
  // A customer on her own page.
  'The same change is waiting already.': 'အလားတူ ပြောင်းလဲမှု စောင့်ဆိုင်းနေပြီး ဖြစ်သည်။',
  'Stop that one first, or wait for it.': 'ထိုအရာကို ဦးစွာ ရပ်ပါ၊ သို့မဟုတ် စောင့်ပါ။',
  'That change is not waiting any more.': 'ထိုပြောင်းလဲမှု စောင့်ဆိုင်းမနေတော့ပါ။',
  'Look at your settings as they are now.': 'သင့်ဆက်တင်များကို လက်ရှိအတိုင်း ကြည့်ပါ။',
  'You have reported this look already.': 'ဤကြည့်ရှုမှုကို သင် တိုင်ကြားပြီး ဖြစ်သည်။',
  'Its state stands beside the look.': 'အခြေအနေကို ကြည့်ရှုမှုဘေးတွင် ပြထားသည်။',
  'This report is answered.': 'ဤတိုင်ကြားချက်ကို ဖြေပြီး ဖြစ်သည်။',
  'Open a new one if there is something new.': 'အသစ်ရှိပါက တိုင်ကြားချက်အသစ် ဖွင့်ပါ။',
  'A report about your own office is answered by an officer of another one.':
    'သင့်ရုံးနှင့်ဆိုင်သော တိုင်ကြားချက်ကို အခြားရုံးမှ အရာရှိက ဖြေသည်။',
  'Leave it to a privacy officer of another office.': 'အခြားရုံးမှ ကိုယ်ရေးအချက်အလက် အရာရှိအတွက် ထားပါ။',
  'There is no such report.': 'ထိုတိုင်ကြားချက် မရှိပါ။',
  'Go back to the list of reports.': 'တိုင်ကြားချက်စာရင်းသို့ ပြန်သွားပါ။',
  'Another officer has this report, or nobody has taken it.':
    'ဤတိုင်ကြားချက်ကို အခြားအရာရှိ ကိုင်တွယ်နေသည် သို့မဟုတ် မည်သူမျှ မယူရသေးပါ။',
  'Take it first, or leave it.': 'ဦးစွာ ယူပါ၊ သို့မဟုတ် ထားပါ။',
  'Sign in with a code by text.': 'စာတိုကုဒ်ဖြင့် ဝင်ရောက်ပါ။',
  'This asks for your PIN or passphrase.': 'ဤအတွက် သင့် PIN သို့မဟုတ် စကားဝှက် လိုသည်။',
  'Give it, then try again.': 'ထည့်ပြီး ထပ်ကြိုးစားပါ။',
  'That code does not fit, or has run out.': 'ကုဒ် မမှန်ပါ၊ သို့မဟုတ် သက်တမ်းကုန်ပါပြီ။',
  'Read the newest text again, or start anew.': 'နောက်ဆုံးစာတိုကို ပြန်ဖတ်ပါ၊ သို့မဟုတ် အစမှ ပြန်စပါ။',
  'Read the newest message again, or start anew.': 'နောက်ဆုံးစာကို ပြန်ဖတ်ပါ၊ သို့မဟုတ် အစမှ ပြန်စပါ။',
  'Your SIM was changed less than # days ago.': 'သင့်ဆင်းမ်ကတ် ပြောင်းသည်မှာ # ရက် မပြည့်သေးပါ။',
  'Wait until it is # days old, or come to a shop with photo ID.':
    '# ရက် ပြည့်သည်အထိ စောင့်ပါ၊ သို့မဟုတ် ဓာတ်ပုံပါကတ်ဖြင့် ဆိုင်သို့ လာပါ။',
  'There is no epoch of the register yet.': 'မှတ်ပုံစာရင်း မထွက်သေးပါ။',
  'Try again in a minute.': 'တစ်မိနစ်အကြာတွင် ထပ်ကြိုးစားပါ။',
  'Texts of the register were lost in a restore.': 'ပြန်လည်ရယူစဉ် မှတ်ပုံစာရင်း၏ စာသားများ ပျောက်ဆုံးခဲ့သည်။',
  'Ask the operator in a shop.': 'ဆိုင်တွင် လုပ်ငန်းကို မေးပါ။',
  'You speak in no such case.': 'သင်သည် ထိုကိစ္စတွင် ကိုယ်စားမပြုပါ။',
  'Go back to your page.': 'သင့်စာမျက်နှာသို့ ပြန်သွားပါ။',
  'There is no such look at your calls.': 'သင့်ခေါ်ဆိုမှုများတွင် ထိုကြည့်ရှုမှု မရှိပါ။',
  'Go back to all looks.': 'ကြည့်ရှုမှုအားလုံးသို့ ပြန်သွားပါ။',
  // The server itself.
  'There is no such article.': 'ထိုဆောင်းပါး မရှိပါ။',
  'Look for it in the search box.': 'ရှာဖွေရေးအကွက်တွင် ရှာပါ။',
  'There is nothing at this address.': 'ဤလိပ်စာတွင် မည်သည့်အရာမျှ မရှိပါ။',
  'Check the address.': 'လိပ်စာကို စစ်ပါ။',
  'This request came from another site.': 'ဤတောင်းဆိုချက်သည် အခြားဆိုက်မှ လာသည်။',
  'Open our own page and do it there.': 'ကျွန်ုပ်တို့၏ စာမျက်နှာကို ဖွင့်ပြီး ထိုနေရာတွင် ပြုလုပ်ပါ။',
  'This page is older than your session.': 'ဤစာမျက်နှာသည် သင့်အသုံးပြုချိန်ထက် ဟောင်းနေသည်။',
  'Reload the page and do it again.': 'စာမျက်နှာကို ပြန်ဖွင့်ပြီး ထပ်လုပ်ပါ။',
  'Too many requests in a short time.': 'အချိန်တိုအတွင်း တောင်းဆိုချက် များလွန်းသည်။',
  'Wait a minute, then try again.': 'တစ်မိနစ် စောင့်ပြီး ထပ်ကြိုးစားပါ။',
  'The request cannot be read.': 'တောင်းဆိုချက်ကို ဖတ်၍ မရပါ။',
  'Send it as the API description says.': 'API ဖော်ပြချက်အတိုင်း ပို့ပါ။',
  'Something went wrong on our side; nothing was changed.': 'ကျွန်ုပ်တို့ဘက်တွင် တစ်ခုခု မှားယွင်းခဲ့သည်။ မည်သည့်အရာမျှ မပြောင်းလဲပါ။',
  'Try again. If it stays, give our support the reference #.':
    'ထပ်ကြိုးစားပါ။ မရပါက ကူညီရေးဌာနသို့ ရည်ညွှန်းချက် # ကို ပေးပါ။',
  'Nothing is shown just now: the witnesses of the ledger do not stand behind it.':
    'မှတ်တမ်းစာရင်းကို သက်သေများက မထောက်ခံသောကြောင့် ယခု မည်သည့်အရာမျှ မပြပါ။',
  'Nothing was opened. The privacy officer finds the reason on the ledger’s page.':
    'မည်သည့်အရာမျှ မဖွင့်ခဲ့ပါ။ အကြောင်းရင်းကို ကိုယ်ရေးအချက်အလက် အရာရှိက မှတ်တမ်းစာရင်းစာမျက်နှာတွင် တွေ့နိုင်သည်။',
  'The ledger cannot be written just now, so nothing was shown.':
    'မှတ်တမ်းစာရင်းတွင် ယခု ရေး၍ မရသောကြောင့် မည်သည့်အရာမျှ မပြခဲ့ပါ။',
  'Try again in a minute. If it stays, tell an administrator.':
    'တစ်မိနစ်အကြာတွင် ထပ်ကြိုးစားပါ။ မရပါက စီမံခန့်ခွဲသူကို ပြောပါ။',
  'These records cannot be opened: a key is missing or damaged. Others open as ever.':
    'ဤမှတ်တမ်းများကို ဖွင့်၍ မရပါ- သော့ ပျောက် သို့မဟုတ် ပျက်နေသည်။ အခြားမှတ်တမ်းများ ပုံမှန်ပွင့်သည်။',
  'Nothing was shown. Tell an administrator: the command "keys check" says what is lost.':
    'မည်သည့်အရာမျှ မပြခဲ့ပါ။ စီမံခန့်ခွဲသူကို ပြောပါ- "keys check" အမိန့်က ပျောက်ဆုံးသည်ကို ပြမည်။',
  'These records cannot be opened: they were changed where they lie, or their key is another one. Others open as ever.':
    'ဤမှတ်တမ်းများကို ဖွင့်၍ မရပါ- ပြောင်းလဲခံထားရသည် သို့မဟုတ် သော့ မတူပါ။ အခြားမှတ်တမ်းများ ပုံမှန်ပွင့်သည်။',
  'The request is too large.': 'တောင်းဆိုချက် ကြီးလွန်းသည်။',
  'Send less at a time.': 'တစ်ကြိမ်လျှင် နည်းနည်းသာ ပို့ပါ။',
  'The content type of the request is not one we read.': 'ဤအမျိုးအစား တောင်းဆိုချက်ကို မဖတ်ပါ။',
  'Send application/json.': 'application/json ပို့ပါ။',
  'The request has no body, but says that it is JSON.': 'တောင်းဆိုချက်တွင် အကြောင်းအရာ မပါပါ။',
  'Send a JSON body.': 'JSON အကြောင်းအရာ ပို့ပါ။',
  'Correct it and send it again.': 'ပြင်ပြီး ထပ်ပို့ပါ။',
}

/** A count, or the reference of a request. */
const NUMBER = /\breq-[0-9a-z]+|\d+/g

/** The Burmese of what a refusal says or tells to do next; null where there is none. */
export function refusalInBurmese(english: string): string | null {
  // As it is first: `09` is how a number is written, and no count.
  const burmese = burmeseOf(english) ?? burmeseOf(english.replace(NUMBER, '#'))
  if (burmese === undefined) return null
  const numbers = english.match(NUMBER) ?? []
  let at = 0
  return burmese.replace(/#/g, () => {
    const number = numbers[at++] ?? ''
    return number.startsWith('req-') ? number : myanmarDigits(number)
  })
}

/** All of a refusal in Burmese; null where one of its sentences has none. */
export function refusalTextInBurmese({ says, next }: Refusal): string | null {
  const [saysMy, nextMy] = [refusalInBurmese(says), refusalInBurmese(next)]
  return saysMy === null || nextMy === null ? null : `${saysMy} ${nextMy}`
}

function burmeseOf(sentence: string): string | undefined {
  return Object.hasOwn(BURMESE, sentence) ? BURMESE[sentence] : undefined
}
