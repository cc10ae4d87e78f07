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
  // This very counting, which the house finds.
  'platform.stranger',
]
/** Columns that count tries, beside others that no refusal may change. */
const COUNTS: Readonly<Record<string, string>> = {
  'customers.secret': 'OLD.kind, OLD.salt, OLD.hash, OLD.set_at',
}
/** What the house removes by itself, once its days are over. */
const MAY_GO = ['care.statement']
const MAY_CHANGE_SCHEMAS = [
  'ledger',
  'epochs',
  'vault',
  'watch',
  'graphile_worker',
  'pg_catalog',
  'information_schema',
]

/**
 * Has the database count each row of every other table that is added, removed or becomes another. The vault's are
 * written by filing alone, which no route does.
 */
export async function countChanges(pool: pg.Pool): Promise<void> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname <> ALL ($1) AND n.nspname || '.' || c.relname <> ALL ($2) ORDER BY 1`,
    [MAY_CHANGE_SCHEMAS, MAY_CHANGE],
  )
  const on = (event: string, name: string, when = '') =>
    `CREATE TRIGGER changes_${event.toLowerCase()} AFTER ${event} ON ${name} FOR EACH ROW ${when}
     EXECUTE FUNCTION changes.count_one()`
  await pool.query(
    [
      'CREATE SCHEMA changes',
      'CREATE TABLE changes.change (name text NOT NULL)',
      `CREATE FUNCTION changes.count_one() RETURNS trigger LANGUAGE plpgsql AS
       $$BEGIN INSERT INTO changes.change VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME); RETURN NULL; END$$`,
      ...tables.flatMap(({ name }) => [
        on('INSERT', name),
        ...(MAY_GO.includes(name) ? [] : [on('DELETE', name)]),
        on('UPDATE', name, `WHEN (${differs(COUNTS[name])})`),
      ]),
    ].join(';\n'),
  )
}

function differs(columns = 'OLD.*'): string {
  return `(${columns}) IS DISTINCT FROM (${columns.replaceAll('OLD.', 'NEW.')})`
}

/** How many rows of which tables have changed so far: two such texts that differ say where. */
export async function changesSoFar(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string; rows: string }>(
    'SELECT name, count(*) AS rows FROM changes.change GROUP BY name ORDER BY name',
  )
  return rows.map(({ name, rows: changed }) => `${name}=${changed}`).join(' ')
}
