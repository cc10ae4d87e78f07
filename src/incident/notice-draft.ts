import type { NoticeFact, NoticeForm } from '../calls/breach-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Language, Words } from '../platform/words.ts'
import type { Case } from './rules.ts'

/** A notice drafted from what a case knows: pure. What it does not know stays empty, for an officer to write. */

/** What is known besides the case itself. */
export interface Known {
  readonly operator: Words
  readonly serial: string
  /** Desk name of whoever answers for the case. */
  readonly contact: string
  /** An instant as the reader's clock has it. */
  readonly when: (at: number, language: Language) => string
  /** Whatever those it is about were shown since `since`; null where nobody is named. */
  readonly shown: { readonly customers: number; readonly rows: number; readonly since: number } | null
}

/** A notice as it is being written. */
export interface Draft {
  readonly language: Language
  /** By the form's field. */
  readonly texts: Readonly<Record<string, string>>
}

/** The first draft: every field of the form, filled where the case knows it. */
export function draftNotice(form: NoticeForm, one: Case, known: Known, language: Language): Draft {
  const facts = factsOf(one, known)
  const texts = form.fields.map((field): [string, string] => {
    const fact = field.from === undefined ? null : facts[field.from](language)
    return [field.id, fact === null ? '' : fact[language]]
  })
  return { language, texts: Object.fromEntries(texts) }
}

/** Takes what an officer wrote; a field that the form does not have is refused. */
export function fillDraft(
  form: NoticeForm,
  draft: Draft,
  texts: Readonly<Record<string, string>>,
): Draft | Refusal {
  const ids = new Set(form.fields.map(({ id }) => id))
  if (Object.keys(texts).some((id) => !ids.has(id)))
    return refuse('field-unknown', 'This notice has no such field.', 'Reload the page.')
  return { ...draft, texts: { ...draft.texts, ...texts } }
}

/** The fields that must still be written. */
export function missingIn(form: NoticeForm, { texts }: Draft): string[] {
  return form.fields
    .filter(({ id, optional }) => optional !== true && (texts[id] ?? '').trim() === '')
    .map(({ id }) => id)
}

/** The notice as it is read: each heading of the form with what stands under it. */
export function textOf(form: NoticeForm, { texts, language }: Draft): string {
  return form.fields
    .filter(({ id }) => (texts[id] ?? '').trim() !== '')
    .map(({ id, words }) => `${words[language]}\n${(texts[id] ?? '').trim()}`)
    .join('\n\n')
}

type Fact = (language: Language) => Words | null

function factsOf(one: Case, { operator, serial, contact, when, shown }: Known): Record<NoticeFact, Fact> {
  const both = (en: string, my: string): Words => ({ en, my })
  return {
    provider: () => operator,
    serial: () => both(serial, serial),
    contact: () =>
      both(
        `${operator.en}, privacy officer ${contact}`,
        `${operator.my}၊ ကိုယ်ရေးအချက်အလက် ကာကွယ်ရေးအရာရှိ ${contact}`,
      ),
    detected: (language) => {
      const at = when(one.reportedAt, language)
      return both(`It came to our knowledge on ${at}.`, `${at} တွင် သိရှိခဲ့သည်။`)
    },
    happened: (language) => {
      if (one.surfacedAt === null) return null
      const at = when(one.surfacedAt, language)
      return both(
        `Before ${at}, when records turned up outside our house.`,
        `မှတ်တမ်းများ ပြင်ပတွင် တွေ့ရှိသည့် ${at} မတိုင်မီ။`,
      )
    },
    circumstances: () => (one.summary === '' ? null : both(one.summary, one.summary)),
    people: (language) => peopleOf(shown, when, language),
    records: () => recordsOf(shown),
    measures: () => measuresOf(one),
    protection: () =>
      both(
        'Call records rest encrypted; whoever opens one leaves an entry in a register that nobody can change; other numbers are masked but for two digits.',
        'ခေါ်ဆိုမှုမှတ်တမ်းများကို ကုဒ်ဝှက်သိမ်းထားသည်။ ဖွင့်သူတိုင်း မပြောင်းလဲနိုင်သော မှတ်ပုံစာရင်းတွင် မှတ်သားခံရသည်။ တစ်ဖက်နံပါတ်ကို ဂဏန်းနှစ်လုံးမှလွဲ၍ ဖုံးထားသည်။',
      ),
    advice: () =>
      both(
        'On your page you see who looked at your calls. There you can set a PIN and ask that your calls open only in a shop. You may ask us for another number.',
        'သင့်ခေါ်ဆိုမှုများကို မည်သူကြည့်ခဲ့သည်ကို သင့်စာမျက်နှာတွင် မြင်နိုင်သည်။ PIN သတ်မှတ်နိုင်ပြီး ဆိုင်တွင်သာ ဖွင့်ရန် တောင်းဆိုနိုင်သည်။ နံပါတ်အသစ် တောင်းဆိုနိုင်သည်။',
      ),
  }
}

function peopleOf(shown: Known['shown'], when: Known['when'], language: Language): Words | null {
  if (shown === null) return null
  const since = when(shown.since, language)
  return {
    en: `Customers of a telephone service. At most ${shown.customers}: so many people's records were shown since ${since} to those whom the case is about. How many left the house is being looked into.`,
    my: `ဖုန်းဝန်ဆောင်မှု ဖောက်သည်များ။ အများဆုံး ${shown.customers} ဦး- ${since} မှစ၍ သက်ဆိုင်သူများ မြင်ခဲ့သော ဦးရေ ဖြစ်သည်။ ပေါက်ကြားသူ ဦးရေကို စိစစ်ဆဲ ဖြစ်သည်။`,
  }
}

function recordsOf(shown: Known['shown']): Words {
  const most =
    shown === null
      ? { en: '', my: '' }
      : { en: ` At most ${shown.rows} records.`, my: ` အများဆုံး ${shown.rows} ခု။` }
  return {
    en: `Records of calls: when, how long, what they cost, and two or three digits of the other number.${most.en} What was said or written is held nowhere.`,
    my: `ခေါ်ဆိုမှုမှတ်တမ်း- အချိန်၊ ကြာချိန်၊ ကျသင့်ငွေ၊ တစ်ဖက်နံပါတ်၏ ဂဏန်း နှစ်လုံး သုံးလုံး။${most.my} ပြောဆိုရေးသားချက်များကို မည်သည့်နေရာတွင်မျှ မသိမ်းပါ။`,
  }
}

function measuresOf(one: Case): Words {
  const frozen = one.involved.filter(({ frozenAt }) => frozenAt !== null).length
  const kept = {
    en: 'Nothing that the case needs is deleted.',
    my: 'ဤဖြစ်ရပ်အတွက် လိုအပ်သည်များကို မဖျက်ပါ။',
  }
  if (frozen === 0) return kept
  return {
    en: `${frozen} of ${one.involved.length} employees concerned cannot sign in any more. ${kept.en}`,
    my: `သက်ဆိုင်သော ဝန်ထမ်း ${one.involved.length} ဦးအနက် ${frozen} ဦး ဝင်ရောက်ခွင့် ရပ်ဆိုင်းထားသည်။ ${kept.my}`,
  }
}
