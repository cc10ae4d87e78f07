import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import type { Sha256 } from './merkle.ts'
import type { VerifyEd25519 } from './note.ts'

/**
 * SHA-256 by OpenSSL: several times faster than the portable one. Out as a string and back: a buffer of its own for each
 * 32 bytes, outside the heap, costs twice the hash.
 */
export const nodeSha256: Sha256 = (bytes) => Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1')

/** SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Ed25519 by OpenSSL. */
export const nodeVerifyEd25519: VerifyEd25519 = (signature, message, publicKey) =>
  verify(null, message, keyObject(publicKey), signature)

function keyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
}
