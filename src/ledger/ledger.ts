import type pg from 'pg'
import { type Clock, drawAhead, type RandomBytes } from '../platform/clock.ts'
import { CodedError, invariant } from '../platform/coded-error.ts'
import type { Trx } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Beside, BesideWriter } from './beside.ts'
import { signCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import type { EntryDraft, EntryId, Header, StoredEntry } from './entry.ts'
import { type KnownCheckpoint, setbackError, setbackOf } from './known-checkpoint.ts'
import { readsOf, requireIndex } from './ledger-reads.ts'
import { emptyRoot, sameBytes } from './merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from './node-crypto.ts'
import { encodeVerifierKey, parseVerifierKey } from './note.ts'
import { requireHead, unknownEntry } from './proof-bundle.ts'
import type { PublishedCheckpoint } from './published.ts'
import { claimReceiptPress, copyOpening, type Opening, type Receipt } from './receipt.ts'
import { requireTexts, type SealedEntry, sealEntry } from './sealed-entry.ts'
import { Sequencer } from './sequencer.ts'
import { createSequencerConnection } from './sequencer-connection.ts'
import {
  clearBody,
  type HeadRow,
  insertFirstHead,
  insertIntake,
  intakeWaits,
  isLinked,
  lockEntry,
  readHead,
} from './store.ts'
import type { ChainKey } from './subjects/link.ts'
import { readChainAt } from './subjects/link-store.ts'
import { parsePolicy, type TrustPolicy } from './trust-policy.ts'
import { createWitnessing, DEFAULT_WITNESS_RULES, type Witnessing, type WitnessRules } from './witnessing.ts'

/** Ed25519, as the key service gives it. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

export interface LedgerParties {
  readonly pool: pg.Pool
  readonly keys: { readonly sealer: Sealer; signingKey(name: string): SigningKey }
  readonly clock: Clock
  readonly random: RandomBytes
  /** Names this log for ever, and its key: `countersign.ayeyar.example/log`. No spaces, no plus sign. */
  readonly origin: string
  /** The name of its key: `ledger` unless given. */
  readonly signingKey?: string
  readonly notifications?: Notifications
  readonly log?: Log
  /**
   * How often to look for entries whose server died between commit and sequencing (default 2 s; 0 never).
   */
  readonly sweepSeconds?: number
  /** The newest checkpoint known outside the database: a log set back behind it does not open. */
  readonly known?: KnownCheckpoint
  /** Who countersigns this log, and what to do while they do not; nobody unless given. */
  readonly trust?: { readonly policy: TrustPolicy; readonly rules: WitnessRules }
  /** Told when an alarm of the witnesses begins or ends. */
  readonly onAlarm?: () => Promise<void>
}

export type LedgerFault =
  | 'entry-unknown'
  | 'no-opening'
  | 'body-erased'
  | 'entry-lost'
  | 'page-malformed'
  | 'origin-malformed'
  | 'ledger-key-other'
  | 'policy-other-log'
  | 'reveals-stopped'
  | 'link-missing'

export interface Head {
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
  /** The signed note (C2SP tlog-checkpoint) over `size` and `root`. */
  readonly checkpoint: string
  /** When it was signed, milliseconds since 1970 UTC. */
  readonly at: number
}

/** What a stranger needs to check one entry. Texts are the exact bytes that were committed to. */
export interface ProofBundle {
  readonly origin: string
  /** The log's verifier key: `name+hash+base64`. */
  readonly verifierKey: string
  readonly index: number
  /** A C2SP tlog-proof: index, inclusion proof and checkpoint. */
  readonly proof: string
  /** 32 bytes in base64, as are the commitments and salts below. */
  readonly leaf: string
  readonly header: { readonly text: string; readonly salt: string }
  /** Text and salt are null where the body was erased or is not for this reader; its commitment stays. */
  readonly body: { readonly text: string | null; readonly salt: string | null; readonly commitment: string }
}

/** What everybody may know of an entry. Id and header are null where its texts were lost in a restore. */
export interface PublicEntry {
  readonly id: EntryId | null
  readonly index: number
  readonly header: Header | null
  readonly bodyErased: boolean
}

/** What opens one header: anyone can recompute its entry from these and hold it against the public log. */
export interface OpenHeader {
  readonly index: number
  /** The exact text that was committed to. */
  readonly header: string
  /** 32 bytes in base64, as is `body`, the commitment to what stays sealed. */
  readonly salt: string
  readonly body: string
}

export interface Page {
  /** Only entries with a smaller index. */
  readonly before?: number
  /** 1 to 500. */
  readonly limit: number
}

/**
 * The Merkle log of everything that mattered. An entry is *recorded* when it is durable, in the tree, and under
 * a signed checkpoint.
 */
