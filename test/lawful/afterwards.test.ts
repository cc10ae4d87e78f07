import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { XMLParser } from 'fast-xml-parser'
import { readArchive } from '../../src/lawful/archive.ts'
import { E } from '../../src/lawful/etsi-names.ts'
import { writeMessage } from '../../src/lawful/etsi-write.ts'
import { digestOf } from '../../src/lawful/package.ts'
import type { Filing } from '../../src/lawful/request.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { runRetention } from '../../src/vault/retention.ts'
import { type Hired, ORIGIN } from '../staff/open-room.ts'
import { REASONS } from './cases.ts'
import {
  AUGUST,
  asked,
  bothKeys,
  type Crew,
  check,
  DAY_S,
  filed,
  HANDOVER_SECRET,
  ok,
  openLawful,
  passed,
  registerKey,
  scopeOf,
  type TestLawful,
  wait,
} from './open-lawful.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

test('what comes after a ruling, and beside the way', { timeout: 240_000 }, async (t) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  const identity = await generateIdentity()
  const directory = mkdtempSync(join(tmpdir(), 'countersign-handover-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'key.txt'), `${identity}\n`)
  await registerKey(open, crew, await identityToRecipient(identity))
  await t.test('a machine’s request goes the whole way, and HI-B gives a package that age opens', () =>
    handover(open, crew, directory),
  )
  await t.test('an emergency that the review does not confirm is not given out again, and is told', () =>
    notConfirmed(open, crew),
  )
  await t.test('a review that nobody makes alarms when its clock has run out', () => unreviewed(open, crew))
  await t.test('withdrawn at any step before delivery, and never after', () => withdrawn(open, crew))
  await t.test('what is taken under threat ends the request, wakes counsel, and is counted apart', () =>
    duress(open, crew),
  )
  await t.test('the archive is opened again only with a reason that can be read', () => reopened(open, crew))
  await t.test('retention ends the month but for what a request named, and that too when its hold ends', () =>
    retained(open, crew),
  )
})

/** A message to the regulator's own address of the interface. */
async function post(open: TestLawful, payload: string) {
  const answer = await open.app.inject({
    method: 'POST',
    url: '/api/regulator/handover',
    headers: {
      authorization: `Bearer ${HANDOVER_SECRET.toString('base64url')}`,
      'content-type': 'application/xml',
    },
    payload,
  })
  const { [E.message]: message } = new XMLParser({ parseTagValue: false }).parse(answer.body)
  const [name = ''] = Object.keys(message[E.payload])
  return { status: answer.statusCode, name, says: message[E.payload][name], header: message[E.header] }
}

/** The filing as a sending program writes it: the same names, times in ISO 8601. */
function inXml(open: TestLawful, requestNumber: string) {
  const {
    identifiers,
    fields,
    secrecyUntil: _,
    threatToLife: __,
    requestNumber: ___,
    ...rest
  } = asked(open.time)
  const iso = (s: number) => new Date(s * 1000).toISOString().replace('.000', '')
  const head = { countryCode: 'MM', organisation: 'ptd', requestNumber, provider: 'x', at: open.time }
  const national = {
    ...rest,
    identifiers: {
      identifier: identifiers.map((one) => ({ ...one, from: iso(one.from), until: iso(one.until) })),
    },
    fields: { field: [...fields] },
  }
  const message = (name: string) => writeMessage(head, name, {})
  return {
    request: writeMessage(head, E.request, { [E.priority]: 'routine', [E.national]: national as never }),
    message,
  }
}

async function handover(open: TestLawful, crew: Crew, directory: string): Promise<void> {
  const { request, message } = inXml(open, 'API-WHOLE')
  const acknowledged = await post(open, request)
  assert.equal(acknowledged.name, E.requestAcknowledgement)
  assert.equal(acknowledged.header[E.requestId][E.requestNumber], 'API-WHOLE')
  assert.match(acknowledged.says[E.suggestedTime], /^2026-/)
  const again = await post(open, request)
  assert.deepEqual(
    [again.status, again.says[E.errorInformation][E.errorCode]],
    [422, 'filed-before'],
    'the same number twice is the same request',
  )
  const { requests } = await ok(open, crew.filer, 'GET', '/api/regulator/requests')
  const { id } = requests.find(({ filing }: { filing: Filing }) => filing.requestNumber === 'API-WHOLE')
  // A machine filed it, so the officer who usually files may filter it.
  await letThrough(open, crew.filer, id)
  const early = await post(open, message(E.responseAcknowledgement))
  assert.deepEqual([early.name, early.says[E.errorInformation][E.errorCode]], [E.error, 'not-now'])
  await deliver(open, crew, id)
  const status = await post(open, message(E.getStatus))
  assert.equal(status.says[E.requestStatus], 'responseComplete')
  const results = await post(open, message(E.getResults))
  assert.deepEqual(
    [results.name, results.says[E.responseStatus], results.says[E.responseNumber]],
    [E.response, 'responseComplete', '1'],
  )
  const file = join(directory, 'package.age')
  const bytes = Buffer.from(results.says[E.nationalResponse].content, 'base64')
  writeFileSync(file, bytes)
  const opened = execFileSync('age', ['-d', '-i', join(directory, 'key.txt'), file])
  assert.deepEqual(
    readArchive(opened).map(({ name }) => name),
    ['response.xml', 'records.csv', 'letter.pdf', 'manifest.txt'],
  )
  const view = await ok(open, crew.filer, 'GET', `/api/regulator/requests/${id}`)
  assert.equal(view.package.digest, digestOf(bytes))
  assert.equal((await post(open, message(E.responseAcknowledgement))).name, E.status)
  const late = await post(open, message(E.cancel))
  assert.deepEqual([late.name, late.says[E.errorInformation][E.errorCode]], [E.error, 'not-now'])
  const closed = await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/closing`, {})
  assert.equal(closed.state, 'closed')
}

async function letThrough(open: TestLawful, officer: Hired, id: string): Promise<void> {
  await ok(open, officer, 'POST', `/api/regulator/requests/${id}/taking`, {})
  const passing = { outcome: 'passed', reason: REASONS }
  await ok(open, officer, 'POST', `/api/regulator/requests/${id}/filter`, passing)
}

/** Standards, both keys, production and release of a request that has passed the filter. */
async function deliver(
  open: TestLawful,
  crew: Crew,
  id: string,
  noes: readonly string[] = [],
): Promise<void> {
  await approve(open, crew, id, noes)
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
}

async function approve(
  open: TestLawful,
  crew: Crew,
  id: string,
  noes: readonly string[] = [],
): Promise<void> {
  await check(open, crew.investigator, id, noes)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await bothKeys(open, crew, id, scopeOf(view))
}

async function deliveredEmergency(open: TestLawful, crew: Crew, requestNumber: string): Promise<string> {
  const until = Math.floor(open.time / 1000)
  const id = await passed(open, crew, {
    requestNumber,
    urgency: 'emergency',
    paper: null,
    threatToLife: 'A child of nine has been missing since six this morning.',
    secrecyUntil: null,
    identifiers: [{ type: 'msisdn', value: '09 791 204 412', role: 'victim', from: until - 6 * 3600, until }],
  })
  await deliver(open, crew, id, ['V6'])
  return id
}

async function notConfirmed(open: TestLawful, crew: Crew): Promise<void> {
  const id = await deliveredEmergency(open, crew, 'URGENT-NOT')
  const reviewer = await open.hire(['privacy-officer'], { name: 'Mya Mya' })
  const url = `/api/lawful/requests/${id}/after-review`
  const finding = (name: string) => ({
    finding: name,
    reasons: 'Nobody at the station knows of a missing child.',
  })
  const own = await open.ask(crew.privacy, 'POST', url, finding('confirmed'))
  assert.equal(own.body.code, 'reviews-own-ruling')
  const role = await open.ask(crew.investigator, 'POST', url, finding('confirmed'))
  assert.equal(role.body.code, 'not-in-role')
  const soon = await open.ask(reviewer, 'POST', url, finding('confirmed'))
  assert.equal(soon.body.code, 'paper-missing')
  const before = await ok(open, crew.filer, 'GET', `/api/regulator/requests/${id}`)
  assert.equal(before.afterReview, null)
  const page = await ok(open, reviewer, 'POST', url, finding('not-confirmed'))
  assert.deepEqual([page.afterReview.finding, page.afterReview.by.name], ['not-confirmed', 'Mya Mya'])
  const theirs = await ok(open, crew.filer, 'GET', `/api/regulator/requests/${id}`)
  assert.equal(theirs.afterReview, 'not-confirmed')
  assert.equal(
    JSON.stringify(theirs).includes('Nobody at the station'),
    false,
    'reasons stay with the operator',
  )
  const fetched = await open.ask(crew.filer, 'GET', `/api/regulator/requests/${id}/package`)
  assert.deepEqual([fetched.status, fetched.body.code], [410, 'emergency-not-confirmed'])
  const [last] = await open.ledger.headers({ limit: 1 })
  assert.deepEqual([last?.header?.kind, last?.header?.outcome], ['emergency-reviewed', 'not-confirmed'])
}

async function unreviewed(open: TestLawful, crew: Crew): Promise<void> {
  const id = await deliveredEmergency(open, crew, 'URGENT-LATE')
  const outcomes = async () =>
    (await open.ledger.headers({ limit: 200 })).flatMap(({ header }) =>
      header?.kind === 'deadline-passed' ? [header.outcome] : [],
    )
  await wait(open, crew, 5 * DAY - HOUR)
  assert.equal((await outcomes()).includes('review-late'), false)
  await wait(open, crew, HOUR)
  await open.lawful.sweep()
  assert.equal((await outcomes()).filter((outcome) => outcome === 'review-late').length, 1, 'once')
  const board = await ok(open, crew.counsel, 'GET', '/api/lawful/requests')
  const line = board.requests.find((one: { id: string }) => one.id === id)
  assert.ok(
    line.deadlines.some(({ what, at }: { what: string; at: number }) => what === 'review' && at <= open.time),
  )
}

async function withdrawn(open: TestLawful, crew: Crew): Promise<void> {
  const withdraw = (id: string) =>
    open.ask(crew.filer, 'POST', `/api/regulator/requests/${id}/withdrawal`, {
      reason: 'An arrest was made.',
    })
  const steps: readonly ((id: string) => Promise<unknown>)[] = [
    async () => {},
    (id) => ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/taking`, {}),
    (id) =>
      ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/filter`, {
        outcome: 'passed',
        reason: REASONS,
      }),
    (id) => approve(open, crew, id),
    (id) => ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {}),
    (id) => ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {}),
  ]
  for (const far of steps.keys()) {
    const id = await filed(open, crew, { requestNumber: `WITHDRAW-${far}`, secrecyUntil: null })
    for (const step of steps.slice(0, far + 1)) await step(id)
    const answer = await withdraw(id)
    if (far === steps.length - 1) assert.equal(answer.body.code, 'not-now')
    else assert.equal(answer.body.state, 'withdrawn')
    if (far !== steps.length - 2) continue
    // What was made and is not wanted any more leaves with nobody.
    const release = await open.ask(crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
    assert.equal(release.body.code, 'not-now')
    const fetched = await open.ask(crew.filer, 'GET', `/api/regulator/requests/${id}/package`)
    assert.equal(fetched.body.code, 'package-not-ready')
  }
}

async function duress(open: TestLawful, crew: Crew): Promise<void> {
  const id = await passed(open, crew, { requestNumber: 'THREAT', secrecyUntil: null })
  await approve(open, crew, id)
  const reason = 'Two armed men stood at the desk and took a print of the page.'
  const page = await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/duress`, { reason })
  assert.deepEqual([page.state, page.may.includes('produce')], ['duress', false])
  const no = await open.ask(crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  assert.equal(no.body.code, 'not-now')
  const champion = await open.hire(['champion'])
  const met = await ok(open, champion, 'POST', '/api/lawful/encounters/duress', {
    what: 'A list of yesterday’s visitors',
    by: 'A captain who gave no name',
    threat: 'He put his pistol on the counter.',
  })
  const kinds = (await open.ledger.headers({ limit: 10 })).map(({ header }) => header?.kind)
  assert.ok(kinds.includes('request-duress') && kinds.includes('duress'))
  const { encounters } = await ok(open, crew.counsel, 'GET', '/api/lawful/encounters')
  assert.ok(encounters.some((one: { id: string }) => one.id === met.id))
  const other = await open.hire(['champion'])
  assert.deepEqual((await ok(open, other, 'GET', '/api/lawful/encounters')).encounters, [])
}

