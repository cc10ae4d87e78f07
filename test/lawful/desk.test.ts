import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { XMLParser } from 'fast-xml-parser'
import { E } from '../../src/lawful/etsi-names.ts'
import { writeMessage } from '../../src/lawful/etsi-write.ts'
import { createGivenPackages } from '../../src/lawful/given.ts'
import { heldSubjects } from '../../src/vault/holds.ts'
import { runOn } from '../../src/vault/store.ts'
import { NUMBER } from '../care/open-care.ts'
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

test('the desk and the counter, request by request', { timeout: 240_000 }, async (t) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  await registerKey(open, crew, await identityToRecipient(await generateIdentity()))
  await t.test('secrecy ends, and only then does anything lead from her to it', () => secrecy(open, crew))
  await t.test('a rejected request says the same whether the number exists or not', () => noLeak(open, crew))
  await t.test('what is missing goes back with a list, and comes again to the filter', () =>
    returned(open, crew),
  )
  await t.test('an emergency without its paper alarms, and its late paper is counted', () =>
    emergency(open, crew),
  )
  await t.test('police who come straight to us get a polite letter, and are counted', () => misdirected(open))
  await t.test('who is on hold stays on hold until it ends by itself, extended once', () => holds(open, crew))
  await t.test('the counters are apart', () => apart(open, crew))
  await t.test('a machine files, asks, and is told precisely what is wrong', () => handover(open, crew))
  await t.test('every step left its entry', () => entries(open))
})

async function kindsAbout(open: TestLawful): Promise<string[]> {
  await open.ledger.sequence()
  const about = await open.ledger.entriesAbout(open.subscriber.subject, { limit: 200 })
  return about.map(({ kind }) => kind)
}

