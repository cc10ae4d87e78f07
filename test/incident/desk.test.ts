import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNTS } from '../../src/accounts.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { heldSubjects } from '../../src/vault/holds.ts'
import { runOn } from '../../src/vault/store.ts'
import { MONTH, ok, WRITTEN } from '../care/open-care.ts'
import { HOUR } from '../staff/open-room.ts'
import { lookAt } from '../trace/open-trace.ts'
import { crewOf, openIncidents, type TestIncident } from './open-incident.ts'

const says = 'As it stands in the file of the case.'

/** One champion looks for a caller, another one too; the first one's list turns up. */
async function leak(house: TestIncident) {
  await house.trace.commitMaskKeys()
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const su = await house.hire(['champion'], { name: 'Su' })
  house.time += 60_000
  const leaked = await lookAt(house, thiri, [1, 2])
  house.time += 300_000
  await lookAt(house, su, [1, 2])
  house.time += 2 * HOUR
  const list = leaked.rows
    .slice(0, 30)
    .map(
      ({ day, start, digits, lasted }) =>
        `${Number(day.slice(8))}/${Number(day.slice(5, 7))} ${start} ${digits} ${lasted.en}`,
    )
    .join('\n')
  return { thiri, leaked, list }
}

/** She says "that was not me" of the first look. */
async function notMe(house: TestIncident, thiri: { id: string; deskName: string }, grant: string) {
  const filed = await house.reports.file(
    house.subscriber,
    {
      look: grant,
      staffId: thiri.id,
      deskName: thiri.deskName,
      office: 'mandalay',
      month: MONTH,
      purpose: 'bill-clarification',
      channel: 'call',
      confirmedByTelephony: true,
      at: house.time - 2 * HOUR,
    },
    'My business associate has a list of my calls.',
  )
  assert.ok('id' in filed)
  return filed.id
}

