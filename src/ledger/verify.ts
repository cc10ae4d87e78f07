import type pg from 'pg'
import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts'
import { parseHeader } from './commitment.ts'
import { HASH_BYTES, sameBytes } from './merkle.ts'
import { nodeVerifyEd25519 } from './node-crypto.ts'
import { parseVerifierKey, type VerifierKey } from './note.ts'
import type { LogRow } from './sealed-entry.ts'
import {
  type HeadRow,
  type Queryable,
  readCheckpoints,
  readEntries,
  readEntriesUnopened,
  readHead,
  readIntake,
  readPendingErasures,
  readTileRows,
  readTileSizes,
} from './store.ts'
import { TILE_WIDTH, tileWidth } from './tiles.ts'
import { type AcknowledgedLoss, acknowledgedLoss, type Finding, Walk } from './verify-walk.ts'

export interface VerifyOptions {
  readonly pool: pg.Pool
  /** The log's key as its readers have it: `name+id+base64`. */
  readonly verifierKey: string
  /** With the owner's keys, bodies are opened and held against their commitments too. */
  readonly sealer?: Sealer
  /** A checkpoint note kept elsewhere: finds a log rolled back or forked since. */
  readonly kept?: string
  readonly progress?: (done: number, total: number) => void
}

export interface VerifyResult {
  readonly ok: boolean
  /** Entries that the stored checkpoint covers; 0 when there is none to believe. */
  readonly size: number
  /** Index of the first entry that is not as it was signed; absent when no entry can be named. */
  readonly firstWrong?: number
  /** One sentence for a person. */
  readonly why: string
  /** The stored checkpoint when all is well: keep it elsewhere for the next time. */
  readonly checkpoint: string | null
}

/** Rows read at a time: whole tiles. */
const CHUNK = 2_048

/**
 * Recomputes the whole log from its rows and holds it against its tiles and signed checkpoints, in one
 * read-only snapshot, while others append. It never throws for what an attacker can do to the tables: that is
 * the result.
 *
 * What it can name. A row that differs from its tile, or a body that does not open under its row, is named
 * itself. Where rows and tiles were changed to agree, the checkpoints signed since narrow it down: the named entry
 * is the first that no fitting checkpoint covers. A log cut back to an older signed state is whole in itself; only a
 * checkpoint kept elsewhere shows it.
 * @throws CodedError `key-malformed` for the caller's key; note and checkpoint errors for `kept`.
 */
