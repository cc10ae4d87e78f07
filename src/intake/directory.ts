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
/** Files that are gathered before anything is sealed: many small ones become few blocks. */
const FILES_AT_ONCE = 500

/** The files that wait in `dir`, oldest first; makes `done` and `failed` in it when they are missing. */
export async function waitingFiles(dir: string): Promise<WaitingFile[]> {
  await mkdir(join(dir, DONE), { recursive: true, mode: 0o700 })
  await mkdir(join(dir, FAILED), { recursive: true, mode: 0o700 })
  const waiting: WaitingFile[] = []
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!entry.isFile() || UNFINISHED.test(entry.name)) continue
    const path = join(dir, entry.name)
    const found = await stat(path).catch(() => null)
    if (found !== null)
      waiting.push({ name: entry.name, path, size: found.size, writtenAt: Math.floor(found.mtimeMs) })
  }
  return waiting.sort((a, b) => a.writtenAt - b.writtenAt || (a.name < b.name ? -1 : 1))
}

/**
 * Files what waits in `dir` and moves each file to `done` or `failed`.
 *
 * A file moves only after `ingest` has returned, which is after its records were committed; both directories are
 * synced before the next file is thought of. So a crash at any moment leaves a file either waiting, and then it is
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
    const batch = (await waitingFiles(dir)).slice(0, FILES_AT_ONCE)
    if (batch.length === 0) return handled
    const results = await handle(batch, ingest)
    await onHandled(results)
    let moved = 0
    for (const file of results) if (await move(dir, file)) moved++
    handled += moved
    // Somebody else's files, or a directory that cannot be written to: not now, then.
    if (moved === 0) return handled
  }
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
  return batch.flatMap((file): HandledFile[] => {
    const reason = unreadable.get(file.path)
    if (reason !== undefined) return [{ ...file, outcome: 'failed', reason, counts: NO_COUNTS }]
    const own = counts.get(file.path)!
    return own.grew ? [] : [{ ...file, outcome: 'done', reason: null, counts: own }]
  })
}

/** Moves a file; false when it is not there any more. A name that is taken gets a number. */
async function move(dir: string, file: HandledFile): Promise<boolean> {
  const into = join(dir, file.outcome === 'done' ? DONE : FAILED)
  let target = join(into, file.name)
  for (let number = 1; (await stat(target).catch(() => null)) !== null; number++) {
    target = join(into, `${file.name}.${number}`)
  }
  try {
    await rename(file.path, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  await sync(into)
  await sync(dir)
  return true
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
