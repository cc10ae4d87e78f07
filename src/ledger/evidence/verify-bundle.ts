import { CodedError } from '../../platform/coded-error.ts'
import { encodeBase64, parseBase64 } from '../base64.ts'
import { type Checkpoint, verifyCheckpoint } from '../checkpoint.ts'
import { commitToBody } from '../commitment.ts'
import { sha256, verifyConsistency } from '../merkle.ts'
import { parseNote, parseVerifierKey, verifyEd25519 } from '../note.ts'
import { type ProofCrypto, parseTlogProof, verifyEntry } from '../tlog-proof.ts'
import { parsePolicy, readWitnessed, type TrustPolicy, type WitnessedCheckpoint } from '../trust-policy.ts'
import { type Archive, type Files, parseArchive } from './archive.ts'
import { type EntryReport, verifyBundleEntry, withKeysHeld } from './bundle-entry.ts'
import { decodeText, type Fault, type FaultCode, faultOf } from './fault.ts'
import { ENTRY_FILES, entryFolder, type Manifest, PATHS, parseManifest, parseSeal } from './manifest.ts'

export interface BundleReport {
  /** Whether everything holds: the container, every file, every entry. */
  readonly holds: boolean
  /** Whether the key came from the reader, or only from the bundle itself: then "holds" means "if this is the key". */
  readonly keyGiven: boolean
  /** `name+id+base64`: the key that was used, if any can be. */
  readonly verifierKey: string | null
  readonly origin: string | null
  /** Entries in the tree that the checkpoint signs. */
  readonly size: number | null
  /** When the bundle was made, milliseconds since 1970 UTC, and the entry of the log that says so. */
  readonly madeAt: number | null
  readonly sealedBy: number | null
  /** Witnesses of the bundle's own policy whose cosignatures hold, and whether that is enough for it. */
  readonly witnesses: {
    readonly by: readonly string[]
    readonly enough: boolean
    /** Names under signatures of whom the policy does not name: they prove nothing. */
    readonly strangers: readonly string[]
  } | null
  /** What is wrong with the bundle itself. */
  readonly faults: readonly Fault[]
  readonly entries: readonly EntryReport[]
}

export interface VerifyBundleOptions {
  /** The log's key, known from elsewhere than the bundle. Without it the bundle's own is used, and said so. */
  readonly verifierKey?: string
  /** Node's own, on a server; browsers use the default. */
  readonly crypto?: ProofCrypto
}

/**
 * Checks a bundle with nothing but the log's key. What binds what: the log's key signs the checkpoint; the checkpoint's
 * tree holds each entry (its proof) and through its commitments each text, and through the text what was shown; a
 * later checkpoint's tree holds the entry that names the manifest's digest (the seal) and grew from the first; the
 * manifest names every other file; and the zip is the only one that holds these files. So every byte is bound.
 *
 * It never throws for what is in the bundle: that is the report. Runs in browsers.
 * @throws CodedError `key-malformed` for the caller's key.
 */
export function verifyBundle(bytes: Uint8Array, options: VerifyBundleOptions = {}): BundleReport {
  if (options.verifierKey !== undefined) parseVerifierKey(options.verifierKey)
  const crypto = options.crypto ?? { hash: sha256, verify: verifyEd25519 }
  let archive: Archive
  try {
    archive = parseArchive(bytes)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return emptyReport(options, [{ code: error.code as FaultCode }])
  }
  return new Check(archive, options, crypto).report()
}

function emptyReport({ verifierKey }: VerifyBundleOptions, faults: Fault[]): BundleReport {
  const nothing = { origin: null, size: null, madeAt: null, sealedBy: null, witnesses: null, entries: [] }
  return {
    holds: false,
    keyGiven: verifierKey !== undefined,
    verifierKey: verifierKey ?? null,
    ...nothing,
    faults,
  }
}

