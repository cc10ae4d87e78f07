import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CodedError } from '../platform/coded-error.ts'
import { writeDurably, writeIfAbsent } from './durable-file.ts'
import type { Hsm } from './hsm.ts'
import type { KeyErrorCode } from './key-service.ts'

const FILE = 'root.json'
const VERSION = 1
/** The root under a key of an HSM. */
const HSM_VERSION = 2
/** 2^17 x 8 x 128 bytes: 128 MB and some 0.4 s for each guess (OWASP's floor for scrypt). */
const DEFAULT_LOG_N = 17
/** A hostile file may not make us allocate more than 4 GB. */
const MAX_LOG_N = 22
const BLOCK_SIZE = 8
const SHORTEST_PASSPHRASE = 8

/** What opens the root: a passphrase, or the token of an HSM. */
export type Unlock = string | Hsm

/** Whose hands the root is in. */
export type RootKeeper = 'passphrase' | 'hsm'

interface HsmFile {
  readonly version: typeof HSM_VERSION
  /** CKA_ID of the token's key, in hex. */
  readonly hsm: { readonly key: string }
  readonly nonce: string
  readonly wrapped: string
}

interface PassphraseFile {
  readonly version: typeof VERSION
  readonly scrypt: { readonly logN: number; readonly salt: string }
  readonly nonce: string
  readonly wrapped: string
}

/** How hard a guess is; only tests ask for less than the default. */
export interface WrapOptions {
  readonly scryptLogN?: number
}

/**
 * Makes `dir` (0700) with a fresh random root wrapped under a passphrase or a new key of an HSM.
 * @throws CodedError `keys-exist` when it has one already, `passphrase-weak`, `hsm-...`.
 */
export async function createRoot(dir: string, unlock: Unlock, options: WrapOptions = {}): Promise<void> {
  refuseWeak(unlock)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  chmodSync(dir, 0o700)
  // Asked first, so that an HSM gets no key that nothing uses.
  if (existsSync(join(dir, FILE))) throw exists(dir)
  const root = randomBytes(32)
  if (!writeIfAbsent(dir, FILE, await wrap(root, unlock, options))) throw exists(dir)
  root.fill(0)
}

/**
 * Whose hands the root of `dir` is in; null where there is none. @throws CodedError `keys-broken`.
 */
export function rootKeeper(dir: string): RootKeeper | null {
  const path = join(dir, FILE)
  if (!existsSync(path)) return null
  return 'hsm' in parseRootFile(readFileSync(path, 'utf8'), path) ? 'hsm' : 'passphrase'
}

/**
 * The root of `dir`, 32 bytes.
 * @throws CodedError `keys-missing`, `keys-broken`, `keys-exposed`, `keys-otherwise`, `passphrase-wrong`, `hsm-...`.
 */
export async function readRoot(dir: string, unlock: Unlock): Promise<Buffer> {
  const path = join(dir, FILE)
  if (!existsSync(path))
    throw error(
      'keys-missing',
      `${dir} has no keys: restore a backup of them; "keys check" says what does not open without`,
    )
  if ((statSync(path).mode & 0o077) !== 0 || (statSync(dir).mode & 0o077) !== 0) {
    throw error('keys-exposed', `${dir} can be read by other users: chmod 700 it and 600 the files in it`)
  }
  const file = parseRootFile(readFileSync(path, 'utf8'), path)
  if ('hsm' in file) {
    if (typeof unlock === 'string') throw otherwise(dir, 'an HSM')
    return unwrapByHsm(file, unlock)
  }
  if (typeof unlock !== 'string') throw otherwise(dir, 'a passphrase')
  return unwrapRoot(file, unlock)
}

/** Wraps the same root anew: under `next`, with a new salt, or a new key of the HSM. */
export async function rewrapRoot(
  dir: string,
  unlock: Unlock,
  next: Unlock,
  options: WrapOptions = {},
): Promise<void> {
  refuseWeak(next)
  const root = await readRoot(dir, unlock)
  writeDurably(dir, FILE, await wrap(root, next, options))
  root.fill(0)
}

async function wrap(root: Buffer, unlock: Unlock, options: WrapOptions): Promise<string> {
  return typeof unlock === 'string' ? wrapRoot(root, unlock, options) : wrapByHsm(root, unlock)
}

