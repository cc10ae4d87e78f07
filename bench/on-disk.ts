import type pg from 'pg'

/** Bytes of a table with everything that belongs to it: indexes, TOAST, maps; and of the catalog's rows about it. */
export async function tableBytes(pool: pg.Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    'SELECT pg_total_relation_size($1::regclass) AS bytes',
    [table],
  )
  return Number(rows[0]!.bytes) + (await catalogBytes(pool, table))
}

/** Rows of the catalog that describe the table, its indexes and columns, by the sizes of their tuples. */
async function catalogBytes(pool: pg.Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ bytes: string | null }>(
    `WITH heap AS (SELECT c.oid FROM pg_class c WHERE c.oid = $1::regclass
                    UNION SELECT c.reltoastrelid FROM pg_class c WHERE c.oid = $1::regclass),
          own AS (SELECT oid FROM heap UNION SELECT i.indexrelid FROM pg_index i JOIN heap ON i.indrelid = heap.oid)
     SELECT (SELECT sum(pg_column_size(c.*) + 28) FROM pg_class c WHERE c.oid IN (SELECT oid FROM own))
          + (SELECT sum(pg_column_size(a.*) + 28) FROM pg_attribute a WHERE a.attrelid IN (SELECT oid FROM own))
          + coalesce((SELECT sum(pg_column_size(s.*) + 28) FROM pg_statistic s
                       WHERE s.starelid IN (SELECT oid FROM own)), 0) AS bytes`,
    [table],
  )
  return Number(rows[0]!.bytes ?? 0)
}
