import { type Refusal, refuse } from '../platform/refusal.ts'

/** What came of a breach, each with its day: what was done to her with it, what she was offered, police, court, claim. */

export const AFTERMATH = [
  /** What was done to her with the list, in her words. */
  'harm',
  'offer-number',
  'offer-lock',
  'offer-shop',
  'offer-other',
  /** To give the list back and not to use it. */
  'demand-friend',
  'demand-recipient',
  'demand-answered',
  'complaint',
  'hearing',
  'charged',
  'verdict',
  'dropped',
  /** Against the operator; a settlement is what was agreed, not only money. */
  'claim-made',
  'claim-not-pursued',
  'claim-settled',
] as const
export type Aftermath = (typeof AFTERMATH)[number]

export interface After {
  readonly what: Aftermath
  /** When it was; of a hearing, when it is. */
  readonly on: number
  readonly says: string
}

/** What has to be written down before. */
const AFTER_WHAT: Partial<Record<Aftermath, readonly Aftermath[]>> = {
  hearing: ['complaint'],
  charged: ['complaint'],
  verdict: ['complaint'],
  dropped: ['complaint'],
  'demand-answered': ['demand-friend', 'demand-recipient'],
  'claim-settled': ['claim-made'],
}

/** Writes one more down; only of a breach that was found, and of what has been, but for hearings that are set. */
export function addAfter(
  known: readonly After[],
  one: After,
  { now, confirmed }: { now: number; confirmed: boolean },
): readonly After[] | Refusal {
  if (!confirmed)
    return refuse('incident-not-confirmed', 'No breach has been found yet.', 'Confirm the incident first.')
  if (one.on > now && one.what !== 'hearing')
    return refuse('not-yet', 'That day has not come yet.', 'Give the day on which it was.')
  const needs = AFTER_WHAT[one.what]
  if (needs !== undefined && !known.some(({ what }) => needs.includes(what)))
    return refuse(
      'after-nothing',
      'Nothing of it was written down before.',
      'Write down first what it follows.',
    )
  return [...known, one].sort((a, b) => a.on - b.on)
}
