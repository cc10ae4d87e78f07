import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'

/** What the operator says in public, from a draft to its publication, correction or withdrawal: pure. */

export const ANSWERS = ['true', 'untrue', 'not-known'] as const
export const DOES = ['publish', 'correct', 'withdraw'] as const

/** Grounds that lie in how the product is built, and not in one case. */
export const HOUSE_GROUNDS = {
  'content-never-held': {
    en: 'A call record has no field for what was said or shown: no recording and no picture is made or kept.',
    my: 'ဖုန်းမှတ်တမ်းတွင် ပြောဆိုသည့်စကား သို့မဟုတ် ရုပ်ပုံအတွက် နေရာမရှိပါ- အသံဖမ်းခြင်း၊ ရုပ်ပုံသိမ်းခြင်း မပြုလုပ်ပါ။',
  },
} as const satisfies Record<string, Words>
export type HouseGround = keyof typeof HOUSE_GROUNDS

/** What a fact rests on: an entry of the case in the public log, or how the house is built. */
export type FactGround = { readonly entry: number } | { readonly house: HouseGround }

export interface Fact {
  readonly words: Words
  readonly ground: FactGround
}

/** What the public reads. A rumour's title is what is being said; its answer is ours. */
export interface PublicText {
  readonly kind: 'statement' | 'rumour'
  readonly title: Words
  readonly answer: (typeof ANSWERS)[number] | null
  readonly facts: readonly Fact[]
}

export interface Version {
  readonly does: (typeof DOES)[number]
  /** Null only for a withdrawal. */
  readonly text: PublicText | null
  /** Why it is corrected or withdrawn; the public reads it. */
  readonly why: Words | null
  readonly by: string
  readonly deskName: string
  readonly at: number
  readonly approvals: readonly { readonly staff: string; readonly deskName: string; readonly at: number }[]
  readonly publishedAt: number | null
}

export interface Statement {
  /** Those that were published, in their order, and at most one at the end that waits. Dropped drafts are gone. */
  readonly versions: readonly Version[]
}

export type StatementAct =
  | {
      readonly do: 'draft'
      readonly does: Version['does']
      readonly text: PublicText | null
      readonly why: Words | null
    }
  | { readonly do: 'approve' }
  | { readonly do: 'drop' }

/** Who acts, when, and which entries of the case a fact may rest on. */
export interface Desk {
  readonly now: number
  readonly staff: string
  readonly deskName: string
  readonly entries: ReadonlySet<number>
}

export const APPROVALS = 2
export const NO_STATEMENT: Statement = { versions: [] }

/** What waits for approval, or null. */
export function pendingOf({ versions }: Statement): Version | null {
  const last = versions.at(-1)
  return last !== undefined && last.publishedAt === null ? last : null
}

/** Does one step of a statement, or says why not. The second approval publishes. */
export function stepStatement(one: Statement, act: StatementAct, desk: Desk): Statement | Refusal {
  if (act.do === 'draft') return draft(one, act, desk)
  const pending = pendingOf(one)
  if (pending === null) return notNow()
  if (act.do === 'drop') return { versions: one.versions.slice(0, -1) }
  if (pending.by === desk.staff)
    return refuse('statement-yours', 'You wrote this yourself.', 'Two others must approve it.')
  if (pending.approvals.some(({ staff }) => staff === desk.staff))
    return refuse('statement-approved-before', 'You have approved it already.', 'Somebody else must, too.')
  const { staff, deskName, now } = desk
  const approvals = [...pending.approvals, { staff, deskName, at: now }]
  const publishedAt = approvals.length >= APPROVALS ? now : null
  return { versions: [...one.versions.slice(0, -1), { ...pending, approvals, publishedAt }] }
}

function draft(
  one: Statement,
  { does, text, why }: Extract<StatementAct, { do: 'draft' }>,
  { now, staff, deskName, entries }: Desk,
): Statement | Refusal {
  if (pendingOf(one) !== null)
    return refuse('statement-pending', 'A version waits for approval.', 'Approve it or drop it first.')
  const last = one.versions.at(-1)
  const fits = does === 'publish' ? last === undefined : last !== undefined && last.does !== 'withdraw'
  if (!fits) return notNow()
  const whole = does === 'withdraw' ? text === null && why !== null : text !== null && soundText(text)
  if (!whole || (does === 'correct' && why === null))
    return refuse(
      'statement-incomplete',
      'Something is missing.',
      'A rumour needs an answer; a correction or withdrawal says why, in both languages.',
    )
  const unknown = (text?.facts ?? []).some(({ ground }) => 'entry' in ground && !entries.has(ground.entry))
  if (unknown)
    return refuse(
      'statement-ground-unknown',
      'A fact rests on an entry that is not of this case.',
      'Choose an entry of the case, its traces or its exposure.',
    )
  const version = { does, text, why, by: staff, deskName, at: now, approvals: [], publishedAt: null }
  return { versions: [...one.versions, version] }
}

function soundText({ kind, answer, facts }: PublicText): boolean {
  return facts.length > 0 && (kind === 'rumour') === (answer !== null)
}

function notNow(): Refusal {
  return refuse('statement-not-now', 'This is not the next step of this statement.', 'Reload the page.')
}
