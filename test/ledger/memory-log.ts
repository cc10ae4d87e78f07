import { generateKeyPairSync, hash, sign } from 'node:crypto'
import { encodeBase64 } from '../../src/ledger/base64.ts'
import { signCheckpoint } from '../../src/ledger/checkpoint.ts'
import { Edge } from '../../src/ledger/edge.ts'
import { hashLeaf } from '../../src/ledger/merkle.ts'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'
import { encodeVerifierKey } from '../../src/ledger/note.ts'
import { proveConsistency, rootAt } from '../../src/ledger/prover.ts'
import { encodeBundle, encodeTilePath, TILE_WIDTH, tileWidth } from '../../src/ledger/tiles.ts'
import { encodeAddCheckpoint } from '../../src/ledger/witness/add-checkpoint.ts'

export const LOG_NAME = 'log.example/calls'

/** A log's name and key; two histories may share them, as a forking operator's do. */
export function makeLogKey(name = LOG_NAME) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  return {
    name,
    publicKey: raw as Uint8Array,
    verifierKey: encodeVerifierKey(name, raw),
    sign: (bytes: Uint8Array): Uint8Array => sign(null, bytes, privateKey),
  }
}
export type LogKey = ReturnType<typeof makeLogKey>

/** A whole log in memory, with every tile: what an operator (honest or not) can serve and submit. */
export class MemoryLog {
  readonly key: LogKey
  readonly entries: Uint8Array[]
  readonly tiles = new Map<string, Uint8Array>()

  constructor(key: LogKey, entries: readonly Uint8Array[]) {
    this.key = key
    this.entries = [...entries]
    const edge = new Edge(nodeSha256)
    for (const entry of entries) edge.add(hashLeaf(entry, nodeSha256))
    for (const { level, index, bytes } of edge.takeWrites()) this.tiles.set(`${level}/${index}`, bytes)
  }

  readonly readTile = async (level: number, index: number, width: number): Promise<Uint8Array> =>
    (this.tiles.get(`${level}/${index}`) ?? new Uint8Array(0)).subarray(0, width * 32)

  async note(size = this.entries.length, extra = ''): Promise<string> {
    const root = await rootAt(size, this.readTile, nodeSha256)
    if (extra === '') return signCheckpoint({ origin: this.key.name, size, root }, this.key)
    const body = `${this.key.name}\n${size}\n${encodeBase64(root)}\n${extra}\n`
    const { signNote } = await import('../../src/ledger/note.ts')
    return signNote(body, this.key)
  }

  async request(oldSize: number, size = this.entries.length): Promise<string> {
    const proof = await proveConsistency(oldSize, size, this.readTile, nodeSha256)
    return encodeAddCheckpoint({ oldSize, proof: proof.map(encodeBase64), note: await this.note(size) })
  }

  /** Every file of the public log at `size`, by path. */
  async files(size = this.entries.length): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>([['checkpoint', Buffer.from(await this.note(size))]])
    for (const [place, bytes] of this.tiles) {
      const [level, index] = place.split('/').map(Number) as [number, number]
      const width = tileWidth(size, level, index)
      if (width > 0) files.set(encodeTilePath({ level, index, width }), bytes.subarray(0, width * 32))
    }
    for (let index = 0; index * TILE_WIDTH < size; index += 1) {
      const width = tileWidth(size, 'entries', index)
      const entries = this.entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width)
      files.set(encodeTilePath({ level: 'entries', index, width }), encodeBundle(entries))
    }
    return files
  }
}

/** `count` entries of 32 bytes; another `history` gives others from `from` on. */
export function entriesOf(count: number, history = 'a', from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => hash('sha256', `${i < from ? 'a' : history} ${i}`, 'buffer'))
}