export async function verifyLedger(options: VerifyOptions): Promise<VerifyResult> {
  const key = parseVerifierKey(options.verifierKey)
  const kept = options.kept === undefined ? null : verifyCheckpoint(options.kept, key, nodeVerifyEd25519)
  const client = await options.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await verifySnapshot(oneByOne(client), options, key, kept)
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

/** `client` for askers who do not wait for each other: each query begins when the one before has ended. */
function oneByOne(client: Queryable): Queryable {
  let last: Promise<unknown> = Promise.resolve()
  const query = (asked: pg.QueryConfig, values?: unknown[]) => {
    const answer = last.then(() => client.query(asked, values))
    last = answer.catch(() => {})
    return answer
  }
  return { query: query as unknown as Queryable['query'] }
}

async function verifySnapshot(
  client: Queryable,
  options: VerifyOptions,
  key: VerifierKey,
  kept: Checkpoint | null,
): Promise<VerifyResult> {
  const head = await readHead(client)
  if (head === null) return failed(0, { why: 'The head of the log is gone.' })
  const headFault = faultOfHead(head, key)
  if (headFault !== null) return failed(0, { why: headFault })
  const walk = new Walk({ client, key, kept, head, sealer: options.sealer ?? null })
  const finding =
    (await faultOfRollback(client, head, kept)) ??
    (await walkEntries(client, options, head, walk)) ??
    (await faultOfLooseEnds(client, head))
  if (finding !== null) return failed(head.size, finding)
  const bodies = options.sealer === undefined ? 'headers' : 'headers and bodies'
  return {
    ok: true,
    size: head.size,
    why: [`All ${head.size} entries (${bodies}) are as they were signed.`, ...walk.describeLosses()].join(
      ' ',
    ),
    checkpoint: head.note,
  }
}

function failed(size: number, finding: Finding): VerifyResult {
  const { at, why } = finding
  return { ok: false, size, why, checkpoint: null, ...(at === undefined ? {} : { firstWrong: at }) }
}

function faultOfHead(head: HeadRow, key: VerifierKey): string | null {
  try {
    const signed = verifyCheckpoint(head.note, key, nodeVerifyEd25519)
    if (signed.size !== head.size || !sameBytes(signed.root, head.root))
      return 'The head of the log is not the one its checkpoint signs.'
    return null
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return `The checkpoint is not one that this log signed (${error.code}).`
  }
}

async function faultOfRollback(
  client: Queryable,
  head: HeadRow,
  kept: Checkpoint | null,
): Promise<Finding | null> {
  if (kept !== null && kept.size > head.size)
    return {
      at: head.size,
      why: `The log was rolled back: it had ${kept.size} entries when the kept checkpoint was signed and has ${head.size}.`,
    }
  const [later] = await readCheckpoints(client, head.size, 1)
  if (later === undefined) return null
  return { at: head.size, why: `The head was set back: there is a checkpoint for ${later.size} entries.` }
}

async function walkEntries(
  client: Queryable,
  options: VerifyOptions,
  head: HeadRow,
  walk: Walk,
): Promise<Finding | null> {
  const read = options.sealer === undefined ? readEntriesUnopened : readEntries
  let next = readChunk(client, read, 0, head.size)
  while (walk.size < head.size) {
    const { rows, leafTiles } = await next
    if (rows.length === 0) return { at: walk.size, why: `Entry ${walk.size} is missing.` }
    // The database reads the next rows while these are checked; it is heard, and fails, where it is awaited.
    next = readChunk(client, read, walk.size + rows.length, head.size)
    next.catch(() => {})
    const finding = await walk.take(rows, leafTiles)
    if (finding !== null) return finding
    options.progress?.(walk.size, head.size)
  }
  return (
    (await walk.finish()) ??
    walk.faultOfErasures(await readPendingErasures(client)) ??
    walk.faultOfLosses(await readPendingLosses(client))
  )
}

/** Losses that entries in the intake acknowledge. */
async function readPendingLosses(client: Queryable): Promise<AcknowledgedLoss[]> {
  return (await readIntake(client)).flatMap(({ header }) => acknowledgedLoss(parseHeader(header), -1) ?? [])
}

interface Chunk {
  readonly rows: readonly LogRow[]
  /** The tiles of level 0 above them, by index. */
  readonly leafTiles: ReadonlyMap<number, Uint8Array>
}

/** The rows from `from` on, a multiple of `CHUNK` unless rows are missing, with their leaves' tiles. */
async function readChunk(
  client: Queryable,
  read: typeof readEntries,
  from: number,
  size: number,
): Promise<Chunk> {
  const count = Math.min(CHUNK, size - from)
  if (count <= 0) return { rows: [], leafTiles: new Map() }
  const first = Math.floor(from / TILE_WIDTH)
  const tiles = Array.from({ length: Math.ceil(count / TILE_WIDTH) }, (_, i) => ({
    level: 0,
    index: first + i,
  }))
  const [rows, leafTiles] = await Promise.all([read(client, from, count), readTileRows(client, tiles)])
  return { rows, leafTiles: new Map(leafTiles.map(({ index, hashes }) => [index, hashes])) }
}

/** What stands beyond the signed size. */
async function faultOfLooseEnds(client: Queryable, head: HeadRow): Promise<Finding | null> {
  const [beyond] = await readEntries(client, head.size, 1)
  if (beyond !== undefined)
    return { at: head.size, why: `Entry ${beyond.index} stands beyond the signed end of the log.` }
  const tiles = await readTileSizes(client)
  const odd = tiles.find((t) => t.length !== tileWidth(head.size, t.level, t.index) * HASH_BYTES)
  return odd === undefined
    ? null
    : { at: head.size, why: `Tile ${odd.level}/${odd.index} has more than the signed log.` }
}
