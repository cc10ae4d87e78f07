import type pg from 'pg'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { CodedError, invariant } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts'
import { Edge } from './edge.ts'
import type { EntryDraft, EntryId } from './entry.ts'
import { type KnownCheckpoint, setbackOf } from './known-checkpoint.ts'
import { type LogSource, readCheckpointOf } from './log-source.ts'
import { insertWaiting, type Mend, writeMend } from './lost-store.ts'
import { hashLeaf, sameBytes } from './merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from './node-crypto.ts'
import { encodeSignature, parseNote, type VerifierKey } from './note.ts'
import { requireHead } from './proof-bundle.ts'
import { walkPublicLog } from './public-walk.ts'
import { sealEntry } from './sealed-entry.ts'
import { beginUnderHeadLock, type HeadRow, readTileRow } from './store.ts'
import { parseBundle, TILE_WIDTH } from './tiles.ts'
import type { TrustedWitness } from './trust-policy.ts'
import { askWitness } from './witness/ask-witness.ts'

/**
 * - `log-forked`: the database holds other entries than were signed; nothing mends that
 * - `mirror-needed`: entries that outsiders know are missing, and no mirror was named
 * - `mirror-unfit`: the mirror is not this log's, or does not reach far enough
 */
export type RestoredLogFault = 'log-forked' | 'mirror-needed' | 'mirror-unfit'

/** How far a restored log falls short. */
export interface Shortfall {
  /** Entries in the database. */
  readonly size: number
  /** As far as outsiders are known to hold it: the newest cosigned checkpoint, else the newest signed. */
  readonly needed: Checkpoint
  /** The newest checkpoint that was signed, and its note. */
  readonly signed: Checkpoint
  readonly signedNote: string
}

/** What acknowledging a restore did. */
export interface Mended {
  /** Entries that the restored copy held. */
  readonly size: number
  /** Where the log goes on. */
  readonly until: number
  /** Entries of which only the commitment is left. */
  readonly lost: number
  /** Entries that still waited for their index in the restored copy, and were put where they stood. */
  readonly kept: number
  /** Entries signed after `until`, of which nothing is left. */
  readonly gone: number
}

/**
 * What the restored database lacks of what is known to be signed; null when it lacks nothing.
 * @throws CodedError `log-forked`; note and checkpoint errors when a kept note is not this log's
 */
export async function findShortfall(
  pool: pg.Pool,
  known: KnownCheckpoint,
  key: VerifierKey,
): Promise<Shortfall | null> {
  const notes = [known.readWitnessed(), known.read()].filter((note) => note !== null)
  const head = await requireHead(pool)
  const setbacks = await Promise.all(notes.map((note) => setbackOf(pool, head, note, key)))
  if (setbacks.some((setback) => setback?.kind === 'forked'))
    throw new CodedError<RestoredLogFault>(
      'log-forked',
      'the database holds another history than was signed: it is not an older state of this log, and nothing may go on from it; keep it as evidence and restore a copy of the log itself',
    )
  if (setbacks.every((setback) => setback === null)) return null
  const read = (note: string) => ({ note, ...verifyCheckpoint(note, key, nodeVerifyEd25519) })
  const checkpoints = notes.map(read)
  const signed = checkpoints.reduce((newest, one) => (one.size > newest.size ? one : newest))
  return { size: head.size, needed: checkpoints[0]!, signed, signedNote: signed.note }
}

/** Who answers for a restore, and with what words. */
export interface Acknowledges {
  /** The officer's id, and desk name. */
  readonly actor: string
  readonly officer: string
  readonly reason: string
  /** Where the missing entries came from; null where none were needed. */
  readonly mirror: string | null
}

/** The log as a mirror holds it beyond the restored copy. */
export interface MirrorTail {
  readonly checkpoint: Checkpoint
  /** Signed by the log alone. */
  readonly note: string
  readonly missing: readonly Uint8Array[]
}

/** What to go on from where nothing is missing that outsiders hold: the restored copy as it is. */
export async function tailOfCopy(pool: pg.Pool, key: VerifierKey): Promise<MirrorTail> {
  const { note } = await requireHead(pool)
  return { checkpoint: verifyCheckpoint(note, key, nodeVerifyEd25519), note, missing: [] }
}

/**
 * Reads what is missing from a mirror and proves it: signed by this log's key, growing from the restored copy, through
 * every checkpoint that is known, as far as outsiders hold it.
 * @throws CodedError `mirror-unfit`, `log-unreachable`
 */
export async function readMissing(
  pool: pg.Pool,
  source: LogSource,
  shortfall: Shortfall,
  key: VerifierKey,
): Promise<MirrorTail> {
  const { size, needed, signed } = shortfall
  const { checkpoint, note } = await readMirrorCheckpoint(source, key)
  if (checkpoint.size < needed.size)
    throw unfit(
      `it holds ${checkpoint.size} entries, and ${needed.size} are known outside: find one that has them all`,
    )
  const head = await requireHead(pool)
  const bundleStart = Math.floor(size / TILE_WIDTH) * TILE_WIDTH
  const missing: Uint8Array[] = []
  const seen = [head, needed, signed]
    .filter((known) => known.size <= checkpoint.size && known.size > 0)
    .sort((a, b) => a.size - b.size)
    .filter((known, i, all) => known.size !== all[i - 1]?.size)
  const finding = await readProven(() =>
    edgeAt(pool, bundleStart).then((from) =>
      walkPublicLog({
        source,
        checkpoint,
        from,
        seen,
        async onTile({ tile, bytes }) {
          if (tile.level !== 'entries') return
          const first = tile.index * TILE_WIDTH
          const entries = parseBundle(bytes).slice(0, tile.width)
          missing.push(...entries.slice(Math.max(0, size - first)))
        },
      }),
    ),
  )
  if (finding !== null) throw unfit(finding.why)
  invariant(missing.length === checkpoint.size - size, 'the walk read every entry beyond the copy')
  return { checkpoint, note, missing }
}

