import type { E164 } from '../src/calls/call-record.ts'
import type { PersonName } from '../src/customers/subscriber.ts'
import type { Language } from '../src/platform/words.ts'
import { nameOf } from './names.ts'
import { type Chance, createChance } from './random.ts'

/** How many subscribers the demo operator has. */
export const SUBSCRIBERS = 2000

/** Where people live: the three cities with an office, and the rest of the country. */
export type Region = 'Yangon' | 'Mandalay' | 'Naypyitaw' | 'Bago' | 'Ayeyarwady' | 'Shan'

const REGIONS: readonly (readonly [Region, share: number])[] = [
  ['Yangon', 0.5],
  ['Mandalay', 0.26],
  ['Naypyitaw', 0.1],
  ['Bago', 0.06],
  ['Ayeyarwady', 0.05],
  ['Shan', 0.03],
]

/** One subscriber of the demo operator. */
export interface DemoPerson {
  readonly index: number
  readonly number: E164
  readonly name: PersonName
  readonly language: Language
  readonly region: Region
  readonly age: number
  readonly household: number
  /** `shop` is a hub: many call it, it calls few. */
  readonly kind: 'person' | 'shop'
  /** Days before the first month that the number was registered. */
  readonly registeredDaysBefore: number
  /** Days before now that the SIM was changed; null: never. */
  readonly simChangedDaysAgo: number | null
  readonly forwarded: boolean
  readonly address: {
    readonly kind: 'post' | 'email'
    readonly address: string
    readonly daysAgo: number
  } | null
  readonly pin: string | null
  /** Uses of each day, on average. */
  readonly callsPerDay: number
  readonly textsPerDay: number
  readonly sessionsPerDay: number
}

/** She whose bill the demo explains: always the first subscriber. */
export const KHIN_MAR_LWIN = '+959791204412' as E164
/** She whose log was given away, another Yangon customer: always the second. */
export const MYA_THANDAR_WIN = '+959791377206' as E164

/** Few have set a PIN: each is hashed at registration, slowly by intent. */
const PIN_SHARE = 0.012

/** Makes all subscribers; the first two are the people of the story. */
export function makePeople(seed: string): DemoPerson[] {
  const chance = createChance(seed, 'people')
  const numbers = new Set<string>([KHIN_MAR_LWIN, MYA_THANDAR_WIN])
  const people = storyPeople()
  let household = 2
  let left = 0
  let region: Region = 'Yangon'
  while (people.length < SUBSCRIBERS) {
    if (left === 0) {
      household += 1
      left = chance.pick([1, 2, 2, 3, 3, 4, 5])
      region = regionOf(chance)
    }
    left -= 1
    people.push(makePerson(chance, people.length, freshNumber(chance, numbers), region, household))
  }
  return people
}

function storyPeople(): DemoPerson[] {
  const common = {
    language: 'my',
    region: 'Yangon',
    kind: 'person',
    simChangedDaysAgo: null,
    forwarded: false,
    callsPerDay: 3,
    textsPerDay: 0.6,
    sessionsPerDay: 1.3,
    pin: '408172',
  } as const
  return [
    {
      ...common,
      index: 0,
      number: KHIN_MAR_LWIN,
      name: { my: 'ခင်မာလွင်', latn: 'Khin Mar Lwin', honorific: 'Daw' },
      age: 52,
      household: 1,
      registeredDaysBefore: 1480,
      simChangedDaysAgo: 124,
      address: { kind: 'email', address: 'khinmarlwin@example.com', daysAgo: 730 },
    },
    {
      ...common,
      index: 1,
      number: MYA_THANDAR_WIN,
      name: { my: 'မြသန္တာဝင်း', latn: 'Mya Thandar Win', honorific: 'Daw' },
      age: 44,
      household: 2,
      registeredDaysBefore: 2100,
      address: { kind: 'post', address: 'No. 18, Bo Aung Kyaw Street, Kyauktada, Yangon', daysAgo: 1900 },
      pin: '739215',
    },
  ]
}

function regionOf(chance: Chance): Region {
  let at = chance.next()
  for (const [region, share] of REGIONS) {
    at -= share
    if (at < 0) return region
  }
  return 'Yangon'
}

function freshNumber(chance: Chance, taken: Set<string>): E164 {
  for (;;) {
    const number = `+95979${chance.int(1_000_000, 9_999_999)}`
    if (taken.has(number)) continue
    taken.add(number)
    return number as E164
  }
}

function makePerson(
  chance: Chance,
  index: number,
  number: E164,
  region: Region,
  household: number,
): DemoPerson {
  const age = Math.min(88, Math.max(14, Math.round(34 + 14 * chance.normal())))
  const shop = chance.coin(0.02)
  const busy = Math.exp(0.55 * chance.normal())
  return {
    index,
    number,
    name: nameOf(chance, { woman: chance.coin(0.51), age }),
    language: chance.coin(0.93) ? 'my' : 'en',
    region,
    age,
    household,
    kind: shop ? 'shop' : 'person',
    registeredDaysBefore: chance.int(20, 2600),
    simChangedDaysAgo: chance.coin(0.12) ? chance.int(1, 400) : null,
    forwarded: chance.coin(0.01),
    address: chance.coin(0.6)
      ? chance.coin(0.5)
        ? { kind: 'email', address: `customer${index}@example.com`, daysAgo: chance.int(3, 1500) }
        : { kind: 'post', address: `No. ${chance.int(1, 400)}, ${region}`, daysAgo: chance.int(3, 1500) }
      : null,
    pin: chance.coin(PIN_SHARE) ? pinOf(chance) : null,
    callsPerDay: shop ? 2.5 : 1.6 * busy,
    textsPerDay: age < 30 ? 0.7 * busy : 0.3 * busy,
    sessionsPerDay: age < 45 ? 1 : 0.4,
  }
}

/** Six digits that look like no date, run or repetition. */
function pinOf(chance: Chance): string {
  return `${chance.int(61, 99)}${chance.int(61, 99)}${chance.int(12, 58)}`
}
