import { daysBetween, demoMonths, type LocalDay, type LocalMonth, localText } from './calendar.ts'
import { scriptedUses } from './khin-mar-lwin.ts'
import { type Circle, drawContact, makeNetwork, switchText } from './network.ts'
import { OFFSET_SECONDS } from './operator.ts'
import { type DemoPerson, makePeople, type Region } from './people.ts'
import { type Chance, createChance } from './random.ts'
import { chargeOf, readDemoTariffs, type TariffCategory } from './tariffs.ts'

/** One use of the network as the demo's switch writes it down; the line of a file. */
export interface Use {
  readonly kind: 'voice' | 'sms' | 'data'
  readonly caller: string
  /** Empty for data. */
  readonly called: string
  /** Epoch seconds. */
  readonly start: number
  readonly seconds: number
  readonly bytes: number
  readonly answered: boolean
  readonly callerCell: string
  readonly calledCell: string
  /** Null where the caller is not ours, so that nothing is charged. */
  readonly chargeMilli: number | null
  readonly category: string
}

/** A day's file, as the switch delivers it. */
export interface CallFile {
  /** `ayeyar-2026-08-14.csv`. */
  readonly name: string
  readonly text: string
  readonly lines: number
}

/** Everybody and their circles, made once and then asked for day after day. */
export interface DemoWorld {
  readonly seed: string
  readonly now: number
  readonly people: readonly DemoPerson[]
  readonly months: readonly [LocalMonth, LocalMonth, LocalMonth]
  readonly circles: readonly Circle[]
}

/** The header line of every file; `maps/ayeyar-mobile.json` reads it. */
export const FILE_HEADER =
  'reference,kind,caller,called,start,seconds,bytes,answered,caller_cell,called_cell,charge,tariff'

/** Makes the world. `now` in epoch ms decides which months there are; nothing else looks at it. */
export function makeWorld(seed: string, now: number): DemoWorld {
  const people = makePeople(seed)
  return { seed, now, people, months: demoMonths(now), circles: makeNetwork(seed, people) }
}

/** The files of all days from the first month until now, one after the other. Same world, same bytes. */
export function* callFiles(world: DemoWorld): Generator<CallFile> {
  const tariffs = new Map(readDemoTariffs().categories.map((category) => [category.id, category]))
  const until = Math.floor(world.now / 1000)
  const scripted = Map.groupBy(scriptedUses(world, tariffs), (use) => midnightOf(use.start))
  for (const day of daysBetween(world.months[0].from, until)) {
    const uses = [...dayUses(world, day, tariffs), ...(scripted.get(day.from) ?? [])]
      .filter((use) => use.start + use.seconds < until)
      .sort((a, b) => a.start - b.start || compareText(a.caller, b.caller) || compareText(a.called, b.called))
    const lines = uses.map((use, at) => lineOf(day, use, at + 1))
    yield { name: `ayeyar-${day.day}.csv`, text: `${FILE_HEADER}\n${lines.join('')}`, lines: lines.length }
  }
}

/** How many files `callFiles` will give. */
export function countFiles(world: DemoWorld): number {
  return daysBetween(world.months[0].from, Math.floor(world.now / 1000)).length
}

