import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Language, Words } from '../platform/words.ts'
import type { Way } from './communications-rules.ts'
import type { PublicText } from './statement-rules.ts'

/**
 * What the press asks and what it is told: pure. Nobody makes up an answer at the telephone: it is what was published, or
 * one of two sentences that say nothing yet.
 */

export const PRESS_ANSWERS = ['statement', 'holding', 'declined'] as const

/** How the press is heard from and answered. */
export const PRESS_WAYS = ['telephone', 'email', 'letter', 'visit'] as const satisfies readonly Way[]
export type PressWay = (typeof PRESS_WAYS)[number]

export interface PressAnswer {
  readonly how: (typeof PRESS_ANSWERS)[number]
  /** The statement and its version as it stood then; null for the two sentences. */
  readonly statement: string | null
  readonly version: number | null
  readonly via: PressWay
  /** Word for word what they were told. */
  readonly told: string
  readonly deskName: string
  readonly at: number
}

export interface Enquiry {
  /** The newspaper or broadcaster. */
  readonly medium: string
  readonly who: string
  readonly via: PressWay
  readonly asked: string
  readonly at: number
  /** When they print or go on air; null where they did not say. */
  readonly dueAt: number | null
  readonly deskName: string
  readonly answers: readonly PressAnswer[]
}

export interface AnswerAsked {
  readonly how: PressAnswer['how']
  readonly statement: string | null
  readonly via: PressWay
  readonly language: Language
}

/** A statement as it stands in public now; null text once it was withdrawn. */
export interface Standing {
  readonly version: number
  readonly text: PublicText | null
}

const SENTENCES: Readonly<Record<'holding' | 'declined', Words>> = {
  holding: {
    en: 'We are looking into it. What we find, and what we cannot confirm, we say in public, at /statements.',
    my: 'ကျွန်ုပ်တို့ စိစစ်နေပါသည်။ တွေ့ရှိချက်များနှင့် အတည်မပြုနိုင်သည်များကို /statements တွင် အများသိ ထုတ်ပြန်ပါမည်။',
  },
  declined: {
    en: 'We say nothing about this: it concerns a person, or a matter before the court.',
    my: 'ဤအကြောင်း မပြောပါ- ပုဂ္ဂိုလ်တစ်ဦး သို့မဟုတ် တရားရုံးရှေ့ရှိ အမှုနှင့် သက်ဆိုင်ပါသည်။',
  },
}
const VERDICTS: Readonly<Record<NonNullable<PublicText['answer']>, Words>> = {
  true: { en: 'It is true.', my: 'မှန်ပါသည်။' },
  untrue: { en: 'It is untrue.', my: 'မမှန်ပါ။' },
  'not-known': { en: 'It is not known.', my: 'မသိရသေးပါ။' },
}

/** Adds an answer, or says why it cannot be given. */
export function answerEnquiry(
  one: Enquiry,
  { how, statement, via, language }: AnswerAsked,
  around: { readonly at: number; readonly deskName: string; readonly standing: Standing | null },
): Enquiry | Refusal {
  const { standing, ...by } = around
  if (how !== 'statement') {
    const answer = { how, statement: null, version: null, via, told: SENTENCES[how][language], ...by }
    return { ...one, answers: [...one.answers, answer] }
  }
  if (statement === null || standing === null || standing.text === null)
    return refuse(
      'enquiry-unpublished',
      'That is not published, or was withdrawn.',
      'Publish a statement first, or say that you are looking into it.',
    )
  const { version, text } = standing
  const answer = { how, statement, version, via, told: toldOf(text, language), ...by }
  return { ...one, answers: [...one.answers, answer] }
}

function toldOf({ title, answer, facts }: PublicText, language: Language): string {
  const verdict = answer === null ? [] : [VERDICTS[answer][language]]
  return [title[language], ...verdict, ...facts.map(({ words }) => words[language])].join('\n')
}
