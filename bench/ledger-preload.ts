import type pg from 'pg'
import { signCheckpoint } from '../src/ledger/checkpoint.ts'
import { commitToHeader } from '../src/ledger/commitment.ts'
import { Edge } from '../src/ledger/edge.ts'
import type { SigningKey } from '../src/ledger/ledger.ts'
import { HASH_BYTES } from '../src/ledger/merkle.ts'
import { nodeSha256 } from '../src/ledger/node-crypto.ts'
import { requireHead } from '../src/ledger/proof-bundle.ts'
import { readTileRow } from '../src/ledger/store.ts'
import { TILE_WIDTH } from '../src/ledger/tiles.ts'

const HEADER = '{"day":"2026-11-25","kind":"reveal","office":"mandalay","v":1}'
const SALT = new Uint8Array(HASH_BYTES)
const CHUNK = 400 * TILE_WIDTH

/**
 * Grows a log to `size` entries (a multiple of 256) without our sequencer: rows and leaf tiles are made in the database,
 * with all its indexes, the tree above them here, and the head signed. Bodies are as good as erased. It is the log
 * that many years leave behind, in minutes.
 */
export async function preload(
  pool: pg.Pool,
  log: { origin: string; key: SigningKey },
  size: number,
): Promise<void> {
  const from = (await requireHead(pool)).size
  if (from % TILE_WIDTH !== 0 || size % TILE_WIDTH !== 0) throw new Error('sizes are whole tiles')
  const client = await pool.connect()
  try {
    const readTile = (level: number, index: number, width: number) => readTileRow(client, level, index, width)
    const edge = await Edge.load(from, readTile, nodeSha256)
    const indexes = await dropIndexes(client)
    for (let at = from; at < size; at += CHUNK)
      await addChunk(client, edge, log, at, Math.min(CHUNK, size - at))
    for (const statement of indexes) await client.query(statement)
  } finally {
    client.release()
  }
  await pool.query('VACUUM ANALYZE ledger.entry')
}

/** Indexes by subject and actor grow at random places: to build them at the end is faster by far. Gives how. */
async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; statement: string }>(
    `SELECT indexname AS name, indexdef AS statement FROM pg_indexes
     WHERE schemaname = 'ledger' AND indexname IN ('entry_subject', 'entry_actor')`,
  )
  for (const { name } of rows) await client.query(`DROP INDEX ledger.${name}`)
  return rows.map(({ statement }) => statement)
}

async function addChunk(
  client: pg.PoolClient,
  edge: Edge,
  log: { origin: string; key: SigningKey },
  at: number,
  count: number,
): Promise<void> {
  await client.query('BEGIN')
  const headerCommitment = commitToHeader(HEADER, SALT, nodeSha256)
  const { rows } = await client.query<{ hashes: Buffer }>(
    `WITH made AS (
       INSERT INTO ledger.entry (index, id, header, header_salt, body_commitment, body_sealed, subject, actor)
       SELECT n, lpad(to_hex(n), 32, '0')::uuid, $3, $4, sha256(int8send(n)), NULL,
         lpad(to_hex(n % 20000), 32, '0'), 'staff-' || n % 60
       FROM generate_series($1::bigint, $1::bigint + $2::bigint - 1) AS n
       RETURNING index, body_commitment)
     SELECT string_agg(sha256('\\x00'::bytea || sha256($5::bytea || $6::bytea || body_commitment)), ''::bytea ORDER BY index) AS hashes
     FROM made GROUP BY index / ${TILE_WIDTH} ORDER BY index / ${TILE_WIDTH}`,
    [at, count, HEADER, SALT, Buffer.from('countersign ledger v1 entry\0'), headerCommitment],
  )
  for (const { hashes } of rows)
    for (let i = 0; i < TILE_WIDTH; i += 1) edge.add(hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
  const tiles = edge.takeWrites()
  await client.query(
    `INSERT INTO ledger.tile SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
     ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes`,
    [tiles.map((t) => t.level), tiles.map((t) => t.index), tiles.map((t) => Buffer.from(t.bytes))],
  )
  const head = { origin: log.origin, size: edge.size, root: edge.root() }
  const note = signCheckpoint(head, log.key)
  await client.query('UPDATE ledger.head SET size = $1, root = $2, note = $3', [head.size, head.root, note])
  await client.query('INSERT INTO ledger.checkpoint VALUES ($1, $2, 0)', [head.size, note])
  await client.query('COMMIT')
}
