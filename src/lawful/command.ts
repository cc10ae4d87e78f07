import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { Role } from '../staff/staff.ts'
import type { CheckAnswer, CheckId } from './checks.ts'
import type { AfterReview, Answer, Filing, Paper } from './request.ts'

/** What people do to a request, and who they are as the rules see them. */

export interface Actor {
  readonly id: string
  readonly roles: readonly Role[]
}

export type Command =
  | { readonly do: 'complete'; readonly filing: Filing }
  | { readonly do: 'take' }
  | { readonly do: 'filter'; readonly outcome: 'passed'; readonly reason: string }
  | { readonly do: 'filter'; readonly outcome: 'refused'; readonly reason: string; readonly ground: string }
  | {
      readonly do: 'filter'
      readonly outcome: 'returned'
      readonly reason: string
      readonly missing: readonly string[]
    }
  | { readonly do: 'answer-checks'; readonly answers: readonly CheckGiven[] }
  | { readonly do: 'return'; readonly missing: readonly string[]; readonly reason: string }
  | { readonly do: 'rule'; readonly answer: Answer; readonly reasons: string }
  | { readonly do: 'second'; readonly answer: Answer; readonly reasons: string }
  | { readonly do: 'produce' }
  | { readonly do: 'release' }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'close' }
  | { readonly do: 'withdraw'; readonly reason: string }
  | { readonly do: 'bring-paper'; readonly paper: Paper }
  | { readonly do: 'renew-secrecy'; readonly until: number; readonly reason: string }
  | { readonly do: 'duress'; readonly reason: string }
  | { readonly do: 'after-review'; readonly finding: AfterReview['finding']; readonly reasons: string }
  /** By nobody: time has passed. */
  | { readonly do: 'time' }

/** One standard, answered. */
export interface CheckGiven {
  readonly check: CheckId
  readonly answer: CheckAnswer
  readonly reason: string
}

export interface Context {
  readonly now: number
  readonly frame: LawfulFrame
  /** Null: the machine itself, for `time` only. */
  readonly actor: Actor | null
}

/** The command of one name. */
export type Of<D extends Command['do']> = Extract<Command, { do: D }>
