import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../platform/coded-error.ts'
import { writeDurably, writeIfAbsent } from './durable-file.ts'
import type { KeyErrorCode } from './key-service.ts'

const FILE = 'root.json'
const VERSION = 1
/** 2^17 x 8 x 128 bytes: 128 MB and some 0.4 s for each guess (OWASP's floor for scrypt). */
const DEFAULT_LOG_N = 17
/** A hostile file may not make us allocate more than 4 GB. */
const MAX_LOG_N = 22
const BLOCK_SIZE = 8
const SHORTEST_PASSPHRASE = 8

interface RootFile {
  readonly version: number
  readonly scrypt: { readonly logN: number; readonly salt: string }
  readonly nonce: string
  readonly wrapped: string
}

/** How hard a guess is; only tests ask for less than the default. */
export interface WrapOptions {
  readonly scryptLogN?: number
}

/**
 * Makes `dir` (0700) with a fresh random root wrapped under `passphrase`.
 * @throws CodedError `keys-exist` when it has one already, `passphrase-weak`.
 */
export function createRoot(dir: string, passphrase: string, options: WrapOptions = {}): void {
  refuseWeak(passphrase)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  chmodSync(dir, 0o700)
  const root = randomBytes(32)
  if (!writeIfAbsent(dir, FILE, wrapRoot(root, passphrase, options))) {
    throw error('keys-exist', `${dir} has keys already: they are never overwritten`)
  }
  root.fill(0)
}

/** The root of `dir`, 32 bytes. @throws CodedError `keys-missing`, `keys-broken`, `keys-exposed`, `passphrase-wrong`. */
export function readRoot(dir: string, passphrase: string): Buffer {
  const path = join(dir, FILE)
  if (!existsSync(path)) throw error('keys-missing', `${dir} has no keys: make them with "keys init"`)
  if ((statSync(path).mode & 0o077) !== 0 || (statSync(dir).mode & 0o077) !== 0) {
    throw error('keys-exposed', `${dir} can be read by other users: chmod 700 it and 600 the files in it`)
  }
  return unwrapRoot(parseRootFile(readFileSync(path, 'utf8'), path), passphrase)
}

/** Wraps the same root under a new salt, and a new passphrase where one is given. */
export function rewrapRoot(
  dir: string,
  passphrase: string,
  newPassphrase: string,
  options: WrapOptions = {},
): void {
  refuseWeak(newPassphrase)
  const root = readRoot(dir, passphrase)
  writeDurably(dir, FILE, wrapRoot(root, newPassphrase, options))
  root.fill(0)
}

function wrapRoot(root: Buffer, passphrase: string, options: WrapOptions): string {
  const logN = options.scryptLogN ?? DEFAULT_LOG_N
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', kek(passphrase, salt, logN), nonce)
  cipher.setAAD(associated(logN, salt))
  const wrapped = Buffer.concat([cipher.update(root), cipher.final(), cipher.getAuthTag()])
  const file: RootFile = {
    version: VERSION,
    scrypt: { logN, salt: salt.toString('base64') },
    nonce: nonce.toString('base64'),
    wrapped: wrapped.toString('base64'),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

function unwrapRoot(file: RootFile, passphrase: string): Buffer {
  const { logN } = file.scrypt
  const salt = Buffer.from(file.scrypt.salt, 'base64')
  const wrapped = Buffer.from(file.wrapped, 'base64')
  const decipher = createDecipheriv(
    'aes-256-gcm',
    kek(passphrase, salt, logN),
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

function parseRootFile(text: string, path: string): RootFile {
  const broken = (cause?: unknown) =>
    error('keys-broken', `${path} is damaged: restore it from a backup of the keys`, cause)
  let file: RootFile
  try {
    file = JSON.parse(text) as RootFile
  } catch (cause) {
    throw broken(cause)
  }
  const sized = (value: unknown, bytes: number) =>
    typeof value === 'string' && Buffer.from(value, 'base64').length === bytes
  const logN = file?.scrypt?.logN
  const whole =
    file?.version === VERSION &&
    Number.isInteger(logN) &&
    logN >= 10 &&
    logN <= MAX_LOG_N &&
    sized(file.scrypt.salt, 16) &&
    sized(file.nonce, 12) &&
    sized(file.wrapped, 48)
  if (!whole) throw broken()
  return file
}

function kek(passphrase: string, salt: Buffer, logN: number): Buffer {
  const N = 2 ** logN
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, {
    N,
    r: BLOCK_SIZE,
    p: 1,
    maxmem: 256 * N * BLOCK_SIZE,
  })
}

function associated(logN: number, salt: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`countersign root v${VERSION} scrypt ${logN} `), salt])
}

function refuseWeak(passphrase: string): void {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw error('passphrase-weak', `the passphrase has fewer than ${SHORTEST_PASSPHRASE} characters`)
  }
}

function error(code: KeyErrorCode, message: string, cause?: unknown): CodedError<KeyErrorCode> {
  return new CodedError<KeyErrorCode>(code, message, cause === undefined ? {} : { cause })
}
