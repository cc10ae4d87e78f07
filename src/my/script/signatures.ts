import { encodeBase64 } from '../../ledger/base64.ts'
import { type VerifyEd25519, verifyEd25519 } from '../../ledger/note.ts'

/**
 * Runs `check` with signatures verified by the browser's own cryptography, which takes a tenth of the time but answers
 * later: so they are believed at first, and the result counts only once all of them were found good. Whenever anything
 * does not hold, or this browser has no Ed25519, `check` runs again with our own, and names the first thing that fails.
 */
export async function checkSignatures<T>(check: (verify: VerifyEd25519) => Promise<T>): Promise<T> {
  const claims = new Map<string, Promise<boolean>>()
  try {
    const result = await check((signature, message, publicKey) => {
      const key = keyOf(signature, message, publicKey)
      // Asked at once: the browser verifies while the rest is worked out.
      if (!claims.has(key)) claims.set(key, holds([copy(signature), copy(message), copy(publicKey)]))
      return true
    })
    if ((await Promise.all(claims.values())).every((held) => held)) return result
  } catch {
    // What was believed may have led astray: only the second run's word counts.
  }
  return check(rememberVerified())
}

/** Signature, message and public key. */
type Claim = readonly [Bytes, Bytes, Bytes]
type Bytes = Uint8Array<ArrayBuffer>

/** False also where the browser cannot tell: `subtle` is there on secure pages only, and not every one knows Ed25519. */
async function holds([signature, message, publicKey]: Claim): Promise<boolean> {
  try {
    const { subtle } = globalThis.crypto
    const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return await subtle.verify('Ed25519', key, signature, message)
  } catch {
    return false
  }
}

/** Many proofs stand under one checkpoint: its signature is checked once. */
function rememberVerified(): VerifyEd25519 {
  const known = new Map<string, boolean>()
  return (signature, message, publicKey) => {
    const key = keyOf(signature, message, publicKey)
    const before = known.get(key) ?? verifyEd25519(signature, message, publicKey)
    known.set(key, before)
    return before
  }
}

function keyOf(...parts: readonly Uint8Array[]): string {
  return parts.map(encodeBase64).join('/')
}

function copy(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes)
}
