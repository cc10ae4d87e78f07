import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { Words } from '../platform/words.ts'
import { CHECKS, type CheckAnswers, type CheckId } from './checks.ts'
import { type Deadline, deadlinesOf } from './clocks.ts'
import type { Held } from './parties.ts'
import type { PackageFacts } from './production.ts'
import type { AfterReview, Filing, Key, RequestState, Scope } from './request.ts'
import type { Suggestion } from './suggestions.ts'

/** How each side sees a request. The regulator's view depends on the request alone, never on what our data say. */

/** A line of the operator's board. */
export interface BoardLine {
  readonly id: string
  readonly serial: string
  readonly requestNumber: string
  readonly state: RequestState
  readonly category: string
  readonly authority: string
  readonly frame: string
  readonly urgency: Filing['urgency']
  readonly receivedAt: number
  readonly deadlines: readonly Deadline[]
  readonly unratified: boolean
  readonly waitsFor: 'regulator' | 'counsel' | 'second' | 'producer' | 'release' | 'nobody'
}

export interface PersonSeen {
  readonly deskName: string
  readonly name: string
}

/** The operator's page of a request. */
export interface DeskView extends BoardLine {
  readonly filing: Filing
  readonly filedBy: PersonSeen | null
  readonly filter: {
    readonly by: PersonSeen | null
    readonly at: number
    readonly outcome: string
    readonly reason: string
  } | null
  readonly checks: CheckAnswers
  readonly suggestions: Partial<Record<CheckId, Suggestion>>
  readonly first: KeySeen | null
  readonly second: KeySeen | null
  readonly scope: Scope | null
  readonly ground: string | null
  readonly missing: readonly string[]
  readonly letters: readonly { readonly digest: string; readonly at: number }[]
  readonly holds: { readonly count: number; readonly endsAt: number | null; readonly extended: boolean }
  readonly package: {
    readonly facts: PackageFacts
    readonly digest: string
    readonly madeAt: number
    readonly fetchedAt: number | null
  } | null
  readonly recipientKey: boolean
  readonly deliveredAt: number | null
  readonly secrecyUntil: number | null
  readonly toldAt: number | null
  readonly afterReview: (Omit<AfterReview, 'by'> & { readonly by: PersonSeen | null }) | null
  /** What this reader may do now, and why not what is left out. */
  readonly may: readonly string[]
  readonly whyNot: Readonly<Record<string, string>>
}
export interface KeySeen extends Omit<Key, 'by'> {
  readonly by: PersonSeen | null
}

/** The regulator's page of a request. */
export interface RegulatorView {
  readonly id: string
  readonly serial: string
  readonly state: RequestState
  readonly filing: Filing
  readonly receivedAt: number
  readonly deadlines: readonly Deadline[]
  readonly filter: { readonly outcome: string; readonly reason: string; readonly at: number } | null
  readonly missing: readonly string[]
  readonly refusal: { readonly ground: Words; readonly standards: readonly Words[] } | null
  /** There once it is delivered, with the digest of the file. */
  readonly package: { readonly digest: string; readonly until: number } | null
  readonly letters: readonly { readonly digest: string; readonly at: number }[]
  readonly unratified: boolean
  /** What the review after an emergency found; its reasons are the operator's own. */
  readonly afterReview: AfterReview['finding'] | null
  readonly secrecyUntil: number | null
  readonly toldAt: number | null
  readonly may: readonly string[]
}

const WAITS: Partial<Record<RequestState, BoardLine['waitsFor']>> = {
  received: 'regulator',
  filtering: 'regulator',
  returned: 'regulator',
  approved: 'producer',
  'partly-approved': 'producer',
  produced: 'release',
  delivered: 'regulator',
  acknowledged: 'counsel',
}

/** A request as the board shows it. */
export function boardLine(held: Held, frame: LawfulFrame): BoardLine {
  const { case: one, id, serial } = held
  const reviewing = one.first === null ? 'counsel' : 'second'
  return {
    id,
    serial,
    requestNumber: one.filing.requestNumber,
    state: one.state,
    category: one.filing.category,
    authority: one.filing.authority,
    frame: frame.id,
    urgency: one.filing.urgency,
    receivedAt: one.receivedAt,
    deadlines: deadlinesOf(one, frame),
    unratified: one.unratified,
    waitsFor: one.state === 'reviewing' ? reviewing : (WAITS[one.state] ?? 'nobody'),
  }
}

/**
 * A request as the regulator's officers see it. Whether a number exists shows nowhere in it before a delivery: grounds
 * are the frame's own words, and standards that were answered from our data are left out.
 */
export function regulatorView(
  held: Held,
  frame: LawfulFrame,
  more: {
    may: readonly string[]
    letters: RegulatorView['letters']
    package: RegulatorView['package']
  },
): RegulatorView {
  const { case: one, id, serial } = held
  const ground = frame.grounds.find((each) => each.id === one.ground)
  const failed = CHECKS.filter((check) => one.checks[check.id]?.answer === 'no' && !check.fromData)
  return {
    id,
    serial,
    // What is approved and what is being made is the operator's own business until it is there.
    state: ['approved', 'partly-approved', 'produced'].includes(one.state) ? 'reviewing' : one.state,
    filing: one.filing,
    receivedAt: one.receivedAt,
    deadlines: deadlinesOf(one, frame),
    filter: one.filter && { outcome: one.filter.outcome, reason: one.filter.reason, at: one.filter.at },
    missing: one.state === 'returned' ? one.missing : [],
    refusal:
      ground === undefined
        ? null
        : { ground: ground.words, standards: one.first === null ? [] : failed.map(({ words }) => words) },
    package: more.package,
    letters: more.letters,
    unratified: one.unratified,
    afterReview: one.afterReview?.finding ?? null,
    secrecyUntil: one.secrecyUntil,
    toldAt: one.toldAt,
    may: more.may,
  }
}
