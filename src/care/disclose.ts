import { createHash } from 'node:crypto'
import type { EntryDraft } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { RandomBytes } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import type { Sealer } from '../platform/sealer.ts'
import { pagesStatement, readRendering } from './look-store.ts'

const SALT_BYTES = 32

/** What was rendered, sealed with the salt of its commitment. */
export interface SealedRendering {
  /** Hex of SHA-256 over the 32-byte salt and the rendering's bytes. */
  readonly commitment: string
  readonly sealed: Buffer
}

/**
 * Seals exactly what was shown, for an incident to open. The entry carries only the commitment: a bare digest
 * would let the subject guess the masks.
 */
export function sealRendering(
  parties: { random: RandomBytes; keys: { sealer: Sealer } },
  look: string,
  rendering: string,
): SealedRendering {
  const salted = Buffer.concat([parties.random(SALT_BYTES), Buffer.from(rendering)])
  return {
    commitment: createHash('sha256').update(salted).digest('hex'),
    sealed: parties.keys.sealer.seal('care-rendering', look, salted),
  }
}

/**
 * Opens what a disclosure entry commits to: the salt and the exact bytes. Null when the entry disclosed nothing here.
 * Only evidence asks, and says so in the ledger. @throws CodedError `sealed-broken` when the row was changed.
 */
export async function openRendering(
  parties: { db: Db; keys: { sealer: Sealer } },
  entry: string,
): Promise<{ salt: Uint8Array; bytes: Uint8Array } | null> {
  const kept = await readRendering(parties.db, entry)
  if (kept === null) return null
  const salted = parties.keys.sealer.open('care-rendering', kept.look, kept.sealed)
  return { salt: salted.subarray(0, SALT_BYTES), bytes: salted.subarray(SALT_BYTES) }
}

/** A page that was opened, on its way to the reader. */
export interface ShownPage {
  readonly look: string
  readonly page: number
  readonly rows: number
  readonly at: number
  readonly sealed: Buffer
  readonly draft: EntryDraft
}

export interface DisclosureWriter {
  /** Resolves when the entry, the rendering and the look's count are committed: then the bytes may leave. */
  write(page: ShownPage): Promise<void>
}

/**
 * Writes the disclosures of concurrent requests together: while one statement commits, the next one gathers.
 * State and entries of a batch are one statement (promise 2), so a page's count never says more or less than
 * the ledger. The next batch of reveals takes them into the tree, or the ledger's own sweep; only the reveal had to wait.
 */
export function createDisclosureWriter(db: Db, ledger: Ledger): DisclosureWriter {
  let waiting: { page: ShownPage; done: () => void; failed: (cause: unknown) => void }[] = []
  let running = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch()
      try {
        await ledger.appendWithin(
          db,
          batch.map(({ page }) => page.draft),
          (entries) => pagesStatement(batch.map(({ page }, i) => ({ ...page, entry: entries[i] as string }))),
        )
        for (const { done } of batch) done()
      } catch (cause) {
        for (const { failed } of batch) failed(cause)
      }
    }
    running = false
  }

  /** Takes what waits, each look once: one statement cannot count two pages of one look. */
  function takeBatch() {
    const looks = new Set<string>()
    const batch = waiting.filter(({ page }) => !looks.has(page.look) && looks.add(page.look)).slice(0, 64)
    const taken = new Set(batch)
    waiting = waiting.filter((item) => !taken.has(item))
    return batch
  }

  return {
    write: (page) =>
      new Promise((done, failed) => {
        waiting.push({ page, done, failed })
        if (running) return
        running = true
        // After the callbacks of this turn: pages whose reveals were one batch are drawn in one.
        setImmediate(() => void run())
      }),
  }
}
