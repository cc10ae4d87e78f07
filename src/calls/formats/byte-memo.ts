/** Remembers what short pieces of bytes mean, without making texts of them. Bounded, so that memory is. */
export interface ByteMemo {
  /** What `bytes[from]` to `bytes[until - 1]` mean: as before, or as `read` says now of them as latin1. */
  valueOf(bytes: Buffer, from: number, until: number): number
  clear(): void
}

const MOST_ENTRIES = 131_072
/** Longer pieces hardly come again. */
const LONGEST = 64
/** Few, for a file of its own has a memo for each of its fields, and many files are small. */
const FIRST_ENTRIES = 64

/** An empty memo of what `read` makes of a text. `read` may clear it. */
export function createByteMemo(read: (latin1: string) => number, most = MOST_ENTRIES): ByteMemo {
  let slots = new Int32Array(4 * FIRST_ENTRIES)
  let kept = new DataView(new ArrayBuffer(FIRST_ENTRIES * LONGEST))
  /** The bytes of the last question, to be read four at a time. */
  let asked: Buffer | null = null
  let view: DataView = kept
  let used = 0
  let entries = 0
  let ends = new Int32Array(FIRST_ENTRIES)
  let values = new Float64Array(FIRST_ENTRIES)
  let hashes = new Int32Array(FIRST_ENTRIES)

  const isSame = (entry: number, from: number, until: number): boolean => {
    let own = entry === 0 ? 0 : ends[entry - 1]!
    if (ends[entry]! - own !== until - from) return false
    let at = from
    for (; at + 4 <= until; at += 4, own += 4) if (kept.getInt32(own) !== view.getInt32(at)) return false
    for (; at < until; at++, own++) if (kept.getUint8(own) !== view.getUint8(at)) return false
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
    if (entries === most || used + LONGEST > most * LONGEST) clear()
    if (entries === ends.length) widen()
    if (used + LONGEST > kept.byteLength) kept = doubled(kept)
    for (let at = from; at < until; at++) kept.setUint8(used + at - from, bytes[at]!)
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
      if (bytes !== asked) {
        asked = bytes
        view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      }
      const hash = hashOf(view, from, until)
      const mask = slots.length - 1
      for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const entry = slots[slot]! - 1
        if (hashes[entry] === hash && isSame(entry, from, until)) return values[entry]!
      }
      const value = read(bytes.toString('latin1', from, until))
      if (until - from <= LONGEST) keep(bytes, from, until, hash, value)
      return value
    },
    clear,
  }
}

/** FNV-1a of four bytes at a time, and its upper bits mixed into the lower ones that choose the slot. */
function hashOf(view: DataView, from: number, until: number): number {
  let hash = 0x811c9dc5
  let at = from
  for (; at + 4 <= until; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < until; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  return hash ^ (hash >>> 15)
}

function doubled(kept: DataView<ArrayBuffer>): DataView<ArrayBuffer> {
  const larger = new Uint8Array(kept.byteLength * 2)
  larger.set(new Uint8Array(kept.buffer))
  return new DataView(larger.buffer)
}

function widened<T extends Int32Array | Float64Array>(values: T, into: T): T {
  into.set(values)
  return into
}
