import { CodedError } from '../platform/coded-error.ts'
import { encodeBase64, parseBase64 } from './base64.ts'
import { HASH_BYTES } from './merkle.ts'
import { signNote, type VerifierKey, type VerifyEd25519, verifyEd25519, verifyNote } from './note.ts'

export type CheckpointFault = 'checkpoint-malformed' | 'checkpoint-other-log'

/** A tree head (C2SP tlog-checkpoint). We write no extension lines, and read those of others. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
  readonly extensions: readonly string[]
}

/** The body that is signed: origin, size, root, each on its line. */
export function encodeCheckpoint(checkpoint: { origin: string; size: number; root: Uint8Array }): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${encodeBase64(checkpoint.root)}\n`
}

/** @throws CodedError `checkpoint-malformed`; sizes beyond 2^53 are beyond us too. */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split('\n')
  const [origin, size, root] = lines
  if (
    origin === undefined ||
    origin === '' ||
    size === undefined ||
    root === undefined ||
    lines.at(-1) !== ''
  )
    throw new CodedError<CheckpointFault>('checkpoint-malformed', 'not three lines or more')
  const extensions = lines.slice(3, -1)
  if (lines.length < 4 || extensions.includes(''))
    throw new CodedError<CheckpointFault>('checkpoint-malformed', 'a line is empty')
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new CodedError<CheckpointFault>('checkpoint-malformed', 'the size is not a count')
  return { origin, size: Number(size), root: parseRoot(root), extensions }
}

function parseRoot(text: string): Uint8Array {
  try {
    const root = parseBase64(text)
    if (root.length === HASH_BYTES) return root
  } catch {
    // Said below: one fault for every root that is not 32 bytes in base64.
  }
  throw new CodedError<CheckpointFault>('checkpoint-malformed', 'the root is not 32 bytes in base64')
}

/** A signed checkpoint, under the key whose name is the origin. */
export function signCheckpoint(
  head: { origin: string; size: number; root: Uint8Array },
  key: { publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array },
): string {
  return signNote(encodeCheckpoint(head), {
    name: head.origin,
    publicKey: key.publicKey,
    sign: (bytes) => key.sign(bytes),
  })
}

/**
 * The checkpoint in a note that the log signed itself.
 * @throws CodedError of note or checkpoint; `checkpoint-other-log` when its origin is not the key's name.
 */
export function verifyCheckpoint(
  note: string,
  logKey: VerifierKey,
  verify: VerifyEd25519 = verifyEd25519,
): Checkpoint {
  const checkpoint = parseCheckpoint(verifyNote(note, [logKey], verify).text)
  if (checkpoint.origin !== logKey.name)
    throw new CodedError<CheckpointFault>('checkpoint-other-log', 'the checkpoint is of another log')
  return checkpoint
}