async function readMirrorCheckpoint(
  source: LogSource,
  key: VerifierKey,
): Promise<Omit<MirrorTail, 'missing'>> {
  return readProven(async () => {
    const served = await readCheckpointOf(source)
    const checkpoint = verifyCheckpoint(served, key, nodeVerifyEd25519)
    const { text, signatures } = parseNote(served)
    const own = signatures.find(({ name, keyId }) => name === key.name && keyId === key.id)
    invariant(own !== undefined, 'a verified note has the signature of its log')
    return { checkpoint, note: `${text}\n${encodeSignature(own)}` }
  })
}

/** What a mirror serves may be anything: what is wrong with it is its fault, said in words. */
async function readProven<T>(reading: () => Promise<T>): Promise<T> {
  try {
    return await reading()
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause.code === 'log-unreachable' || cause.code === 'mirror-unfit')
      throw cause
    throw unfit(`${cause.message} (${cause.code})`, cause)
  }
}

function unfit(why: string, cause?: unknown): CodedError<RestoredLogFault> {
  return new CodedError('mirror-unfit', `the mirror cannot mend this log: ${why}`, { cause })
}

/**
 * Asks each witness how far it has seen the log. Showing a checkpoint that the log signed does no harm: a witness that
 * has seen as much says so, and one that never met the log meets it there.
 * @returns those that hold more than `size`, in words
 */
export async function witnessesBeyond(
  witnesses: readonly TrustedWitness[],
  { checkpoint, note }: Pick<MirrorTail, 'checkpoint' | 'note'>,
): Promise<string[]> {
  const beyond = witnesses.map(async (witness) => {
    if (witness.url === null) return []
    const said = await askWitness(witness, { oldSize: 0, proof: [], note }, AbortSignal.timeout(10_000))
    return said.said === 'size' && said.size > checkpoint.size
      ? [`${witness.name} has seen ${said.size}`]
      : []
  })
  return (await Promise.all(beyond)).flat()
}

/**
 * Brings the log to the end of the tail and appends the entry that answers for it, in one transaction: the log is never
 * mended without its acknowledgement. Sequence the entry afterwards.
 * @param says who answers for it and why, beside what was done
 */
export async function mendLog(
  parties: { pool: pg.Pool; clock: Clock; random: RandomBytes; sealer: Sealer },
  shortfall: Shortfall,
  tail: MirrorTail,
  says: Acknowledges,
): Promise<Mended & { readonly entry: EntryId }> {
  const { pool, clock } = parties
  const { size, signed } = shortfall
  const { checkpoint, note, missing } = tail
  const client = await pool.connect()
  try {
    const head = await beginUnderHeadLock(client)
    invariant(head.size === size, 'nobody appends to a log that was set back')
    const edge = await edgeAt(pool, size)
    if (!sameBytes(edge.root(), head.root)) throw tilesBroken()
    for (const entry of missing) edge.add(hashLeaf(entry, nodeSha256))
    invariant(sameBytes(edge.root(), checkpoint.root), 'the walk proved these entries under this root')
    const next: HeadRow = { size: checkpoint.size, root: checkpoint.root, note, signedAt: clock.now() }
    const mend: Mend = { missing, tiles: edge.takeWrites(), head: next }
    const kept = await writeMend(client, size, mend)
    const gone = Math.max(0, signed.size - checkpoint.size)
    const mended = { size, until: checkpoint.size, lost: missing.length - kept, kept, gone }
    const sealed = sealEntry(acknowledgement(mended, shortfall, tail, says), parties)
    await insertWaiting(client, sealed)
    await client.query('COMMIT')
    return { ...mended, entry: sealed.id }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

function edgeAt(pool: pg.Pool, size: number): Promise<Edge> {
  return Edge.load(size, (level, index, width) => readTileRow(pool, level, index, width), nodeSha256)
}

/** Says that the copy's tiles are not those its head signs: nothing goes on from such a copy. */
export function tilesBroken(): CodedError<'ledger-corrupt'> {
  return new CodedError(
    'ledger-corrupt',
    'the tiles of the restored copy do not give its own signed root: run `countersign verify`, and restore another copy',
    { fatal: true },
  )
}

function acknowledgement(
  mended: Mended,
  { signedNote }: Shortfall,
  { note }: MirrorTail,
  { actor, ...says }: Acknowledges,
): EntryDraft {
  return {
    kind: 'restore-acknowledged',
    header: { counts: { ...mended } },
    body: { ...says, ...mended, checkpoint: note, signedCheckpoint: signedNote },
    actor,
  }
}
