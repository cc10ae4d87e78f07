import { mkdir, open, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../platform/coded-error.ts'
import type { IngestSummary } from '../vault/ingest.ts'

/** A file that lies in the intake directory. */
export interface WaitingFile {
  readonly name: string
  readonly path: string
  readonly size: number
  /** When it was last written, ms since 1970. */
  readonly writtenAt: number
}

/** What became of one file. */
export interface HandledFile extends WaitingFile {
  readonly outcome: 'done' | 'failed'
  /** The code of why it failed. */
  readonly reason: string | null
  readonly counts: Pick<IngestSummary, 'read' | 'filed' | 'duplicate' | 'quarantined'>
}

/** Files whole files; tells of each of which nothing could be read, and why. */
export type IngestPaths = (
  paths: readonly string[],
  onUnreadable: (path: string, error: CodedError<string>) => void,
) => Promise<IngestSummary>

const DONE = 'done'
const FAILED = 'failed'
const NO_COUNTS = { read: 0, filed: 0, duplicate: 0, quarantined: 0 }
/** Writers finish elsewhere and rename; names that say "not yet" are left alone all the same. */
const UNFINISHED = /^\.|\.(tmp|part|partial|filepart|writing|swp)$|~$/i
/**
 * What is gathered before anything is sealed: many small files become few blocks, and a file stays where it lies until all of
 * its lot are on record.
 */
const FILES_AT_ONCE = 10_000
const BYTES_AT_ONCE = 256 * 1024 * 1024
/** Questions to the file system that wait at once. */
const ASKED_AT_ONCE = 32

/** The files that wait in `dir`, oldest first; makes `done` and `failed` in it when they are missing. */
export async function waitingFiles(dir: string): Promise<WaitingFile[]> {
  await mkdir(join(dir, DONE), { recursive: true, mode: 0o700 })
  await mkdir(join(dir, FAILED), { recursive: true, mode: 0o700 })
  const names = (await readdir(dir, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
    .map(({ name }) => name)
  const found = await inParts(names, async (name): Promise<WaitingFile | null> => {
    const path = join(dir, name)
    const own = await stat(path).catch(() => null)
    return own === null ? null : { name, path, size: own.size, writtenAt: Math.floor(own.mtimeMs) }
  })
  const waiting = found.filter((file) => file !== null)
  return waiting.sort((a, b) => a.writtenAt - b.writtenAt || (a.name < b.name ? -1 : 1))
}

/** Asks about many things, some at once; the answers in their order. */
async function inParts<Thing, Answer>(
  things: readonly Thing[],
  ask: (thing: Thing) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let at = 0; at < things.length; at += ASKED_AT_ONCE)
    answers.push(...(await Promise.all(things.slice(at, at + ASKED_AT_ONCE).map(ask))))
  return answers
}

/**
 * Files what waits in `dir` and moves each file to `done` or `failed`.
 *
 * A file moves only after `ingest` has returned, which is after its records were committed; both directories are
 * synced before the next lot is thought of. So a crash at any moment leaves a file either waiting, and then it is
 * known by its digest and costs nothing but a look, or moved, and then all of it is on record. Two servers on one
 * directory do no harm: each record is filed once, and who loses a file to the other passes over it.
 *
 * A file that cannot be read at all goes to `failed` alone. One that is still being written, in spite of the rule to
 * rename it in, stays. When the world fails (database, disk), everything stays and the error is thrown.
 */
export async function sweepDirectory(
  dir: string,
  ingest: IngestPaths,
  onHandled: (files: readonly HandledFile[]) => Promise<void>,
): Promise<number> {
  let handled = 0
  for (;;) {
    let moved = 0
    for (const lot of lotsOf(await waitingFiles(dir))) {
      const results = await handle(lot, ingest)
      await onHandled(results)
      moved += await moveAll(dir, results)
    }
    handled += moved
    // Somebody else's files, or a directory that cannot be written to: not now, then.
    if (moved === 0) return handled
  }
}

function lotsOf(waiting: readonly WaitingFile[]): WaitingFile[][] {
  const lots: WaitingFile[][] = []
  let bytes = BYTES_AT_ONCE
  for (const file of waiting) {
    if (bytes >= BYTES_AT_ONCE || lots.at(-1)!.length >= FILES_AT_ONCE) {
      lots.push([])
      bytes = 0
    }
    lots.at(-1)!.push(file)
    bytes += file.size
  }
  return lots
}

async function handle(batch: readonly WaitingFile[], ingest: IngestPaths): Promise<HandledFile[]> {
  const unreadable = new Map<string, string>()
  let summary: IngestSummary
  try {
    summary = await ingest(
      batch.map(({ path }) => path),
      (path, { code }) => unreadable.set(path, code),
    )
  } catch (error) {
    // One was rewritten while it was read: it waits, and the others are taken one by one.
    if (!(error instanceof CodedError) || error.code !== 'file-changed') throw error
    if (batch.length === 1) return []
    const results: HandledFile[] = []
    for (const file of batch) results.push(...(await handle([file], ingest)))
    return results
  }
  const counts = new Map(summary.files.map((file) => [file.path, file]))
  const results: HandledFile[] = []
  for (const file of batch) {
    const reason = unreadable.get(file.path)
    if (reason === undefined) {
      const own = counts.get(file.path)!
      if (!own.grew) results.push({ ...file, outcome: 'done', reason: null, counts: own })
    } else if (reason !== 'file-changed' && !(reason === 'file-unreadable' && (await isGone(file.path)))) {
      results.push({ ...file, outcome: 'failed', reason, counts: NO_COUNTS })
    }
  }
  return results
}

/** Another server may have filed and moved it since the directory was read. */
async function isGone(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) === null
}

/** Moves files and then makes it durable for all of them; gives how many there still were. */
async function moveAll(dir: string, files: readonly HandledFile[]): Promise<number> {
  const taken = new Set<string>()
  const moved = await inParts(files, (file) => move(dir, file, taken))
  const into = new Set(files.map(({ outcome }) => join(dir, outcome === 'done' ? DONE : FAILED)))
  for (const directory of into) await sync(directory)
  if (files.length > 0) await sync(dir)
  return moved.filter((is) => is).length
}

/** Moves a file; false when it is not there any more. A name that is taken gets a number. */
async function move(dir: string, file: HandledFile, taken: Set<string>): Promise<boolean> {
  const into = join(dir, file.outcome === 'done' ? DONE : FAILED)
  let target = join(into, file.name)
  for (let number = 1; ; number++) {
    // Names that are moved to at the same time are taken before anybody looks whether they are free.
    if (!taken.has(target)) {
      taken.add(target)
      if ((await stat(target).catch(() => null)) === null) break
    }
    target = join(into, `${file.name}.${number}`)
  }
  try {
    await rename(file.path, target)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
