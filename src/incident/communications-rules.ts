import { type Refusal, refuse } from '../platform/refusal.ts'

/** What may be said to whom in a case: pure. */

export const COUNTERPARTS = [
  'customer',
  'representative',
  'lawyer',
  'regulator',
  'police',
  'press',
  'other',
] as const
export type Counterpart = (typeof COUNTERPARTS)[number]

export const WAYS = ['page', 'telephone', 'letter', 'email', 'visit'] as const
export type Way = (typeof WAYS)[number]

/** `finding`: what was found so far that she may be told. */
export const SORTS = ['message', 'finding', 'notice'] as const
export type Sort = (typeof SORTS)[number]

/** One thing that was said or written, in or out. */
export interface Communication {
  readonly direction: 'in' | 'out'
  readonly with: Counterpart
  /** Who exactly: a person, an office, a newspaper. */
  readonly name: string
  readonly via: Way
  readonly sort: Sort
  readonly says: string
  /** When it was said; what is written on her page is said when it is sent. */
  readonly at: number
  /** When she will hear again. */
  readonly nextAt: number | null
  /** The clock that it answers. */
  readonly clock: string | null
  /** Why it goes past her representative, or to a lawyer whose power of attorney nobody has checked. */
  readonly past: string | null
}

/** What is known around it. */
export interface Around {
  readonly now: number
  /** Whose log the case is about is known. */
  readonly customerKnown: boolean
  /** Somebody speaks for her now. */
  readonly represented: boolean
}

/** The shortest reason that counts as one. */
const REASON = 10

/**
 * Why this may not be said, or null.
 *
 * While somebody speaks for her, what leaves the house goes to them (she still reads all of it on her page); going past
 * them takes a reason. A lawyer whose power of attorney is unchecked is told nothing, not even that there is a case.
 */
export function mayBeSaid(one: Communication, { now, customerKnown, represented }: Around): Refusal | null {
  if (one.at > now) return refuse('not-yet', 'That time has not come yet.', 'Give when it was said.')
  if (one.nextAt !== null && one.nextAt <= now)
    return refuse('next-passed', 'That day has passed.', 'Give a day to come, or none.')
  const hers = one.with === 'customer' || one.with === 'representative'
  if (hers && !customerKnown)
    return refuse('customer-not-named', 'Nobody has said whose log it is.', 'Name the customer first.')
  if (one.with === 'representative' && !represented)
    return refuse('representative-absent', 'Nobody speaks for her.', 'Check the power of attorney first.')
  if (one.via === 'page' && !hers)
    return refuse('page-is-hers', 'The page is the customer’s.', 'Choose how it was sent.')
  if (one.direction === 'in' || hasReason(one.past)) return null
  if (one.with === 'customer' && represented)
    return refuse(
      'customer-represented',
      'Somebody speaks for her.',
      'Write to the representative, or say why this cannot wait for them.',
    )
  if (one.with === 'lawyer')
    return refuse(
      'lawyer-unchecked',
      'Nobody has checked that this lawyer speaks for her.',
      'Check the power of attorney, or say why they are answered before.',
    )
  return null
}

/** Whether she, and whoever speaks for her, reads it on their pages. */
export function isHers(one: Pick<Communication, 'with'>): boolean {
  return one.with === 'customer' || one.with === 'representative'
}

/** When she was last promised to hear again; null where nothing is promised. What came after the promise replaces it. */
export function nextDateOf(
  said: readonly Pick<Communication, 'with' | 'direction' | 'at' | 'nextAt'>[],
): number | null {
  const toHer = said.filter((one) => isHers(one) && one.direction === 'out').sort((a, b) => a.at - b.at)
  return toHer.at(-1)?.nextAt ?? null
}

function hasReason(text: string | null): boolean {
  return text !== null && text.trim().length >= REASON
}