async function secrecy(open: TestLawful, crew: Crew): Promise<void> {
  const before = await kindsAbout(open)
  const id = await passed(open, crew, { requestNumber: 'PTD-SECRET' })
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/counts`, { scope: scopeOf(view) })
  await bothKeys(open, crew, id, scopeOf(view))
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
  const received = await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/acknowledgement`, {})
  assert.equal(received.state, 'acknowledged')
  const given = createGivenPackages({ db: open.database.db, keys: open.keys })
  const { serial } = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  assert.deepEqual(
    await given.delivered(open.subscriber.tenure),
    [{ serial, at: open.time, from: AUGUST + 12 * DAY_S, rows: 43 }],
    'a trace counts what an authority was given, secret or not',
  )
  assert.deepEqual(await given.delivered('nobody'), [])
  const slot = (await open.ledger.entries({ limit: 9 })).find(({ kind }) => kind === 'secrecy-slot')
  assert.ok(slot !== undefined, 'it is in the ledger from its first day')
  assert.deepEqual(
    [slot.subject, slot.header.caseSerial, slot.header.counts, Object.keys(slot.body ?? {}).sort()],
    [null, serial, { opensBy: Math.floor(open.time / DAY) + 60 }, ['label', 'request']],
  )
  const sealed = JSON.stringify([slot.header, slot.body])
  assert.ok(!sealed.includes(open.subscriber.subject) && !sealed.includes(open.subscriber.tenure))
  const until = open.time + 100 * DAY
  await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/secrecy`, { until, reason: REASONS })
  assert.deepEqual(await kindsAbout(open), before)
  await wait(open, crew, 99 * DAY)
  assert.deepEqual(await kindsAbout(open), before)
  assert.equal(
    open.texts.some(({ text }) => text.includes('authority')),
    false,
  )
  await wait(open, crew, DAY)
  await open.lawful.sweep()
  const after = await kindsAbout(open)
  assert.deepEqual(
    after.filter((kind) => kind === 'authority-disclosure'),
    ['authority-disclosure'],
  )
  const [entry] = await open.ledger.entriesAbout(open.subscriber.subject, { limit: 1 })
  assert.deepEqual(
    [entry!.body!.tenure, entry!.body!.rows, entry!.body!.from, entry!.body!.slot],
    [open.subscriber.tenure, 43, AUGUST + 12 * DAY_S, slot.index],
  )
  assert.deepEqual(entry!.header.counts, { customers: 1, slot: slot.index }, 'anybody sees that it opened')
  assert.equal(JSON.stringify(entry!.body).includes('homicide'), false)
  assert.equal(open.texts.filter(({ text }) => text.includes('an authority was given')).length, 1)
}

/** The same refused and returned requests for her number and for one that nobody ever had. */
async function noLeak(open: TestLawful, crew: Crew): Promise<void> {
  const [from, until] = [AUGUST + DAY_S, AUGUST + 3 * DAY_S]
  const seen = async (value: string, n: string) => {
    const identifiers = [{ type: 'msisdn', value, role: 'suspect', from, until }] as const
    const refused = await passed(open, crew, {
      requestNumber: `LEAK-R-${n}`,
      identifiers,
      secrecyUntil: null,
    })
    await check(open, crew.investigator, refused, ['V2', 'V14', 'V15', 'V16', 'V17'])
    const answer = { kind: 'refuse', ground: 'not-authentic' }
    await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${refused}/ruling`, {
      answer,
      reasons: REASONS,
    })
    const back = await passed(open, crew, { requestNumber: `LEAK-B-${n}`, identifiers, secrecyUntil: null })
    await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${back}/return`, {
      missing: ['The date of the paper'],
      reason: '-',
    })
    const views = []
    for (const id of [refused, back])
      views.push(await ok(open, crew.filer, 'GET', `/api/regulator/requests/${id}`))
    return JSON.stringify(views)
      .replaceAll(/"(id|serial|requestNumber|value)":"[^"]*"/g, '')
      .replaceAll(refused, '')
      .replaceAll(back, '')
  }
  const hers = await seen('09 791 204 412', '1')
  const nobodys = await seen('09 791 999 999', '2')
  assert.equal(hers, nobodys)
  assert.match(hers, /could not be confirmed/)
}

async function returned(open: TestLawful, crew: Crew): Promise<void> {
  const id = await filed(open, crew, { requestNumber: 'PTD-BACK' })
  const own = await open.ask(crew.filer, 'POST', `/api/regulator/requests/${id}/taking`, {})
  assert.equal(own.body.code, 'filed-it-yourself')
  await ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/taking`, {})
  const back = await ok(open, crew.filterer, 'POST', `/api/regulator/requests/${id}/filter`, {
    outcome: 'returned',
    reason: REASONS,
    missing: ['The case number of the station'],
  })
  assert.deepEqual([back.state, back.missing], ['returned', ['The case number of the station']])
  const filing = asked(open.time, { requestNumber: 'PTD-BACK', caseNumber: 'FIR 212/2026' })
  const again = await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/completion`, {
    filing,
    letter: null,
  })
  assert.equal(again.state, 'received')
  const twice = await open.ask(crew.filer, 'POST', '/api/regulator/requests', { filing, letter: null })
  assert.equal(twice.body.code, 'filed-before')
  const withdrawn = await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/withdrawal`, {
    reason: 'An arrest was made.',
  })
  assert.equal(withdrawn.state, 'withdrawn')
}

