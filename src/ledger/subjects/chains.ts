import { nodeSha256 } from '../node-crypto.ts'
import type { SealedEntry } from '../sealed-entry.ts'
import type { Queryable } from '../store.ts'
import { type ChainEnd, type ChainKey, extendChain, NO_LINKS } from './link.ts'
import { type KeyedLink, readChainEnds } from './link-store.ts'

/** So many ends at least, and twice as many at most, are remembered: some 20 MB. */
const ENDS_KEPT = 50_000

/**
 * The ends of chains, as the sequencer needs them: links follow each other in the order of the log, and it alone
 * knows that order.
 *
 * Why a remembered end is the true one. Chains grow only with the log, in the same transaction. So as long as the
 * sequencer's edge is the head's (`writeBatch` writes nothing otherwise), nobody else has added a link either. An end
 * is remembered when its batch is sent, for the batch behind it; where the batch is not written, all are forgotten.
 */
export class Chains {
  // Two generations, as with openings: forgetting the older whole costs nothing.
  #recent = new Map<string, ChainEnd>()
  #older = new Map<string, ChainEnd>()

  /** The ends that these entries go on from, the caller's own. Reads those that are not known, in one round trip. */
  async endsOf(
    client: Queryable,
    entries: readonly Pick<SealedEntry, 'chain'>[],
  ): Promise<Map<string, ChainEnd>> {
    const ends = new Map<string, ChainEnd>()
    const unknown = new Map<string, ChainKey>()
    for (const { chain } of entries) {
      if (chain === null) continue
      const key = keyOf(chain)
      const end = this.#recent.get(key) ?? this.#older.get(key)
      if (end === undefined) unknown.set(key, chain)
      else ends.set(key, end)
    }
    if (unknown.size === 0) return ends
    for (const { subject, tenure, count, link } of await readChainEnds(client, [...unknown.values()]))
      ends.set(keyOf({ subject, tenure }), { count, link })
    return ends
  }

  /** The links of entries that will stand from `firstIndex` on, each chain going on from its end in `ends`. */
  extend(
    ends: Map<string, ChainEnd>,
    entries: readonly Pick<SealedEntry, 'chain' | 'entry'>[],
    firstIndex: number,
  ): KeyedLink[] {
    const links: KeyedLink[] = []
    entries.forEach(({ chain, entry }, i) => {
      if (chain === null) return
      const key = keyOf(chain)
      const end = extendChain(ends.get(key) ?? NO_LINKS, entry, nodeSha256)
      ends.set(key, end)
      links.push({ ...chain, index: firstIndex + i, sequence: end.count, link: end.link })
    })
    this.#remember(ends)
    return links
  }

  #remember(ends: ReadonlyMap<string, ChainEnd>): void {
    if (this.#recent.size + ends.size > ENDS_KEPT) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    for (const [key, end] of ends) this.#recent.set(key, end)
  }

  /** A batch was not written, or somebody else may have written. */
  forget(): void {
    this.#recent = new Map()
    this.#older = new Map()
  }
}

function keyOf({ subject, tenure }: ChainKey): string {
  return `${subject}/${tenure}`
}
