import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SeenTree } from './add-checkpoint.ts'

/** What a witness remembers of a log. */
export interface SeenLog extends SeenTree {
  readonly origin: string
  /** Seconds since 1970 of the newest cosignature. */
  readonly seconds: number
}

/** The newest tree of every log that a witness has cosigned, in a file of its own. */
export interface SeenStore {
  list(): SeenLog[]
  /**
   * Gives `decide` the newest tree of `origin` and stores what it gives back, as one step; null stores nothing.
   *
   * Why two histories are never signed. `BEGIN IMMEDIATE` takes the file's only write lock before the tree is read
   * and keeps it until the commit, so between reading and storing nobody stores, whether in this process (which does
   * nothing else meanwhile: the calls are synchronous) or in another on the same file. With `synchronous` at EXTRA
   * the commit has reached the disk when this returns, and only then does anybody sign. Killed before the commit, the
   * file holds the old tree and no signature exists; killed after, it holds the new one, and the log, told 409 with
   * its size, asks again for the same tree.
   */
  advance(origin: string, decide: (seen: SeenLog | null) => SeenLog | null): void
  close(): void
}

interface Row {
  origin: string
  size: number
  root: Uint8Array
  seconds: number
}

const BUSY_MS = 5_000

/** Opens `seen.sqlite` in the witness's directory, making it when there is none. */
export function openSeenStore(directory: string): SeenStore {
  const db = new DatabaseSync(join(directory, 'seen.sqlite'), { timeout: BUSY_MS })
  db.exec(`
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    CREATE TABLE IF NOT EXISTS seen (
      origin text PRIMARY KEY,
      size integer NOT NULL,
      root blob NOT NULL CHECK (length(root) = 32),
      seconds integer NOT NULL
    ) STRICT`)
  const read = db.prepare('SELECT origin, size, root, seconds FROM seen WHERE origin = ?')
  const list = db.prepare('SELECT origin, size, root, seconds FROM seen ORDER BY origin')
  const write = db.prepare(`
    INSERT INTO seen (origin, size, root, seconds) VALUES (?, ?, ?, ?)
    ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, seconds = excluded.seconds`)
  return {
    list: () => (list.all() as unknown as Row[]).map((row) => ({ ...row })),
    advance(origin, decide) {
      db.exec('BEGIN IMMEDIATE')
      try {
        const seen = read.get(origin) as Row | undefined
        const next = decide(seen === undefined ? null : { ...seen })
        if (next !== null) write.run(origin, next.size, next.root, next.seconds)
        db.exec(next === null ? 'ROLLBACK' : 'COMMIT')
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    close: () => db.close(),
  }
}
