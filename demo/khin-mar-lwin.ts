import { daysBetween, type LocalMonth } from './calendar.ts'
import { cellOf, type DemoWorld, hourOf, type Use } from './calls.ts'
import { otherMobile, PREMIUM_LINE, switchText } from './network.ts'
import type { DemoPerson } from './people.ts'
import { type Chance, createChance } from './random.ts'
import { chargeOf, type TariffCategory } from './tariffs.ts'

/** What a month of the story is made of; minutes, texts and MiB are billed units, so the sums are exact. */
interface MonthPlan {
  readonly ownMinutes: number
  readonly ownCalls: number
  readonly ownTexts: number
  readonly otherMinutes: number
  readonly otherCalls: number
  readonly otherTexts: number
  readonly abroadMinutes: number
  readonly mebibytes: number
  readonly sessions: number
  readonly incoming: number
}

/**
 * The month that she asks about, without the calls written below: with them 2,950 Ks own network, 1,870 other
 * mobile, 180 abroad, 1,500 data, and 12,400 to the premium line; 18,900 Ks in 311 rows.
 */
const STORY_MONTH: MonthPlan = {
  ownMinutes: 137,
  ownCalls: 57,
  ownTexts: 10,
  otherMinutes: 67,
  otherCalls: 28,
  otherTexts: 8,
  abroadMinutes: 1,
  mebibytes: 250,
  sessions: 38,
  incoming: 160,
}

/** The month before: about half as much in money, and nothing unusual in it. */
const USUAL_MONTH: MonthPlan = {
  ownMinutes: 171,
  ownCalls: 66,
  ownTexts: 12,
  otherMinutes: 92,
  otherCalls: 34,
  otherTexts: 6,
  abroadMinutes: 2,
  mebibytes: 480,
  sessions: 52,
  incoming: 148,
}

/** Seven calls to the premium line on the evenings of the 14th and 15th: 12,400 Ks. Local time and length. */
const PREMIUM_CALLS: readonly (readonly [day: number, at: string, length: string])[] = [
  [14, '19:02:00', '8:02'],
  [14, '19:11:40', '5:31'],
  [14, '19:20:05', '9:47'],
  [14, '21:05:12', '6:20'],
  [15, '18:55:31', '11:20'],
  [15, '19:31:00', '3:41'],
  [15, '20:10:26', '2:33'],
]

/** The rows between them: to another mobile and to her own network, three begun minutes each. */
const MORNING_AND_EVENING: readonly (readonly [day: number, at: string, length: string, category: string])[] =
  [
    [15, '08:14:00', '3:00', 'other-mobile'],
    [15, '18:30:12', '2:10', 'own-network'],
  ]

/** Everything that the two people of the story did and got, in all months. */
export function scriptedUses(world: DemoWorld, tariffs: Map<string, TariffCategory>): Use[] {
  return world.people.slice(0, 2).flatMap((person) => {
    const chance = createChance(world.seed, `story ${person.index}`)
    const circle = friendsOf(world, chance)
    return world.months.flatMap((month, at) => {
      const plan = person.index === 0 && at === 1 ? STORY_MONTH : USUAL_MONTH
      const script: Script = { world, person, chance, circle, month, tariffs }
      return [...monthUses(script, plan), ...(plan === STORY_MONTH ? storyUses(script) : [])]
    })
  })
}

interface Friends {
  readonly own: readonly DemoPerson[]
  readonly other: readonly string[]
  readonly abroad: string
}

interface Script {
  readonly world: DemoWorld
  readonly person: DemoPerson
  readonly chance: Chance
  readonly circle: Friends
  readonly month: LocalMonth
  readonly tariffs: Map<string, TariffCategory>
}

function friendsOf(world: DemoWorld, chance: Chance): Friends {
  const neighbours = world.people.filter((other) => other.index >= 2 && other.region === 'Yangon')
  return {
    own: chance.shuffle(neighbours).slice(0, 14),
    other: Array.from({ length: 9 }, () => otherMobile(chance)),
    abroad: '+6591234501',
  }
}

function monthUses(script: Script, plan: MonthPlan): Use[] {
  const { chance, circle } = script
  const own = () => switchText(zipf(chance, circle.own).number)
  const other = () => zipf(chance, circle.other)
  return [
    ...split(chance, plan.ownMinutes, plan.ownCalls).map((m) => call(script, own(), 'own-network', m)),
    ...split(chance, plan.otherMinutes, plan.otherCalls).map((m) => call(script, other(), 'other-mobile', m)),
    call(script, circle.abroad, 'abroad', plan.abroadMinutes),
    ...times(plan.ownTexts, () => text(script, own(), 'own-network')),
    ...times(plan.otherTexts, () => text(script, other(), 'other-mobile')),
    ...split(chance, plan.mebibytes, plan.sessions).map((mebibytes) => dataSession(script, mebibytes)),
    ...times(plan.incoming, () => incoming(script)),
  ]
}

