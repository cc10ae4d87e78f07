import { dayWords, localStart, myanmarDigits } from '../care/period.ts'
import type { Words } from '../platform/words.ts'
import type { Verdict, Why } from './rules.ts'

/** What a trace says in words: the headline, what stands behind it, and the sentence for court. */

/** A look as these sentences name it. */
export interface LookNamed {
  readonly deskName: string
  /** Epoch ms. */
  readonly at: number
}

export interface Said {
  readonly headline: Words
  readonly beside: Words
  readonly court: Words
}

export interface SayingFacts {
  readonly verdict: Verdict
  readonly look: (id: string) => LookNamed | null
  readonly agentName: (agent: string) => string
  readonly offsetMinutes: number
  readonly rows: number
  readonly fits: number
  readonly among: number
  /** Base 10 logarithm of the e-value of the best look; null without one. */
  readonly log10E: number | null
  readonly withFullNumber: number
}

/** Says it. */
export function sayVerdict(facts: SayingFacts): Said {
  const { verdict } = facts
  if (verdict.kind === 'cannot-tell') return sayCannotTell(verdict.why)
  if (verdict.kind === 'suspicion') return saySuspicion(facts, verdict.look)
  return verdict.combined || verdict.named.length > 1 ? sayCombined(facts) : sayNamed(facts)
}

/** "12 September 2026 at 16:20", local. */
export function momentWords(at: number, offsetMinutes: number): Words {
  const { day, minute } = localStart(Math.floor(at / 1000), offsetMinutes)
  const words = dayWords(day)
  const year = day.slice(0, 4)
  return {
    en: `${words.en} ${year} at ${minute}`,
    my: `${myanmarDigits(year)} ခုနှစ် ${words.my} ${myanmarDigits(minute)}`,
  }
}

/** A bound as people say it: `40,000,000`, one figure and noughts, at most a million million. */
export function oneIn(log10: number): string {
  if (log10 >= 12) return '1,000,000,000,000'
  if (log10 <= 0) return '1'
  const whole = Math.floor(log10)
  const figure = Math.max(1, Math.floor(10 ** (log10 - whole)))
  return `${figure}${'0'.repeat(whole)}`.replace(/\B(?=(\d{3})+$)/g, ',')
}

function sayNamed(facts: SayingFacts): Said {
  const named = facts.verdict.kind === 'named' ? facts.verdict.named[0] : undefined
  const desk = facts.agentName(named?.agent ?? '')
  const looks = (named?.looks ?? []).flatMap((id) => facts.look(id) ?? [])
  const bound = oneIn((named?.log10E ?? 0) - Math.log10(Math.max(1, facts.among)))
  const { fits, rows } = facts
  const first = looks[0]
  const when = first === undefined ? { en: '', my: '' } : momentWords(first.at, facts.offsetMinutes)
  const one = looks.length === 1
  return {
    headline: one
      ? {
          en: `The list came from the look of ${when.en} by ${desk}.`,
          my: `ဤစာရင်းသည် ${desk} ၏ ${when.my} ကြည့်ရှုမှုမှ ထွက်လာသည်။`,
        }
      : {
          en: `The list came from ${desk}, from one of ${looks.length} looks.`,
          my: `ဤစာရင်းသည် ${desk} ၏ ကြည့်ရှုမှု ${myanmarDigits(String(looks.length))} ခုအနက် တစ်ခုမှ ထွက်လာသည်။`,
        },
    beside: besideNamed(bound),
    court: {
      en: `${fits} of the ${rows} rows agree with what was shown to staff member ${desk} ${one ? `on ${when.en}` : `in one of ${looks.length} looks`}. If no such look had been the source, a match this good with any of the ${facts.among} looks at this log would come about by chance less than once in ${bound}. It identifies ${one ? 'the look' : 'whose look it was'}, not the person who passed it on.`,
      my: `စာကြောင်း ${myanmarDigits(String(rows))} ကြောင်းအနက် ${myanmarDigits(String(fits))} ကြောင်းသည် ဝန်ထမ်း ${desk} အား ${one ? `${when.my} တွင်` : 'ကြည့်ရှုမှုတစ်ခုတွင်'} ပြခဲ့သည်နှင့် ကိုက်ညီသည်။ ထိုကြည့်ရှုမှုသည် မူရင်းမဟုတ်ပါက ကြည့်ရှုမှု ${myanmarDigits(String(facts.among))} ခုအနက် တစ်ခုခုနှင့် ဤမျှ ကိုက်ညီမှုသည် ${myanmarDigits(bound)} ကြိမ်တွင် တစ်ကြိမ်ထက်နည်း၍သာ အလိုအလျောက် ဖြစ်နိုင်သည်။ ဤအချက်သည် ကြည့်ရှုမှုကို ဖော်ပြခြင်းဖြစ်ပြီး ပေးပို့သူကို ဖော်ပြခြင်း မဟုတ်ပါ။`,
    },
  }
}

function besideNamed(bound: string): Words {
  return {
    en: `If this were wrong, a match this good would turn up in fewer than one in ${bound} such searches. We name nobody above one in a million.`,
    my: `ဤအဖြေ မှားယွင်းပါက ဤမျှကိုက်ညီမှုသည် ရှာဖွေမှု ${myanmarDigits(bound)} ကြိမ်တွင် တစ်ကြိမ်ထက်နည်း၍သာ တွေ့ရမည်။ တစ်သန်းတွင်တစ်ကြိမ်ထက် များလျှင် မည်သူ့ကိုမျှ အမည်မဖော်ပါ။`,
  }
}

