import { createHash } from 'node:crypto'

/** Chance that repeats: the same seed and name give the same draws for ever (sfc32). */
export interface Chance {
  /** In [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  int(least: number, most: number): number
  coin(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** About how often something happens that happens `mean` times in the middle. */
  poisson(mean: number): number
  /** Log-normal with this median; `spread` is the deviation of its logarithm. */
  around(median: number, spread: number): number
  hex(digits: number): string
}

/** Begins a stream of draws of its own. */
export function createChance(seed: string, name: string): Chance {
  const digest = createHash('sha256').update(`${seed}\n${name}`).digest()
  let a = digest.readUInt32LE(0)
  let b = digest.readUInt32LE(4)
  let c = digest.readUInt32LE(8)
  let d = 1
  const next = (): number => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 16; i += 1) next()
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    int,
    coin: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    poisson(mean) {
      let product = next()
      let count = 0
      for (const floor = Math.exp(-mean); product > floor; count += 1) product *= next()
      return count
    },
    around: (median, spread) =>
      median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(''),
  }
}