async function emergency(open: TestLawful, crew: Crew): Promise<void> {
  const until = Math.floor(open.time / 1000)
  const id = await passed(open, crew, {
    requestNumber: 'PTD-URGENT',
    urgency: 'emergency',
    paper: null,
    threatToLife: 'A child of nine has been missing since six this morning.',
    identifiers: [
      { type: 'msisdn', value: '09 791 204 412', role: 'victim', from: until - 12 * 3600, until },
    ],
  })
  await check(open, crew.investigator, id, ['V6'])
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await bothKeys(open, crew, id, scopeOf(view))
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  const delivered = await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
  assert.equal(delivered.package.facts.rows, 0)
  await wait(open, crew, 24 * HOUR)
  const late = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  assert.equal(late.unratified, true)
  const paper = { date: '2026-12-22', authorisedBy: 'Aung Htoo', rank: 'Police Colonel' }
  const pdf = Buffer.from('%PDF-1.7 a letter').toString('base64')
  await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/paper`, { paper, letter: pdf })
  const headers = (await open.ledger.headers({ limit: 100 })).flatMap(({ header }) => header ?? [])
  assert.ok(headers.some(({ kind }) => kind === 'emergency-unratified'))
  assert.ok(headers.some(({ kind, outcome }) => kind === 'emergency-paper' && outcome === 'late'))
  assert.ok(headers.some(({ kind, outcome }) => kind === 'request-delivered' && outcome === 'no-data'))
}

async function misdirected(open: TestLawful): Promise<void> {
  const champion = await open.hire(['champion'])
  const says = {
    frame: 'mm',
    authority: 'Mandalay Station 3',
    officer: 'Sergeant Aye',
    how: 'visit',
    language: 'my',
  }
  const met = await ok(open, champion, 'POST', '/api/lawful/encounters/misdirected', says)
  const letter = await open.app.inject({
    method: 'GET',
    url: `/api/lawful/encounters/${met.id}/letter`,
    headers: { cookie: `countersign-staff=${champion.token}` },
  })
  assert.deepEqual([letter.statusCode, letter.rawPayload.subarray(0, 5).toString()], [200, '%PDF-'])
  const header = (await open.ledger.headers({ limit: 1 }))[0]?.header
  assert.deepEqual(
    { ...header, day: '' },
    {
      v: 1,
      kind: 'request-misdirected',
      day: '',
      category: 'misdirected',
      outcome: 'visit',
      caseSerial: met.serial,
    },
  )
}

async function holds(open: TestLawful, crew: Crew): Promise<void> {
  const id = await passed(open, crew, { requestNumber: 'PTD-KEEP', preserveOnly: true, secrecyUntil: null })
  const held = (now: number) =>
    heldSubjects(
      runOn(open.database.pool),
      [open.subscriber.subject],
      { from: AUGUST + 13 * DAY_S, until: AUGUST + 14 * DAY_S },
      now,
    )
  assert.equal((await held(open.time)).size, 1)
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await bothKeys(open, crew, id, scopeOf(view))
  const no = await open.ask(crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  assert.equal(no.body.code, 'preserve-only')
  await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/hold`, { reason: REASONS })
  const twice = await open.ask(crew.filer, 'POST', `/api/regulator/requests/${id}/hold`, { reason: REASONS })
  assert.equal(twice.body.code, 'hold-extended')
  await wait(open, crew, 89 * DAY)
  assert.equal((await held(open.time)).size, 1)
  await wait(open, crew, DAY)
  assert.equal((await held(open.time)).size, 0)
}

async function apart(open: TestLawful, crew: Crew): Promise<void> {
  const champion = await open.hire(['champion'])
  assert.equal(
    (await open.ask(crew.filer, 'GET', '/api/lawful/requests')).body.code,
    'regulator-no-customer-data',
  )
  assert.equal((await open.ask(crew.counsel, 'GET', '/api/regulator/requests')).body.code, 'not-in-role')
  assert.equal((await open.ask(champion, 'GET', '/api/lawful/requests')).body.code, 'not-in-role')
  const board = await ok(open, crew.counsel, 'GET', '/api/lawful/requests')
  const queue = await ok(open, crew.filer, 'GET', '/api/regulator/requests')
  assert.equal(board.requests.length, queue.requests.length)
  const text = JSON.stringify(board)
  assert.equal(text.includes(NUMBER), false)
}

async function post(
  open: TestLawful,
  payload: string,
): Promise<{ status: number; name: string; says: Record<string, unknown> }> {
  const answer = await open.app.inject({
    method: 'POST',
    url: '/api/regulator/handover',
    headers: {
      authorization: `Bearer ${HANDOVER_SECRET.toString('base64url')}`,
      'content-type': 'application/xml',
    },
    payload,
  })
  const tree = new XMLParser().parse(answer.body)
  const body = tree[E.message]?.[E.payload] ?? {}
  const [name = ''] = Object.keys(body)
  return { status: answer.statusCode, name, says: body[name] }
}

