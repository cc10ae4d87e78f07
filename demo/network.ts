import type { DemoPerson, Region } from './people.ts'
import { type Chance, createChance } from './random.ts'

/** Somebody that a person calls: one of ours, or anybody else. */
export interface Contact {
  /** As the switch writes it: `09791204412`, `+66812345678`, `1331`. */
  readonly text: string
  /** Tariff category of a call to it. */
  readonly category: string
  /** Index of the subscriber, when it is one of ours. */
  readonly person: number | null
  readonly weight: number
  /** Calls and texts come from there as well. */
  readonly callsBack: boolean
}

/** A person's circle, ready for drawing: `sums[i]` is the weight of all contacts up to `i`. */
export interface Circle {
  readonly contacts: readonly Contact[]
  readonly sums: Float64Array
}

/** The one premium line of the story: 250 Ks a minute, and 200 from nine in the evening. */
export const PREMIUM_LINE = '09255014182'
const OTHER_PREMIUM = ['09255018830', '09255020117']
const OTHER_MOBILES = ['976', '977', '996', '997', '9421', '925', '9691']
/** Mobiles in Thailand, Singapore, Malaysia, Japan and Korea, five digits short. */
const ABROAD = ['+668123', '+65912', '+601234', '+8190341', '+8210451']
const OTHER_MOBILE_NUMBERS = 2400
const AREA_CODES: Record<Region, string> = {
  Yangon: '01',
  Mandalay: '02',
  Naypyitaw: '067',
  Bago: '052',
  Ayeyarwady: '042',
  Shan: '081',
}

/** How the switch writes one of our numbers. */
export function switchText(number: string): string {
  return number.startsWith('+95') ? `0${number.slice(3)}` : number
}

/**
 * Who calls whom: households, friends of like age, workplaces, shops that everybody calls, kin in other regions,
 * people on other networks and abroad. The two people of the story are in nobody's circle: what they did is
 * written by hand, to the row.
 */
export function makeNetwork(seed: string, people: readonly DemoPerson[]): Circle[] {
  const chance = createChance(seed, 'network')
  const strangers = Array.from({ length: OTHER_MOBILE_NUMBERS }, () => otherMobile(chance))
  const graph = new Map<number, Map<number, number>>(people.map((person) => [person.index, new Map()]))
  const tie = (a: number, b: number, weight: number) => {
    if (a === b || a < 2 || b < 2) return
    graph.get(a)!.set(b, (graph.get(a)!.get(b) ?? 0) + weight)
    graph.get(b)!.set(a, (graph.get(b)!.get(a) ?? 0) + weight * (0.5 + chance.next()))
  }
  const byRegion = Map.groupBy(people, (person) => person.region)
  for (const members of Map.groupBy(people, (person) => person.household).values()) {
    for (const a of members) for (const b of members) if (a.index < b.index) tie(a.index, b.index, 6)
  }
  for (const neighbours of byRegion.values()) {
    tieFriends(chance, neighbours, tie)
    tieWorkplaces(chance, neighbours, tie)
    tieShops(chance, neighbours, tie)
  }
  for (const person of people) {
    if (chance.coin(0.5)) tie(person.index, chance.pick(people).index, 1.5)
  }
  return people.map((person) => {
    const inside = [...graph.get(person.index)!].map(([index, weight]) => ({
      text: switchText(people[index]!.number),
      category: 'own-network',
      person: index,
      weight,
      callsBack: false,
    }))
    return circleOf([...inside, ...outsideOf(chance, person, strangers)])
  })
}

type Tie = (a: number, b: number, weight: number) => void

function tieFriends(chance: Chance, neighbours: readonly DemoPerson[], tie: Tie): void {
  const byAge = [...neighbours].sort((a, b) => a.age - b.age || a.index - b.index)
  byAge.forEach((person, at) => {
    for (let rank = 1; rank <= 4; rank += 1) {
      const other = byAge[Math.min(byAge.length - 1, Math.max(0, at + Math.round(12 * chance.normal())))]!
      tie(person.index, other.index, 3 / rank)
    }
  })
}

function tieWorkplaces(chance: Chance, neighbours: readonly DemoPerson[], tie: Tie): void {
  const working = chance.shuffle(neighbours.filter(({ age }) => age >= 20 && age <= 62))
  for (let at = 0; at < working.length; ) {
    const place = working.slice(at, at + chance.int(5, 18))
    for (const person of place) {
      for (let ties = 0; ties < 3; ties += 1) tie(person.index, chance.pick(place).index, 1)
    }
    at += place.length
  }
}

function tieShops(chance: Chance, neighbours: readonly DemoPerson[], tie: Tie): void {
  const shops = neighbours.filter(({ kind }) => kind === 'shop')
  if (shops.length === 0) return
  for (const person of neighbours) {
    for (let visits = chance.int(0, 3); visits > 0; visits -= 1) {
      tie(person.index, chance.pick(shops).index, 0.4)
    }
  }
}

function outsideOf(chance: Chance, person: DemoPerson, strangers: readonly string[]): Contact[] {
  const contact = (text: string, category: string, weight: number, callsBack: boolean): Contact => ({
    text,
    category,
    person: null,
    weight,
    callsBack,
  })
  const outside: Contact[] = []
  for (let rank = chance.int(3, 8); rank > 0; rank -= 1) {
    outside.push(contact(chance.pick(strangers), 'other-mobile', 2.5 / rank, true))
  }
  if (chance.coin(0.5)) {
    const line = `${AREA_CODES[person.region]}${chance.int(200_000, 699_999)}`
    outside.push(contact(line, 'landline', 0.4, true))
  }
  if (chance.coin(0.08)) {
    outside.push(contact(`${chance.pick(ABROAD)}${chance.int(10_000, 99_999)}`, 'abroad', 0.5, true))
  }
  if (chance.coin(0.3)) outside.push(contact('1331', 'service', 0.05, false))
  if (chance.coin(0.05)) outside.push(contact('0800800123', 'toll-free', 0.1, false))
  if (chance.coin(0.015)) {
    outside.push(contact(chance.pick([PREMIUM_LINE, ...OTHER_PREMIUM]), 'premium', 0.1, false))
  }
  return outside
}

/** A mobile of another network: its prefix, then digits up to ten in all. */
export function otherMobile(chance: Chance): string {
  const prefix = chance.pick(OTHER_MOBILES)
  const digits = prefix === '9421' ? 9 : 10
  // 09 255 is our own premium range in this plan, so the 925 of another network goes on with 0.
  const head = prefix === '925' ? '9250' : prefix
  return `0${head}${String(chance.int(0, 10 ** (digits - head.length) - 1)).padStart(digits - head.length, '0')}`
}

function circleOf(contacts: readonly Contact[]): Circle {
  const sums = new Float64Array(contacts.length)
  let sum = 0
  contacts.forEach((contact, at) => {
    sum += contact.weight
    sums[at] = sum
  })
  return { contacts, sums }
}

/** Draws a contact by weight. */
export function drawContact(chance: Chance, circle: Circle): Contact {
  const at = chance.next() * circle.sums[circle.sums.length - 1]!
  let [low, high] = [0, circle.sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (circle.sums[middle]! > at) high = middle
    else low = middle + 1
  }
  return circle.contacts[low]!
}
