import { sql } from 'kysely'
import type pg from 'pg'
import type { Trx } from './database.ts'
import { isMarked, markOf } from './mark.ts'

/**
 * Our migrations make tables and indexes, and nothing that acts by itself. So whatever acts is somebody else's: a trigger
 * that drops texts, a rule that answers otherwise, a view in a table's place. What belongs to an extension or to
 * PostgreSQL is not counted, nor is the schema of the job queue, which brings functions of its own. Names are looked
 * up in PostgreSQL's own schema alone: a search path could put an empty table in the place of its catalogue.
 */
const STRANGERS = `
  SELECT pg_catalog.set_config('search_path', 'pg_catalog', true);
  WITH ours AS (SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'graphile_worker'))
  SELECT format('trigger %s on %s.%s', t.tgname, n.nspname, c.relname) AS name
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal
  UNION ALL SELECT format('rule %s on %s.%s', r.rulename, n.nspname, c.relname)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN ours n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN'
  UNION ALL SELECT format('function %s.%s', n.nspname, p.proname)
    FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  UNION ALL SELECT format('view %s.%s', n.nspname, c.relname)
    FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm', 'f') AND NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  UNION ALL SELECT format('policy %s on %s.%s', p.polname, n.nspname, c.relname)
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN ours n ON n.oid = c.relnamespace
  UNION ALL SELECT format('trigger on events %s', evtname) FROM pg_event_trigger
  ORDER BY 1`

/** What acts in this database and was made by no migration of ours, by name, in order; nothing is changed. */
export async function findStrangers(pool: Pick<pg.Pool, 'query'>): Promise<string[]> {
  // Two statements in one text are one transaction, and have a result each.
  const [, found] = (await pool.query(STRANGERS)) as unknown as pg.QueryResult<{ name: string }>[]
  return found!.rows.map(({ name }) => name)
}

/**
 * Keeps which strangers are there; gives which came and which went since the last time. A name that was written here
 * beforehand, so that its coming would say nothing, has no mark under `key` and comes all the same.
 */
export async function keepStrangers(
  trx: Trx,
  key: Buffer,
  names: readonly string[],
  now: number,
): Promise<{ came: string[]; went: string[] }> {
  const { rows } = await sql<{ name: string; mark: Buffer | null }>`
    SELECT name, mark FROM platform.stranger FOR UPDATE`.execute(trx)
  const kept = new Set(rows.filter(({ name, mark }) => isMarked(key, [name], mark)).map(({ name }) => name))
  const there = new Set(names)
  const came = [...there].filter((name) => !kept.has(name))
  const went = [...kept].filter((name) => !there.has(name))
  await sql`DELETE FROM platform.stranger WHERE name <> ALL (${[...there]}::text[])`.execute(trx)
  await sql`INSERT INTO platform.stranger (name, seen_at, mark)
    SELECT name, ${now}::bigint, mark FROM unnest(${came}::text[],
      ${came.map((name) => markOf(key, [name]))}::bytea[]) AS n (name, mark)
    ON CONFLICT (name) DO UPDATE SET mark = excluded.mark`.execute(trx)
  return { came, went }
}
