import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../platform/coded-error.ts'
import type { KeyErrorCode, KeyService, SigningKey } from './key-service.ts'
import { MONTHS, openMonthKeys } from './month-keys.ts'
import { createRoot, readRoot, rewrapRoot, type Unlock, type WrapOptions } from './root-file.ts'
import { createSealer } from './sealer.ts'
import { openTweaks, type Tweaks } from './tweaks.ts'

/** RFC 8410: what stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Makes the key directory (0700, files 0600) with a fresh root under a passphrase or a new key of an HSM; never
 * overwrites one. @throws CodedError `keys-exist`, `passphrase-weak`, `hsm-...`.
 */
export async function initKeys(dir: string, unlock: Unlock, options: WrapOptions = {}): Promise<void> {
  await createRoot(dir, unlock, options)
}

/**
 * Opens the key directory.
 * @throws CodedError `keys-missing`, `keys-broken`, `keys-exposed`, `keys-otherwise`, `passphrase-wrong`, `hsm-...`.
 */
export async function openKeys(dir: string, unlock: Unlock): Promise<KeyService> {
  return keysUnder(await readRoot(dir, unlock), dir)
}

/**
 * Wraps the root anew: under what opens it now, or under `next`, always with a fresh salt or a new key of the HSM. The
 * root, and so every sealed byte and pseudonym, stays as it is; running servers need no restart.
 * @throws CodedError as `openKeys`, and `passphrase-weak`.
 */
export async function rotateKeys(
  dir: string,
  change: { unlock: Unlock; next?: Unlock } & WrapOptions,
): Promise<void> {
  await rewrapRoot(dir, change.unlock, change.next ?? change.unlock, change)
}

function keysUnder(root: Buffer, dir: string): KeyService {
  const derived = new Map<string, Buffer>()
  const derive = (label: string): Buffer => {
    let key = derived.get(label)
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `countersign ${label}`, 32))
      derived.set(label, key)
    }
    return key
  }
  // The tweaks come first into a fresh directory: where there are months without them, they were lost.
  const tweaks = openTweaks(dir, !existsSync(join(dir, MONTHS)))
  const months = openMonthKeys(dir, derive('wrap month keys'), tweaks)
  const signing = new Map<string, SigningKey>()
  return {
    prfKey: (purpose) => derive(`prf ${purpose}`),
    sealer: createSealer((purpose) => derive(`seal ${purpose}`)),
    monthKey: async (month) => months.ensure(month),
    existingMonthKey: async (month) => months.existing(month),
    destroyMonthKey: async (month) => months.destroy(month),
    ...tweakService(tweaks),
    lost: () => ({ months: months.lost(), tweaks: tweaks.lost }),
    signingKey(name) {
      const known = signing.get(name) ?? signingKeyOf(derive(`sign ${name}`))
      signing.set(name, known)
      return known
    },
    close() {
      tweaks.close()
      root.fill(0)
      for (const key of derived.values()) key.fill(0)
    },
  }
}

function tweakService(
  tweaks: Tweaks,
): Pick<KeyService, 'tweak' | 'tweaks' | 'existingTweak' | 'destroyTweak'> {
  return {
    tweaks: async (tenures) => tweaks.ensure(tenures),
    async tweak(tenure) {
      const tweak = tweaks.ensure([tenure]).get(tenure)
      if (tweak) return tweak
      throw new CodedError<KeyErrorCode>('key-destroyed', 'the log of this tenure has been erased')
    },
    async existingTweak(tenure) {
      const tweak = tweaks.find(tenure)
      if (tweak !== undefined) return tweak
      throw new CodedError<KeyErrorCode>(
        'key-missing',
        'the key of a holder is not in the key directory: their log opens when it is restored from a backup of the keys',
      )
    },
    destroyTweak: async (tenure) => tweaks.destroy(tenure),
  }
}

function signingKeyOf(seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    publicKey: rawPublicKey(createPublicKey(privateKey)),
    sign: (message) => sign(null, message, privateKey),
  }
}

/** The last 32 bytes of the SubjectPublicKeyInfo are the key itself (RFC 8410). */
function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32)
}
