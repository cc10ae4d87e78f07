import { type E164, type OtherParty, otherPartyKey } from './call-record.ts'

/**
 * Gives each distinct party a number from 0, and back. Nearly all parties are E.164 numbers: those are kept as plain
 * doubles (15 digits fit), 20 bytes each, for a gather may meet millions of them.
 */
export interface PartyTable {
  readonly size: number
  /** The id of `party`, new or known. */
  idOf(party: OtherParty): number
  /** The id of the E.164 number with these digits. */
  idOfNumber(digits: number): number
  /** The digits of a party that is an E.164 number; NaN for any other. */
  numberOf(id: number): number
  value(id: number): OtherParty
}

/** What a table of parties holds, to be read on another thread. */
export interface PartyValues {
  /** By id: digits, or NaN. */
  readonly numbers: Float64Array
  /** By id: those that are no E.164 numbers. */
  readonly others: ReadonlyMap<number, OtherParty>
}

/** An empty table, and a look at what it holds (valid until the next id is given). */
export function createPartyTable(): PartyTable & { values(): PartyValues } {
  let numbers = new Float64Array(128)
  let slots = new Int32Array(512)
  const others = new Map<number, OtherParty>()
  const otherIds = new Map<string, number>()
  let size = 0

  const slotOf = (digits: number): number => {
    const mask = slots.length - 1
    let slot = hashOf(digits) & mask
    while (slots[slot] !== 0 && numbers[slots[slot]! - 1] !== digits) slot = (slot + 1) & mask
    return slot
  }
  const append = (digits: number): number => {
    if (size === numbers.length) numbers = enlarged(numbers)
    numbers[size] = digits
    return size++
  }
  const widen = (): void => {
    slots = new Int32Array(slots.length * 2)
    for (let id = 0; id < size; id++) if (!Number.isNaN(numbers[id])) slots[slotOf(numbers[id]!)] = id + 1
  }
  const idOfNumber = (digits: number): number => {
    const slot = slotOf(digits)
    const known = slots[slot]!
    if (known !== 0) return known - 1
    const id = append(digits)
    slots[slot] = id + 1
    if (size * 2 > slots.length) widen()
    return id
  }
  return {
    get size() {
      return size
    },
    idOf(party) {
      if (party.kind === 'number') return idOfNumber(Number(party.number.slice(1)))
      const key = otherPartyKey(party)
      const known = otherIds.get(key)
      if (known !== undefined) return known
      const id = append(Number.NaN)
      others.set(id, party)
      otherIds.set(key, id)
      return id
    },
    idOfNumber,
    numberOf: (id) => numbers[id]!,
    value: (id) => partyOf({ numbers, others }, id),
    values: () => ({ numbers: numbers.subarray(0, size), others }),
  }
}

/** The party that has this id. */
export function partyOf({ numbers, others }: PartyValues, id: number): OtherParty {
  return others.get(id) ?? { kind: 'number', number: `+${numbers[id]!}` as E164 }
}

function hashOf(digits: number): number {
  const high = Math.floor(digits / 4_294_967_296)
  const mixed = Math.imul((digits | 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

function enlarged(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}
