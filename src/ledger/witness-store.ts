import type { Queryable } from './store.ts'

/** What this log knows of one of its witnesses. Instants are milliseconds since 1970 UTC. */
export interface WitnessRow {
  /** The witness's verifier key, as the policy lists it. */
  readonly key: string
  readonly addedAt: number
  /** The size it holds, as far as it has told. */
  readonly size: number
  readonly cosignedAt: number | null
  readonly cosignedSize: number | null
  readonly trouble: string | null
  readonly refusedAt: number | null
  readonly refusedWhy: string | null
}

/** A cosignature as it is kept. */
export interface CosignatureRow {
  readonly size: number
  readonly key: string
  readonly at: number
  readonly line: string
}

type Columns = Record<'key', string> & Record<string, string | number | null>

/** Begins to follow these witnesses; those that are followed already stay as they are. */
export async function addWitnesses(db: Queryable, keys: readonly string[], at: number): Promise<void> {
  await db.query(
    'INSERT INTO ledger.witness (key, added_at) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING',
    [keys, at],
  )
}

/** What is known of these witnesses. */
export async function readWitnesses(db: Queryable, keys: readonly string[]): Promise<WitnessRow[]> {
  const { rows } = await db.query<Columns>('SELECT * FROM ledger.witness WHERE key = ANY($1::text[])', [keys])
  const count = (value: string | number | null | undefined) => (value == null ? null : Number(value))
  return rows.map((row) => ({
    key: row.key,
    addedAt: Number(row.added_at),
    size: Number(row.size),
    cosignedAt: count(row.cosigned_at),
    cosignedSize: count(row.cosigned_size),
    trouble: row.trouble as string | null,
    refusedAt: count(row.refused_at),
    refusedWhy: row.refused_why as string | null,
  }))
}

/** Keeps a cosignature; the witness is in no trouble and refuses no more. */
export async function insertCosignature(db: Queryable, row: CosignatureRow): Promise<void> {
  await db.query(
    `WITH kept AS (
       INSERT INTO ledger.cosignature (size, key, at, line) VALUES ($1, $2, $3, $4)
       ON CONFLICT (size, key) DO UPDATE SET at = excluded.at, line = excluded.line)
     UPDATE ledger.witness SET size = $1, cosigned_size = $1, cosigned_at = $3,
       trouble = NULL, refused_at = NULL, refused_why = NULL
     WHERE key = $2`,
    [row.size, row.key, row.at, row.line],
  )
}

/** Notes which size a witness says it holds. */
export async function updateWitnessSize(db: Queryable, key: string, size: number): Promise<void> {
  await db.query('UPDATE ledger.witness SET size = $2 WHERE key = $1', [key, size])
}

/** Notes why a witness gave no cosignature. */
export async function updateTrouble(db: Queryable, key: string, trouble: string): Promise<void> {
  await db.query('UPDATE ledger.witness SET trouble = $2 WHERE key = $1', [key, trouble])
}

/** Notes that a witness refuses our log. @returns false when that was known. */
export async function updateRefused(db: Queryable, key: string, at: number, why: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE ledger.witness SET refused_at = $2, refused_why = $3, trouble = $3 WHERE key = $1 AND refused_at IS NULL',
    [key, at, why],
  )
  return rowCount === 1
}

/** Cosignatures by these witnesses of sizes up to `upTo`, those of the largest sizes first. */
export async function readCosignatures(
  db: Queryable,
  keys: readonly string[],
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<CosignatureRow[]> {
  const { rows } = await db.query<{ size: string; key: string; at: string; line: string }>({
    name: 'ledger-read-cosignatures',
    text: `SELECT size, key, at, line FROM ledger.cosignature
           WHERE key = ANY($1::text[]) AND size <= $2 ORDER BY size DESC, key LIMIT 2000`,
    values: [keys, upTo],
  })
  return rows.map((row) => ({ size: Number(row.size), key: row.key, at: Number(row.at), line: row.line }))
}

/**
 * Keeps a witness's newest cosignatures only, enough for the others to meet it at one of them, and that of `keep`,
 * the newest size that met the quorum.
 */
export async function pruneCosignatures(db: Queryable, key: string, keep: number): Promise<void> {
  await db.query(
    `DELETE FROM ledger.cosignature WHERE key = $1 AND size <> $2 AND size <
       (SELECT size FROM ledger.cosignature WHERE key = $1 ORDER BY size DESC LIMIT 1 OFFSET 63)`,
    [key, keep],
  )
}

/** The checkpoint signed at `size`, as the log signed it; null when there is none. */
export async function readCheckpointAt(
  db: Queryable,
  size: number,
): Promise<{ note: string; signedAt: number } | null> {
  const { rows } = await db.query<{ note: string; signed_at: string }>({
    name: 'ledger-read-checkpoint-at',
    text: 'SELECT note, signed_at FROM ledger.checkpoint WHERE size = $1',
    values: [size],
  })
  return rows[0] === undefined ? null : { note: rows[0].note, signedAt: Number(rows[0].signed_at) }
}

/** When the first checkpoint beyond `size` was signed; null when there is none. */
export async function readFirstSignedBeyond(db: Queryable, size: number): Promise<number | null> {
  const { rows } = await db.query<{ signed_at: string }>({
    name: 'ledger-read-first-beyond',
    text: 'SELECT signed_at FROM ledger.checkpoint WHERE size > $1 ORDER BY size LIMIT 1',
    values: [size],
  })
  return rows[0] === undefined ? null : Number(rows[0].signed_at)
}
