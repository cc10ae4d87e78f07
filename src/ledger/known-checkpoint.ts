import { existsSync, readFileSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type pg from 'pg'
import { CodedError } from '../platform/coded-error.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { sameBytes } from './merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from './node-crypto.ts'
import { parseNote, type VerifierKey } from './note.ts'
import { rootAt } from './prover.ts'
import { type HeadRow, readTileRow } from './store.ts'

/**
 * The newest checkpoints that this log is known to have signed, and that a witness is known to have cosigned, in files
 * outside the database (beside the keys), so that a database that was put back to an older state is noticed before it
 * hands out an index for the second time.
 */
export interface KnownCheckpoint {
  /** The newest note signed, or null when none is kept. */
  read(): string | null
  /** The newest note that any witness cosigned: what outsiders hold against us. */
  readWitnessed(): string | null
  /** Keeps a note, soon: the newest wins, and a smaller one never replaces a larger. Never throws. */
  keep(note: string): void
  /** The same for one with cosignatures. */
  keepWitnessed(note: string): void
  /** Puts the newest note aside under its size, when an officer has acknowledged that it is not the log's any more. */
  setAside(): Promise<void>
  /** Puts both aside: the log they are of will never be continued. */
  setAllAside(): Promise<void>
  /** Resolves when what was to be kept is. */
  settle(): Promise<void>
}

/** In the file at `path`, and in another of its name with `.witnessed` behind. */
export function createKnownCheckpoint(path: string, onFailure: () => void = () => {}): KnownCheckpoint {
  const signed = createNoteFile(path, onFailure)
  const witnessed = createNoteFile(witnessedPath(path), onFailure)
  return {
    read: signed.read,
    readWitnessed: witnessed.read,
    keep: signed.keep,
    keepWitnessed: witnessed.keep,
    setAside: () => putAside(path, signed),
    async setAllAside() {
      await putAside(path, signed)
      await putAside(witnessedPath(path), witnessed)
    },
    async settle() {
      await signed.settle()
      await witnessed.settle()
    },
  }
}

async function putAside(path: string, file: ReturnType<typeof createNoteFile>): Promise<void> {
  await file.settle()
  const kept = file.read()
  if (kept !== null) await rename(path, `${path}.${sizeOf(kept)}-lost`)
}

function witnessedPath(path: string): string {
  return `${path}.witnessed`
}

/** Each write is a file of its own, renamed over the last: a crash leaves the one or the other. */
function createNoteFile(path: string, onFailure: () => void) {
  let next: string | null = null
  let writing: Promise<void> | null = null
  const read = () => (existsSync(path) ? readFileSync(path, 'utf8') : null)

  async function write(): Promise<void> {
    try {
      while (next !== null) {
        const note = next
        next = null
        // Another server of the same database may have kept a newer one.
        if (sizeOf(read()) > sizeOf(note)) continue
        const aside = `${path}.${process.pid}.making`
        await writeFile(aside, note, { mode: 0o600 })
        await rename(aside, path)
      }
    } catch {
      onFailure()
    }
    writing = null
  }

  return {
    read,
    keep(note: string) {
      next = note
      // Not at once: `writing` must stand before it can end.
      writing ??= Promise.resolve().then(write)
    },
    settle: async () => {
      while (writing !== null) await writing
    },
  }
}

/** Forgets what is known: only a demo whose making was cut off is made again from nothing. */
export function forgetKnownCheckpoint(path: string): void {
  for (const kept of [path, witnessedPath(path)]) rmSync(kept, { force: true })
}

function sizeOf(note: string | null): number {
  if (note === null) return -1
  try {
    return parseCheckpoint(parseNote(note).text).size
  } catch {
    return -1
  }
}

/** How a database falls short of what is known to have been signed. */
export interface Setback {
  readonly kind: 'rolled-back' | 'forked'
  /** Entries in the log when the known checkpoint was signed, and now. */
  readonly knownSize: number
  readonly size: number
}

/**
 * Holds the stored head against a checkpoint known from elsewhere: null when the log only grew since.
 * @throws CodedError of note and checkpoint when the known one is not signed by this log: somebody changed the file.
 */
export async function setbackOf(
  pool: pg.Pool,
  head: HeadRow,
  known: string,
  key: VerifierKey,
): Promise<Setback | null> {
  const { size: knownSize, root }: Checkpoint = verifyCheckpoint(known, key, nodeVerifyEd25519)
  const { size } = head
  if (knownSize > size) return { kind: 'rolled-back', knownSize, size }
  const readTile = (level: number, index: number, width: number) => readTileRow(pool, level, index, width)
  const now = await rootAt(knownSize, readTile, nodeSha256)
  return sameBytes(now, root) ? null : { kind: 'forked', knownSize, size }
}

/** What stops a log that was set back, in words. */
export function setbackError({ kind, knownSize, size }: Setback): CodedError<'ledger-set-back'> {
  const what =
    kind === 'rolled-back'
      ? `the database holds ${size} entries, but the log had ${knownSize} when it last signed: an older state was restored`
      : `the first ${knownSize} of the ${size} entries in the database are not those that were signed: it has another history`
  return new CodedError(
    'ledger-set-back',
    `${what}. Nothing is shown or recorded until an officer acknowledges it: read docs/running.md, Restore, then run "countersign acknowledge"`,
    { fatal: true },
  )
}
