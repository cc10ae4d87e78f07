import { type Refusal, refuse } from '../platform/refusal.ts'
import type { LookLimits } from '../staff/verification-policy.ts'
import type { Rung } from './rules.ts'
import type { GrantState } from './schemas.ts'

/** Grants, blind matches and broken glass: pure rules. */

/** Why a grant ended; the first of them wins. */
export type EndReason =
  | 'contact-closed'
  | 'call-ended'
  | 'time'
  | 'sign-out'
  | 'access-ended'
  | 'abandoned'
  | 'customer-refused'

export interface GrantFacts {
  readonly staffId: string
  readonly state: GrantState
  readonly endsAt: number
  readonly rung: Rung
  readonly brokenGlass: boolean
}

/** What is asked of a grant: each needs a rung of its own. */
export type Door = 'bill' | 'match' | 'statement' | 'rows' | 'unmask'

export const JUSTIFY_WITHIN_MS = 24 * 3_600_000
export const APPROVAL_WITHIN_MS = 10 * 60_000

/** Null when `door` stands open to this person now; each request asks anew, so an ended grant shows nothing more. */
export function grantOpens(grant: GrantFacts, door: Door, staffId: string, now: number): Refusal | null {
  if (grant.staffId !== staffId)
    return refuse('grant-not-yours', 'This look is somebody else’s.', 'Open a contact of your own.')
  if (grant.state === 'waiting-for-second')
    return refuse(
      'grant-waiting',
      'A supervisor has not decided yet.',
      'Wait for the answer, or close the contact.',
    )
  if (grant.state === 'denied')
    return refuse(
      'grant-denied',
      'A supervisor said no to this look.',
      'Send the statement, or close the contact.',
    )
  if (grant.state === 'ended' || now >= grant.endsAt)
    return refuse(
      'grant-ended',
      'This look has ended.',
      'Verify the customer again if there is more to explain.',
    )
  if (grant.brokenGlass && (door === 'unmask' || door === 'match' || door === 'statement'))
    return refuse(
      'unmask-not-here',
      'Broken glass opens one masked page, no more.',
      'Read the page that is open.',
    )
  if (rank(grant.rung) < rank(needs(door)) && !grant.brokenGlass)
    return refuse(
      'rung-too-low',
      'The phone is verified, the person is not: rows ask for more.',
      'Ask for the PIN or passphrase, her own key, or a photo ID in the shop.',
    )
  return null
}

/** On the first rung each match waits for the customer's fresh code. */
export function matchNeedsCode(rung: Rung): boolean {
  return rung === 'phone'
}

export interface LookRequest {
  readonly rung: Rung
  readonly brokenGlass: boolean
  /** The month asked for is among those this desk may see. */
  readonly monthOffered: boolean
  /** The contact has a look that runs or waits. */
  readonly running: boolean
  readonly looksThisHour: { readonly person: number; readonly team: number }
  /** Looks of this person at this subject in the last 30 days, in other contacts. */
  readonly earlierLooks: number
  /** A supervisor has already said yes to this contact. */
  readonly approved: boolean
}

/**
 * `granted`, or `second` when a supervisor of another team must say yes first, or why not. The bill of a look is not
 * counted twice among the looks of an hour.
 */
export function decideGrant(
  ask: LookRequest,
  limits: Pick<LookLimits, 'looksAnHour' | 'looksAnHourOfTeam'>,
): 'granted' | 'second' | Refusal {
  if (ask.rung === 'none' && !ask.brokenGlass)
    return refuse('rung-too-low', 'The caller has shown nothing yet.', 'Verify the caller first.')
  if (!ask.monthOffered)
    return refuse(
      'month-not-offered',
      'This bill period is not open to the care desk.',
      'Pick one of the months.',
    )
  if (ask.running)
    return refuse(
      'look-running',
      'This contact has a look that still runs.',
      'Go on with it; one question at a time.',
    )
  if (ask.looksThisHour.person >= limits.looksAnHour || ask.looksThisHour.team >= limits.looksAnHourOfTeam)
    return refuse(
      'looks-too-many',
      'That is more looks than an hour of work has.',
      'Ask a supervisor to take over.',
    )
  return ask.earlierLooks >= 1 && !ask.approved && !ask.brokenGlass ? 'second' : 'granted'
}