test('from her "not me" to the close: the list leads to its look, and everything is an entry', async (t) => {
  const house = await openIncidents(t)
  const { thiri, leaked, list } = await leak(house)
  const report = await notMe(house, thiri, leaked.grant)
  const { privacy, investigator, counsel } = await crewOf(house)
  const opening = { origin: 'not-me', title: 'A list of August calls left', says: '', ref: report }
  const { id, serial } = await ok(house, privacy, 'POST', '/api/incidents', opening)
  assert.equal(serial, '2026-09-001')
  const again = await house.ask(privacy, 'POST', '/api/incidents', opening)
  assert.equal(again.body.code, 'origin-taken')
  const act = (who: typeof privacy, body: object) =>
    ok(house, who, 'POST', `/api/incidents/${id}/steps`, body)

  const begun = await ok(house, privacy, 'GET', `/api/incidents/${id}`)
  assert.deepEqual(
    begun.involved.map((one: { staff: string }) => one.staff),
    [thiri.id],
  )
  assert.equal(begun.holds, 1, 'her log is held from the first moment')

  const traced = await ok(house, investigator, 'POST', '/api/traces', { text: list, incident: serial })
  assert.equal(traced.verdict, 'named')
  assert.equal(traced.serial, serial)
  const traces = await ok(house, investigator, 'GET', `/api/traces?incident=${serial}`)
  assert.equal(traces.traces.length, 1)

  const screen = await house.signIn(thiri.id)
  assert.equal((await house.room.sessions.facts(screen))?.status, 'active')
  const frozen = await ok(house, privacy, 'POST', `/api/incidents/${id}/freezes`, { person: thiri.id, says })
  assert.ok(frozen.sessionsEnded >= 1)
  assert.equal(await house.room.sessions.facts(screen), null)
  const held = await heldSubjects(
    runOn(house.database.pool),
    [house.subscriber.subject],
    { from: 0, until: 4_000_000_000 },
    house.time,
  )
  assert.equal(held.size, 1)

  await act(privacy, { do: 'triage', says })
  await act(privacy, { do: 'determine', finding: 'breach', says })
  const alone = await house.ask(privacy, 'POST', `/api/incidents/${id}/steps`, {
    do: 'determine',
    finding: 'breach',
    says,
  })
  assert.equal(alone.body.code, 'finding-needs-another')
  assert.equal((await act(investigator, { do: 'determine', finding: 'breach', says })).state, 'confirmed')

  const path = { incident: id, employee: thiri.id, recipient: WRITTEN, lookedAt: house.time - 2 * HOUR }
  const before = await house.ask(investigator, 'POST', '/api/traces/paths', path)
  assert.equal(before.body.code, 'path-approvals-missing')
  for (const who of [privacy, counsel])
    await ok(house, who, 'POST', `/api/incidents/${id}/approvals`, { further: false, says })
  const allowed = await house.ask(investigator, 'POST', '/api/traces/paths', path)
  assert.equal(allowed.body.code, 'path-ends-missing', 'allowed; she has declared no number of her own')

  await act(privacy, { do: 'contain', says })
  const open = await house.ask(privacy, 'POST', `/api/incidents/${id}/steps`, { do: 'end-notices', says })
  assert.equal(open.body.code, 'notices-open')
  for (const clock of ['mm-authority', 'mm-customer'])
    await act(privacy, { do: 'notice', clock, outcome: 'sent', says })
  await act(privacy, { do: 'end-notices', says })
  await act(privacy, { do: 'refer', says })
  await act(privacy, { do: 'proceed', says })
  const undecided = await house.ask(investigator, 'POST', `/api/incidents/${id}/steps`, { do: 'close', says })
  assert.equal(undecided.body.code, 'employment-open')
  const personnel = await house.hire(['administrator'], { name: 'Zin Mar', office: 'yangon', team: 'people' })
  await ok(house, personnel, 'POST', `/api/employments/${id}/people/${thiri.id}/steps`, {
    ...{ do: 'decide', outcome: 'no-action', clauses: { contract: '9', code: '2' }, says },
  })
  const closed = await act(investigator, { do: 'close', says })
  assert.deepEqual([closed.state, closed.holds], ['closed', 0])
  const late = await house.ask(investigator, 'POST', '/api/traces', { text: list, incident: id })
  assert.equal(late.body.code, 'incident-not-open')
  const reopened = await act(privacy, { do: 'reopen', says })
  assert.ok(reopened.holds >= 2, 'held again, with what was shown to the frozen person')

  await house.ledger.sequence()
  const verdict = await verifyState({
    pool: house.database.pool,
    sealer: house.keys.sealer,
    accounts: ACCOUNTS,
  })
  assert.deepEqual(verdict.findings, [])
  const headers = (await house.ledger.entries({ limit: 500 })).filter(({ kind }) =>
    kind.startsWith('incident'),
  )
  assert.ok(headers.some(({ header }) => header.kind === 'incident-opened' && header.caseSerial === serial))
  for (const { header } of headers) assert.ok(!JSON.stringify(header).includes(thiri.deskName))
  await house.database.pool.query(`UPDATE incident.incident SET state = 'unfounded'`)
  const tampered = await verifyState({
    pool: house.database.pool,
    sealer: house.keys.sealer,
    accounts: ACCOUNTS,
  })
  assert.deepEqual(
    tampered.findings.map(({ account }) => account),
    ['states of incidents', 'states of incidents'],
  )
})