async function reopened(open: TestLawful, crew: Crew): Promise<void> {
  const { requests } = await ok(open, crew.counsel, 'GET', '/api/lawful/requests')
  const { id } = requests.find((one: { state: string }) => one.state === 'closed')
  const url = `/api/lawful/requests/${id}/reopening`
  const short = await open.ask(crew.counsel, 'POST', url, { reason: 'to look' })
  assert.equal(short.body.code, 'reason-too-short')
  const before = (await open.ledger.head()).size
  const answer = await open.app.inject({
    method: 'POST',
    url,
    headers: {
      cookie: `countersign-staff=${crew.counsel.token}`,
      'x-csrf-token': csrfTokenOf(crew.counsel.token),
      origin: ORIGIN,
    },
    payload: { reason: 'The court asks what was handed over.' },
  })
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(
    readArchive(answer.rawPayload).map(({ name }) => name),
    ['response.xml', 'records.csv', 'letter.pdf', 'manifest.txt'],
  )
  assert.equal((await open.ledger.head()).size, before + 1, 'the entry is there before the bytes')
  const theirs = await open.ask(crew.filer, 'POST', url, { reason: 'The court asks what was handed over.' })
  assert.equal(theirs.body.code, 'regulator-no-customer-data')
}

/** How many rows of her August a request for the whole month would count now. */
async function rowsNow(open: TestLawful, crew: Crew, requestNumber: string): Promise<number> {
  const id = await passed(open, crew, {
    requestNumber,
    secrecyUntil: null,
    identifiers: [
      { type: 'msisdn', value: '09 791 204 412', role: 'victim', from: AUGUST, until: AUGUST + 31 * DAY_S },
    ],
  })
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  const url = `/api/lawful/requests/${id}/counts`
  const { rows } = await ok(open, crew.counsel, 'POST', url, { scope: scopeOf(view) })
  return rows as number
}

