import type { E164 } from '../calls/call-record.ts'
import type { Profile } from './profile.ts'
import type { SafeMode } from './subscriber.ts'

/** What the operator's systems say of a line. Instants in epoch ms; what is absent is not spoken of. */
export interface LineFacts {
  readonly simChangedAt?: number
  readonly forwarded?: boolean
  readonly address?: { readonly kind: 'post' | 'email'; readonly address: string; readonly since: number }
  readonly second?: { readonly number: E164; readonly since: number }
  readonly shopOnly?: boolean
  readonly safeMode?: Exclude<SafeMode, 'elsewhere'>
}

/** The profile after these facts, and the names of what changed in it; or why they cannot be taken. */
export interface Merged {
  readonly profile: Profile
  readonly changed: readonly string[]
}

/**
 * Joins facts to a profile on record. What could weaken a customer's protection is not taken from a file:
 *
 * - a change of SIM never moves back in time, so its 7 days of care cannot be skipped;
 * - an address or second number that replaces another begins to rest now, whatever day the line names, and one on
 *   record never becomes older: who can write files must not be able to make his own address look 30 days old;
 * - shop only and safe mode are turned on, never off: turning off waits 72 hours, with a text a day to her.
 */
export function mergeFacts(before: Profile, facts: LineFacts, now: number): Merged | string {
  if (facts.shopOnly === false && before.shopOnly)
    return 'shopOnly would be taken off; only the customer herself does that'
  const { safeMode } = facts
  if (safeMode !== undefined && safeMode !== before.safeMode && before.safeMode !== 'off')
    return 'safeMode would be changed or taken off; only the customer herself does that'
  const changed: string[] = []
  const set = <K extends keyof Profile>(name: K, value: Profile[K] | undefined, differs: boolean) => {
    if (value === undefined || !differs) return {}
    changed.push(name)
    return { [name]: value }
  }
  const { address, second, simChangedAt, forwarded, shopOnly } = facts
  const profile: Profile = {
    ...before,
    ...set('simChangedAt', simChangedAt, (simChangedAt ?? 0) > (before.simChangedAt ?? 0)),
    ...set('forwarded', forwarded, forwarded !== before.forwarded),
    ...set(
      'address',
      address && resting(address, before.address !== null, now),
      address?.address !== before.address?.address || address?.kind !== before.address?.kind,
    ),
    ...set(
      'second',
      second && resting(second, before.second !== null, now),
      second?.number !== before.second?.number,
    ),
    ...set('shopOnly', shopOnly, shopOnly !== before.shopOnly),
    ...set('safeMode', safeMode, safeMode !== before.safeMode),
  }
  return { profile, changed }
}

function resting<T extends { readonly since: number }>(given: T, replaces: boolean, now: number): T {
  return replaces ? { ...given, since: now } : { ...given, since: Math.min(given.since, now) }
}
