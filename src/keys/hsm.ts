import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { CodedError } from '../platform/coded-error.ts'
import type { HsmConfig } from '../platform/config.ts'
import type { KeyErrorCode } from './key-service.ts'

type Library = typeof import('pkcs11js')
type Session = { readonly api: import('pkcs11js').PKCS11; readonly handle: Buffer }

/**
 * A token of a hardware security module, spoken to by PKCS#11. Its key is made in it, AES-256, sensitive and not
 * extractable: it seals and opens our root and never leaves.
 */
export interface Hsm {
  /** Makes a key in the token. @returns its CKA_ID, 16 bytes. @throws CodedError `hsm-unavailable`, `hsm-pin-wrong`. */
  makeKey(): Buffer
  /** AES-256-GCM in the token: ciphertext and tag (16). @throws CodedError as `makeKey`, and `hsm-key-missing`. */
  seal(keyId: Buffer, nonce: Buffer, associated: Buffer, plain: Buffer): Buffer
  /** What `seal` sealed. @throws CodedError as `seal`, and `keys-broken` when it is not that. */
  open(keyId: Buffer, nonce: Buffer, associated: Buffer, sealed: Buffer): Buffer
}

const LABEL = 'countersign root'
const TAG_BITS = 128

/**
 * The token that the configuration names. Nothing is kept open: each act loads the module, signs in with the PIN of its
 * file, and leaves, so a token may be taken out, and a PIN changed, while a server runs.
 * @throws CodedError `hsm-unavailable` where `pkcs11js` is not compiled.
 */
export async function openHsm(place: HsmConfig): Promise<Hsm> {
  const library = await loadLibrary()
  return {
    makeKey: () => inSession(library, place, true, (session) => makeKey(library, session)),
    seal: (keyId, nonce, associated, plain) =>
      inSession(library, place, false, (session) => {
        const key = findKey(library, session, keyId, place)
        session.api.C_EncryptInit(session.handle, gcm(library, nonce, associated), key)
        return session.api.C_Encrypt(session.handle, plain, Buffer.alloc(plain.length + TAG_BITS / 8))
      }),
    open: (keyId, nonce, associated, sealed) =>
      inSession(library, place, false, (session) => {
        const key = findKey(library, session, keyId, place)
        session.api.C_DecryptInit(session.handle, gcm(library, nonce, associated), key)
        try {
          return session.api.C_Decrypt(session.handle, sealed, Buffer.alloc(sealed.length))
        } catch (cause) {
          throw error(
            'keys-broken',
            'the HSM does not open the root: the file that holds it is damaged',
            cause,
          )
        }
      }),
  }
}

/** Optional and compiled from source, so it is looked for only where an HSM is configured. */
async function loadLibrary(): Promise<Library> {
  try {
    const loaded = (await import('pkcs11js')) as Library & { default?: Library }
    return loaded.default ?? loaded
  } catch (cause) {
    throw error('hsm-unavailable', 'the way to an HSM is not compiled: run "npm run pkcs11" once', cause)
  }
}

