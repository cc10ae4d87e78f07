import type { Static } from 'typebox'
import type { Refusal } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { VerificationRules } from '../staff/verification-policy.ts'
import { clockText } from './period.ts'
import { refusalInBurmese } from './refusal-words.ts'
import { type PassedBy, rungOf } from './rules.ts'
import type { Factor, RungView } from './schemas.ts'
import type { Contact } from './store.ts'

/** The ladder of verification: what is done, and what the next rung would open. */

const DONE: Record<PassedBy, Words> = {
  'network-call': { en: 'Call from her own number', my: 'သူ့ကိုယ်ပိုင်နံပါတ်မှ ခေါ်ဆိုမှု' },
  'sms-code': { en: 'The code texted to her', my: 'သူ့ထံ ပို့ထားသော ကုဒ်' },
  'call-back': { en: 'Called back and answered', my: 'ပြန်ခေါ်ရာ ဖြေဆိုခဲ့သည်' },
  pin: { en: 'Her PIN, keyed in', my: 'သူ့ PIN ကို နှိပ်ထည့်ပြီး' },
  passphrase: { en: 'Her passphrase', my: 'သူ့စကားဝှက်' },
  'photo-id': { en: 'Photo ID, compared in the shop', my: 'ဆိုင်တွင် ဓာတ်ပုံပါကတ် တိုက်စစ်ပြီး' },
}
const START: Record<Factor, Words> = {
  'sms-code': { en: 'Text her a code', my: 'ကုဒ်တစ်ခု ပို့ရန်' },
  'call-back': { en: 'Call her number back', my: 'သူ့နံပါတ်ကို ပြန်ခေါ်ရန်' },
  pin: { en: 'Ask her to key in her PIN', my: 'PIN နှိပ်ထည့်ခိုင်းရန်' },
  passphrase: { en: 'Ask for her passphrase', my: 'စကားဝှက် မေးရန်' },
  'photo-id': { en: 'Compare her photo ID', my: 'ဓာတ်ပုံပါကတ် တိုက်စစ်ရန်' },
}
const RUNGS: { rung: 'phone' | 'person'; open: Words; would: Words; by: readonly PassedBy[] }[] = [
  {
    rung: 'phone',
    open: { en: 'Her phone is here', my: 'သူ့ဖုန်း ဤနေရာတွင် ရှိသည်' },
    would: {
      en: 'would open charges by category and day, and matches',
      my: 'အမျိုးအစားနှင့် နေ့အလိုက် ကျသင့်ငွေနှင့် နံပါတ်တိုက်ဆိုင်မှုကို ဖွင့်ပေးမည်',
    },
    by: ['network-call', 'sms-code', 'call-back'],
  },
  {
    rung: 'person',
    open: { en: 'And it is her', my: 'သူကိုယ်တိုင် ဖြစ်သည်' },
    would: { en: 'would open the rows, numbers masked', my: 'နံပါတ်ဖုံးထားသော အတန်းများကို ဖွင့်ပေးမည်' },
    by: ['pin', 'passphrase', 'photo-id'],
  },
]

/** What a factor's button says. */
export function startWords(factor: Factor): Words {
  return START[factor]
}

/** The three rungs. `blocks` says why a factor may not be used now; `offered` which ones make sense here. */
export function ladderOf(
  contact: Contact,
  offered: readonly { factor: Factor; block: Refusal | null }[],
  rules: VerificationRules,
  now: number,
  offsetMinutes: number,
): Static<typeof RungView>[] {
  const reached = rungOf(contact.passed)
  const rungs = RUNGS.map((rung): Static<typeof RungView> => {
    const passed = contact.passed.find((p) => rung.by.includes(p.factor))
    const done = rung.rung === 'phone' ? reached !== 'none' : reached === 'person'
    return {
      rung: rung.rung,
      done,
      title: passed === undefined ? rung.open : DONE[passed.factor],
      detail: passed === undefined ? rung.would : passedWords(passed, offsetMinutes),
      passedAt: passed?.at ?? null,
      factors: offered
        .filter(({ factor }) => rung.by.includes(factor))
        .map(({ factor, block }) => choiceOf(contact, factor, block, rules, now)),
    }
  })
  return [
    ...rungs,
    {
      rung: 'row',
      done: false,
      title: { en: 'A fresh code for one row', my: 'အတန်းတစ်ခုအတွက် ကုဒ်အသစ်' },
      detail: { en: 'would show that one number in full', my: 'ထိုနံပါတ်တစ်ခုကို အပြည့်ပြမည်' },
      passedAt: null,
      factors: [],
    },
  ]
}

function choiceOf(
  contact: Contact,
  factor: Factor,
  block: Refusal | null,
  rules: VerificationRules,
  now: number,
): Static<typeof RungView>['factors'][number] {
  const pending = contact.pending?.factor === factor && now < contact.pending.until ? contact.pending : null
  const locked = block !== null && /-locked$/.test(block.code)
  const passed = contact.passed.some((p) => p.factor === factor)
  const tries = factor === 'sms-code' ? rules.code.tries : rules.secret.tries
  return {
    factor,
    label: START[factor],
    available: block === null,
    why: block === null ? null : whyNot(block),
    state: passed ? 'passed' : locked ? 'locked' : pending === null ? 'idle' : 'waiting',
    triesLeft: Math.max(0, tries - (pending?.tries ?? 0)),
    until: pending?.until ?? null,
  }
}

/** Why a way of verifying may not be used now. */
export function whyNot({ says }: Refusal): Words {
  return { en: says, my: refusalInBurmese(says) ?? 'ယခု အသုံးမပြုနိုင်သေးပါ။' }
}

function passedWords(passed: { at: number; tries: number; factor: PassedBy }, offsetMinutes: number): Words {
  const time = clockText(passed.at, offsetMinutes)
  if (passed.factor === 'network-call' || passed.factor === 'call-back') return { en: time, my: time }
  return passed.tries === 1
    ? { en: `${time}, one try`, my: `${time}၊ တစ်ကြိမ်တည်း` }
    : { en: `${time}, ${passed.tries} tries`, my: `${time}၊ ${passed.tries} ကြိမ်` }
}
