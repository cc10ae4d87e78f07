import type pg from 'pg'
import type { IngestRun } from './ingest-run.ts'
import { findFiles, grownSizes, type KnownFile, registerFiles } from './ingest-store.ts'
import { openSourceFile, type SourceFile } from './source-file.ts'
import { inTransaction, runOn } from './store.ts'

/** A file whose turn it is. */
export interface ArrivedFile {
  readonly path: string
  /**
   * What it is and what is on record of it; a file of the same bytes that came before in this run is on record by then.
   * @throws CodedError `file-unreadable`, `file-changed`.
   */
  open(): Promise<{ source: SourceFile; known: KnownFile; beginning: KnownFile | null }>
  /** Of all its bytes; known once it is open. */
  digest(): Buffer
  /** Is called when all of it is gathered, or nothing will be. */
  end(): Promise<void>
}

/** Gives files one after the other, to one lane or several. */
export interface Arrivals {
  next(): Promise<ArrivedFile | null>
}

/** Files are looked up and put on record so many at once: switches deliver small ones, and a round trip each would cost more. */
const FILES_AT_ONCE = 64
const BYTES_AT_ONCE = 8 * 1024 * 1024

interface Found {
  readonly path: string
  readonly source: SourceFile | null
  readonly error: unknown
  readonly whole: Buffer
  /** The longest file on record that this one begins with. */
  readonly beginning: KnownFile | null
  known: KnownFile | null
}

/** The files of one run, in their order. */
export function createArrivals(pool: pg.Pool, run: IngestRun, paths: readonly string[]): Arrivals {
  let next = 0
  let ready: Found[] = []
  let turn: Promise<unknown> = Promise.resolve()
  /** By digest: ends when the file that had it last is gathered. */
  const earlier = new Map<string, Promise<void>>()
  const take = async (): Promise<ArrivedFile | null> => {
    if (ready.length === 0) {
      const found: Found[] = []
      for (let bytes = 0; next < paths.length && found.length < FILES_AT_ONCE && bytes < BYTES_AT_ONCE; ) {
        const one = await look(pool, paths[next++]!)
        found.push(one)
        bytes += one.source?.size ?? 0
      }
      await register(pool, found)
      ready = found
    }
    const found = ready.shift()
    if (found === undefined) return null
    const hex = found.whole.toString('hex')
    const before = found.source === null ? undefined : earlier.get(hex)
    const { promise, resolve } = Promise.withResolvers<void>()
    if (found.source !== null) earlier.set(hex, promise)
    return {
      path: found.path,
      digest: () => found.whole,
      async open() {
        const { source, beginning } = found
        if (source === null) throw found.error
        if (before !== undefined) {
          await before
          await run.settle()
          found.known = (await findFiles(runOn(pool), [found.whole])).get(hex)!
        }
        return { source, known: found.known!, beginning }
      },
      async end() {
        resolve()
        await found.source?.close()
      },
    }
  }
  return {
    next() {
      const own = turn.then(take)
      turn = own.catch(() => {})
      return own
    },
  }
}

async function look(pool: pg.Pool, path: string): Promise<Found> {
  let source: SourceFile | null = null
  try {
    source = await openSourceFile(path)
    const { whole, beginnings } = await source.digest(await grownSizes(runOn(pool), source.size))
    let beginning: KnownFile | null = null
    if (beginnings.size > 0) {
      const known = await findFiles(runOn(pool), [...beginnings.values()])
      for (const [, digest] of beginnings) beginning = known.get(digest.toString('hex')) ?? beginning
    }
    return { path, source, error: null, whole, beginning, known: null }
  } catch (error) {
    await source?.close()
    return { path, source: null, error, whole: Buffer.alloc(0), beginning: null, known: null }
  }
}

async function register(pool: pg.Pool, found: readonly Found[]): Promise<void> {
  const readable = found.filter(({ source }) => source !== null)
  const digests = readable.map(({ whole }) => whole)
  const known = await findFiles(runOn(pool), digests)
  const absent = readable.filter(({ whole }) => !known.has(whole.toString('hex')))
  const made = await inTransaction(pool, (run) =>
    registerFiles(
      run,
      absent.map(({ whole, source, beginning }) => ({
        digest: whole,
        size: source!.size,
        through: beginning?.through ?? -1,
      })),
    ),
  )
  for (const file of readable) {
    const hex = file.whole.toString('hex')
    file.known = known.get(hex) ?? made.get(hex)!
  }
}
