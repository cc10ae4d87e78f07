import pg from 'pg'
import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { inSpan } from '../platform/tracing.ts'
import { type Beside, stepsBeside } from './beside.ts'
import { signCheckpoint } from './checkpoint.ts'
import { Edge } from './edge.ts'
import type { SigningKey } from './ledger.ts'
import { hashLeaf, sameBytes } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import type { SealedEntry } from './sealed-entry.ts'
import type { SequencerConnection } from './sequencer-connection.ts'
import {
  beginUnderHeadLock,
  findIndexes,
  type HeadRow,
  type Queryable,
  readTileRow,
  takeIntake,
  type WrittenBatch,
  writeBatch,
} from './store.ts'
import { Chains } from './subjects/chains.ts'
import type { ChainEnd } from './subjects/link.ts'

export type SequencerFault = 'ledger-closed' | 'ledger-unavailable' | 'ledger-corrupt'

export interface SequencerParties {
  readonly connection: SequencerConnection
  readonly origin: string
  readonly key: SigningKey
  readonly clock: Clock
  /** Told after each durable batch. */
  readonly onHead?: (head: HeadRow) => void
}

/** At most so many entries in one transaction; more wait for the next. */
const MAX_BATCH = 2_000
/** So few are not worth a batch of their own while their callers' turn of the event loop lasts. */
const MIN_EARLY_BATCH = 8
/** So long the first of a half waits for the others: a batch costs as much as many entries. */
const GATHER_MS = 1
/** A batch whose fate is unknown is looked up and, if it is not there, tried once more. */
const ATTEMPTS = 2

interface Waiting {
  readonly entry: SealedEntry
  readonly beside: Beside | null
  /** What it writes beside may be why its batch failed: it has the next one to itself. */
  readonly alone: boolean
  readonly resolve: (index: number) => void
  readonly reject: (error: unknown) => void
}

interface Drain {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Who is served by one transaction. */
interface Batch {
  readonly own: readonly Waiting[]
  readonly drains: readonly Drain[]
}

/**
 * Puts what waits into the tree, a batch at a time. Callers who all wait for one batch come back all at once, and then
 * the database would be idle while they seal and they while it writes. So those who are under way are kept in two
 * halves: while the batch of one half is written, that of the other is built on what the first will leave, and stands
 * behind it on the connection, so that the database finds it there when it is done.
 *
 * Why an index is given once, and why an answer is true. A batch is one transaction, on any server, that
 * updates the one head row, and writes nothing unless that row still says the size and root it begins from. So
 * batches follow each other, each from what the last one committed; one that was built on another that failed writes
 * nothing. Entries, tiles, head and signed checkpoint commit together or not at all, and nobody is answered before the
 * commit has returned. Usually this server wrote the last batch too and knows its edge: then the batch goes out in one
 * piece. Else (another server appended, the intake is wanted, or a fate is unknown) it waits for the batch before
 * it, and the head is locked first and read anew. When the connection is lost before the answer, the transaction may or
 * may not have committed; but once the lock can be had again that is decided, so the batch is looked up by its ids under
 * the lock before anything is written again. A signature over a head that did not commit never leaves this class.
 * Where the database refuses a batch and somebody writes something beside their entry, that may be why: the batch is
 * parted, and each of those goes alone.
 */
export class Sequencer {
  readonly #parties: SequencerParties
  #waiting: Waiting[] = []
  #drains: Drain[] = []
  /** Batches that are not settled, in order: one with the database, and one behind it. */
  readonly #underWay: Batch[] = []
  /** Whether the last of them was sent in one piece: only then may another stand behind it. */
  #isSent = false
  /** Resolves when the last of them is settled. */
  #settled: Promise<void> = Promise.resolve()
  /** Whether a batch is to begin in this turn of the event loop, once everybody has spoken. */
  #beginning = false
  #gathering = false
  /** Half of those who were under way when the last batch ended. */
  #half = 1
  /** The tree after the last batch that was sent; null while one is built, and when it is to be read anew. */
  #edge: Edge | null = null
  readonly #chains = new Chains()
  /** Another server appended since our last batch: then a batch asks where the head is, and does not try. */
  #othersAppend = false
  /** Grows whenever what is in memory was found wrong. */
  #trust = 0
  #closed = false

  constructor(parties: SequencerParties) {
    this.#parties = parties
  }

