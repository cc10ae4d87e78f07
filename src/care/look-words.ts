import type { Words } from '../platform/words.ts'
import { OFFICES } from '../staff/staff.ts'
import { monthWords, myanmarDigits } from './period.ts'
import type { Purpose } from './schemas.ts'

/** The sentences about a look: what the customer is told, what was shown so far, and how it ended. */

const PURPOSES: Record<Purpose, Words> = {
  'bill-clarification': { en: 'to explain your bill', my: 'သင့်ငွေတောင်းခံလွှာကို ရှင်းပြရန်' },
  'fraud-report': { en: 'because of a fraud report', my: 'လိမ်လည်မှု တိုင်ကြားချက်ကြောင့်' },
  'nuisance-calls': { en: 'because of nuisance calls', my: 'နှောင့်ယှက်ခေါ်ဆိုမှုများကြောင့်' },
  'statement-request': { en: 'to send your statement', my: 'အသေးစိတ်စာရင်း ပေးပို့ရန်' },
}

const ENDINGS: Record<string, Words> = {
  'contact-closed': { en: 'The contact was closed.', my: 'ဆက်သွယ်မှုကို ပိတ်လိုက်ပါပြီ။' },
  'call-ended': { en: 'The call has ended.', my: 'ဖုန်းခေါ်ဆိုမှု ပြီးဆုံးသွားပါပြီ။' },
  time: { en: 'Its time is over.', my: 'သတ်မှတ်ချိန် ပြည့်သွားပါပြီ။' },
  'sign-out': { en: 'You signed out.', my: 'သင် ထွက်လိုက်ပါပြီ။' },
  'access-ended': { en: 'Your access was ended.', my: 'သင့်ဝင်ရောက်ခွင့်ကို ရပ်ဆိုင်းလိုက်ပါပြီ။' },
  'customer-refused': { en: 'The customer refused it.', my: 'ဖောက်သည်က ငြင်းလိုက်ပါပြီ။' },
  abandoned: { en: 'Nobody did anything for ten minutes.', my: 'ဆယ်မိနစ်အတွင်း မည်သည့်လုပ်ဆောင်မှုမျှ မရှိပါ။' },
}

/** Who looked, as a customer is told: a desk name and an office, not a person's name. */
export interface LookFacts {
  readonly deskName: string
  readonly office: string
  readonly purpose: Purpose
  readonly month: string
  readonly rowsShown: number
  readonly rowsTotal: number | null
  readonly matches: number
  readonly unmasked: number
  readonly at: number
}

/** An office as people call it. */
export function officeWords(office: string): Words {
  return OFFICES.find((o) => o.id === office)?.words ?? { en: office, my: office }
}

/** Why the look happened, as the end of a sentence. */
export function purposeWords(purpose: Purpose): Words {
  return PURPOSES[purpose]
}

/** Why a look ended. */
export function endingWords(reason: string): Words {
  return ENDINGS[reason] ?? { en: 'This look has ended.', my: 'ဤကြည့်ရှုမှု ပြီးဆုံးပါပြီ။' }
}

/**
 * The text she gets about a look: "Staff member M-17 in Mandalay looked at 23 rows of your August calls, to
 * explain your bill." `proof` is the entry's number and the first digits of its commitment, absent in the preview.
 */
export function noticeText(look: LookFacts, offsetMinutes: number, proof?: NoticeProof): Words {
  const office = officeWords(look.office)
  const month = monthWords(look.month, look.at, offsetMinutes)
  const why = PURPOSES[look.purpose]
  const extra = extrasOf(look)
  const seen =
    look.rowsShown === 0
      ? { en: `the totals of your ${month.en} bill`, my: `သင့်${month.my} ငွေတောင်းခံလွှာ စုစုပေါင်းကို` }
      : {
          en: `${look.rowsShown} ${look.rowsShown === 1 ? 'row' : 'rows'} of your ${month.en} calls`,
          my: `သင့်${month.my} ဖုန်းခေါ်ဆိုမှုမှတ်တမ်း ${digits(look.rowsShown)} ကြောင်းကို`,
        }
  const check =
    proof === undefined
      ? { en: '', my: '' }
      : {
          en: ` Entry ${proof.entry}, ${proof.digits}. Not you? ${proof.page}`,
          my: ` မှတ်တမ်း ${proof.entry}, ${proof.digits}။ သင်မဟုတ်ပါက ${proof.page}`,
        }
  return {
    en: `Staff member ${look.deskName} in ${office.en} looked at ${seen.en}, ${why.en}.${extra.en}${check.en}`,
    my: `${office.my}ရုံးမှ ဝန်ထမ်း ${look.deskName} သည် ${why.my} ${seen.my} ကြည့်ရှုခဲ့သည်။${extra.my}${check.my}`,
  }
}

