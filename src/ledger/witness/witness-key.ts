import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeIfAbsent } from '../../keys/durable-file.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { encodeWitnessKey } from '../cosignature.ts'
import { requireName } from '../note.ts'

export type WitnessKeyFault = 'witness-key-broken' | 'witness-named-otherwise'

/** A witness's name and key. */
export interface WitnessKey {
  readonly name: string
  readonly publicKey: Uint8Array
  /** As a policy lists it: `name+id+base64`, signature type 4. */
  readonly verifierKey: string
  sign(bytes: Uint8Array): Uint8Array
}

/** Name in the first line, then the private key (PKCS #8, PEM). */
const FILE = 'witness.key'

/**
 * The key in a witness's directory, made under `name` when there is none; a witness keeps its name for ever.
 * @throws CodedError `witness-key-broken`, `witness-named-otherwise`, `key-malformed` for a name that cannot be one
 */
export function openWitnessKey(directory: string, name: string | undefined): WitnessKey {
  if (!existsSync(join(directory, FILE))) makeKey(directory, name)
  const [named, ...pem] = readFileSync(join(directory, FILE), 'utf8').split('\n')
  if (name !== undefined && named !== name)
    throw new CodedError<WitnessKeyFault>(
      'witness-named-otherwise',
      `the witness in ${directory} is called ${named}: leave --name out, or give it another --dir`,
    )
  const privateKey = parsePem(directory, pem.join('\n'))
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  return {
    name: named as string,
    publicKey,
    verifierKey: encodeWitnessKey(named as string, publicKey),
    sign: (bytes) => sign(null, bytes, privateKey),
  }
}

function makeKey(directory: string, name: string | undefined): void {
  if (name === undefined)
    throw new CodedError<WitnessKeyFault>(
      'witness-key-broken',
      `there is no witness in ${directory}: name the new one with --name, for example regulator.example/witness`,
    )
  requireName(name, 'key-malformed')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  // Two that begin at once in one directory: the first key stays, both use it.
  writeIfAbsent(directory, FILE, `${name}\n${privateKey.export({ format: 'pem', type: 'pkcs8' })}`)
}

function parsePem(directory: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below: a key of another type is as useless as none.
  }
  throw new CodedError<WitnessKeyFault>(
    'witness-key-broken',
    `${join(directory, FILE)} holds no Ed25519 key: restore it from your copy`,
  )
}
