import { CodedError } from '../../platform/coded-error.ts'
import { parseBase64 } from '../base64.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { hashLeaf, type Sha256, sameBytes, sha256, verifyInclusion } from '../merkle.ts'
import { type VerifyEd25519, verifyEd25519 } from '../note.ts'
import { type TrustPolicy, verifyWitnessed } from '../trust-policy.ts'
import { type Epoch, parseEpoch } from './epoch.ts'
import { verifyLabel } from './label.ts'
import { type ChainEnd, extendChain, NO_LINKS } from './link.ts'
import { parseMapProof, verifyMapProof } from './map-proof.ts'

/**
 * That a list of entries about one tenure of one number is whole, checked with nothing but the two logs' keys and the
 * witnesses'. Runs in browsers.
 */

/** What it is shown with, as the server sends it; all bytes in base64. */
export interface CompletenessProof {
  /** The second log's newest countersigned checkpoint, a note with its cosignatures. */
  readonly checkpoint: string
  /** The text of its last entry. */
  readonly epoch: string
  /** That it is the last entry. */
  readonly inclusion: readonly string[]
  /** Which holder of the number this is, from 1 on. */
  readonly ordinal: number
  /** For this tenure and for the next: the label's proof, and its path in the map. */
  readonly own: LabelPath
  readonly next: LabelPath
}

interface LabelPath {
  readonly label: string
  readonly path: string
}

/**
 * - `epoch-not-last`: the entry shown is not the last of the log
 * - `ledger-behind`: the epoch covers entries that the ledger does not have
 * - `holder-after`: looks stand under a holder after this one
 * - `links-missing`, `links-other`: the entries shown are fewer than the links of the chain, or not those
 */
export type CompletenessFault =
  | 'epoch-not-last'
  | 'ledger-behind'
  | 'holder-after'
  | 'links-missing'
  | 'links-other'

/** The newest epoch, and where the chain ends in it. */
export interface VerifiedEpoch {
  readonly checkpoint: Checkpoint
  readonly epoch: Epoch
  /** Hers in the map, proven. */
  readonly label: Uint8Array
  readonly end: ChainEnd
  /** Names of the witnesses who signed, and when the last of them did (ms); null where the policy has none. */
  readonly signedBy: readonly string[]
  readonly signedAt: number | null
}

/**
 * Checks where the chain of `number`'s holder ends, in the newest epoch there is.
 * @param trusted the second log's policy (its key, its witnesses), and how far the ledger reaches, checked before.
 * @throws CodedError of the first thing that does not hold; `quorum-missing` without enough witnesses
 */
export function verifyCompleteness(
  proof: CompletenessProof,
  number: string,
  trusted: { readonly policy: TrustPolicy; readonly ledgerSize: number },
  { hash, verify }: { hash: Sha256; verify: VerifyEd25519 } = { hash: sha256, verify: verifyEd25519 },
): VerifiedEpoch {
  const { policy, ledgerSize } = trusted
  const { checkpoint, cosignatures } = verifyWitnessed(policy, proof.checkpoint, verify)
  const epoch = parseEpoch(proof.epoch)
  if (epoch.epoch !== checkpoint.size - 1)
    throw fault('epoch-not-last', 'the epoch is not the last entry of its log')
  const { size, root } = checkpoint
  const leaf = hashLeaf(new TextEncoder().encode(proof.epoch), hash)
  verifyInclusion({ index: size - 1, size, leaf, root, proof: proof.inclusion.map(parseBase64) }, hash)
  if (epoch.ledgerSize > ledgerSize) throw fault('ledger-behind', 'the epoch covers more than the ledger has')
  const { ordinal } = proof
  const own = endOf(epoch, { number, ordinal }, proof.own, hash)
  const next = endOf(epoch, { number, ordinal: ordinal + 1 }, proof.next, hash)
  if (next.end !== null) throw fault('holder-after', 'looks stand under a later holder of this number')
  const names = policy.witnesses.filter(({ key }) =>
    cosignatures.some((one) => sameBytes(one.key.publicKey, key.publicKey)),
  )
  return {
    checkpoint,
    epoch,
    label: own.label,
    end: own.end ?? NO_LINKS,
    signedBy: names.map(({ name }) => name),
    signedAt: cosignatures.length === 0 ? null : Math.max(...cosignatures.map(({ at }) => at)),
  }
}

function endOf(
  { vrfKey, root }: Epoch,
  holding: { number: string; ordinal: number },
  { label, path }: LabelPath,
  hash: Sha256,
): { label: Uint8Array; end: ChainEnd | null } {
  const proven = verifyLabel(vrfKey, holding, parseBase64(label))
  const end = verifyMapProof({ root, label: proven, proof: parseMapProof(parseBase64(path)) }, hash)
  return { label: proven, end }
}

/**
 * Checks that these are all the links of a chain, in its order, and no others.
 * @param entries 32 bytes each, as the public log holds them.
 * @throws CodedError `links-missing`, `links-other`
 */
export function requireAllLinks(entries: readonly Uint8Array[], end: ChainEnd, hash: Sha256 = sha256): void {
  if (entries.length < end.count)
    throw fault('links-missing', `${entries.length} of ${end.count} entries are shown`)
  const reached = entries.reduce((before, entry) => extendChain(before, entry, hash), NO_LINKS)
  if (reached.count !== end.count || !sameBytes(reached.link, end.link))
    throw fault('links-other', 'the entries shown are not those of the chain')
}

function fault(code: CompletenessFault, what: string): CodedError<CompletenessFault> {
  return new CodedError(code, what)
}
