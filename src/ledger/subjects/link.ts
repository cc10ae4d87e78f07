import { CodedError } from '../../platform/coded-error.ts'
import type { EntryDraft } from '../entry.ts'
import { HASH_BYTES, type Sha256, sha256 } from '../merkle.ts'

/**
 * The chain of one tenure of one number: every reveal, disclosure, match, unmask, statement and package about it is a
 * link, in the order of the log. Links stand outside bodies, so that an erased body breaks nothing. Runs in browsers.
 */

/** One tenure of one number: whose chain it is. */
export interface ChainKey {
  /** The number's pseudonym, 32 hex. */
  readonly subject: string
  readonly tenure: string
}

/** Where a chain ends: how many links it has, and the newest. */
export interface ChainEnd {
  readonly count: number
  /** 32 bytes. */
  readonly link: Uint8Array
}

/** What a chain has before its first link. */
export const NO_LINKS: ChainEnd = { count: 0, link: new Uint8Array(HASH_BYTES) }

export type LinkFault = 'link-malformed'

const TAG = new TextEncoder().encode('countersign chain link v1\0')
const SEQUENCE_BYTES = 8
/** Where links are put together: they are read before the next one comes. */
const LINK = new Uint8Array(TAG.length + 2 * HASH_BYTES + SEQUENCE_BYTES)
LINK.set(TAG)
const LINK_VIEW = new DataView(LINK.buffer)

/** Kinds of entries that are links. One more is one word more; its entries say subject and tenure. */
const LINKED: ReadonlySet<string> = new Set([
  'reveal',
  'disclosure',
  'match',
  'unmask',
  'statement',
  // Her own reading: listed, never counted as a look; a look by staff cannot hide under its name.
  'own-records',
  // A package, from the day on which she may know.
  'authority-disclosure',
  // A key of hers that begins to stand or ends.
  'own-key-set',
  'own-key-removed',
  'own-key-cloned',
])

/** What an entry says of itself: as a desk drafts it, or as a replay finds it. */
type Linkable = Pick<EntryDraft, 'kind' | 'subject' | 'opening' | 'body' | 'erasedFrom'>

/**
 * Whose chain an entry belongs to; null for those that are no links. The one rule that the sequencer and every
 * replay share: the tenure is the opening's, else the one that the body names. The erasure of a link's body is a link
 * too, in the chain of what it erased, which it names by index.
 */
export function chainOf({ kind, subject, opening, body, erasedFrom }: Linkable): ChainKey | null {
  if (erasedFrom !== undefined) return erasedFrom
  if (!LINKED.has(kind) || subject == null) return null
  const tenure = opening?.tenure ?? body.tenure
  return typeof tenure === 'string' ? { subject, tenure } : null
}

/** The end of a chain that `entry`, the 32 bytes of the public log, is added to: H(tag, link before, sequence, entry). @throws CodedError `link-malformed` */
export function extendChain(end: ChainEnd, entry: Uint8Array, hash: Sha256 = sha256): ChainEnd {
  const count = end.count + 1
  LINK.set(requireHash(end.link), TAG.length)
  LINK_VIEW.setUint32(TAG.length + HASH_BYTES, Math.floor(count / 2 ** 32))
  LINK_VIEW.setUint32(TAG.length + HASH_BYTES + 4, count % 2 ** 32)
  LINK.set(requireHash(entry), TAG.length + HASH_BYTES + SEQUENCE_BYTES)
  return { count, link: hash(LINK) }
}

function requireHash(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== HASH_BYTES)
    throw new CodedError<LinkFault>('link-malformed', 'a link or an entry is not 32 bytes')
  return bytes
}
