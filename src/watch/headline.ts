import type { Words } from '../platform/words.ts'
import { AT } from './rules.ts'
import type { Alert, WatchedLook } from './store.ts'

/** The sentence that a card begins with: who, and what stands out. */
export function headlineOf(alert: Pick<Alert, 'why' | 'hard'>, look: WatchedLook, looks: number): Words {
  const who = look.deskName
  const { signs } = look.scored
  switch (alert.hard) {
    case 'denied':
      return {
        en: `${who} looked at a customer who says it was not for her`,
        my: `${who} ကြည့်ခဲ့သော ဖောက်သည်က မိမိအတွက်မဟုတ်ဟု ပြောသည်`,
      }
    case 'own-number':
      return { en: `${who} looked at a number of their own`, my: `${who} သည် ကိုယ်ပိုင်နံပါတ်ကို ကြည့်ခဲ့သည်` }
    case 'circle':
      return {
        en: `${who} looked at somebody of their household or friends`,
        my: `${who} သည် မိသားစု သို့မဟုတ် မိတ်ဆွေ၏ မှတ်တမ်းကို ကြည့်ခဲ့သည်`,
      }
    case 'unjustified-glass':
      return {
        en: `${who} broke the glass and did not say why in time`,
        my: `${who} သည် အရေးပေါ်ဖွင့်ပြီး အကြောင်းမပြခဲ့ပါ`,
      }
    case null:
      break
  }
  if (alert.why === 'audit')
    return { en: `A look of ${who}, drawn by chance`, my: `${who} ၏ ကြည့်ရှုမှုတစ်ခု၊ ကျပန်းရွေးချယ်ထားသည်` }
  if ((signs[AT.ring] ?? 0) >= 1)
    return {
      en: `${who} looked at people who call each other`,
      my: `${who} သည် အချင်းချင်းဖုန်းဆက်သူများကို ကြည့်ခဲ့သည်`,
    }
  if (looks > 1 || (signs[AT.repeat] ?? 0) >= 0.9)
    return {
      en: `${who} came back to a customer who was not there`,
      my: `${who} သည် ဆက်သွယ်မှုမရှိသော ဖောက်သည်ကို ထပ်ခါထပ်ခါ ကြည့်ခဲ့သည်`,
    }
  const ground =
    look.level === 0
      ? { en: 'with no call, visit or ticket', my: 'ဖုန်း၊ လာရောက်မှု၊ တောင်းဆိုလွှာ မရှိဘဲ' }
      : look.level === 1
        ? { en: 'on their own word', my: 'ကိုယ့်စကားဖြင့်သာ' }
        : { en: 'in an unusual way', my: 'ပုံမှန်မဟုတ်ဘဲ' }
  return { en: `${who} looked at a customer ${ground.en}`, my: `${who} သည် ဖောက်သည်ကို ${ground.my} ကြည့်ခဲ့သည်` }
}