test('exposure says which rows of whom were shown, what was not, and refuses what the ledger does not hold', async (t) => {
  const house = await openIncidents(t)
  const { thiri, leaked } = await leak(house)
  const { privacy, counsel } = await crewOf(house)
  const { id } = await ok(house, privacy, 'POST', '/api/incidents', {
    origin: 'press',
    title: 'A newspaper has a list',
    says: 'An editor called and read three rows to us.',
    number: WRITTEN,
  })
  const ask = { person: thiri.id, from: 0, until: house.time }
  const url = `/api/incidents/${id}/exposures`
  assert.equal((await house.ask(privacy, 'POST', url, ask)).body.code, 'not-involved')
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, {
    do: 'name',
    deskName: thiri.deskName,
    ground: 'Found by the trace of the list.',
  })
  const seen = await ok(house, counsel, 'POST', url, ask)
  assert.equal(seen.customers.length, 1)
  assert.equal(seen.customers[0].number.replaceAll(' ', ''), WRITTEN.replaceAll(' ', ''))
  const [look] = seen.customers[0].looks
  assert.equal(look.grant, leaked.grant)
  assert.deepEqual(
    look.rows.map((row: { day: string; start: string; digits: string | null }) => [
      row.day,
      row.start,
      row.digits,
    ]),
    leaked.rows.map(({ day, start, digits }) => [day, start, digits]),
  )
  assert.equal(seen.totals.rows, leaked.rows.length)
  assert.equal(seen.totals.fullNumbers, 0)
  assert.ok(seen.totals.digitsMost <= 3)
  assert.equal(seen.disclosures, 3, 'the bill and two pages')
  const not = Object.fromEntries(seen.not.map((one: { what: string }) => [one.what, one]))
  assert.equal(not.content.because, 'never-held')
  assert.equal(not.places.because, 'not-in-field-set')
  assert.equal(not['other-rows'].count, look.rowsTotal - leaked.rows.length)
  assert.deepEqual(not['other-months'].months, [MONTH])
  const none = await ok(house, counsel, 'POST', url, { ...ask, until: house.time - 20 * HOUR })
  assert.deepEqual([none.customers, none.disclosures], [[], 0])

  await house.database.pool.query(
    'DELETE FROM care.rendering WHERE ctid = (SELECT min(ctid) FROM care.rendering)',
  )
  const broken = await house.ask(counsel, 'POST', url, ask)
  assert.equal(broken.status, 500, 'a rendering that is gone is never answered around')
})

test('a case about oneself does not exist for oneself, and the watch hands its verdicts over once', async (t) => {
  const house = await openIncidents(t)
  const { privacy, investigator } = await crewOf(house)
  const other = await house.hire(['privacy-officer'], { name: 'Nilar', office: 'mandalay' })
  const { id } = await ok(house, privacy, 'POST', '/api/incidents', {
    origin: 'colleague',
    title: 'A colleague saw a photograph of a screen',
    says: 'Somebody in the canteen showed it.',
  })
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, {
    do: 'name',
    deskName: other.deskName,
    ground: 'The photograph shows her desk.',
  })
  assert.equal((await house.ask(other, 'GET', `/api/incidents/${id}`)).body.code, 'incident-not-found')
  assert.deepEqual((await ok(house, other, 'GET', '/api/incidents')).incidents, [])
  assert.equal((await ok(house, investigator, 'GET', '/api/incidents')).incidents.length, 1)
  const mine = await house.ask(privacy, 'POST', `/api/incidents/${id}/steps`, {
    do: 'name',
    deskName: privacy.deskName,
    ground: 'Nobody may do this.',
  })
  assert.equal(mine.body.code, 'not-yourself')
  const unknown = await house.ask(privacy, 'POST', '/api/incidents', {
    origin: 'watch',
    title: 'From the watch',
    says: '',
    ref: '00'.repeat(12),
  })
  assert.equal(unknown.body.code, 'origin-not-found')
  const alert = 'ab'.repeat(12)
  await house.database.pool.query(
    `INSERT INTO watch.alert (id, staff, subject, office, supervisor, why, p, opened_at, verdict)
     VALUES ($1, $2, $3, 'mandalay', false, 'score', 0.001, 1, 'incident')`,
    [alert, other.id, house.subscriber.subject],
  )
  await house.database.pool.query('INSERT INTO watch.handover (alert, at) VALUES ($1, $2)', [
    alert,
    house.time,
  ])
  assert.equal((await ok(house, privacy, 'GET', '/api/incidents')).waiting.length, 1)
  assert.equal((await ok(house, other, 'GET', '/api/incidents')).waiting.length, 0)
  const handed = { origin: 'watch', title: 'A look that the watch found', says: '', ref: alert }
  const taken = await ok(house, privacy, 'POST', '/api/incidents', handed)
  const fromWatch = await ok(house, privacy, 'GET', `/api/incidents/${taken.id}`)
  assert.deepEqual(
    fromWatch.involved.map((one: { staff: string }) => one.staff),
    [other.id],
  )
  assert.equal(fromWatch.subjectKnown, true)
  assert.equal((await ok(house, privacy, 'GET', '/api/incidents')).waiting.length, 0)
  assert.equal((await house.ask(privacy, 'POST', '/api/incidents', handed)).body.code, 'origin-taken')
  const contain = await house.ask(privacy, 'POST', `/api/incidents/${id}/steps`, { do: 'contain', says })
  assert.equal(contain.body.code, 'not-now')
})