function inSession<T>(
  library: Library,
  place: HsmConfig,
  writing: boolean,
  work: (session: Session) => T,
): T {
  const pin = readPin(place.pinFile)
  const api = new library.PKCS11()
  try {
    api.load(place.module)
  } catch {
    throw error('hsm-unavailable', 'the PKCS#11 module cannot be loaded: check COUNTERSIGN_PKCS11_MODULE')
  }
  try {
    api.C_Initialize()
    try {
      const slot = findSlot(api, place.token)
      const flags = library.CKF_SERIAL_SESSION | (writing ? library.CKF_RW_SESSION : 0)
      const handle = api.C_OpenSession(slot, flags)
      signIn(library, { api, handle }, pin)
      return work({ api, handle })
    } finally {
      // Ends every session of ours, and with them the sign-in.
      api.C_Finalize()
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw error('hsm-unavailable', `the HSM does not do what it is asked (${nameOf(cause)})`, cause)
  } finally {
    api.close()
  }
}

function findSlot(api: Session['api'], token: string): Buffer {
  const named = api.C_GetSlotList(true).filter((slot) => api.C_GetTokenInfo(slot).label.trim() === token)
  if (named.length === 1) return named[0]!
  throw error(
    'hsm-unavailable',
    `${named.length === 0 ? 'no token' : 'more than one token'} is called as COUNTERSIGN_PKCS11_TOKEN says`,
  )
}

/** Neither the PIN nor what the module says about it goes into the error. */
function signIn(library: Library, { api, handle }: Session, pin: string): void {
  try {
    api.C_Login(handle, library.CKU_USER, pin)
  } catch (cause) {
    const name = nameOf(cause)
    if (!name.startsWith('CKR_PIN_')) throw cause
    throw error(
      'hsm-pin-wrong',
      name === 'CKR_PIN_LOCKED'
        ? 'the token is locked after too many wrong PINs: its security officer unlocks it'
        : 'the HSM does not take the PIN of COUNTERSIGN_PKCS11_PIN_FILE; a few more tries may lock the token',
    )
  }
}

function makeKey(library: Library, { api, handle }: Session): Buffer {
  const id = randomBytes(16)
  api.C_GenerateKey(handle, { mechanism: library.CKM_AES_KEY_GEN }, [
    { type: library.CKA_CLASS, value: library.CKO_SECRET_KEY },
    { type: library.CKA_KEY_TYPE, value: library.CKK_AES },
    { type: library.CKA_VALUE_LEN, value: 32 },
    { type: library.CKA_LABEL, value: LABEL },
    { type: library.CKA_ID, value: id },
    { type: library.CKA_TOKEN, value: true },
    { type: library.CKA_PRIVATE, value: true },
    { type: library.CKA_SENSITIVE, value: true },
    { type: library.CKA_EXTRACTABLE, value: false },
    { type: library.CKA_ENCRYPT, value: true },
    { type: library.CKA_DECRYPT, value: true },
  ])
  return id
}

function findKey(library: Library, { api, handle }: Session, id: Buffer, place: HsmConfig): Buffer {
  api.C_FindObjectsInit(handle, [
    { type: library.CKA_CLASS, value: library.CKO_SECRET_KEY },
    { type: library.CKA_ID, value: id },
  ])
  const found = api.C_FindObjects(handle, 1)[0]
  api.C_FindObjectsFinal(handle)
  if (found !== undefined) return found
  throw error(
    'hsm-key-missing',
    `the token "${place.token}" does not hold the key "${LABEL}" with the id ${id.toString('hex')}: put its backup back`,
  )
}

function gcm(library: Library, iv: Buffer, aad: Buffer) {
  const parameter = {
    type: library.CK_PARAMS_AES_GCM,
    iv,
    ivBits: iv.length * 8,
    aad,
    aadBits: aad.length * 8,
    tagBits: TAG_BITS,
  }
  return { mechanism: library.CKM_AES_GCM, parameter }
}

function readPin(path: string): string {
  if (!existsSync(path))
    throw error(
      'hsm-pin-missing',
      'the file of COUNTERSIGN_PKCS11_PIN_FILE is not there: the PIN stands in it',
    )
  if ((statSync(path).mode & 0o077) !== 0)
    throw error('keys-exposed', 'the file of the PIN can be read by other users: chmod 600 it')
  const pin = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  if (pin !== '') return pin
  throw error('hsm-pin-missing', 'the file of COUNTERSIGN_PKCS11_PIN_FILE is empty: the PIN stands in it')
}

function nameOf(cause: unknown): string {
  const name = cause instanceof Error ? /CKR_[A-Z0-9_]+/.exec(cause.message)?.[0] : undefined
  return name ?? 'no CKR code'
}

function error(code: KeyErrorCode, message: string, cause?: unknown): CodedError<KeyErrorCode> {
  return new CodedError<KeyErrorCode>(code, message, cause === undefined ? {} : { cause })
}
