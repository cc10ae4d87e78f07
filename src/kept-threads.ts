import type { SourceOptions } from './calls/formats/source.ts'
import { openVaultThreads, type VaultThreads } from './vault/threads/threads.ts'

/** Threads that are started when they are first wanted and stay until they are closed, from one lot of files to the next. */
export interface KeptThreads {
  /** Those there are, or new ones where one of them has failed. The source's `now` is each run's own. */
  open(settings: {
    source: SourceOptions
    ownPrefixes: readonly string[]
    referenceKey: Uint8Array
  }): VaultThreads
  close(): Promise<void>
}

/** None started yet; all that use them read files the same way. */
export function keepThreads(): KeptThreads {
  let threads: VaultThreads | null = null
  return {
    open(settings) {
      if (threads?.broken) void threads.close()
      if (threads === null || threads.broken) threads = openVaultThreads(settings)
      return threads
    },
    async close() {
      const own = threads
      threads = null
      await own?.close()
    },
  }
}
