import { clockText, dayOf, dayWords, monthWords, myanmarDigits } from '../care/period.ts'
import type { Language, Words } from '../platform/words.ts'
import { OFFICES } from '../staff/staff.ts'
import type { Look } from './looks.ts'

/** A piece of a sentence; `strong` is what she should not miss. */
export interface Phrase {
  readonly text: string
  readonly strong?: true
}

/** Where and when sentences are read. */
export interface Reader {
  readonly language: Language
  readonly offsetMinutes: number
}

const PURPOSES: Readonly<Record<string, Words>> = {
  'bill-clarification': { en: 'to explain your bill', my: 'သင့်ငွေတောင်းခံလွှာကို ရှင်းပြရန်' },
  'fraud-report': { en: 'because of a fraud report', my: 'လိမ်လည်မှု တိုင်ကြားချက်ကြောင့်' },
  'nuisance-calls': { en: 'because of nuisance calls', my: 'နှောင့်ယှက်ခေါ်ဆိုမှုများကြောင့်' },
  'statement-request': { en: 'to send your statement', my: 'အသေးစိတ်စာရင်း ပေးပို့ရန်' },
}

/**
 * The sentence of a look. Her browser makes it again from the entries it has checked and compares, so it depends on
 * nothing but those, the language and the time zone.
 */
export function sentenceOf(look: Look, reader: Reader): Phrase[] {
  return reader.language === 'my' ? burmese(look, reader) : english(look, reader)
}

/** A sentence as plain text. */
export function textOf(phrases: readonly Phrase[]): string {
  return phrases.map((phrase) => phrase.text).join('')
}

function english(look: Look, reader: Reader): Phrase[] {
  const month = monthWords(look.month, look.from, reader.offsetMinutes).en
  const why = PURPOSES[look.purpose]?.en ?? 'for a reason we have no words for'
  const phrases: Phrase[] = [
    { text: 'A staff member in ' },
    { text: officeWords(look.office).en, strong: true },
    { text: ` (${look.deskName}) looked at your ${month} calls` },
  ]
  const presence = PRESENCE[presenceOf(look)]
  if (presence.inside) phrases.push({ text: ' ' }, { text: presence.en, strong: true }, { text: `, ${why}.` })
  else phrases.push({ text: `, ${why}. ` }, { text: presence.en, strong: true }, { text: presence.enAfter })
  if (look.brokenGlass)
    phrases.push({ text: ' They said a ' }, { text: 'life was at risk', strong: true }, { text: '.' })
  return [...phrases, ...englishExtent(look)]
}

function englishExtent(look: Look): Phrase[] {
  const phrases: Phrase[] = []
  if (look.unknownExtent) {
    phrases.push(
      { text: ' It is ' },
      { text: 'not recorded which calls', strong: true },
      { text: ' they saw, so count all of them.' },
    )
  } else if (look.rowsShown > 0) {
    phrases.push(
      { text: ' They saw ' },
      { text: `${look.rowsShown}${look.rowsTotal === null ? '' : ` of ${look.rowsTotal}`}`, strong: true },
      { text: ' calls, with two digits of the number in each.' },
    )
  } else if (look.sawBill) {
    phrases.push({ text: ' They saw what each day and kind of use cost, and no single call.' })
  }
  if (look.unmaskedCount > 0) {
    phrases.push(
      { text: ' With your code they saw ' },
      { text: plural(look.unmaskedCount, 'number in full', 'numbers in full'), strong: true },
      { text: '.' },
    )
  }
  if (look.matches.length > 0) {
    phrases.push({
      text: ` They asked about ${plural(look.matches.length, 'number', 'numbers')} that the caller named.`,
    })
  }
  if (look.statements.length > 0) phrases.push({ text: ' They sent you an itemised statement.' })
  return phrases
}

function burmese(look: Look, reader: Reader): Phrase[] {
  const month = monthWords(look.month, look.from, reader.offsetMinutes).my
  const why = PURPOSES[look.purpose]?.my ?? 'အမည်မဖော်နိုင်သော အကြောင်းကြောင့်'
  const presence = PRESENCE[presenceOf(look)]
  const phrases: Phrase[] = [
    { text: officeWords(look.office).my, strong: true },
    { text: `ရုံးမှ ဝန်ထမ်းတစ်ဦး (${look.deskName}) သည် ` },
  ]
  if (presence.inside) phrases.push({ text: presence.my, strong: true }, { text: ' ' })
  phrases.push({ text: `${why} သင်၏ ${month} ခေါ်ဆိုမှုများကို ကြည့်ခဲ့သည်။` })
  if (!presence.inside) phrases.push({ text: ' ' }, { text: presence.my, strong: true })
  if (look.brokenGlass)
    phrases.push({ text: ' ' }, { text: 'အသက်အန္တရာယ်ရှိသည်ဟု', strong: true }, { text: ' ပြောခဲ့သည်။' })
  return [...phrases, ...burmeseExtent(look)]
}

