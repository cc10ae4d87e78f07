import { CodedError } from '../platform/coded-error.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type LogSource, readCheckpointOf } from './log-source.ts'
import { sameBytes } from './merkle.ts'
import { nodeVerifyEd25519 } from './node-crypto.ts'
import { type PublicFault, walkPublicLog } from './public-walk.ts'
import { readWitnessed, type TrustPolicy, type WitnessedCheckpoint } from './trust-policy.ts'

/** What an outsider may find, beside what the walk finds. */
export type PublicCode =
  | PublicFault
  | 'other-origin'
  | 'other-key'
  | 'signature-wrong'
  | 'checkpoint-malformed'
  | 'extra-lines'
  | 'quorum-missing'
  | 'rolled-back'
  | 'log-incomplete'

export interface PublicVerdict {
  readonly ok: boolean
  /** `proven`, or what was found. */
  readonly code: 'proven' | PublicCode
  readonly size: number
  /** The first entry that is not as it was signed, where one can be named. */
  readonly firstWrong?: number
  /** One line for a person. */
  readonly why: string
  /** When all is well: keep it for the next time. */
  readonly checkpoint: string | null
}

export interface VerifyPublicOptions {
  readonly source: LogSource
  readonly policy: TrustPolicy
  /** The checkpoint that was proven last time. */
  readonly kept?: string
  readonly progress?: (done: number, total: number) => void
}

/** A checkpoint as the policy's reader takes it, or what is wrong with it. */
export type CheckpointRead = { readonly read: WitnessedCheckpoint } | { readonly fault: PublicVerdict }

/**
 * Verifies a public log with nothing but a policy: the checkpoint's signatures and quorum, every tile against every
 * entry bundle and the signed root, and that the log begins with what was seen the last time.
 * @throws CodedError `log-unreachable`; note, checkpoint and key errors for `kept` and `policy`
 */
export async function verifyPublicLog(options: VerifyPublicOptions): Promise<PublicVerdict> {
  const { source, policy } = options
  const kept =
    options.kept === undefined ? null : readWitnessed(policy, options.kept, nodeVerifyEd25519).checkpoint
  try {
    const note = await readCheckpointOf(source)
    const taken = takeCheckpoint(policy, note, kept)
    if ('fault' in taken) return taken.fault
    const { checkpoint } = taken.read
    const finding = await walkPublicLog({
      source,
      checkpoint,
      seen: kept === null ? [] : [kept],
      ...(options.progress === undefined ? {} : { progress: options.progress }),
    })
    if (finding === null) return proven(policy, taken.read, kept, note)
    const { code, at, why } = finding
    return { ...found(code, why, checkpoint.size), ...(at === undefined ? {} : { firstWrong: at }) }
  } catch (error) {
    if (error instanceof CodedError && error.code === 'log-incomplete')
      return found('log-incomplete', error.message, 0)
    throw error
  }
}

/**
 * Holds a checkpoint note against the policy, and against the newest one that was seen before.
 * Our logs write no extension lines, so one that has some was not written by them, whoever signed it.
 */
export function takeCheckpoint(policy: TrustPolicy, note: string, kept: Checkpoint | null): CheckpointRead {
  const fault = (code: PublicCode, why: string, size = 0) => ({ fault: found(code, why, size) })
  const origin = note.split('\n', 1)[0] ?? ''
  if (!policy.logs.some(({ key }) => key.name === origin))
    return fault(
      'other-origin',
      `The checkpoint is of another log than the policy names: "${printable(origin)}".`,
    )
  let read: WitnessedCheckpoint
  try {
    read = readWitnessed(policy, note, nodeVerifyEd25519)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    if (error.code === 'note-unsigned')
      return fault('other-key', 'The checkpoint is not signed by the key of the log: somebody else made it.')
    if (error.code === 'signature-wrong')
      return fault(
        'signature-wrong',
        'A signature under the checkpoint does not hold: it was changed after it was signed.',
      )
    return fault('checkpoint-malformed', `The checkpoint cannot be read (${error.code}).`)
  }
  const { size, root, extensions } = read.checkpoint
  if (extensions.length > 0)
    return fault('extra-lines', 'The checkpoint has extra lines, which this log never writes.', size)
  if (kept !== null && size < kept.size)
    return fault('rolled-back', `The log was rolled back: it had ${kept.size} entries and has ${size}.`, size)
  if (kept !== null && size === kept.size && !sameBytes(root, kept.root))
    return fault('forked', `The log was forked: it signed two different trees of ${size} entries.`, size)
  if (!read.witnessed)
    return fault(
      'quorum-missing',
      `The log signed ${size} entries, but only ${namesOf(policy, read)} of its ${policy.witnesses.length} witnesses countersigned, and the policy asks for more.`,
      size,
    )
  return { read }
}

function found(code: PublicCode, why: string, size: number): PublicVerdict {
  return { ok: false, code, size, why, checkpoint: null }
}

function proven(
  policy: TrustPolicy,
  { checkpoint, cosignatures }: WitnessedCheckpoint,
  kept: Checkpoint | null,
  note: string,
): PublicVerdict {
  const { origin, size } = checkpoint
  const newest = Math.max(...cosignatures.map(({ at }) => at))
  const signed =
    cosignatures.length === 0
      ? 'which no witness countersigned (the policy asks for none)'
      : `countersigned by ${cosignatures.length} of ${policy.witnesses.length} witnesses, last at ${new Date(newest).toISOString()}`
  const grown =
    kept === null
      ? 'it is the first time, so nothing older was compared'
      : `it begins with the ${kept.size} entries seen last time`
  const why = `Proven: all ${size} entries and every tile of ${origin} are under its signed checkpoint, ${signed}; ${grown}.`
  return { ok: true, code: 'proven', size, why, checkpoint: note }
}

function namesOf(policy: TrustPolicy, { cosignatures }: WitnessedCheckpoint): string {
  const names = policy.witnesses.filter(({ key }) => cosignatures.some((one) => one.key === key))
  return names.length === 0 ? 'none' : names.map(({ name }) => name).join(', ')
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
}
