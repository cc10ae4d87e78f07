import type { Clock, RandomBytes } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import {
  commitToBody,
  commitToHeader,
  commitToPlainBody,
  encodeEntry,
  encodeText,
  parseBody,
  parseHeader,
} from './commitment.ts'
import type { Body, EntryDraft, EntryId, Header, HeaderDraft, StoredEntry } from './entry.ts'
import { sameBytes } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import { type ChainKey, chainOf } from './subjects/link.ts'

/** An entry ready for the intake or the tree: its texts are fixed, its body sealed. */
export interface SealedEntry {
  readonly id: EntryId
  readonly header: string
  readonly headerSalt: Uint8Array
  readonly bodyCommitment: Uint8Array
  readonly bodySealed: Uint8Array
  readonly subject: string | null
  readonly actor: string | null
  /** The 32 bytes that the public log holds: what `entryOf` gives. */
  readonly entry: Uint8Array
  /** Whose chain it is a link of, written with it; null for most entries. */
  readonly chain: ChainKey | null
}

/** An entry's row. */
export interface EntryRow extends Omit<SealedEntry, 'bodySealed' | 'entry' | 'chain'> {
  readonly index: number
  readonly bodySealed: Uint8Array | null
}

/** An entry of which only the 32 bytes of the public log are left: its texts were lost in a restore. */
export interface LostRow {
  readonly index: number
  readonly lost: Uint8Array
}

/** What stands at an index. */
export type LogRow = EntryRow | LostRow

/** A body with its salt, opened and found to be the one committed to. */
export interface OpenedBody {
  readonly body: Body
  readonly text: string
  readonly salt: Uint8Array
}

export type SealedEntryFault = 'draft-malformed' | 'body-broken' | 'entry-lost'

const PURPOSE = 'ledger-body'
const SALT_BYTES = 32
/** Bodies larger than this belong elsewhere, with their digest here. */
const MAX_BODY_CHARS = 512 * 1024

/**
 * Fixes a draft's texts, salts them and seals the body with its salt. The seal's context is the entry itself
 * (its id and the 32 bytes the public log will hold), so that neither another body nor another header can be
 * put in its row: the body would not open.
 * @throws CodedError `draft-malformed`, `text-not-canonical`
 */
export function sealEntry(
  draft: EntryDraft,
  parties: { sealer: Sealer; clock: Clock; random: RandomBytes },
): SealedEntry {
  const at = parties.clock.now()
  requireKey(draft.subject)
  requireKey(draft.actor)
  const header = encodeText(headerOf(draft, at))
  const random = parties.random(2 * SALT_BYTES + 10)
  const headerSalt = random.subarray(0, SALT_BYTES)
  const bodySalt = random.subarray(SALT_BYTES, 2 * SALT_BYTES)
  const id = newEntryId(at, random.subarray(2 * SALT_BYTES))
  const headerCommitment = commitToHeader(header, headerSalt, nodeSha256)
  const { commitment: bodyCommitment, plain } = commitToPlainBody(bodyOf(draft, at), bodySalt, nodeSha256)
  if (
    plain.length > MAX_BODY_CHARS &&
    Buffer.from(plain).toString('utf8', SALT_BYTES).length > MAX_BODY_CHARS
  )
    throw new CodedError<SealedEntryFault>('draft-malformed', 'the body of the entry is too long')
  const entry = encodeEntry(headerCommitment, bodyCommitment, nodeSha256)
  return {
    id,
    header,
    headerSalt,
    bodyCommitment,
    bodySealed: parties.sealer.seal(PURPOSE, sealContext(id, entry), plain),
    subject: draft.subject ?? null,
    actor: draft.actor ?? null,
    entry,
    chain: requireChain(draft),
  }
}

function headerOf(draft: EntryDraft, at: number): Header {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(draft.kind) || draft.kind === 'other')
    throw new CodedError<SealedEntryFault>('draft-malformed', 'the kind of an entry is in kebab case')
  const fields: HeaderDraft = draft.header ?? {}
  return { ...fields, v: 1, kind: kindOf(draft), day: dayOf(at) }
}

const DAY_MS = 86_400_000
let today = { number: Number.NaN, words: '' }

/** The UTC day of an instant; entries come in order of time, so it is worked out once a day. */
function dayOf(at: number): string {
  const number = Math.floor(at / DAY_MS)
  if (number !== today.number) today = { number, words: new Date(at).toISOString().slice(0, 10) }
  return today.words
}