/** One look through a bundle: each step notes what it finds, and the next ones go on with what is left. */
class Check {
  readonly #files: Files
  readonly #crypto: ProofCrypto
  readonly #options: VerifyBundleOptions
  readonly #faults: Fault[] = []
  readonly #changed = new Map<string, Fault>()

  constructor(archive: Archive, options: VerifyBundleOptions, crypto: ProofCrypto) {
    this.#files = archive.files
    this.#crypto = crypto
    this.#options = options
    if (archive.odd === null) return
    const { at, near } = archive.odd
    this.#faults.push({ code: 'container-changed', at, ...(near === null ? {} : { path: near }) })
  }

  report(): BundleReport {
    const verifierKey = this.#key()
    const manifest = this.#attempt(PATHS.manifest, () => parseManifest(this.#file(PATHS.manifest)))
    if (manifest !== null) this.#checkFiles(manifest)
    const checkpoint = verifierKey === null ? null : this.#checkpoint(verifierKey, manifest)
    const sealedBy =
      verifierKey === null || checkpoint === null ? null : this.#seal(verifierKey, checkpoint, manifest)
    const witnesses = checkpoint === null ? null : this.#witnesses()
    const entries = withKeysHeld(
      (manifest?.entries ?? []).map((entry) =>
        verifyBundleEntry(entry, {
          files: this.#files,
          changed: this.#changed,
          verifierKey,
          checkpoint: this.#files.get(PATHS.checkpoint) ?? null,
          crypto: this.#crypto,
        }),
      ),
    )
    const holds = this.#faults.length === 0 && entries.every(({ faults }) => faults.length === 0)
    return {
      holds,
      keyGiven: this.#options.verifierKey !== undefined,
      verifierKey,
      origin: checkpoint?.origin ?? null,
      size: checkpoint?.size ?? null,
      madeAt: manifest?.madeAt ?? null,
      sealedBy,
      witnesses,
      faults: this.#faults,
      entries,
    }
  }