export interface Ledger {
  readonly origin: string
  readonly verifierKey: string
  /** Brings checkpoints to the policy's witnesses once it is started, and knows what they said. */
  readonly witnessing: Witnessing
  /**
   * Writes the entry in the transaction of the change it tells of (promise 2); `sequence` it after the commit.
   * @throws CodedError `reveals-stopped` for an entry that would open something while the witnesses' word forbids it.
   */
  append(trx: Trx, draft: EntryDraft): Promise<EntryId>
  /** Resolves when these entries (all that wait, if none are named) are recorded. Call after COMMIT. */
  sequence(ids?: readonly EntryId[]): Promise<void>
  /**
   * Records an entry that has no other change beside it (a reveal, a disclosure); the fastest way in.
   * @throws CodedError `reveals-stopped` as `append`.
   */
  record(draft: EntryDraft): Promise<EntryId>
  /**
   * As `record`, with a change that is small and waits for nobody: `writer` writes the item, and those of others, in the
   * transaction of the batch. What keeps one item from being written keeps its entry alone from being recorded.
   * @throws CodedError `ledger-unavailable` where either could not be written.
   */
  recordWith<T extends object>(draft: EntryDraft, writer: BesideWriter<T>, item: T): Promise<EntryId>
  /**
   * Sequences the entry and gives its receipt, once, on the server that appended it.
   * @throws CodedError `no-opening` when it opens nothing or its receipt was given, `entry-unknown` when it is not
   *   in the ledger (its transaction was rolled back), `link-missing` when it is no link of the chain it belongs to,
   *   `reveals-stopped` while the witnesses' word forbids it.
   */
  receiptFor(id: EntryId): Promise<Receipt>
  /**
   * Where an entry stands. One whose change was committed a moment ago may still wait for its index: then the sequencer
   * is asked, once, and it has one.
   * @throws CodedError `entry-unknown` for what is in no committed change
   */
  indexOf(id: EntryId): Promise<number>
  /** Where entries stand, in their order. @throws CodedError as `indexOf`, where one of them is unknown */
  indexesOf(ids: readonly EntryId[]): Promise<number[]>
  /** @throws CodedError `entry-unknown`, `entry-lost` where its texts were lost in a restore */
  entry(index: number): Promise<StoredEntry>
  /** Newest first; those whose texts were lost are left out. */
  entries(page: Page): Promise<StoredEntry[]>
  /** Newest first; those that name her pseudonym. */
  entriesAbout(subject: string, page: Page): Promise<StoredEntry[]>
  /** Newest first; those that name this member of staff. */
  entriesBy(actor: string, page: Page): Promise<StoredEntry[]>
  /** Newest first; headers only, no body is opened. */
  headers(page: Page): Promise<PublicEntry[]>
  /** Opens headers for the public report, in order: at most 2,048 from index `from` on; none of a lost entry. */
  openHeaders(from: number, count: number): Promise<OpenHeader[]>
  /**
   * @param options.body whether this reader may have the body's text (default true).
   * @throws CodedError `entry-unknown`, `entry-lost` where its texts were lost in a restore
   */
  proofOf(index: number, options?: { body?: boolean }): Promise<ProofBundle>
  /** The C2SP tlog-proof alone, which a lost entry has too. @throws CodedError `entry-unknown` */
  proofFileOf(index: number): Promise<string>
  /**
   * Erases one body with its salt, in `trx`, and appends the entry (`body-erased`) that says so and on what
   * ground; `sequence` it after the commit.
   * @throws CodedError `entry-unknown`, `entry-lost`, `body-erased` the second time.
   */
  eraseBody(trx: Trx, index: number, because: { actor: string; ground: string }): Promise<EntryId>
  head(): Promise<Head>
  /** Which witnesses this log answers to; `quorum none` where it was told of none. */
  readonly policy: TrustPolicy
  /** The newest checkpoint that satisfies the policy, with its cosignatures; the head where there is none. */
  published(): Promise<PublishedCheckpoint>
  /** The head, with the cosignatures it has so far. */
  newest(): Promise<PublishedCheckpoint>
  /** The 32 byte entries of a bundle, as the public log holds them; `count` from index `from` on. */
  publicEntries(from: number, count: number): Promise<Uint8Array[]>
  /** A tile's first `width` hashes; empty when there is no such tile. */
  tile(level: number, index: number, width: number): Promise<Uint8Array>
  /** Lets the batch under way finish and takes no more. */
  close(): Promise<void>
}

const pressReceipt = claimReceiptPress()
const SIGNING_KEY = 'ledger'
/** So many openings at least, and twice as many at most, are kept for receipts not yet asked for. A reveal asks at once. */
const OPENINGS_KEPT = 10_000