function burmeseExtent(look: Look): Phrase[] {
  const phrases: Phrase[] = []
  if (look.unknownExtent) {
    phrases.push(
      { text: ' မည်သည့်ခေါ်ဆိုမှုများကို မြင်ခဲ့သည်ကို ' },
      { text: 'မှတ်တမ်းမရှိပါ', strong: true },
      { text: '။ အားလုံးကို မြင်ခဲ့သည်ဟု ယူဆပါ။' },
    )
  } else if (look.rowsShown > 0) {
    const of = look.rowsTotal === null ? '' : `${myanmarDigits(String(look.rowsTotal))} ခုအနက် `
    phrases.push(
      { text: ' ခေါ်ဆိုမှု ' },
      { text: `${of}${myanmarDigits(String(look.rowsShown))} ခု`, strong: true },
      { text: 'ကို နံပါတ်တစ်ခုလျှင် ဂဏန်းနှစ်လုံးစီဖြင့် မြင်ခဲ့သည်။' },
    )
  } else if (look.sawBill) {
    phrases.push({ text: ' နေ့စဉ်နှင့် အမျိုးအစားအလိုက် ကျသင့်ငွေကိုသာ မြင်ခဲ့ပြီး ခေါ်ဆိုမှုတစ်ခုချင်းကို မမြင်ခဲ့ပါ။' })
  }
  const count = (n: number) => myanmarDigits(String(n))
  if (look.unmaskedCount > 0) {
    phrases.push(
      { text: ' သင့်ကုဒ်ဖြင့် ' },
      { text: `နံပါတ် ${count(look.unmaskedCount)} ခုကို အပြည့်အစုံ`, strong: true },
      { text: ' မြင်ခဲ့သည်။' },
    )
  }
  if (look.matches.length > 0) {
    phrases.push({ text: ` ခေါ်ဆိုသူပြောသော နံပါတ် ${count(look.matches.length)} ခုအကြောင်း မေးခဲ့သည်။` })
  }
  if (look.statements.length > 0) phrases.push({ text: ' သင့်ထံ အသေးစိတ်စာရင်း ပို့ခဲ့သည်။' })
  return phrases
}

type Presence = 'on-the-line' | 'no-call' | 'shop' | 'chat' | 'app'

const PRESENCE: Record<Presence, { inside: boolean; en: string; enAfter: string; my: string }> = {
  'on-the-line': { inside: true, en: 'while you were on the line', enAfter: '', my: 'သင်ဖုန်းပြောနေစဉ်' },
  'no-call': {
    inside: false,
    en: 'No call from you',
    enAfter: ' is recorded at that time.',
    my: 'ထိုအချိန်တွင် သင့်ထံမှ ခေါ်ဆိုမှု မှတ်တမ်းမရှိပါ။',
  },
  shop: {
    inside: false,
    en: 'They wrote that you were in a shop',
    enAfter: '.',
    my: 'သင် ဆိုင်တွင် ရှိနေသည်ဟု မှတ်တမ်းတင်ခဲ့သည်။',
  },
  chat: { inside: true, en: 'during a chat', enAfter: '', my: 'စာဖြင့် ပြောဆိုနေစဉ်' },
  app: { inside: true, en: 'while the app was open', enAfter: '', my: 'အက်ပ် ဖွင့်ထားစဉ်' },
}

function presenceOf(look: Look): Presence {
  if (look.channel === 'shop' || look.channel === 'chat' || look.channel === 'app') return look.channel
  return look.confirmedByTelephony ? 'on-the-line' : 'no-call'
}

/** An office as people call it; its id where we do not know it. */
export function officeWords(office: string): Words {
  return OFFICES.find((one) => one.id === office)?.words ?? { en: office, my: office }
}

/** "Today, 10:41 to 10:52", "12 September, 16:20". */
export function timeWords(span: { from: number; until: number }, now: number, reader: Reader): string {
  const { language, offsetMinutes } = reader
  const minute = (at: number) => clockText(at, offsetMinutes).slice(0, 5)
  const [from, until] = [minute(span.from), minute(span.until)]
  const day = dayOf(span.from, offsetMinutes)
  const today = day === dayOf(now, offsetMinutes)
  const thisYear = day.slice(0, 4) === dayOf(now, offsetMinutes).slice(0, 4)
  if (language === 'my') {
    const date = today
      ? 'ယနေ့'
      : `${thisYear ? '' : `${myanmarDigits(day.slice(0, 4))} ခုနှစ် `}${dayWords(day).my}`
    const hours = from === until ? from : `${from} မှ ${until}`
    return `${date}၊ ${myanmarDigits(hours)}`
  }
  const date = today ? 'Today' : `${dayWords(day).en}${thisYear ? '' : ` ${day.slice(0, 4)}`}`
  return `${date}, ${from === until ? from : `${from} to ${until}`}`
}

function plural(n: number, one: string, many: string): string {
  return `${n === 1 ? 'one' : n} ${n === 1 ? one : many}`
}

/** How long ago, in one unit: `4 s ago`. */
export function agoWords(at: number, now: number, reader: Pick<Reader, 'language'>): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  const [count, en, my] =
    seconds < 60
      ? [seconds, 's', 'စက္ကန့်']
      : seconds < 3600
        ? [Math.floor(seconds / 60), 'min', 'မိနစ်']
        : seconds < 172_800
          ? [Math.floor(seconds / 3600), 'h', 'နာရီ']
          : [Math.floor(seconds / 86_400), 'days', 'ရက်']
  return reader.language === 'my' ? `${count} ${my}အကြာက` : `${count} ${en} ago`
}
