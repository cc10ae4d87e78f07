import { CodedError } from '../../platform/coded-error.ts'
import { HASH_BYTES, type Sha256, sameBytes, sha256 } from '../merkle.ts'
import type { ChainEnd } from './link.ts'

/**
 * The map of subjects: label -> where the chain ends. A binary tree over the bits of labels, the first bit at the root;
 * a subtree with one label is that label's leaf, one with none is 32 zeros. So there is one tree for each content, and
 * a path to each label that shows what is there, or that nothing is. Runs in browsers.
 */

export type MapFault = 'map-proof-malformed' | 'map-proof-wrong'

export const LABEL_BYTES = 32
/** With labels that nobody can choose, paths of ten million are about 25 long; twice that hardly occurs. */
const MOST_SIBLINGS = 60
const LEAF = 0
const NODE = 1

/** The hash of a subtree without labels. */
export const EMPTY = new Uint8Array(HASH_BYTES)

/** Where the path of a label ends: at a leaf (its own, or another's whose path is the same so far), or at nothing. */
export interface MapProof {
  /** From the root down; 32 zeros where a sibling is empty. */
  readonly siblings: readonly Uint8Array[]
  readonly leaf: ({ readonly label: Uint8Array } & ChainEnd) | null
}

/** What a tag and a length of their own keep apart: SHA-256 over 0x00, label, count, link. */
export function hashMapLeaf(label: Uint8Array, { count, link }: ChainEnd, hash: Sha256 = sha256): Uint8Array {
  const bytes = new Uint8Array(1 + LABEL_BYTES + 8 + HASH_BYTES)
  bytes[0] = LEAF
  bytes.set(label, 1)
  new DataView(bytes.buffer).setBigUint64(1 + LABEL_BYTES, BigInt(count))
  bytes.set(link, 1 + LABEL_BYTES + 8)
  return hash(bytes)
}

/** SHA-256 over 0x01 and both halves. */
export function hashMapNode(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES)
  bytes[0] = NODE
  bytes.set(left, 1)
  bytes.set(right, 1 + HASH_BYTES)
  return hash(bytes)
}

/** The bit of a label at a depth: 0 or 1. */
export function bitAt(label: Uint8Array, depth: number): number {
  return (label[depth >> 3]! >> (7 - (depth & 7))) & 1
}

/**
 * What the map under `root` says of `label`: where its chain ends, or null when it is not there.
 * @throws CodedError `map-proof-malformed`, `map-proof-wrong`
 */
export function verifyMapProof(
  claim: { readonly root: Uint8Array; readonly label: Uint8Array; readonly proof: MapProof },
  hash: Sha256 = sha256,
): ChainEnd | null {
  const { root, label, proof } = claim
  const { siblings, leaf } = proof
  if (label.length !== LABEL_BYTES || siblings.length > MOST_SIBLINGS)
    throw malformed('a length is out of range')
  if (siblings.some((one) => one.length !== HASH_BYTES)) throw malformed('a hash is not 32 bytes')
  // A subtree with one label is its leaf: else one content would have two trees, and a leaf two places.
  const last = siblings.at(-1)
  if (last !== undefined && isEmpty(last)) throw malformed('the path is longer than it can be')
  let node: Uint8Array = EMPTY
  if (leaf !== null) {
    if (leaf.label.length !== LABEL_BYTES || leaf.link.length !== HASH_BYTES || !isCount(leaf.count))
      throw malformed('a leaf is a label, a count and a link')
    // Another's leaf shows an absence only where the two paths are one.
    for (let depth = 0; depth < siblings.length; depth += 1)
      if (bitAt(leaf.label, depth) !== bitAt(label, depth)) throw wrong('the leaf is not on the path')
    node = hashMapLeaf(leaf.label, leaf, hash)
  }
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const sibling = siblings[depth]!
    node = bitAt(label, depth) === 0 ? hashMapNode(node, sibling, hash) : hashMapNode(sibling, node, hash)
  }
  if (!sameBytes(node, root)) throw wrong('the path leads to another root')
  if (leaf === null || !sameBytes(leaf.label, label)) return null
  return { count: leaf.count, link: leaf.link }
}

/**
 * A proof in bytes: the number of siblings; a bit for each, whether it is empty; those that are not; then the leaf,
 * if there is one. At most 2 kB.
 */
export function encodeMapProof({ siblings, leaf }: MapProof): Uint8Array {
  const flags = new Uint8Array(Math.ceil(siblings.length / 8))
  siblings.forEach((sibling, i) => {
    if (isEmpty(sibling)) flags[i >> 3]! |= 1 << (i & 7)
  })
  const full = siblings.filter((sibling) => !isEmpty(sibling))
  const bytes = new Uint8Array(1 + flags.length + full.length * HASH_BYTES + (leaf === null ? 0 : LEAF_BYTES))
  bytes[0] = siblings.length
  bytes.set(flags, 1)
  let at = 1 + flags.length
  for (const sibling of full) {
    bytes.set(sibling, at)
    at += HASH_BYTES
  }
  if (leaf === null) return bytes
  bytes.set(leaf.label, at)
  new DataView(bytes.buffer).setBigUint64(at + LABEL_BYTES, BigInt(leaf.count))
  bytes.set(leaf.link, at + LABEL_BYTES + 8)
  return bytes
}

const LEAF_BYTES = LABEL_BYTES + 8 + HASH_BYTES

/** The inverse of `encodeMapProof`. @throws CodedError `map-proof-malformed` */
export function parseMapProof(bytes: Uint8Array): MapProof {
  const length = bytes[0]
  if (length === undefined || length > MOST_SIBLINGS) throw malformed('a length is out of range')
  const flags = bytes.subarray(1, 1 + Math.ceil(length / 8))
  let at = 1 + Math.ceil(length / 8)
  const siblings: Uint8Array[] = []
  for (let i = 0; i < length; i += 1) {
    if (((flags[i >> 3] ?? 0) >> (i & 7)) & 1) {
      siblings.push(EMPTY)
      continue
    }
    siblings.push(bytes.slice(at, at + HASH_BYTES))
    at += HASH_BYTES
  }
  const rest = bytes.subarray(at)
  if (at > bytes.length || (rest.length !== 0 && rest.length !== LEAF_BYTES)) throw malformed('it is cut off')
  if (rest.length === 0) return { siblings, leaf: null }
  const count = Number(new DataView(rest.buffer, rest.byteOffset).getBigUint64(LABEL_BYTES))
  const leaf = { label: rest.slice(0, LABEL_BYTES), count, link: rest.slice(LABEL_BYTES + 8) }
  return { siblings, leaf }
}

function isEmpty(hash: Uint8Array): boolean {
  return hash.every((byte) => byte === 0)
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count > 0
}

function malformed(what: string): CodedError<MapFault> {
  return new CodedError('map-proof-malformed', what)
}

function wrong(what: string): CodedError<MapFault> {
  return new CodedError('map-proof-wrong', what)
}
