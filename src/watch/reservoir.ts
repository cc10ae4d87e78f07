import { OWN_HISTORY_MS } from './rules.ts'

/**
 * The scores of up to 4,096 earlier looks of a peer group, against which a new look's are ranked. A conformal p is
 * (1 + how many reach it) / (1 + how many there are), and leaves out the person's own last 30 days, so that nobody's
 * habit excuses itself; confirmed misuse is taken out. Which looks stay is drawn from the looks' own names, so the
 * same log always keeps the same. Pure.
 */
export interface Kept {
  readonly look: string
  readonly employee: number
  readonly at: number
  /** Look, pair, ring, employee, and all together. */
  readonly values: readonly number[]
}

export const CAPACITY = 4_096
const LEVELS = 5
const TAIL = 64
/** Where all together stands. */
export const TOTAL = 4

/** The places of a person's own looks of the last 30 days, which are left out when that person is compared. */
export type Own = readonly number[]

export class Reservoir {
  readonly #looks: string[] = []
  readonly #employees: number[] = []
  readonly #times = new Float64Array(CAPACITY)
  /** The values of each place side by side. */
  readonly #values = new Float64Array(CAPACITY * LEVELS)
  readonly #slotOf = new Map<string, number>()
  readonly #ofEmployee = new Map<number, number[]>()
  readonly #sorted = Array.from({ length: LEVELS }, () => new Float64Array(CAPACITY))

  constructor(kept: readonly Kept[] = []) {
    for (const one of kept) this.#add(one)
  }

  get size(): number {
    return this.#looks.length
  }

  /** All that is kept, in its order. */
  kept(): readonly Kept[] {
    return this.#looks.map((_, slot) => this.#keptAt(slot))
  }

