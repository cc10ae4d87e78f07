import { encodeBase64 } from '../../ledger/base64.ts'
import { type VerifyEd25519, verifyEd25519 } from '../../ledger/note.ts'

/**
 * Runs `check` with signatures verified by the browser's own cryptography, which takes a tenth of the time but answers
 * later: so they are believed at first, and the result counts only once all of them were found good. Whenever anything
 * does not hold, or this browser has no Ed25519, `check` runs again with our own, and names the first thing that fails.
 */
export async function checkSignatures<T>(check: (verify: VerifyEd25519) => Promise<T>): Promise<T> {
  const claims = new Map<string, Claim>()
  try {
    const result = await check((signature, message, publicKey) => {
      claims.set(keyOf(signature, message, publicKey), [copy(signature), copy(message), copy(publicKey)])
      return true
    })
    if (await allHold([...claims.values()])) return result
  } catch {
    // What was believed may have led astray: only the second run's word counts.
  }
  return check(rememberVerified())
}

/** Signature, message and public key. */
type Claim = readonly [Bytes, Bytes, Bytes]
type Bytes = Uint8Array<ArrayBuffer>

/** False also where the browser cannot tell: `subtle` is there on secure pages only. */
async function allHold(claims: readonly Claim[]): Promise<boolean> {
  const { subtle } = globalThis.crypto
  if (subtle === undefined) return false
  const verified = await Promise.all(
    claims.map(async ([signature, message, publicKey]) => {
      const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
      return subtle.verify('Ed25519', key, signature, message)
    }),
  )
  return verified.every((holds) => holds)
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