/** Epoch seconds of the local midnight before. */
function midnightOf(start: number): number {
  return Math.floor((start + OFFSET_SECONDS) / 86_400) * 86_400 - OFFSET_SECONDS
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `number` counts the uses of the day: with the day it is the switch's own reference. */
function lineOf(day: LocalDay, use: Use, number: number): string {
  const reference = `${day.day.slice(2, 4)}${day.day.slice(5, 7)}${day.day.slice(8)}${number}`
  const charge = use.chargeMilli === null ? '' : String(use.chargeMilli / 1000)
  const bytes = use.kind === 'data' ? String(use.bytes) : ''
  const seconds = use.kind === 'sms' ? '' : String(use.seconds)
  const start = localText(day, use.start)
  return `${reference},${use.kind},${use.caller},${use.called},${start},${seconds},${bytes},${use.answered ? 'yes' : 'no'},${use.callerCell},${use.calledCell},${charge},${use.category}\n`
}

/** Weight of each local hour: little at night, a peak before work, at noon and in the evening. */
const WEEKDAY = [1, 1, 1, 1, 2, 6, 14, 26, 40, 42, 38, 36, 44, 36, 32, 32, 36, 46, 58, 62, 54, 34, 14, 4]
const WEEKEND = [2, 1, 1, 1, 1, 3, 8, 16, 28, 40, 46, 46, 46, 42, 40, 40, 42, 46, 56, 62, 58, 42, 20, 7]
/** Sunday first: business calls less, family calls more on days off. */
const DAY_FACTOR = [0.86, 1.02, 1, 1, 1.02, 1.1, 1.0]
const SENDERS = ['KBZPay', 'WaveMoney', 'AyeyarInfo', 'CBBank', 'YESC']

function dayUses(world: DemoWorld, day: LocalDay, tariffs: Map<string, TariffCategory>): Use[] {
  const chance = createChance(world.seed, `calls ${day.day}`)
  const hours = cumulative(day.weekday === 0 || day.weekday === 6 ? WEEKEND : WEEKDAY)
  const factor = DAY_FACTOR[day.weekday]!
  const uses: Use[] = []
  for (const person of world.people) {
    if (person.index < 2) continue
    const circle = world.circles[person.index]!
    const at = () => startOf(chance, day, hours)
    if (circle.contacts.length > 0) {
      for (let calls = poisson(chance, person.callsPerDay * factor); calls > 0; calls -= 1) {
        uses.push(talk(world, chance, person, circle, at(), 'voice', tariffs))
      }
      for (let texts = poisson(chance, person.textsPerDay * factor); texts > 0; texts -= 1) {
        uses.push(talk(world, chance, person, circle, at(), 'sms', tariffs))
      }
    }
    for (let sessions = poisson(chance, person.sessionsPerDay); sessions > 0; sessions -= 1) {
      uses.push(session(chance, person, at(), tariffs))
    }
    if (chance.coin(0.1)) uses.push(senderText(chance, person, at()))
  }
  return uses
}

function talk(
  world: DemoWorld,
  chance: Chance,
  person: DemoPerson,
  circle: Circle,
  start: number,
  kind: 'voice' | 'sms',
  tariffs: Map<string, TariffCategory>,
): Use {
  const drawn = drawContact(chance, circle)
  const contact = kind === 'sms' && drawn.category === 'landline' ? circle.contacts[0]! : drawn
  const own = switchText(person.number)
  const incoming = contact.callsBack && chance.coin(0.45)
  const answered = kind === 'sms' || !chance.coin(0.13)
  const seconds = kind === 'sms' || !answered ? 0 : secondsOf(chance)
  const hour = hourOf(start)
  const far = contact.person === null ? '' : cellOf(world.people[contact.person]!, hour)
  const near = cellOf(person, hour)
  const category = tariffs.get(contact.category)!
  return {
    kind,
    caller: incoming ? contact.text : own,
    called: incoming ? own : contact.text,
    start,
    seconds,
    bytes: 0,
    answered,
    callerCell: incoming ? far : near,
    calledCell: incoming ? near : far,
    chargeMilli: incoming ? null : answered ? chargeOf(category, { kind, seconds, bytes: 0, hour }) : 0,
    category: contact.category,
  }
}

function session(
  chance: Chance,
  person: DemoPerson,
  start: number,
  tariffs: Map<string, TariffCategory>,
): Use {
  const bytes = Math.round(Math.exp(15.2 + 1.3 * chance.normal()))
  const seconds = chance.int(20, 2400)
  return {
    kind: 'data',
    caller: switchText(person.number),
    called: '',
    start,
    seconds,
    bytes,
    answered: true,
    callerCell: cellOf(person, hourOf(start)),
    calledCell: '',
    // Every third person has a data pack: its price is not on the record.
    chargeMilli:
      person.index % 3 === 0 ? 0 : chargeOf(tariffs.get('data')!, { kind: 'data', seconds, bytes, hour: 0 }),
    category: 'data',
  }
}

function senderText(chance: Chance, person: DemoPerson, start: number): Use {
  return {
    kind: 'sms',
    caller: chance.pick(SENDERS),
    called: switchText(person.number),
    start,
    seconds: 0,
    bytes: 0,
    answered: true,
    callerCell: '',
    calledCell: cellOf(person, hourOf(start)),
    chargeMilli: null,
    category: 'service',
  }
}

const CELL_LETTERS: Record<Region, string> = {
  Yangon: 'YGN',
  Mandalay: 'MDY',
  Naypyitaw: 'NPT',
  Bago: 'BGO',
  Ayeyarwady: 'AYY',
  Shan: 'SHN',
}

/** Where a person is: at home, or from nine to five where the work is. */
export function cellOf(person: DemoPerson, hour: number): string {
  const spot = hour >= 9 && hour < 17 ? person.index * 7 : person.household * 13
  return `${CELL_LETTERS[person.region]}-${String((spot % 160) + 1).padStart(3, '0')}`
}

/** Local hour of an instant in epoch seconds. */
export function hourOf(start: number): number {
  return Math.floor(((start + OFFSET_SECONDS) % 86_400) / 3600)
}

function startOf(chance: Chance, day: LocalDay, hours: readonly number[]): number {
  const at = chance.next() * hours[23]!
  const hour = hours.findIndex((sum) => sum > at)
  return day.from + hour * 3600 + chance.int(0, 3599)
}

/** Most calls are short, a few are long: log-normal with a median of 70 seconds. */
function secondsOf(chance: Chance): number {
  return Math.min(7200, Math.max(3, Math.round(Math.exp(4.25 + 1.05 * chance.normal()))))
}

function poisson(chance: Chance, mean: number): number {
  const limit = Math.exp(-mean)
  let product = chance.next()
  let count = 0
  while (product > limit) {
    product *= chance.next()
    count += 1
  }
  return count
}

function cumulative(weights: readonly number[]): number[] {
  let sum = 0
  return weights.map((weight) => {
    sum += weight
    return sum
  })
}
