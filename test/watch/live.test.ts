import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watch } from '../../src/watch/store.ts'
import { DAY, type Hired, HOUR } from '../staff/open-room.ts'
import { lookForCaller, lookOnOnesWord, ok, openWatch, type TestWatch } from './open-watch.ts'

async function deny(care: TestWatch, look: string, by: Hired): Promise<void> {
  const reported = {
    look,
    staffId: by.id,
    deskName: by.deskName,
    office: 'mandalay',
    month: '2026-08',
    purpose: 'bill-clarification',
    channel: 'call',
    confirmedByTelephony: true,
    at: care.time,
  }
  const filed = await care.reports.file(care.subscriber, reported, 'I was at work.')
  assert.ok(!('refused' in filed))
}

test('a look is scored from its entries: a caller explains it, a clerk’s own word does not', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const zaw = await care.hire(['champion'], { team: 'mandalay-2' })
  const honest = await lookForCaller(care, thiri)
  const other = await lookOnOnesWord(care, zaw)
  await care.catchUp()
  const scores = await care.scores()
  assert.equal(scores.get(honest)?.level, 3)
  assert.equal(scores.get(other)?.level, 1)
  const [row] = await watch(care.database.db)
    .selectFrom('watch.look')
    .selectAll()
    .where('id', '=', other)
    .execute()
  const { later, signs } = row!.scored as {
    later: { rows: number; acted: boolean; note: string }
    signs: number[]
  }
  assert.equal(later.rows, 107)
  assert.equal(later.acted, true)
  assert.match(later.note, /^[\w-]{12}$/, 'a note is kept as a digest')
  assert.equal(signs.length, 26)
})

test('the same ledger gives the same scores: after a restart, and from the first entry on', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const zaw = await care.hire(['champion'], { team: 'mandalay-2' })
  await lookForCaller(care, thiri)
  await care.catchUp()
  await (await care.desk.watcher()).keep()
  const late = await lookOnOnesWord(care, zaw)
  await deny(care, late, zaw)
  await care.catchUp()
  const scores = await care.scores()

  await watch(care.database.db).updateTable('watch.look').set({ p: 2, total: -1 }).execute()
  const restarted = await care.secondDesk().watcher()
  assert.ok(restarted.next > 0, 'begins where the state was kept')
  await restarted.catchUp()
  assert.equal((await care.scores()).get(late)?.total, scores.get(late)?.total)

  for (const table of ['watch.state', 'watch.alertLook', 'watch.alert', 'watch.look'] as const)
    await watch(care.database.db).deleteFrom(table).execute()
  const anew = await care.secondDesk().watcher()
  assert.equal(anew.next, 0)
  await anew.catchUp()
  assert.deepEqual(await care.scores(), scores)
})

test('a page that could not be saved is read once more, and counts once', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const zaw = await care.hire(['champion'], { team: 'mandalay-2' })
  await lookForCaller(care, thiri)
  const ask = (sql: string) => care.database.pool.query(sql)
  await ask('ALTER TABLE watch.look ADD CONSTRAINT full_disk CHECK (false)')
  await assert.rejects(care.catchUp(), /full_disk/)
  await ask('ALTER TABLE watch.look DROP CONSTRAINT full_disk')
  await lookOnOnesWord(care, zaw)
  await care.catchUp()
  const scores = await care.scores()
  assert.equal(scores.size, 2)
  for (const table of ['watch.state', 'watch.alertLook', 'watch.alert', 'watch.look'] as const)
    await watch(care.database.db).deleteFrom(table).execute()
  await (await care.secondDesk().watcher()).catchUp()
  assert.deepEqual(await care.scores(), scores)
})

test('an entry that a superuser changed is passed over, and watching goes on behind it', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const zaw = await care.hire(['champion'], { team: 'mandalay-2' })
  const before = await lookForCaller(care, thiri)
  await care.ledger.sequence()
  const { size } = await care.ledger.head()
  await care.database.pool.query('UPDATE ledger.entry SET subject = NULL WHERE index = $1', [size - 1])
  await assert.rejects(care.ledger.entry(size - 1), { code: 'body-broken' })
  const behind = await lookOnOnesWord(care, zaw)
  await care.catchUp()
  const scores = await care.scores()
  assert.ok(scores.has(before))
  assert.equal(scores.get(behind)?.level, 1)
})

