import { type AuthorityDisclosure, DISCLOSURE_KIND } from '../../lawful/disclosure.ts'
import { encodeBase64, parseBase64 } from '../../ledger/base64.ts'
import type { Checkpoint } from '../../ledger/checkpoint.ts'
import type { ProofBundle } from '../../ledger/ledger.ts'
import { sha256 } from '../../ledger/merkle.ts'
import type { VerifyEd25519 } from '../../ledger/note.ts'
import {
  type CompletenessProof,
  requireAllLinks,
  type VerifiedEpoch,
  verifyCompleteness,
} from '../../ledger/subjects/completeness.ts'
import { parseMapProof } from '../../ledger/subjects/map-proof.ts'
import type { VerifiedEntry } from '../../ledger/tlog-proof.ts'
import type { TrustPolicy } from '../../ledger/trust-policy.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { givenText, givenWords } from '../given.ts'
import { type Look, looksOf, type SeenEntry } from '../looks.ts'
import type { Reader } from '../sentence.ts'
import { requireSlots } from './check-slots.ts'
import { checkExtends, type FetchBytes } from './register.ts'
import { checkSignatures } from './signatures.ts'
import { entryVerifier } from './verify-entries.ts'

/** What this browser remembers of the last visit, for one number. */
export interface KeptEnd {
  /** Which holder of the number she was. */
  readonly ordinal: number
  readonly count: number
  /** The second log's size and root, base64, and its key for labels. */
  readonly size: number
  readonly root: string
  readonly vrfKey: string
}

/**
 * - `body-withheld`: a link without its words, and no erasure says why
 * - `link-of-another`: a link about another number or tenure
 * - `look-hidden`, `look-unlinked`: a look in the chain and not on the page, or the other way round
 * - `disclosure-differs`: what the page says of a package is not what its entry says, both dates included
 * - `count-fell`, `holder-changed`, `labels-changed`: not what this phone kept from the last visit
 */
export type CompleteFault =
  | 'body-withheld'
  | 'link-of-another'
  | 'look-hidden'
  | 'look-unlinked'
  | 'disclosure-differs'
  | 'count-fell'
  | 'holder-changed'
  | 'labels-changed'

/** A line of the page: a look by its id, a package by its entry. */
export interface ShownLine {
  readonly look: string | null
  /** Its first and its last entry's index. */
  readonly first: number
  readonly last: number
  /** What it says of a package (`givenText`); null for looks, whose words are checked one by one. */
  readonly given: string | null
}

/** What the page shows, and what it is checked with. */
export interface CompleteParties {
  readonly number: string
  /** The second log's key and its witnesses. */
  readonly policy: TrustPolicy
  readonly verifierKey: string
  /** The ledger's newest checkpoint, checked. */
  readonly head: Checkpoint
  readonly kept: KeptEnd | null
  readonly lines: readonly ShownLine[]
  /** Whether older lines stand on further pages. */
  readonly more: boolean
  /** The first entry of the ledger that chains cover. */
  readonly begin: number
  readonly reader: Reader
  readonly fetchBytes: FetchBytes
}

/** A list that is whole. */
export interface CompleteList extends VerifiedEpoch {
  readonly ordinal: number
  /** How many looks the chain holds. */
  readonly looks: number
  /** Looks on the page that are newer than the epoch. */
  readonly newer: number
  /** Entries of the ledger that the epoch does not cover yet. */
  readonly uncovered: number
  /** Bodies of links that were erased, each with the entry that says so. */
  readonly erased: number
  /** Packages that stood sealed under her label until she was told. */
  readonly opened: number
}

/** Entries that make the chain, and the sealed ones that some of them open. */
interface Links {
  readonly entries: readonly VerifiedEntry[]
  readonly slots: readonly VerifiedEntry[]
}

/**
 * Checks that what the page shows is all there is: the newest epoch under its witnesses, her label and the next one's,
 * every link up to the end of her chain, each in the ledger with its words, each look among them on the page, and what was
 * kept secret from her sealed under her label in the meantime.
 * @throws CodedError of the first thing that does not hold
 */
export function checkComplete(proof: CompletenessProof, parties: CompleteParties): Promise<CompleteList> {
  return checkSignatures((verify) => checkWith(verify, proof, parties))
}

async function checkWith(
  verify: VerifyEd25519,
  proof: CompletenessProof,
  parties: CompleteParties,
): Promise<CompleteList> {
  const { number, policy, head, kept, fetchBytes } = parties
  const crypto = { hash: sha256, verify }
  const verified = verifyCompleteness(proof, number, { policy, ledgerSize: head.size }, crypto)
  await requireKept(verified, proof.ordinal, kept, fetchBytes)
  const { entries, slots } = await fetchLinks(parties, verified.end.count, verify)
  requireAllLinks(
    entries.map(({ entry }) => entry),
    verified.end,
  )
  const erased = requireBodies(entries)
  const opened = requireSlots(entries.filter(isDisclosure), slots, verified.label)
  const looks = looksOf(entries.flatMap(seenOf))
  const newer = requireShown(parties, entries, looks, verified.epoch.ledgerSize)
  const uncovered = head.size - verified.epoch.ledgerSize
  return { ...verified, ordinal: proof.ordinal, looks: looks.length, newer, uncovered, erased, opened }
}

/** Her chain only grows, she stays who she was, and the second log begins with what this phone has seen of it. */
async function requireKept(
  { checkpoint, epoch, end }: VerifiedEpoch,
  ordinal: number,
  kept: KeptEnd | null,
  fetchBytes: FetchBytes,
): Promise<void> {
  if (kept === null) return
  await checkExtends({ size: kept.size, root: parseBase64(kept.root) }, checkpoint, fetchBytes, '/subjects')
  if (encodeBase64(epoch.vrfKey) !== kept.vrfKey)
    throw fault('labels-changed', 'labels are made with another key than at the last visit')
  if (kept.ordinal !== ordinal) throw fault('holder-changed', 'she is another holder than at the last visit')
  if (end.count < kept.count) throw fault('count-fell', 'there were more links at the last visit')
}