  /** What to leave out for a look of this person at this moment; holds until something is offered or taken out. */
  ownOf(employee: number, at: number): Own {
    const since = at - OWN_HISTORY_MS
    const own: number[] = []
    const slots = this.#ofEmployee.get(employee)
    if (slots !== undefined)
      for (let i = 0; i < slots.length; i += 1) if (this.#times[slots[i]!]! >= since) own.push(slots[i]!)
    return own
  }

  /** The rank of one value among others' at a level: a p-value. What is nothing is reached by all. */
  rank(level: number, value: number, own: Own): number {
    if (value === 0 && level !== TOTAL) return 1
    let reach = this.size - firstAtLeast(this.#sorted[level]!, this.size, value)
    for (let i = 0; i < own.length; i += 1) if (this.#values[own[i]! * LEVELS + level]! >= value) reach -= 1
    return (1 + reach) / (1 + this.size - own.length)
  }

  /**
   * As {@link rank}, and finer where few reach: between two of the highest 64 values it is read off in proportion, so
   * that 1 in 1,000 is kept whatever the number of others, and not the next lower whole rank; above the highest it falls
   * as the highest 64 fell (exponentially), so that the order at the top is not lost in equal ranks.
   */
  tail(level: number, value: number, own: Own): number {
    const p = this.rank(level, value, own)
    const others = this.size - own.length
    const reach = Math.round(p * (1 + others)) - 1
    if (this.size < 4 * TAIL || reach >= TAIL) return p
    const highest = this.#highestOfOthers(level, own)
    if (highest.length < TAIL) return p
    const above = highest[reach - 1]
    if (above !== undefined) return (reach + (above - value) / (above - highest[reach]!)) / (1 + others)
    const from = highest.at(-1)!
    const excess = highest.reduce((sum, one) => sum + one - from, 0)
    return excess <= 0 ? p : Math.exp((-(value - highest[0]!) * TAIL) / excess) / (1 + others)
  }

  /** The highest 64 values of a level among others. */
  #highestOfOthers(level: number, own: Own): number[] {
    const left = own.map((slot) => this.#values[slot * LEVELS + level]!).sort((a, b) => b - a)
    const sorted = this.#sorted[level]!
    const highest: number[] = []
    let skipped = 0
    for (let i = this.size - 1; i >= 0 && highest.length < TAIL; i -= 1) {
      if (left[skipped] === sorted[i]) skipped += 1
      else highest.push(sorted[i]!)
    }
    return highest
  }

  /**
   * Offers a look; `groupLooks` is how many looks the group had lately, of which all are equally likely to stay.
   */
  offer(kept: Kept, groupLooks: number): void {
    if (this.size < CAPACITY) this.#add(kept)
    else if (hash(kept.look, 1) * groupLooks <= CAPACITY)
      this.#replace(Math.floor(hash(kept.look, 2) * CAPACITY), kept)
  }

  /** Puts a look's newer scores in the place of its older ones, if it is kept. */
  amend(kept: Kept): void {
    const slot = this.#slotOf.get(kept.look)
    if (slot !== undefined) this.#replace(slot, kept)
  }

  /** Takes out those of one person that this says yes to: confirmed misuse. */
  remove(employee: number, is: (kept: Kept) => boolean): void {
    const wrong = (this.#ofEmployee.get(employee) ?? []).map((slot) => this.#keptAt(slot)).filter(is)
    for (const kept of wrong) this.#removeSlot(this.#slotOf.get(kept.look)!)
  }

  #keptAt(slot: number): Kept {
    return {
      look: this.#looks[slot]!,
      employee: this.#employees[slot]!,
      at: this.#times[slot]!,
      values: [...this.#values.subarray(slot * LEVELS, (slot + 1) * LEVELS)],
    }
  }

  #add(kept: Kept): void {
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const at = firstAtLeast(sorted, this.size, kept.values[level]!)
      sorted.copyWithin(at + 1, at, this.size)
      sorted[at] = kept.values[level]!
    }
    this.#put(this.size, kept)
  }

  #replace(slot: number, kept: Kept): void {
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const old = this.#values[slot * LEVELS + level]!
      const value = kept.values[level]!
      if (old === value) continue
      const from = firstAtLeast(sorted, this.size, old)
      const to = firstAtLeast(sorted, this.size, value)
      if (to > from) sorted.copyWithin(from, from + 1, to)
      else sorted.copyWithin(to + 1, to, from)
      sorted[to > from ? to - 1 : to] = value
    }
    this.#leave(slot)
    this.#put(slot, kept)
  }

  /** The last look takes the place of the one that goes. */
  #removeSlot(slot: number): void {
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const at = firstAtLeast(sorted, this.size, this.#values[slot * LEVELS + level]!)
      sorted.copyWithin(at, at + 1, this.size)
    }
    const lastSlot = this.size - 1
    const last = this.#keptAt(lastSlot)
    this.#leave(slot)
    if (slot !== lastSlot) {
      this.#leave(lastSlot)
      this.#put(slot, last)
    }
    this.#looks.pop()
    this.#employees.pop()
  }

  #put(slot: number, kept: Kept): void {
    const { look, employee, at, values } = kept
    this.#looks[slot] = look
    this.#employees[slot] = employee
    this.#times[slot] = at
    for (let level = 0; level < LEVELS; level += 1) this.#values[slot * LEVELS + level] = values[level]!
    this.#slotOf.set(look, slot)
    const own = this.#ofEmployee.get(employee)
    if (own === undefined) this.#ofEmployee.set(employee, [slot])
    else own.push(slot)
  }

  #leave(slot: number): void {
    this.#slotOf.delete(this.#looks[slot]!)
    const own = this.#ofEmployee.get(this.#employees[slot]!)!
    own.splice(own.indexOf(slot), 1)
  }
}

function firstAtLeast(sorted: Float64Array, size: number, value: number): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** A number in [0, 1) that a look's name gives: FNV-1a with a last stir (murmur3's finish). */
export function hash(text: string, salt: number): number {
  let h = 0x811c9dc5 ^ salt
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296
}
