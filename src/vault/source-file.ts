import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { CodedError } from '../platform/coded-error.ts'

const CHUNK_BYTES = 512 * 1024

export type SourceFileCode = 'file-unreadable' | 'file-changed'

/** A file as it stood when it was opened; what is appended later is not read. */
export interface SourceFile {
  readonly path: string
  readonly size: number
  /** SHA-256 of its `size` bytes, and of its first bytes for each of `sizes`. */
  digest(sizes: readonly number[]): Promise<{ whole: Buffer; beginnings: Map<number, Buffer> }>
  /** Its `size` bytes. @throws CodedError `file-changed` at the end, when they are not the ones of `digest`. */
  bytes(expected: Buffer, onBytes: (read: number) => void): Readable
  /** Whether it is longer by now, and whether its `size` bytes end with a line. */
  growth(): Promise<{ grew: boolean; endsWithLine: boolean }>
  close(): Promise<void>
}

/** Opens a file for ingest. @throws CodedError `file-unreadable`. */
export async function openSourceFile(path: string): Promise<SourceFile> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (cause) {
    throw new CodedError<SourceFileCode>('file-unreadable', `cannot read ${path}`, { cause })
  }
  const stat = await handle.stat()
  if (!stat.isFile()) {
    await handle.close()
    throw new CodedError<SourceFileCode>('file-unreadable', `${path} is not a file`)
  }
  return sourceFile(handle, path, stat.size)
}

/** Opens a file again of which `openSourceFile` gave `size`. @throws CodedError `file-changed` when it is gone. */
export async function reopenSourceFile(path: string, size: number): Promise<SourceFile> {
  try {
    return sourceFile(await open(path, 'r'), path, size)
  } catch (cause) {
    throw changed(path, cause)
  }
}

function sourceFile(handle: FileHandle, path: string, size: number): SourceFile {
  return {
    path,
    size,
    async digest(sizes) {
      const hash = createHash('sha256')
      const beginnings = new Map<number, Buffer>()
      let at = 0
      // Each chunk is done with when the next one is asked for, so all of them have one memory.
      const memory = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size))
      for (const end of [...sizes.filter((s) => s < size).toSorted((a, b) => a - b), size]) {
        for await (const chunk of chunksOf(handle, path, at, end, () => memory)) hash.update(chunk)
        at = end
        if (end < size) beginnings.set(end, hash.copy().digest())
      }
      return { whole: hash.digest(), beginnings }
    },
    bytes(expected, onBytes) {
      const hash = createHash('sha256')
      return Readable.from(checkedChunks(chunksOf(handle, path, 0, size), hash, expected, path, onBytes), {
        objectMode: false,
        highWaterMark: CHUNK_BYTES,
      })
    },
    async growth() {
      const grew = (await handle.stat()).size > size
      const last = Buffer.alloc(1)
      if (size > 0) await handle.read(last, 0, 1, size - 1)
      return { grew, endsWithLine: size === 0 || last[0] === 0x0a }
    },
    close: () => handle.close(),
  }
}

async function* chunksOf(
  handle: FileHandle,
  path: string,
  from: number,
  end: number,
  memoryFor: (bytes: number) => Buffer = Buffer.allocUnsafe,
): AsyncGenerator<Buffer> {
  for (let at = from; at < end; ) {
    const bytes = Math.min(CHUNK_BYTES, end - at)
    const chunk = memoryFor(bytes)
    const { bytesRead } = await handle.read(chunk, 0, bytes, at)
    if (bytesRead === 0) throw changed(path)
    at += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}

async function* checkedChunks(
  chunks: AsyncIterable<Buffer>,
  hash: Hash,
  expected: Buffer,
  path: string,
  onBytes: (read: number) => void,
): AsyncGenerator<Buffer> {
  let read = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    read += chunk.length
    onBytes(read)
    yield chunk
  }
  if (!hash.digest().equals(expected)) throw changed(path)
}

function changed(path: string, cause?: unknown): CodedError<SourceFileCode> {
  return new CodedError<SourceFileCode>(
    'file-changed',
    `${path} was rewritten while it was read: try again`,
    cause === undefined ? {} : { cause },
  )
}
