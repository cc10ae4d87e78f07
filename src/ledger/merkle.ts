import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { CodedError } from '../platform/coded-error.ts'

/** 32 bytes of SHA-256. The server passes Node's own, which is faster; browsers use the default. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array
export const sha256: Sha256 = nobleSha256

export type MerkleFault = 'proof-malformed' | 'proof-wrong'

export const HASH_BYTES = 32

/** The hash of a leaf, RFC 6962 section 2.1: SHA-256 over 0x00 and the entry. */
export function hashLeaf(entry: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const bytes = entry.length === HASH_BYTES ? LEAF : new Uint8Array(1 + entry.length)
  bytes.set(entry, 1)
  return hash(bytes)
}

/** The hash of an inner node: SHA-256 over 0x01 and both children. */
export function hashNode(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  NODE.set(left, 1)
  NODE.set(right, 1 + HASH_BYTES)
  return hash(NODE)
}

/** Where inner nodes are put together: they are read before the next one comes, and an array for each costs as much as its hash. */
const NODE = new Uint8Array(1 + 2 * HASH_BYTES)
NODE[0] = 1
/** The same for the leaves of this log. */
const LEAF = new Uint8Array(1 + HASH_BYTES)

/** The root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(hash: Sha256 = sha256): Uint8Array {
  return hash(new Uint8Array(0))
}

/** The root over hashes of a perfect subtree: their number is a power of two. */
export function rootOfPerfect(hashes: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array {
  let level = hashes
  while (level.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < level.length; i += 2) above.push(hashNode(level[i]!, level[i + 1]!, hash))
    level = above
  }
  return level[0]!
}

/** That the entry whose leaf hash is `leaf` stands at `index` of the tree of `size` entries under `root`. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Checks an inclusion proof (RFC 9162, section 2.1.3.2).
 * @throws CodedError `proof-malformed` when numbers or lengths cannot be, `proof-wrong` when the root differs.
 */
export function verifyInclusion(claim: InclusionClaim, hash: Sha256 = sha256): void {
  const { index, size, proof } = claim
  requireCount(index)
  requireCount(size)
  requireHashes([claim.leaf, claim.root, ...proof])
  if (index >= size) throw malformed('the index is not below the size')
  let node = index
  let last = size - 1
  let root = claim.leaf
  for (const sibling of proof) {
    if (last === 0) throw malformed('the proof is too long')
    if (node % 2 === 1 || node === last) {
      root = hashNode(sibling, root, hash)
      while (node % 2 === 0 && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else {
      root = hashNode(root, sibling, hash)
    }
    node = half(node)
    last = half(last)
  }
  if (last !== 0) throw malformed('the proof is too short')
  if (!sameBytes(root, claim.root)) throw wrong('the proof leads to another root')
}

/** That the tree of `size1` entries under `root1` is the beginning of that of `size2` under `root2`. */
export interface ConsistencyClaim {
  readonly size1: number
  readonly size2: number
  readonly root1: Uint8Array
  readonly root2: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Checks a consistency proof (RFC 9162, section 2.1.4.2). From the empty tree everything grows: its proof is
 * empty and its root is SHA-256 of nothing.
 * @throws CodedError `proof-malformed` or `proof-wrong`
 */
export function verifyConsistency(claim: ConsistencyClaim, hash: Sha256 = sha256): void {
  const { size1, size2, root1, root2, proof } = claim
  requireCount(size1)
  requireCount(size2)
  requireHashes([root1, root2, ...proof])
  if (size1 > size2) throw malformed('the older tree is larger')
  if (size1 === size2 || size1 === 0) {
    if (proof.length > 0) throw malformed('the proof should be empty')
    if (size1 === 0 && !sameBytes(root1, emptyRoot(hash))) throw wrong('the empty tree has another root')
    if (size1 === size2 && !sameBytes(root1, root2)) throw wrong('two roots for one size')
    return
  }
  if (proof.length === 0) throw malformed('the proof is empty')
  const [older, newer] = rootsFromConsistency(size1, size2, root1, proof, hash)
  if (!sameBytes(older, root1)) throw wrong('the proof leads to another older root')
  if (!sameBytes(newer, root2)) throw wrong('the proof leads to another newer root')
}

function rootsFromConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  proof: readonly Uint8Array[],
  hash: Sha256,
): [Uint8Array, Uint8Array] {
  let node = size1 - 1
  let last = size2 - 1
  while (node % 2 === 1) {
    node = half(node)
    last = half(last)
  }
  const path = node === 0 ? [root1, ...proof] : [...proof]
  let older = path[0]!
  let newer = path[0]!
  for (const sibling of path.slice(1)) {
    if (last === 0) throw malformed('the proof is too long')
    if (node % 2 === 1 || node === last) {
      older = hashNode(sibling, older, hash)
      newer = hashNode(sibling, newer, hash)
      while (node % 2 === 0 && node !== 0) {
        node = half(node)
        last = half(last)
      }
    } else {
      newer = hashNode(newer, sibling, hash)
    }
    node = half(node)
    last = half(last)
  }
  if (last !== 0) throw malformed('the proof is too short')
  return [older, newer]
}

/** Whether both hold the same bytes; what is compared is public, so the time it takes may tell. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false
  return true
}

/** Halves by arithmetic: shifts cut to 32 bits, and a log may grow longer. */
function half(n: number): number {
  return Math.floor(n / 2)
}

function requireCount(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw malformed('a size or index is not a count')
}

function requireHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some((h) => h.length !== HASH_BYTES)) throw malformed('a hash is not 32 bytes')
}

function malformed(what: string): CodedError<MerkleFault> {
  return new CodedError('proof-malformed', what)
}

function wrong(what: string): CodedError<MerkleFault> {
  return new CodedError('proof-wrong', what)
}
