import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readForeignObjects } from '../../src/platform/migrate.ts'
import { openTestDatabase } from '../support/database.ts'

test('what no migration made is named: triggers, rules, views, functions and policies in our schemas', async (t) => {
  const { pool } = await openTestDatabase(t)
  assert.deepEqual(await readForeignObjects(pool), [])
  await pool.query(`
    CREATE SCHEMA somebody; CREATE VIEW somebody.elses AS SELECT 1 AS one;
    CREATE FUNCTION public.drop_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER drop_text BEFORE INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_text();
    CREATE RULE keep_nothing AS ON DELETE TO ledger.intake DO INSTEAD NOTHING;
    CREATE VIEW care.looks AS SELECT id FROM care.look;
    CREATE FUNCTION ledger.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE POLICY only_some ON care.look USING (false)`)
  assert.deepEqual(await readForeignObjects(pool), [
    'function ledger.one',
    'policy care.look.only_some',
    'rule ledger.intake.keep_nothing',
    'trigger platform.sms_outbox.drop_text',
    'view care.looks',
  ])
})
