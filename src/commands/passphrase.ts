import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Instance } from '../instance.ts'
import { openHsm } from '../keys/hsm.ts'
import { rootKeeper, type Unlock } from '../keys/root-file.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { HsmConfig } from '../platform/config.ts'

const CREDENTIAL = 'countersign-passphrase'
const SHORTEST = 12

/**
 * The passphrase of the key directory, from the first place that has one: the file descriptor named with
 * `--passphrase-fd`, the systemd credential `countersign-passphrase`, or a person at the terminal. It is
 * never an argument or an environment variable, where other processes could read it. A demo keeps its own
 * in its key directory and says so.
 * @throws CodedError `no-passphrase` with where to put one.
 */
export async function findPassphrase(
  instance: Pick<Instance, 'born' | 'keyDirectory'>,
  options: { passphraseFd?: number | undefined },
): Promise<string> {
  if (instance.born === 'demo') return demoPassphrase(instance.keyDirectory)
  if (options.passphraseFd !== undefined) return readDescriptor(options.passphraseFd)
  const credentials = process.env.CREDENTIALS_DIRECTORY
  if (credentials !== undefined && existsSync(join(credentials, CREDENTIAL))) {
    return trimmed(readFileSync(join(credentials, CREDENTIAL), 'utf8'))
  }
  if (process.stdin.isTTY) return trimmed(await askHidden('Passphrase of the keys: '))
  throw new CodedError(
    'no-passphrase',
    `the passphrase of the keys is missing: give it with --passphrase-fd N, as the systemd credential "${CREDENTIAL}", or start from a terminal`,
  )
}

/**
 * What opens the keys of an instance: the HSM of the configuration where their root is kept by one, else a passphrase.
 * @throws CodedError `no-passphrase`, `hsm-not-configured`, `hsm-unavailable`, `keys-broken`.
 */
export async function findUnlock(
  instance: Pick<Instance, 'born' | 'keyDirectory'>,
  options: { passphraseFd?: number | undefined; hsm: HsmConfig | null },
): Promise<Unlock> {
  if (rootKeeper(instance.keyDirectory) !== 'hsm') return findPassphrase(instance, options)
  if (options.hsm !== null) return openHsm(options.hsm)
  throw new CodedError(
    'hsm-not-configured',
    'an HSM keeps the root of these keys: set COUNTERSIGN_PKCS11_MODULE, COUNTERSIGN_PKCS11_TOKEN and COUNTERSIGN_PKCS11_PIN_FILE (docs/keys.md)',
  )
}

/** A new passphrase, asked twice when a person types it. @throws CodedError `passphrase-too-short`, `passphrases-differ`. */
export async function newPassphrase(options: { passphraseFd?: number | undefined }): Promise<string> {
  if (options.passphraseFd !== undefined || !process.stdin.isTTY) {
    return longEnough(await findPassphrase({ born: 'real', keyDirectory: '' }, options))
  }
  const first = longEnough(await askHidden('New passphrase for the keys: '))
  if ((await askHidden('The same again: ')) !== first) {
    throw new CodedError('passphrases-differ', 'the two passphrases differ: nothing was changed')
  }
  return first
}

/** A customer's number, from a descriptor or a person: never an argument. @throws CodedError `no-number`. */
export async function readNumber(options: { numberFd?: number | undefined }): Promise<string> {
  if (options.numberFd !== undefined) return readDescriptor(options.numberFd).trim()
  if (process.stdin.isTTY) return trimmed(await askHidden('The number: ')).trim()
  throw new CodedError(
    'no-number',
    'the number is missing: give it with --number-fd N, or start from a terminal',
  )
}

function readDescriptor(descriptor: number): string {
  try {
    return trimmed(readFileSync(descriptor, 'utf8'))
  } catch (cause) {
    throw new CodedError(
      'no-passphrase',
      `file descriptor ${descriptor} cannot be read: open it for this command (npx hands on none but 0: "--passphrase-fd 0 < FILE")`,
      { cause },
    )
  }
}

function demoPassphrase(keyDirectory: string): string {
  const path = join(keyDirectory, 'demo-passphrase')
  if (existsSync(path)) return trimmed(readFileSync(path, 'utf8'))
  mkdirSync(keyDirectory, { recursive: true, mode: 0o700 })
  const passphrase = randomBytes(18).toString('base64url')
  writeFileSync(path, `${passphrase}\n`, { mode: 0o600, flag: 'wx' })
  return passphrase
}

async function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  process.stderr.write(question)
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

function trimmed(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function longEnough(passphrase: string): string {
  if (passphrase.length >= SHORTEST) return passphrase
  throw new CodedError(
    'passphrase-too-short',
    `the passphrase has fewer than ${SHORTEST} characters: choose a longer one`,
  )
}
