import { CodedError } from '../platform/coded-error.ts'
import { canonicalJson, isCanonicalJson, writeCanonicalJson } from './canonical-json.ts'
import type { Body, Header } from './entry.ts'
import { HASH_BYTES, type Sha256, sha256 } from './merkle.ts'

export type CommitmentFault = 'text-not-canonical' | 'entry-inconsistent'

export const SALT_BYTES = 32

const ENCODER = new TextEncoder()

/**
 * What stands before each hashed input, so that no header can pass for a body or an entry. All inputs after
 * the tag have a fixed length but the last, so no two inputs read the same.
 */
const TAGS = {
  header: utf8('countersign ledger v1 header\0'),
  body: utf8('countersign ledger v1 body\0'),
  entry: utf8('countersign ledger v1 entry\0'),
}

/** The JSON text that is committed to: RFC 8785. @throws CodedError `text-not-canonical` for what JSON cannot say. */
export function encodeText(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalJson(value)
  } catch (cause) {
    throw new CodedError<CommitmentFault>('text-not-canonical', 'the value has no canonical JSON', { cause })
  }
  if (text === undefined)
    throw new CodedError<CommitmentFault>('text-not-canonical', 'the value has no canonical JSON')
  return text
}

/** 32 bytes that commit to a header's text under its salt. */
export function commitToHeader(text: string, salt: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(withText(TAGS.header, requireSalt(salt), text))
}

/** 32 bytes that commit to a body's text under its salt. */
export function commitToBody(text: string, salt: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(withText(TAGS.body, requireSalt(salt), text))
}

/**
 * `commitToBody` of a body's canonical JSON, with what it committed to beside it: the salt and the text in UTF-8, to be
 * used before the next text comes. @throws CodedError `text-not-canonical`
 */
export function commitToPlainBody(
  body: Body,
  salt: Uint8Array,
  hash: Sha256 = sha256,
): { commitment: Uint8Array; plain: Uint8Array } {
  const from = TAGS.body.length + requireSalt(salt).length
  const end = writeCanonicalJson(body, SCRATCH, from)
  const bytes = end === null ? withText(TAGS.body, salt, encodeText(body)) : SCRATCH.subarray(0, end)
  if (end !== null) {
    SCRATCH.set(TAGS.body)
    SCRATCH.set(salt, TAGS.body.length)
  }
  return { commitment: hash(bytes), plain: bytes.subarray(TAGS.body.length) }
}

/** The entry as the public log holds it: 32 bytes over both commitments. Its RFC 6962 hash is the leaf. */
export function encodeEntry(
  headerCommitment: Uint8Array,
  bodyCommitment: Uint8Array,
  hash: Sha256 = sha256,
): Uint8Array {
  ENTRY.set(requireSalt(headerCommitment), TAGS.entry.length)
  ENTRY.set(requireSalt(bodyCommitment), TAGS.entry.length + HASH_BYTES)
  return hash(ENTRY)
}

/** @throws CodedError `text-not-canonical` when the text is not its value's canonical JSON. */
export function parseHeader(text: string): Header {
  const header = parseText(text) as unknown as Header
  if (header.v !== 1 || typeof header.kind !== 'string' || typeof header.day !== 'string')
    throw new CodedError<CommitmentFault>('entry-inconsistent', 'not a header of version 1')
  return header
}

/** @throws CodedError as `parseHeader`, and `entry-inconsistent` when version or kind are not its header's. */
export function parseBody(text: string, header: Header): Body {
  const body = parseText(text) as unknown as Body
  if (body.v !== header.v || body.kind !== header.kind)
    throw new CodedError<CommitmentFault>('entry-inconsistent', 'body and header say different kinds')
  if (typeof body.at !== 'number' || typeof body.says !== 'object' || body.says === null)
    throw new CodedError<CommitmentFault>('entry-inconsistent', 'not a body of version 1')
  return body
}

function parseText(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CodedError<CommitmentFault>('text-not-canonical', 'the text is not JSON', { cause })
  }
  if (typeof value !== 'object' || value === null || !isCanonical(text, value))
    throw new CodedError<CommitmentFault>('text-not-canonical', 'the text is not canonical JSON')
  return value as Record<string, unknown>
}

function isCanonical(text: string, value: unknown): boolean {
  try {
    return isCanonicalJson(text, value)
  } catch {
    return false
  }
}

function requireSalt(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== HASH_BYTES)
    throw new CodedError<CommitmentFault>('entry-inconsistent', 'a salt or commitment is not 32 bytes')
  return bytes
}

function utf8(text: string): Uint8Array {
  return ENCODER.encode(text)
}

/** Where texts and entries are put together for hashing: the bytes are read before the next one comes. */
const ENTRY = concat(TAGS.entry, new Uint8Array(HASH_BYTES), new Uint8Array(HASH_BYTES))
const SCRATCH = new Uint8Array(64 * 1024)

function withText(tag: Uint8Array, salt: Uint8Array, text: string): Uint8Array {
  const from = tag.length + salt.length
  if (from + 3 * text.length > SCRATCH.length) return concat(tag, salt, utf8(text))
  SCRATCH.set(tag)
  SCRATCH.set(salt, tag.length)
  const { written } = ENCODER.encodeInto(text, SCRATCH.subarray(from))
  return SCRATCH.subarray(0, from + written)
}

function concat(tag: Uint8Array, first: Uint8Array, last: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(tag.length + first.length + last.length)
  bytes.set(tag)
  bytes.set(first, tag.length)
  bytes.set(last, tag.length + first.length)
  return bytes
}
