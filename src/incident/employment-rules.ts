import { type Refusal, refuse } from '../platform/refusal.ts'

/**
 * What becomes of the employment of somebody a case is about: pure. They are suspended, heard, and somebody decides who
 * neither looked into the case nor suspended them; they may appeal, and somebody else again decides that.
 */

export const EMPLOYMENT_STATES = ['none', 'suspended', 'heard', 'decided', 'appealed', 'final'] as const
export type EmploymentState = (typeof EMPLOYMENT_STATES)[number]

/** From the mildest to the hardest: an appeal can only make it milder. */
export const OUTCOMES = ['no-action', 'warning', 'transfer', 'dismissal'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Who did a step, and when. */
export interface By {
  readonly staff: string
  readonly deskName: string
  readonly at: number
}

/** Which clause of the contract and which of the code of conduct. */
export interface Clauses {
  readonly contract: string
  readonly code: string
}

export interface Employment {
  readonly state: EmploymentState
  /** With pay: it says nothing about guilt. */
  readonly suspended: (By & { readonly says: string; readonly clauses: Clauses }) | null
  /** `heardAt`: when they were heard; `came` is false where they were asked to come and did not. */
  readonly hearing:
    | (By & {
        readonly heardAt: number
        readonly came: boolean
        /** Who stood by them; empty where they wanted nobody. */
        readonly companion: string
        readonly says: string
      })
    | null
  readonly decision:
    | (By & { readonly outcome: Outcome; readonly clauses: Clauses; readonly says: string })
    | null
  readonly appeal: (By & { readonly says: string }) | null
  readonly last: (By & { readonly outcome: Outcome; readonly says: string }) | null
}

export type EmploymentAct =
  | { readonly do: 'suspend'; readonly clauses: Clauses; readonly says: string }
  | {
      readonly do: 'hear'
      readonly heardAt: number
      readonly came: boolean
      readonly companion: string
      readonly says: string
    }
  | { readonly do: 'decide'; readonly outcome: Outcome; readonly clauses: Clauses; readonly says: string }
  | { readonly do: 'appeal'; readonly says: string }
  | { readonly do: 'decide-appeal'; readonly outcome: Outcome; readonly says: string }

/** What a step has to know besides the track. */
export interface EmploymentAround {
  readonly by: By
  /** Two people found a breach. */
  readonly confirmed: boolean
  readonly open: boolean
  /** When the case named them. */
  readonly namedAt: number
  /** Desk names of whoever looked into the case. */
  readonly investigators: ReadonlySet<string>
}

export const NO_EMPLOYMENT: Employment = {
  state: 'none',
  suspended: null,
  hearing: null,
  decision: null,
  appeal: null,
  last: null,
}

const FROM: Readonly<Record<EmploymentAct['do'], readonly EmploymentState[]>> = {
  suspend: ['none'],
  hear: ['none', 'suspended'],
  decide: ['none', 'suspended', 'heard'],
  appeal: ['decided'],
  'decide-appeal': ['appealed'],
}

/** The acts that the state allows, in their order. */
export function nextEmploymentActs(one: Employment): EmploymentAct['do'][] {
  const acts = Object.keys(FROM) as EmploymentAct['do'][]
  const appealable = one.decision !== null && one.decision.outcome !== 'no-action'
  return acts.filter((act) => FROM[act].includes(one.state) && (act !== 'appeal' || appealable))
}

/** Whether a case may close as far as this person goes: something was decided, and no appeal waits. */
export function isDecided({ state }: Employment): boolean {
  return state === 'decided' || state === 'final'
}

/** What holds in the end; null while nothing is decided. */
export function outcomeOf({ decision, last }: Employment): Outcome | null {
  return last?.outcome ?? decision?.outcome ?? null
}

const MINUTE_MS = 60_000

/** Does one step, or says why not. */
export function stepEmployment(
  one: Employment,
  act: EmploymentAct,
  around: EmploymentAround,
): Employment | Refusal {
  if (!around.open)
    return refuse('incident-closed', 'This incident is closed.', 'Reopen it with the reason first.')
  if (!nextEmploymentActs(one).includes(act.do))
    return refuse('employment-not-now', 'This is not the next step.', 'Reload the page.')
  const { by } = around
  switch (act.do) {
    case 'suspend':
      return { ...one, state: 'suspended', suspended: { ...by, says: act.says, clauses: act.clauses } }
    case 'hear': {
      if (act.heardAt > by.at)
        return refuse('not-yet', 'That time has not come yet.', 'Give when they were heard.')
      // To the minute: that is how it is written down.
      if (act.heardAt < around.namedAt - (around.namedAt % MINUTE_MS))
        return refuse(
          'heard-before',
          'Nobody is heard about a case before it names them.',
          'Give when they were heard about it.',
        )
      const { heardAt, came, companion, says } = act
      return { ...one, state: 'heard', hearing: { ...by, heardAt, came, companion, says } }
    }
    case 'decide':
      return decide(one, act, around)
    case 'appeal':
      return { ...one, state: 'appealed', appeal: { ...by, says: act.says } }
    case 'decide-appeal':
      return decideAppeal(one, act, around)
  }
}

function decide(
  one: Employment,
  { outcome, clauses, says }: Extract<EmploymentAct, { do: 'decide' }>,
  { by, confirmed, investigators }: EmploymentAround,
): Employment | Refusal {
  const no = apart(by, investigators, [one.suspended])
  if (no !== null) return no
  if (outcome !== 'no-action' && one.hearing === null)
    return refuse('employment-unheard', 'They have not been heard.', 'Hear them first.')
  if (outcome !== 'no-action' && !confirmed)
    return refuse(
      'incident-not-confirmed',
      'Nobody is judged for a breach that is not confirmed.',
      'Have two people confirm the incident first.',
    )
  return { ...one, state: 'decided', decision: { ...by, outcome, clauses, says } }
}

function decideAppeal(
  one: Employment,
  { outcome, says }: Extract<EmploymentAct, { do: 'decide-appeal' }>,
  { by, investigators }: EmploymentAround,
): Employment | Refusal {
  const no = apart(by, investigators, [one.suspended, one.decision])
  if (no !== null) return no
  if (OUTCOMES.indexOf(outcome) > OUTCOMES.indexOf(one.decision?.outcome ?? 'no-action'))
    return refuse('appeal-harder', 'An appeal makes nothing worse.', 'Uphold the decision, or choose less.')
  return { ...one, state: 'final', last: { ...by, outcome, says } }
}

/** Whoever decides has had no part before. */
function apart(by: By, investigators: ReadonlySet<string>, parts: readonly (By | null)[]): Refusal | null {
  if (investigators.has(by.deskName))
    return refuse(
      'employment-investigator',
      'You looked into this case yourself.',
      'Somebody who had no part in it decides.',
    )
  if (parts.some((part) => part?.staff === by.staff))
    return refuse(
      'employment-yours',
      'You took an earlier step against this person.',
      'Another administrator decides.',
    )
  return null
}
