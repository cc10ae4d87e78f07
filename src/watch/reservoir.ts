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
const FEW = 4
/** Where all together stands. */
export const TOTAL = 4

export class Reservoir {
  readonly #slots: Kept[] = []
  readonly #slotOf = new Map<string, number>()
  readonly #ofEmployee = new Map<number, number[]>()
  readonly #sorted = Array.from({ length: LEVELS }, () => new Float64Array(CAPACITY))

  constructor(kept: readonly Kept[] = []) {
    for (const one of kept) this.#add(one)
  }

  get size(): number {
    return this.#slots.length
  }

  /** All that is kept, in its order. */
  kept(): readonly Kept[] {
    return this.#slots
  }

  /** The rank of one value among others' at a level: a p-value. What is nothing is reached by all. */
  rank(level: number, value: number, employee: number, at: number): number {
    if (value === 0 && level !== TOTAL) return 1
    const reach = this.size - firstAtLeast(this.#sorted[level]!, this.size, value)
    let own = 0
    let ownReach = 0
    const since = at - OWN_HISTORY_MS
    const slots = this.#ofEmployee.get(employee)
    if (slots !== undefined)
      for (let i = 0; i < slots.length; i += 1) {
        const kept = this.#slots[slots[i]!]!
        if (kept.at < since) continue
        own += 1
        if (kept.values[level]! >= value) ownReach += 1
      }
    return (1 + reach - ownReach) / (1 + this.size - own)
  }

  /**
   * As {@link rank}, and finer where hardly anybody reaches: above all but a few the share goes on falling as it fell
   * over the highest 64 values (exponentially), so that the order at the top is not lost in equal ranks. Never above the
   * rank, which alone says how often honest looks come as far: the curve is there to order them, and too heavy a tail
   * would halve the alerts that were promised.
   */
  tail(level: number, value: number, employee: number, at: number): number {
    const p = this.rank(level, value, employee, at)
    if (this.size < 4 * TAIL || p * (1 + this.size) > FEW) return p
    const highest = this.#highestOfOthers(level, employee, at)
    const from = highest.at(-1)!
    const others = this.others(employee, at)
    if (highest.length < TAIL) return p
    const excess = highest.reduce((sum, one) => sum + one - from, 0)
    return excess <= 0 ? p : Math.min(p, (TAIL / others) * Math.exp((-(value - from) * TAIL) / excess))
  }

  /** The highest 64 values of a level, without the person's own of the last 30 days. */
  #highestOfOthers(level: number, employee: number, at: number): number[] {
    const own = this.#ownSince(employee, at)
      .map((slot) => this.#slots[slot]!.values[level]!)
      .sort((a, b) => b - a)
    const sorted = this.#sorted[level]!
    const highest: number[] = []
    let skipped = 0
    for (let i = this.size - 1; i >= 0 && highest.length < TAIL; i -= 1) {
      if (own[skipped] === sorted[i]) skipped += 1
      else highest.push(sorted[i]!)
    }
    return highest
  }

  /** How many looks of others a look of this person is compared with. */
  others(employee: number, at: number): number {
    return this.size - this.#ownSince(employee, at).length
  }

  #ownSince(employee: number, at: number): number[] {
    const since = at - OWN_HISTORY_MS
    return (this.#ofEmployee.get(employee) ?? []).filter((slot) => this.#slots[slot]!.at >= since)
  }

  /** Offers a look; `groupLooks` is how many looks the group had lately, of which all are equally likely to stay. */
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
    const wrong = (this.#ofEmployee.get(employee) ?? []).map((slot) => this.#slots[slot]!).filter(is)
    for (const kept of wrong) this.#removeSlot(this.#slotOf.get(kept.look)!)
  }

  #add(kept: Kept): void {
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const at = firstAtLeast(sorted, this.size, kept.values[level]!)
      sorted.copyWithin(at + 1, at, this.size)
      sorted[at] = kept.values[level]!
    }
    this.#note(this.#slots.push(kept) - 1, kept)
  }

  #replace(slot: number, kept: Kept): void {
    const old = this.#slots[slot]!
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const value = kept.values[level]!
      if (old.values[level] === value) continue
      const from = firstAtLeast(sorted, this.size, old.values[level]!)
      const to = firstAtLeast(sorted, this.size, value)
      if (to > from) sorted.copyWithin(from, from + 1, to)
      else sorted.copyWithin(to + 1, to, from)
      sorted[to > from ? to - 1 : to] = value
    }
    this.#unnote(slot, old)
    this.#slots[slot] = kept
    this.#note(slot, kept)
  }

  /** The last look takes the place of the one that goes. */
  #removeSlot(slot: number): void {
    const old = this.#slots[slot]!
    for (let level = 0; level < LEVELS; level += 1) {
      const sorted = this.#sorted[level]!
      const at = firstAtLeast(sorted, this.size, old.values[level]!)
      sorted.copyWithin(at, at + 1, this.size)
    }
    this.#unnote(slot, old)
    const lastSlot = this.size - 1
    const last = this.#slots.pop()!
    if (slot === lastSlot) return
    this.#unnote(lastSlot, last)
    this.#slots[slot] = last
    this.#note(slot, last)
  }

  #note(slot: number, kept: Kept): void {
    this.#slotOf.set(kept.look, slot)
    const own = this.#ofEmployee.get(kept.employee)
    if (own === undefined) this.#ofEmployee.set(kept.employee, [slot])
    else own.push(slot)
  }

  #unnote(slot: number, kept: Kept): void {
    this.#slotOf.delete(kept.look)
    const own = this.#ofEmployee.get(kept.employee)!
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
