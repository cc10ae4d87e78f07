import {
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto'
import type { EntryDraft } from '../../src/ledger/entry.ts'
import { createLedger, type Ledger, type LedgerParties } from '../../src/ledger/ledger.ts'
import { CodedError } from '../../src/platform/coded-error.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import type { Sealer } from '../../src/platform/sealer.ts'

export const SUBJECT = 'a1'.repeat(16)
export const ORIGIN = 'ayeyar.example/log'

/** AES-256-GCM under a key of its own, as the key service seals. */
export function testSealer(root: Uint8Array = randomBytes(32)): Sealer {
  const keys = new Map<string, Buffer>()
  const keyOf = (purpose: string) => {
    const key = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', root, '', purpose, 32))
    keys.set(purpose, key)
    return key
  }
  return {
    seal(purpose, context, plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce)
      cipher.setAAD(Buffer.from(context))
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(purpose, context, sealed) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(purpose), sealed.subarray(0, 12))
        decipher.setAAD(Buffer.from(context))
        decipher.setAuthTag(sealed.subarray(-16))
        return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
      } catch (cause) {
        throw new CodedError('sealed-broken', 'does not open', { cause })
      }
    },
  }
}

/** Keys, a clock and randomness for one log; two ledgers of one log share them. */
export function testParties(pool: LedgerParties['pool']): LedgerParties {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const signingKey = {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
  }
  return {
    pool,
    keys: { sealer: testSealer(), signingKey: () => signingKey },
    clock: { now: () => Date.UTC(2026, 10, 25, 4, 30) },
    random: randomBytes,
    origin: ORIGIN,
    sweepSeconds: 0,
  }
}

/** A log of `count` entries. */
export async function filledLedger(
  database: OpenDatabase,
  count: number,
): Promise<{ ledger: Ledger; parties: LedgerParties }> {
  const parties = testParties(database.pool)
  const ledger = await createLedger(parties)
  await Promise.all(Array.from({ length: count }, (_, i) => ledger.record(reveal(i))))
  return { ledger, parties }
}

/** A reveal of the bill's columns. */
export function reveal(n = 0): EntryDraft {
  return {
    kind: 'reveal',
    header: { office: 'mandalay', category: 'bill', counts: { rows: 50 }, withContact: true },
    body: { contact: `c${n}`, question: 'which calls made the bill so high', page: n },
    subject: SUBJECT,
    actor: 'M-17',
    opening: { subject: SUBJECT, tenure: 't1', from: 0, until: 2_000_000_000, fields: ['start', 'charge'] },
  }
}
