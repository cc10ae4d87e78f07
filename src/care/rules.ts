import { type Refusal, refuse } from '../platform/refusal.ts'
import type { VerificationRules } from '../staff/verification-policy.ts'
import type { ContactState } from './schemas.ts'

/**
 * A contact and how its caller is verified: pure, over plain data. What opens what is decided
 * by rungs; how long things live comes from the versioned verification policy.
 */

/** How a caller showed who they are. `network`: the call itself, when our own network vouches for its number. */
export type PassedBy = 'network-call' | 'sms-code' | 'pin' | 'passphrase' | 'call-back' | 'photo-id'
export type Rung = 'none' | 'phone' | 'person'

export interface Passed {
  readonly factor: PassedBy
  readonly at: number
  readonly tries: number
  /** When it was started; absent where nothing needs starting, and from before this was kept. */
  readonly startedAt?: number
  /** A photo ID: whether a second clerk said so too. */
  readonly second?: boolean
}
export interface Pending {
  readonly factor: Exclude<PassedBy, 'network-call'>
  readonly startedAt: number
  /** After this it counts for nothing. */
  readonly until: number
  readonly tries: number
  /** Who compared a photo ID first; the second clerk is somebody else. */
  readonly by: string
}
export interface Verification {
  readonly state: ContactState
  readonly passed: readonly Passed[]
  readonly pending: Pending | null
}

/** What a contact begins as, before anybody has shown anything. */
export const CLAIMED: Verification = { state: 'claimed', passed: [], pending: null }

/** What can happen to a contact. */
export type ContactCommand =
  | { readonly do: 'start'; readonly pending: Pending }
  | { readonly do: 'pass'; readonly factor: PassedBy; readonly at: number; readonly second?: boolean }
  | { readonly do: 'fail'; readonly locked: boolean }
  | { readonly do: 'break-glass' }
  | { readonly do: 'refuse' }
  | { readonly do: 'abandon' }
  | { readonly do: 'close' }

const PHONE: readonly PassedBy[] = ['network-call', 'sms-code', 'call-back']
const SECRETS: readonly PassedBy[] = ['pin', 'passphrase']
const OVER: readonly ContactState[] = ['closed', 'refused', 'abandoned']

/**
 * The rung that these factors reach. A spouse, an employer or a thief holds the phone too: `person` takes the
 * phone and a secret, or a photo ID in a shop. A secret without the phone opens nothing.
 */
export function rungOf(passed: readonly Pick<Passed, 'factor'>[]): Rung {
  const has = (factors: readonly PassedBy[]) => passed.some((p) => factors.includes(p.factor))
  if (has(['photo-id'])) return 'person'
  if (!has(PHONE)) return 'none'
  return has(SECRETS) ? 'person' : 'phone'
}

/** The rung of one look: her own key lifts the look that it allowed, and nothing else of the contact. */
export function rungOfLook(
  passed: readonly Pick<Passed, 'factor'>[],
  look: { readonly ownKey: boolean },
): Rung {
  const rung = rungOf(passed)
  return look.ownKey && rung === 'phone' ? 'person' : rung
}

/** Whether a contact has come to its end. */
export function isOver(state: ContactState): boolean {
  return OVER.includes(state)
}

/** The next state of a contact, or why not. `claimed -> verifying -> verified -> closed`, or locked, refused, abandoned. */
export function stepContact(before: Verification, command: ContactCommand): Verification | Refusal {
  if (isOver(before.state)) return contactOver()
  switch (command.do) {
    case 'start':
      return { ...before, state: atLeastVerifying(before), pending: command.pending }
    case 'pass': {
      const asked = before.pending?.factor === command.factor ? before.pending : null
      const tries = (asked?.tries ?? 0) + 1
      const passed = [
        ...before.passed.filter((p) => p.factor !== command.factor),
        {
          factor: command.factor,
          at: command.at,
          tries,
          ...(asked === null ? {} : { startedAt: asked.startedAt }),
          ...(command.second === undefined ? {} : { second: command.second }),
        },
      ]
      const pending = asked === null ? before.pending : null
      return { state: rungOf(passed) === 'none' ? 'verifying' : 'verified', passed, pending }
    }
    case 'fail': {
      if (before.pending === null) return factorNotStarted()
      if (!command.locked)
        return { ...before, pending: { ...before.pending, tries: before.pending.tries + 1 } }
      return { ...before, state: before.state === 'verified' ? 'verified' : 'locked', pending: null }
    }
    case 'break-glass':
      return { ...before, state: 'verified', pending: null }
    case 'refuse':
      return { ...before, state: 'refused', pending: null }
    case 'abandon':
      return { ...before, state: 'abandoned', pending: null }
    case 'close':
      return { ...before, state: 'closed', pending: null }
  }
}

/** Why a photo ID cannot be compared here, or null. */
export function photoIdBlock(
  { photoId }: Pick<VerificationRules, 'photoId'>,
  device: { readonly shop: string | null },
): Refusal | null {
  return photoId.shopDevice && device.shop === null
    ? refuse(
        'shop-device-needed',
        'A photo ID counts on a shop’s own device only.',
        'Sign in on that device.',
      )
    : null
}

/** Why a photo ID that one clerk compared does not count yet, or null. */
export function photoIdAlone(
  { photoId }: Pick<VerificationRules, 'photoId'>,
  by: { readonly second: boolean },
): Refusal | null {
  return photoId.secondClerk && !by.second
    ? refuse(
        'second-clerk-needed',
        'A photo ID counts when a second clerk of the shop says so too.',
        'Ask a colleague in the shop.',
      )
    : null
}

/** The factor under way if it still counts, or why not. */
export function pendingNow(contact: Verification, factor: PassedBy, now: number): Pending | Refusal {
  const pending = contact.pending
  if (pending === null || pending.factor !== factor) return factorNotStarted()
  if (now >= pending.until)
    return refuse('factor-expired', 'What was asked for has run out.', 'Start it again, or use another way.')
  return pending
}

/** Refuses what a contact that is over can no longer do. */
export function contactOver(): Refusal {
  return refuse('contact-over', 'This contact is over.', 'Open a new contact if the customer is still there.')
}

function factorNotStarted(): Refusal {
  return refuse('factor-not-started', 'This way of verifying has not been started.', 'Start it first.')
}

function atLeastVerifying(before: Verification): ContactState {
  return before.state === 'verified' ? 'verified' : 'verifying'
}
