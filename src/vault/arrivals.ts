import type pg from 'pg'
import { CodedError } from '../platform/coded-error.ts'
import type { IngestRun } from './ingest-run.ts'
import { findFiles, grownSizes, type KnownFile, registerFiles } from './ingest-store.ts'
import { type LookedFile, SMALL_BYTES } from './small-files.ts'
import { openSourceFile, type SourceFile } from './source-file.ts'
import { inTransaction, runOn } from './store.ts'
import type { VaultThreads } from './threads/threads.ts'

/** A file whose turn it is. */
export interface ArrivedFile {
  readonly path: string
  /** To be read here or on a thread of its own; null for a small one, whose bytes its group has. */
  readonly source: SourceFile | null
  /** Its place in the look of its group; 0 for a file by itself. */
  readonly at: number
  /** Another file of this run has the same bytes, and `open` waits until that one is on record. */
  readonly isAgain: boolean
  /** Of all its bytes. */
  readonly digest: Buffer
  readonly size: number
  /**
   * What is on record of it; a file of the same bytes that came before in this run is on record by then.
   * @throws CodedError `file-unreadable`, `file-changed`.
   */
  open(): Promise<{ known: KnownFile; beginning: KnownFile | null }>
  /** Is called when all of it is gathered, or nothing will be. */
  end(): Promise<void>
}

/** Gives files to one lane or several: a larger one alone, small ones many at a time, the last to hold their bytes. */
export interface Arrivals {
  next(lane: number): Promise<ArrivedFile[] | null>
}

/** Files are looked up and put on record so many at once: switches deliver small ones, and a round trip each would cost more. */
const FILES_AT_ONCE = 64
const BYTES_AT_ONCE = 8 * 1024 * 1024
const SMALL_AT_ONCE = 256

interface Found {
  readonly path: string
  readonly source: SourceFile | null
  readonly at: number
  readonly size: number
  readonly error: unknown
  readonly whole: Buffer
  /** The longest file on record that this one begins with. */
  readonly beginning: KnownFile | null
  known: KnownFile | null
}

/** The files of one run, in their order; where there are threads, those look at them first, each for the lane of its number. */
export function createArrivals(
  pool: pg.Pool,
  run: IngestRun,
  paths: readonly string[],
  threads: VaultThreads | null,
): Arrivals {
  const arrive = createArriving(pool, run)
  /** Nobody looked at these yet. */
  const waiting = threads === null ? [] : [...paths]
  /** These are taken one by one. */
  const large = threads === null ? [...paths] : []
  let ready: Found[] = []
  let turn: Promise<unknown> = Promise.resolve()
  const looking = new Set<Promise<unknown>>()

  const takeLarge = async (): Promise<ArrivedFile[] | null> => {
    if (ready.length === 0) {
      const found: Found[] = []
      for (let bytes = 0; large.length > 0 && found.length < FILES_AT_ONCE && bytes < BYTES_AT_ONCE; ) {
        const one = await look(pool, large.shift()!)
        found.push(one)
        bytes += one.size
      }
      await register(pool, found)
      ready = found
    }
    const found = ready.shift()
    return found === undefined ? null : [arrive(found)]
  }
  const inTurn = (): Promise<ArrivedFile[] | null> => {
    const own = turn.then(takeLarge)
    turn = own.catch(() => {})
    return own
  }
  const takeSmall = async (lane: number): Promise<ArrivedFile[]> => {
    const own = waiting.splice(0, SMALL_AT_ONCE)
    const grown = await grownSizes(runOn(pool), SMALL_BYTES)
    const looked = await threads!.look(lane, own, grown)
    waiting.unshift(...own.slice(looked.length))
    for (const file of looked) if (file.kind === 'large') large.push(file.path)
    const found = await foundOf(pool, looked)
    await register(pool, found)
    return found.map(arrive)
  }
  return {
    async next(lane) {
      for (;;) {
        const taken = large.length + ready.length > 0 ? await inTurn() : null
        if (taken !== null) return taken
        if (waiting.length > 0) {
          const own = takeSmall(lane)
          const ended = own.catch(() => {}).finally(() => looking.delete(ended))
          looking.add(ended)
          const files = await own
          if (files.length > 0) return files
        } else if (looking.size > 0) await Promise.race(looking)
        else if (large.length + ready.length === 0) return null
      }
    },
  }
}

