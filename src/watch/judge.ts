import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Verdict } from './entries.ts'

/** Who may judge an alert, and what a verdict makes of it. Pure. */

export interface Judged {
  readonly staff: string
  readonly office: string
  readonly supervisor: boolean
  readonly proposed: Verdict | null
  readonly proposedBy: string | null
  readonly verdict: Verdict | null
}

export interface Judge {
  readonly id: string
  readonly office: string
}

/** Why this person may not judge it, or null: nobody judges themselves, their own office, or twice. */
export function whyNotJudge(alert: Judged, judge: Judge): Refusal | null {
  if (alert.staff === judge.id)
    return refuse('alert-own', 'Nobody judges themselves.', 'Leave it to somebody of another office.')
  if (alert.office === judge.office)
    return refuse(
      'alert-own-office',
      'Looks of your own office are judged by another one.',
      'Leave it to somebody of another office.',
    )
  if (alert.verdict !== null)
    return refuse('alert-settled', 'This question is settled.', 'Read the verdict in the ledger.')
  return null
}

/**
 * What a verdict does: `propose` where the look was a supervisor's and this is the first of two, `settle` otherwise. The
 * second person must be another and say the same; who disagrees speaks with the first, who may propose anew.
 */
export function decideVerdict(alert: Judged, judge: Judge, verdict: Verdict): 'propose' | 'settle' | Refusal {
  const no = whyNotJudge(alert, judge)
  if (no !== null) return no
  if (!alert.supervisor) return 'settle'
  if (alert.proposed === null || alert.proposedBy === judge.id) return 'propose'
  if (alert.proposed !== verdict)
    return refuse(
      'verdicts-differ',
      `A first person said "${alert.proposed}"; two must say the same about a supervisor.`,
      'Speak with them; whoever changes their mind says so here.',
    )
  return 'settle'
}
