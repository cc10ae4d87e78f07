import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { signCheckpoint } from './checkpoint.ts'
import { Edge } from './edge.ts'
import type { EntryId } from './entry.ts'
import type { SigningKey } from './ledger.ts'
import { hashLeaf, sameBytes } from './merkle.ts'
import { nodeSha256 } from './node-crypto.ts'
import { entryOf, type SealedEntry } from './sealed-entry.ts'
import type { SequencerConnection } from './sequencer-connection.ts'
import {
  beginUnderHeadLock,
  findIndexes,
  type HeadRow,
  type Queryable,
  readTileRow,
  takeIntake,
  writeBatch,
} from './store.ts'

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
/** A batch whose fate is unknown is looked up and, if it is not there, tried once more. */
const ATTEMPTS = 2

interface Waiting {
  readonly entry: SealedEntry
  readonly resolve: (index: number) => void
  readonly reject: (error: unknown) => void
}

interface Drain {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Puts what waits into the tree, a batch at a time: while one commits, the next gathers.
 *
 * Why an index is given once, and why an answer is true. Every batch, on any server, is one transaction that
 * first locks the one head row, so batches follow each other, each from the size and the tiles that the last
 * one committed. Entries, tiles, head and signed checkpoint commit together or not at all, and nobody is
 * answered before COMMIT has returned. When the connection is lost in between, the transaction may or may not
 * have committed; but as soon as the lock can be had again it is decided, so the batch is looked up by its ids
 * under the lock before anything is written again. A signature over a head that did not commit never leaves
 * this function.
 */
export class Sequencer {
  readonly #parties: SequencerParties
  #waiting: Waiting[] = []
  #drains: Drain[] = []
  #running: Promise<void> | null = null
  #edge: Edge | null = null
  #closed = false

  constructor(parties: SequencerParties) {
    this.#parties = parties
  }

  /** Resolves with the entry's index when it is durable under a signed checkpoint. */
  submit(entry: SealedEntry): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed())
      this.#waiting.push({ entry, resolve, reject })
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
    await this.#running
    await this.#parties.connection.close()
  }

  #start(): void {
    // A microtask later, so that callers of one turn of the event loop share a batch.
    this.#running ??= Promise.resolve().then(() => this.#run())
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 || this.#drains.length > 0) await this.#runBatch()
    // In the same turn as the check above, so that what comes next starts a run of its own.
    this.#running = null
  }

  async #runBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH)
    const drains = this.#drains
    this.#drains = []
    try {
      const done = await this.#commitSurely(batch, drains.length > 0)
      for (const { resolve, entry } of batch) resolve(done.indexes.get(entry.id)!)
      if (done.intakeEmpty) for (const { resolve } of drains) resolve()
      else this.#drains.unshift(...drains)
    } catch (error) {
      for (const { reject } of [...batch, ...drains]) reject(error)
    }
  }

  async #commitSurely(batch: readonly Waiting[], withIntake: boolean): Promise<Committed> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#parties.connection.use((client) =>
          this.#commit(
            client,
            batch.map((w) => w.entry),
            withIntake,
            attempt > 1,
          ),
        )
      } catch (cause) {
        this.#edge = null
        if (cause instanceof CodedError) throw cause
        if (attempt === ATTEMPTS)
          throw new CodedError<SequencerFault>('ledger-unavailable', 'the ledger could not be written', {
            cause,
          })
      }
    }
  }

  async #commit(
    client: Queryable,
    own: readonly SealedEntry[],
    withIntake: boolean,
    inDoubt: boolean,
  ): Promise<Committed> {
    const stored = await beginUnderHeadLock(client)
    if (inDoubt && own.length > 0) {
      const indexes = await findIndexes(
        client,
        own.map((e) => e.id),
      )
      if (indexes.size === own.length) {
        await client.query('ROLLBACK')
        return { indexes, intakeEmpty: false }
      }
    }
    const taken = withIntake ? await takeIntake(client, MAX_BATCH) : []
    const entries = [...taken, ...own]
    const intakeEmpty = withIntake && taken.length < MAX_BATCH
    if (entries.length === 0) {
      await client.query('ROLLBACK')
      return { indexes: new Map(), intakeEmpty }
    }
    const head = await this.#write(client, stored, entries)
    await client.query('COMMIT')
    this.#parties.onHead?.(head)
    return { indexes: new Map(entries.map((e, i) => [e.id, stored.size + i])), intakeEmpty }
  }

  async #write(client: Queryable, stored: HeadRow, entries: readonly SealedEntry[]): Promise<HeadRow> {
    const edge = await this.#edgeOf(client, stored)
    // Until COMMIT returns, the edge in memory is ahead of the database.
    this.#edge = null
    for (const entry of entries) edge.add(hashLeaf(entryOf(entry), nodeSha256))
    const { origin, key, clock } = this.#parties
    const root = edge.root()
    const note = signCheckpoint({ origin, size: edge.size, root }, key)
    const head = { size: edge.size, root, note, signedAt: clock.now() }
    await writeBatch(client, { firstIndex: stored.size, entries, tiles: edge.takeWrites(), head })
    this.#edge = edge
    return head
  }

  /** The edge in memory when nobody else appended; else from the tiles, which must give the stored root. */
  async #edgeOf(client: Queryable, stored: HeadRow): Promise<Edge> {
    if (this.#edge !== null && this.#edge.size === stored.size && sameBytes(this.#edge.root(), stored.root))
      return this.#edge
    const edge = await Edge.load(
      stored.size,
      (level, index, width) => readTileRow(client, level, index, width),
      nodeSha256,
    )
    if (!sameBytes(edge.root(), stored.root))
      throw new CodedError<SequencerFault>(
        'ledger-corrupt',
        'the tiles do not give the root of the head: run `countersign verify` before anything is appended',
        { fatal: true },
      )
    return edge
  }
}

interface Committed {
  readonly indexes: ReadonlyMap<EntryId, number>
  readonly intakeEmpty: boolean
}

function closed(): CodedError<SequencerFault> {
  return new CodedError('ledger-closed', 'the ledger takes no more entries')
}
