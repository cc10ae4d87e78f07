import { CodedError } from '../platform/coded-error.ts'
import type { ReadTile } from './edge.ts'
import { HASH_BYTES, hashNode, rootOfPerfect, type Sha256, sha256 } from './merkle.ts'
import { hashInTile, TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tiles.ts'

/** The root of a perfect subtree: the `index`th of its height, from the left. It never changes once it is full. */
export interface TreeNode {
  readonly height: number
  readonly index: number
}

/** Nodes that were worked out before, so that their tile need not be read and hashed again. */
export interface NodeMemory {
  get(node: TreeNode): Uint8Array | undefined
  keep(node: TreeNode, hash: Uint8Array): void
}

/** Remembers `most` nodes at least, and twice as many at most. */
export function createNodeMemory(most: number): NodeMemory {
  let recent = new Map<number, Uint8Array>()
  let older: typeof recent = new Map()
  return {
    get(node) {
      const key = keyOf(node)
      return recent.get(key) ?? older.get(key)
    },
    keep(node, hash) {
      if (recent.size >= most) {
        older = recent
        recent = new Map()
      }
      // A copy: a hash out of a tile would keep the whole tile.
      recent.set(keyOf(node), hash.slice())
    },
  }
}

/** Heights stay below 64. */
function keyOf({ height, index }: TreeNode): number {
  return index * 64 + height
}

/**
 * The inclusion proof of entry `index` in the tree of `size` entries (RFC 6962, section 2.1.1), from tiles.
 * Reads one tile a level, and those of the right edge, unless `known` has what they say.
 */
export async function proveInclusion(
  index: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
  known?: NodeMemory,
): Promise<Uint8Array[]> {
  const proof: Uint8Array[] = []
  for (const nodes of siblingsOf(index, size)) {
    proof.push(await rootOf(nodes, size, readTile, hash, known))
  }
  return proof
}

/** The tiles that `proveInclusion` reads for what is not `known`, each once. */
export function tilesOfInclusion(
  index: number,
  size: number,
  known: NodeMemory,
): { level: number; index: number }[] {
  const wanted = new Map<string, { level: number; index: number }>()
  for (const node of siblingsOf(index, size).flat()) {
    if (known.get(node) !== undefined) continue
    const { level, tile } = placeOf(node)
    wanted.set(`${level}/${tile}`, { level, index: tile })
  }
  return [...wanted.values()]
}

/** What each hash of an inclusion proof is the root of, from the entry up: perfect subtrees, the largest first. */
function siblingsOf(index: number, size: number): TreeNode[][] {
  requireRange(index >= 0 && index < size)
  const siblings: TreeNode[][] = []
  let from = 0
  let until = size
  while (until - from > 1) {
    const middle = from + split(until - from)
    siblings.push(index < middle ? perfectOf(middle, until) : perfectOf(from, middle))
    if (index < middle) until = middle
    else from = middle
  }
  return siblings.reverse()
}

/** The perfect subtrees that make up a run of leaves as RFC 6962 splits it. */
function perfectOf(from: number, until: number): TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = from; at < until; ) {
    const height = Math.floor(Math.log2(until - at))
    nodes.push({ height, index: at / 2 ** height })
    at += 2 ** height
  }
  return nodes
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

function rootOfRange(
  from: number,
  until: number,
  size: number,
  readTile: ReadTile,
  hash: Sha256,
): Promise<Uint8Array> {
  return rootOf(perfectOf(from, until), size, readTile, hash)
}

/** The root above perfect subtrees that follow each other, the largest first. */
async function rootOf(
  nodes: readonly TreeNode[],
  size: number,
  readTile: ReadTile,
  hash: Sha256,
  known?: NodeMemory,
): Promise<Uint8Array> {
  let root: Uint8Array | null = null
  for (const node of nodes.toReversed()) {
    const left = await readNode(node, size, readTile, hash, known)
    root = root === null ? left : hashNode(left, root, hash)
  }
  return root!
}

/** A node's hash: the root of a run inside one tile. */
async function readNode(
  node: TreeNode,
  size: number,
  readTile: ReadTile,
  hash: Sha256,
  known?: NodeMemory,
): Promise<Uint8Array> {
  const kept = known?.get(node)
  if (kept !== undefined) return kept
  const { level, tile: index, at, run } = placeOf(node)
  const tile = await readTile(level, index, tileWidth(size, level, index))
  if (tile.length < (at + run) * HASH_BYTES)
    throw new CodedError<'tile-missing'>('tile-missing', `tile ${level}/${index} is missing or too short`)
  const root = rootOfPerfect(
    Array.from({ length: run }, (_, i) => hashInTile(tile, at + i)),
    hash,
  )
  known?.keep(node, root)
  return root
}

/** Which tile holds what is under a node: a run of `run` hashes from `at` on. */
function placeOf(node: TreeNode): { level: number; tile: number; at: number; run: number } {
  const level = Math.floor(node.height / TILE_HEIGHT)
  const run = 2 ** (node.height % TILE_HEIGHT)
  const first = node.index * run
  return { level, tile: Math.floor(first / TILE_WIDTH), at: first % TILE_WIDTH, run }
}

function requireRange(holds: boolean): void {
  if (!holds) throw new CodedError<'range-wrong'>('range-wrong', 'no such entry or size in this tree')
}
