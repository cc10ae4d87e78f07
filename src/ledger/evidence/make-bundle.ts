import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Clock } from '../../platform/clock.ts'
import { CodedError, invariant } from '../../platform/coded-error.ts'
import type { Sealer } from '../../platform/sealer.ts'
import { encodeBase64 } from '../base64.ts'
import type { EntryId } from '../entry.ts'
import type { Ledger, ProofBundle } from '../ledger.ts'
import { nodeSha256 } from '../node-crypto.ts'
import { proofOf, requireHead, requireRow } from '../proof-bundle.ts'
import { proveConsistency } from '../prover.ts'
import { requireTexts } from '../sealed-entry.ts'
import { readTileRow } from '../store.ts'
import { encodeArchive } from './archive.ts'
import {
  ENTRY_FILES,
  type EntryOpening,
  encodeJsonFile,
  entryFolder,
  type Manifest,
  type ManifestEntry,
  PATHS,
} from './manifest.ts'
import { readme } from './readme.ts'
import { shownPage } from './shown.ts'
import { shownPdf } from './shown-pdf.ts'

export type EvidenceFault = 'evidence-empty' | 'evidence-too-many' | 'shown-broken'

/** Most entries of one bundle. */
export const MAX_BUNDLE_ENTRIES = 1_000

/** What was rendered for a disclosure entry: the salt of its commitment and the exact bytes. */
export interface Shown {
  readonly salt: Uint8Array
  readonly bytes: Uint8Array
}

export interface EvidenceParties {
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly sealer: Sealer
  readonly clock: Clock
  /** Opens what a disclosure entry committed to; null when it disclosed nothing. */
  readonly openShown: (id: EntryId) => Promise<Shown | null>
  /** The page that checks bundles, as one file. */
  readonly page: () => Promise<string>
  /** Another tlog-policy than the log's own, to go with it. */
  readonly policy?: string | null
}

/** Which entries, for whom and why. */
export interface EvidenceOrder {
  readonly entries: readonly number[]
  /** Of these no body and nothing shown is in the bundle, only header and proof. */
  readonly withhold?: readonly number[]
  /** The member of staff who makes it; absent on the command line of the owner's machine. */
  readonly actor?: string
  readonly reason: string
  readonly caseSerial?: string
}

export interface Evidence {
  readonly zip: Uint8Array
  /** The entry that says this bundle was made. */
  readonly sealedBy: number
  readonly size: number
}

/**
 * Makes a bundle. Its files are fixed and digested first; then the entry `evidence-bundle`, which names the
 * manifest's digest, the entries, who and why, is recorded; only then is there a zip to give away. So no bundle exists
 * that the ledger does not know, and none can be made later that claims to be this one.
 * @throws CodedError `evidence-empty`, `evidence-too-many`, `entry-unknown`, `entry-lost`, `body-broken`,
 *   `shown-broken`
 */
export async function makeEvidence(parties: EvidenceParties, order: EvidenceOrder): Promise<Evidence> {
  const indexes = [...new Set(order.entries)].sort((a, b) => a - b)
  if (indexes.length === 0) throw new CodedError<EvidenceFault>('evidence-empty', 'name at least one entry')
  if (indexes.length > MAX_BUNDLE_ENTRIES)
    throw new CodedError<EvidenceFault>(
      'evidence-too-many',
      `a bundle has at most ${MAX_BUNDLE_ENTRIES} entries: make several`,
    )
  const { ledger } = parties
  const under = await treeOf(ledger, indexes.at(-1)!)
  const withheld = new Set(order.withhold ?? [])
  const files = new Map<string, Uint8Array>()
  const entries: ManifestEntry[] = []
  for (const index of indexes) entries.push(await addEntry(parties, files, under, index, withheld.has(index)))
  files.set(PATHS.checkpoint, utf8(under.note))
  files.set(PATHS.verifierKey, utf8(`${ledger.verifierKey}\n`))
  files.set(PATHS.policy, utf8(parties.policy ?? ledger.policy.text))
  files.set(PATHS.page, utf8(await parties.page()))
  files.set(
    PATHS.readme,
    utf8(readme({ entries, verifierKey: ledger.verifierKey, page: files.get(PATHS.page)! })),
  )
  const manifest = encodeJsonFile(manifestOf(ledger.origin, parties.clock.now(), under.size, entries, files))
  files.set(PATHS.manifest, manifest)
  const sealedBy = await seal(parties, order, files, entries, under.size)
  return { zip: encodeArchive(files), sealedBy, size: under.size }
}

/** The newest countersigned tree that has all of these entries, else the head with the cosignatures it has so far. */
async function treeOf(ledger: Ledger, last: number): Promise<{ size: number; note: string }> {
  const published = await ledger.published()
  return last < published.size ? published : await ledger.newest()
}

