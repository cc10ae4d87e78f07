import { CodedError } from '../../platform/coded-error.ts'
import { encodeText } from '../commitment.ts'
import type { Json } from '../entry.ts'

export type ManifestFault = 'manifest-malformed'

/** What is in a bundle beside its entries' folders. */
export const PATHS = {
  manifest: 'manifest.json',
  seal: 'seal.json',
  readme: 'README.txt',
  page: 'verify.html',
  checkpoint: 'log/checkpoint.txt',
  verifierKey: 'log/verifier-key.txt',
  policy: 'log/policy.txt',
} as const

/** What of an entry lies in its folder `entries/INDEX/`. */
export const ENTRY_FILES = {
  header: 'header.json',
  body: 'body.json',
  opening: 'opening.json',
  proof: 'proof.tlog-proof',
  shown: 'shown-exactly.txt',
  shownPage: 'shown.html',
  shownPdf: 'shown.pdf',
} as const

/** Whether a body is in the bundle: `open`, not for this reader, or erased from the ledger for ever. */
export type BodyState = 'open' | 'withheld' | 'erased'

export interface ManifestEntry {
  readonly index: number
  readonly body: BodyState
  /** Whether what was shown is in the bundle, exactly. */
  readonly shown: boolean
}

export interface ManifestFile {
  readonly path: string
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/** Says what a bundle holds: everything but itself and the seal that names its digest. */
export interface Manifest {
  readonly v: 1
  readonly kind: 'countersign-evidence'
  readonly origin: string
  /** Milliseconds since 1970 UTC. */
  readonly madeAt: number
  /** Size of the tree that the entries are proven in. */
  readonly size: number
  readonly entries: readonly ManifestEntry[]
  readonly files: readonly ManifestFile[]
}

/** How an entry's commitments are opened; salts and commitments in base64. */
export interface EntryOpening {
  readonly v: 1
  readonly headerSalt: string
  readonly bodySalt: string | null
  readonly bodyCommitment: string
  /** Salt of the commitment to what was shown, which the body calls `rendering`. */
  readonly shownSalt: string | null
}

/**
 * Ties the manifest to the log: the entry `evidence-bundle`, whose body says the manifest's digest, with its proof under
 * the log's signature alone, and the proof that its tree grew from the one of the entries.
 */
export interface Seal {
  readonly v: 1
  readonly header: { readonly text: string; readonly salt: string }
  readonly body: { readonly text: string; readonly salt: string }
  readonly proof: string
  /** Hashes in base64. */
  readonly consistency: readonly string[]
}

/** The folder of an entry. */
export function entryFolder(index: number): string {
  return `entries/${index}/`
}

/** Canonical JSON (RFC 8785), so that a value has one text. */
export function encodeJsonFile(value: Manifest | EntryOpening | Seal): Uint8Array {
  return new TextEncoder().encode(encodeText(value as unknown as Json))
}

/** @throws CodedError `manifest-malformed` */
export function parseManifest(bytes: Uint8Array): Manifest {
  const value = parseCanonical(bytes) as unknown as Manifest
  const counts = [value.madeAt, value.size]
  const wellFormed =
    value.v === 1 &&
    value.kind === 'countersign-evidence' &&
    typeof value.origin === 'string' &&
    counts.every(isCount) &&
    Array.isArray(value.entries) &&
    value.entries.every(isManifestEntry) &&
    Array.isArray(value.files) &&
    value.files.every(isManifestFile)
  if (!wellFormed) throw malformed()
  return value
}

/** @throws CodedError `manifest-malformed` */
export function parseOpening(bytes: Uint8Array): EntryOpening {
  const value = parseCanonical(bytes) as unknown as EntryOpening
  const { v, headerSalt, bodySalt, bodyCommitment, shownSalt } = value
  const texts = [headerSalt, bodyCommitment].every((text) => typeof text === 'string')
  const salts = [bodySalt, shownSalt].every((salt) => salt === null || typeof salt === 'string')
  if (v !== 1 || Object.keys(value).length !== 5 || !texts || !salts) throw malformed()
  return value
}

/** @throws CodedError `manifest-malformed` */
export function parseSeal(bytes: Uint8Array): Seal {
  const value = parseCanonical(bytes) as unknown as Seal
  const { v, header, body, proof, consistency } = value
  const texts = [header?.text, header?.salt, body?.text, body?.salt, proof]
  const wellFormed =
    v === 1 &&
    Object.keys(value).length === 5 &&
    Object.keys(header ?? {}).length === 2 &&
    Object.keys(body ?? {}).length === 2 &&
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(consistency) &&
    consistency.every((hash) => typeof hash === 'string')
  if (!wellFormed) throw malformed()
  return value
}

function isManifestEntry(entry: ManifestEntry): boolean {
  return (
    isCount(entry?.index) &&
    ['open', 'withheld', 'erased'].includes(entry.body) &&
    typeof entry.shown === 'boolean'
  )
}

function isManifestFile(file: ManifestFile): boolean {
  return typeof file?.path === 'string' && isCount(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function parseCanonical(bytes: Uint8Array): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value = JSON.parse(text) as Record<string, unknown>
    if (typeof value === 'object' && value !== null && encodeText(value) === text) return value
  } catch (cause) {
    throw malformed(cause)
  }
  throw malformed()
}

function malformed(cause?: unknown): CodedError<ManifestFault> {
  return new CodedError('manifest-malformed', 'a file of the bundle does not have its form', { cause })
}
