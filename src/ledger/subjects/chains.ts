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
 * sequencer's edge is the head's (`writeBatch` writes nothing otherwise), nobody else has added a link either; and
 * when the edge is read anew, `forget` is called first. What a batch adds is believed once it is committed.
 */
export class Chains {
  // Two generations, as with openings: forgetting the older whole costs nothing.
  #recent = new Map<string, ChainEnd>()
  #older = new Map<string, ChainEnd>()
  #ahead = new Map<string, ChainEnd>()

  /** The links of entries that will stand from `firstIndex` on. Reads the ends that are not known, in one round trip. */
  async linksOf(
    client: Queryable,
    entries: readonly Pick<SealedEntry, 'chain' | 'entry'>[],
    firstIndex: number,
  ): Promise<KeyedLink[]> {
    this.#ahead = new Map()
    await this.#load(
      client,
      entries.flatMap(({ chain }) => chain ?? []),
    )
    const links: KeyedLink[] = []
    entries.forEach(({ chain, entry }, i) => {
      if (chain === null) return
      const key = keyOf(chain)
      const end = extendChain(this.#ahead.get(key) ?? NO_LINKS, entry, nodeSha256)
      this.#ahead.set(key, end)
      links.push({ ...chain, index: firstIndex + i, sequence: end.count, link: end.link })
    })
    return links
  }

  /** What `linksOf` gave last is committed. */
  keep(): void {
    if (this.#recent.size + this.#ahead.size > ENDS_KEPT) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    for (const [key, end] of this.#ahead) this.#recent.set(key, end)
    this.#ahead = new Map()
  }

  /** Somebody else may have written. */
  forget(): void {
    this.#recent = new Map()
    this.#older = new Map()
    this.#ahead = new Map()
  }

  async #load(client: Queryable, chains: readonly ChainKey[]): Promise<void> {
    const unknown = new Map<string, ChainKey>()
    for (const chain of chains) {
      const key = keyOf(chain)
      const end = this.#recent.get(key) ?? this.#older.get(key)
      if (end === undefined) unknown.set(key, chain)
      else this.#ahead.set(key, end)
    }
    if (unknown.size === 0) return
    for (const { subject, tenure, count, link } of await readChainEnds(client, [...unknown.values()]))
      this.#ahead.set(keyOf({ subject, tenure }), { count, link })
  }
}

function keyOf({ subject, tenure }: ChainKey): string {
  return `${subject}/${tenure}`
}
