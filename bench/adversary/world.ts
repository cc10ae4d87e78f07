import { type Chance, createChance } from './random.ts'

/**
 * A telecom operator that does not exist: offices, people at work, customers, households, who calls whom. Nothing
 * here knows how looks are judged; this folder imports nothing from `src`.
 */

export type OfficeKind = 'call-centre' | 'shop' | 'back-office'
export type Shift = 'day' | 'evening'

export interface Office {
  readonly id: string
  readonly kind: OfficeKind
  readonly region: number
}

export interface Agent {
  readonly id: string
  readonly office: Office
  readonly role: 'champion' | 'supervisor' | 'specialist'
  readonly shift: Shift
  /** The agent's own number: a customer like others. */
  readonly line: number
  /** Days of the week, 0 to 6, on which they work. */
  readonly days: readonly number[]
  /** Contacts on a working day, in the middle. */
  readonly pace: number
  /** Share of notes that are copied from their own earlier ones. */
  readonly copies: number
  /** Of contacts: how much the agent forgets to register, relative to others. */
  readonly sloppiness: number
}

export interface Customer {
  readonly region: number
  /** Household or company; null for a single. */
  readonly account: number | null
  readonly flag: 'vip' | 'journalist' | 'protected' | null
  /** Customers who call each other often. */
  readonly ties: number[]
}

export interface WorldSize {
  readonly agents: number
  readonly days: number
  readonly customers: number
}

/** About 220,000 looks. */
export const WHOLE: WorldSize = { agents: 320, days: 60, customers: 40_000 }

export interface World {
  readonly seed: string
  readonly size: WorldSize
  readonly agents: readonly Agent[]
  readonly customers: readonly Customer[]
  /** Customers of each region. */
  readonly byRegion: readonly (readonly number[])[]
}

/** Midnight of the first day, epoch seconds UTC; a Monday. */
export const FIRST_DAY = Date.UTC(2026, 5, 1) / 1000
export const DAY = 86_400
const REGIONS = 4

/** Builds everybody. */
export function makeWorld(seed: string, size: WorldSize): World {
  const customers = makeCustomers(createChance(seed, 'customers'), size)
  const byRegion = Array.from({ length: REGIONS }, (_, region) =>
    customers.flatMap((customer, at) => (customer.region === region ? [at] : [])),
  )
  return { seed, size, agents: makeAgents(seed, size, byRegion), customers, byRegion }
}

function makeCustomers(chance: Chance, { customers: count }: WorldSize): Customer[] {
  const customers: Customer[] = []
  for (let account = 0; customers.length < count; account += 1) {
    const region = chance.int(0, REGIONS - 1)
    const members = chance.coin(0.7) ? 1 : chance.coin(0.9) ? chance.int(2, 4) : chance.int(5, 14)
    for (let i = 0; i < members && customers.length < count; i += 1) {
      const flag = chance.coin(0.006) ? chance.pick(['vip', 'journalist', 'protected'] as const) : null
      customers.push({ region, account: members === 1 ? null : account, flag, ties: [] })
    }
  }
  // Friends live near each other: half of all ties are to a neighbour in the list, the rest anywhere in the region.
  for (let at = 0; at < count; at += 1) {
    for (let i = chance.poisson(1.6); i > 0; i -= 1) {
      const near = Math.min(count - 1, Math.max(0, at + chance.int(-30, 30)))
      const other = chance.coin(0.6) ? near : chance.int(0, count - 1)
      if (other === at || customers[at]!.ties.includes(other)) continue
      customers[at]!.ties.push(other)
      customers[other]!.ties.push(at)
    }
  }
  return customers
}

function makeAgents(seed: string, size: WorldSize, byRegion: readonly (readonly number[])[]): Agent[] {
  const chance = createChance(seed, 'agents')
  const offices: { office: Office; share: number }[] = [
    { office: { id: 'cc-1', kind: 'call-centre', region: 0 }, share: 0.33 },
    { office: { id: 'cc-2', kind: 'call-centre', region: 1 }, share: 0.27 },
    ...Array.from({ length: 8 }, (_, i) => ({
      office: { id: `shop-${i + 1}`, kind: 'shop' as const, region: i % REGIONS },
      share: 0.04,
    })),
    { office: { id: 'back-1', kind: 'back-office', region: 0 }, share: 0.08 },
  ]
  return offices.flatMap(({ office, share }) =>
    Array.from({ length: Math.round(size.agents * share) }, (_, i): Agent => {
      const supervisor = office.kind !== 'back-office' && i % 12 === 0
      const off = chance.int(0, 6)
      return {
        id: `${office.id}-${i + 1}`,
        office,
        role: office.kind === 'back-office' ? 'specialist' : supervisor ? 'supervisor' : 'champion',
        shift: office.kind === 'call-centre' && i % 5 >= 3 ? 'evening' : 'day',
        line: chance.pick(byRegion[office.region]!),
        days: [0, 1, 2, 3, 4, 5, 6].filter((day) => day !== off && day !== (off + 3) % 7),
        pace: supervisor ? 6 : { 'call-centre': 19, shop: 11, 'back-office': 12 }[office.kind],
        copies: chance.next() ** 3 * 0.5,
        sloppiness: Math.min(3, chance.around(0.8, 0.5)),
      }
    }),
  )
}
