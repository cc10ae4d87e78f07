import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hired } from '../staff/open-room.ts'
import { lookForCaller, ok, openWatch, type TestWatch } from './open-watch.ts'

/** A look that its customer denies, and its alert. */
async function deniedLook(care: TestWatch, by: Hired): Promise<string> {
  const look = await lookForCaller(care, by)
  const filed = await care.reports.file(
    care.subscriber,
    {
      look,
      staffId: by.id,
      deskName: by.deskName,
      office: 'mandalay',
      month: '2026-08',
      purpose: 'bill-clarification',
      channel: 'call',
      confirmedByTelephony: true,
      at: care.time,
    },
    '',
  )
  assert.ok(!('refused' in filed))
  await care.catchUp()
  return look
}

const FINE = { verdict: 'fine', says: 'Her husband had rung for her.' }
const INCIDENT = { verdict: 'incident', says: 'Nobody rang; he has no answer.' }

test('a card has reasons, what speaks for the person, the look as it was; who opened it is in the ledger', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  await deniedLook(care, thiri)
  const { alerts } = await ok(care, officer, 'GET', '/api/watch')
  const card = await ok(care, officer, 'POST', `/api/watch/alerts/${alerts[0].id}/opening`, {})
  assert.ok(card.reasons.length >= 1 && card.reasons.length <= 3)
  for (const { says } of card.reasons)
    assert.match(says.en, /too few to say/, 'a rate of three looks is none')
  assert.ok(card.speaksFor.en.length > 10)
  const told = card.asItWas.map(({ says }: { says: { en: string } }) => says.en)
  assert.ok(told.some((line: string) => line.startsWith('Contact opened; the telephone exchange')))
  assert.ok(told.some((line: string) => /^Shown: rows, 7 rows/.test(line)))
  assert.equal(card.pair.length, 1)
  assert.ok(!JSON.stringify(card).includes('791204412'), 'no number')
  const opened = (await care.ledger.entriesBy(officer.id, { limit: 10 })).find(
    ({ kind }) => kind === 'watch-alert-opened',
  )
  assert.equal(opened?.body?.alert, alerts[0].id)
  assert.equal(opened?.header.kind, 'other')
})

test('nobody judges themselves or their own office; a champion sees neither list nor card', async (t) => {
  const care = await openWatch(t)
  const both = await care.hire(['champion', 'investigator'])
  const neighbour = await care.hire(['privacy-officer'], { team: 'mandalay-9' })
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  const champion = await care.hire(['champion'])
  await deniedLook(care, both)
  const [alert] = (await ok(care, officer, 'GET', '/api/watch')).alerts
  assert.deepEqual((await ok(care, both, 'GET', '/api/watch')).alerts, [])
  assert.equal(
    (await care.ask(both, 'POST', `/api/watch/alerts/${alert.id}/opening`, {})).body.code,
    'alert-not-found',
  )
  assert.equal(
    (await care.ask(both, 'POST', `/api/watch/alerts/${alert.id}/verdict`, FINE)).body.code,
    'alert-own',
  )
  const near = await care.ask(neighbour, 'POST', `/api/watch/alerts/${alert.id}/verdict`, FINE)
  assert.equal(near.body.code, 'alert-own-office')
  assert.match((await ok(care, neighbour, 'GET', '/api/watch')).alerts[0].blocked.en, /own office/)
  assert.equal((await care.ask(champion, 'GET', '/api/watch')).status, 403)
  assert.equal((await care.ask(null, 'GET', '/api/watch')).status, 401)
})

test('a verdict settles once; an incident waits for the incident room; precision counts it', async (t) => {
  const care = await openWatch(t)
  const thiri = await care.hire(['champion'])
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  await deniedLook(care, thiri)
  const [alert] = (await ok(care, officer, 'GET', '/api/watch')).alerts
  const given = await ok(care, officer, 'POST', `/api/watch/alerts/${alert.id}/verdict`, INCIDENT)
  assert.deepEqual(given, { state: 'settled', verdict: 'incident' })
  const again = await care.ask(officer, 'POST', `/api/watch/alerts/${alert.id}/verdict`, FINE)
  assert.equal(again.body.code, 'alert-settled')
  const view = await ok(care, officer, 'GET', '/api/watch')
  assert.deepEqual(view.alerts, [])
  assert.deepEqual([view.precision.of, view.precision.led, view.precision.last], [1, 1, ['incident']])
  assert.deepEqual(
    (await care.desk.handovers()).map((one) => one.alert),
    [alert.id],
  )
  const verdict = (await care.ledger.entriesBy(officer.id, { limit: 5 })).find(
    ({ kind }) => kind === 'watch-verdict',
  )
  assert.equal(verdict?.header.outcome, 'incident')
  assert.equal(verdict?.body?.says, INCIDENT.says)
  await care.catchUp()
  const taken = await care.database.db
    .transaction()
    .execute((trx) => care.desk.takeHandover(trx, alert.id, 'case-1'))
  assert.equal(taken, true)
  assert.deepEqual(await care.desk.handovers(), [])
})

test('about a supervisor two people say the same; one alone cannot', async (t) => {
  const care = await openWatch(t)
  const boss = await care.hire(['champion', 'supervisor'])
  const first = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1' })
  const second = await care.hire(['investigator'], { office: 'yangon', team: 'yangon-2' })
  await deniedLook(care, boss)
  const [alert] = (await ok(care, first, 'GET', '/api/watch')).alerts
  assert.equal(alert.supervisor, true)
  const url = `/api/watch/alerts/${alert.id}/verdict`
  assert.equal((await ok(care, first, 'POST', url, FINE)).state, 'proposed')
  assert.equal(
    (await ok(care, first, 'POST', url, INCIDENT)).state,
    'proposed',
    'may change their mind, alone',
  )
  assert.equal((await care.ask(second, 'POST', url, FINE)).body.code, 'verdicts-differ')
  assert.equal((await ok(care, second, 'POST', url, INCIDENT)).state, 'settled')
})
