import type { FetchBytes } from './register.ts'

/** Fetches, with what will be wanted asked for before it is. */
export interface FetchAhead {
  readonly fetchBytes: FetchBytes
  /** Asks now; the next who fetches this path gets that answer, and whoever comes after asks anew. */
  ahead(path: string): void
}

/**
 * What is checked one after the other need not be asked for one after the other: each answer is under way while the one
 * before is checked. What fails, fails for whoever fetches it.
 */
export function fetchAhead(fetchBytes: FetchBytes): FetchAhead {
  const asked = new Map<string, Promise<Uint8Array>>()
  return {
    ahead(path) {
      if (asked.has(path)) return
      const answer = fetchBytes(path)
      answer.catch(() => {})
      asked.set(path, answer)
    },
    async fetchBytes(path) {
      const answer = asked.get(path)
      asked.delete(path)
      return answer ?? fetchBytes(path)
    },
  }
}