  #file(path: string): Uint8Array {
    const bytes = this.#files.get(path)
    if (bytes === undefined) throw new CodedError<FaultCode>('file-missing', `${path} is missing`)
    return bytes
  }

  #text(path: string): string {
    return decodeText(this.#file(path))
  }

  #attempt<T>(path: string, work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      this.#faults.push(faultOf(error, path))
      return null
    }
  }

  #key(): string | null {
    const own = this.#attempt(PATHS.verifierKey, () => {
      const text = this.#text(PATHS.verifierKey)
      parseVerifierKey(text.replace(/\n$/, ''))
      if (!text.endsWith('\n')) throw new CodedError<FaultCode>('file-changed', 'no newline')
      return text.slice(0, -1)
    })
    const given = this.#options.verifierKey
    if (given !== undefined && own !== null && own !== given)
      this.#faults.push({ code: 'other-key', path: PATHS.verifierKey })
    return given ?? own
  }

  /** Every file is as the manifest lists it, none is missing and none is there beside. */
  #checkFiles(manifest: Manifest): void {
    const listed = new Map(manifest.files.map((file) => [file.path, file]))
    for (const [path, bytes] of this.#files) {
      if (path === PATHS.manifest || path === PATHS.seal) continue
      const file = listed.get(path)
      if (file === undefined) this.#note({ code: 'file-unlisted', path })
      else if (file.bytes !== bytes.length || file.sha256 !== hex(this.#crypto.hash(bytes)))
        this.#note({ code: 'file-changed', path })
    }
    for (const path of listed.keys()) if (!this.#files.has(path)) this.#note({ code: 'file-missing', path })
    const wanted = manifest.entries.map(({ index }) => `${entryFolder(index)}${ENTRY_FILES.proof}`)
    for (const path of [...wanted, PATHS.page, PATHS.readme])
      if (!listed.has(path)) this.#note({ code: 'file-missing', path })
  }

  /** A fault of a file in an entry's folder is the entry's; of any other, the bundle's. */
  #note(fault: Fault & { path: string }): void {
    this.#changed.set(fault.path, fault)
    if (!/^entries\/\d+\//.test(fault.path) || fault.code === 'file-unlisted') this.#faults.push(fault)
  }

  #checkpoint(verifierKey: string, manifest: Manifest | null): Checkpoint | null {
    return this.#attempt(PATHS.checkpoint, () => {
      const checkpoint = verifyCheckpoint(
        this.#text(PATHS.checkpoint),
        parseVerifierKey(verifierKey),
        this.#crypto.verify,
      )
      if (manifest !== null && (manifest.size !== checkpoint.size || manifest.origin !== checkpoint.origin))
        throw new CodedError<FaultCode>('checkpoint-other', 'not the checkpoint of this bundle')
      return checkpoint
    })
  }

  /** A cosignature of a witness that the policy names must hold; that some are missing is for the reader to weigh. */
  #witnesses(): BundleReport['witnesses'] {
    if (!this.#files.has(PATHS.policy)) return null
    return this.#attempt(PATHS.policy, () => {
      const note = this.#text(PATHS.checkpoint)
      const policy = parsePolicy(this.#text(PATHS.policy))
      const { cosignatures, witnessed, log } = this.#readWitnessed(policy, note)
      const trusted = [log.key, ...policy.witnesses.map(({ key }) => key)]
      const strangers = parseNote(note)
        .signatures.filter(({ name, keyId }) => !trusted.some((key) => key.name === name && key.id === keyId))
        .map(({ name }) => name)
      return { by: cosignatures.map(({ key }) => key.name), enough: witnessed, strangers }
    })
  }

  /** The log's own signature was checked before: one that does not hold here is a witness's. */
  #readWitnessed(policy: TrustPolicy, note: string): WitnessedCheckpoint {
    try {
      return readWitnessed(policy, note, this.#crypto.verify)
    } catch (cause) {
      if (!(cause instanceof CodedError) || cause.code !== 'signature-wrong') throw cause
      throw new CodedError<FaultCode>('cosignature-wrong', 'the cosignature of a witness does not hold', {
        cause,
      })
    }
  }

  /** The entry of the log that names this manifest. Gives its index. */
  #seal(verifierKey: string, checkpoint: Checkpoint, manifest: Manifest | null): number | null {
    return this.#attempt(PATHS.seal, () => {
      const seal = parseSeal(this.#file(PATHS.seal))
      const proof = parseTlogProof(seal.proof)
      const alone = parseNote(proof.checkpoint).signatures.length === 1 && proof.extra === undefined
      if (!alone) throw new CodedError<FaultCode>('seal-wrong', 'the seal has more than its own signature')
      const { index } = proof
      const { origin } = checkpoint
      const { text, salt } = seal.body
      const body = {
        text,
        salt,
        commitment: encodeBase64(commitToBody(text, parseBase64(salt), this.#crypto.hash)),
      }
      const verified = verifyEntry(
        { origin, verifierKey, index, proof: seal.proof, leaf: '', header: seal.header, body },
        verifierKey,
        this.#crypto,
      )
      const says = verified.body?.says
      const isOurs = verified.header.kind === 'evidence-bundle' && index >= checkpoint.size
      if (!isOurs || says?.manifest !== hex(this.#crypto.hash(this.#file(PATHS.manifest))))
        throw new CodedError<FaultCode>('seal-wrong', 'the log entry is of another manifest')
      if (manifest !== null && verified.body!.at < manifest.madeAt)
        throw new CodedError<FaultCode>('seal-wrong', 'the log entry is older than the bundle')
      verifyConsistency(
        {
          size1: checkpoint.size,
          size2: verified.checkpoint.size,
          root1: checkpoint.root,
          root2: verified.checkpoint.root,
          proof: seal.consistency.map(parseBase64),
        },
        this.#crypto.hash,
      )
      return index
    })
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
