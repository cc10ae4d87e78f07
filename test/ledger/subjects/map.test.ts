import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ChainEnd } from '../../../src/ledger/subjects/link.ts'
import {
  bitAt,
  encodeMapProof,
  type MapProof,
  parseMapProof,
  verifyMapProof,
} from '../../../src/ledger/subjects/map-proof.ts'
import { type MapChange, SubjectMap } from '../../../src/ledger/subjects/subject-map.ts'

const few = fc.array(
  fc.record({
    // Few first bytes, so that paths share beginnings.
    label: fc.tuple(fc.constantFrom(0, 1, 2, 128), fc.integer({ min: 0, max: 40 })).map(([a, b]) => {
      const label = new Uint8Array(32).fill(7)
      label.set([a, b])
      return label
    }),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 30 },
)

test('the root is that of the slow, obvious map, however it came to be; every proof says what is there', () => {
  fc.assert(
    fc.property(fc.array(few, { maxLength: 4 }), few, (epochs, dropped) => {
      const map = new SubjectMap()
      const all = new Map<string, MapChange>()
      for (const epoch of epochs) {
        const changes = distinct(epoch)
        // A stage that is thrown away leaves nothing behind.
        map.stage(distinct(dropped))
        const root = map.stage(changes)
        map.publish()
        for (const one of changes) all.set(hex(one.label), one)
        assert.equal(hex(root), hex(slowRoot([...all.values()])))
        assert.equal(hex(map.root()), hex(root))
        assert.equal(map.size, all.size)
      }
      for (const { label } of [...all.values(), ...distinct(dropped)]) {
        const proof = parseMapProof(encodeMapProof(map.prove(label)))
        const end = verifyMapProof({ root: map.root(), label, proof })
        assert.deepEqual(end === null ? null : endOf(end), endOf(all.get(hex(label)) ?? null))
        assert.deepEqual(endOf(map.get(label)), endOf(all.get(hex(label)) ?? null))
      }
    }),
    { numRuns: 60 },
  )
})

test('what is published can be proven while the next epoch is staged', () => {
  const map = new SubjectMap()
  const [one, two] = [change(1), change(2)]
  map.stage([one])
  map.publish()
  const root = map.root()
  map.stage([two, { ...one, count: 9 }])
  assert.equal(verifyMapProof({ root, label: one.label, proof: map.prove(one.label) })?.count, one.count)
  assert.equal(verifyMapProof({ root, label: two.label, proof: map.prove(two.label) }), null)
})

test('with twenty thousand labels, proofs of presence and of absence take at most 2 kB', () => {
  const map = new SubjectMap((bytes) => createHash('sha256').update(bytes).digest())
  const labels = Array.from({ length: 20_000 }, () => new Uint8Array(randomBytes(32)))
  const root = map.stage(labels.map((label) => ({ label, count: 1, link: label })))
  map.publish()
  for (let i = 0; i < 100; i += 1) {
    const present = encodeMapProof(map.prove(labels[i]!))
    assert.ok(present.length <= 2048)
    assert.equal(verifyMapProof({ root, label: labels[i]!, proof: parseMapProof(present) })?.count, 1)
    const nobody = new Uint8Array(randomBytes(32))
    const absent = encodeMapProof(map.prove(nobody))
    assert.ok(absent.length <= 2048)
    assert.equal(verifyMapProof({ root, label: nobody, proof: parseMapProof(absent) }), null)
  }
})

test('an absence cannot be claimed for a label that is there, nor another count', () => {
  const map = new SubjectMap()
  const changes = Array.from({ length: 40 }, (_, i) => change(i))
  const root = map.stage(changes)
  map.publish()
  const { label } = changes[7]!
  const honest = map.prove(label)
  const forged: MapProof[] = [
    { ...honest, leaf: null },
    { ...honest, leaf: { ...honest.leaf!, count: 3 } },
    { ...honest, leaf: { ...honest.leaf!, link: new Uint8Array(32) } },
    { ...honest, leaf: { ...map.prove(changes[8]!.label).leaf! } },
    map.prove(changes[8]!.label),
    { siblings: honest.siblings.slice(0, -1), leaf: null },
    { siblings: [...honest.siblings, new Uint8Array(32)], leaf: honest.leaf },
  ]
  for (const proof of forged)
    assert.throws(() => verifyMapProof({ root, label, proof }), { code: /^map-proof-(wrong|malformed)$/ })
})

test('bytes that are no proof are refused', () => {
  const map = new SubjectMap()
  map.stage([change(1), change(2), change(3)])
  map.publish()
  const bytes = encodeMapProof(map.prove(change(1).label))
  for (let cut = 0; cut < bytes.length; cut += 1)
    if (cut !== bytes.length - 72)
      assert.throws(() => parseMapProof(bytes.subarray(0, cut)), { code: 'map-proof-malformed' })
  assert.throws(() => parseMapProof(new Uint8Array([61])), { code: 'map-proof-malformed' })
})

function change(n: number): MapChange {
  const label = new Uint8Array(createHash('sha256').update(`label ${n}`).digest())
  return { label, count: n + 1, link: new Uint8Array(createHash('sha256').update(`link ${n}`).digest()) }
}

function distinct(changes: readonly { label: Uint8Array; count: number }[]): MapChange[] {
  const byLabel = new Map(changes.map((one) => [hex(one.label), one]))
  return [...byLabel.values()].map((one) => ({ ...one, link: new Uint8Array(32).fill(one.count) }))
}

/** The definition, word for word. */
function slowRoot(leaves: readonly MapChange[], depth = 0): Uint8Array {
  const [first] = leaves
  if (first === undefined) return new Uint8Array(32)
  if (leaves.length === 1) {
    const count = Buffer.alloc(8)
    count.writeBigUInt64BE(BigInt(first.count))
    return sha([0], first.label, count, first.link)
  }
  const half = (bit: number) => leaves.filter(({ label }) => bitAt(label, depth) === bit)
  return sha([1], slowRoot(half(0), depth + 1), slowRoot(half(1), depth + 1))
}

function sha(tag: number[], ...parts: readonly Uint8Array[]): Uint8Array {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from(tag), ...parts]))
    .digest()
}

function endOf(end: ChainEnd | null): unknown {
  return end === null ? null : { count: end.count, link: hex(end.link) }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
