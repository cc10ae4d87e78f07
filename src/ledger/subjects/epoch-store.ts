import type pg from 'pg'
import { encodeArray } from '../../platform/pg-array.ts'
import type { TileWrite } from '../edge.ts'
import type { HeadRow, Queryable } from '../store.ts'
import type { ChainKey } from './link.ts'
import type { MapChange } from './subject-map.ts'

/**
 * The second log's own tables: heads, tiles, checkpoints and cosignatures have the columns of the ledger's, in a schema
 * of their own, so the ledger's statements read and write them under that schema's name.
 */
export function inEpochs(db: Queryable): Queryable {
  const query = (asked: string | pg.QueryConfig, values?: unknown[]) =>
    typeof asked === 'string'
      ? db.query(rename(asked), values)
      : db.query({
          ...asked,
          text: rename(asked.text),
          // A statement is prepared under its name, once a connection.
          ...(asked.name === undefined ? {} : { name: `epochs-${asked.name}` }),
        })
  return { query } as Queryable
}

function rename(text: string): string {
  return text.replaceAll(/\bledger\./g, 'epochs.')
}

/** What one epoch writes, beside its entry. */
export interface EpochWrite {
  readonly index: number
  readonly entry: string
  readonly changes: readonly MapChange[]
  readonly tiles: readonly TileWrite[]
  readonly head: HeadRow
}

/** Writes an epoch, in the transaction that holds the head's lock. */
export async function insertEpoch(client: Queryable, epoch: EpochWrite): Promise<void> {
  const { index, entry, changes, tiles, head } = epoch
  await client.query('INSERT INTO epochs.epoch (index, entry, at) VALUES ($1, $2, $3)', [
    index,
    entry,
    head.signedAt,
  ])
  await client.query(
    `INSERT INTO epochs.change (epoch, label, count, link)
     SELECT $1, label, count, link FROM unnest($2::bytea[], $3::bigint[], $4::bytea[]) AS c (label, count, link)`,
    [
      index,
      bytesColumn(changes.map(({ label }) => label)),
      changes.map(({ count }) => count),
      bytesColumn(changes.map(({ link }) => link)),
    ],
  )
  await client.query(
    `INSERT INTO epochs.tile (level, index, hashes)
     SELECT level, index, hashes FROM unnest($1::smallint[], $2::bigint[], $3::bytea[]) AS t (level, index, hashes)
     ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes`,
    [
      tiles.map((tile) => tile.level),
      tiles.map((tile) => tile.index),
      bytesColumn(tiles.map((tile) => tile.bytes)),
    ],
  )
  await client.query('UPDATE epochs.head SET size = $1, root = $2, note = $3, signed_at = $4', [
    head.size,
    head.root,
    head.note,
    head.signedAt,
  ])
  await client.query('INSERT INTO epochs.checkpoint (size, note, signed_at) VALUES ($1, $2, $3)', [
    head.size,
    head.note,
    head.signedAt,
  ])
}

/** The texts of epochs, in order, from `from` on. */
export async function readEpochs(db: Queryable, from: number, count: number): Promise<string[]> {
  const { rows } = await db.query<{ entry: string }>({
    name: 'epochs-read',
    text: 'SELECT entry FROM epochs.epoch WHERE index >= $1 ORDER BY index LIMIT $2',
    values: [from, count],
  })
  return rows.map(({ entry }) => entry)
}

/** What epochs after `after` up to `upTo` changed, the last word on each label, in the order of labels. */
export async function readChanges(db: Queryable, after: number, upTo: number): Promise<MapChange[]> {
  const { rows } = await db.query<{ label: Buffer; count: string; link: Buffer }>(
    `SELECT DISTINCT ON (label) label, count, link FROM epochs.change
     WHERE epoch > $1 AND epoch <= $2 ORDER BY label, epoch DESC`,
    [after, upTo],
  )
  return rows.map(({ label, count, link }) => ({ label, count: Number(count), link }))
}

/** What one epoch changed, in the order of labels. */
export async function readChangesOf(db: Queryable, epoch: number): Promise<MapChange[]> {
  return readChanges(db, epoch - 1, epoch)
}

/** A label of the map with whose it is, its proof sealed. */
export interface LabelRow {
  readonly subject: string
  readonly ordinal: number
  /** Null while nobody holds the number so. */
  readonly tenure: string | null
  readonly label: Uint8Array
  readonly proofSealed: Uint8Array
}

interface LabelColumns {
  subject: string
  ordinal: number
  tenure: string | null
  label: Buffer
  proof_sealed: Buffer
}

/** The labels of these chains that are known. */
export async function readLabels(db: Queryable, keys: readonly ChainKey[]): Promise<LabelRow[]> {
  const { rows } = await db.query<LabelColumns>(
    `SELECT l.* FROM unnest($1::text[], $2::text[]) AS k (subject, tenure)
     JOIN ledger.subject_label l ON l.subject = k.subject AND l.tenure = k.tenure`,
    [keys.map(({ subject }) => subject), keys.map(({ tenure }) => tenure)],
  )
  return rows.map(toLabel)
}

/** The label of one holder of a number; null while it was not needed. */
export async function readLabel(db: Queryable, subject: string, ordinal: number): Promise<LabelRow | null> {
  const { rows } = await db.query<LabelColumns>({
    name: 'ledger-read-label',
    text: 'SELECT * FROM ledger.subject_label WHERE subject = $1 AND ordinal = $2',
    values: [subject, ordinal],
  })
  return rows[0] === undefined ? null : toLabel(rows[0])
}

/** Keeps a label; who holds the number so is filled in once. @returns false where another tenure has it. */
export async function saveLabel(db: Queryable, row: LabelRow): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO ledger.subject_label (subject, ordinal, tenure, label, proof_sealed) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (subject, ordinal) DO UPDATE SET tenure = coalesce(subject_label.tenure, excluded.tenure)
       WHERE excluded.tenure IS NULL OR subject_label.tenure IS NULL OR subject_label.tenure = excluded.tenure`,
    [row.subject, row.ordinal, row.tenure, row.label, row.proofSealed],
  )
  return rowCount === 1
}

function toLabel({ proof_sealed, ...row }: LabelColumns): LabelRow {
  return { ...row, proofSealed: proof_sealed }
}

function bytesColumn(values: readonly Uint8Array[]): Buffer {
  return encodeArray('bytea', values)
}
