import type { OfficeId, Role } from '../src/staff/staff.ts'
import { daysBetween } from './calendar.ts'
import { nameOf } from './names.ts'
import type { DemoPerson, Region } from './people.ts'
import { type Chance, createChance } from './random.ts'

/** One of the sixty who work for the demo operator. */
export interface DemoStaff {
  /** `M-17`. */
  readonly deskName: string
  readonly name: string
  readonly role: Role
  readonly office: OfficeId
  readonly team: string
  /** Somebody whom a visitor may sign in as: on duty at any hour. */
  readonly visitor: boolean
  /** Which of the four groups of the roster. */
  readonly group: number
  /** Indexes of subscribers: the own number first, then the household's. */
  readonly numbers: readonly number[]
}

/** Hours at work in epoch ms, half open. */
export interface DemoShift {
  readonly deskName: string
  readonly from: number
  readonly until: number
}

/** The champion a visitor is: she explains the bill. */
export const THIRI = 'M-17'
/** The champion who looked for a friend. */
export const ZAW_MIN = 'M-9'

interface OfficePlan {
  readonly office: OfficeId
  readonly letter: string
  readonly region: Region
  readonly champions: number
  readonly others: readonly Role[]
}

const OFFICE_PLANS: readonly OfficePlan[] = [
  {
    office: 'yangon',
    letter: 'Y',
    region: 'Yangon',
    champions: 18,
    others: ['administrator', 'supervisor', 'privacy-officer', 'supervisor', 'investigator', 'auditor'],
  },
  {
    office: 'mandalay',
    letter: 'M',
    region: 'Mandalay',
    champions: 17,
    others: ['administrator', 'supervisor', 'supervisor', 'investigator'],
  },
  {
    office: 'naypyitaw',
    letter: 'N',
    region: 'Naypyitaw',
    champions: 8,
    others: [
      'administrator',
      'supervisor',
      'privacy-officer',
      'counsel',
      'regulator-officer',
      'supervisor',
      'regulator-officer',
    ],
  },
]

/** People whom the story names; desk name to name. */
const NAMED: Readonly<Record<string, string>> = {
  [THIRI]: 'Thiri',
  [ZAW_MIN]: 'Zaw Min',
  'M-2': 'Kyaw Thura',
  'M-3': 'Nilar Win',
  'M-6': 'Ei Phyu',
  'Y-1': 'Aung Naing Oo',
  'Y-3': 'Sandar Myint',
  'Y-6': 'Htet Lin',
  'Y-8': 'Su Mon Aye',
  'N-4': 'Myat Thida',
  'N-5': 'Ye Htun',
  'N-7': 'Hla Hla Win',
}
/** Whom a visitor may be; one of each role, and a second champion for a second word. */
const VISITORS = new Set([THIRI, 'M-6', 'M-2', 'Y-2', 'Y-3', 'Y-1', 'Y-5', 'Y-6', 'N-1', 'N-4', 'N-5', 'N-7'])

/** Makes the sixty; their own and household's numbers are subscribers of the same region. */
export function makeStaff(seed: string, people: readonly DemoPerson[]): DemoStaff[] {
  const chance = createChance(seed, 'staff')
  return OFFICE_PLANS.flatMap((plan) => {
    const homes = householdsIn(chance, people, plan.region)
    const roles: Role[] = [...plan.others, ...new Array<Role>(plan.champions).fill('champion')]
    return roles.map((role, at) => {
      const deskName = `${plan.letter}-${at + 1}`
      const woman = chance.coin(0.6)
      const made = nameOf(chance, { woman, age: chance.int(23, 55) }).latn
      return {
        deskName,
        name: NAMED[deskName] ?? made,
        role,
        office: plan.office,
        team:
          role === 'champion' || role === 'supervisor'
            ? `${plan.office}-${at % 2 === 0 ? 'a' : 'b'}`
            : plan.office,
        visitor: VISITORS.has(deskName),
        group: at % 4,
        numbers: homes[at]!.slice(0, 3).map((person) => person.index),
      }
    })
  })
}

function householdsIn(chance: Chance, people: readonly DemoPerson[], region: Region): DemoPerson[][] {
  const members = people.filter((person) => person.index >= 2 && person.region === region)
  const adults = [...Map.groupBy(members, (person) => person.household).values()]
    .map((home) => [...home].sort((a, b) => a.age - b.age || a.index - b.index))
    .filter((home) => home.some(({ age }) => age >= 20 && age < 60))
    .map((home) => [home.find(({ age }) => age >= 20 && age < 60)!, ...home])
    .map((home) => home.filter((person, at) => at === 0 || person !== home[0]))
  return chance.shuffle(adults)
}

const HOUR_MS = 3_600_000
/** Local hours at which early, late and night begin, each a quarter longer than eight hours for the handover. */
const SHIFT_STARTS = [7, 15, 23]
const SHIFT_MS = 8.25 * HOUR_MS
const VISITOR_DAYS_AHEAD = 400
const DAYS_AHEAD = 60

/**
 * Shifts from `from` (epoch seconds) until 60 days after `now` (ms). Four groups take turns (early, late, night,
 * free), so that every office has somebody at every hour. Whom visitors sign in as have two long shifts on every
 * day for more than a year, so that the demo works at three in the morning too.
 */
export function makeRoster(staff: readonly DemoStaff[], from: number, now: number): DemoShift[] {
  const until = now / 1000 + VISITOR_DAYS_AHEAD * 86_400
  return daysBetween(from, until).flatMap((day, at) => {
    const midnight = day.from * 1000
    return staff.flatMap(({ deskName, group, visitor }) => {
      if (visitor) {
        return [0, 12].map((hour) => ({
          deskName,
          from: midnight + hour * HOUR_MS,
          until: midnight + (hour + 12) * HOUR_MS,
        }))
      }
      const turn = (at + group) % 4
      if (turn === 3 || midnight > now + DAYS_AHEAD * 24 * HOUR_MS) return []
      const start = midnight + SHIFT_STARTS[turn]! * HOUR_MS
      return [{ deskName, from: start, until: start + SHIFT_MS }]
    })
  })
}
