/**
 * Values by two whole numbers: below 2^24 and below 2^28. They lie in a map of maps, because one number for both is no
 * small integer, and a map hashes those at twice the cost. As plain data a pair is one number all the same.
 */
export class PairMap<V> {
  readonly #rows = new Map<number, Map<number, V>>()

  constructor(entries: Iterable<readonly [number, V]> = []) {
    for (const [pair, value] of entries) this.set(Math.floor(pair / SECONDS), pair % SECONDS, value)
  }

  get(first: number, second: number): V | undefined {
    return this.#rows.get(first)?.get(second)
  }

  set(first: number, second: number, value: V): void {
    const row = this.#rows.get(first)
    if (row === undefined) this.#rows.set(first, new Map([[second, value]]))
    else row.set(second, value)
  }

  delete(first: number, second: number): void {
    this.#rows.get(first)?.delete(second)
  }

  /** Drops every value that this says yes to. */
  drop(is: (value: V) => boolean): void {
    for (const [first, row] of this.#rows) {
      for (const [second, value] of row) if (is(value)) row.delete(second)
      if (row.size === 0) this.#rows.delete(first)
    }
  }

  /** All of it, as plain data. */
  entries(): [number, V][] {
    const all: [number, V][] = []
    for (const [first, row] of this.#rows)
      for (const [second, value] of row) all.push([first * SECONDS + second, value])
    return all
  }
}

const SECONDS = 2 ** 28
