import { CodedError } from '../platform/coded-error.ts'
import type { Checkpoint } from './checkpoint.ts'
import { Edge } from './edge.ts'
import { type LogSource, readTileOf } from './log-source.ts'
import { HASH_BYTES, hashLeaf, sameBytes } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import { hashInTile, parseBundle, TILE_WIDTH, type TileName, tileWidth } from './tiles.ts'

/**
 * - `entry-changed`, `entry-removed`, `entries-reordered`: entry bundles are not what the signed tree holds
 * - `tile-changed`: the entries are, and a tile is not
 * - `log-rewritten`: entries and tiles fit each other, and not the signed root
 * - `forked`: the tree does not begin with the one that was seen before
 */
export type PublicFault =
  | 'entry-changed'
  | 'entry-removed'
  | 'entries-reordered'
  | 'tile-changed'
  | 'log-rewritten'
  | 'forked'

/** What is wrong with a public log. */
export interface PublicFinding {
  readonly code: PublicFault
  /** The first entry concerned, where one can be named. */
  readonly at?: number
  readonly why: string
}

/** A tile or bundle that was read, as it is to be kept. */
export interface ReadTileFile {
  readonly tile: TileName
  readonly bytes: Uint8Array
}

export interface PublicWalkOptions {
  readonly source: LogSource
  readonly checkpoint: Checkpoint
  /** Trees seen before, in order of size: the log must begin with each. */
  readonly seen?: readonly { readonly size: number; readonly root: Uint8Array }[]
  /** Begins here with the edge of a tree that is known; its size is a multiple of 256. */
  readonly from?: Edge
  readonly onTile?: (file: ReadTileFile) => Promise<void>
  readonly progress?: (done: number, total: number) => void
}

/** Bundles fetched at once. */
const AHEAD = 8

/**
 * Reads every entry bundle and every tile of a signed tree, and holds each against the others and the root.
 *
 * What it can tell. The signed root decides: when the entries give it and a tile differs, the tile was changed;
 * when they do not, the level 0 tiles are tried, and if those give it, the entries were changed. If neither does,
 * both were rewritten.
 * @returns null when all is as it was signed
 * @throws CodedError `log-unreachable`, `log-incomplete`
 */
export async function walkPublicLog(options: PublicWalkOptions): Promise<PublicFinding | null> {
  const walk = new PublicWalk(options)
  const { size } = options.checkpoint
  const first = Math.floor((options.from?.size ?? 0) / TILE_WIDTH)
  const bundles = Math.ceil(size / TILE_WIDTH)
  for (let index = first; index < bundles; index += AHEAD) {
    const reading = Array.from({ length: Math.min(AHEAD, bundles - index) }, (_, i) => walk.read(index + i))
    for (const read of await Promise.all(reading)) await walk.step(read)
    options.progress?.(Math.min(size, (index + AHEAD) * TILE_WIDTH), size)
  }
  return walk.finish()
}

interface BundleRead {
  readonly index: number
  readonly bundle: Uint8Array
  readonly tile: Uint8Array
}

class PublicWalk {
  readonly #options: PublicWalkOptions
  readonly #entries: Edge
  /** From the first difference on there are two trees: one of the entries, one of the tiles. */
  #parted: { entries: Edge; tiles: Edge } | null = null
  /** The first thing that did not fit; what it means is known at the end. */
  #entryFinding: PublicFinding | null = null
  #tileFinding: PublicFinding | null = null
  #forked: PublicFinding | null = null
  #seen: { readonly size: number; readonly root: Uint8Array }[]

  constructor(options: PublicWalkOptions) {
    this.#options = options
    this.#entries = options.from ?? new Edge(nodeSha256)
    this.#seen = (options.seen ?? []).filter(({ size }) => size > this.#entries.size)
  }

