import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const FILE = 'tweaks.sqlite'

/** The random tweak of each tenure. `null` stands for one that was destroyed, and stays. */
export interface Tweaks {
  /** Makes what is absent, in one durable transaction, and reads all back. */
  ensure(tenures: readonly string[]): Map<string, Buffer | null>
  /** `undefined` when there never was one. */
  find(tenure: string): Buffer | null | undefined
  destroy(tenure: string): void
  close(): void
}

/**
 * Opens the tweaks of a key directory, making the file (0600) at first.
 *
 * Durable: `synchronous = EXTRA` syncs data, journal and directory before a commit returns. Shared: several
 * servers may open it; `INSERT OR IGNORE` and reading back gives all of them the first one's tweak. Erased:
 * `secure_delete` overwrites a destroyed tweak where it stood; there is no WAL in which it could linger.
 */
export function openTweaks(dir: string): Tweaks {
  const path = join(dir, FILE)
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const sqlite = new DatabaseSync(path)
  sqlite.exec(`
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS tweak (tenure TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID;
  `)
  const select = sqlite.prepare('SELECT bytes FROM tweak WHERE tenure = ?')
  const insert = sqlite.prepare('INSERT OR IGNORE INTO tweak (tenure, bytes) VALUES (?, ?)')
  const erase = sqlite.prepare(
    'INSERT INTO tweak (tenure, bytes) VALUES (?, NULL) ON CONFLICT (tenure) DO UPDATE SET bytes = NULL',
  )

  const find = (tenure: string): Buffer | null | undefined => {
    const row = select.get(tenure) as { bytes: Uint8Array | null } | undefined
    if (row === undefined) return undefined
    return row.bytes === null ? null : Buffer.from(row.bytes)
  }

  const insertAbsent = (tenures: readonly string[]): void => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      for (const tenure of tenures) insert.run(tenure, randomBytes(32))
      sqlite.exec('COMMIT')
    } catch (cause) {
      sqlite.exec('ROLLBACK')
      throw cause
    }
  }

  const ensure = (tenures: readonly string[]): Map<string, Buffer | null> => {
    const found = new Map<string, Buffer | null>()
    const absent: string[] = []
    for (const tenure of tenures) {
      const tweak = find(tenure)
      if (tweak === undefined) absent.push(tenure)
      else found.set(tenure, tweak)
    }
    if (absent.length > 0) insertAbsent(absent)
    for (const tenure of absent) found.set(tenure, find(tenure) ?? null)
    return found
  }

  return { ensure, find, destroy: (tenure) => void erase.run(tenure), close: () => sqlite.close() }
}
