import type { Words } from '../platform/words.ts'
import { isRecycledLately, isSimFresh, type Limits } from './rules.ts'
import type { Subscriber } from './subscriber.ts'

/** The protective flags that are up for a subscriber, in words. */
export function flagsOf(subscriber: Subscriber, now: number, by: Limits): Words[] {
  const days = (ms: number): number => ms / 86_400_000
  const flags: (Words | false)[] = [
    subscriber.protection.shopOnly && {
      en: 'Only in a shop, with photo ID',
      my: 'ဆိုင်တွင်သာ၊ ဓာတ်ပုံပါ မှတ်ပုံတင်ဖြင့်',
    },
    isSimFresh(subscriber, now, by) && {
      en: `SIM changed less than ${days(by.simRests)} days ago: no codes, no call back to it`,
      my: `ဆင်းမ်ကတ် ပြောင်းသည်မှာ ${days(by.simRests)} ရက်မပြည့်သေး: ကုဒ်မပို့၊ ပြန်မခေါ်ရ`,
    },
    subscriber.forwarded && {
      en: 'Calls are forwarded: no codes',
      my: 'ခေါ်ဆိုမှုများ လွှဲထားသည်: ကုဒ်မပို့ရ',
    },
    isRecycledLately(subscriber, now) && {
      en: 'New holder of this number for less than 90 days',
      my: 'ဤနံပါတ်ကို ကိုင်ဆောင်သည်မှာ 90 ရက်မပြည့်သေး',
    },
    subscriber.addressOfRecord !== null &&
      now - subscriber.addressOfRecord.since < by.addressRests && {
        en: `Address of record is less than ${days(by.addressRests)} days old`,
        my: `မှတ်တမ်းရှိ လိပ်စာမှာ ${days(by.addressRests)} ရက်မပြည့်သေး`,
      },
    subscriber.secret?.needsShopReset === true && {
      en: 'PIN closed after 10 wrong tries: reset in a shop',
      my: 'PIN 10 ကြိမ်မှား၍ ပိတ်ထားသည်: ဆိုင်တွင် ပြန်သတ်မှတ်ရန်',
    },
    subscriber.protection.safeMode !== 'off' && {
      en: 'Safe mode: do not mention texts or looks unless she does',
      my: 'လုံခြုံမုဒ်: သူမပြောလျှင် စာများအကြောင်း မပြောရ',
    },
  ]
  return flags.filter((flag) => flag !== false)
}
