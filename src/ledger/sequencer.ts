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
/** So few are not worth a batch of their own while their callers' turn of the event loop lasts. */
const MIN_EARLY_BATCH = 8
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

/** Who is served by one transaction. */
interface Batch {
  readonly own: readonly Waiting[]
  readonly drains: readonly Drain[]
}

/**
 * Puts what waits into the tree, a batch at a time: while one commits, the next gathers. Callers who all wait for one
 * batch come back all at once, and then the database would be idle while they seal and they while it writes. So a batch
 * does not wait for the last of them: it begins with half of those who were under way, and when it is done the other
 * half is on its way to the database before the first are answered.
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
  /** Whether a batch is to begin in this turn of the event loop, once everybody has spoken. */
  #beginning = false
  /** Half of those who were under way when the last batch ended. */
  #half = 1
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
    if (this.#running !== null) return
    if (this.#waiting.length >= Math.max(MIN_EARLY_BATCH, this.#half)) {
      this.#begin()
      return
    }
    if (this.#beginning) return
    this.#beginning = true
    // A microtask later, so that callers of one turn of the event loop share a batch.
    queueMicrotask(() => {
      this.#beginning = false
      if (this.#running === null && this.#waits()) this.#begin()
    })
  }

  #begin(): void {
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    let batch = this.#take()
    while (batch !== null) {
      const answer = await this.#settle(batch)
      this.#half = Math.ceil((batch.own.length + this.#waiting.length) / 2)
      batch = this.#take()
      // All that stands between the next batch and its statement are microtasks: it is sent before these are answered.
      if (batch === null) answer()
      else setImmediate(answer)
    }
    // In the same turn as the check above, so that what comes next starts a run of its own.
    this.#running = null
  }

  #waits(): boolean {
    return this.#waiting.length > 0 || this.#drains.length > 0
  }

  /** What waits, for one batch; null when nothing does. */
  #take(): Batch | null {
    if (!this.#waits()) return null
    const batch = { own: this.#waiting.splice(0, MAX_BATCH), drains: this.#drains }
    this.#drains = []
    return batch
  }

  /** Commits a batch. @returns what answers those who wait for it. */
  async #settle({ own, drains }: Batch): Promise<() => void> {
    try {
      const done = await inSpan('ledger batch', { 'countersign.entries': own.length }, () =>
        this.#commitSurely(own, drains.length > 0),
      )
      if (!done.intakeEmpty) this.#drains.unshift(...drains)
      return () => {
        own.forEach(({ resolve }, i) => {
          resolve(done.indexes[i]!)
        })
        if (done.intakeEmpty) for (const { resolve } of drains) resolve()
      }
    } catch (error) {
      return () => {
        for (const { reject } of [...own, ...drains]) reject(error)
      }
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
