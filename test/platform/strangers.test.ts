import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addToOutbox } from '../../src/platform/sms/store.ts'
import { findStrangers, keepStrangers } from '../../src/platform/strangers.ts'
import { openTestDatabase } from '../support/database.ts'

test('our migrations make nothing that acts by itself, and whatever else does is named', async (t) => {
  const { pool } = await openTestDatabase(t)
  assert.deepEqual(await findStrangers(pool), [])
  await pool.query(`CREATE FUNCTION public.drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER drop_it BEFORE INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_it();
    CREATE RULE forget AS ON DELETE TO care.look DO INSTEAD NOTHING;
    CREATE VIEW care.looks AS SELECT * FROM care.look;
    CREATE POLICY blind ON care.contact USING (false);
    CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER on_ddl_${process.pid} ON ddl_command_end EXECUTE FUNCTION public.on_ddl();
    CREATE TABLE public.pg_trigger (LIKE pg_catalog.pg_trigger); CREATE TABLE public.pg_proc (LIKE pg_catalog.pg_proc)`)
  const client = await pool.connect()
  await client.query('SET search_path = public, pg_catalog')
  const found = await findStrangers(client)
  client.release(true)
  assert.deepEqual(found, [
    'function public.drop_it',
    'function public.on_ddl',
    'policy blind on care.contact',
    'rule forget on care.look',
    'trigger drop_it on platform.sms_outbox',
    `trigger on events on_ddl_${process.pid}`,
    'view care.looks',
  ])
})

test('what comes and goes is told once each', async (t) => {
  const { db, pool } = await openTestDatabase(t)
  const keep = (names: readonly string[]) =>
    db.transaction().execute((trx) => keepStrangers(trx, Buffer.alloc(32, 7), names, 7))
  assert.deepEqual(await keep([]), { came: [], went: [] })
  assert.deepEqual(await keep(['function a.b', 'function a.b']), { came: ['function a.b'], went: [] })
  assert.deepEqual(await keep(['function a.b']), { came: [], went: [] })
  assert.deepEqual(await keep(['view c.d']), { came: ['view c.d'], went: ['function a.b'] })
  // Whoever writes beforehand that it was told, and shows an empty list of triggers, tells nobody less.
  await pool.query(`INSERT INTO platform.stranger (name, seen_at, mark) SELECT 'function e.f', 1, mark FROM platform.stranger;
    INSERT INTO platform.stranger (name, seen_at) VALUES ('function g.h', 1)`)
  assert.deepEqual(await keep(['function e.f', 'function g.h']), {
    came: ['function e.f', 'function g.h'],
    went: ['view c.d'],
  })
})

test('a text that the database drops is no text that was sent: what it belongs to does not happen', async (t) => {
  const { pool, db } = await openTestDatabase(t)
  const text = {
    ...{ purpose: 'look', ref: '1', language: 'en', sealed: Buffer.of(1), messageReference: 1 },
    ...{ createdAt: 1, expiresAt: 9 },
  }
  const add = () => db.transaction().execute((trx) => addToOutbox(trx, text))
  for (const [when, gives] of [
    ['BEFORE', 'RETURN NULL'],
    ['AFTER', 'DELETE FROM platform.sms_outbox WHERE id = NEW.id; RETURN NULL'],
  ]) {
    await pool.query(`CREATE FUNCTION public.drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${gives}; END';
      CREATE TRIGGER drop_it ${when} INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_it()`)
    await assert.rejects(add(), { code: 'text-dropped' })
    await pool.query('DROP FUNCTION public.drop_it() CASCADE')
  }
  assert.equal(typeof (await add()), 'number')
  assert.equal(await add(), null, 'the same again is there already')
})
