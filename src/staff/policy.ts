import type { Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from './staff.ts'

/**
 * How a customer's number stands to the person asking: `own`, `household` and `declared` are refused and go to
 * a supervisor of another team; `colleague` (another employee's own number) goes to a supervisor whose team
 * is not the colleague's.
 */
export interface Circle {
  readonly kind: 'none' | 'own' | 'household' | 'declared' | 'colleague'
  /** The colleague's team; only with `colleague`. */
  readonly team: string | null
}

/**
 * What is asked about. `Desk` is no particular thing (a route's own check); `Contact` a customer at hand;
 * `Person` an employee; `Proposal` something that waits for a second person; `Incident` a breach case.
 */
export type Resource =
  | { readonly type: 'Desk'; readonly id: string }
  | { readonly type: 'Contact'; readonly id: string; readonly attributes: ContactAttributes }
  | { readonly type: 'Person'; readonly id: string; readonly attributes?: PersonAttributes }
  | { readonly type: 'Proposal'; readonly id: string; readonly attributes: ProposalAttributes }
  | { readonly type: 'Incident'; readonly id: string; readonly attributes: IncidentAttributes }

export interface ContactAttributes {
  readonly channel: 'call' | 'shop' | 'chat' | 'app'
  /** The circle check of the customer's subject for the person asking (`duty.circleOf`). */
  readonly circle: Circle['kind']
  /** With `colleague`: the colleague's team. */
  readonly colleagueTeam?: string | null
  /** Staff id of who holds the contact; absent while it is being opened. */
  readonly holder?: string | null
  /** Team of the champion who was refused and referred the customer to a supervisor. */
  readonly referredFromTeam?: string | null
  /**
   * Whether a visit in a shop needs the shop's own device: `rules.photoId.shopDevice` of the verification
   * policy in force. Absent means it does.
   */
  readonly needsShopDevice?: boolean
}

export interface PersonAttributes {
  readonly team?: string
  readonly roles?: readonly string[]
}

export interface ProposalAttributes {
  /** Staff id of who prepared it. */
  readonly proposedBy: string
  /** Staff id of whom it is about; absent for rules. */
  readonly about?: string | null
  /** Staff ids of who approved it already. */
  readonly approvedBy?: readonly string[]
  /** The role to be given. */
  readonly role?: string
  /** The roles that person has already. */
  readonly holds?: readonly string[]
}

export interface IncidentAttributes {
  /** Reported or later, and not closed. */
  readonly open: boolean
  /** Found to be a breach. */
  readonly confirmed: boolean
  /** Staff ids of those it is about. */
  readonly involved: readonly string[]
  /** Staff ids of those who allowed a leak path to be searched for, and more logs to be opened for it. */
  readonly pathApprovals: readonly string[]
  readonly morePathApprovals: readonly string[]
}

export interface Question {
  readonly staff: StaffFacts
  /** One of `ACTIONS`; an unknown one is a bug and throws. */
  readonly action: string
  readonly resource: Resource
}

/** Decides by the Cedar policies of `policies/`. */
export interface Policy {
  /**
   * Null when allowed. A refusal carries the code, sentence and next step written beside the Cedar policy that
   * forbids (the first in file order), or `not-in-role`. Any policy that errors denies (`policy-error`):
   * Cedar itself would skip it, and a skipped `forbid` no longer forbids.
   */
  decide(question: Question): Refusal | null
}