async function retained(open: TestLawful, crew: Crew): Promise<void> {
  const keeper = keeperOf(open)
  const held = { from: AUGUST + 12 * DAY_S, until: AUGUST + 15 * DAY_S }
  // Every hold of the requests before has ended; from here only this one stands.
  await wait(open, crew, 120 * DAY)
  await passed(open, crew, {
    requestNumber: 'KEEP-THESE',
    preserveOnly: true,
    secrecyUntil: null,
    identifiers: [{ type: 'msisdn', value: '09 791 204 412', role: 'unknown', ...held }],
  })
  const first = await runRetention(keeper)
  assert.ok(first.ended.includes(202608) && first.held > 0, JSON.stringify(first))
  assert.equal(await rowsNow(open, crew, 'COUNT-HELD'), 19, 'three days are kept, the month is gone')
  await wait(open, crew, 61 * DAY)
  const second = await runRetention(keeper)
  assert.ok(second.released > 0)
  assert.equal(await rowsNow(open, crew, 'COUNT-GONE'), 0)
}

/** What the nightly job works with, where one month is kept. */
function keeperOf(open: TestLawful) {
  const { database, keys, ledger, parties } = open
  return {
    db: parties.db,
    pool: database.pool,
    keys,
    ledger,
    clock: parties.clock,
    offsetMinutes: 390,
    storeMonths: 1,
    keyBackupDays: 35,
  }
}
