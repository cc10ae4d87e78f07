import pg from 'pg'
import type { CopyBuffer } from './copy-buffer.ts'

/** A statement that each connection prepares once. */
export interface PreparedText {
  readonly name: string
  readonly text: string
}

/** One statement of a pipeline: with values, as text or as bytes in their binary form, or with the rows of its COPY. */
export interface Step {
  readonly statement: PreparedText
  readonly values?: readonly (string | Buffer | null)[]
  /** Their buffer is given back when the piece is done. */
  readonly rows?: CopyBuffer
}

/** `pg` has these; its types do not, or ask for more. */
interface Wire {
  once(event: 'readyForQuery' | 'end', then: () => void): void
  off(event: 'readyForQuery' | 'end', then: () => void): void
  readonly stream: { cork(): void; uncork(): void; write(bytes: Uint8Array): boolean }
  close(statement: { type: 'S'; name: string }): void
  parse(statement: PreparedText): void
  bind(config: { statement: string; values: readonly (string | Buffer | null)[] }): void
  execute(config: null): void
  sync(): void
}

/** Which statements a connection has prepared, by its pieces that were done. */
const prepared = new WeakMap<object, Set<string>>()

function preparedOn(wire: Wire): Set<string> {
  const known = prepared.get(wire) ?? new Set()
  prepared.set(wire, known)
  return known
}

/**
 * Statements that go to the server in one piece and are answered together. Outside a transaction they are one: the server
 * commits at the end of the piece, and where one fails it skips the rest and nothing is written (PostgreSQL, "Pipelining").
 */
export class Pipeline {
  readonly name: string
  /** Resolves when all of it is done, and committed where it is a transaction of its own. */
  readonly done: Promise<void>
  readonly #steps: readonly Step[]
  #resolve!: () => void
  #reject!: (error: Error) => void
  #connection: Wire | null = null

  constructor(name: string, steps: readonly Step[]) {
    this.name = name
    this.#steps = steps
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Sends it on this connection. @throws pg.DatabaseError of the statement that failed. */
  async runOn(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
    await Promise.all([client.query(this), this.done])
  }

  /** For `pg`, when the connection is free. */
  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire
    this.#connection = wire
    const known = preparedOn(wire)
    wire.stream.cork()
    for (const { statement } of this.#steps) {
      if (known.has(statement.name)) continue
      // One that failed may have been prepared before it did.
      wire.close({ type: 'S', name: statement.name })
      wire.parse(statement)
    }
    for (const { statement, values = [], rows } of this.#steps) {
      wire.bind({ statement: statement.name, values })
      wire.execute(null)
      if (rows !== undefined) wire.stream.write(rows.end())
    }
    wire.sync()
    wire.stream.uncork()
  }

  handleReadyForQuery(): void {
    const known = preparedOn(this.#connection!)
    for (const { statement, rows } of this.#steps) {
      known.add(statement.name)
      rows?.giveBack()
    }
    this.#resolve()
  }

  /** The server skips what is left of the piece and says when it is ready again; a connection that broke says nothing more. */
  handleError(error: Error): void {
    const wire = this.#connection
    if (wire === null || !(error instanceof pg.DatabaseError)) {
      this.#reject(error)
      return
    }
    const fail = (): void => {
      for (const event of ['readyForQuery', 'end'] as const) wire.off(event, fail)
      this.#reject(error)
    }
    for (const event of ['readyForQuery', 'end'] as const) wire.once(event, fail)
  }

  // What comes before the end tells nothing: the rows of a COPY are sent already.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
}