export interface MatchCounts {
  /** Different numbers asked about in this contact, and whether this one is among them. */
  readonly inContact: number
  readonly askedBefore: boolean
  /** Of this subscriber in 30 days over all staff. */
  readonly ofSubscriber: number
  /** Of this person today. */
  readonly ofPersonToday: number
  readonly missesInContact: number
  /** A supervisor has said that matching may go on after three misses. */
  readonly supervisorSaidGoOn: boolean
}

/** Null when one more number may be asked about. */
export function decideMatch(counts: MatchCounts, limits: LookLimits): Refusal | null {
  const other = 'Send the statement to the customer’s own channel instead.'
  if (counts.missesInContact >= limits.missesAContact && !counts.supervisorSaidGoOn)
    return refuse('supervisor-called', 'Too many numbers did not match: a supervisor has been called.', other)
  if (!counts.askedBefore && counts.inContact >= limits.matchesAContact)
    return refuse(
      'matches-used-up',
      `${limits.matchesAContact} numbers have been asked about in this contact.`,
      other,
    )
  if (counts.ofSubscriber >= limits.matchesASubscriber)
    return refuse(
      'matches-of-number-used-up',
      `${limits.matchesASubscriber} numbers were asked about for this customer in ${limits.matchDays} days.`,
      other,
    )
  if (counts.ofPersonToday >= limits.matchesADay)
    return refuse(
      'matches-of-person-used-up',
      `You have asked about ${limits.matchesADay} numbers today.`,
      other,
    )
  return null
}

/** Null when one more row may be shown in full, after `shown` of this look. */
export function decideUnmask(shown: number, limits: Pick<LookLimits, 'unmasksALook'>): Refusal | null {
  return shown < limits.unmasksALook
    ? null
    : refuse(
        'unmasks-used-up',
        `${limits.unmasksALook} rows have been shown in full.`,
        'Send the statement instead.',
      )
}

export interface BrokenGlass {
  readonly at: number
  readonly staffId: string
  readonly justifiedAt: number | null
  readonly reviewedAt: number | null
}

/** Where a breaking of the glass stands: it is always reviewed, justified or not. */
export function brokenGlassState(
  glass: BrokenGlass,
  now: number,
): 'to-justify' | 'overdue' | 'to-review' | 'reviewed' {
  if (glass.reviewedAt !== null) return 'reviewed'
  if (glass.justifiedAt !== null) return 'to-review'
  return now >= glass.at + JUSTIFY_WITHIN_MS ? 'overdue' : 'to-justify'
}

/** Null when this person may justify it: only who broke it, once, late or not. */
export function mayJustify(glass: BrokenGlass, staffId: string): Refusal | null {
  if (glass.staffId !== staffId)
    return refuse(
      'break-glass-not-yours',
      'Somebody else broke this glass.',
      'They must justify it themselves.',
    )
  if (glass.justifiedAt !== null || glass.reviewedAt !== null)
    return refuse('break-glass-settled', 'It has been justified already.', 'Nothing more is needed from you.')
  return null
}

/** Null when this person may review it: never who broke it; unjustified only once the 24 hours are over. */
export function mayReview(glass: BrokenGlass, staffId: string, now: number): Refusal | null {
  if (glass.staffId === staffId)
    return refuse('break-glass-not-yours', 'You broke this glass yourself.', 'Somebody else reviews it.')
  const state = brokenGlassState(glass, now)
  if (state === 'reviewed')
    return refuse('break-glass-settled', 'It has been reviewed already.', 'Nothing more is needed.')
  if (state === 'to-justify')
    return refuse('not-justified-yet', 'Its 24 hours are not over.', 'Wait for the justification.')
  return null
}

function needs(door: Door): Rung {
  return door === 'rows' || door === 'unmask' ? 'person' : 'phone'
}

function rank(rung: Rung): number {
  return ['none', 'phone', 'person'].indexOf(rung)
}
