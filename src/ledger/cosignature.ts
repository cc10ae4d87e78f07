import { CodedError } from '../platform/coded-error.ts'
import {
  encodeKeyOfType,
  encodeSignature,
  keyIdOf,
  type NoteFault,
  type NoteSignature,
  parseKeyOfType,
  parseNote,
  type VerifierKey,
  type VerifyEd25519,
  verifyEd25519,
} from './note.ts'

/** C2SP tlog-cosignature, its Ed25519 form: signature type 4, over the time and the checkpoint's whole body. */

/** Signature type of a witness. */
const COSIGNATURE = 4
const TIME_BYTES = 8
const SIGNATURE_BYTES = 64
/** 8 bytes hold more, but no clock does: the year 10000. */
const MOST_SECONDS = 253_402_300_799

/** A witness's word that at `at` this was the largest consistent tree of the log it had seen. */
export interface WitnessSignature {
  readonly key: VerifierKey
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  /** Its line, with the newline. */
  readonly line: string
}

/** How a witness's key is written down. */
export function encodeWitnessKey(name: string, publicKey: Uint8Array): string {
  return encodeKeyOfType(COSIGNATURE, name, publicKey)
}

/** @throws CodedError `key-malformed`, for a log's key (type 1) and for other types too. */
export function parseWitnessKey(text: string): VerifierKey {
  return parseKeyOfType(COSIGNATURE, text)
}

/** The cosignature's line over a checkpoint's body; `seconds` since 1970 UTC, never 0. */
export function cosign(
  body: string,
  seconds: number,
  key: { name: string; publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array },
): string {
  const signature = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES)
  new DataView(signature.buffer).setBigUint64(0, BigInt(seconds))
  signature.set(key.sign(messageOf(body, seconds)), TIME_BYTES)
  const { name, publicKey } = key
  return encodeSignature({ name, keyId: keyIdOf(name, publicKey, COSIGNATURE), signature })
}

/**
 * The cosignatures of `keys` on a note, one a key: the newest. Lines by others are ignored.
 * @throws CodedError `note-malformed`; `signature-wrong` when one under a known witness's name and ID does not hold
 */
export function verifyCosignatures(
  note: string,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519 = verifyEd25519,
): WitnessSignature[] {
  const { text, signatures } = parseNote(note)
  return cosignaturesAmong(text, signatures, keys, verify)
}

/** As `verifyCosignatures`, over lines that stand apart from the body they sign. */
export function cosignaturesAmong(
  body: string,
  signatures: readonly NoteSignature[],
  keys: readonly VerifierKey[],
  verify: VerifyEd25519 = verifyEd25519,
): WitnessSignature[] {
  const newest = new Map<VerifierKey, WitnessSignature>()
  for (const signature of signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.keyId)
    if (key === undefined) continue
    const at = 1000 * verifyCosignature(body, signature, key, verify)
    if (at > (newest.get(key)?.at ?? 0)) newest.set(key, { key, at, line: encodeSignature(signature) })
  }
  return [...newest.values()]
}

/** Seconds since 1970 at which `key` cosigned. */
function verifyCosignature(
  body: string,
  { signature }: NoteSignature,
  key: VerifierKey,
  verify: VerifyEd25519,
): number {
  const wrong = (what: string) => new CodedError<NoteFault>('signature-wrong', what)
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) throw wrong('a cosignature has another length')
  const view = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES)
  const seconds = Number(view.getBigUint64(0))
  if (seconds === 0 || seconds > MOST_SECONDS) throw wrong('a cosignature has no time')
  if (!verify(signature.subarray(TIME_BYTES), messageOf(body, seconds), key.publicKey))
    throw wrong('a cosignature does not hold')
  return seconds
}

function messageOf(body: string, seconds: number): Uint8Array {
  return new TextEncoder().encode(`cosignature/v1\ntime ${seconds}\n${body}`)
}
