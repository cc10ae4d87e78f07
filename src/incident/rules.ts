import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { type After, addAfter } from './aftermath.ts'

/** The state machine of a breach: pure. Who may act at all is decided by the policy before. */

export const STATES = [
  'reported',
  'triage',
  'confirmed',
  'unfounded',
  'contained',
  'notified',
  'referred',
  'proceedings',
  'closed',
  'reopened',
] as const
export type State = (typeof STATES)[number]

export const ORIGINS = ['not-me', 'watch', 'colleague', 'press', 'list-holder', 'customer'] as const
export type Origin = (typeof ORIGINS)[number]

/** Whom an incident is about. */
export interface Involved {
  readonly staff: string
  readonly deskName: string
  readonly office: string
  /** Why they are named. */
  readonly ground: string
  readonly namedAt: number
  readonly frozenAt: number | null
}

/** What became of a duty to tell somebody. */
export interface Notice {
  readonly clock: string
  readonly outcome: 'sent' | 'waived'
  readonly at: number
  readonly says: string
  readonly late: boolean
}

export interface Case {
  readonly state: State
  readonly origin: Origin
  /** The id of the report or of the watch's question it came from. */
  readonly ref: string | null
  readonly title: string
  /** What whoever reported it said. */
  readonly says: string
  /** What a director reads first; written by whoever leads. */
  readonly summary: string
  /** When the house came to know. */
  readonly reportedAt: number
  readonly triagedAt: number | null
  readonly confirmedAt: number | null
  readonly closedAt: number | null
  /** When a list surfaced; what was shown later did not leak in it. */
  readonly surfacedAt: number | null
  readonly subject: { readonly subject: string; readonly tenure: string } | null
  readonly involved: readonly Involved[]
  /** What a first person found, until a second one finds the same. */
  readonly proposed: { readonly finding: Finding; readonly by: string; readonly says: string } | null
  readonly notices: readonly Notice[]
  /** Laws switched on besides those that always apply. */
  readonly frames: readonly string[]
  readonly approvals: readonly { readonly staff: string; readonly further: boolean }[]
  /** By day; absent in a case that was sealed before there were any. */
  readonly after?: readonly After[]
}

export type Finding = 'breach' | 'unfounded'

export type Act =
  | { readonly do: 'triage'; readonly says: string }
  | { readonly do: 'determine'; readonly finding: Finding; readonly says: string }
  | { readonly do: 'contain'; readonly says: string }
  | {
      readonly do: 'notice'
      readonly clock: string
      readonly outcome: Notice['outcome']
      readonly says: string
    }
  | { readonly do: 'end-notices'; readonly says: string }
  | { readonly do: 'refer'; readonly says: string }
  | { readonly do: 'proceed'; readonly says: string }
  | { readonly do: 'close'; readonly says: string }
  | { readonly do: 'reopen'; readonly says: string }
  | { readonly do: 'name'; readonly person: Pick<Involved, 'staff' | 'deskName' | 'office' | 'ground'> }
  | { readonly do: 'frozen'; readonly staff: string }
  | { readonly do: 'approve-path'; readonly further: boolean; readonly says: string }
  | { readonly do: 'write'; readonly title: string; readonly summary: string }
  | { readonly do: 'surface'; readonly surfacedAt: number }
  | { readonly do: 'subject'; readonly subject: string; readonly tenure: string }
  | { readonly do: 'law'; readonly frame: string }
  | ({ readonly do: 'after' } & After)

/** What a step has to know besides the case. */
export interface Around {
  readonly now: number
  /** Staff id of who acts. */
  readonly by: string
  /** The clocks as they stand. */
  readonly clocks: readonly { readonly id: string; readonly dueAt: number | null; readonly notice: unknown }[]
  /** Laws that the jurisdiction's file knows. */
  readonly laws: readonly string[]
  /** Desk names of those about whose employment nothing is decided. */
  readonly undecided: readonly string[]
}

/** Where each state leads. Which finding a second person shares decides between `confirmed` and `unfounded`. */
export const NEXT: Readonly<Record<State, readonly State[]>> = {
  reported: ['triage'],
  triage: ['confirmed', 'unfounded'],
  confirmed: ['contained'],
  unfounded: ['closed'],
  contained: ['notified'],
  notified: ['referred', 'closed'],
  referred: ['proceedings', 'closed'],
  proceedings: ['closed'],
  closed: ['reopened'],
  reopened: ['confirmed', 'unfounded'],
}

const LEADS_TO = {
  triage: 'triage',
  contain: 'contained',
  'end-notices': 'notified',
  refer: 'referred',
  proceed: 'proceedings',
  close: 'closed',
  reopen: 'reopened',
} as const satisfies Partial<Record<Act['do'], State>>

