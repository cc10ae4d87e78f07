import { parseBase64 } from '../base64.ts'
import { type Sha256, sha256 } from '../merkle.ts'

/**
 * A verifier key as people compare it, aloud or on paper: SHA-256 of its 33 bytes (type and key), the first 20 as five
 * groups of eight hex digits. Whoever wants another key with the same fingerprint tries 2^160 of them.
 */
export function fingerprintOf(verifierKey: string, hash: Sha256 = sha256): string {
  const encoded = verifierKey.slice(verifierKey.indexOf('+', verifierKey.indexOf('+') + 1) + 1)
  const digest = hash(parseBase64(encoded)).subarray(0, 20)
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return (hex.match(/.{8}/g) ?? []).join(' ')
}
