import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { traceEntryBodies } from '../../src/trace/entries.ts'
import { PathView } from '../../src/trace/path-schemas.ts'
import { ASSOCIATE, FRIEND, openTown, THIRI, written } from './open-town.ts'
import { openTrace } from './open-trace.ts'

test('a chain is found with both ends’ logs alone, each an entry, and beside it stands what chance does', async (t) => {
  const desk = await openTrace(t)
  const { thiri, investigator, lookedAt } = await openTown(desk)
  desk.incidents.put({ id: 'case-1', confirmed: true, pathApprovals: ['officer-1', 'officer-2'] })
  const asked = { incident: 'case-1', employee: thiri.id, recipient: written(ASSOCIATE), lookedAt }
  const { status, body } = await desk.ask(investigator, 'POST', '/api/traces/paths', asked)
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(Value.Check(PathView, body))
  assert.deepEqual(
    body.links.map(({ from, to }) => [from.replaceAll(' ', ''), to.replaceAll(' ', '')]),
    [
      [written(THIRI), written(FRIEND)],
      [written(FRIEND), written(ASSOCIATE)],
    ],
  )
  assert.equal(body.logsOpened, 2)
  assert.deepEqual([body.decoys, body.decoysAsGood, body.chanceOfNothing], [2, 1, Number((2 / 3).toFixed(4))])
  const entries = (await desk.ledger.entries({ limit: 200 })).filter(
    ({ kind }) => kind === 'trace-log-opened',
  )
  const whys = entries.map(({ body: says }) => says?.why)
  assert.deepEqual(whys.filter((why) => why === 'decoy').length, 2)
  assert.deepEqual(
    whys.filter((why) => why === 'leak-path').length,
    2 + 3,
    'two logs, and a second for each name',
  )
  assert.ok(entries.every(({ body: says }) => Value.Check(traceEntryBodies['trace-log-opened'], says)))
  const searched = (await desk.ledger.entries({ limit: 5 })).find(({ kind }) => kind === 'path-searched')
  assert.ok(Value.Check(traceEntryBodies['path-searched'], searched?.body))
  const listed = await desk.ask(investigator, 'GET', '/api/traces/paths?incident=case-1')
  assert.deepEqual(listed.body.paths, [body])
})

test('without a confirmed breach and two others’ yes no log is opened for a path', async (t) => {
  const desk = await openTrace(t)
  const { thiri, investigator, lookedAt } = await openTown(desk)
  const ask = async (incident: string, more: object = {}) =>
    (
      await desk.ask(investigator, 'POST', '/api/traces/paths', {
        ...{ incident, employee: thiri.id, recipient: written(ASSOCIATE), lookedAt },
        ...more,
      })
    ).body.code
  desk.incidents.put({ id: 'open' })
  desk.incidents.put({ id: 'confirmed', confirmed: true, pathApprovals: ['officer-1', investigator.id] })
  desk.incidents.put({ id: 'approved', confirmed: true, pathApprovals: ['officer-1', 'officer-2'] })
  assert.equal(await ask('nowhere'), 'incident-not-found')
  assert.equal(await ask('open'), 'incident-not-confirmed')
  assert.equal(await ask('confirmed'), 'path-approvals-missing')
  assert.equal(await ask('approved', { further: true }), 'path-approvals-missing')
  assert.equal(await ask('approved', { recipient: '12' }), 'invalid-request')
  assert.equal(await ask('approved', { recipient: '12345' }), 'path-ends-missing')
  assert.deepEqual(
    (await desk.kinds()).filter((kind) => kind.startsWith('trace') || kind.startsWith('path')),
    [],
  )
})
