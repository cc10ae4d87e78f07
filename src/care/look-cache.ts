import type { Subscriber } from '../customers/customers.ts'
import type { EntryId } from '../ledger/entry.ts'
import type { Contact, Look } from './store.ts'

/** A look with what each of its requests asks about. */
export interface LoadedLook {
  readonly look: Look
  readonly contact: Contact
  readonly subscriber: Subscriber
}

/** Looks in memory for the short while between two requests of one screen. */
export interface LookCache {
  get(id: string): Promise<LoadedLook | null>
  /** What a request of this server changed; others see it when their copy runs out. */
  put(loaded: LoadedLook): void
  /** Where an entry stands in the ledger; that never changes. */
  indexOf(entry: EntryId): Promise<number>
  forget(where: (loaded: LoadedLook) => boolean): void
  clear(): void
}

/**
 * How long a copy may be used. An ended look must be ended everywhere within a second: notifications take copies
 * away at once, and where a notification is lost, no copy outlives half of that second.
 */
const KEEP_MS = 500
const MOST = 5_000

/** Makes the cache. `load` reads from the database; `now` is a steady millisecond clock of this machine. */
export function createLookCache(
  load: (id: string) => Promise<LoadedLook | null>,
  readIndex: (entry: EntryId) => Promise<number>,
  now: () => number,
): LookCache {
  const kept = new Map<string, { loaded: LoadedLook; until: number }>()
  const put = (loaded: LoadedLook, until: number) => {
    if (kept.size >= MOST) kept.clear()
    kept.set(loaded.look.id, { loaded, until })
  }
  const indexes = new Map<EntryId, number>()
  let changes = 0
  return {
    async get(id) {
      const known = kept.get(id)
      if (known !== undefined && now() < known.until) return known.loaded
      kept.delete(id)
      const asked = now()
      const before = changes
      const loaded = await load(id)
      // Something ended while we read: what we have read may be from before, so it is used once and not kept.
      if (loaded !== null && before === changes) put(loaded, asked + KEEP_MS)
      return loaded
    },
    put(loaded) {
      const known = kept.get(loaded.look.id)
      if (known !== undefined) kept.set(loaded.look.id, { loaded, until: known.until })
    },
    async indexOf(entry) {
      const known = indexes.get(entry)
      if (known !== undefined) return known
      if (indexes.size >= MOST) indexes.clear()
      const index = await readIndex(entry)
      indexes.set(entry, index)
      return index
    },
    forget(where) {
      changes++
      for (const [id, { loaded }] of kept) if (where(loaded)) kept.delete(id)
    },
    clear() {
      changes++
      kept.clear()
    },
  }
}
