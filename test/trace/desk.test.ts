import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import type { E164 } from '../../src/calls/call-record.ts'
import type { SourceRecord } from '../../src/calls/source-record.ts'
import { maskKeysOf } from '../../src/care/parties.ts'
import { traceEntryBodies } from '../../src/trace/entries.ts'
import { digestsOf } from '../../src/trace/mask-keys.ts'
import { TraceView } from '../../src/trace/schemas.ts'
import { file, NUMBER, ok, WRITTEN } from '../care/open-care.ts'
import { lookAt, openTrace } from './open-trace.ts'

const written = (rows: readonly { day: string; start: string; digits: string; lasted: { en: string } }[]) =>
  rows.map(({ day, start, digits, lasted }) => `${day}  ${start}  ${digits}  ${lasted.en}`).join('\n')

test('a list names the look it was copied from, among others’ looks at the same rows, with entries round it', async (t) => {
  const desk = await openTrace(t)
  await desk.daily()
  const [thiri, aye, su] = [
    await desk.hire(['champion']),
    await desk.hire(['champion']),
    await desk.hire(['champion']),
  ]
  desk.time += 60_000
  await lookAt(desk, aye, [1, 2, 3])
  desk.time += 420_000
  const leaked = await lookAt(desk, thiri, [1, 2])
  desk.time += 420_000
  await lookAt(desk, su, [1, 2])
  desk.time += 420_000
  const investigator = await desk.hire(['investigator'])
  desk.incidents.put({ id: 'case-1' })
  const list = written(leaked.rows.slice(0, 40))

  const read = await ok(desk, investigator, 'POST', '/api/traces/readings', { text: list })
  assert.deepEqual(read.reading.columns.slice(0, 4), ['day', 'time', 'party', 'length'])
  const answer = await ok(desk, investigator, 'POST', '/api/traces', {
    text: list,
    incident: 'case-1',
    subject: WRITTEN,
  })
  assert.ok(Value.Check(TraceView, answer))
  assert.equal(answer.verdict, 'named')
  assert.deepEqual(
    answer.named.map(({ deskName, looks }: { deskName: string; looks: string[] }) => [deskName, looks]),
    [[thiri.deskName, [leaked.grant]]],
  )
  assert.match(
    answer.headline.en,
    new RegExp(`^The list came from the look of 12 September 2026 at \\d\\d:\\d\\d by ${thiri.deskName}\\.$`),
  )
  assert.equal(answer.how.matched, 40)
  assert.equal(answer.among, 3)
  assert.ok(answer.rows.every(({ says }: { says: string }) => says === 'fits'))
  assert.equal(answer.circumstances?.confirmedByTelephony, true)
  assert.match(answer.court.en, /^40 of the 40 rows agree .* not the person who passed it on\.$/)

  const begun = await desk.ledger.entry(answer.begunEntry)
  const answered = await desk.ledger.entry(answer.answeredEntry)
  assert.equal(begun.kind, 'trace-begun')
  assert.equal(begun.header.kind, 'other', 'nobody reads from the public part that a log is traced')
  assert.equal(begun.body?.listDigest, createHash('sha256').update(list).digest('hex'))
  assert.equal(answered.kind, 'trace-answered')
  const between = (await desk.ledger.entries({ limit: 500 }))
    .filter(({ index }) => index > begun.index && index < answered.index)
    .map(({ kind }) => kind)
  assert.deepEqual(between, ['trace-log-opened'])
  for (const { kind, body } of [begun, answered])
    assert.ok(Value.Check(traceEntryBodies[kind as keyof typeof traceEntryBodies], body), kind)

  const committed = await desk.ledger.entry(answer.keysCommittedEntry ?? -1)
  assert.deepEqual(committed.body?.digests, digestsOf(maskKeysOf(desk.keys)))
  const again = await ok(desk, investigator, 'GET', `/api/traces/${answer.id}`)
  assert.deepEqual(again, answer)
  const listed = await ok(desk, investigator, 'GET', '/api/traces?incident=case-1')
  assert.equal(listed.traces.length, 1)
})

test('a trace needs an open incident, an investigator, and one whom the incident is not about', async (t) => {
  const desk = await openTrace(t)
  const thiri = await desk.hire(['champion'])
  const investigator = await desk.hire(['investigator'])
  const ask = (who: typeof thiri, incident: string) =>
    desk.ask(who, 'POST', '/api/traces', { text: '14/8 19:02 •4•1••• 8m', incident, subject: WRITTEN })
  desk.incidents.put({ id: 'closed', open: false })
  desk.incidents.put({ id: 'about-her', involved: [investigator.id] })
  desk.incidents.put({ id: 'open' })
  const codes = []
  for (const [who, incident] of [
    [thiri, 'open'],
    [investigator, 'nowhere'],
    [investigator, 'closed'],
    [investigator, 'about-her'],
  ] as const)
    codes.push((await ask(who, incident)).body.code)
  assert.deepEqual(codes, ['not-in-role', 'incident-not-found', 'incident-not-open', 'incident-about-you'])
  assert.deepEqual(
    (await desk.kinds()).filter((kind) => kind.startsWith('trace')),
    [],
  )
  const { body } = await ask(investigator, 'open')
  assert.equal(body.verdict, 'cannot-tell')
  assert.equal(body.why, 'no-look')
})

