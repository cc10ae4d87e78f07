import type pg from 'pg'

/**
 * What a refused request may change: nothing but the record that it was refused, tries that are counted against whoever
 * tries, and what the house does by itself meanwhile.
 */
const MAY_CHANGE = [
  'care.refusal',
  'customers.tries',
  'customers.code',
  'customers.sign_in',
  'customers.session',
  'staff.session',
  'staff.challenge',
  'platform.sms_outbox',
  'platform.sms_part',
  'platform.demo_text',
  'platform.migration',
]
const MAY_CHANGE_SCHEMAS = ['ledger', 'vault', 'watch', 'graphile_worker', 'pg_catalog', 'information_schema']
/** Larger tables are counted, smaller ones read whole. */
const READ_WHOLE = 3_000

/** A digest of every other table, so that a difference says where. The vault's are written by filing alone, which no route does. */
export async function digestOfState(pool: pg.Pool): Promise<string> {
  const { rows: tables } = await pool.query<{ schema: string; name: string; rows: number }>(
    `SELECT n.nspname AS schema, format('%I.%I', n.nspname, c.relname) AS name, greatest(c.reltuples, 0)::int AS rows
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname <> ALL ($1) AND n.nspname || '.' || c.relname <> ALL ($2) ORDER BY 2`,
    [MAY_CHANGE_SCHEMAS, MAY_CHANGE],
  )
  const parts = tables.map(({ name, rows }) =>
    rows > READ_WHOLE
      ? `SELECT '${name}' AS name, count(*)::text AS digest FROM ${name}`
      : `SELECT '${name}', count(*) || ':' || coalesce(sum(hashtext(t::text)::bigint), 0) FROM ${name} t`,
  )
  const { rows } = await pool.query<{ name: string; digest: string }>(parts.join(' UNION ALL '))
  return rows.map(({ name, digest }) => `${name}=${digest}`).join(' ')
}
