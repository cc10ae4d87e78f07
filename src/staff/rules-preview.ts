import type { HouseRules } from './verification-policy.ts'

/** What a change of the rules would have done to the last 30 days, decided by the rules themselves. */
export interface RulesPreview {
  /** The window, epoch ms, half open. */
  readonly from: number
  readonly until: number
  /** The version that the change was held against. */
  readonly against: number
  /** Decisions of the window that were made again under both versions. */
  readonly decisions: number
  /** Allowed by the rules in force, refused by the proposed ones; and the other way round. */
  readonly wouldRefuse: number
  readonly wouldAllow: number
  /** Of looks that opened something, how many would not have happened. */
  readonly looksRefused: number
  /** Decisions that hang on a changed rule, but what they were decided on was not kept. */
  readonly cannotTell: number
  readonly reasons: readonly PreviewReason[]
  /** The newest of those that would have come out otherwise. */
  readonly cases: readonly PreviewCase[]
  /** Changed rules that decide nothing a past contact could tell about. */
  readonly notReplayed: readonly string[]
  /** Months of call records, `2024-08`, whose keys the next keeping would destroy. */
  readonly monthsEnding: readonly string[]
  /** Whether the window has more contacts than are replayed; the newest are. */
  readonly cut: boolean
}

export interface PreviewReason {
  readonly effect: 'refuse' | 'allow'
  /** `open-contact`, `verify-contact`, `get-grant`, `reveal`, `match-number`, `unmask-row`. */
  readonly act: string
  /** The refusal's code, and its sentence. */
  readonly code: string
  readonly says: string
  readonly count: number
}

/** One decision that would have come out otherwise; nothing of the customer. */
export interface PreviewCase {
  readonly at: number
  readonly deskName: string
  readonly office: string
  readonly act: string
  readonly effect: 'refuse' | 'allow'
  readonly code: string
}

/** Decides a window again; the room that keeps contacts and looks brings it. */
export type PreviewRules = (ask: {
  readonly before: HouseRules
  readonly against: number
  readonly after: HouseRules
}) => Promise<RulesPreview>
