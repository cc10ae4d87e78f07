import { type Checkpoint, verifyCheckpoint } from '../../ledger/checkpoint.ts'
import type { ProofBundle } from '../../ledger/ledger.ts'
import { parseVerifierKey, type VerifyEd25519 } from '../../ledger/note.ts'
import { type VerifiedEntry, verifyEntryUnder } from '../../ledger/tlog-proof.ts'

/** Checks entries of one log, and each checkpoint that they stand under once. @throws CodedError as `verifyEntry` */
export function entryVerifier(
  verifierKey: string,
  verify: VerifyEd25519,
): (bundle: ProofBundle) => VerifiedEntry {
  const key = parseVerifierKey(verifierKey)
  const known = new Map<string, Checkpoint>()
  const verified = (note: string): Checkpoint => {
    const checkpoint = known.get(note) ?? verifyCheckpoint(note, key, verify)
    known.set(note, checkpoint)
    return checkpoint
  }
  return (bundle) => verifyEntryUnder(bundle, verified)
}
