import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { drawAhead } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'

const VERSION = 1
const NONCE = 12
const TAG = 16

/**
 * A sealer whose key for each purpose is `keyOf(purpose)`. Sealed bytes: version (1), nonce (12, random),
 * ciphertext, tag (16); the context is associated data (AES-256-GCM, NIST SP 800-38D).
 */
export function createSealer(keyOf: (purpose: string) => Buffer): Sealer {
  const draw = drawAhead(randomBytes)
  return {
    seal(purpose, context, plain) {
      const nonce = draw(NONCE)
      const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce)
      cipher.setAAD(Buffer.from(context))
      const sealed = Buffer.allocUnsafe(1 + NONCE + plain.length + TAG)
      sealed[0] = VERSION
      sealed.set(nonce, 1)
      // A counter mode gives as many bytes as it takes, and nothing at the end.
      sealed.set(cipher.update(plain), 1 + NONCE)
      cipher.final()
      sealed.set(cipher.getAuthTag(), sealed.length - TAG)
      return sealed
    },
    open(purpose, context, sealed) {
      if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION) throw broken()
      const nonce = sealed.subarray(1, 1 + NONCE)
      const decipher = createDecipheriv('aes-256-gcm', keyOf(purpose), nonce, { authTagLength: TAG })
      decipher.setAAD(Buffer.from(context))
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
      try {
        // A counter mode gives as many bytes as it takes; `final` only compares the tag, and throws.
        const plain = decipher.update(sealed.subarray(1 + NONCE, sealed.length - TAG))
        decipher.final()
        return plain
      } catch (cause) {
        throw broken(cause)
      }
    },
  }
}

function broken(cause?: unknown): CodedError<'sealed-broken'> {
  return new CodedError(
    'sealed-broken',
    'sealed bytes do not open: changed, moved, or sealed for another purpose',
    cause === undefined ? {} : { cause },
  )
}