/**
 * Opens the log of `origin`, beginning it when the database has none.
 * @throws CodedError `origin-malformed`; `ledger-key-other` (fatal) when the stored checkpoint is of another
 *   origin or key; `policy-other-log` (fatal) when the policy does not list this log.
 */
export async function createLedger(parties: LedgerParties): Promise<Ledger> {
  const { pool, origin, clock } = parties
  const { sealer } = parties.keys
  const key = parties.keys.signingKey(parties.signingKey ?? SIGNING_KEY)
  requireOrigin(origin)
  const verifierKey = encodeVerifierKey(origin, key.publicKey)
  await beginLog(pool, { origin, key, clock, verifierKey })
  const { known } = parties
  if (known !== undefined) await refuseSetBack(pool, known, verifierKey)
  const onHead = known === undefined ? {} : { onHead: ({ note }: HeadRow) => known.keep(note) }
  const connection = createSequencerConnection(pool)
  const sequencer = new Sequencer({ connection, origin, key, clock, ...onHead })
  const openings = createOpenings(pool, () => requireReveals(witnessing))
  const { policy, rules } = trustOf(parties, verifierKey)
  const random = drawAhead(parties.random)
  // The opening is copied with the text: what the caller does to the draft later widens no receipt.
  const seal = (draft: EntryDraft) => {
    if (draft.opening !== undefined) requireReveals(witnessing)
    return {
      sealed: sealEntry(draft, { sealer, clock, random }),
      opening: draft.opening && copyOpening(draft.opening),
    }
  }
  const { append, record, recordWith } = writesOf({ seal, openings, sequencer })
  const witnessing = await createWitnessing({
    pool,
    clock,
    policy,
    rules,
    record,
    ...(parties.log === undefined ? {} : { log: parties.log }),
    ...(parties.onAlarm === undefined ? {} : { onAlarm: parties.onAlarm }),
    ...(known === undefined ? {} : { onCosigned: (note) => known.keepWitnessed(note) }),
  })
  const stopSweep = startSweep(pool, sequencer, parties)
  return {
    origin,
    verifierKey,
    witnessing,
    policy,
    append,
    sequence: () => sequencer.drain(),
    record,
    recordWith,
    receiptFor: (id) => openings.receiptFor(id, () => sequencer.drain()),
    ...readsOf({ pool, sealer, origin, verifierKey, policy, sequence: () => sequencer.drain() }),
    eraseBody: (trx, index, because) => eraseBody(trx, index, because, append),
    async close() {
      await stopSweep()
      await witnessing.close()
      await sequencer.close()
      await known?.settle()
    },
  }
}

/** The three ways in: with a change in its transaction, alone, and with a change in the ledger's own transaction. */
function writesOf(parties: {
  seal: (draft: EntryDraft) => { sealed: SealedEntry; opening: Opening | undefined }
  openings: Openings
  sequencer: Sequencer
}): Pick<Ledger, 'append' | 'record' | 'recordWith'> {
  const { seal, openings, sequencer } = parties
  const record = async (draft: EntryDraft, beside: Beside | null): Promise<EntryId> => {
    const { sealed, opening } = seal(draft)
    const index = await sequencer.submit(sealed, beside)
    openings.keep(sealed, opening, index)
    return sealed.id
  }
  return {
    async append(trx, draft) {
      const { sealed, opening } = seal(draft)
      await insertIntake(trx, [sealed])
      openings.keep(sealed, opening, null)
      return sealed.id
    },
    record: (draft) => record(draft, null),
    recordWith: (draft, writer, item) => record(draft, { writer, item }),
  }
}

function requireOrigin(origin: string): void {
  if (/^[^\s+]{1,200}$/u.test(origin)) return
  const why = 'an origin has no spaces and no plus sign'
  throw new CodedError<LedgerFault>('origin-malformed', why, { fatal: true })
}

async function eraseBody(
  trx: Trx,
  index: number,
  because: { actor: string; ground: string },
  append: (trx: Trx, draft: EntryDraft) => Promise<EntryId>,
): Promise<EntryId> {
  const row = await lockEntry(trx, index)
  if (row === null) throw unknownEntry()
  const chain = await readChainAt(trx, index)
  if (requireTexts(row).bodySealed === null)
    throw new CodedError<LedgerFault>('body-erased', 'this body is already erased')
  await clearBody(trx, index)
  return append(trx, {
    kind: 'body-erased',
    header: { counts: { index } },
    body: { index, ground: because.ground },
    actor: because.actor,
    ...(chain === null ? {} : { erasedFrom: chain }),
  })
}

