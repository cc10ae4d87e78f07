import type { Words } from '../../../platform/words.ts'
import type { BundleReport } from '../verify-bundle.ts'

/** What the page says, in both languages. */
export const PAGE = {
  title: { en: 'Check a bundle of evidence', my: 'သက်သေအထုပ်ကို စစ်ဆေးပါ' },
  intro: {
    en: 'This page works without a network and sends nothing anywhere. Drop the zip on it, or choose it below.',
    my: 'ဤစာမျက်နှာသည် အင်တာနက်မလိုဘဲ အလုပ်လုပ်ပြီး မည်သည့်နေရာသို့မျှ ဘာမျှမပို့ပါ။ ဇစ်ဖိုင်ကို ဤနေရာသို့ ဆွဲထည့်ပါ သို့မဟုတ် အောက်တွင် ရွေးပါ။',
  },
  file: { en: 'The bundle (a zip file)', my: 'သက်သေအထုပ် (ဇစ်ဖိုင်)' },
  key: { en: 'The log’s key, which you have from elsewhere', my: 'အခြားနေရာမှ ရရှိထားသော မှတ်တမ်းစာအုပ်၏ ကီး' },
  keyHelp: {
    en: 'The operator prints it in public at /log/, and the regulator keeps a copy. Do not take it from the bundle.',
    my: 'အော်ပရေတာက /log/ တွင် အများသိ ဖော်ပြထားပြီး ကြီးကြပ်ရေးအဖွဲ့တွင် မိတ္တူရှိသည်။ အထုပ်ထဲမှ မယူပါနှင့်။',
  },
  keyBad: {
    en: 'This is not a key of a log. Copy all of it, with its name.',
    my: 'ဤသည်မှာ မှတ်တမ်းစာအုပ်၏ ကီး မဟုတ်ပါ။ အမည်အပါအဝင် အကုန်ကူးပါ။',
  },
  fingerprint: { en: 'Fingerprint of the key used', my: 'အသုံးပြုသော ကီး၏ လက်ဗွေ' },
  entry: { en: 'Entry', my: 'မှတ်တမ်း' },
  holds: { en: 'holds', my: 'မှန်ကန်သည်' },
  fails: { en: 'does not hold', my: 'မမှန်ကန်ပါ' },
  inLog: {
    en: 'It stands in the signed log exactly so, and nobody can have changed it since.',
    my: 'လက်မှတ်ထိုးထားသော မှတ်တမ်းစာအုပ်တွင် ဤအတိုင်း အတိအကျပါပြီး ထိုအချိန်မှစ၍ မည်သူမျှ ပြောင်းလဲ၍မရပါ။',
  },
  open: {
    en: 'Its full text is here and is the one recorded.',
    my: 'စာသားအပြည့်အစုံ ပါပြီး မှတ်တမ်းတင်ထားသည့်အတိုင်း ဖြစ်သည်။',
  },
  withheld: {
    en: 'Its full text is withheld; what is public of it is here and holds.',
    my: 'စာသားအပြည့်အစုံကို ထုတ်မပေးထားပါ။ အများသိနိုင်သောအပိုင်းသာပါပြီး မှန်ကန်သည်။',
  },
  erased: {
    en: 'Its full text was erased from the ledger; what is public of it is here and holds.',
    my: 'စာသားအပြည့်အစုံကို မှတ်တမ်းစာအုပ်မှ ဖျက်ထားသည်။ အများသိနိုင်သောအပိုင်းသာပါပြီး မှန်ကန်သည်။',
  },
  shown: { en: 'Exactly what was shown on the screen:', my: 'မျက်နှာပြင်တွင် ပြသခဲ့သည့်အတိုင်း အတိအကျ-' },
  allowed: {
    en: 'The customer allowed it with her own key, and exactly this:',
    my: 'ဖောက်သည်က ကိုယ်ပိုင်သော့ဖြင့် ဤအတိုင်း အတိအကျ ခွင့်ပြုခဲ့သည်-',
  },
  allowedKey: {
    en: 'Her device checked who holds it, and its signature holds. That the key is hers says this entry, which should be in the bundle too: ',
    my: 'သူ့စက်က ကိုင်ဆောင်သူကို စစ်ဆေးခဲ့ပြီး လက်မှတ် မှန်ကန်သည်။ သော့သည် သူ့သော့ဖြစ်ကြောင်း ဤမှတ်တမ်းက ဆိုသည်၊ အထုပ်တွင် ပါသင့်သည်- ',
  },
  table: { en: 'Table', my: 'ဇယား' },
  header: { en: 'What may be public of it', my: 'အများသိနိုင်သောအပိုင်း' },
  body: { en: 'Its full text', my: 'စာသားအပြည့်အစုံ' },
  bundle: { en: 'The bundle as a whole', my: 'အထုပ်တစ်ခုလုံး' },
  witnesses: {
    en: 'Independent witnesses that countersigned the log’s state:',
    my: 'မှတ်တမ်းစာအုပ်၏ အခြေအနေကို ပူးတွဲလက်မှတ်ထိုးသော လွတ်လပ်သည့် သက်သေများ-',
  },
  strangers: {
    en: 'Signed also by others, whom the policy does not name; that proves nothing:',
    my: 'မူဝါဒတွင် မပါသော အခြားသူများလည်း လက်မှတ်ထိုးထားသည်၊ ၎င်းသည် မည်သည့်အရာကိုမျှ သက်သေမပြပါ-',
  },
  noWitness: { en: 'No independent witness countersigned.', my: 'လွတ်လပ်သည့် သက်သေ ပူးတွဲလက်မှတ်မထိုးထားပါ။' },
  bundleHolds: {
    en: 'Every byte of the bundle is as it was made, and the log recorded its making.',
    my: 'အထုပ်၏ ဘိုက်တိုင်း ပြုလုပ်ခဲ့သည့်အတိုင်းရှိပြီး ပြုလုပ်ခဲ့ကြောင်း မှတ်တမ်းစာအုပ်တွင် မှတ်တမ်းတင်ထားသည်။',
  },
} as const satisfies Record<string, Words>

