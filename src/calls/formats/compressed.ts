import { Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { CodedError } from '../../platform/coded-error.ts'

export type CompressedCode = 'source-bomb' | 'source-compressed-broken'

const CHUNK = 64 * 1024
/** A window of 16 MB: what zstd uses up to its highest ordinary level; more would be memory that a stranger chooses. */
const LARGEST_WINDOW_LOG = 24
/** Call records shrink to a tenth or a twentieth; nothing honest grows past both of these. */
const LARGEST_RATIO = 200
const ALWAYS_ALLOWED = 64 * 1024 * 1024

/** What a file is compressed with, by its first bytes. */
export function compressionOf(head: Buffer): 'gzip' | 'zstd' | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null
}

/**
 * The bytes that compressed ones stand for, in chunks. Compressed data that is cut off or damaged gives what could
 * be had of it and then calls `onBroken`, so that the whole records before the damage are not lost.
 * @throws CodedError `source-bomb` when the data grows beyond anything that call records do.
 */
export async function* decompress(
  bytes: AsyncIterable<Buffer>,
  kind: 'gzip' | 'zstd',
  onBroken: () => void,
): AsyncGenerator<Buffer> {
  let taken = 0
  let given = 0
  const counted = Readable.from(countBytes(bytes, (size) => (taken += size)))
  const inflate =
    kind === 'gzip'
      ? createGunzip({ chunkSize: CHUNK })
      : createZstdDecompress({
          chunkSize: CHUNK,
          params: { [constants.ZSTD_d_windowLogMax]: LARGEST_WINDOW_LOG },
        })
  let failure: unknown
  counted.on('error', (cause) => {
    failure = cause
    inflate.destroy(cause)
  })
  counted.pipe(inflate)
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      given += chunk.length
      if (given > ALWAYS_ALLOWED && given > taken * LARGEST_RATIO) throw bomb()
      yield chunk
    }
  } catch (cause) {
    // The file itself could not be read on, or it is a bomb: not for us to pass over.
    if (failure !== undefined || (cause instanceof CodedError && cause.code === 'source-bomb')) throw cause
    onBroken()
  } finally {
    counted.destroy()
    inflate.destroy()
  }
}

async function* countBytes(
  bytes: AsyncIterable<Buffer>,
  count: (size: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    count(chunk.length)
    yield chunk
  }
}

function bomb(): CodedError<CompressedCode> {
  return new CodedError(
    'source-bomb',
    'the file grows to more than 200 times its size when it is decompressed: call records do not, so it is refused',
  )
}