  /** Resolves with the entry's index when it is durable under a signed checkpoint, and what is `beside` it written. */
  submit(entry: SealedEntry, beside: Beside | null = null): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed())
      this.#waiting.push({ entry, beside, alone: false, resolve, reject })
      this.#start()
    })
  }

  /** Resolves when everything that was committed to the intake before this call is in the tree. */
  drain(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed())
      this.#drains.push({ resolve, reject })
      this.#start()
    })
  }

  /** Finishes what waits; takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#underWay.length > 0 || this.#waits()) {
      if (this.#underWay.length === 0) this.#begin()
      await this.#settled
    }
    await this.#parties.connection.close()
  }

  #start(): void {
    const isHalf = this.#waiting.length >= Math.max(MIN_EARLY_BATCH, this.#half)
    if (this.#underWay.length > 0) {
      if (isHalf && this.#underWay.length === 1 && this.#isSent && this.#drains.length === 0) this.#begin()
    } else if (isHalf) this.#begin()
    // Callers of one turn of the event loop share a batch; those who come over the network come a few to a turn.
    else if (this.#drains.length > 0 || this.#waiting.length >= this.#half) this.#beginBy(setImmediate)
    else this.#gather()
  }

  /** Begins a little later, when as many may have come as the last batches had in their half. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    setTimeout(() => {
      this.#gathering = false
      this.#beginBy(setImmediate)
    }, GATHER_MS)
  }

  /** Begins with what waits then, unless it was begun before. */
  #beginBy(later: (begin: () => void) => void): void {
    if (this.#beginning) return
    this.#beginning = true
    later(() => {
      this.#beginning = false
      if (this.#underWay.length === 0 && this.#waits()) this.#begin()
    })
  }

  #waits(): boolean {
    return this.#waiting.length > 0 || this.#drains.length > 0
  }

  #begin(): void {
    const batch = { own: this.#takeOwn(), drains: this.#drains }
    this.#drains = []
    this.#isSent = false
    this.#underWay.push(batch)
    this.#settled = this.#settle(batch, this.#settled)
  }

  #takeOwn(): Waiting[] {
    // Nor is a drain to fail with it.
    if (this.#waiting[0]?.alone) return this.#drains.length > 0 ? [] : this.#waiting.splice(0, 1)
    const alone = this.#waiting.findIndex((waiting) => waiting.alone)
    return this.#waiting.splice(0, alone === -1 ? MAX_BATCH : Math.min(alone, MAX_BATCH))
  }

  /** Commits a batch and answers those who wait for it; `before` is when the one before it is settled. */
  async #settle(batch: Batch, before: Promise<void>): Promise<void> {
    const { own, drains } = batch
    const answer = await inSpan('ledger batch', { 'countersign.entries': own.length }, () =>
      this.#commitSurely(batch, before),
    ).then(
      (done) => () => {
        own.forEach(({ resolve }, i) => {
          resolve(done.indexes[i]!)
        })
        if (done.intakeEmpty) for (const { resolve } of drains) resolve()
        else this.#drains.unshift(...drains)
      },
      (error: unknown) => () => {
        if (error instanceof CodedError && isRefused(error.cause) && mayPart(batch)) this.#part(batch)
        else for (const { reject } of [...own, ...drains]) reject(error)
      },
    )
    await before
    this.#underWay.shift()
    const behind = this.#underWay[0]?.own.length ?? 0
    this.#half = Math.ceil((own.length + behind + this.#waiting.length) / 2)
    answer()
    // Those who were answered come back in this turn; the few who waited already do not wait longer than that.
    if (this.#underWay.length === 0 && this.#waits()) this.#beginBy(setImmediate)
  }

  /** The database refused this batch, perhaps for what one of it writes beside: the others are not to fail with that one. */
  #part({ own, drains }: Batch): void {
    const plain = own.filter(({ beside }) => beside === null)
    const alone = own.filter(({ beside }) => beside !== null).map((waiting) => ({ ...waiting, alone: true }))
    this.#waiting.unshift(...plain, ...alone)
    this.#drains.unshift(...drains)
  }

  async #commitSurely(batch: Batch, before: Promise<void>): Promise<Committed> {
    const { own, drains } = batch
    const withIntake = drains.length > 0
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#parties.connection.use(async (client) => {
          const quick = withIntake || attempt > 1 ? null : await this.#commitFromEdge(client, own)
          if (quick !== null) return quick
          await before
          return this.#commit(client, own, withIntake, attempt > 1)
        })
      } catch (cause) {
        this.#distrust()
        if (cause instanceof CodedError) throw cause
        if (attempt === ATTEMPTS || (isRefused(cause) && mayPart(batch)))
          throw new CodedError<SequencerFault>('ledger-unavailable', 'the ledger could not be written', {
            cause,
          })
        await before
      }
    }
  }

  async #commit(
    client: Queryable,
    own: readonly Waiting[],
    withIntake: boolean,
    inDoubt: boolean,
  ): Promise<Committed> {
    const stored = await beginUnderHeadLock(client)
    if (inDoubt && own.length > 0) {
      const ids = own.map(({ entry }) => entry.id)
      const found = await findIndexes(client, ids)
      if (found.size === own.length) {
        await client.query('ROLLBACK')
        return { indexes: ids.map((id) => found.get(id)!), intakeEmpty: false }
      }
    }
    const taken = withIntake ? await takeIntake(client, MAX_BATCH) : []
    const entries = [...taken, ...own.map(({ entry }) => entry)]
    const intakeEmpty = withIntake && taken.length < MAX_BATCH
    if (entries.length === 0) {
      await client.query('ROLLBACK')
      return { indexes: [], intakeEmpty }
    }
    const edge = await this.#edgeAt(client, stored)
    const built = this.#build(edge, entries, await this.#chains.endsOf(client, entries), own)
    if (!(await writeBatch(client, built))) throw corrupt()
    await client.query('COMMIT')
    this.#edge = edge
    this.#parties.onHead?.(built.head)
    return { indexes: indexesFrom(stored.size + taken.length, own), intakeEmpty }
  }

  /** In one piece, from the edge in memory; null when it is not the head's any more. */
  async #commitFromEdge(client: Queryable, own: readonly Waiting[]): Promise<Committed | null> {
    const edge = this.#edge
    if (edge === null) return null
    this.#edge = null
    const entries = own.map(({ entry }) => entry)
    const epoch = this.#trust
    const ends = await this.#chains.endsOf(client, entries)
    // The batch that this one was to stand on has failed meanwhile.
    if (epoch !== this.#trust) return null
    const built = this.#build(edge, entries, ends, own)
    const writing = writeBatch(client, built)
    // From here on the next batch may be built on this one, though the database has not answered.
    this.#edge = edge
    this.#isSent = true
    this.#start()
    if (!(await writing)) {
      this.#distrust()
      this.#othersAppend = true
      return null
    }
    this.#parties.onHead?.(built.head)
    return { indexes: indexesFrom(built.firstIndex, own), intakeEmpty: false }
  }

  /** What is in memory may not be what is stored: it is read anew. */
  #distrust(): void {
    this.#edge = null
    this.#isSent = false
    this.#chains.forget()
    this.#trust += 1
  }

  /** All of it in one turn, so that nothing comes between what is remembered of a batch and its statement. */
  #build(
    edge: Edge,
    entries: readonly SealedEntry[],
    ends: Map<string, ChainEnd>,
    own: readonly Waiting[],
  ): WrittenBatch {
    const { origin, key, clock } = this.#parties
    const firstIndex = edge.size
    const firstRoot = edge.root()
    const links = this.#chains.extend(ends, entries, firstIndex)
    for (const entry of entries) edge.add(hashLeaf(entry.entry, nodeSha256))
    const root = edge.root()
    const note = signCheckpoint({ origin, size: edge.size, root }, key)
    const head = { size: edge.size, root, note, signedAt: clock.now() }
    return { firstIndex, firstRoot, entries, tiles: edge.takeWrites(), links, head, beside: stepsBeside(own) }
  }

  /** The edge in memory when nobody else appended; else what the tiles hold, which must give the stored root. */
  async #edgeAt(client: Queryable, stored: HeadRow): Promise<Edge> {
    const kept = this.#edge
    this.#edge = null
    if (kept !== null) {
      this.#othersAppend = kept.size !== stored.size || !sameBytes(kept.root(), stored.root)
      if (!this.#othersAppend) return kept
    }
    this.#distrust()
    const edge = await Edge.load(
      stored.size,
      (level, index, width) => readTileRow(client, level, index, width),
      nodeSha256,
    )
    if (!sameBytes(edge.root(), stored.root)) throw corrupt()
    return edge
  }
}

interface Committed {
  /** Of the batch's own entries, in their order. */
  readonly indexes: readonly number[]
  readonly intakeEmpty: boolean
}

function indexesFrom(first: number, own: readonly Waiting[]): number[] {
  return own.map((_, i) => first + i)
}

/** Whether the database was there and would not write it; one that ends its connections may have written. */
function isRefused(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && cause.code?.startsWith('57P') !== true
}

function mayPart({ own, drains }: Batch): boolean {
  return own.length + drains.length > 1 && own.some(({ beside }) => beside !== null)
}

function corrupt(): CodedError<SequencerFault> {
  return new CodedError(
    'ledger-corrupt',
    'the tiles do not give the root of the head: run `countersign verify` before anything is appended',
    { fatal: true },
  )
}

function closed(): CodedError<SequencerFault> {
  return new CodedError('ledger-closed', 'the ledger takes no more entries')
}
