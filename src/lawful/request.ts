import type { DataField } from '../calls/lawful-frame.ts'
import type { CheckAnswers } from './checks.ts'

/** What an authority asks, and where it stands. Plain data: the rules replay it. */

export const STATES = [
  'received',
  'filtering',
  'reviewing',
  'approved',
  'partly-approved',
  'produced',
  'delivered',
  'acknowledged',
  'closed',
  'misdirected',
  'returned',
  'refused',
  'withdrawn',
  'expired',
  'duress',
] as const
export type RequestState = (typeof STATES)[number]

export const IDENTIFIER_TYPES = ['msisdn', 'imsi', 'imei', 'name', 'area', 'other'] as const
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number]
export const IDENTIFIER_ROLES = ['suspect', 'victim', 'witness', 'unknown'] as const

/** One thing asked about, and its own window. */
export interface Identifier {
  readonly type: IdentifierType
  /** A number as E.164 where `type` is `msisdn`; otherwise as it was written. */
  readonly value: string
  readonly role: (typeof IDENTIFIER_ROLES)[number]
  /** Seconds since 1970 UTC, half open. */
  readonly from: number
  readonly until: number
}

export const URGENCIES = ['routine', 'priority', 'emergency'] as const
export type Urgency = (typeof URGENCIES)[number]

/** The signed paper; null while an emergency's is still to come. */
export interface Paper {
  /** `2026-10-11`. */
  readonly date: string
  readonly authorisedBy: string
  readonly rank: string
}

/** What the regulator's officer files. */
export interface Filing {
  readonly frame: string
  /** The authority's own number of this request. */
  readonly requestNumber: string
  /** An id of the frame's directory. */
  readonly authority: string
  readonly officer: { readonly name: string; readonly rank: string; readonly phone: string }
  readonly caseNumber: string
  /** An id of the frame's categories, or any other word: one outside the list cannot pass the filter. */
  readonly category: string
  readonly offence: string
  readonly basis: string
  readonly paper: Paper | null
  readonly identifiers: readonly Identifier[]
  readonly fields: readonly DataField[]
  /** Asked for although nobody holds it: the answer says so. */
  readonly asksContent: boolean
  readonly necessity: string
  readonly urgency: Urgency
  /** Whose life, and why: only with `emergency`. */
  readonly threatToLife: string | null
  /** Epoch ms; null: the customer is told at delivery. */
  readonly secrecyUntil: number | null
  readonly preserveOnly: boolean
}

/** What may be produced: a part of what is named, each with its own window. */
export interface Scope {
  readonly parts: readonly { readonly identifier: number; readonly from: number; readonly until: number }[]
  readonly fields: readonly DataField[]
}

export type Answer =
  | { readonly kind: 'approve'; readonly scope: Scope }
  | { readonly kind: 'refuse'; readonly ground: string }

/** One of the two keys. */
export interface Key {
  readonly by: string
  readonly role: string
  readonly at: number
  readonly answer: Answer
  readonly reasons: string
}

/** Whether an emergency was one, by somebody who had no part in the answer. */
export interface AfterReview {
  readonly by: string
  readonly at: number
  readonly finding: 'confirmed' | 'not-confirmed'
  readonly reasons: string
}

/** A request as the rules see it. Instants in epoch ms; people are staff ids. */
export interface Case {
  readonly state: RequestState
  readonly filing: Filing
  readonly filedBy: string
  /** Everybody who filed or amended it. */
  readonly filers: readonly string[]
  readonly receivedAt: number
  readonly takenBy: string | null
  readonly filter: {
    readonly by: string
    readonly at: number
    readonly outcome: 'passed' | 'refused' | 'returned'
    readonly reason: string
  } | null
  readonly checks: CheckAnswers
  /** Everybody who answered a standard. */
  readonly preparedBy: readonly string[]
  readonly first: Key | null
  readonly second: Key | null
  /** What stands: the narrower of the two keys. */
  readonly scope: Scope | null
  readonly ground: string | null
  readonly missing: readonly string[]
  readonly returnedAt: number | null
  readonly producedBy: string | null
  readonly releasedBy: string | null
  readonly deliveredAt: number | null
  /** When it came to its end, whatever that was. */
  readonly endedAt: number | null
  /** An emergency's paper: when it came; `unratified` once its time was over. */
  readonly paperAt: number | null
  readonly unratified: boolean
  readonly secrecyUntil: number | null
  readonly toldAt: number | null
  /** What the review after an emergency found; null where there is none yet. */
  readonly afterReview: AfterReview | null
}

/** What is asked, as a scope: every number it names, the whole window, every field. */
export function askedScope(filing: Filing): Scope {
  return {
    parts: filing.identifiers.map(({ from, until }, identifier) => ({ identifier, from, until })),
    fields: filing.fields,
  }
}
