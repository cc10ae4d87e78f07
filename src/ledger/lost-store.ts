import { encodeArray } from '../platform/pg-array.ts'
import type { TileWrite } from './edge.ts'
import { entryOf, type SealedEntry } from './sealed-entry.ts'
import { type HeadRow, type Queryable, readIntake } from './store.ts'

/** What brings a log that was set back to the end that outsiders know. */
export interface Mend {
  /** The 32 bytes of each missing entry, in order, from the head's size on. */
  readonly missing: readonly Uint8Array[]
  readonly tiles: readonly TileWrite[]
  readonly head: HeadRow
}

/**
 * Writes the missing entries, their tiles and the head that signs them, in the caller's transaction, which holds the
 * head's lock. An entry that still waits in the intake, and is one of the missing, has its texts: it is put where it
 * stood. Of the others only the commitment is written.
 * @returns how many had their texts.
 */
export async function writeMend(client: Queryable, from: number, mend: Mend): Promise<number> {
  const waiting = new Map((await readIntake(client)).map((row) => [hex(entryOf(row)), row.id]))
  const kept: { index: number; id: string }[] = []
  const lost: { index: number; commitment: Uint8Array }[] = []
  mend.missing.forEach((commitment, i) => {
    const id = waiting.get(hex(commitment))
    if (id === undefined) lost.push({ index: from + i, commitment })
    else kept.push({ index: from + i, id })
  })
  await insertKept(client, kept)
  await client.query(
    `INSERT INTO ledger.entry (index, commitment)
     SELECT index, commitment FROM unnest($1::bigint[], $2::bytea[]) AS lost (index, commitment)`,
    [
      lost.map(({ index }) => index),
      encodeArray(
        'bytea',
        lost.map(({ commitment }) => commitment),
      ),
    ],
  )
  await writeTiles(client, mend.tiles)
  await writeHead(client, mend.head)
  return kept.length
}

/** Puts another log's head where the old one's was: checkpoints and what witnesses said of them were the old one's. */
export async function replaceHead(client: Queryable, head: HeadRow): Promise<void> {
  for (const table of ['checkpoint', 'cosignature', 'witness'])
    await client.query(`DELETE FROM ledger.${table}`)
  await writeHead(client, head)
}

/** Puts an entry into the intake, in the transaction of this connection. */
export async function insertWaiting(client: Queryable, e: SealedEntry): Promise<void> {
  await client.query(
    `INSERT INTO ledger.intake (id, header, header_salt, body_commitment, body_sealed, subject, actor)
     VALUES ($1::uuid, $2, $3, $4, $5, $6, $7)`,
    [e.id, e.header, e.headerSalt, e.bodyCommitment, e.bodySealed, e.subject, e.actor],
  )
}

async function insertKept(client: Queryable, kept: readonly { index: number; id: string }[]): Promise<void> {
  await client.query(
    `WITH kept AS (SELECT index, id FROM unnest($1::bigint[], $2::uuid[]) AS kept (index, id)),
     taken AS (DELETE FROM ledger.intake i USING kept WHERE i.id = kept.id RETURNING kept.index, i.*)
     INSERT INTO ledger.entry (index, id, header, header_salt, body_commitment, body_sealed, subject, actor)
     SELECT index, id, header, header_salt, body_commitment, body_sealed, subject, actor FROM taken`,
    [kept.map(({ index }) => index), kept.map(({ id }) => id)],
  )
}

async function writeTiles(client: Queryable, tiles: readonly TileWrite[]): Promise<void> {
  await client.query(
    `INSERT INTO ledger.tile (level, index, hashes)
     SELECT level, index, hashes FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS t (level, index, hashes)
     ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes`,
    [
      tiles.map(({ level }) => level),
      tiles.map(({ index }) => index),
      encodeArray(
        'bytea',
        tiles.map(({ bytes }) => bytes),
      ),
    ],
  )
}

async function writeHead(client: Queryable, { size, root, note, signedAt }: HeadRow): Promise<void> {
  await client.query('UPDATE ledger.head SET size = $1, root = $2, note = $3, signed_at = $4', [
    size,
    root,
    note,
    signedAt,
  ])
  await client.query(
    'INSERT INTO ledger.checkpoint (size, note, signed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [size, note, signedAt],
  )
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
