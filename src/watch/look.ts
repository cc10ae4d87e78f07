/**
 * What watching is told. A log of accesses says little or much: everything beyond who looked at whom and when may be
 * absent, and what is absent is never guessed. Instants are milliseconds since 1970.
 */

/** One look as a log tells it. */
export interface Access {
  /** Names the look in this log. */
  readonly id: string
  readonly at: number
  readonly employee: string
  readonly subject: string
  readonly office?: string
  /** What they are compared by: kind of office, role, shift. */
  readonly peers?: PeerKind
  /** The contact during which the look happened; `null` when the log says that there was none. */
  readonly contact?: string | null
  /** The ticket named as its ground; `null` when there was none. */
  readonly ticket?: string | null
  /** Rows shown, and of them those outside the period that the question was about. */
  readonly rows?: number
  readonly beyond?: number
  readonly unmasked?: number
  readonly matches?: number
  readonly seconds?: number
  /** Whether anything came of it: an explanation, a statement, a correction. */
  readonly acted?: boolean
  /** What identifies the note's words (their hash, or the words); `''` when there is none. */
  readonly note?: string
  readonly onShift?: boolean
  readonly ownDesk?: boolean
  /** Opened by breaking the glass. */
  readonly brokenGlass?: boolean
}

export interface PeerKind {
  readonly kind: string
  readonly role: string
  readonly shift: string
}

/** What may become known about a look after it. */
export type Later = Partial<
  Pick<Access, 'rows' | 'beyond' | 'unmasked' | 'matches' | 'seconds' | 'acted' | 'note'>
> & {
  /** The customer said that it was not for her; false when her word was found to be mistaken. */
  readonly denied?: boolean
  /** The customer said that it was for her. */
  readonly acknowledged?: boolean
  /** The employee said what it was for. */
  readonly justified?: boolean
  /** Broken glass without a justification in time, or one that did not hold. */
  readonly unjustified?: boolean
  /** A ticket was opened after the look, or closed within a minute of its making. */
  readonly ticketAfter?: boolean
  readonly ticketBrief?: boolean
  /** The number was declared as the employee's own, household's or friend's after the look. */
  readonly circle?: CircleKind | null
}

export type CircleKind = 'own' | 'household' | 'declared'

/** How much stands behind a contact: the telephone exchange or the customer herself, or the employee's word alone. */
export type Ground = 'shown' | 'said'

/** Everything else that a log tells. */
export type Fact =
  | {
      readonly kind: 'contact'
      readonly at: number
      readonly subject: string
      /** Who took it; null for a machine. */
      readonly employee: string | null
      readonly id?: string
      readonly ground: Ground
    }
  | {
      readonly kind: 'ticket'
      readonly at: number
      readonly subject: string
      readonly employee: string | null
      readonly id?: string
    }
  | { readonly kind: 'ticket-closed'; readonly at: number; readonly id: string }
  | { readonly kind: 'transfer'; readonly at: number; readonly subject: string; readonly employee: string }
  | { readonly kind: 'account'; readonly at: number; readonly subject: string; readonly account: string }
  | { readonly kind: 'tie'; readonly at: number; readonly subject: string; readonly other: string }
  | { readonly kind: 'line'; readonly at: number; readonly employee: string; readonly subject: string }
  | {
      readonly kind: 'circle'
      readonly at: number
      readonly employee: string
      readonly subject: string
      /** Null when it was taken back. */
      readonly tie: CircleKind | null
    }
  | { readonly kind: 'flag'; readonly at: number; readonly subject: string }
  | { readonly kind: 'complaint'; readonly at: number; readonly subject: string }
  | { readonly kind: 'later'; readonly at: number; readonly look: string; readonly says: Later }
  | {
      readonly kind: 'verdict'
      readonly at: number
      readonly look: string
      readonly verdict: 'fine' | 'coaching' | 'incident'
    }

/** 3 an inbound contact of hers; 2 one of her account, or handed over; 1 a ticket or a word only; 0 nothing. */
export type Level = 0 | 1 | 2 | 3