/** @throws CodedError `policy-other-log` */
function trustOf(
  { trust }: LedgerParties,
  verifierKey: string,
): { policy: TrustPolicy; rules: WitnessRules } {
  if (trust === undefined)
    return { policy: parsePolicy(`log ${verifierKey}\nquorum none\n`), rules: DEFAULT_WITNESS_RULES }
  const { name, id } = parseVerifierKey(verifierKey)
  if (trust.policy.logs.some(({ key }) => key.name === name && key.id === id)) return trust
  throw new CodedError<LedgerFault>(
    'policy-other-log',
    'the policy of this log lists other logs only: write it with `countersign policy`',
    { fatal: true },
  )
}

function requireReveals(witnessing: Witnessing): void {
  if (witnessing.stopsReveals() === null) return
  throw new CodedError<LedgerFault>('reveals-stopped', 'the witnesses of the ledger do not stand behind it')
}

async function beginLog(
  pool: pg.Pool,
  log: { origin: string; key: SigningKey; clock: Clock; verifierKey: string },
): Promise<void> {
  const root = emptyRoot(nodeSha256)
  if ((await readHead(pool)) === null) {
    const note = signCheckpoint({ origin: log.origin, size: 0, root }, log.key)
    await insertFirstHead(pool, { size: 0, root, note, signedAt: log.clock.now() })
  }
  const stored = await requireHead(pool)
  try {
    const signed = verifyCheckpoint(stored.note, parseVerifierKey(log.verifierKey), nodeVerifyEd25519)
    invariant(
      signed.size === stored.size && sameBytes(signed.root, stored.root),
      'the head is what was signed',
    )
  } catch (cause) {
    throw new CodedError<LedgerFault>(
      'ledger-key-other',
      'the stored checkpoint is not signed by this key for this origin: are the data and the keys of one pair?',
      { cause, fatal: true },
    )
  }
}

/** @throws CodedError `ledger-set-back` (fatal), before anything is appended for the second time. */
async function refuseSetBack(pool: pg.Pool, known: KnownCheckpoint, verifierKey: string): Promise<void> {
  for (const note of [known.readWitnessed(), known.read()]) {
    if (note === null) continue
    const setback = await setbackOf(pool, await requireHead(pool), note, parseVerifierKey(verifierKey))
    if (setback !== null) throw setbackError(setback)
  }
}

interface Openings {
  keep(entry: Pick<SealedEntry, 'id' | 'chain'>, opening: Opening | undefined, index: number | null): void
  receiptFor(id: EntryId, sequence: () => Promise<void>): Promise<Receipt>
}

/**
 * Openings wait here for their receipt, in the memory of the server that appended them. A receipt is pressed
 * only for an entry that is in the tree: `record` has been told its index by the sequencer after COMMIT, and for
 * `append` the row is looked up after sequencing. A server that dies loses the receipts, never the entries.
 */
function createOpenings(pool: pg.Pool, requireAllowed: () => void): Openings {
  // Two generations: forgetting the older whole costs nothing, taking the oldest out of one map costs a search.
  let recent = new Map<EntryId, { opening: Opening; chain: ChainKey | null; index: number | null }>()
  let older: typeof recent = new Map()
  return {
    keep({ id, chain }, opening, index) {
      if (opening === undefined) return
      if (recent.size === OPENINGS_KEPT) {
        older = recent
        recent = new Map()
      }
      recent.set(id, { opening, chain, index })
    },
    async receiptFor(id, sequence) {
      const kept = recent.get(id) ?? older.get(id)
      if (kept === undefined)
        throw new CodedError<LedgerFault>('no-opening', 'this entry opens nothing, or its receipt was given')
      if (kept.index === null) {
        await sequence()
        await requireIndex(pool, id)
        if (kept.chain !== null && !(await isLinked(pool, id)))
          throw new CodedError<LedgerFault>('link-missing', 'this entry is no link of its chain')
      }
      // Two may have waited for one entry; the first takes the receipt.
      if (!recent.delete(id) && !older.delete(id))
        throw new CodedError<LedgerFault>('no-opening', 'the receipt of this entry was given')
      // After the waiting: what was allowed when the entry was written may not be any more.
      requireAllowed()
      return pressReceipt(kept.opening)
    },
  }
}

/** @returns stops it, and waits for the one under way. */
function startSweep(pool: pg.Pool, sequencer: Sequencer, parties: LedgerParties): () => Promise<void> {
  const seconds = parties.sweepSeconds ?? 2
  if (seconds === 0) return async () => {}
  let under: Promise<void> = Promise.resolve()
  const sweep = async () => {
    try {
      if (await intakeWaits(pool)) await sequencer.drain()
    } catch (error) {
      parties.log?.warn({ code: error instanceof CodedError ? error.code : 'unknown' }, 'ledger sweep failed')
    }
  }
  const timer = setInterval(() => {
    under = sweep()
  }, seconds * 1000)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await under
  }
}
