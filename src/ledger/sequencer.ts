import type { Clock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { inSpan } from '../platform/tracing.ts'
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
  writeBatch,
} from './store.ts'
import { Chains } from './subjects/chains.ts'

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
 * Why an index is given once, and why an answer is true. A batch is one transaction, on any server, that
 * updates the one head row, and writes nothing unless that row still says the size and root it begins from. So
 * batches follow each other, each from what the last one committed. Entries, tiles, head and signed
 * checkpoint commit together or not at all, and nobody is answered before the commit has returned. Usually this
 * server wrote the last batch too and knows its edge: then the batch is a single statement. Else (another server
 * appended, the intake is wanted, or a fate is unknown) the head is locked first and read anew. When the
 * connection is lost before the answer, the transaction may or may not have committed; but once the lock can be
 * had again that is decided, so the batch is looked up by its ids under the lock before anything is written
 * again. A signature over a head that did not commit never leaves this class.
 */
export class Sequencer {
  readonly #parties: SequencerParties
  #waiting: Waiting[] = []
  #drains: Drain[] = []
  #running: Promise<void> | null = null
  #edge: Edge | null = null
  readonly #chains = new Chains()
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
      const done = await inSpan('ledger batch', { 'countersign.entries': batch.length }, () =>
        this.#commitSurely(batch, drains.length > 0),
      )
      batch.forEach(({ resolve }, i) => {
        resolve(done.indexes[i]!)
      })
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
    if (!withIntake && !inDoubt) {
      const quick = await this.#commitFromEdge(client, own)
      if (quick !== null) return quick
    }
    const stored = await beginUnderHeadLock(client)
    if (inDoubt && own.length > 0) {
      const ids = own.map((e) => e.id)
      const found = await findIndexes(client, ids)
      if (found.size === own.length) {
        await client.query('ROLLBACK')
        return { indexes: ids.map((id) => found.get(id)!), intakeEmpty: false }
      }
    }
    const taken = withIntake ? await takeIntake(client, MAX_BATCH) : []
    const entries = [...taken, ...own]
    const intakeEmpty = withIntake && taken.length < MAX_BATCH
    if (entries.length === 0) {
      await client.query('ROLLBACK')
      return { indexes: [], intakeEmpty }
    }
    const edge = await this.#edgeAt(client, stored)
    const head = await this.#write(client, edge, entries)
    if (head === null) throw corrupt()
    await client.query('COMMIT')
    this.#keep(edge, head)
    return { indexes: indexesFrom(stored.size + taken.length, own), intakeEmpty }
  }

  /** The single statement, from the edge in memory; null when it is not the head's any more. */
  async #commitFromEdge(client: Queryable, entries: readonly SealedEntry[]): Promise<Committed | null> {
    const edge = this.#edge
    if (edge === null) return null
    // While the statement is under way, the edge is ahead of the database.
    this.#edge = null
    const first = edge.size
    const head = await this.#write(client, edge, entries)
    if (head === null) return null
    this.#keep(edge, head)
    return { indexes: indexesFrom(first, entries), intakeEmpty: false }
  }

  #keep(edge: Edge, head: HeadRow): void {
    this.#edge = edge
    this.#chains.keep()
    this.#parties.onHead?.(head)
  }

  async #write(client: Queryable, edge: Edge, entries: readonly SealedEntry[]): Promise<HeadRow | null> {
    const { origin, key, clock } = this.#parties
    const firstIndex = edge.size
    const firstRoot = edge.root()
    const links = await this.#chains.linksOf(client, entries, firstIndex)
    for (const entry of entries) edge.add(hashLeaf(entry.entry, nodeSha256))
    const root = edge.root()
    const note = signCheckpoint({ origin, size: edge.size, root }, key)
    const head = { size: edge.size, root, note, signedAt: clock.now() }
    const written = await writeBatch(client, {
      firstIndex,
      firstRoot,
      entries,
      tiles: edge.takeWrites(),
      links,
      head,
    })
    return written ? head : null
  }

  /** The edge in memory when nobody else appended; else what the tiles hold, which must give the stored root. */
  async #edgeAt(client: Queryable, stored: HeadRow): Promise<Edge> {
    const kept = this.#edge
    this.#edge = null
    if (kept !== null && kept.size === stored.size && sameBytes(kept.root(), stored.root)) return kept
    this.#chains.forget()
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

function indexesFrom(first: number, entries: readonly SealedEntry[]): number[] {
  return entries.map((_, i) => first + i)
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
