import { createHash } from 'node:crypto'

/** Chance that repeats: the same seed and label give the same numbers on every machine. */
export interface Chance {
  /** A number in [0, 1) with 32 bits. */
  next(): number
  /** An integer in [min, max]. */
  int(min: number, max: number): number
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T
  /** True with this probability. */
  coin(probability: number): boolean
  /** Standard normal (Box and Muller). */
  normal(): number
  /** A copy of the list in another order. */
  shuffle<T>(list: readonly T[]): T[]
  /** `size` bytes. */
  bytes(size: number): Uint8Array
}

/**
 * A stream of chance for one purpose (sfc32 by C. Doty-Humphrey, seeded by SHA-256 of seed and label). A label of
 * its own for each purpose keeps one change in the generator from shifting all the rest.
 */
export function createChance(seed: string, label: string): Chance {
  const digest = createHash('sha256').update(`${seed}\n${label}`).digest()
  let a = digest.readInt32LE(0)
  let b = digest.readInt32LE(4)
  let c = digest.readInt32LE(8)
  let counter = 1
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) word()
  const next = () => word() / 4_294_967_296
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    coin: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (list) => {
      const copy = [...list]
      for (let at = copy.length - 1; at > 0; at -= 1) {
        const other = int(0, at)
        ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
      }
      return copy
    },
    bytes: (size) => Uint8Array.from({ length: size }, () => word() & 255),
  }
}
