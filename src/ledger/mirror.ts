import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeDurably } from '../keys/durable-file.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Checkpoint } from './checkpoint.ts'
import { Edge } from './edge.ts'
import { createFolderSource, type LogSource, readCheckpointOf, readTileOf } from './log-source.ts'
import { sameBytes } from './merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from './node-crypto.ts'
import { type ReadTileFile, walkPublicLog } from './public-walk.ts'
import { encodeTilePath, parseBundle, TILE_WIDTH } from './tiles.ts'
import { readWitnessed, type TrustPolicy } from './trust-policy.ts'
import { type PublicVerdict, takeCheckpoint } from './verify-public.ts'

export interface MirrorOptions {
  readonly from: LogSource
  readonly folder: string
  readonly policy: TrustPolicy
  readonly progress?: (done: number, total: number) => void
}

/** What became of it; `copied` counts files. */
export type MirrorVerdict = PublicVerdict & { readonly copied: number }

/**
 * Copies a public log into a folder that any static web server can serve as it is, verifying everything.
 *
 * Why it can be killed anywhere. Files are written under another name and renamed, so a file is whole or absent; the
 * checkpoint is written last, after all files it needs are on the disk. So the folder always holds a whole, proven
 * log of its checkpoint's size. What a killed run left beyond that is used by the next one only together with the
 * rest, under the new signed root; where that does not come out, everything beyond is fetched anew.
 * @throws CodedError `log-unreachable`, `mirror-broken` when the folder does not hold the log of its own checkpoint
 */
export async function mirrorLog(options: MirrorOptions): Promise<MirrorVerdict> {
  const kept = await readKept(options)
  const note = await readCheckpointOf(options.from)
  const taken = takeCheckpoint(options.policy, note, kept)
  if ('fault' in taken) return { ...taken.fault, copied: 0 }
  const { checkpoint } = taken.read
  const first = await copy(options, checkpoint, kept, true)
  // Something that a killed run left, or that lay there before, may be at fault: once more without it.
  const last = first.ok || first.reused === 0 ? first : await copy(options, checkpoint, kept, false)
  const { ok, copied } = last
  if (ok) writeDurably(options.folder, 'checkpoint', note)
  return {
    ok,
    code: last.code,
    size: checkpoint.size,
    why: last.why,
    checkpoint: ok ? note : null,
    copied,
    ...(last.at === undefined ? {} : { firstWrong: last.at }),
  }
}

interface Copied {
  readonly ok: boolean
  readonly code: PublicVerdict['code']
  readonly why: string
  readonly at?: number
  readonly copied: number
  readonly reused: number
}

async function copy(
  options: MirrorOptions,
  checkpoint: Checkpoint,
  kept: Checkpoint | null,
  reuse: boolean,
): Promise<Copied> {
  const { folder } = options
  const files = new FolderWriter(folder)
  const from = await beginningOf(folder, kept)
  const finding = await walkPublicLog({
    source: reuse ? files.reusing(options.from) : options.from,
    checkpoint,
    from,
    seen: kept === null ? [] : [kept],
    onTile: (file) => files.write(file),
    ...(options.progress === undefined ? {} : { progress: options.progress }),
  })
  await files.sync()
  const { copied, reused } = files
  if (finding !== null) return { ok: false, ...finding, copied, reused }
  await files.dropPartials(checkpoint.size)
  const why = `Mirrored: all ${checkpoint.size} entries of ${checkpoint.origin} are in ${folder}, proven; ${copied} files were copied.`
  return { ok: true, code: 'proven', why, copied, reused }
}

async function readKept({ folder, policy }: MirrorOptions): Promise<Checkpoint | null> {
  await mkdir(folder, { recursive: true })
  const note = await createFolderSource(folder).read('checkpoint')
  if (note === null) return null
  try {
    return readWitnessed(policy, Buffer.from(note).toString('utf8'), nodeVerifyEd25519).checkpoint
  } catch (cause) {
    throw broken(folder, cause)
  }
}

/** The edge of the mirror's own tree, back to its last full bundle. */
async function beginningOf(folder: string, kept: Checkpoint | null): Promise<Edge> {
  if (kept === null) return new Edge(nodeSha256)
  const source = createFolderSource(folder)
  const readTile = (level: number, index: number, width: number) =>
    readTileOf(source, { level, index, width })
  try {
    const whole = await Edge.load(kept.size, readTile, nodeSha256)
    if (!sameBytes(whole.root(), kept.root)) throw broken(folder)
    return await Edge.load(Math.floor(kept.size / TILE_WIDTH) * TILE_WIDTH, readTile, nodeSha256)
  } catch (cause) {
    if (cause instanceof CodedError && cause.code !== 'mirror-broken') throw broken(folder, cause)
    throw cause
  }
}

function broken(folder: string, cause?: unknown): CodedError<'mirror-broken'> {
  return new CodedError(
    'mirror-broken',
    `${folder} does not hold the log of its own checkpoint: somebody changed it; mirror into a new folder and keep this one as evidence`,
    { cause },
  )
}

/** Writes a mirror's files, each whole or not at all. */
class FolderWriter {
  readonly #folder: string
  readonly #unsynced = new Set<string>()
  copied = 0
  reused = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The log, but full tiles and bundles that lie here already are not fetched. */
  reusing(from: LogSource): LogSource {
    const own = createFolderSource(this.#folder)
    return {
      read: async (path) => {
        const here = path.includes('.p/') ? null : await own.read(path)
        if (here === null || !isFull(path, here)) return from.read(path)
        this.reused += 1
        return here
      },
    }
  }

  async write({ tile, bytes }: ReadTileFile): Promise<void> {
    const path = join(this.#folder, encodeTilePath(tile))
    if (await holds(path, bytes)) return
    await mkdir(dirname(path), { recursive: true })
    const temporary = `${path}.part`
    const file = await open(temporary, 'w', 0o644)
    await file.writeFile(bytes)
    await file.close()
    await rename(temporary, path)
    this.#unsynced.add(path).add(dirname(path))
    this.copied += 1
  }

  /** After this, all that was written survives the loss of power. */
  async sync(): Promise<void> {
    for (const path of this.#unsynced) {
      const file = await open(path, 'r')
      await file.sync()
      await file.close()
    }
    this.#unsynced.clear()
  }

  /** Partial tiles whose full ones are here now. */
  async dropPartials(size: number): Promise<void> {
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      for (const kind of level === 0 ? ([0, 'entries'] as const) : [level]) {
        const last = Math.floor(size / TILE_WIDTH ** (level + 1)) - 1
        for (let index = last; index >= 0; index -= 1) {
          const partials = join(
            this.#folder,
            `${encodeTilePath({ level: kind, index, width: TILE_WIDTH })}.p`,
          )
          // Those before it went when it came: only the newest run of full tiles can have any.
          if (!(await exists(partials))) break
          await rm(partials, { recursive: true, force: true })
        }
      }
    }
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return sameBytes(await readFile(path), bytes)
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r')).close()
    return true
  } catch {
    return false
  }
}

function isFull(path: string, bytes: Uint8Array): boolean {
  if (!path.includes('/entries/')) return bytes.length === TILE_WIDTH * 32
  try {
    return parseBundle(bytes).length === TILE_WIDTH
  } catch {
    return false
  }
}
