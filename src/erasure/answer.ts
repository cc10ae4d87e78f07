import type { Words } from '../platform/words.ts'

/**
 * What she is told, in her own language. The same whether or not a legal hold kept something: it gives nothing away.
 * `finalOn`: a day, as `2026-12-30`.
 */
export function answerTo(finalOn: string): Words {
  return {
    en: `The record of your calls has been erased: its key is destroyed, and nobody can open it any more. The last copy of that key is gone on ${finalOn}. Your number stays in the records of those you called or who called you until their months end. What the law obliges us to keep is kept, and only that.`,
    my: `သင့်ခေါ်ဆိုမှုမှတ်တမ်းကို ဖျက်ပြီးပါပြီ။ ၎င်း၏သော့ကို ဖျက်ဆီးပြီးဖြစ်၍ မည်သူမျှ ထပ်မံ ဖွင့်၍ မရတော့ပါ။ ထိုသော့၏ နောက်ဆုံးမိတ္တူသည် ${finalOn} တွင် ကုန်ဆုံးမည်။ သင်ခေါ်ဆိုခဲ့သူများနှင့် သင့်ထံ ခေါ်ဆိုခဲ့သူများ၏ မှတ်တမ်းများတွင် သင့်နံပါတ်သည် ၎င်းတို့၏လများ ကုန်ဆုံးသည်အထိ ကျန်ရှိမည်။ ဥပဒေအရ သိမ်းဆည်းရမည့်အရာကိုသာ သိမ်းဆည်းထားပါသည်။`,
  }
}