function wrapByHsm(root: Buffer, hsm: Hsm): string {
  const key = hsm.makeKey()
  const nonce = randomBytes(12)
  const file: HsmFile = {
    version: HSM_VERSION,
    hsm: { key: key.toString('hex') },
    nonce: nonce.toString('base64'),
    wrapped: hsm.seal(key, nonce, associatedWithHsm(key), root).toString('base64'),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

function unwrapByHsm(file: HsmFile, hsm: Hsm): Buffer {
  const key = Buffer.from(file.hsm.key, 'hex')
  const [nonce, wrapped] = [Buffer.from(file.nonce, 'base64'), Buffer.from(file.wrapped, 'base64')]
  const root = hsm.open(key, nonce, associatedWithHsm(key), wrapped)
  if (root.length === 32) return root
  throw error('keys-broken', 'the HSM opens something else than a root')
}

function associatedWithHsm(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`countersign root v${HSM_VERSION} hsm `), key])
}

async function wrapRoot(root: Buffer, passphrase: string, options: WrapOptions): Promise<string> {
  const logN = options.scryptLogN ?? DEFAULT_LOG_N
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await kek(passphrase, salt, logN), nonce)
  cipher.setAAD(associated(logN, salt))
  const wrapped = Buffer.concat([cipher.update(root), cipher.final(), cipher.getAuthTag()])
  const file: PassphraseFile = {
    version: VERSION,
    scrypt: { logN, salt: salt.toString('base64') },
    nonce: nonce.toString('base64'),
    wrapped: wrapped.toString('base64'),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

async function unwrapRoot(file: PassphraseFile, passphrase: string): Promise<Buffer> {
  const { logN } = file.scrypt
  const salt = Buffer.from(file.scrypt.salt, 'base64')
  const wrapped = Buffer.from(file.wrapped, 'base64')
  const decipher = createDecipheriv(
    'aes-256-gcm',
    await kek(passphrase, salt, logN),
    Buffer.from(file.nonce, 'base64'),
    { authTagLength: 16 },
  )
  decipher.setAAD(associated(logN, salt))
  decipher.setAuthTag(wrapped.subarray(32))
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(0, 32)), decipher.final()])
  } catch (cause) {
    throw error('passphrase-wrong', 'the passphrase does not open these keys', cause)
  }
}

function parseRootFile(text: string, path: string): PassphraseFile | HsmFile {
  const broken = (cause?: unknown) =>
    error('keys-broken', `${path} is damaged: restore it from a backup of the keys`, cause)
  let file: PassphraseFile | HsmFile
  try {
    file = JSON.parse(text) as PassphraseFile | HsmFile
  } catch (cause) {
    throw broken(cause)
  }
  const sized = (value: unknown, bytes: number) =>
    typeof value === 'string' && Buffer.from(value, 'base64').length === bytes
  if (!sized(file?.nonce, 12) || !sized(file?.wrapped, 48)) throw broken()
  if (file.version === HSM_VERSION) {
    if (!/^[0-9a-f]{32}$/.test(file.hsm?.key)) throw broken()
    return file
  }
  const logN = file.scrypt?.logN
  const whole =
    file.version === VERSION &&
    Number.isInteger(logN) &&
    logN >= 10 &&
    logN <= MAX_LOG_N &&
    sized(file.scrypt.salt, 16)
  if (!whole) throw broken()
  return file
}

/** On a thread of its own: meanwhile a database starts. */
const stretch = promisify<string, Buffer, number, object, Buffer>(scrypt)

function kek(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const N = 2 ** logN
  return stretch(passphrase.normalize('NFKC'), salt, 32, {
    N,
    r: BLOCK_SIZE,
    p: 1,
    maxmem: 256 * N * BLOCK_SIZE,
  })
}

function associated(logN: number, salt: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`countersign root v${VERSION} scrypt ${logN} `), salt])
}

function refuseWeak(unlock: Unlock): void {
  if (typeof unlock === 'string' && unlock.length < SHORTEST_PASSPHRASE) {
    throw error('passphrase-weak', `the passphrase has fewer than ${SHORTEST_PASSPHRASE} characters`)
  }
}

function exists(dir: string): CodedError<KeyErrorCode> {
  return error('keys-exist', `${dir} has keys already: they are never overwritten`)
}

function otherwise(dir: string, keeper: string): CodedError<KeyErrorCode> {
  return error('keys-otherwise', `the root in ${dir} is kept by ${keeper}`)
}

function error(code: KeyErrorCode, message: string, cause?: unknown): CodedError<KeyErrorCode> {
  return new CodedError<KeyErrorCode>(code, message, cause === undefined ? {} : { cause })
}