function manifestOf(
  origin: string,
  madeAt: number,
  size: number,
  entries: readonly ManifestEntry[],
  files: ReadonlyMap<string, Uint8Array>,
): Manifest {
  const listed = [...files.keys()].sort().map((path) => {
    const bytes = files.get(path)!
    return { path, bytes: bytes.length, sha256: digest(bytes) }
  })
  return { v: 1, kind: 'countersign-evidence', origin, madeAt, size, entries, files: listed }
}

async function addEntry(
  parties: EvidenceParties,
  files: Map<string, Uint8Array>,
  under: { size: number; note: string },
  index: number,
  withhold: boolean,
): Promise<ManifestEntry> {
  const { pool, sealer, ledger } = parties
  const { origin, verifierKey, policy } = ledger
  const log = { pool, sealer, origin, verifierKey, policy }
  const bundle = await proofOf(log, index, !withhold, under)
  const { id } = requireTexts(await requireRow(pool, index))
  const shown = bundle.body.text === null ? null : await openShown(parties, id, bundle)
  const put = (name: string, bytes: Uint8Array) => files.set(`${entryFolder(index)}${name}`, bytes)
  const opening: EntryOpening = {
    v: 1,
    headerSalt: bundle.header.salt,
    bodySalt: bundle.body.salt,
    bodyCommitment: bundle.body.commitment,
    shownSalt: shown === null ? null : encodeBase64(shown.salt),
  }
  put(ENTRY_FILES.header, utf8(bundle.header.text))
  if (bundle.body.text !== null) put(ENTRY_FILES.body, utf8(bundle.body.text))
  put(ENTRY_FILES.opening, encodeJsonFile(opening))
  put(ENTRY_FILES.proof, utf8(bundle.proof))
  if (shown !== null) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(shown.bytes)
    put(ENTRY_FILES.shown, shown.bytes)
    put(ENTRY_FILES.shownPage, utf8(shownPage(index, text)))
    put(ENTRY_FILES.shownPdf, shownPdf(index, text))
  }
  const body = withhold ? 'withheld' : bundle.body.text === null ? 'erased' : 'open'
  return { index, body, shown: shown !== null }
}

/** What was shown, if it is what the body's text commits to: a bundle that does not hold is not made. */
async function openShown(parties: EvidenceParties, id: EntryId, bundle: ProofBundle): Promise<Shown | null> {
  const { says } = JSON.parse(bundle.body.text!) as { says: Record<string, unknown> }
  if (typeof says.rendering !== 'string') return null
  const shown = await parties.openShown(id)
  if (shown !== null && digest(Buffer.concat([shown.salt, shown.bytes])) !== says.rendering)
    throw new CodedError<EvidenceFault>(
      'shown-broken',
      `what is kept as shown by entry ${bundle.index} is not what it commits to`,
    )
  return shown
}

/** Records that the bundle was made, and adds the proof of that. */
async function seal(
  parties: EvidenceParties,
  order: EvidenceOrder,
  files: Map<string, Uint8Array>,
  entries: readonly ManifestEntry[],
  size: number,
): Promise<number> {
  const { pool, ledger, sealer } = parties
  const { actor, reason, caseSerial } = order
  const id = await ledger.record({
    kind: 'evidence-bundle',
    header: { counts: { entries: entries.length }, ...(caseSerial === undefined ? {} : { caseSerial }) },
    body: {
      manifest: digest(files.get(PATHS.manifest)!),
      entries: entries.map(({ index, body, shown }) => ({ index, body, shown })),
      reason,
    },
    ...(actor === undefined ? {} : { actor }),
  })
  const index = await ledger.indexOf(id)
  const head = await requireHead(pool)
  const { origin, verifierKey, policy } = ledger
  const log = { pool, sealer, origin, verifierKey, policy }
  const own = await proofOf(log, index, true, {
    size: head.size,
    note: ownSignature(head.note, ledger.origin),
  })
  const { text, salt } = own.body
  invariant(text !== null && salt !== null, 'a new entry has its body')
  const readTile = (level: number, at: number, width: number) => readTileRow(pool, level, at, width)
  const consistency = await proveConsistency(size, head.size, readTile, nodeSha256)
  files.set(
    PATHS.seal,
    encodeJsonFile({
      v: 1,
      header: own.header,
      body: { text, salt },
      proof: own.proof,
      consistency: consistency.map(encodeBase64),
    }),
  )
  return index
}

/** The note with the log's signature alone: in the seal nothing stands that its reader cannot check. */
function ownSignature(note: string, origin: string): string {
  const end = note.lastIndexOf('\n\n') + 2
  const line = note
    .slice(end)
    .split('\n')
    .find((signature) => signature.startsWith(`— ${origin} `))
  invariant(line !== undefined, 'the log signed its own checkpoint')
  return `${note.slice(0, end)}${line}\n`
}

/** Hex of SHA-256. */
function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
