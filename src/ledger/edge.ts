import { CodedError } from '../platform/coded-error.ts'
import { emptyRoot, HASH_BYTES, hashNode, rootOfPerfect, type Sha256 } from './merkle.ts'
import { hashInTile, TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tiles.ts'

/** A tile as it is to be written. */
export interface TileWrite {
  readonly level: number
  readonly index: number
  /** 1 to 256 hashes. */
  readonly bytes: Uint8Array
}

/** Reads a tile's bytes, at least `width` hashes of it. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Uint8Array>

/**
 * The right edge of the tree: all that is needed to add leaves to it and to know its root, whatever its size.
 * `peaks[h]` is the root of the perfect subtree of height h that ends the tree, where its size has bit h;
 * `tiles[l]` are the hashes in the last, unfilled tile of level l.
 */
export class Edge {
  readonly #hash: Sha256
  readonly #peaks: (Uint8Array | null)[] = []
  readonly #tiles: Uint8Array[][] = []
  /** First index of each level's tile under way. */
  readonly #tileIndexes: number[] = []
  #dirty = new Set<number>()
  #full: TileWrite[] = []
  #size = 0

  constructor(hash: Sha256) {
    this.#hash = hash
  }

  get size(): number {
    return this.#size
  }

  /** Another edge of the same tree, that grows apart from this one. */
  copy(): Edge {
    const edge = new Edge(this.#hash)
    edge.#size = this.#size
    edge.#peaks.push(...this.#peaks)
    edge.#tiles.push(...this.#tiles.map((row) => [...row]))
    edge.#tileIndexes.push(...this.#tileIndexes)
    return edge
  }

  /** The edge of the tree that the stored tiles hold. Its root is the caller's to compare with the signed one. */
  static async load(size: number, readTile: ReadTile, hash: Sha256): Promise<Edge> {
    const edge = new Edge(hash)
    edge.#size = size
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const hashes = Math.floor(size / TILE_WIDTH ** level)
      const index = Math.floor(hashes / TILE_WIDTH)
      const width = tileWidth(size, level, index)
      const bytes = width === 0 ? new Uint8Array(0) : await readTile(level, index, width)
      if (bytes.length < width * HASH_BYTES)
        throw new CodedError<'tile-missing'>(
          'tile-missing',
          `tile ${level}/${index} is missing or too short`,
          {
            fatal: true,
          },
        )
      const row = Array.from({ length: width }, (_, i) => hashInTile(bytes, i).slice())
      edge.#tiles[level] = row
      edge.#tileIndexes[level] = index
      edge.#setPeaks(level, row)
    }
    return edge
  }

  #setPeaks(level: number, row: readonly Uint8Array[]): void {
    let from = 0
    for (let bit = TILE_HEIGHT - 1; bit >= 0; bit -= 1) {
      const run = 2 ** bit
      const present = Math.floor(row.length / run) % 2 === 1
      this.#peaks[level * TILE_HEIGHT + bit] = present
        ? rootOfPerfect(row.slice(from, from + run), this.#hash)
        : null
      if (present) from += run
    }
  }

  /** Adds a leaf. Each height the new subtree reaches that is a multiple of eight is a hash of a tile. */
  add(leaf: Uint8Array): void {
    let node = leaf
    let height = 0
    this.#pushToTile(0, node)
    let peak = this.#peaks[0]
    while (peak !== null && peak !== undefined) {
      node = hashNode(peak, node, this.#hash)
      this.#peaks[height] = null
      height += 1
      if (height % TILE_HEIGHT === 0) this.#pushToTile(height / TILE_HEIGHT, node)
      peak = this.#peaks[height]
    }
    this.#peaks[height] = node
    this.#size += 1
  }

  #pushToTile(level: number, node: Uint8Array): void {
    this.#tiles[level] ??= []
    const tile = this.#tiles[level]
    this.#tileIndexes[level] ??= 0
    tile.push(node)
    this.#dirty.add(level)
    if (tile.length < TILE_WIDTH) return
    this.#full.push({ level, index: this.#tileIndexes[level]!, bytes: concatHashes(tile) })
    this.#tiles[level] = []
    this.#tileIndexes[level]! += 1
    this.#dirty.delete(level)
  }

  /** The root of the tree as it is now. */
  root(): Uint8Array {
    let root: Uint8Array | null = null
    for (const peak of this.#peaks) {
      if (peak === null || peak === undefined) continue
      root = root === null ? peak : hashNode(peak, root, this.#hash)
    }
    return root ?? emptyRoot(this.#hash)
  }

  /** The tiles that changed since the last call: those that filled up, then the partial ones. */
  takeWrites(): TileWrite[] {
    const writes = this.#full
    for (const level of this.#dirty)
      writes.push({ level, index: this.#tileIndexes[level]!, bytes: concatHashes(this.#tiles[level]!) })
    this.#full = []
    this.#dirty = new Set()
    return writes
  }
}

function concatHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES)
  hashes.forEach((hash, i) => {
    bytes.set(hash, i * HASH_BYTES)
  })
  return bytes
}
