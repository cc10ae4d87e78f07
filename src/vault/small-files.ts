import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { BatchMaker, CallBatch } from '../calls/call-batch.ts'
import type { FillBatches } from '../calls/formats/fill.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { SourceFileCode } from './source-file.ts'

/** Files up to this size are read whole, many at a time; larger ones in pieces, each by itself. */
export const SMALL_BYTES = 512 * 1024
/** So much of them is in memory at once. */
const BYTES_AT_ONCE = 8 * 1024 * 1024

/** An error with a code, as plain data: it may come from another thread. */
export interface FileFailure {
  readonly message: string
  readonly code: string
}

/** What a look found: a small file with its SHA-256 and that of its first bytes by length, a large one, or none to be read. */
export type LookedFile =
  | {
      readonly kind: 'small'
      readonly path: string
      readonly size: number
      readonly digest: Uint8Array
      readonly beginnings: ReadonlyMap<number, Uint8Array>
    }
  | { readonly kind: 'large'; readonly path: string }
  | { readonly kind: 'failed'; readonly path: string; readonly failure: FileFailure }

/** A part of a file's calls, its end, or why it has none; `at` is the file's place in the look. */
export type SmallPiece = { readonly at: number } & (
  | { readonly kind: 'batch'; readonly batch: CallBatch }
  | { readonly kind: 'end'; readonly grew: boolean; readonly endsWithLine: boolean }
  | { readonly kind: 'failed'; readonly failure: FileFailure }
)

/** Small files whose bytes are in memory. */
export interface SmallFiles {
  /** Of the paths in their order; fewer when memory ends before. */
  readonly looked: readonly LookedFile[]
  /**
   * Reads those at `wanted` into batches that share the maker's dictionaries, so many pieces together that they hold some
   * `limit` rows. After a file that failed, the maker is another, for what that file left in it is nobody's.
   */
  read(
    wanted: readonly number[],
    fill: FillBatches,
    makers: { current(): BatchMaker; renew(): void },
    limit: number,
  ): AsyncGenerator<SmallPiece[]>
}

interface Held {
  readonly bytes: Buffer
  readonly inode: number
}

/**
 * Reads files whole, without waiting for one another's round trips to the disk: on a thread that does nothing else, a
 * small file takes less time so than the promises would. What is read later are the very bytes of the digest.
 */
export function lookAtSmall(paths: readonly string[], grownSizes: readonly number[]): SmallFiles {
  const looked: LookedFile[] = []
  const held: (Held | null)[] = []
  for (let bytes = 0; looked.length < paths.length && bytes < BYTES_AT_ONCE; ) {
    const path = paths[looked.length]!
    const found = lookAt(path)
    held.push('bytes' in found ? found : null)
    looked.push('bytes' in found ? digested(path, found.bytes, grownSizes) : found)
    bytes += held.at(-1)?.bytes.length ?? 0
  }
  return {
    looked,
    async *read(wanted, fill, makers, limit) {
      let pieces: SmallPiece[] = []
      let rows = 0
      for (const at of wanted) {
        const { bytes, inode } = held[at]!
        try {
          for await (const batch of fill(inPieces(bytes), makers.current())) {
            pieces.push({ at, kind: 'batch', batch })
            rows += batch.count + batch.faults.length
            if (rows < limit) continue
            yield pieces
            ;[pieces, rows] = [[], 0]
          }
          pieces.push({ at, kind: 'end', ...growthOf(looked[at]!.path, bytes, inode) })
        } catch (error) {
          if (!(error instanceof CodedError)) throw error
          makers.renew()
          pieces.push({ at, kind: 'failed', failure: { message: error.message, code: error.code } })
        }
      }
      if (pieces.length > 0) yield pieces
    },
  }
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes
}

function digested(path: string, bytes: Buffer, grownSizes: readonly number[]): LookedFile {
  const beginnings = new Map<number, Uint8Array>()
  for (const size of grownSizes) {
    if (size < bytes.length) beginnings.set(size, digestOf(bytes.subarray(0, size)))
  }
  return { kind: 'small', path, size: bytes.length, digest: digestOf(bytes), beginnings }
}

/** In memory of its own: it crosses to another thread. */
function digestOf(bytes: Buffer): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

function lookAt(path: string): Held | LookedFile {
  const failed = (code: SourceFileCode, message: string): LookedFile => ({
    kind: 'failed',
    path,
    failure: { message, code },
  })
  let file: number
  try {
    // A pipe in a file's place must not hold the thread until somebody writes to it.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return failed('file-unreadable', `cannot read ${path}`)
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return failed('file-unreadable', `${path} is not a file`)
    if (stat.size > SMALL_BYTES) return { kind: 'large', path }
    const bytes = Buffer.allocUnsafeSlow(stat.size)
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(file, bytes, at, bytes.length - at, at)
      if (read === 0) return failed('file-changed', `${path} was rewritten while it was read: try again`)
      at += read
    }
    return { bytes, inode: stat.ino }
  } finally {
    closeSync(file)
  }
}

/** Whether it is longer by now; one that was moved away, or replaced by another, is what it was. */
function growthOf(path: string, bytes: Buffer, inode: number): { grew: boolean; endsWithLine: boolean } {
  const now = statSync(path, { throwIfNoEntry: false })
  const grew = now !== undefined && now.ino === inode && now.size > bytes.length
  return { grew, endsWithLine: bytes.length === 0 || bytes.at(-1) === 0x0a }
}
