import { type Refusal, refuse } from '../platform/refusal.ts'

/** When somebody may speak for the customer: pure. */

/** What must be seen in the deed and about the person, each with its own eyes. */
export const DEED_CHECKS = [
  'principal-is-the-holder',
  'signed-and-dated',
  'in-force',
  'covers-this-case',
  'licence-found-in-the-list',
  'customer-confirmed-it',
  'not-the-other-side',
] as const
export type DeedCheck = (typeof DEED_CHECKS)[number]

export const REPRESENTATIVE_KINDS = ['advocate', 'pleader', 'guardian', 'attorney'] as const
export type RepresentativeKind = (typeof REPRESENTATIVE_KINDS)[number]

/** A representation as the rules see it. */
export interface Standing {
  readonly untilAt: number
  readonly endedAt: number | null
}

const DAY_MS = 86_400_000
/** The longest without a new look at the deed. */
const LONGEST_MS = 366 * DAY_MS

/** Whether they speak for her at this instant. Nothing but this decides it, at every request anew. */
export function speaksForHer({ untilAt, endedAt }: Standing, now: number): boolean {
  return endedAt === null && now < untilAt
}

/** Why a representation may not be opened, or null. */
export function mayRepresent(
  asked: { readonly checks: readonly string[]; readonly untilAt: number },
  around: { readonly now: number; readonly customerKnown: boolean; readonly represented: boolean },
): Refusal | null {
  if (!around.customerKnown)
    return refuse('customer-not-named', 'Nobody has said whose log it is.', 'Name the customer first.')
  if (DEED_CHECKS.some((check) => !asked.checks.includes(check)))
    return refuse(
      'deed-unchecked',
      'The power of attorney is not checked in full.',
      'Check every line, or open nothing.',
    )
  if (asked.untilAt <= around.now || asked.untilAt > around.now + LONGEST_MS)
    return refuse(
      'until-wrong',
      'A representation ends within a year.',
      'Give the last day of the deed, a year from now at most.',
    )
  if (around.represented)
    return refuse('represented-already', 'Somebody speaks for her already.', 'End that first.')
  return null
}
