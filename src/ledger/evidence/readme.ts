import { createHash } from 'node:crypto'
import { fingerprintOf } from './fingerprint.ts'
import type { ManifestEntry } from './manifest.ts'

/** The README of a bundle, for somebody who has never heard of us. */
export function readme(of: {
  entries: readonly ManifestEntry[]
  verifierKey: string
  page: Uint8Array
}): string {
  const list = of.entries.map(({ index }) => index).join(', ')
  const key = `    ${of.verifierKey}\n    ${fingerprintOf(of.verifierKey)}`
  const page = `    ${createHash('sha256').update(of.page).digest('hex')}`
  return `EVIDENCE FROM A LEDGER
======================

This zip holds entries of a telecom operator's ledger of looks at customers' call records: ${list}.
You can check it without the operator, without a network and without any program but a browser.

1. Open verify.html in a browser (a double click will do). It sends nothing anywhere.
2. Drop this zip, unopened, on the page.
3. Enter the log's key, which you have from elsewhere: the operator prints it in public at /log/, and the regulator
   keeps a copy. Never take it from this zip alone: whoever forges a bundle forges its key too. This zip says that the
   key and its fingerprint are

${key}

4. The page says in plain words what holds and what does not, entry by entry.

A page that comes with the evidence could lie with it. If much depends on it, use the same page from the regulator or from
the operator's public site, or compare the SHA-256 of verify.html with the one they print; here it is

${page}

or check the zip on a command line: npx countersign verify BUNDLE.zip --key KEY

What is inside: entries/NUMBER/ has the texts of each entry (header.json, body.json), what opens their commitments
(opening.json), the proof that the entry stands in the signed log (proof.tlog-proof, in the format c2sp.org/tlog-proof),
and, where an entry tells of something shown to a member of staff, exactly what was shown (shown-exactly.txt), set for
reading in shown.html and shown.pdf. log/ has the signed state of the log (checkpoint.txt, in the format
c2sp.org/tlog-checkpoint), its key, and its policy of witnesses. manifest.json lists every file with its SHA-256, and
seal.json proves that the log itself recorded that list when the bundle was made. A byte changed anywhere is found.

A body that is not here was withheld or erased; its header and its proof hold without it.


မှတ်တမ်းစာအုပ်မှ သက်သေ
======================

ဤဇစ်ဖိုင်တွင် ဆက်သွယ်ရေးအော်ပရေတာတစ်ခု၏ ဖုန်းမှတ်တမ်းကြည့်ရှုမှု မှတ်တမ်းစာအုပ်မှ မှတ်တမ်းများ ပါဝင်ပါသည်- ${list}။
အော်ပရေတာမပါ၊ အင်တာနက်မပါဘဲ ဘရောက်ဆာတစ်ခုတည်းဖြင့် သင်ကိုယ်တိုင် စစ်ဆေးနိုင်ပါသည်။

၁။ verify.html ကို ဘရောက်ဆာဖြင့် ဖွင့်ပါ (နှစ်ချက်နှိပ်ပါ)။ မည်သည့်နေရာသို့မျှ ဘာမျှ မပို့ပါ။
၂။ ဤဇစ်ဖိုင်ကို မဖြည်ဘဲ ထိုစာမျက်နှာပေါ်သို့ ဆွဲထည့်ပါ။
၃။ အခြားနေရာမှ ရရှိထားသော မှတ်တမ်းစာအုပ်၏ ကီးကို ထည့်ပါ- အော်ပရေတာက /log/ တွင် အများသိအောင် ဖော်ပြထားပြီး
   ကြီးကြပ်ရေးအဖွဲ့တွင်လည်း မိတ္တူရှိပါသည်။ ဤဇစ်ဖိုင်တစ်ခုတည်းမှ ကီးကို ဘယ်တော့မျှ မယူပါနှင့်- အထုပ်အတုလုပ်သူသည်
   ကီးကိုလည်း အတုလုပ်ပါမည်။ ဤဇစ်ဖိုင်က ဖော်ပြသော ကီးနှင့် လက်ဗွေမှာ

${key}

၄။ မည်သည့်အရာ မှန်ပြီး မည်သည့်အရာ မမှန်ကြောင်း မှတ်တမ်းတစ်ခုချင်းအလိုက် ရိုးရှင်းသောစကားဖြင့် ပြပါမည်။

သက်သေနှင့်အတူပါလာသော စာမျက်နှာသည်လည်း လိမ်နိုင်ပါသည်။ အရေးကြီးပါက ကြီးကြပ်ရေးအဖွဲ့ သို့မဟုတ် အော်ပရေတာ၏
အများသုံးဝဘ်ဆိုက်မှ တူညီသောစာမျက်နှာကို သုံးပါ သို့မဟုတ် verify.html ၏ SHA-256 ကို နှိုင်းယှဉ်ပါ-

${page}

ဤတွင်မပါသော ကိုယ်ထည်စာသားများကို ထုတ်မပေးခြင်း သို့မဟုတ် ဖျက်ထားခြင်း ဖြစ်သည်။ ၎င်းမပါဘဲ ခေါင်းစီးနှင့် သက်သေ မှန်ကန်နိုင်ပါသည်။
`
}
