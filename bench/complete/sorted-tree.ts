import { randomFillSync } from 'node:crypto'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'

const HASH = 32

/**
 * The peer: labels in order under a plain Merkle tree, which an epoch builds anew. It is given what it can be given: its
 * labels are in order already, and leaves that did not change keep their hashes, so that only nodes are hashed.
 * @returns processor and clock seconds of one epoch
 */
export function measureSortedTree(labels: number, changed: number): { cpuSeconds: number; seconds: number } {
  const leaves = new Uint8Array(labels * HASH)
  for (let at = 0; at < leaves.length; at += 2 ** 30)
    randomFillSync(leaves, at, Math.min(2 ** 30, leaves.length - at))
  const before = process.cpuUsage()
  const begun = performance.now()
  const leaf = new Uint8Array(1 + HASH + 8 + HASH)
  for (let i = 0; i < changed; i += 1) {
    const place = Math.floor((i * labels) / changed)
    leaf.set(leaves.subarray(place * HASH, (place + 1) * HASH), 1)
    leaves.set(nodeSha256(leaf), place * HASH)
  }
  rootOf(leaves, labels)
  const { user, system } = process.cpuUsage(before)
  return { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - begun) / 1000 }
}

/** A level over the other, in place of what it is made of; an odd end goes up as it is (RFC 6962 shapes). */
function rootOf(leaves: Uint8Array, labels: number): Uint8Array {
  const node = new Uint8Array(1 + 2 * HASH)
  node[0] = 1
  const level = leaves.slice()
  let width = labels
  for (; width > 1; width = Math.ceil(width / 2)) {
    for (let i = 0; i + 1 < width; i += 2) {
      node.set(level.subarray(i * HASH, (i + 2) * HASH), 1)
      level.set(nodeSha256(node), (i / 2) * HASH)
    }
    if (width % 2 === 1) level.copyWithin(((width - 1) / 2) * HASH, (width - 1) * HASH, width * HASH)
  }
  return level.slice(0, HASH)
}
