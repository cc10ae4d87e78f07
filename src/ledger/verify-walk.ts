import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { parseHeader } from './commitment.ts'
import { Edge, type TileWrite } from './edge.ts'
import type { Header } from './entry.ts'
import { HASH_BYTES, hashLeaf, sameBytes } from './merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from './node-crypto.ts'
import { parseNote, type VerifierKey } from './note.ts'
import { entryOf, isLost, type LogRow, openBody } from './sealed-entry.ts'
import { type HeadRow, type Queryable, readCheckpoints, readTileRow } from './store.ts'
import { hashInTile, TILE_WIDTH } from './tiles.ts'

/** Something that is not as it was signed; `at` is the index of the first wrong entry, where one can be named. */
export interface Finding {
  readonly at?: number
  readonly why: string
}

export interface WalkParties {
  readonly client: Queryable
  readonly key: VerifierKey
  readonly head: HeadRow
  readonly kept: Checkpoint | null
  readonly sealer: Sealer | null
}

/** Entries whose texts an entry says were lost in a restore: from `from` to before `until`, at most `count` of them. */
export interface AcknowledgedLoss {
  /** The index of the entry that says so; -1 while it waits for it. */
  readonly by: number
  readonly from: number
  readonly until: number
  readonly count: number
}

/** Signatures of old checkpoints are checked this many entries apart; their roots always. */
const SIGNATURE_EVERY = 256
const CHECKPOINTS_AT_ONCE = 1_000
/** Headers kept parsed. */
const MOST_HEADERS = 1_000

/** One pass over a log's entries in order, from the first. */
export class Walk {
  readonly #parties: WalkParties
  readonly #edge = new Edge(nodeSha256)
  #leafTiles: ReadonlyMap<number, Uint8Array> = new Map()
  /** Headers read before, by their text: most are like another's. */
  readonly #headers = new Map<string, Header>()
  #checkpoints: { size: number; note: string }[] = []
  #checkpointsEnded = false
  /** How many entries are surely those of a checkpoint that fits. */
  #sure = 0
  #signatureCheckedAt = 0
  readonly #erased: number[] = []
  readonly #erasures = new Set<number>()
  readonly #lost: number[] = []
  readonly #losses: AcknowledgedLoss[] = []

  constructor(parties: WalkParties) {
    this.#parties = parties
  }

  /** How many entries have been walked. */
  get size(): number {
    return this.#edge.size
  }

  /** Takes the next rows, with the leaf tiles above them; says what is wrong with them, or with the log up to them. */
  async take(rows: readonly LogRow[], leafTiles: ReadonlyMap<number, Uint8Array>): Promise<Finding | null> {
    this.#leafTiles = leafTiles
    for (const row of rows) {
      const fault = this.#faultOfRow(row)
      if (fault !== null) return fault
      if (this.#edge.size % TILE_WIDTH === 0) {
        const tileFault = await this.#faultOfTiles(this.#edge.takeWrites())
        if (tileFault !== null) return tileFault
      }
      if (this.#checkpoints.length === 0 && !this.#checkpointsEnded) await this.#readCheckpoints()
      const checkpointFault = this.#faultOfCheckpoints()
      if (checkpointFault !== null) return checkpointFault
    }
    return null
  }

  #faultOfRow(row: LogRow): Finding | null {
    const at = this.#edge.size
    if (row.index !== at) return { at, why: `Entry ${at} is missing.` }
    const entry = entryOf(row)
    const textFault = this.#faultOfTexts(row, entry)
    if (textFault !== null) return textFault
    const leaf = hashLeaf(entry, nodeSha256)
    const tileFault = this.#faultOfLeaf(at, leaf)
    if (tileFault !== null) return tileFault
    this.#edge.add(leaf)
    return null
  }

