import { CodedError } from '../platform/coded-error.ts'
import { encodeBase64, parseBase64 } from './base64.ts'
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts'
import { commitToBody, commitToHeader, encodeEntry, parseBody, parseHeader } from './commitment.ts'
import type { Body, Header } from './entry.ts'
import type { ProofBundle } from './ledger.ts'
import { HASH_BYTES, hashLeaf, type Sha256, sameBytes, sha256, verifyInclusion } from './merkle.ts'
import { parseVerifierKey, type VerifyEd25519, verifyEd25519 } from './note.ts'

export type TlogProofFault = 'tlog-proof-malformed' | 'bundle-inconsistent'

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const MAX_HASHES = 63

/** A C2SP tlog-proof. It does not hold the entry; `extra` is authenticated by nothing. */
export interface TlogProof {
  readonly extra?: Uint8Array
  readonly index: number
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint, a note. */
  readonly checkpoint: string
}

/** Its text, to be stored as `.tlog-proof`. */
export function encodeTlogProof(proof: TlogProof): string {
  const extra = proof.extra === undefined ? [] : [`extra ${encodeBase64(proof.extra)}`]
  const lines = [FIRST_LINE, ...extra, `index ${proof.index}`, ...proof.proof.map(encodeBase64)]
  return `${lines.join('\n')}\n\n${proof.checkpoint}`
}

/** @throws CodedError `tlog-proof-malformed` */
export function parseTlogProof(text: string): TlogProof {
  const bad = (what: string) => new CodedError<TlogProofFault>('tlog-proof-malformed', what)
  const split = text.indexOf('\n\n')
  if (split < 0) throw bad('no blank line before the checkpoint')
  const lines = text.slice(0, split).split('\n')
  if (lines.shift() !== FIRST_LINE) throw bad('not a tlog-proof of version 1')
  const extra = lines[0]?.startsWith('extra ') ? decode(lines.shift()!.slice(6)) : undefined
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')
  if (index === null || !Number.isSafeInteger(Number(index[1]))) throw bad('no index')
  if (lines.length > MAX_HASHES) throw bad('too many hashes')
  const proof = lines.map(decode)
  if (proof.some((hash) => hash.length !== HASH_BYTES)) throw bad('a hash is not 32 bytes')
  const checkpoint = text.slice(split + 2)
  return { index: Number(index[1]), proof, checkpoint, ...(extra === undefined ? {} : { extra }) }
}

function decode(text: string): Uint8Array {
  try {
    return parseBase64(text)
  } catch (cause) {
    throw new CodedError<TlogProofFault>('tlog-proof-malformed', 'not canonical base64', { cause })
  }
}

/** What a checked bundle says. */
export interface VerifiedEntry {
  readonly index: number
  /** The 32 bytes of the public log. */
  readonly entry: Uint8Array
  readonly header: Header
  /** Null where the bundle does not open it. */
  readonly body: Body | null
  readonly checkpoint: Checkpoint
}

/** What checks: the portable code unless given. The server passes Node's own, which is faster. */
export interface ProofCrypto {
  readonly hash: Sha256
  readonly verify: VerifyEd25519
}

const PORTABLE: ProofCrypto = { hash: sha256, verify: verifyEd25519 }

/**
 * Checks everything an entry's proof says, with nothing but the log's key: texts against commitments, those
 * against the leaf, the leaf against the tree, the tree against the signed checkpoint. Runs in browsers.
 * @param verifierKey the log's, known from elsewhere than the bundle.
 * @throws CodedError of the first thing that does not hold.
 */
export function verifyEntry(
  bundle: ProofBundle,
  verifierKey: string,
  { hash, verify }: ProofCrypto = PORTABLE,
): VerifiedEntry {
  const verified = (note: string) => verifyCheckpoint(note, parseVerifierKey(verifierKey), verify)
  return verifyEntryUnder(bundle, verified, hash)
}

/** As `verifyEntry`, where many proofs stand under a few checkpoints: `verified` gives what a note says, or throws. */
export function verifyEntryUnder(
  bundle: ProofBundle,
  verified: (note: string) => Checkpoint,
  hash: Sha256 = sha256,
): VerifiedEntry {
  const proof = parseTlogProof(bundle.proof)
  const checkpoint = verified(proof.checkpoint)
  if (proof.index !== bundle.index)
    throw new CodedError<TlogProofFault>('bundle-inconsistent', 'the proof is of another entry')
  const header = parseHeader(bundle.header.text)
  const bodyCommitment = parseBase64(bundle.body.commitment)
  const body = openBody(bundle, bodyCommitment, header, hash)
  const entry = encodeEntry(
    commitToHeader(bundle.header.text, parseBase64(bundle.header.salt), hash),
    bodyCommitment,
    hash,
  )
  const { index } = proof
  const { size, root } = checkpoint
  verifyInclusion({ index, size, leaf: hashLeaf(entry, hash), root, proof: proof.proof }, hash)
  return { index: proof.index, entry, header, body, checkpoint }
}

function openBody(bundle: ProofBundle, commitment: Uint8Array, header: Header, hash: Sha256): Body | null {
  const { text, salt } = bundle.body
  if (text === null || salt === null) return null
  if (!sameBytes(commitToBody(text, parseBase64(salt), hash), commitment))
    throw new CodedError<TlogProofFault>('bundle-inconsistent', 'the body is not the one committed to')
  return parseBody(text, header)
}