export interface NoticeProof {
  readonly entry: number
  /** The first eight hex digits of the entry's commitment. */
  readonly digits: string
  readonly page: string
}

/** The text that goes out before the first row where a photo ID stands for the customer. */
export function beforeText(
  look: Pick<LookFacts, 'deskName' | 'office' | 'month' | 'at'>,
  offsetMinutes: number,
  page: string,
): Words {
  const office = officeWords(look.office)
  const month = monthWords(look.month, look.at, offsetMinutes)
  return {
    en: `Somebody with your photo ID is in our ${office.en} shop; staff member ${look.deskName} is about to open your ${month.en} calls. Not you? ${page}`,
    my: `${office.my}ဆိုင်တွင် သင့်ဓာတ်ပုံပါ ကတ်ပြသူတစ်ဦး ရှိပြီး ဝန်ထမ်း ${look.deskName} သည် သင့်${month.my} ဖုန်းမှတ်တမ်းကို ဖွင့်ပါတော့မည်။ သင်မဟုတ်ပါက ${page}`,
  }
}

/** What has been shown so far, for the champion's guard rail. */
export function shownWords(look: LookFacts): Words {
  if (look.rowsShown === 0 && look.rowsTotal === null && look.matches === 0)
    return { en: 'Nothing has been shown yet.', my: 'မည်သည့်အရာမျှ မပြရသေးပါ။' }
  const rows =
    look.rowsShown === 0
      ? { en: 'Totals only, no rows.', my: 'စုစုပေါင်းသာ ပြထားပြီး အတန်းများ မပြရသေးပါ။' }
      : {
          en: `${look.rowsShown} of ${look.rowsTotal} rows, two digits of the number in each.`,
          my: `အတန်း ${digits(look.rowsTotal ?? 0)} အနက် ${digits(look.rowsShown)} တန်း၊ နံပါတ်တစ်ခုစီတွင် ဂဏန်းနှစ်လုံး။`,
        }
  const extra = extrasOf(look)
  return { en: rows.en + extra.en, my: rows.my + extra.my }
}

/** The band over the rows: "Private. 23 of 311 rows shown, numbers masked". */
export function bandWords(shown: number, total: number): Words {
  return {
    en: `Private. ${shown} of ${total} rows shown, numbers masked`,
    my: `ကိုယ်ရေးအချက်အလက်။ အတန်း ${digits(total)} အနက် ${digits(shown)} တန်း ပြထားသည်၊ နံပါတ်များ ဖုံးထားသည်`,
  }
}

function extrasOf(look: Pick<LookFacts, 'matches' | 'unmasked'>): Words {
  const matches =
    look.matches === 0
      ? { en: '', my: '' }
      : {
          en: ` ${look.matches} ${look.matches === 1 ? 'number' : 'numbers'} asked about.`,
          my: ` နံပါတ် ${digits(look.matches)} ခု မေးမြန်းခဲ့သည်။`,
        }
  const unmasked =
    look.unmasked === 0
      ? { en: '', my: '' }
      : {
          en: ` ${look.unmasked} ${look.unmasked === 1 ? 'number' : 'numbers'} shown in full with your code.`,
          my: ` သင့်ကုဒ်ဖြင့် နံပါတ် ${digits(look.unmasked)} ခုကို အပြည့်ပြခဲ့သည်။`,
        }
  return { en: matches.en + unmasked.en, my: matches.my + unmasked.my }
}

function digits(n: number): string {
  return myanmarDigits(String(n))
}