/** The keys are in the order of the canonical JSON, so that it need not put them there. */
function bodyOf(draft: EntryDraft, at: number): Body {
  return {
    ...(draft.actor == null ? {} : { actor: draft.actor }),
    at,
    ...(draft.header === null ? { event: draft.kind } : {}),
    kind: kindOf(draft),
    ...(draft.opening === undefined ? {} : { opening: draft.opening }),
    says: draft.body,
    ...(draft.subject == null ? {} : { subject: draft.subject }),
    v: 1,
  }
}

function kindOf(draft: EntryDraft): string {
  return draft.header === null ? 'other' : draft.kind
}

/** One malformed key would fail the whole batch it is written with. */
function requireKey(key: string | null | undefined): void {
  if (key != null && !isKey(key))
    throw new CodedError<SealedEntryFault>(
      'draft-malformed',
      'a subject or actor is an id of 1 to 64 characters',
    )
}

/** A loop: a pattern costs as much as hashing the whole entry, and each entry has four keys. */
function isKey(key: string): boolean {
  if (key.length < 1 || key.length > 64) return false
  for (let i = 0; i < key.length; i += 1) {
    const unit = key.charCodeAt(i)
    if (unit < 0x21 || unit > 0x7e) return false
  }
  return true
}

function requireChain(draft: EntryDraft): ChainKey | null {
  const chain = chainOf(draft)
  if (chain?.subject !== draft.subject) requireKey(chain?.subject)
  requireKey(chain?.tenure)
  return chain
}

/** Six bytes of time, then random ones: new ids go to the right end of their index. */
function newEntryId(at: number, random: Uint8Array): EntryId {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(at, 0, 6)
  bytes.set(random, 6)
  return bytes.toString('hex') as EntryId
}

function sealContext(id: EntryId, entry: Uint8Array): string {
  return `${id}/${Buffer.from(entry).toString('base64')}`
}

/** Whether only the commitment of this entry is left. */
export function isLost(row: LogRow): row is LostRow {
  return 'lost' in row
}

/** A row that has its texts. @throws CodedError `entry-lost` */
export function requireTexts(row: LogRow): EntryRow {
  if (!isLost(row)) return row
  throw new CodedError<SealedEntryFault>(
    'entry-lost',
    `the texts of entry ${row.index} were lost in a restore: only its commitment and its proof are left`,
  )
}

/** The 32 bytes that the public log holds for this row. */
export function entryOf(
  row: Pick<EntryRow, 'header' | 'headerSalt' | 'bodyCommitment'> | LostRow,
): Uint8Array {
  if ('lost' in row) return row.lost
  return encodeEntry(commitToHeader(row.header, row.headerSalt, nodeSha256), row.bodyCommitment, nodeSha256)
}

/**
 * Opens a row's body; null once it was erased. `known` is what the caller worked out of the row already.
 * @throws CodedError `body-broken` when it does not open here, is not the body committed to, or names another
 *   subject or actor than the row: then somebody changed the row.
 */
export function openBody(
  row: EntryRow,
  sealer: Sealer,
  known: { header?: Header; entry?: Uint8Array } = {},
): OpenedBody | null {
  if (row.bodySealed === null) return null
  try {
    const context = sealContext(row.id, known.entry ?? entryOf(row))
    const plain = sealer.open(PURPOSE, context, row.bodySealed)
    const salt = plain.subarray(0, SALT_BYTES)
    const text = plain.subarray(SALT_BYTES).toString('utf8')
    if (!sameBytes(commitToBody(text, salt, nodeSha256), row.bodyCommitment))
      throw new CodedError<SealedEntryFault>('body-broken', 'not the body committed to')
    const body = parseBody(text, known.header ?? parseHeader(row.header))
    if ((body.subject ?? null) !== row.subject || (body.actor ?? null) !== row.actor)
      throw new CodedError<SealedEntryFault>('body-broken', 'listed under another subject or actor')
    return { body, text, salt }
  } catch (cause) {
    throw new CodedError<SealedEntryFault>('body-broken', `the body of entry ${row.index} was changed`, {
      cause,
    })
  }
}

/** The entry that a row holds. @throws CodedError `body-broken` */
export function openEntry(row: EntryRow, sealer: Sealer): StoredEntry {
  const header = parseHeader(row.header)
  const opened = openBody(row, sealer)
  const { id, index, subject, actor } = row
  const known = { id, index, header, subject, actor }
  if (opened === null)
    return { ...known, kind: header.kind, at: Date.parse(header.day), body: null, opening: null }
  const { body } = opened
  return {
    ...known,
    kind: body.event ?? body.kind,
    at: body.at,
    body: body.says,
    opening: body.opening ?? null,
  }
}
