import { encodeBase64, parseBase64 } from '../../ledger/base64.ts'
import { type Checkpoint, verifyCheckpoint } from '../../ledger/checkpoint.ts'
import { sameBytes, verifyConsistency } from '../../ledger/merkle.ts'
import { parseVerifierKey } from '../../ledger/note.ts'
import { proveConsistency } from '../../ledger/prover.ts'
import { encodeTilePath, TILE_WIDTH, tileWidth } from '../../ledger/tiles.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { checkSignatures } from './signatures.ts'

/** The register as this browser remembers it between visits. */
export interface Remembered {
  readonly verifierKey: string
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Epoch ms of the visit. */
  readonly at: number
}

export type RegisterFault = 'key-changed' | 'register-shrank' | 'register-unreachable'

/** Fetches a public address as bytes; a failure throws. */
export type FetchBytes = (path: string) => Promise<Uint8Array>

/**
 * The register's newest checkpoint, checked: signed by the key, and an extension of what this browser remembers. Its
 * tiles are read from the public log, and count for nothing unless the proof they make leads to both roots.
 * @throws CodedError `key-changed`, `register-shrank`, or that of the signature or proof that does not hold.
 */
export async function checkRegister(
  verifierKey: string,
  remembered: Remembered | null,
  fetchBytes: FetchBytes,
): Promise<Checkpoint> {
  if (remembered !== null && remembered.verifierKey !== verifierKey) {
    throw new CodedError<RegisterFault>('key-changed', 'the register has another key than at the last visit')
  }
  const note = new TextDecoder().decode(await fetchBytes('/log/checkpoint'))
  const key = parseVerifierKey(verifierKey)
  const checkpoint = await checkSignatures(async (verify) => verifyCheckpoint(note, key, verify))
  if (remembered !== null) {
    await checkExtends({ size: remembered.size, root: parseBase64(remembered.root) }, checkpoint, fetchBytes)
  }
  return checkpoint
}

/** @throws CodedError unless the tree of `newer` begins with that of `older`. */
export async function checkExtends(
  older: { size: number; root: Uint8Array },
  newer: { size: number; root: Uint8Array },
  fetchBytes: FetchBytes,
  prefix: '/log' | '/subjects' = '/log',
): Promise<void> {
  if (older.size > newer.size)
    throw new CodedError<RegisterFault>('register-shrank', 'the register is shorter than it was')
  const tiles = new Map<string, Promise<Uint8Array>>()
  const readTile = (level: number, index: number) => {
    const width = tileWidth(newer.size, level, index)
    const path = `${prefix}/${encodeTilePath({ level, index, width: width === 0 ? TILE_WIDTH : width })}`
    const known = tiles.get(path) ?? fetchBytes(path)
    tiles.set(path, known)
    return known
  }
  const same = older.size === newer.size && sameBytes(older.root, newer.root)
  const proof = same ? [] : await proveConsistency(older.size, newer.size, readTile)
  verifyConsistency({ size1: older.size, size2: newer.size, root1: older.root, root2: newer.root, proof })
}

/** What to remember of a checked checkpoint. */
export function rememberedOf(verifierKey: string, checkpoint: Checkpoint, at: number): Remembered {
  return { verifierKey, size: checkpoint.size, root: encodeBase64(checkpoint.root), at }
}

/** What was remembered, or null; broken text counts as nothing remembered. */
export function parseRemembered(text: string | null): Remembered | null {
  if (text === null) return null
  try {
    const { verifierKey, size, root, at } = JSON.parse(text) as Record<string, unknown>
    if (typeof verifierKey !== 'string' || typeof root !== 'string') return null
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(at)) return null
    if (parseBase64(root).length !== 32) return null
    return { verifierKey, size: size as number, root, at: at as number }
  } catch {
    return null
  }
}