test('promise 1: without its entry in the tree no mask key is opened and no log is read', async (t) => {
  const desk = await openTrace(t)
  const investigator = await desk.hire(['investigator'])
  desk.incidents.put({ id: 'case-1' })
  const { pool } = desk.database
  await pool.query(
    `CREATE FUNCTION ledger.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no' ; END $$`,
  )
  await pool.query(
    'CREATE TRIGGER stop BEFORE INSERT ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.stop()',
  )
  const answer = await desk.ask(investigator, 'POST', '/api/traces', {
    text: '14/8 19:02 •4•1••• 8m',
    incident: 'case-1',
    subject: WRITTEN,
  })
  assert.deepEqual([answer.status, answer.body.code], [503, 'ledger-unavailable'])
  const { rows } = await pool.query('SELECT count(*)::int AS n FROM trace.trace')
  assert.equal(rows[0].n, 0)
})

test('a rendering that is not what its entry commits to stops the trace', async (t) => {
  const desk = await openTrace(t)
  const thiri = await desk.hire(['champion'])
  const investigator = await desk.hire(['investigator'])
  const { rows } = await lookAt(desk, thiri, [1, 2])
  desk.time += 60_000
  desk.incidents.put({ id: 'case-1' })
  // Two pages of one look change places: each opens, neither is what its entry says.
  await desk.database.pool.query(
    `UPDATE care.rendering r SET sealed = o.sealed FROM care.rendering o
      WHERE r.look = o.look AND r.entry <> o.entry AND length(r.sealed) <> length(o.sealed)`,
  )
  const answer = await desk.ask(investigator, 'POST', '/api/traces', {
    text: written(rows),
    incident: 'case-1',
    subject: WRITTEN,
  })
  assert.equal(answer.status, 500)
})

test('the subject is found by the logs of the numbers that stand in the list, each opening an entry', async (t) => {
  const desk = await openTrace(t)
  const numbers = ['+959791000081', '+959791000082'] as E164[]
  for (const number of numbers) await desk.register({ number, secret: null })
  const at = (day: number) => Date.UTC(2026, 7, day, 3, 0, 5) / 1000
  const call = (number: E164, day: number): SourceRecord => ({
    caller: { kind: 'number', number: NUMBER },
    called: { kind: 'number', number },
    kind: 'voice',
    answered: true,
    start: at(day),
    durationSeconds: 95,
    bytes: null,
    callerCell: null,
    calledCell: null,
    chargeMilli: 40_000,
    currency: 'MMK',
    tariff: null,
    reference: null,
    served: 'both',
  })
  await file(desk, [call(numbers[0]!, 20), call(numbers[1]!, 21)])
  const investigator = await desk.hire(['investigator'])
  desk.incidents.put({ id: 'case-1' })
  const first = '20/8/2026 09:30:05 09791000081 1:35\n'
  const refused = await desk.ask(investigator, 'POST', '/api/traces', { text: first, incident: 'case-1' })
  assert.equal(refused.body.code, 'subject-not-found', 'one log is no second witness')
  const both = `${first}21/8/2026 09:30 09791000082 2 min\n22/8/2026 10:00 09250000999 1 min\n`
  const answer = await ok(desk, investigator, 'POST', '/api/traces', { text: both, incident: 'case-1' })
  assert.deepEqual([answer.how.subject, answer.how.logsOpened, answer.how.matched], ['found', 3, 2])
  const whys = (await desk.ledger.entries({ limit: 500 })).flatMap(({ kind, body }) =>
    kind === 'trace-log-opened' ? [body?.why] : [],
  )
  assert.deepEqual(whys.toSorted(), ['find-subject', 'find-subject', 'find-subject', 'match-rows'])
})

test('mask keys are committed to once a day, however often it is asked', async (t) => {
  const desk = await openTrace(t)
  await desk.daily()
  await desk.trace.commitMaskKeys()
  desk.time += 86_400_000
  await desk.daily()
  const kinds = (await desk.kinds()).filter((kind) => kind === 'mask-keys-committed')
  assert.equal(kinds.length, 2)
})

test('hostile lists are refused in words', async (t) => {
  const desk = await openTrace(t)
  const investigator = await desk.hire(['investigator'])
  const codeOf = async (body: object) =>
    (await desk.ask(investigator, 'POST', '/api/traces/readings', body)).body.code
  assert.equal(await codeOf({ text: 'hello\nworld\n' }), 'list-empty')
  assert.equal(await codeOf({ text: '1/8 10:00 4m\n'.repeat(5002) }), 'list-too-long')
  assert.equal(await codeOf({}), 'list-twice')
  assert.equal(await codeOf({ text: 'a', workbook: 'aaaa' }), 'list-twice')
  assert.equal(
    await codeOf({ workbook: Buffer.from('PK\u0003\u0004 not a workbook').toString('base64') }),
    'list-unreadable',
  )
  assert.equal(
    await codeOf({ workbook: Buffer.from([0xff, 0x00, 0x81]).toString('base64') }),
    'list-unreadable',
  )
})

test('whoever runs the machine needs an open incident too, and stands in the entries as such', async (t) => {
  const desk = await openTrace(t)
  const by = { system: 'command line' }
  const bytes = Buffer.from('14/8/2026;19:02;•4•1•••;8:02\n14/8/2026;19:11;•••12••;6:00\n')
  desk.incidents.put({ id: 'closed', open: false })
  const refused = await desk.trace.trace(by, { bytes, incident: 'closed', subject: WRITTEN })
  assert.ok('refused' in refused && refused.code === 'incident-not-open')
  const { subject, tenure } = desk.subscriber
  desk.incidents.put({ id: 'case-1', subject: { subject, tenure } })
  const answer = await desk.trace.trace(by, { bytes, incident: 'case-1' })
  assert.ok(!('refused' in answer))
  assert.deepEqual([answer.verdict, answer.why, answer.how.subject], ['cannot-tell', 'no-look', 'incident'])
  const begun = await desk.ledger.entry(answer.begunEntry)
  assert.deepEqual([begun.body?.by, begun.actor], [by, null])
})
