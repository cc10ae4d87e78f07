import type { Subscriber } from '../customers/customers.ts'
import type { EntryId } from '../ledger/entry.ts'
import type { SealedLog } from '../vault/vault.ts'
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
  /** What a request of this server changed of a look; other servers see it when their copy runs out. */
  change(id: string, changed: (loaded: LoadedLook) => LoadedLook): void
  /** Where an entry stands in the ledger; that never changes. */
  indexOf(entry: EntryId): Promise<number>
  /** A look's log, sealed, as `read` gave it at most two seconds ago. */
  logOf(id: string, read: () => SealedLog): SealedLog
  forget(where: (loaded: LoadedLook) => boolean): void
  clear(): void
}

/**
 * How long a copy may be used. An ended look must be ended everywhere within a second: notifications take copies
 * away at once, and where one may have been missed, no copy outlives half of that second. As long as this server is
 * known to have heard everything up to half a second ago, a copy stays until what nobody is told of (pages that
 * another server showed) would be too old.
 */
const KEEP_MS = 500
const KEEP_WHILE_HEARING_MS = 2_000
/** From this age on a copy is read anew beside its use, so that nobody waits for it when it runs out. */
const RENEW_MS = 1_500
const MOST = 5_000
/** A log is some kilobytes. */
const MOST_LOGS = 250

interface Kept {
  readonly loaded: LoadedLook
  readonly asked: number
  renewing: boolean
}

/**
 * Makes the cache. `load` reads from the database; `now` is a steady millisecond clock of this machine, and `heardUntil`
 * says by it until when no notification has been missed.
 */
export function createLookCache(
  load: (id: string) => Promise<LoadedLook | null>,
  readIndex: (entry: EntryId) => Promise<number>,
  now: () => number,
  heardUntil: () => number,
): LookCache {
  const kept = new Map<string, Kept>()
  const put = (loaded: LoadedLook, asked: number) => {
    if (kept.size >= MOST) kept.clear()
    kept.set(loaded.look.id, { loaded, asked, renewing: false })
  }
  const mayBeUsed = (asked: number): boolean => {
    const at = now()
    if (at < asked + KEEP_MS) return true
    return at < asked + KEEP_WHILE_HEARING_MS && at < heardUntil() + KEEP_MS
  }
  const indexes = new Map<EntryId, number>()
  let changes = 0
  const renew = async (id: string, known: Kept): Promise<void> => {
    if (known.renewing) return
    known.renewing = true
    const asked = now()
    const loaded = await load(id).catch(() => null)
    known.renewing = false
    // Where something ended or was shown while we read, what we have read may be from before.
    if (loaded !== null && kept.get(id) === known) put(loaded, asked)
  }
  return {
    async get(id) {
      const known = kept.get(id)
      if (known !== undefined && mayBeUsed(known.asked)) {
        if (now() >= known.asked + RENEW_MS) void renew(id, known)
        return known.loaded
      }
      kept.delete(id)
      const asked = now()
      const before = changes
      const loaded = await load(id)
      // Something ended while we read: what we have read may be from before, so it is used once and not kept.
      if (loaded !== null && before === changes) put(loaded, asked)
      return loaded
    },
    change(id, changed) {
      const known = kept.get(id)
      if (known !== undefined) put(changed(known.loaded), known.asked)
    },
    async indexOf(entry) {
      const known = indexes.get(entry)
      if (known !== undefined) return known
      if (indexes.size >= MOST) indexes.clear()
      const index = await readIndex(entry)
      indexes.set(entry, index)
      return index
    },
    logOf: keepLogs(now),
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

/** Logs by their look. They stay sealed whatever ends: a receipt opens them, or nothing does. */
function keepLogs(now: () => number): LookCache['logOf'] {
  const logs = new Map<string, { log: SealedLog; asked: number }>()
  return (id, read) => {
    const at = now()
    const known = logs.get(id)
    if (known !== undefined && at < known.asked + KEEP_WHILE_HEARING_MS) return known.log
    if (logs.size >= MOST_LOGS) logs.clear()
    const log = read()
    logs.set(id, { log, asked: at })
    return log
  }
}
