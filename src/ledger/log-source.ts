import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '../platform/coded-error.ts'
import { encodeTilePath, TILE_WIDTH, type TileName } from './tiles.ts'

/** Where a public log (C2SP tlog-tiles) is read from: an address, or a folder of files. */
export interface LogSource {
  /** What stands at `path` below the log's prefix; null when nothing does. @throws CodedError `log-unreachable` */
  read(path: string): Promise<Uint8Array | null>
}

export type LogSourceFault = 'log-unreachable' | 'log-incomplete'

const TRIES = 5
const TIMEOUT_MS = 30_000
const MAX_BYTES = 256 * 1024
const LONGEST_PAUSE_MS = 60_000

/** A log behind an address, `https://care.example/log`. It waits where the server asks it to. */
export function createHttpSource(url: string): LogSource {
  const prefix = url.replace(/\/+$/, '')
  return {
    async read(path) {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await get(`${prefix}/${path}`)
        if (answer?.status === 404) return null
        if (answer?.status === 200) return readBody(answer)
        await answer?.body?.cancel()
        if (attempt === TRIES || (answer !== null && answer.status < 500 && answer.status !== 429))
          throw new CodedError<LogSourceFault>(
            'log-unreachable',
            `${prefix}/${path} ${answer === null ? 'cannot be reached' : `answers ${answer.status}`}`,
          )
        await pause(answer, attempt)
      }
    },
  }
}

async function get(url: string): Promise<Response | null> {
  try {
    return await fetch(url, {
      headers: { 'accept-encoding': 'gzip, identity' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    return null
  }
}

async function readBody(answer: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES)
      throw new CodedError<LogSourceFault>('log-unreachable', `${answer.url} is too large`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function pause(answer: Response | null, attempt: number): Promise<void> {
  const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN) * 1000
  const ms = Math.min(LONGEST_PAUSE_MS, Number.isFinite(asked) ? asked : 250 * 2 ** attempt)
  await new Promise((resolve) => setTimeout(resolve, ms))
}

/** A log in a folder, as a mirror keeps it. */
export function createFolderSource(folder: string): LogSource {
  return {
    async read(path) {
      try {
        return await readFile(join(folder, path))
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOENT' || code === 'ENOTDIR') return null
        throw error
      }
    },
  }
}

/**
 * A tile or bundle of that width; where the partial one is gone because the full one is there, the full one's
 * beginning is the caller's to take. @throws CodedError `log-incomplete` when the log has neither
 */
export async function readTileOf(source: LogSource, tile: TileName): Promise<Uint8Array> {
  const path = encodeTilePath(tile)
  const found =
    (await source.read(path)) ??
    (tile.width < TILE_WIDTH ? await source.read(encodeTilePath({ ...tile, width: TILE_WIDTH })) : null)
  if (found !== null) return found
  throw new CodedError<LogSourceFault>('log-incomplete', `the log lacks ${path}, which its checkpoint needs`)
}

/** The log's checkpoint note. @throws CodedError `log-incomplete` */
export async function readCheckpointOf(source: LogSource): Promise<string> {
  const bytes = await source.read('checkpoint')
  if (bytes === null)
    throw new CodedError<LogSourceFault>('log-incomplete', 'there is no checkpoint: is this a log?')
  return Buffer.from(bytes).toString('utf8')
}
