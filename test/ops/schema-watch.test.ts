import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../src/platform/log.ts'
import { createMailer } from '../../src/platform/mail.ts'
import { createSchemaWatch } from '../../src/schema-watch.ts'
import { openRoom } from '../staff/open-room.ts'
import { openSmtp } from '../support/smtp-server.ts'

const DROPS = `CREATE FUNCTION public.drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER drop_it BEFORE INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_it()`

async function openWatch(t: Parameters<typeof openRoom>[0], alarmTo: readonly string[]) {
  const opened = await openRoom(t)
  const { database, keys, ledger, notifications, room, parties } = opened
  const smtp = await openSmtp(t)
  const mailer = createMailer({ url: smtp.url, from: 'care@ayeyar.example' })
  t.after(() => mailer?.close())
  const begin = () =>
    createSchemaWatch({
      ...{ db: database.db, pool: database.pool, keys, clock: parties.clock, ledger, notifications },
      ...{ staff: room, mailer, alarmTo, operatorName: 'Test Mobile' },
      log: createLog({ level: 'silent', clock: parties.clock }),
    })
  const told: (string | number | undefined)[] = []
  t.after(
    notifications.subscribe('notice', ({ kind, staffId }) => kind === 'strangers' && told.push(staffId)),
  )
  return { ...opened, begin, mails: smtp.taken, told }
}

test('whoever silences texts in the database does not silence the alarm: people on duty and by mail are told, once', async (t) => {
  const { database, hire, begin, mails, told, kinds } = await openWatch(t, ['privacy@ayeyar.example'])
  const officer = await hire(['privacy-officer'])
  const boss = await hire(['administrator'])
  const watch = begin()
  await watch.look()
  assert.deepEqual([mails.length, await watch.found()], [0, []])

  // The trigger; its name written down beforehand, as if it had been told; and the queue of jobs emptied.
  await database.pool.query(`${DROPS};
    INSERT INTO platform.stranger (name, seen_at) VALUES ('function public.drop_it', 1),
      ('trigger drop_it on platform.sms_outbox', 1)`)
  await watch.look()
  await watch.look()
  assert.equal((await watch.found()).length, 2)
  assert.equal(mails.length, 1, 'told once')
  assert.match(mails[0] ?? '', /To: privacy@ayeyar.example/)
  assert.doesNotMatch(mails[0] ?? '', /drop_it/, 'names that somebody chose are in no mail')
  assert.equal((await kinds()).filter((kind) => kind === 'strangers-found').length, 1)
  await database.pool.query('SELECT 1')
  assert.deepEqual(told.toSorted(), [officer.id, boss.id].toSorted())

  await begin().look()
  assert.equal(mails.length, 2, 'a server that starts tells of what it finds')
  await database.pool.query('DROP FUNCTION public.drop_it() CASCADE')
  await watch.look()
  assert.deepEqual([mails.length, await watch.found()], [2, []])
  assert.equal(
    (await kinds()).filter((kind) => kind === 'strangers-found').length,
    2,
    'its going is an entry',
  )
})

test('a passkey that no enrolment wrote is an alarm, and a mail that was not taken is sent again', async (t) => {
  const { database, hire, begin, mails } = await openWatch(t, ['nobody@ayeyar.example'])
  const boss = await hire(['administrator'])
  const watch = begin()
  await database.pool.query(
    `INSERT INTO staff.passkey (credential_id, staff_id, public_key, counter, transports, added_at)
     VALUES ('theirs', $1, '\\x01', 0, '{}', 1)`,
    [boss.id],
  )
  await watch.look()
  assert.deepEqual(await watch.found(), [`passkey of ${boss.deskName}`])
  assert.equal(mails.length, 0, 'it was refused, and the look goes on')
})
