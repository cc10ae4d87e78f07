import type { Question, Resolution } from '../src/care/schemas.ts'
import { daysBetween } from './calendar.ts'
import type { DemoWorld } from './calls.ts'
import { OFFSET_SECONDS } from './operator.ts'
import type { DemoPerson } from './people.ts'
import { type Chance, createChance } from './random.ts'
import { type DemoShift, type DemoStaff, makeRoster, makeStaff, ZAW_MIN } from './staff.ts'

/** How the customer showed who she is. `line`: our network vouches for the call; `nothing`: she could not. */
export type Shown = 'line' | 'code' | 'line-and-pin' | 'photo-id' | 'nothing'

/** A contact of the past as it is going to happen. */
export interface PlannedContact {
  /** Epoch ms. */
  readonly at: number
  readonly deskName: string
  /** Index of the subscriber. */
  readonly customer: number
  readonly channel: 'call' | 'shop'
  readonly shown: Shown
  /** `2026-08`. */
  readonly month: string
  readonly question: Question
  /** Pages of rows that are looked at after the bill; 0 for none. */
  readonly pages: number
  readonly statement: boolean
  readonly resolution: Resolution
  readonly note: string
  readonly minutes: number
}

/** Everything that the demo's past is made of, besides calls. */
export interface DemoPast {
  readonly staff: readonly DemoStaff[]
  readonly roster: readonly DemoShift[]
  readonly contacts: readonly PlannedContact[]
  /** When the second version of the rules for callers came into force, epoch ms; after the bad look. */
  readonly rulesChangedAt: number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Contacts a day, Sunday first. */
const A_DAY = [2, 5, 4, 4, 4, 5, 3]
const BAD_LOOK_DAYS_AGO = 16
const RULES_CHANGED_DAYS_AGO = 9

/**
 * Plans the past from the second month on: honest contacts on every day, about bills that were complete by then,
 * each by somebody on shift; and the bad look. Nobody is contacted twice, and nobody looks at a colleague.
 */
export function planPast(world: DemoWorld): DemoPast {
  const staff = makeStaff(world.seed, world.people)
  const roster = makeRoster(staff, world.months[0].from, world.now)
  const bad = badLook(world, roster)
  const rulesChangedAt = Math.max(world.now - RULES_CHANGED_DAYS_AGO * DAY_MS, bad.at + DAY_MS)
  const honest = honestContacts(world, staff, roster, rulesChangedAt)
  const apart = honest.filter((contact) => Math.abs(contact.at - bad.at) > HOUR_MS)
  return { staff, roster, contacts: [...apart, bad].sort((a, b) => a.at - b.at), rulesChangedAt }
}

/**
 * The look that the product exists for: a champion in Mandalay says that a Yangon customer stands at the counter
 * with her identity card, and reads her whole month. No call, no visit; under the first rules his word was enough.
 */
function badLook(world: DemoWorld, roster: readonly DemoShift[]): PlannedContact {
  const from = Math.floor(world.now / 1000) - BAD_LOOK_DAYS_AGO * 86_400
  const start = Math.floor((from + OFFSET_SECONDS) / 86_400) * 86_400 - OFFSET_SECONDS
  const at = daysBetween(start, start + 6 * 86_400)
    .flatMap(({ from: midnight }) => [10.7, 16.4].map((hour) => midnight * 1000 + hour * HOUR_MS))
    .find((moment) => onShift(roster, moment).has(ZAW_MIN))!
  return {
    at,
    deskName: ZAW_MIN,
    customer: 1,
    channel: 'shop',
    shown: 'photo-id',
    month: monthBefore(at),
    question: 'higher',
    pages: 20,
    statement: false,
    resolution: 'explained',
    note: 'Customer at the counter, asked why the bill is higher. Explained.',
    minutes: 14,
  }
}

function honestContacts(
  world: DemoWorld,
  staff: readonly DemoStaff[],
  roster: readonly DemoShift[],
  rulesChangedAt: number,
): PlannedContact[] {
  const chance = createChance(world.seed, 'contacts')
  const champions = staff.filter(({ role }) => role === 'champion')
  const customers = customersOf(world, staff, chance)
  const until = world.now - 2 * HOUR_MS
  return daysBetween(world.months[1].from, until / 1000).flatMap((day) => {
    const moments = Array.from({ length: A_DAY[day.weekday]! }, (_, at, all = A_DAY[day.weekday]!) => {
      const slot = (13 * HOUR_MS) / all
      return Math.round(day.from * 1000 + 8 * HOUR_MS + (at + 0.7 * chance.next()) * slot)
    })
    return moments
      .filter((at) => at < until)
      .flatMap((at) => {
        const present = onShift(roster, at)
        const champion = chance.pick(champions.filter(({ deskName }) => present.has(deskName)))
        const person = customers.next(champion)
        return person === null ? [] : [contactOf(chance, { at, champion, person, rulesChangedAt })]
      })
  })
}

interface Meeting {
  readonly at: number
  readonly champion: DemoStaff
  readonly person: DemoPerson
  readonly rulesChangedAt: number
}

function contactOf(chance: Chance, { at, champion, person, rulesChangedAt }: Meeting): PlannedContact {
  const shown = shownBy(chance, person, at < rulesChangedAt)
  const knows = shown === 'line-and-pin' || shown === 'photo-id'
  const question = chance.pick<Question>(['higher', 'higher', 'higher', 'one-charge', 'data', 'not-mine'])
  const statement = knows && chance.coin(0.2)
  return {
    at,
    deskName: champion.deskName,
    customer: person.index,
    channel: shown === 'photo-id' ? 'shop' : 'call',
    shown,
    month: monthBefore(at),
    question,
    pages: knows ? chance.pick([1, 1, 1, 2, 2, 4]) : 0,
    statement,
    resolution: shown === 'nothing' ? 'not-verified' : statement ? 'statement-sent' : 'explained',
    note: shown === 'nothing' ? chance.pick(NOT_VERIFIED_NOTES) : chance.pick(NOTES[question]),
    minutes: chance.int(3, 11),
  }
}

const NOTES: Record<Question, readonly string[]> = {
  higher: [
    'Asked why the bill is higher than last month. Named the two dearest days.',
    'ယခင်လထက် ဘာကြောင့်ပိုများသလဲ မေးသည်။ အကုန်ကျဆုံးရက်များကို ပြောပြခဲ့သည်။',
    'Calls to other networks during a trip. She remembered.',
  ],
  'one-charge': ['Asked about one charge; it was a begun minute.', 'ကျသင့်ငွေတစ်ခုအကြောင်း မေးသည်။ ရှင်းပြပြီး။'],
  data: ['Data without a pack. Told about the 1 GiB pack.', 'ဒေတာအစီအစဉ်အကြောင်း ရှင်းပြခဲ့သည်။'],
  roaming: ['Calls abroad explained.'],
  'number-appears': ['Asked whether a number is on the bill.'],
  'not-mine': [
    'Did not remember a call; a child had used the phone.',
    'Agreed after hearing the time of day.',
  ],
}
const NOT_VERIFIED_NOTES = [
  'Could not read out the code. Asked to call again from the phone itself.',
  'ကုဒ်မဖတ်နိုင်ပါ။ မိမိဖုန်းမှ ပြန်ခေါ်ရန် ပြောခဲ့သည်။',
]

/** Under the second rules a visit needs a shop's device and a colleague; the past's visits end with the first. */
function shownBy(chance: Chance, person: DemoPerson, oldRules: boolean): Shown {
  if (person.pin !== null) return 'line-and-pin'
  const at = chance.next()
  if (at < 0.14 && oldRules) return 'photo-id'
  if (at < 0.2) return 'nothing'
  return at < 0.4 ? 'code' : 'line'
}

/** Customers who may be met, each once: no staff, no fresh SIM, nobody of the story. People of the region first. */
function customersOf(world: DemoWorld, staff: readonly DemoStaff[], chance: Chance) {
  const close = new Set(staff.flatMap(({ numbers }) => numbers))
  const free = world.people.filter(
    (person) =>
      person.index >= 2 &&
      !close.has(person.index) &&
      !person.forwarded &&
      person.kind === 'person' &&
      (person.simChangedDaysAgo === null || person.simChangedDaysAgo > 120),
  )
  const withPin = chance.shuffle(free.filter(({ pin }) => pin !== null))
  const byRegion = Map.groupBy(chance.shuffle(free.filter(({ pin }) => pin === null)), ({ region }) => region)
  return {
    next(champion: DemoStaff): DemoPerson | null {
      if (chance.coin(0.07) && withPin.length > 0) return withPin.pop()!
      const near = REGION_OF[champion.office]
      const region = chance.coin(0.8) ? near : chance.pick([...byRegion.keys()])
      return byRegion.get(region)?.pop() ?? null
    },
  }
}

const REGION_OF = { yangon: 'Yangon', mandalay: 'Mandalay', naypyitaw: 'Naypyitaw' } as const

/** Desk names of whoever is at work then. */
function onShift(roster: readonly DemoShift[], at: number): Set<string> {
  return new Set(roster.filter(({ from, until }) => from <= at && at < until).map(({ deskName }) => deskName))
}

/** The last local month that was complete at `at` (epoch ms). */
function monthBefore(at: number): string {
  const local = new Date(at + OFFSET_SECONDS * 1000)
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
}
