import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CodedError } from '../platform/coded-error.ts'
import type { KeyErrorCode, Month } from './key-service.ts'

const FILE = 'tweaks.sqlite'

/** The random tweak of each tenure (`null` stands for one that was destroyed, and stays), and which months have a key. */
export interface Tweaks {
  /** Makes what is absent, in one durable transaction, and reads all back. */
  ensure(tenures: readonly string[]): Map<string, Buffer | null>
  /** `undefined` when there never was one. */
  find(tenure: string): Buffer | null | undefined
  destroy(tenure: string): void
  /** Notes that a month's key was made, so that nobody makes another when its file is lost. */
  noteMonth(month: Month): void
  /** The months whose keys were ever made. */
  months(): Month[]
  /** Why nothing of this can be had; null when all is well. */
  readonly lost: string | null
  close(): void
}

/**
 * Opens the tweaks of a key directory, making the file (0600) where the directory is `fresh`. A file that is missing
 * elsewhere, or damaged, is not made anew: what it held may come back from a backup, and a tweak made meanwhile would
 * be in its way. Until then each use throws (`key-missing`), and everything that needs no tweak goes on.
 *
 * Durable: `synchronous = EXTRA` syncs data, journal and directory before a commit returns. Shared: several
 * servers may open it; `INSERT OR IGNORE` and reading back gives all of them the first one's tweak. Erased:
 * `secure_delete` overwrites a destroyed tweak where it stood; there is no WAL in which it could linger.
 */
export function openTweaks(dir: string, fresh: boolean): Tweaks {
  const path = join(dir, FILE)
  if (!existsSync(path)) {
    if (!fresh) return lostTweaks(`${FILE} is missing`)
    closeSync(openSync(path, 'a', 0o600))
  }
  chmodSync(path, 0o600)
  try {
    return tweaksIn(path)
  } catch (cause) {
    if ((cause as { errcode?: number }).errcode === undefined) throw cause
    return lostTweaks(`${FILE} is damaged`)
  }
}

function lostTweaks(lost: string): Tweaks {
  const no = (): never => {
    throw new CodedError<KeyErrorCode>(
      'key-missing',
      `${lost}: no call record opens or is filed until it is restored from a backup of the keys`,
    )
  }
  return { ensure: no, find: no, destroy: no, noteMonth: no, months: () => [], lost, close: () => {} }
}

function tweaksIn(path: string): Tweaks {
  const sqlite = new DatabaseSync(path)
  sqlite.exec(`
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = DELETE;
    PRAGMA synchronous = EXTRA;
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS tweak (tenure TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS month (name TEXT PRIMARY KEY) WITHOUT ROWID;
    SELECT count(*) FROM tweak;
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

  const note = sqlite.prepare('INSERT OR IGNORE INTO month (name) VALUES (?)')
  const noted = sqlite.prepare('SELECT name FROM month ORDER BY name')
  return {
    ensure,
    find,
    destroy: (tenure) => void erase.run(tenure),
    noteMonth: (month) => void note.run(month),
    months: () => noted.all().map((row) => row.name as Month),
    lost: null,
    close: () => sqlite.close(),
  }
}