  async read(index: number): Promise<BundleRead> {
    const width = tileWidth(this.#options.checkpoint.size, 0, index)
    const { source } = this.#options
    const [bundle, tile] = await Promise.all([
      readTileOf(source, { level: 'entries', index, width }),
      readTileOf(source, { level: 0, index, width }),
    ])
    return { index, bundle, tile }
  }

  async step({ index, bundle, tile }: BundleRead): Promise<void> {
    const { checkpoint, onTile } = this.#options
    const width = tileWidth(checkpoint.size, 0, index)
    const hashes = Array.from({ length: width }, (_, i) => hashInTile(tile, i))
    const leaves = leavesOf(bundle, width)
    this.#compare(index * TILE_WIDTH, leaves, hashes)
    if (this.#parted === null) {
      for (const leaf of leaves) this.#add(leaf)
      await onTile?.({ tile: { level: 'entries', index, width }, bytes: bundle })
      await onTile?.({ tile: { level: 0, index, width }, bytes: tile.subarray(0, width * HASH_BYTES) })
      if (width === TILE_WIDTH) await this.#compareUpper()
      return
    }
    for (const leaf of leaves) this.#parted.entries.add(leaf)
    for (const hash of hashes) this.#parted.tiles.add(hash)
  }

  #compare(first: number, leaves: readonly Uint8Array[], hashes: readonly Uint8Array[]): void {
    if (this.#parted !== null) return
    const at = hashes.findIndex((hash, i) => leaves[i] === undefined || !sameBytes(hash, leaves[i]))
    if (at < 0) return
    this.#entryFinding = describeDifference(first, at, leaves, hashes)
    this.#parted = { entries: this.#entries.copy(), tiles: this.#entries.copy() }
  }

  #add(leaf: Uint8Array): void {
    this.#entries.add(leaf)
    const [next] = this.#seen
    if (next === undefined || next.size !== this.#entries.size) return
    this.#seen.shift()
    if (sameBytes(next.root, this.#entries.root())) return
    this.#forked ??= {
      code: 'forked',
      why: `The log was forked: its first ${next.size} entries are not those that were seen before.`,
    }
  }

  /** The tiles above, as the entries give them. */
  async #compareUpper(): Promise<void> {
    const { source, checkpoint, onTile } = this.#options
    for (const { level, index, bytes } of this.#entries.takeWrites()) {
      if (level === 0) continue
      const width = bytes.length / HASH_BYTES
      // One that is still to grow is compared when it has.
      if (tileWidth(checkpoint.size, level, index) !== width) continue
      const stored = await readTileOf(source, { level, index, width })
      if (!sameBytes(stored.subarray(0, bytes.length), bytes)) {
        this.#tileFinding ??= {
          code: 'tile-changed',
          at: index * TILE_WIDTH ** (level + 1),
          why: `Tile ${level}/${index} is not that of the entries below it.`,
        }
        continue
      }
      await onTile?.({ tile: { level, index, width }, bytes })
    }
  }

  async finish(): Promise<PublicFinding | null> {
    const { checkpoint } = this.#options
    if (this.#parted !== null) {
      const { entries, tiles } = this.#parted
      if (isTree(entries, checkpoint)) {
        const { at } = this.#entryFinding as PublicFinding
        return {
          code: 'tile-changed',
          ...(at === undefined ? {} : { at }),
          why: `Tile 0/${Math.floor((at ?? 0) / TILE_WIDTH)} was changed: the entries are as they were signed, its hash ${at} is not.`,
        }
      }
      if (isTree(tiles, checkpoint)) return this.#entryFinding
      return rewritten(checkpoint.size)
    }
    await this.#compareUpper()
    if (this.#forked !== null) return this.#forked
    if (!isTree(this.#entries, checkpoint)) return rewritten(checkpoint.size)
    return this.#tileFinding
  }
}

function rewritten(size: number): PublicFinding {
  return {
    code: 'log-rewritten',
    why: `Entries and tiles were rewritten together: the ${size} entries served are not those that were signed.`,
  }
}

function isTree(edge: Edge, { size, root }: Checkpoint): boolean {
  return edge.size === size && sameBytes(edge.root(), root)
}

function leavesOf(bundle: Uint8Array, width: number): Uint8Array[] {
  try {
    return parseBundle(bundle)
      .slice(0, width)
      .map((entry) => hashLeaf(entry, nodeSha256))
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return []
  }
}

/** Which of the three it is, as far as one bundle tells. */
function describeDifference(
  first: number,
  at: number,
  leaves: readonly Uint8Array[],
  hashes: readonly Uint8Array[],
): PublicFinding {
  const index = first + at
  const follows = (from: number) =>
    leaves.slice(at).every((leaf, i) => sameBytes(leaf, hashes[from + i] ?? leaf))
  const text = (list: readonly Uint8Array[]) =>
    list
      .map((hash) => Buffer.from(hash).toString('hex'))
      .sort()
      .join()
  if (leaves.length === hashes.length && text(leaves) === text(hashes))
    return { code: 'entries-reordered', at: index, why: `Entries from ${index} on stand in another order.` }
  if (leaves.length < hashes.length || (at + 1 < hashes.length && follows(at + 1)))
    return { code: 'entry-removed', at: index, why: `Entry ${index} was removed.` }
  return { code: 'entry-changed', at: index, why: `Entry ${index} is not the one that was signed.` }
}
