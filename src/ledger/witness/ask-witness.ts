import { CodedError } from '../../platform/coded-error.ts'
import { cosignaturesAmong, type WitnessSignature } from '../cosignature.ts'
import { nodeVerifyEd25519 } from '../node-crypto.ts'
import { parseNote, parseSignatures } from '../note.ts'
import type { TrustedWitness } from '../trust-policy.ts'
import { encodeAddCheckpoint } from './add-checkpoint.ts'

/** What a witness made of a checkpoint. */
export type WitnessSaid =
  | { readonly said: 'cosigned'; readonly cosignature: WitnessSignature }
  /** It holds the tree of this size. */
  | { readonly said: 'size'; readonly size: number }
  /** Signed by the log, and not a growth of what it holds. */
  | { readonly said: 'refused'; readonly why: string }
  /** No cosignature for another reason: down, busy, does not know this log. */
  | { readonly said: 'nothing'; readonly why: string }

export interface CheckpointToWitness {
  readonly oldSize: number
  /** Hashes in base64. */
  readonly proof: readonly string[]
  readonly note: string
}

const MAX_ANSWER_BYTES = 64 * 1024

/**
 * Sends a checkpoint to a witness (C2SP tlog-witness). Others than ours deviate, and are borne: 500 for an unknown
 * log or a bad signature, 429 under load, 409 without a size, other content types.
 */
export async function askWitness(
  witness: TrustedWitness,
  ask: CheckpointToWitness,
  signal: AbortSignal,
): Promise<WitnessSaid> {
  try {
    const answer = await fetch(`${witness.url?.replace(/\/+$/, '')}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: encodeAddCheckpoint(ask),
      redirect: 'error',
      signal,
    })
    const text = await readAnswer(answer)
    if (answer.status === 200) return cosignatureIn(text, witness, ask.note)
    if (answer.status === 422) return { said: 'refused', why: `it answered 422: ${quote(text)}` }
    if (answer.status === 409) return sizeIn(text)
    return { said: 'nothing', why: `it answered ${answer.status}: ${quote(text)}` }
  } catch (error) {
    if (error instanceof CodedError) return { said: 'nothing', why: error.message }
    return { said: 'nothing', why: 'it cannot be reached' }
  }
}

function cosignatureIn(text: string, witness: TrustedWitness, note: string): WitnessSaid {
  const [cosignature] = cosignaturesAmong(
    parseNote(note).text,
    parseSignatures(text),
    [witness.key],
    nodeVerifyEd25519,
  )
  if (cosignature === undefined) return { said: 'nothing', why: 'it answered with no cosignature by its key' }
  return { said: 'cosigned', cosignature }
}

function sizeIn(text: string): WitnessSaid {
  const size = /^(0|[1-9][0-9]{0,15})\n?$/.exec(text)
  if (size === null) return { said: 'nothing', why: 'it answered 409 without a size' }
  return { said: 'size', size: Number(size[1]) }
}

async function readAnswer(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES)
      throw new CodedError('witness-answer-long', 'its answer is longer than 64 KiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a stranger said, short and printable. */
function quote(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 120)
}
