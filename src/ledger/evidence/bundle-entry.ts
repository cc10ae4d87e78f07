import { CodedError } from '../../platform/coded-error.ts'
import { allowanceIn, type SignedAllowance } from '../allowance.ts'
import { parseBase64 } from '../base64.ts'
import type { Body, Header } from '../entry.ts'
import { sameBytes } from '../merkle.ts'
import { type ProofCrypto, parseTlogProof, verifyEntry } from '../tlog-proof.ts'
import type { Files } from './archive.ts'
import { decodeText, type Fault, type FaultCode, faultOf } from './fault.ts'
import { type BodyState, ENTRY_FILES, entryFolder, type ManifestEntry, parseOpening } from './manifest.ts'
import { shownPage } from './shown.ts'

/** What a bundle proves of one entry; texts are given only when they hold. */
export interface EntryReport {
  readonly index: number
  readonly bodyState: BodyState
  readonly header: Header | null
  readonly body: Body | null
  /** Exactly what was shown to the person who looked. */
  readonly shown: string | null
  /** What the customer allowed with her own key, where she did: checked. */
  readonly allowed: SignedAllowance | null
  readonly faults: readonly Fault[]
}

export interface EntryParts {
  readonly files: Files
  /** Files that are not as the manifest lists them. */
  readonly changed: ReadonlyMap<string, Fault>
  readonly verifierKey: string | null
  readonly checkpoint: Uint8Array | null
  readonly crypto: ProofCrypto
}

/** Checks one entry of a bundle by itself: its files, its texts, its proof under the bundle's checkpoint, what was shown. */
export function verifyBundleEntry(entry: ManifestEntry, parts: EntryParts): EntryReport {
  const folder = entryFolder(entry.index)
  const faults = [...parts.changed.values()].filter(({ path }) => path?.startsWith(folder))
  const attempt = <T>(name: string, work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      faults.push(faultOf(error, `${folder}${name}`))
      return null
    }
  }
  const verified = attempt(ENTRY_FILES.proof, () => openEntry(entry, parts))
  const shown =
    entry.shown && verified !== null
      ? attempt(ENTRY_FILES.shown, () => openShown(entry, parts, verified.body))
      : null
  if (shown !== null)
    attempt(ENTRY_FILES.shownPage, () => {
      if (!isSame(textOf(parts, entry, ENTRY_FILES.shownPage), shownPage(entry.index, shown)))
        throw new CodedError<FaultCode>('shown-page-wrong', 'the page is not made of the text')
    })
  const { header = null, body = null } = verified ?? {}
  const allowed =
    body?.kind === 'grant' ? attempt(ENTRY_FILES.body, () => allowanceIn(body.says, parts.crypto.hash)) : null
  return { index: entry.index, bodyState: entry.body, header, body, shown, allowed, faults }
}

/**
 * Holds each key that allowed something against the entry by which it became hers, where that entry is in the bundle
 * too and open; where it is not, the reader is told which entry to ask for.
 */
export function withKeysHeld(entries: readonly EntryReport[]): EntryReport[] {
  return entries.map((entry) => {
    const key = entry.allowed?.key
    const made = entries.find(({ index }) => index === key?.enrolledBy)
    if (key === undefined || made === undefined || made.body === null) return entry
    const { says, event, subject } = made.body
    const named = says.key as Partial<SignedAllowance['key']> | undefined
    const same =
      event === 'own-key-set' &&
      subject === entry.body?.subject &&
      made.index < entry.index &&
      named?.credential === key.credential &&
      named.publicKey === key.publicKey &&
      named.algorithm === key.algorithm
    if (same) return entry
    const fault = {
      code: 'allowance-key-other' as const,
      path: `${entryFolder(made.index)}${ENTRY_FILES.body}`,
    }
    return { ...entry, faults: [...entry.faults, fault] }
  })
}

function openEntry(entry: ManifestEntry, parts: EntryParts): { header: Header; body: Body | null } {
  if (parts.verifierKey === null || parts.checkpoint === null)
    throw new CodedError<'note-unsigned'>('note-unsigned', 'there is no key or checkpoint to check with')
  const opening = parseOpening(bytesOf(parts, entry, ENTRY_FILES.opening))
  const proof = textOf(parts, entry, ENTRY_FILES.proof)
  const parsed = parseTlogProof(proof)
  if (parsed.extra !== undefined || !isSame(parsed.checkpoint, decodeText(parts.checkpoint)))
    throw new CodedError<'checkpoint-other-log'>('checkpoint-other-log', 'proven under another checkpoint')
  if ((entry.body === 'open') !== (opening.bodySalt !== null))
    throw new CodedError<FaultCode>('text-wrong', 'the list of contents says otherwise')
  const text = entry.body === 'open' ? textOf(parts, entry, ENTRY_FILES.body) : null
  const header = { text: textOf(parts, entry, ENTRY_FILES.header), salt: opening.headerSalt }
  const body = { text, salt: opening.bodySalt, commitment: opening.bodyCommitment }
  const { verifierKey } = parts
  const claim = { origin: '', verifierKey, index: entry.index, proof, leaf: '', header, body }
  return verifyEntry(claim, verifierKey, parts.crypto)
}

/** The text whose salted digest the entry's body names. */
function openShown(entry: ManifestEntry, parts: EntryParts, body: Body | null): string {
  const { shownSalt } = parseOpening(bytesOf(parts, entry, ENTRY_FILES.opening))
  const shown = bytesOf(parts, entry, ENTRY_FILES.shown)
  if (shownSalt === null || body === null)
    throw new CodedError<FaultCode>('shown-wrong', 'nothing opens the commitment')
  const salted = new Uint8Array([...parseBase64(shownSalt), ...shown])
  const digest = Array.from(parts.crypto.hash(salted), (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (digest !== body.says.rendering)
    throw new CodedError<FaultCode>('shown-wrong', 'not what was committed to')
  return textOf(parts, entry, ENTRY_FILES.shown)
}

function bytesOf(parts: EntryParts, entry: ManifestEntry, name: string): Uint8Array {
  const bytes = parts.files.get(`${entryFolder(entry.index)}${name}`)
  if (bytes === undefined) throw new CodedError<FaultCode>('file-missing', `${name} is missing`)
  return bytes
}

function textOf(parts: EntryParts, entry: ManifestEntry, name: string): string {
  return decodeText(bytesOf(parts, entry, name))
}

function isSame(a: string, b: string): boolean {
  const encoder = new TextEncoder()
  return sameBytes(encoder.encode(a), encoder.encode(b))
}