  /** After the last row: the partial tiles and the signed root. */
  async finish(): Promise<Finding | null> {
    const fault = await this.#faultOfTiles(this.#edge.takeWrites())
    if (fault !== null) return fault
    return sameBytes(this.#edge.root(), this.#parties.head.root) ? null : this.#rewritten(this.#edge.size)
  }

  /** A body may be gone only where an entry says so; `pending` are such entries still waiting for their index. */
  faultOfErasures(pending: ReadonlySet<number>): Finding | null {
    const at = this.#erased.find((index) => !this.#erasures.has(index) && !pending.has(index))
    return at === undefined
      ? null
      : { at, why: `The body of entry ${at} is gone, and no entry says who erased it.` }
  }

  /** Texts may be gone only where an entry says in which restore; `pending` are such entries still waiting. */
  faultOfLosses(pending: readonly AcknowledgedLoss[]): Finding | null {
    this.#losses.push(...pending)
    const at = this.#lost.find((index) => !this.#losses.some((loss) => covers(loss, index)))
    if (at !== undefined)
      return { at, why: `The texts of entry ${at} are gone, and no entry says that a restore lost them.` }
    const over = this.#losses.find((loss) => this.#countIn(loss) > loss.count)
    return over === undefined
      ? null
      : {
          at: over.from,
          why: `Of the entries from ${over.from} to ${over.until - 1} more have lost their texts than the restore lost.`,
        }
  }

  /** What was lost and is answered for, in words; nothing where all texts are there. */
  describeLosses(): string[] {
    return this.#losses
      .filter((loss) => this.#countIn(loss) > 0)
      .map((loss) => {
        const by = loss.by < 0 ? 'an entry that waits for its number' : `entry ${loss.by}`
        const count = this.#countIn(loss)
        return `${count} ${count === 1 ? 'entry’s' : 'entries’'} texts were lost in a restore acknowledged by ${by}.`
      })
  }

  #countIn(loss: AcknowledgedLoss): number {
    return this.#lost.filter((index) => covers(loss, index)).length
  }

  #faultOfTexts(row: LogRow, entry: Uint8Array): Finding | null {
    if (isLost(row)) {
      this.#lost.push(row.index)
      return null
    }
    try {
      const header = this.#headerOf(row.header)
      const loss = acknowledgedLoss(header, row.index)
      if (loss !== null) this.#losses.push(loss)
      const erases = header.kind === 'body-erased' ? header.counts?.index : undefined
      if (erases !== undefined) this.#erasures.add(erases)
      if (row.bodySealed === null) this.#erased.push(row.index)
      else if (this.#parties.sealer !== null) openBody(row, this.#parties.sealer, { header, entry })
      return null
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      return { at: row.index, why: `The text of entry ${row.index} was changed (${error.code}).` }
    }
  }

  #headerOf(text: string): Header {
    const known = this.#headers.get(text)
    if (known !== undefined) return known
    const header = parseHeader(text)
    if (this.#headers.size === MOST_HEADERS) this.#headers.clear()
    this.#headers.set(text, header)
    return header
  }

  #faultOfLeaf(at: number, leaf: Uint8Array): Finding | null {
    const position = at % TILE_WIDTH
    const index = Math.floor(at / TILE_WIDTH)
    const tile = this.#leafTiles.get(index)
    if (tile === undefined || tile.length < (position + 1) * HASH_BYTES)
      return { at, why: `Tile 0/${index} ends before entry ${at}.` }
    return sameBytes(hashInTile(tile, position), leaf)
      ? null
      : { at, why: `Entry ${at} is not the one in the tree.` }
  }

  async #faultOfTiles(tiles: readonly TileWrite[]): Promise<Finding | null> {
    for (const { level, index, bytes } of tiles) {
      // Each hash of a leaf tile was compared when its row was.
      if (level === 0) continue
      const width = bytes.length / HASH_BYTES
      const stored = await readTileRow(this.#parties.client, level, index, width)
      for (let i = 0; i < width; i += 1) {
        if (stored.length >= (i + 1) * HASH_BYTES && sameBytes(hashInTile(stored, i), hashInTile(bytes, i)))
          continue
        const at = (index * TILE_WIDTH + i) * TILE_WIDTH ** level
        return { at, why: `Tile ${level}/${index} is not that of the entries from ${at} on.` }
      }
    }
    return null
  }

  async #readCheckpoints(): Promise<void> {
    const { client } = this.#parties
    this.#checkpoints = await readCheckpoints(client, this.#edge.size - 1, CHECKPOINTS_AT_ONCE)
    this.#checkpointsEnded = this.#checkpoints.length === 0
  }

  #faultOfCheckpoints(): Finding | null {
    const { size } = this.#edge
    const { kept, key } = this.#parties
    if (kept !== null && kept.size === size && !sameBytes(kept.root, this.#edge.root()))
      return { why: `The first ${size} entries are not those of the kept checkpoint.` }
    const next = this.#checkpoints[0]
    if (next === undefined || next.size !== size) return null
    this.#checkpoints.shift()
    try {
      const root = parseCheckpoint(parseNote(next.note).text).root
      const fits = sameBytes(root, this.#edge.root())
      if (!fits || size - this.#signatureCheckedAt >= SIGNATURE_EVERY) {
        verifyCheckpoint(next.note, key, nodeVerifyEd25519)
        this.#signatureCheckedAt = size
      }
      if (!fits) return this.#rewritten(size)
      this.#sure = size
      return null
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      return { at: this.#sure, why: `The checkpoint stored for ${size} entries is not one this log signed.` }
    }
  }

  #rewritten(size: number): Finding {
    const at = this.#sure
    return {
      at,
      why: `Entries and tiles were rewritten together: those from ${at} to ${size - 1} are not what was signed.`,
    }
  }
}

function covers({ from, until }: AcknowledgedLoss, index: number): boolean {
  return index >= from && index < until
}

/** What a header says was lost; null for every other kind of entry. */
export function acknowledgedLoss({ kind, counts }: Header, by: number): AcknowledgedLoss | null {
  if (kind !== 'restore-acknowledged' || counts === undefined) return null
  const { size: from, until, lost: count } = counts
  return from === undefined || until === undefined || count === undefined ? null : { by, from, until, count }
}