function storyUses(script: Script): Use[] {
  const at = (day: number, time: string) => {
    const [hours, minutes, seconds] = time.split(':').map(Number)
    return script.month.from + (day - 1) * 86_400 + hours! * 3600 + minutes! * 60 + seconds!
  }
  const length = (text: string) => {
    const [minutes, seconds] = text.split(':').map(Number)
    return minutes! * 60 + seconds!
  }
  const { own, other } = script.circle
  return [
    ...PREMIUM_CALLS.map(([day, time, lasted]) =>
      outgoing(script, 'voice', PREMIUM_LINE, 'premium', at(day, time), length(lasted)),
    ),
    ...MORNING_AND_EVENING.map(([day, time, lasted, category]) => {
      const called = category === 'own-network' ? switchText(own[0]!.number) : other[0]!
      return outgoing(script, 'voice', called, category, at(day, time), length(lasted))
    }),
  ]
}

function call(script: Script, called: string, category: string, minutes: number): Use {
  const seconds = minutes * 60 - script.chance.int(0, 50)
  return outgoing(script, 'voice', called, category, quietMoment(script), seconds)
}

function text(script: Script, called: string, category: string): Use {
  return outgoing(script, 'sms', called, category, quietMoment(script), 0)
}

function dataSession(script: Script, mebibytes: number): Use {
  const bytes = mebibytes * 1_048_576 - script.chance.int(0, 900_000)
  return {
    ...outgoing(script, 'data', '', 'data', quietMoment(script), script.chance.int(60, 2400), bytes),
    calledCell: '',
  }
}

function outgoing(
  script: Script,
  kind: Use['kind'],
  called: string,
  category: string,
  start: number,
  seconds: number,
  bytes = 0,
): Use {
  const hour = hourOf(start)
  const tariff = script.tariffs.get(category)!
  return {
    kind,
    caller: switchText(script.person.number),
    called,
    start,
    seconds,
    bytes,
    answered: true,
    callerCell: cellOf(script.person, hour),
    calledCell: '',
    chargeMilli: chargeOf(tariff, { kind, seconds, bytes, hour }),
    category,
  }
}

/** Somebody calls or texts her; a call from our network costs its caller, and she may miss it. */
function incoming(script: Script): Use {
  const { chance, circle, person, tariffs } = script
  const start = quietMoment(script)
  const hour = hourOf(start)
  const friend = chance.coin(0.6) ? zipf(chance, circle.own) : null
  const kind = chance.coin(0.75) ? 'voice' : 'sms'
  const answered = kind === 'sms' || !chance.coin(0.15)
  const seconds = kind === 'sms' || !answered ? 0 : chance.int(8, 500)
  const category = friend === null ? 'other-mobile' : 'own-network'
  const charge = answered ? chargeOf(tariffs.get(category)!, { kind, seconds, bytes: 0, hour }) : 0
  return {
    kind,
    caller: friend === null ? zipf(chance, circle.other) : switchText(friend.number),
    called: switchText(person.number),
    start,
    seconds,
    bytes: 0,
    answered,
    callerCell: friend === null ? '' : cellOf(friend, hour),
    calledCell: cellOf(person, hour),
    chargeMilli: friend === null ? null : charge,
    category,
  }
}

/** Any moment from seven to ten, but not on the evenings that the story needs for itself. */
function quietMoment({ chance, month }: Script): number {
  const days = daysBetween(month.from, month.until)
  for (;;) {
    const at = chance.int(0, days.length - 1)
    const second = chance.int(7 * 3600, 22 * 3600)
    const evening = (at === 13 || at === 14) && second > 17 * 3600
    if (!evening) return month.from + at * 86_400 + second
  }
}

/** `total` as `parts` whole numbers of one or more. */
function split(chance: Chance, total: number, parts: number): number[] {
  const pieces = new Array<number>(parts).fill(1)
  for (let left = total - parts; left > 0; left -= 1)
    pieces[Math.min(chance.int(0, parts - 1), chance.int(0, parts - 1))]! += 1
  return pieces
}

function zipf<T>(chance: Chance, list: readonly T[]): T {
  return list[Math.floor(list.length * chance.next() * chance.next())]!
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}
