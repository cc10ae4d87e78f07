import { REFERENCE_BYTES, REFERENCE_INTS } from '../calls/call-rows.ts'
import { KEY_BYTES } from './reference-mark.ts'

/** The references of a gather's calls, each once; 30 bytes each, for there may be one for each of millions of calls. */
export interface ReferenceSet {
  /** By call, `REFERENCE_INTS` each; null while there is none. */
  readonly memory: SharedArrayBuffer | null
  /** Keeps the reference at `marks[at]` for `call`, which comes behind all before; false when one has it already. */
  add(call: number, marks: Int32Array, at: number): boolean
  /** Their keys, 16 bytes each, in one piece. */
  keysOf(calls: readonly number[]): Buffer
}

const FIRST_CALLS = 4096

/** A set with nothing in it. */
export function createReferenceSet(): ReferenceSet {
  let memory: SharedArrayBuffer | null = null
  let ints: Int32Array = new Int32Array(0)
  let slots = new Int32Array(4 * FIRST_CALLS)
  let size = 0
  const isSame = (call: number, marks: Int32Array, at: number): boolean => {
    const own = call * REFERENCE_INTS
    // The key is four of the five: the hash is another for each part of a call only by chance.
    for (let i = 0; i < REFERENCE_INTS - 1; i++) if (ints[own + i] !== marks[at + i]) return false
    return true
  }
  /** Keys are MACs, so any of their bits are as good as a hash. */
  const slotOf = (marks: Int32Array, at: number): number => {
    const mask = slots.length - 1
    let slot = marks[at]! & mask
    while (slots[slot] !== 0 && !isSame(slots[slot]! - 1, marks, at)) slot = (slot + 1) & mask
    return slot
  }
  const makeRoom = (calls: number): void => {
    if (calls * REFERENCE_INTS <= ints.length) return
    const larger = new SharedArrayBuffer(
      Math.max(calls, FIRST_CALLS, (ints.length / REFERENCE_INTS) * 2) * REFERENCE_BYTES,
    )
    const copy = new Int32Array(larger)
    copy.set(ints)
    memory = larger
    ints = copy
  }
  const widen = (): void => {
    const calls = slots.filter((slot) => slot !== 0)
    slots = new Int32Array(slots.length * 2)
    for (const slot of calls) slots[slotOf(ints, (slot - 1) * REFERENCE_INTS)] = slot
  }
  return {
    get memory() {
      return memory
    },
    add(call, marks, at) {
      const slot = slotOf(marks, at)
      if (slots[slot] !== 0) return false
      makeRoom(call + 1)
      ints.set(marks.subarray(at, at + REFERENCE_INTS), call * REFERENCE_INTS)
      slots[slot] = call + 1
      if (++size * 2 > slots.length) widen()
      return true
    },
    keysOf(calls) {
      const keys = Buffer.allocUnsafeSlow(calls.length * KEY_BYTES)
      const bytes = new Uint8Array(ints.buffer)
      calls.forEach((call, place) => {
        const from = call * REFERENCE_BYTES
        keys.set(bytes.subarray(from, from + KEY_BYTES), place * KEY_BYTES)
      })
      return keys
    },
  }
}