function sayCombined(facts: SayingFacts): Said {
  const named = facts.verdict.kind === 'named' ? facts.verdict.named : []
  const desks = named.map(({ agent }) => facts.agentName(agent))
  const least = Math.min(...named.map(({ log10E }) => log10E))
  const bound = oneIn(least - Math.log10(Math.max(1, facts.among)))
  const en = desks.length === 1 ? `${desks[0]} and somebody else` : listOf(desks)
  const my = desks.length === 1 ? `${desks[0]} နှင့် အခြားတစ်ဦး` : desks.join('၊ ')
  return {
    headline: {
      en: `The list was put together from more than one look: ${en}.`,
      my: `ဤစာရင်းကို ကြည့်ရှုမှု တစ်ခုထက်ပို၍ ပေါင်းစပ်ထားသည်- ${my}။`,
    },
    beside: besideNamed(bound),
    court: {
      en: `The rows of the list agree with what was shown in looks by ${en} taken together. For anybody whose look had no part in it, a match this good would come about by chance less than once in ${bound}. It identifies looks, not the people who passed them on.`,
      my: `စာရင်းပါ စာကြောင်းများသည် ${my} တို့၏ ကြည့်ရှုမှုများကို ပေါင်းစပ်ထားသည်နှင့် ကိုက်ညီသည်။ ပါဝင်ခြင်းမရှိသူအတွက် ဤမျှကိုက်ညီမှုသည် ${myanmarDigits(bound)} ကြိမ်တွင် တစ်ကြိမ်ထက်နည်း၍သာ ဖြစ်နိုင်သည်။ ဤအချက်သည် ကြည့်ရှုမှုများကို ဖော်ပြခြင်းသာ ဖြစ်သည်။`,
    },
  }
}

function saySuspicion(facts: SayingFacts, id: string): Said {
  const look = facts.look(id)
  const desk = look?.deskName ?? ''
  const when = look === null ? { en: '', my: '' } : momentWords(look.at, facts.offsetMinutes)
  return {
    headline: {
      en: `The look of ${when.en} by ${desk} fits best. That is suspicion, not proof.`,
      my: `${desk} ၏ ${when.my} ကြည့်ရှုမှုသည် အကိုက်ညီဆုံးဖြစ်သည်။ သံသယသာဖြစ်ပြီး သက်သေ မဟုတ်ပါ။`,
    },
    beside: {
      en: `${facts.rows} rows are too few to name anybody: among ${facts.among} looks somebody innocent could fit this well by chance more than once in a million searches.`,
      my: `စာကြောင်း ${myanmarDigits(String(facts.rows))} ကြောင်းဖြင့် မည်သူ့ကိုမျှ အမည်ဖော်ရန် မလုံလောက်ပါ။`,
    },
    court: NOT_FOR_COURT,
  }
}

const NOT_FOR_COURT: Words = {
  en: 'From this list it cannot be said which look it came from.',
  my: 'ဤစာရင်းမှ မည်သည့်ကြည့်ရှုမှုမှ ထွက်လာသည်ကို မပြောနိုင်ပါ။',
}

const CANNOT_TELL: Readonly<Record<Why, Words>> = {
  'not-this-log': {
    en: 'No row of the list is a call of this log.',
    my: 'စာရင်းပါ မည်သည့်စာကြောင်းမျှ ဤမှတ်တမ်းမှ မဟုတ်ပါ။',
  },
  'no-look': {
    en: 'Nobody had looked at this log before the list surfaced.',
    my: 'စာရင်း ပေါ်မလာမီ ဤမှတ်တမ်းကို ကြည့်ခဲ့သူ မရှိပါ။',
  },
  'full-numbers': {
    en: 'The list has whole numbers, which no look shows: a bill, a phone, or another operator has them too, and masks cannot tell them apart.',
    my: 'စာရင်းတွင် နံပါတ်အပြည့်အစုံ ပါရှိသည်။ ငွေတောင်းခံလွှာ၊ ဖုန်း သို့မဟုတ် အခြားအော်ပရေတာတွင်လည်း ရှိနိုင်သဖြင့် ဖုံးကွယ်ပုံဖြင့် ခွဲခြား၍ မရပါ။',
  },
  'no-digits': {
    en: 'The list has no digits, no seconds and no exact lengths: nothing that differs from look to look is left in it.',
    my: 'စာရင်းတွင် ဂဏန်း၊ စက္ကန့်၊ တိကျသောကြာချိန် မပါသဖြင့် ကြည့်ရှုမှုတစ်ခုနှင့်တစ်ခု ခွဲခြားစရာ မကျန်ပါ။',
  },
  'too-few-rows': {
    en: 'Too few rows can be compared: one row alone names nobody.',
    my: 'နှိုင်းယှဉ်နိုင်သော စာကြောင်း နည်းလွန်းသည်။ စာကြောင်းတစ်ကြောင်းတည်းဖြင့် မည်သူ့ကိုမျှ အမည်မဖော်နိုင်ပါ။',
  },
  'no-look-fits': {
    en: 'No look fits the list better than chance does.',
    my: 'မည်သည့်ကြည့်ရှုမှုမျှ ကံတရားထက် ပို၍ မကိုက်ညီပါ။',
  },
}

function sayCannotTell(why: Why): Said {
  return {
    headline: { en: 'Which look this came from cannot be told.', my: 'မည်သည့်ကြည့်ရှုမှုမှ ထွက်လာသည်ကို မပြောနိုင်ပါ။' },
    beside: CANNOT_TELL[why],
    court: NOT_FOR_COURT,
  }
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