/** Makes files out of what was found, in the order in which they are to wait for one another. */
function createArriving(pool: pg.Pool, run: IngestRun): (found: Found) => ArrivedFile {
  /** By digest: ends when the file that had it last is gathered. */
  const earlier = new Map<string, Promise<void>>()
  return (found) => {
    const { path, source, at, size, whole, error } = found
    const hex = whole.toString('hex')
    const before = error === null ? earlier.get(hex) : undefined
    const { promise, resolve } = Promise.withResolvers<void>()
    if (error === null) earlier.set(hex, promise)
    return {
      path,
      source,
      at,
      size,
      digest: whole,
      isAgain: before !== undefined,
      async open() {
        if (error !== null) throw error
        if (before !== undefined) {
          await before
          await run.settle()
          found.known = (await findFiles(runOn(pool), [whole])).get(hex)!
        }
        return { known: found.known!, beginning: found.beginning }
      },
      async end() {
        resolve()
        await source?.close()
      },
    }
  }
}

async function look(pool: pg.Pool, path: string): Promise<Found> {
  let source: SourceFile | null = null
  try {
    source = await openSourceFile(path)
    const { size } = source
    const { whole, beginnings } = await source.digest(await grownSizes(runOn(pool), size))
    const known = beginnings.size === 0 ? new Map() : await findFiles(runOn(pool), [...beginnings.values()])
    const beginning = longestKnown(known, beginnings)
    return { path, source, at: 0, size, error: null, whole, beginning, known: null }
  } catch (error) {
    await source?.close()
    return notFound(path, 0, error)
  }
}

function notFound(path: string, at: number, error: unknown): Found {
  return { path, source: null, at, size: 0, error, whole: Buffer.alloc(0), beginning: null, known: null }
}

async function foundOf(pool: pg.Pool, looked: readonly LookedFile[]): Promise<Found[]> {
  const beginnings = looked.flatMap((file) => (file.kind === 'small' ? [...file.beginnings.values()] : []))
  const known = beginnings.length === 0 ? new Map() : await findFiles(runOn(pool), beginnings.map(asBuffer))
  return looked.flatMap((file, at): Found[] => {
    const { path } = file
    if (file.kind === 'large') return []
    if (file.kind === 'failed')
      return [notFound(path, at, new CodedError(file.failure.code, file.failure.message))]
    const beginning = longestKnown(known, file.beginnings)
    const whole = asBuffer(file.digest)
    return [{ path, source: null, at, size: file.size, error: null, whole, beginning, known: null }]
  })
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Sizes come in their order. */
function longestKnown(
  known: ReadonlyMap<string, KnownFile>,
  beginnings: ReadonlyMap<number, Uint8Array>,
): KnownFile | null {
  let longest: KnownFile | null = null
  for (const digest of beginnings.values()) longest = known.get(asBuffer(digest).toString('hex')) ?? longest
  return longest
}

async function register(pool: pg.Pool, found: readonly Found[]): Promise<void> {
  const readable = found.filter(({ error }) => error === null)
  if (readable.length === 0) return
  const digests = readable.map(({ whole }) => whole)
  const known = await findFiles(runOn(pool), digests)
  const absent = readable.filter(({ whole }) => !known.has(whole.toString('hex')))
  const made = await inTransaction(pool, (run) =>
    registerFiles(
      run,
      absent.map(({ whole, size, beginning }) => ({
        digest: whole,
        size,
        through: beginning?.through ?? -1,
      })),
    ),
  )
  for (const file of readable) {
    const hex = file.whole.toString('hex')
    file.known = known.get(hex) ?? made.get(hex)!
  }
}
