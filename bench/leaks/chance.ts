/** Chance from a seed (xorshift128+ seeded by splitmix32), so that a leak can be made again. */
export interface Chance {
  /** Uniform in [0, 1). */
  unit(): number
  /** Uniform among 0 to `count` - 1. */
  below(count: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

/** A stream of chance that depends on its seed alone. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  const unit = () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53
  const below = (count: number) => Math.floor(unit() * count)
  return {
    unit,
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    shuffle(items) {
      const out = [...items]
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]]
      }
      return out
    },
  }
}
