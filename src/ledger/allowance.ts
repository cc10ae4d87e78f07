import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { CodedError } from '../platform/coded-error.ts'
import { parseBase64 } from './base64.ts'
import { encodeText } from './commitment.ts'
import type { JsonObject } from './entry.ts'
import { type Sha256, sameBytes, sha256 } from './merkle.ts'

/**
 * What a customer allows with her own key, and the check that she did: WebAuthn Level 3, 7.2, over the challenge that
 * is the digest of exactly this. It stands in the body of the look's `grant` entry. Runs in browsers, without a network.
 */

/** What she read and allowed. Instants in epoch ms, the period in epoch seconds. */
export interface Allowance {
  readonly v: 1
  /** The look that it is for, and no other. */
  readonly grant: string
  readonly contact: string
  /** Whose records: the number, E.164, and the tenure of it. */
  readonly number: string
  readonly tenure: string
  /** Who may look. */
  readonly deskName: string
  readonly office: string
  /** For what. */
  readonly purpose: string
  readonly question: string
  /** Which period: the bill period, `2026-08`, as its bounds. */
  readonly month: string
  readonly from: number
  readonly to: number
  /** Until when. */
  readonly until: number
  /** The sentence as it stood on her page, and its language. */
  readonly says: string
  readonly language: string
}

export type KeyAlgorithm = 'ES256' | 'EdDSA'

/** A public key of hers. */
export interface PublicKey {
  /** The credential's id, base64url. */
  readonly credential: string
  readonly algorithm: KeyAlgorithm
  /** Base64: the uncompressed point of 65 bytes for ES256, 32 bytes for EdDSA. */
  readonly publicKey: string
}

/** The allowance with her key's signature. Bytes are base64. */
export interface SignedAllowance {
  readonly allowance: Allowance
  readonly nonce: string
  readonly key: PublicKey & {
    /** Index of the entry by which it became hers. */
    readonly enrolledBy: number
  }
  /** The page that she was on: `https://care.example`. */
  readonly origin: string
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

export type AllowanceFault =
  | 'allowance-malformed'
  | 'allowance-other-challenge'
  | 'allowance-other-page'
  | 'allowance-unverified-user'
  | 'allowance-signature-wrong'
  | 'allowance-other-grant'

const TAG = 'countersign/v1 allowance\n'
const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04

/** The 32 bytes that her key signs as its challenge: SHA-256 over a tag and the canonical JSON of allowance and nonce. */
export function challengeOf(allowance: Allowance, nonce: string, hash: Sha256 = sha256): Uint8Array {
  return hash(new TextEncoder().encode(TAG + encodeText({ allowance, nonce })))
}

/**
 * Checks that the key in it signed exactly this allowance, on this page, with her finger, face or code.
 * That the key is hers says the entry `enrolledBy`.
 * @throws CodedError with an `AllowanceFault`
 */
export function verifyAllowance(signed: SignedAllowance, hash: Sha256 = sha256): void {
  const clientData = parseBase64(signed.clientData)
  const authenticatorData = parseBase64(signed.authenticatorData)
  const said = readClientData(clientData)
  const challenge = challengeOf(signed.allowance, signed.nonce, hash)
  if (said.type !== 'webauthn.get' || said.challenge !== base64url(challenge))
    throw fault('allowance-other-challenge', 'the key signed something else')
  if (said.origin !== signed.origin || said.crossOrigin === true)
    throw fault('allowance-other-page', 'the key signed on another page')
  const rpIdHash = hash(new TextEncoder().encode(new URL(signed.origin).hostname))
  if (authenticatorData.length < 37 || !sameBytes(authenticatorData.subarray(0, 32), rpIdHash))
    throw fault('allowance-other-page', 'the key signed for another host')
  const flags = authenticatorData[32] ?? 0
  if ((flags & USER_PRESENT) === 0 || (flags & USER_VERIFIED) === 0)
    throw fault('allowance-unverified-user', 'the device did not verify who holds it')
  const message = new Uint8Array([...authenticatorData, ...hash(clientData)])
  if (!holds(signed, message)) throw fault('allowance-signature-wrong', 'the signature does not hold')
}

/**
 * The signed allowance in a `grant` entry's body, checked, and checked to be of that very grant; null where there is none.
 * @throws CodedError with an `AllowanceFault`
 */
export function allowanceIn(says: JsonObject, hash: Sha256 = sha256): SignedAllowance | null {
  if (says.ownKey === undefined || says.ownKey === null) return null
  const signed = parseSigned(says.ownKey)
  verifyAllowance(signed, hash)
  const { allowance } = signed
  const same: readonly (keyof Allowance)[] = [
    ...(['grant', 'contact', 'deskName', 'office', 'purpose', 'question', 'month'] as const),
  ]
  if (same.some((name) => says[name] !== allowance[name]) || says.endsAt !== allowance.until)
    throw fault('allowance-other-grant', 'she allowed something else than this')
  return signed
}

function holds({ key, signature }: SignedAllowance, message: Uint8Array): boolean {
  try {
    const publicKey = parseBase64(key.publicKey)
    return key.algorithm === 'ES256'
      ? p256.verify(parseBase64(signature), message, publicKey, { format: 'der', lowS: false })
      : ed25519.verify(parseBase64(signature), message, publicKey)
  } catch {
    // The library throws on a point that is none and on a signature of the wrong form: to us each is the same no.
    return false
  }
}

function parseSigned(value: unknown): SignedAllowance {
  const signed = value as Partial<SignedAllowance> & {
    allowance?: unknown
    key?: Partial<SignedAllowance['key']>
  }
  const texts = [signed.nonce, signed.origin, signed.authenticatorData, signed.clientData, signed.signature]
  const { key } = signed
  const whole =
    texts.every((text) => typeof text === 'string') &&
    typeof signed.allowance === 'object' &&
    signed.allowance !== null &&
    (key?.algorithm === 'ES256' || key?.algorithm === 'EdDSA') &&
    typeof key.publicKey === 'string' &&
    typeof key.credential === 'string' &&
    Number.isSafeInteger(key.enrolledBy) &&
    URL.canParse(String(signed.origin))
  if (!whole) throw fault('allowance-malformed', 'what her key signed does not have its form')
  return signed as SignedAllowance
}

function readClientData(bytes: Uint8Array): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof said === 'object' && said !== null) return said as Record<string, unknown>
  } catch (cause) {
    throw fault('allowance-malformed', 'what the browser said is no JSON', cause)
  }
  throw fault('allowance-malformed', 'what the browser said is no object')
}

function base64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fault(code: AllowanceFault, message: string, cause?: unknown): CodedError<AllowanceFault> {
  return new CodedError(code, message, cause === undefined ? {} : { cause })
}
