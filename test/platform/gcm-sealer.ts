import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { CodedError } from '../../src/platform/coded-error.ts'
import type { Sealer } from '../../src/platform/sealer.ts'

/** AES-256-GCM under a fresh random root: the platform's own tests stand below `keys/`. */
export function createGcmSealer(): Sealer {
  const root = randomBytes(32)
  const keyOf = (purpose: string) => Buffer.from(hkdfSync('sha256', root, '', purpose, 32))
  return {
    seal: (purpose, context, plain) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce).setAAD(Buffer.from(context))
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open: (purpose, context, sealed) => {
      const bytes = Buffer.from(sealed)
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(purpose), bytes.subarray(0, 12))
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
      } catch (cause) {
        throw new CodedError('sealed-broken', 'the sealed bytes do not open', { cause })
      }
    },
  }
}
