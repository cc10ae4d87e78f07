import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { verifyCheckpoint } from '../../src/ledger/checkpoint.ts'
import { Edge } from '../../src/ledger/edge.ts'
import { hashLeaf, sameBytes, verifyConsistency, verifyInclusion } from '../../src/ledger/merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../../src/ledger/node-crypto.ts'
import { parseVerifierKey, type VerifierKey, verifyEd25519, verifyNote } from '../../src/ledger/note.ts'
import { encodeBundle, encodeTilePath, parseBundle, parseTilePath } from '../../src/ledger/tiles.ts'

const SHARED = process.env.COUNTERSIGN_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url))

function dataOf(name: string): string {
  const path = join(SHARED, 'data', name)
  assert.ok(existsSync(path), `the vectors of ${name} are missing: set COUNTERSIGN_SHARED`)
  return path
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function bytes(text: string | null | undefined): Uint8Array {
  return Buffer.from(text ?? '', 'base64')
}

function holds(check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    assert.match((error as { code: string }).code, /^proof-(malformed|wrong)$/)
    return false
  }
}

interface InclusionVector {
  leafIdx: number
  treeSize: number
  root: string
  leafHash: string
  proof: string[] | null
  desc: string
  wantErr: boolean
}

interface ConsistencyVector {
  size1: number
  size2: number
  root1: string
  root2: string
  proof: string[] | null
  desc: string
  wantErr: boolean
}

test('inclusion proofs of transparency-dev/merkle are judged as they say', () => {
  const files = filesBelow(join(dataOf('merkle-transparency-dev'), 'testdata', 'inclusion'))
  assert.ok(files.length > 30)
  for (const file of files) {
    const v = JSON.parse(readFileSync(file, 'utf8')) as InclusionVector
    const proof = (v.proof ?? []).map(bytes)
    const claim = { index: v.leafIdx, size: v.treeSize, leaf: bytes(v.leafHash), root: bytes(v.root), proof }
    for (const hash of [undefined, nodeSha256])
      assert.equal(
        holds(() => verifyInclusion(claim, hash)),
        !v.wantErr,
        `${file}: ${v.desc}`,
      )
  }
})

test('consistency proofs of transparency-dev/merkle are judged as they say', () => {
  const files = filesBelow(join(dataOf('merkle-transparency-dev'), 'testdata', 'consistency'))
  assert.ok(files.length > 30)
  for (const file of files) {
    const v = JSON.parse(readFileSync(file, 'utf8')) as ConsistencyVector
    const { size1, size2 } = v
    const claim = {
      size1,
      size2,
      root1: bytes(v.root1),
      root2: bytes(v.root2),
      proof: (v.proof ?? []).map(bytes),
    }
    assert.equal(
      holds(() => verifyConsistency(claim)),
      !v.wantErr,
      `${file}: ${v.desc}`,
    )
  }
})

test("Tessera's log: every bundle gives the tile and the root that its checkpoints sign", () => {
  const log = join(dataOf('tessera-log'), 'testdata', 'log')
  const key = parseVerifierKey(
    'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
  )
  const checkpoints = readdirSync(log)
    .filter((name) => name.startsWith('checkpoint.'))
    .map((name) => verifyCheckpoint(readFileSync(join(log, name), 'utf8'), key))
  assert.ok(checkpoints.length >= 8)
  for (const { size, root } of checkpoints) {
    const edge = new Edge(nodeSha256)
    if (size > 0) {
      const bundle = readFileSync(join(log, encodeTilePath({ level: 'entries', index: 0, width: size })))
      const entries = parseBundle(bundle)
      assert.equal(entries.length, size)
      assert.deepEqual(Buffer.from(encodeBundle(entries)), bundle)
      for (const entry of entries) edge.add(hashLeaf(entry))
      const tile = readFileSync(join(log, encodeTilePath({ level: 0, index: 0, width: size })))
      assert.deepEqual(Buffer.from(edge.takeWrites()[0]!.bytes), tile)
    }
    assert.ok(sameBytes(edge.root(), root), `size ${size}`)
  }
})

interface NoteVectors {
  vkeys: string[]
  bad_vkeys: string[]
  good_base64: string[]
  malformed_base64: string[]
}

test("Go's signed notes: good ones open, malformed ones and bad keys are refused", () => {
  const file = join(dataOf('notes-vectors'), 'gomod-note.json')
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as NoteVectors
  const keys: VerifierKey[] = vectors.vkeys.map(parseVerifierKey)
  for (const key of vectors.bad_vkeys) assert.throws(() => parseVerifierKey(key), { code: 'key-malformed' })
  vectors.good_base64.forEach((note, i) => {
    for (const verify of [verifyEd25519, nodeVerifyEd25519]) {
      const opened = verifyNote(Buffer.from(note, 'base64').toString('utf8'), keys, verify)
      assert.equal(opened.signedBy.length, i + 1)
      assert.match(opened.text, /^If you think cryptography is the answer/)
    }
  })
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for (const note of vectors.malformed_base64)
    assert.throws(() => verifyNote(utf8.decode(Buffer.from(note, 'base64')), keys), {
      code: /^note-malformed$|^ERR_ENCODING_INVALID_ENCODED_DATA$/,
    })
})

test('a tile has one path', () => {
  for (const path of [
    'tile/0/000',
    'tile/entries/000.p/5',
    'tile/1/x001/x234/067',
    'tile/63/255.p/255',
    'tile/0/999',
    'tile/0/x001/000',
  ])
    assert.equal(encodeTilePath(parseTilePath(path)), path)
  for (const path of [
    'tile/0/0',
    'tile/0/x000/000',
    'tile/00/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/05',
    'tile/0/1000',
    'tile/0/x001',
    'tile/64/000',
    'tile/0/../000',
    'tile/-1/000',
    'tile/0/000/',
  ])
    assert.throws(() => parseTilePath(path), { code: 'tile-path-malformed' }, path)
})
