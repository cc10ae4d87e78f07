import { CodedError } from '../platform/coded-error.ts'
import type { ReadTile } from './edge.ts'
import { HASH_BYTES, hashNode, rootOfPerfect, type Sha256, sha256 } from './merkle.ts'
import { hashInTile, TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tiles.ts'

/**
 * The inclusion proof of entry `index` in the tree of `size` entries (RFC 6962, section 2.1.1), from tiles.
 * Reads one tile a level, and those of the right edge.
 */
export async function proveInclusion(
  index: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): Promise<Uint8Array[]> {
  requireRange(index >= 0 && index < size)
  const proof: Uint8Array[] = []
  let from = 0
  let until = size
  while (until - from > 1) {
    const middle = from + split(until - from)
    if (index < middle) {
      proof.unshift(await rootOfRange(middle, until, size, readTile, hash))
      until = middle
    } else {
      proof.unshift(await rootOfRange(from, middle, size, readTile, hash))
      from = middle
    }
  }
  return proof
}

/** The consistency proof from the tree of `size1` entries to that of `size2` (RFC 6962, section 2.1.2). */
export async function proveConsistency(
  size1: number,
  size2: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): Promise<Uint8Array[]> {
  requireRange(size1 >= 0 && size1 <= size2)
  if (size1 === 0 || size1 === size2) return []
  const proof: Uint8Array[] = []
  let from = 0
  let until = size2
  while (size1 !== until) {
    const middle = from + split(until - from)
    if (size1 <= middle) {
      proof.unshift(await rootOfRange(middle, until, size2, readTile, hash))
      until = middle
    } else {
      proof.unshift(await rootOfRange(from, middle, size2, readTile, hash))
      from = middle
    }
  }
  if (from > 0) proof.unshift(await rootOfRange(from, until, size2, readTile, hash))
  return proof
}

/** The root of the tree of its first `size` entries, from tiles that hold at least so many. */
export async function rootAt(size: number, readTile: ReadTile, hash: Sha256 = sha256): Promise<Uint8Array> {
  return size === 0 ? hash(new Uint8Array(0)) : rootOfRange(0, size, size, readTile, hash)
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

async function rootOfRange(
  from: number,
  until: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256,
): Promise<Uint8Array> {
  const count = until - from
  const height = Math.log2(count)
  if (Number.isInteger(height)) return readNode(height, from / count, size, readTile, hash)
  const middle = from + split(count)
  return hashNode(
    await rootOfRange(from, middle, size, readTile, hash),
    await rootOfRange(middle, until, size, readTile, hash),
    hash,
  )
}

/** The node at `height` above the leaves, the `index`th of them: the root of a run inside one tile. */
async function readNode(
  height: number,
  index: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256,
): Promise<Uint8Array> {
  const level = Math.floor(height / TILE_HEIGHT)
  const run = 2 ** (height % TILE_HEIGHT)
  const first = index * run
  const tileIndex = Math.floor(first / TILE_WIDTH)
  const tile = await readTile(level, tileIndex, tileWidth(size, level, tileIndex))
  const at = first % TILE_WIDTH
  if (tile.length < (at + run) * HASH_BYTES)
    throw new CodedError<'tile-missing'>('tile-missing', `tile ${level}/${tileIndex} is missing or too short`)
  return rootOfPerfect(
    Array.from({ length: run }, (_, i) => hashInTile(tile, at + i)),
    hash,
  )
}

function requireRange(holds: boolean): void {
  if (!holds) throw new CodedError<'range-wrong'>('range-wrong', 'no such entry or size in this tree')
}
