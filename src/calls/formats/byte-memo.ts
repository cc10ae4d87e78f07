/** Remembers what short pieces of bytes mean, without making texts of them. Bounded, so that memory is. */
export interface ByteMemo {
  /** What `bytes[from]` to `bytes[until - 1]` mean: as before, or as `read` says now of them as latin1. */
  valueOf(bytes: Buffer, from: number, until: number): number
  clear(): void
}

const MOST_ENTRIES = 131_072
const MOST_BYTES = 8 * 1024 * 1024
/** Longer pieces hardly come again. */
const LONGEST = 64

/** An empty memo of what `read` makes of a text. */
export function createByteMemo(read: (latin1: string) => number): ByteMemo {
  let slots = new Int32Array(2048)
  let kept = Buffer.allocUnsafe(16 * 1024)
  let used = 0
  let entries = 0
  let ends = new Int32Array(1024)
  let values = new Float64Array(1024)
  let hashes = new Int32Array(1024)

  const isSame = (entry: number, bytes: Buffer, from: number, until: number): boolean => {
    const start = entry === 0 ? 0 : ends[entry - 1]!
    if (ends[entry]! - start !== until - from) return false
    for (let at = 0; at < until - from; at++) if (kept[start + at] !== bytes[from + at]) return false
    return true
  }
  const clear = (): void => {
    slots.fill(0)
    used = 0
    entries = 0
  }
  const widen = (): void => {
    ends = widened(ends, new Int32Array(entries * 2))
    hashes = widened(hashes, new Int32Array(entries * 2))
    values = widened(values, new Float64Array(entries * 2))
    slots = new Int32Array(entries * 4)
    const mask = slots.length - 1
    for (let entry = 0; entry < entries; entry++) {
      let slot = hashes[entry]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = entry + 1
    }
  }
  const keep = (bytes: Buffer, from: number, until: number, hash: number, value: number): void => {
    if (entries === MOST_ENTRIES || used + LONGEST > MOST_BYTES) clear()
    if (entries === ends.length) widen()
    if (used + LONGEST > kept.length) kept = Buffer.concat([kept, Buffer.allocUnsafe(kept.length)])
    bytes.copy(kept, used, from, until)
    used += until - from
    ends[entries] = used
    hashes[entries] = hash
    values[entries] = value
    const mask = slots.length - 1
    let slot = hash & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = ++entries
  }
  return {
    valueOf(bytes, from, until) {
      // FNV-1a, and its upper bits mixed into the lower ones that choose the slot.
      let hash = 0x811c9dc5
      for (let at = from; at < until; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
      hash ^= hash >>> 15
      const mask = slots.length - 1
      for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const entry = slots[slot]! - 1
        if (hashes[entry] === hash && isSame(entry, bytes, from, until)) return values[entry]!
      }
      const value = read(bytes.toString('latin1', from, until))
      if (until - from <= LONGEST) keep(bytes, from, until, hash, value)
      return value
    },
    clear,
  }
}

function widened<T extends Int32Array | Float64Array>(values: T, into: T): T {
  into.set(values)
  return into
}
