import type pg from 'pg'
import { type FoundBlock, findBlocks, runOn, type WantedBlocks } from './store.ts'

/** Finds the blocks of an opening. */
export type ReadBlocks = (wanted: WantedBlocks) => Promise<FoundBlock[]>

interface Waiting {
  readonly wanted: WantedBlocks
  readonly found: (blocks: FoundBlock[]) => void
  readonly failed: (cause: unknown) => void
}

/** So many openings at most are asked for in one statement. */
const MOST = 64

/**
 * Reads what openings of one moment want in one statement: reveals are signed by the batch, so whoever waited for one
 * batch opens all at once, and a round trip for each costs more than its blocks.
 */
export function createBlockReader(pool: pg.Pool): ReadBlocks {
  let waiting: Waiting[] = []

  async function read(batch: readonly Waiting[]): Promise<void> {
    try {
      const all = await findBlocks(
        runOn(pool),
        batch.map(({ wanted }) => wanted),
      )
      batch.forEach(({ found }, i) => {
        found(all[i] as FoundBlock[])
      })
    } catch (cause) {
      for (const { failed } of batch) failed(cause)
    }
  }

  return (wanted) =>
    new Promise((found, failed) => {
      waiting.push({ wanted, found, failed })
      if (waiting.length > 1) return
      // After the callbacks of this turn: they are who was answered together.
      setImmediate(() => {
        const asked = waiting
        waiting = []
        for (let from = 0; from < asked.length; from += MOST) void read(asked.slice(from, from + MOST))
      })
    })
}
