import { clockText, dayOf, dayWords, myanmarDigits } from '../care/period.ts'
import type { AuthorityDisclosure } from '../lawful/disclosure.ts'
import type { Words } from '../platform/words.ts'
import type { Reader } from './sentence.ts'

/**
 * What her page says of records that an authority was given. Her browser makes it again from the entry it has checked and
 * compares, so it depends on nothing but that, the language and the time zone.
 */

/** A line, in its parts. */
export interface GivenWords {
  readonly title: string
  readonly sentence: string
  /** Both: when they were given it, and when she was told. */
  readonly dates: string
  /** Why so late; null where nothing was kept secret. */
  readonly secrecy: string | null
}

const TITLE: Words = {
  en: 'An authority was given some of your records.',
  my: 'အာဏာပိုင်တစ်ရပ်အား သင့်မှတ်တမ်းအချို့ ပေးအပ်ခဲ့သည်။',
}
const SENTENCE: Words = {
  en: '{authority} asked through {gate}, on the ground of {basis}. They were given {rows} records of {from} to {until}: {fields}.',
  my: '{authority} သည် {gate} မှတစ်ဆင့် {basis} အရ တောင်းခံခဲ့သည်။ {from} မှ {until} အထိ မှတ်တမ်း {rows} ခု ပေးအပ်ခဲ့သည်- {fields}။',
}
const DATES: Words = {
  en: 'They were given it on {given}. You were told on {told}.',
  my: 'သူတို့အား ပေးအပ်ခဲ့သည့်နေ့- {given}။ သင့်ကို အသိပေးခဲ့သည့်နေ့- {told}။',
}
const SECRECY: Words = {
  en: 'We could not tell you before: the law kept it secret until that day. What you said and wrote is held nowhere, and none of it was given.',
  my: 'ဥပဒေအရ ထိုနေ့အထိ လျှို့ဝှက်ထားရသဖြင့် ယခင် မပြောနိုင်ခဲ့ပါ။ သင်ပြောသည်၊ ရေးသည်များကို မည်သည့်နေရာတွင်မျှ မသိမ်းပါ၊ မပေးခဲ့ပါ။',
}
const FIELDS: Readonly<Record<string, Words>> = {
  time: { en: 'when', my: 'အချိန်' },
  length: { en: 'how long', my: 'ကြာချိန်' },
  kind: { en: 'what kind', my: 'အမျိုးအစား' },
  'other-number': { en: 'with which number', my: 'တစ်ဖက်နံပါတ်' },
  place: { en: 'near which mast', my: 'တိုင်အနီး' },
  charge: { en: 'what it cost', my: 'ကုန်ကျငွေ' },
  holder: { en: 'your name', my: 'သင့်အမည်' },
}

/** What a disclosure says that she was told of at `toldAt` (epoch ms). */
export function givenWords(body: AuthorityDisclosure, toldAt: number, reader: Reader): GivenWords {
  const { language, offsetMinutes } = reader
  const fill: Record<string, string> = {
    authority: body.authority[language],
    gate: body.gate[language],
    basis: body.basis[language],
    from: dayWords(dayOf(body.from * 1000, offsetMinutes))[language],
    until: dayWords(dayOf((body.until - 1) * 1000, offsetMinutes))[language],
    rows: language === 'my' ? myanmarDigits(String(body.rows)) : String(body.rows),
    fields: body.fields.map((field) => FIELDS[field]?.[language] ?? field).join(', '),
    given: instantWords(body.deliveredAt, reader),
    told: instantWords(toldAt, reader),
  }
  const say = (words: Words) =>
    words[language].replaceAll(/\{([a-z]+)\}/g, (_, name: string) => fill[name] ?? '')
  return {
    title: say(TITLE),
    sentence: say(SENTENCE),
    dates: say(DATES),
    secrecy: wasSecret(body, toldAt) ? say(SECRECY) : null,
  }
}

/** All that stands in a line, as its elements' text reads. */
export function givenText({ title, sentence, dates, secrecy }: GivenWords): string {
  return [`${title} ${sentence}`, dates, ...(secrecy === null ? [] : [secrecy])].join('\n')
}

/** Whether she was told later than it was given: within an hour, the two are one step of the desk and the next. */
export function wasSecret({ slot, deliveredAt }: AuthorityDisclosure, toldAt: number): boolean {
  return slot !== undefined || toldAt - deliveredAt > HOUR_MS
}

const HOUR_MS = 3_600_000

/** "3 September 2026, 14:05", whenever it is read. */
function instantWords(at: number, { language, offsetMinutes }: Reader): string {
  const day = dayOf(at, offsetMinutes)
  const clock = clockText(at, offsetMinutes).slice(0, 5)
  const { en, my } = dayWords(day)
  const year = day.slice(0, 4)
  return language === 'my'
    ? `${myanmarDigits(year)} ခုနှစ် ${my}၊ ${myanmarDigits(clock)}`
    : `${en} ${year}, ${clock}`
}