async function handover(open: TestLawful, crew: Crew): Promise<void> {
  const head = {
    countryCode: 'MM',
    organisation: 'ptd',
    requestNumber: 'API-1',
    provider: 'x',
    at: open.time,
  }
  const {
    requestNumber: _,
    frame,
    identifiers,
    fields,
    secrecyUntil: __,
    threatToLife: ___,
    ...rest
  } = asked(open.time, { requestNumber: 'API-1', secrecyUntil: null })
  const iso = (s: number) => new Date(s * 1000).toISOString().replace('.000', '')
  const national = {
    ...rest,
    frame,
    identifiers: {
      identifier: identifiers.map((one) => ({ ...one, from: iso(one.from), until: iso(one.until) })),
    },
    fields: { field: [...fields] },
  }
  const request = (more: object) =>
    writeMessage(head, E.request, {
      [E.priority]: 'routine',
      [E.national]: { ...national, ...more } as never,
    })
  const shut = await open.app.inject({
    method: 'POST',
    url: '/api/regulator/handover',
    payload: request({}),
    headers: { 'content-type': 'application/xml' },
  })
  assert.equal(shut.statusCode, 401)
  const wrong: [string, string, string, RegExp][] = [
    ['<a><b></a>', 'not-xml', 'line 1', /b/],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'not-xml', 'line 1', /document type/],
    ['<a/>', 'not-a-message', E.message, /is one/],
    [
      request({}).replace(/<countryCode>.*<\/countryCode>/, ''),
      'element-missing',
      `${E.message}/${E.header}/${E.requestId}/${E.countryCode}`,
      /there/,
    ],
    [
      request({}).replaceAll(E.request, 'askMessage'),
      'not-a-message',
      `${E.message}/${E.payload}`,
      /exactly one/,
    ],
    [
      request({
        identifiers: { identifier: [{ ...identifiers[0], from: 'yesterday', until: iso(AUGUST) }] },
      }),
      'value-wrong',
      `${E.message}/${E.payload}/${E.request}/${E.national}/identifiers/identifier[1]`,
      /./,
    ],
    [
      request({ fields: { field: ['time', 'voice'] } }),
      'value-wrong',
      `${E.message}/${E.payload}/${E.request}/${E.national}/fields/field[2]`,
      /./,
    ],
    [request({ authority: 'a-friend' }), 'filing-wrong', '', /authority/],
    [
      request({}).replace('>MM<', '>XX<'),
      'value-wrong',
      `${E.message}/${E.header}/${E.requestId}/${E.countryCode}`,
      /MM, EU/,
    ],
  ]
  for (const [text, code, place, rule] of wrong) {
    const { status, name, says } = await post(open, text)
    assert.deepEqual([status, name], [422, E.error], text.slice(0, 80))
    const told = says[E.errorInformation] as { code: string; place: string; rule: string }
    assert.equal(told.code, code)
    assert.ok(String(told.place).startsWith(place), `${told.place} begins with ${place}`)
    assert.match(String(told.rule), rule)
  }
  assert.equal((await post(open, request({}))).name, E.requestAcknowledgement)
  const status = await post(open, writeMessage(head, E.getStatus, {}))
  assert.deepEqual([status.name, status.says[E.requestStatus]], [E.status, 'responseIncomplete'])
  const results = await post(open, writeMessage(head, E.getResults, {}))
  assert.deepEqual([results.name, results.says[E.responseStatus]], [E.response, 'responseIncomplete'])
  const { requests } = await ok(open, crew.filer, 'GET', '/api/regulator/requests')
  const { id } = requests.find(
    (one: { filing: { requestNumber: string } }) => one.filing.requestNumber === 'API-1',
  )
  await ok(open, crew.filer, 'POST', `/api/regulator/requests/${id}/taking`, {})
  assert.equal((await post(open, writeMessage(head, E.cancel, {}))).name, E.cancelAcknowledgement)
  assert.equal((await post(open, writeMessage(head, E.cancel, {}))).status, 422)
  const unknown = await post(open, writeMessage({ ...head, requestNumber: 'NONE' }, E.getStatus, {}))
  assert.equal(unknown.name, E.error)
}

async function entries(open: TestLawful): Promise<void> {
  const kinds = new Set(await open.kinds())
  for (const kind of [
    'request-received',
    'request-taken',
    'request-filtered',
    'request-checked',
    'request-ruled',
    'request-seconded',
    'request-decided',
    'request-counted',
    'request-opened',
    'request-produced',
    'request-delivered',
    'request-acknowledged',
    'request-returned',
    'request-completed',
    'request-withdrawn',
    'request-misdirected',
    'hold-placed',
    'hold-extended',
    'hold-ended',
    'secrecy-renewed',
    'secrecy-ended',
    'authority-disclosure',
    'emergency-unratified',
    'emergency-paper',
    'recipient-key-proposed',
    'recipient-key-confirmed',
    'deadline-passed',
  ])
    assert.ok(kinds.has(kind), kind)
}

test('the letter must be a PDF, and a wrong one files nothing', async (t: TestContext) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  const letter = Buffer.from('not a letter').toString('base64')
  const answer = await open.ask(crew.filer, 'POST', '/api/regulator/requests', {
    filing: asked(open.time),
    letter,
  })
  assert.equal(answer.body.code, 'letter-wrong')
  const queue = await ok(open, crew.filer, 'GET', '/api/regulator/requests')
  assert.deepEqual(queue.requests, [])
})
