import type { Words } from '../platform/words.ts'

/**
 * The words of every text this room sends. Digits are Latin in both languages, as on the keypad they are typed on.
 * Burmese goes out as UCS-2 (70 characters, or 67 a part): these stay within three parts whatever is filled in, and
 * the codes, which are read in a hurry, within two.
 */
export const codeText = (code: string, allows: Words, operator: string): Words => ({
  en: `${code} is your ${operator} code. It ${allows.en}. To refuse, give it to nobody.`,
  my: `${code} ကုဒ်။ ပေးလျှင် ${allows.my}။ မလိုလျှင် မပေးပါနှင့်။`,
})

/** A code that she asked for herself, on her own page. */
export const ownCodeText = (code: string, allows: Words, operator: string): Words => ({
  en: `${code} is your code for your ${operator} page. It ${allows.en}. Type it in yourself; we never ask for it.`,
  my: `${code} ကုဒ်။ ${allows.my}။ မိမိကိုယ်တိုင်သာ ရိုက်ပါ။ ကျွန်ုပ်တို့ ဘယ်တော့မှ မမေးပါ။`,
})

/** What a shared phone may show: nothing but that there is something to read. */
export const neutralText = (operator: string): Words => ({
  en: `${operator}: there is something new on your page.`,
  my: `${operator}: သင့်စာမျက်နှာတွင် အသစ်ရှိပါသည်။`,
})

/** Codes were locked after three wrong tries. */
export const codesLockedText = (page: string): Words => ({
  en: `Somebody gave 3 wrong codes for your number. Codes are locked for 30 minutes. Not you? ${page}`,
  my: `သင့်နံပါတ်အတွက် ကုဒ်အမှား 3 ကြိမ် ပေးထားသဖြင့် မိနစ် 30 ပိတ်ထားပါသည်။ သင်မဟုတ်ပါက ${page}`,
})

/** The PIN was locked after five wrong tries. */
export const secretLockedText = (page: string): Words => ({
  en: `Somebody gave your PIN or passphrase wrongly 5 times. It is locked for 30 minutes. Not you? ${page}`,
  my: `သင့် PIN သို့မဟုတ် စကားဝှက် 5 ကြိမ် မှားပေးထားသဖြင့် မိနစ် 30 ပိတ်ထားပါသည်။ သင်မဟုတ်ပါက ${page}`,
})

/** The PIN is closed until a shop resets it. */
export const secretClosedText = (page: string): Words => ({
  en: `Your PIN or passphrase was given wrongly 10 times and is closed. Reset it in a shop with photo ID. Not you? ${page}`,
  my: `သင့် PIN သို့မဟုတ် စကားဝှက် 10 ကြိမ် မှားသဖြင့် ပိတ်ထားပါသည်။ မှတ်ပုံတင်ဖြင့် ဆိုင်တွင် ပြန်သတ်မှတ်ပါ။ ${page}`,
})

/** A PIN or passphrase was set or changed; never what to (47 CFR 64.2010(f)). */
export const secretSetText = (page: string): Words => ({
  en: `A PIN or passphrase was set or changed for your number. It opens your calls only after 24 hours. Not you? ${page}`,
  my: `သင့်နံပါတ်အတွက် PIN သို့မဟုတ် စကားဝှက် သတ်မှတ်ထားပါသည်။ 24 နာရီကြာမှ အသုံးပြုနိုင်မည်။ သင်မဟုတ်ပါက ${page}`,
})

/** A key of her own was added. */
export const ownKeySetText = (page: string): Words => ({
  en: `A key of your own was added to your number. It can allow looks at your calls after 24 hours. Not you? ${page}`,
  my: `သင့်နံပါတ်အတွက် ကိုယ်ပိုင်သော့ ထည့်ထားပါသည်။ 24 နာရီကြာမှ အသုံးပြုနိုင်မည်။ သင်မဟုတ်ပါက ${page}`,
})

/** A key of her own was taken off. */
export const ownKeyRemovedText = (page: string): Words => ({
  en: `A key of your own was taken off your number. It allows nothing any more. Not you? ${page} or any shop.`,
  my: `သင့်နံပါတ်၏ ကိုယ်ပိုင်သော့တစ်ခုကို ဖယ်ရှားထားပါသည်။ သင်မဟုတ်ပါက ${page} သို့မဟုတ် ဆိုင်သို့ လာပါ။`,
})

/** A copy of her key was used. */
export const ownKeyClonedText = (page: string): Words => ({
  en: `Somebody used a copy of your own key. It was closed and opened nothing. Come to a shop, or see ${page}`,
  my: `သင့်ကိုယ်ပိုင်သော့၏ မိတ္တူကို တစ်စုံတစ်ဦး သုံးသဖြင့် ပိတ်ထားပါသည်။ ဘာမျှ မဖွင့်ပါ။ ဆိုင်သို့ လာပါ၊ သို့မဟုတ် ${page}`,
})

/** A link that waits for her answer; `about` is left out where the phone is shared. */
export const linkText = (operator: string, about: Words | null, url: string): Words => ({
  en: about === null ? `${operator}: something waits for your answer. ${url}` : `${about.en} ${url}`,
  my: about === null ? `${operator}: သင့်အဖြေကို စောင့်နေပါသည်။ ${url}` : `${about.my} ${url}`,
})

/** A setting of protection changed. */
export const protectionText = (page: string): Words => ({
  en: `A protection setting of your number was changed. Not you? ${page} or any shop.`,
  my: `သင့်နံပါတ်၏ ကာကွယ်မှုဆက်တင် ပြောင်းထားပါသည်။ သင်မဟုတ်ပါက ${page} သို့မဟုတ် ဆိုင်သို့ လာပါ။`,
})

/** A change waits; `hours` are left. */
export const waitingText = (change: Words, hours: number, page: string): Words => ({
  en: `${change.en} in ${hours} hours. Not you? Stop it with one tap: ${page}`,
  my: `${hours} နာရီအကြာတွင် ${change.my}။ သင်မဟုတ်ပါက တစ်ချက်နှိပ်၍ ရပ်ပါ: ${page}`,
})

/** What a waiting change will do, as the beginning of `waitingText` and on her page. */
export const changeWords = {
  'first-secret': {
    en: 'A PIN or passphrase will be set for your number',
    my: 'သင့်နံပါတ်အတွက် PIN သို့မဟုတ် စကားဝှက် သတ်မှတ်မည်',
  },
  'own-key': {
    en: 'A key of your own will be added to your number',
    my: 'သင့်နံပါတ်အတွက် ကိုယ်ပိုင်သော့ ထည့်မည်',
  },
  'shop-only-off': {
    en: 'The protection "only in a shop" will be taken off',
    my: '"ဆိုင်တွင်သာ" ကာကွယ်မှုကို ဖယ်မည်',
  },
  'safe-mode': {
    en: 'The way we text you will change',
    my: 'သင့်ထံ စာပို့ပုံ ပြောင်းမည်',
  },
} as const satisfies Record<string, Words>
