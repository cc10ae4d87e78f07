import { ed25519 } from '@noble/curves/ed25519.js'
import { CodedError } from '../platform/coded-error.ts'
import { encodeBase64, parseBase64 } from './base64.ts'
import { sha256 } from './merkle.ts'

/**
 * - `key-malformed`: not a verifier key we understand
 * - `note-malformed`: not a signed note
 * - `note-unsigned`: no signature by a key we know
 * - `signature-wrong`: a signature under a known key's ID that does not hold
 */
export type NoteFault = 'key-malformed' | 'note-malformed' | 'note-unsigned' | 'signature-wrong'

/** Checks an Ed25519 signature. The server passes Node's own; browsers use the default. */
export type VerifyEd25519 = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean
export const verifyEd25519: VerifyEd25519 = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey)

/** Type 1: Ed25519 over the note's text. (Witnesses' type 4 signs the time too; `cosignature.ts` has it.) */
const ED25519 = 1
const MAX_NOTE_CHARS = 64 * 1024
const MAX_SIGNATURES = 100

export interface VerifierKey {
  readonly name: string
  /** 4 bytes as 8 hex digits: SHA-256 of name, newline, type, key. */
  readonly id: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

export interface NoteSignature {
  readonly name: string
  readonly keyId: string
  readonly signature: Uint8Array
}

/** A signed note, not yet believed. */
export interface Note {
  /** Ends in a newline; what is signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** The key ID of C2SP signed-note, 8 hex digits; `type` is the signature type. */
export function keyIdOf(name: string, publicKey: Uint8Array, type = ED25519): string {
  const prefix = utf8(`${name}\n`)
  const bytes = new Uint8Array(prefix.length + 1 + publicKey.length)
  bytes.set(prefix)
  bytes[prefix.length] = type
  bytes.set(publicKey, prefix.length + 1)
  return hex(sha256(bytes).subarray(0, 4))
}

/** `name+id+base64(type, key)`: how a log's verifier key is written down. */
export function encodeVerifierKey(name: string, publicKey: Uint8Array): string {
  return encodeKeyOfType(ED25519, name, publicKey)
}

/** A log's verifier key. @throws CodedError `key-malformed`, for other types of key too. */
export function parseVerifierKey(text: string): VerifierKey {
  return parseKeyOfType(ED25519, text)
}

/** As `encodeVerifierKey`, for a key of another signature type. */
export function encodeKeyOfType(type: number, name: string, publicKey: Uint8Array): string {
  requireName(name, 'key-malformed')
  return `${name}+${keyIdOf(name, publicKey, type)}+${encodeBase64(Uint8Array.of(type, ...publicKey))}`
}

/** As `parseVerifierKey`, for a key of another signature type. @throws CodedError `key-malformed` */
export function parseKeyOfType(type: number, text: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text)
  if (match === null) throw new CodedError<NoteFault>('key-malformed', 'not name+id+key')
  const [, name, id, encoded] = match as unknown as [string, string, string, string]
  requireName(name, 'key-malformed')
  const bytes = decode(encoded, 'key-malformed')
  if (bytes.length !== 33 || bytes[0] !== type)
    throw new CodedError<NoteFault>('key-malformed', `not an Ed25519 key of signature type ${type}`)
  const publicKey = bytes.slice(1)
  if (keyIdOf(name, publicKey, type) !== id)
    throw new CodedError<NoteFault>('key-malformed', 'the ID is not that of this key')
  return { name, id, publicKey }
}

/** A note with one signature. `text` ends in a newline. */
export function signNote(
  text: string,
  key: { name: string; publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array },
): string {
  return `${text}\n${encodeSignature({ name: key.name, keyId: keyIdOf(key.name, key.publicKey), signature: key.sign(utf8(text)) })}`
}

/** A signature's line with its newline. */
export function encodeSignature({ name, keyId, signature }: NoteSignature): string {
  const bytes = new Uint8Array(4 + signature.length)
  bytes.set(unhex(keyId))
  bytes.set(signature, 4)
  return `— ${name} ${encodeBase64(bytes)}\n`
}

/** Takes a note apart (C2SP signed-note). @throws CodedError `note-malformed` */
export function parseNote(note: string): Note {
  const bad = (what: string) => new CodedError<NoteFault>('note-malformed', what)
  if (note.length > MAX_NOTE_CHARS) throw bad('the note is too long')
  if (!note.isWellFormed() || hasControls(note)) throw bad('the note has characters it may not have')
  const split = note.lastIndexOf('\n\n')
  if (split < 0) throw bad('no blank line before the signatures')
  const text = note.slice(0, split + 1)
  const block = note.slice(split + 2)
  return { text, signatures: parseSignatures(block) }
}

/** Signature lines, each with its newline, as a witness answers. @throws CodedError `note-malformed` */
export function parseSignatures(block: string): NoteSignature[] {
  const bad = (what: string) => new CodedError<NoteFault>('note-malformed', what)
  if (!block.endsWith('\n')) throw bad('the last signature has no newline')
  const lines = block.slice(0, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw bad('too many signatures')
  return lines.map(parseSignature)
}

function parseSignature(line: string): NoteSignature {
  const match = /^— ([^ ]+) ([^ ]+)$/.exec(line)
  if (match === null) throw new CodedError<NoteFault>('note-malformed', 'a line is not a signature')
  const [, name, encoded] = match as unknown as [string, string, string]
  requireName(name, 'note-malformed')
  const bytes = decode(encoded, 'note-malformed')
  if (bytes.length < 5) throw new CodedError<NoteFault>('note-malformed', 'a signature is too short')
  return { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/**
 * The text of a note that at least one of `keys` signed. Signatures by unknown keys are ignored; one under a
 * known key's name and ID that does not hold condemns the note, even beside a good one.
 * @throws CodedError `note-malformed`, `note-unsigned`, `signature-wrong`
 */
export function verifyNote(
  note: string,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519 = verifyEd25519,
): { text: string; signedBy: VerifierKey[] } {
  const { text, signatures } = parseNote(note)
  const bytes = utf8(text)
  const signedBy: VerifierKey[] = []
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((k) => k.name === name && k.id === keyId)
    if (key === undefined) continue
    if (signature.length !== 64 || !verify(signature, bytes, key.publicKey))
      throw new CodedError<NoteFault>('signature-wrong', 'a signature does not hold')
    if (!signedBy.includes(key)) signedBy.push(key)
  }
  if (signedBy.length === 0) throw new CodedError<NoteFault>('note-unsigned', 'no known key signed this note')
  return { text, signedBy }
}

/** @throws CodedError `fault` for what cannot name a key. */
export function requireName(name: string, fault: NoteFault): void {
  if (name === '' || /[\s+]/u.test(name) || !name.isWellFormed())
    throw new CodedError<NoteFault>(fault, 'a key name is empty, or has a space or a plus sign')
}

/** C2SP signed-note: no ASCII control characters but the newline. */
function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 0x20 && code !== 0x0a) return true
  }
  return false
}

function decode(text: string, fault: NoteFault): Uint8Array {
  try {
    return parseBase64(text)
  } catch (cause) {
    throw new CodedError<NoteFault>(fault, 'not canonical base64', { cause })
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
