import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Edge, type ReadTile } from '../../src/ledger/edge.ts'
import { hashLeaf, verifyConsistency, verifyInclusion } from '../../src/ledger/merkle.ts'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'
import { proveConsistency, proveInclusion, rootAt } from '../../src/ledger/prover.ts'

/** RFC 6962, section 2.1, word by word. */
function slowRoot(entries: readonly Uint8Array[]): Buffer {
  if (entries.length === 0) return sha(Buffer.alloc(0))
  if (entries.length === 1) return sha(Buffer.concat([Buffer.of(0), entries[0]!]))
  const k = slowSplit(entries.length)
  return sha(Buffer.concat([Buffer.of(1), slowRoot(entries.slice(0, k)), slowRoot(entries.slice(k))]))
}

/** Section 2.1.1. */
function slowPath(m: number, entries: readonly Uint8Array[]): Buffer[] {
  if (entries.length <= 1) return []
  const k = slowSplit(entries.length)
  return m < k
    ? [...slowPath(m, entries.slice(0, k)), slowRoot(entries.slice(k))]
    : [...slowPath(m - k, entries.slice(k)), slowRoot(entries.slice(0, k))]
}

/** Section 2.1.2. */
function slowSubProof(m: number, entries: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === entries.length) return whole ? [] : [slowRoot(entries)]
  const k = slowSplit(entries.length)
  return m <= k
    ? [...slowSubProof(m, entries.slice(0, k), whole), slowRoot(entries.slice(k))]
    : [...slowSubProof(m - k, entries.slice(k), false), slowRoot(entries.slice(0, k))]
}

function slowSplit(n: number): number {
  let k = 1
  while (k < n - k) k *= 2
  return k
}

function sha(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function entriesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => sha(Buffer.from(`entry ${i}`)))
}

/** Grows a tree in batches; its tiles are kept as the store keeps them. */
async function grow(
  batches: readonly number[],
  reload: boolean,
): Promise<{ edge: Edge; readTile: ReadTile }> {
  const tiles = new Map<string, Uint8Array>()
  const readTile: ReadTile = async (level, index, width) =>
    (tiles.get(`${level}/${index}`) ?? new Uint8Array(0)).slice(0, width * 32)
  let edge = new Edge(nodeSha256)
  const entries = entriesOf(batches.reduce((a, b) => a + b, 0))
  for (const batch of batches) {
    for (const entry of entries.splice(0, batch)) edge.add(hashLeaf(entry, nodeSha256))
    for (const { level, index, bytes } of edge.takeWrites()) tiles.set(`${level}/${index}`, bytes)
    if (reload) edge = await Edge.load(edge.size, readTile, nodeSha256)
  }
  return { edge, readTile }
}

const batches = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 })
const RUNS = { numRuns: 40 }

test('roots and proofs from tiles are those of RFC 6962 written down slowly', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), fc.nat(), fc.nat(), async (sizes, reload, a, b) => {
      const { edge, readTile } = await grow(sizes, reload)
      const size2 = edge.size
      const entries = entriesOf(size2)
      const index = a % size2
      const size1 = b % (size2 + 1)
      const root2 = slowRoot(entries)
      const root1 = slowRoot(entries.slice(0, size1))
      assert.deepEqual(Buffer.from(edge.root()), root2)
      assert.deepEqual(Buffer.from(await rootAt(size1, readTile)), root1)
      const inclusion = await proveInclusion(index, size2, readTile)
      assert.deepEqual(inclusion.map(Buffer.from), slowPath(index, entries))
      verifyInclusion({ index, size: size2, leaf: hashLeaf(entries[index]!), root: root2, proof: inclusion })
      const consistency = await proveConsistency(size1, size2, readTile)
      assert.deepEqual(consistency.map(Buffer.from), size1 === 0 ? [] : slowSubProof(size1, entries, true))
      verifyConsistency({ size1, size2, root1, root2, proof: consistency })
    }),
    RUNS,
  )
})

test('a proof with one bit changed leads to another root', async () => {
  const { edge, readTile } = await grow([300, 217], false)
  const proof = await proveInclusion(5, edge.size, readTile)
  const claim = { index: 5, size: edge.size, leaf: hashLeaf(entriesOf(6)[5]!), root: edge.root() }
  for (const [i, hash] of proof.entries()) {
    const changed = proof.map((h) => h.slice())
    changed[i]![0] = hash[0]! ^ 1
    assert.throws(() => verifyInclusion({ ...claim, proof: changed }), { code: 'proof-wrong' })
  }
})

test('a tree of 65,536 entries and more fills the third level', async () => {
  const { edge, readTile } = await grow([65_535, 1, 1], true)
  assert.equal((await readTile(2, 0, 1)).length, 32)
  const entries = entriesOf(65_537)
  const proof = await proveInclusion(65_535, edge.size, readTile, nodeSha256)
  verifyInclusion({
    index: 65_535,
    size: edge.size,
    leaf: hashLeaf(entries[65_535]!),
    root: edge.root(),
    proof,
  })
})
