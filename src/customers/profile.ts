import type { E164 } from '../calls/call-record.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Language } from '../platform/words.ts'
import type { PersonName, Registration, SafeMode } from './subscriber.ts'

/** Everything about a subscriber that only the sealed column holds. Instants in epoch ms. */
export interface Profile {
  readonly number: E164
  readonly name: PersonName
  readonly language: Language
  readonly region: string
  readonly registeredOn: number
  readonly simChangedAt: number | null
  readonly forwarded: boolean
  readonly address: {
    readonly kind: 'post' | 'email'
    readonly address: string
    readonly since: number
  } | null
  readonly second: { readonly number: E164; readonly since: number } | null
  readonly shopOnly: boolean
  readonly safeMode: SafeMode
  /** Where texts go in safe mode `elsewhere`. */
  readonly elsewhere: E164 | null
}

const PURPOSE = 'customers/profile'

/** Seals a profile to the row with this id: in another row it does not open. */
export function sealProfile(sealer: Sealer, id: string, profile: Profile): Buffer {
  return sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(profile), 'utf8'))
}

/** Opens a profile. @throws CodedError `sealed-broken` when it is another row's or was changed. */
export function openProfile(sealer: Sealer, id: string, sealed: Uint8Array): Profile {
  const profile = JSON.parse(sealer.open(PURPOSE, id, sealed).toString('utf8')) as Profile
  invariant(typeof profile.number === 'string', 'a sealed profile has a number')
  return profile
}

/** The profile that a registration begins with. */
export function profileOf(registration: Registration): Profile {
  return {
    number: registration.number,
    name: registration.name,
    language: registration.language,
    region: registration.region,
    registeredOn: registration.registeredOn,
    simChangedAt: registration.simChangedAt ?? null,
    forwarded: registration.forwarded ?? false,
    address: registration.addressOfRecord ?? null,
    second: registration.secondNumber ?? null,
    shopOnly: registration.shopOnly ?? false,
    safeMode: registration.safeMode ?? 'off',
    elsewhere: null,
  }
}
