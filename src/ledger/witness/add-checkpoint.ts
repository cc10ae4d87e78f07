import { CodedError } from '../../platform/coded-error.ts'
import { parseBase64 } from '../base64.ts'
import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts'
import { emptyRoot, HASH_BYTES, sameBytes, verifyConsistency } from '../merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../node-crypto.ts'
import { parseNote, type VerifierKey, verifyNote } from '../note.ts'

/** The request `add-checkpoint` of C2SP tlog-witness, and how it is judged. Nothing here keeps anything. */

/**
 * - `request-malformed`: not the form of the request
 * - `log-unknown`: a log that this witness does not follow
 * - `log-signature`: not signed by the log, or with a signature under its key that does not hold
 */
export type AddCheckpointFault = 'request-malformed' | 'log-unknown' | 'log-signature'

/** A request whose log signed it, not yet held against what the witness has seen. */
export interface SignedRequest {
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: Checkpoint
  /** The checkpoint's body: what is cosigned. */
  readonly body: string
}

/** The newest tree of a log that this witness has cosigned. */
export interface SeenTree {
  readonly size: number
  readonly root: Uint8Array
}

/** What a witness says to a request: the HTTP status, and for 409 the size it holds. */
export type Judgement =
  | { readonly status: 200 }
  | { readonly status: 400 | 422; readonly why: string }
  | { readonly status: 409; readonly size: number }

const MAX_PROOF = 63

/**
 * Takes the request apart: `old SIZE`, up to 63 hashes, a blank line, the checkpoint.
 * @throws CodedError `request-malformed`
 */
export function parseAddCheckpoint(text: string): { oldSize: number; proof: Uint8Array[]; note: string } {
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('no blank line before the checkpoint')
  const [first, ...hashes] = text.slice(0, split).split('\n') as [string, ...string[]]
  const old = /^old (0|[1-9][0-9]{0,15})$/.exec(first)
  if (old === null || !Number.isSafeInteger(Number(old[1])))
    throw malformed('the first line is not an old size')
  if (hashes.length > MAX_PROOF) throw malformed('more than 63 lines of proof')
  return { oldSize: Number(old[1]), proof: hashes.map(parseHash), note: text.slice(split + 2) }
}

/** The request's text. */
export function encodeAddCheckpoint(request: {
  oldSize: number
  proof: readonly string[]
  note: string
}): string {
  return `${[`old ${request.oldSize}`, ...request.proof].join('\n')}\n\n${request.note}`
}

/**
 * A request by one of `logs`, by their origins.
 * @throws CodedError `request-malformed`, `log-unknown`, `log-signature`
 */
export function readAddCheckpoint(text: string, logs: ReadonlyMap<string, VerifierKey>): SignedRequest {
  const { oldSize, proof, note } = parseAddCheckpoint(text)
  const { checkpoint, body } = readBody(note)
  const key = logs.get(checkpoint.origin)
  if (key === undefined) throw new CodedError<AddCheckpointFault>('log-unknown', 'not a log of this witness')
  try {
    verifyNote(note, [key], nodeVerifyEd25519)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CodedError<AddCheckpointFault>('log-signature', 'not signed by the log', { cause })
  }
  return { oldSize, proof, checkpoint, body }
}

/**
 * Holds a request against the newest tree this witness cosigned for the log (none: the empty one). Only what is
 * judged 200 may be stored and signed, and only if `seen` is still the newest then.
 */
export function judge({ oldSize, proof, checkpoint }: SignedRequest, seen: SeenTree | null): Judgement {
  const { size, root } = checkpoint
  if (oldSize > size) return { status: 400, why: 'the old size is above that of the checkpoint' }
  if (oldSize !== (seen?.size ?? 0)) return { status: 409, size: seen?.size ?? 0 }
  if (size === 0 && !sameBytes(root, emptyRoot(nodeSha256)))
    return { status: 422, why: 'the empty tree has another root' }
  const root1 = seen?.root ?? emptyRoot(nodeSha256)
  try {
    verifyConsistency({ size1: oldSize, size2: size, root1, root2: root, proof }, nodeSha256)
    return { status: 200 }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { status: 422, why: error.message }
  }
}

function readBody(note: string): { checkpoint: Checkpoint; body: string } {
  try {
    const body = parseNote(note).text
    return { checkpoint: parseCheckpoint(body), body }
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CodedError<AddCheckpointFault>('request-malformed', cause.message, { cause })
  }
}

function parseHash(line: string): Uint8Array {
  try {
    const hash = parseBase64(line)
    if (hash.length === HASH_BYTES) return hash
  } catch {
    // Said below: one fault for every line that is not a hash.
  }
  throw malformed('a line of the proof is not 32 bytes in base64')
}

function malformed(what: string): CodedError<AddCheckpointFault> {
  return new CodedError('request-malformed', what)
}