/** The verdict in one sentence. */
export function verdictWords(report: BundleReport): Words {
  const wrong = report.entries.filter(({ faults }) => faults.length > 0).length
  const count = report.entries.length
  if (report.holds && report.keyGiven)
    return {
      en: `Everything holds: ${count} of ${count} entries, under the key you entered.`,
      my: `အားလုံး မှန်ကန်သည်- သင်ထည့်သော ကီးအရ မှတ်တမ်း ${count} ခုအနက် ${count} ခု။`,
    }
  if (report.holds)
    return {
      en: `Everything fits together: ${count} of ${count} entries. It is proven only if the fingerprint below is that of the log’s key: compare it with the one printed in public, or enter the key.`,
      my: `အားလုံး ကိုက်ညီသည်- မှတ်တမ်း ${count} ခုအနက် ${count} ခု။ အောက်ပါလက်ဗွေသည် မှတ်တမ်းစာအုပ်၏ ကီးဖြစ်မှသာ သက်သေဖြစ်ပါသည်- အများသိဖော်ပြထားသည့်အရာနှင့် နှိုင်းယှဉ်ပါ သို့မဟုတ် ကီးကို ထည့်ပါ။`,
    }
  if (count === 0)
    return { en: 'Nothing can be proven with this file.', my: 'ဤဖိုင်ဖြင့် မည်သည့်အရာကိုမျှ သက်သေမပြနိုင်ပါ။' }
  return {
    en: `This bundle does not hold: it was changed or is damaged. ${count - wrong} of ${count} entries hold by themselves${report.keyGiven ? '' : ', if the fingerprint below is that of the log’s key'}.`,
    my: `ဤအထုပ် မမှန်ကန်ပါ- ပြောင်းလဲ သို့မဟုတ် ပျက်စီးထားသည်။ မှတ်တမ်း ${count} ခုအနက် ${count - wrong} ခုသည် တစ်ခုချင်းအနေဖြင့် မှန်ကန်သည်${report.keyGiven ? '' : ' (အောက်ပါလက်ဗွေသည် မှတ်တမ်းစာအုပ်၏ ကီးဖြစ်ပါက)'}။`,
  }
}
