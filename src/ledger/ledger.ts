import type pg from 'pg'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Trx } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { EntryDraft, EntryId, StoredEntry } from './entry.ts'
import type { Receipt } from './receipt.ts'

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
  readonly notifications?: Notifications
  readonly log?: Log
}

export interface Cosignature {
  readonly witness: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
}

export interface Head {
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
  /** The signed note (C2SP tlog-checkpoint) over `size` and `root`. */
  readonly checkpoint: string
  /** When it was signed, milliseconds since 1970 UTC. */
  readonly at: number
  readonly countersignedBy: readonly Cosignature[]
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
  /** Writes the entry in the transaction of the change it tells of (promise 2); `sequence` it after the commit. */
  append(trx: Trx, draft: EntryDraft): Promise<EntryId>
  /** Resolves when these entries (all that wait, if none are named) are recorded. Call after COMMIT. */
  sequence(ids?: readonly EntryId[]): Promise<void>
  /** Records an entry that has no other change beside it (a reveal, a disclosure); the fastest way in. */
  record(draft: EntryDraft): Promise<EntryId>
  /** Sequences the entry and gives its receipt, once. @throws CodedError `no-opening`, `receipt-issued`, `entry-unknown` */
  receiptFor(id: EntryId): Promise<Receipt>
  /** @throws CodedError `entry-unknown` while it is not recorded. */
  indexOf(id: EntryId): Promise<number>
  /** @throws CodedError `entry-unknown` */
  entry(index: number): Promise<StoredEntry>
  /** Newest first. */
  entries(page: Page): Promise<StoredEntry[]>
  /** Newest first; those that name her pseudonym. */
  entriesAbout(subject: string, page: Page): Promise<StoredEntry[]>
  /** Newest first; those that name this member of staff. */
  entriesBy(actor: string, page: Page): Promise<StoredEntry[]>
  /** @param options.body whether this reader may have the body's text (default true). */
  proofOf(index: number, options?: { body?: boolean }): Promise<ProofBundle>
  /** Erases one body with its salt, in `trx`, and appends the entry that says so and on what ground. */
  eraseBody(trx: Trx, index: number, ground: { actor: string; ground: string }): Promise<EntryId>
  head(): Promise<Head>
  /** Lets the batch under way finish and takes no more. */
  close(): Promise<void>
}