test('what the customer denies goes straight to the list, is told from 1 to 3, and a second denial changes nothing', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  const look = await lookForCaller(care, thiri)
  await care.catchUp()
  assert.equal((await ok(care, officer, 'GET', '/api/watch')).alerts.length, 0)
  await deny(care, look, thiri)
  await care.catchUp()
  const { alerts } = await ok(care, officer, 'GET', '/api/watch')
  assert.equal(alerts.length, 1)
  assert.equal(alerts[0].why, 'hard')
  assert.equal(alerts[0].headline.en, `${thiri.deskName} looked at a customer who says it was not for her`)
  assert.equal((await care.scores()).get(look)?.level, 0)
  await care.catchUp()
  assert.equal((await ok(care, officer, 'GET', '/api/watch')).alerts.length, 1)
})

test('a number declared as a friend’s after the look is a hard finding about that look', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const look = await lookForCaller(care, thiri)
  await ok(care, thiri, 'POST', '/api/circle', { kind: 'declared', number: '09791204412' })
  await care.catchUp()
  assert.equal((await care.scores()).get(look)?.hard, 'circle')
})

test('broken glass that nobody justifies in a day is a hard finding; justified in time it is none', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const glass = await ok(care, thiri, 'POST', '/api/care/break-glass', {
    number: '09 791 204 412',
    reason: 'She said that she would hurt herself and hung up.',
  })
  const grants = await care.ledger.entriesBy(thiri.id, { limit: 50 })
  const grant = String(grants.find(({ kind }) => kind === 'grant')?.body?.grant)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await care.catchUp()
  assert.equal((await care.scores()).get(grant)?.hard, null)
  assert.ok(glass)
  care.time += 25 * HOUR
  await care.care.sweep()
  await care.catchUp()
  assert.equal((await care.scores()).get(grant)?.hard, 'unjustified-glass')
})

test('off is off: looks of an office that nobody watches are not scored, and the ledger says why', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  const ask = { office: 'mandalay', reason: 'A court forbade it until the works council is heard.' }
  await ok(care, officer, 'POST', '/api/watch/off', ask)
  assert.equal((await care.ask(officer, 'POST', '/api/watch/off', ask)).body.code, 'watch-already-off')
  const unseen = await lookForCaller(care, thiri)
  await care.catchUp()
  assert.equal((await care.scores()).get(unseen), undefined)
  assert.equal((await ok(care, officer, 'GET', '/api/watch')).off[0].reason, ask.reason)
  await ok(care, officer, 'POST', '/api/watch/on', {
    office: 'mandalay',
    reason: 'The works council agreed.',
  })
  assert.ok((await care.kinds()).join(' ').includes('watch-off'))
})

test('an unexplained look is mentioned the same evening, may be explained, and never when it is asked about', async (t) => {
  const care = await openWatch(t)
  const zaw = await care.hire(['champion'])
  const aye = await care.hire(['champion'], { team: 'mandalay-2' })
  const look = await lookOnOnesWord(care, zaw)
  await care.catchUp()
  assert.equal(await care.desk.speakInTheEvening(), 1)
  assert.equal(await care.desk.speakInTheEvening(), 0, 'once')
  const own = await ok(care, zaw, 'GET', '/api/watch/own')
  assert.equal(own.looks[0].asks, true)
  assert.deepEqual((await ok(care, aye, 'GET', '/api/watch/own')).looks, [])
  const foreign = await care.ask(aye, 'POST', `/api/watch/own/${look}`, { says: 'It was me.' })
  assert.equal(foreign.body.code, 'word-not-found')
  await ok(care, zaw, 'POST', `/api/watch/own/${look}`, { says: 'She stood at the counter with her card.' })
  await care.catchUp()
  const [row] = await watch(care.database.db).selectFrom('watch.look').selectAll().execute()
  assert.equal((row!.scored as { later: { justified: boolean } }).later.justified, true)

  care.time += 40 * DAY
  const second = await care.hire(['champion'], { team: 'mandalay-3' })
  const asked = await lookOnOnesWord(care, second)
  await deny(care, asked, second)
  await care.catchUp()
  assert.equal(await care.desk.speakInTheEvening(), 0, 'no word about what is in the list')
  const quiet = await ok(care, second, 'GET', '/api/watch/own')
  assert.equal(quiet.looks[0].asks, false)
  assert.equal(quiet.looks[0].settled, null)
})

test('a server that watches scores a look by itself, and a second server leaves it to the first', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const other = care.secondDesk()
  care.desk.start()
  other.start()
  const look = await lookForCaller(care, thiri)
  while (!(await care.scores()).has(look)) await care.ledger.sequence()
  assert.equal((await care.scores()).get(look)?.level, 3)
  await care.desk.close()
  await other.close()
})