async function fetchLinks(
  { verifierKey, head, fetchBytes }: CompleteParties,
  count: number,
  verify: VerifyEd25519,
): Promise<Links> {
  const entries: VerifiedEntry[] = []
  const slots: VerifiedEntry[] = []
  const checked = entryVerifier(verifierKey, verify)
  while (entries.length < count) {
    const answer = await fetchBytes(linksPath(entries.length, count))
    const part = JSON.parse(new TextDecoder().decode(answer)) as LinksPart
    if (part.bundles.length === 0) break
    entries.push(...part.bundles.map(checked))
    slots.push(...part.slots.map(checked))
  }
  const trees = new Map([...entries, ...slots].map(({ checkpoint }) => [checkpoint.size, checkpoint]))
  for (const tree of trees.values()) {
    const [older, newer] = tree.size <= head.size ? [tree, head] : [head, tree]
    await checkExtends(older, newer, fetchBytes)
  }
  return { entries, slots }
}

function linksPath(after: number, upTo: number): string {
  return `/my/complete/links?after=${after}&upTo=${upTo}`
}

/**
 * Where the first links will be asked for, as the proof says before anything of it is checked: to be asked while it is.
 * Null where it does not say.
 */
export function firstLinksOf({ own }: CompletenessProof): string | null {
  try {
    const { leaf } = parseMapProof(parseBase64(own.path))
    return leaf === null ? null : linksPath(0, leaf.count)
  } catch {
    return null
  }
}

/** What the server answers with. */
interface LinksPart {
  readonly bundles: readonly ProofBundle[]
  readonly slots: readonly ProofBundle[]
}

/** Each link has its words, or an erasure among the links names it; all are about one tenure. @returns how many were erased. */
function requireBodies(entries: readonly VerifiedEntry[]): number {
  const erased = new Set(
    entries
      .filter(({ header }) => header.kind === 'body-erased')
      .map(({ header }) => header.counts?.index ?? -1),
  )
  const gone = entries.filter(({ body }) => body === null)
  if (gone.some(({ index }) => !erased.has(index)))
    throw fault('body-withheld', 'a link has no words, and no erasure says why')
  const about = new Set(
    entries
      .filter(({ header, body }) => body !== null && header.kind !== 'body-erased')
      .map(({ body }) => `${body?.subject}/${body?.opening?.tenure ?? String(body?.says.tenure)}`),
  )
  if (about.size > 1) throw fault('link-of-another', 'a link is about another number or holder')
  return gone.length
}

/** @returns how many lines are newer than the epoch. */
function requireShown(
  { lines, more, begin, reader }: CompleteParties,
  entries: readonly VerifiedEntry[],
  looks: readonly Look[],
  covered: number,
): number {
  const oldest = more ? Math.min(...lines.map(({ first }) => first)) : 0
  const names = new Set(lines.map(({ look }) => look))
  if (looks.some(({ look, entries: own }) => !names.has(look) && (own.at(-1) ?? 0) >= oldest))
    throw fault('look-hidden', 'a look of the chain is not on the page')
  const packages = entries.filter(isDisclosure)
  const ends = new Map(lines.map((line) => [line.last, line]))
  if (packages.some(({ index }) => !ends.has(index) && index >= oldest))
    throw fault('look-hidden', 'a package of the chain is not on the page')
  for (const { index, body } of packages) {
    const shown = ends.get(index)
    if (shown === undefined || body === null) continue
    const said = givenWords(body.says as unknown as AuthorityDisclosure, body.at, reader)
    if (shown.given !== givenText(said))
      throw fault('disclosure-differs', 'the page says something else of a package than its entry')
  }
  const linked = new Set([...looks.map(({ look }) => look), ...packages.map(({ index }) => String(index))])
  const unlinked = lines.filter(({ look, last }) => !linked.has(look ?? String(last)) && last >= begin)
  if (unlinked.some(({ last }) => last < covered))
    throw fault('look-unlinked', 'a look on the page is no link of the chain')
  return unlinked.length
}

function isDisclosure({ header }: VerifiedEntry): boolean {
  return header.kind === DISCLOSURE_KIND
}

function seenOf({ index, header, body }: VerifiedEntry): SeenEntry[] {
  return body === null ? [] : [{ index, kind: body.event ?? header.kind, at: body.at, body: body.says }]
}

/** What to keep of a list that was whole. */
export function keptOf({ ordinal, end, checkpoint, epoch }: CompleteList): KeptEnd {
  return {
    ordinal,
    count: end.count,
    size: checkpoint.size,
    root: encodeBase64(checkpoint.root),
    vrfKey: encodeBase64(epoch.vrfKey),
  }
}

/** What was kept, or null; broken text counts as nothing kept. */
export function parseKept(text: string | null): KeptEnd | null {
  if (text === null) return null
  try {
    const { ordinal, count, size, root, vrfKey } = JSON.parse(text) as Record<string, unknown>
    if (![ordinal, count, size].every(Number.isSafeInteger)) return null
    if (typeof root !== 'string' || typeof vrfKey !== 'string' || parseBase64(root).length !== 32) return null
    return { ordinal: ordinal as number, count: count as number, size: size as number, root, vrfKey }
  } catch {
    return null
  }
}

function fault(code: CompleteFault, what: string): CodedError<CompleteFault> {
  return new CodedError(code, what)
}