/** Does one step, or says why not. */
export function step(one: Case, act: Act, around: Around): Case | Refusal {
  if (one.state === 'closed' && act.do !== 'reopen') return closedNow()
  switch (act.do) {
    case 'determine':
      return determine(one, act, around)
    case 'notice':
      return notice(one, act, around)
    case 'name':
      return name(one, act.person, around)
    case 'frozen':
      return {
        ...one,
        involved: one.involved.map((person) =>
          person.staff === act.staff ? { ...person, frozenAt: person.frozenAt ?? around.now } : person,
        ),
      }
    case 'approve-path':
      return approve(one, act.further, around)
    case 'write':
      return { ...one, title: act.title, summary: act.summary }
    case 'surface':
      return act.surfacedAt > around.now ? inTheFuture() : { ...one, surfacedAt: act.surfacedAt }
    case 'subject':
      return { ...one, subject: { subject: act.subject, tenure: act.tenure } }
    case 'law':
      if (!around.laws.includes(act.frame))
        return refuse('law-unknown', 'The jurisdiction file has no such law.', 'Choose one of the list.')
      return { ...one, frames: [...new Set([...one.frames, act.frame])] }
    case 'after':
      return after(one, act, around)
    default:
      return move(one, act.do, around)
  }
}

function move(one: Case, does: keyof typeof LEADS_TO, { now, clocks, undecided }: Around): Case | Refusal {
  const to = LEADS_TO[does]
  if (!NEXT[one.state].includes(to)) return notNow()
  if (to === 'contained' && one.involved.some(({ frozenAt }) => frozenAt === null))
    return refuse(
      'somebody-not-frozen',
      'Somebody the incident is about can still sign in.',
      'Freeze them first.',
    )
  if (to === 'notified' && clocks.some((clock) => clock.notice === null))
    return refuse(
      'notices-open',
      'Somebody is still to be told.',
      'Record each notice as sent, or why none is.',
    )
  if (to === 'closed' && one.confirmedAt !== null && undecided.length > 0)
    return refuse(
      'employment-open',
      `Nothing is decided yet about the employment of ${undecided.join(', ')}.`,
      'An administrator decides under Employment, no action being a decision too.',
    )
  return {
    ...one,
    state: to,
    triagedAt: to === 'triage' ? now : one.triagedAt,
    closedAt: to === 'closed' ? now : to === 'reopened' ? null : one.closedAt,
    proposed: null,
  }
}

function determine(
  one: Case,
  { finding, says }: Extract<Act, { do: 'determine' }>,
  { by, now }: Around,
): Case | Refusal {
  const to = finding === 'breach' ? 'confirmed' : 'unfounded'
  if (!NEXT[one.state].includes(to)) return notNow()
  // Two people say the same; one who says otherwise begins anew.
  if (one.proposed === null || one.proposed.finding !== finding)
    return { ...one, proposed: { finding, by, says } }
  if (one.proposed.by === by)
    return refuse(
      'finding-needs-another',
      'You found this yourself.',
      'Somebody else must come to the same finding.',
    )
  return {
    ...one,
    state: to,
    proposed: null,
    confirmedAt: to === 'confirmed' ? (one.confirmedAt ?? now) : null,
  }
}

function notice(
  one: Case,
  { clock, outcome, says }: Extract<Act, { do: 'notice' }>,
  { clocks, now }: Around,
): Case | Refusal {
  const due = clocks.find(({ id }) => id === clock)
  if (due === undefined)
    return refuse('clock-unknown', 'No such notice is due in this incident.', 'Reload the page.')
  if (due.notice !== null)
    return refuse('notice-recorded', 'This notice is recorded.', 'Nothing needs to be done.')
  const late = due.dueAt !== null && now > due.dueAt
  return { ...one, notices: [...one.notices, { clock, outcome, says, at: now, late }] }
}

function name(
  one: Case,
  person: Pick<Involved, 'staff' | 'deskName' | 'office' | 'ground'>,
  { by, now }: Around,
): Case | Refusal {
  if (person.staff === by)
    return refuse('not-yourself', 'Nobody leads a case against themselves.', 'Tell another officer.')
  if (one.involved.some(({ staff }) => staff === person.staff))
    return refuse('named-before', 'This person is named already.', 'Nothing needs to be done.')
  return { ...one, involved: [...one.involved, { ...person, namedAt: now, frozenAt: null }] }
}

function approve(one: Case, further: boolean, { by }: Around): Case | Refusal {
  if (one.confirmedAt === null)
    return refuse(
      'incident-not-confirmed',
      'A leak path is searched for only once the breach is confirmed.',
      'Confirm the incident first.',
    )
  if (one.approvals.some((said) => said.staff === by && said.further === further))
    return refuse('approved-before', 'You have allowed this already.', 'Somebody else must allow it too.')
  return { ...one, approvals: [...one.approvals, { staff: by, further }] }
}

function after(one: Case, { what, on, says }: After, { now }: Around): Case | Refusal {
  const known = addAfter(one.after ?? [], { what, on, says }, { now, confirmed: one.confirmedAt !== null })
  return isRefusal(known) ? known : { ...one, after: known }
}

function notNow(): Refusal {
  return refuse('not-now', 'This is not the next step of this incident.', 'Reload the page.')
}

function closedNow(): Refusal {
  return refuse('incident-closed', 'This incident is closed.', 'Reopen it with the reason first.')
}

function inTheFuture(): Refusal {
  return refuse('not-yet', 'That time has not come yet.', 'Give when the list turned up.')
}
