import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OtherParty } from '../../src/calls/call-record.ts'
import { type ChargeKind, createCharges } from '../../src/customers/charges.ts'
import { commitWith } from '../../src/ledger/commit.ts'
import type { ProofBundle } from '../../src/ledger/ledger.ts'
import { parseTlogProof, verifyEntry } from '../../src/ledger/tlog-proof.ts'
import { html } from '../../src/my/html.ts'
import type { OwnRow } from '../../src/my/own-records.ts'
import { callsCsv } from '../../src/my/pages/calls.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import type { Words } from '../../src/platform/words.ts'
import { DAY, MINUTE, NUMBER, registration, START } from '../customers/room.ts'
import { openHouse, PIN, signIn, visit, writeLook } from './house.ts'

test('every text put into HTML is escaped', () => {
  const attack = `"><script>alert(1)</script>'&`
  assert.equal(
    html`<a title="${attack}">${[attack, html`<b>${1}</b>`, null, false]}</a>`.html,
    '<a title="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;&#38;">&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;&#38;<b>1</b></a>',
  )
})

test('whoever is not signed in is led to the first page, and told nothing about a number', async (t) => {
  const house = await openHouse(t)
  for (const path of ['/my', '/my/bill', '/my/calls', '/my/protection', '/my/case', '/my/looks/g1/proof']) {
    const answer = await visit(house.app).get(path)
    assert.deepEqual([answer.status, answer.to], [303, '/my/sign-in'], path)
  }
  const [ours, theirs] = [visit(house.app), visit(house.app)]
  const first = await ours.post('/my/sign-in', { number: '09 791 204 412', language: 'en' })
  const second = await theirs.post('/my/sign-in', { number: '09 791 999 999', language: 'en' })
  assert.deepEqual(first, { ...second, headers: (first as { headers?: unknown }).headers })
  const wrong = { code: '000000', language: 'en' }
  assert.equal((await ours.post('/my/code', wrong)).body, (await theirs.post('/my/code', wrong)).body)
})

test('her time line says who looked, when, why, from where, and how much they saw', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  const { body } = await her.get('/my')
  assert.match(
    body,
    /A staff member in <b>Mandalay<\/b> \(M-17\) looked at your August calls <b>while you were on the line<\/b>, to explain your bill\. They saw <b>23 of 311<\/b> calls, with two digits of the number in each\./,
  )
  assert.match(body, /<b>They wrote that you were in a shop<\/b>\. They saw <b>48 of 311<\/b>/)
  assert.ok(body.indexOf('48 of 311') < body.indexOf('23 of 311'), 'newest first')
  assert.match(body, /<time datetime="2026-09-12T04:02:09.000Z">Today, 10:32<\/time>/)
})

test('Burmese is a page of its own, in words, digits and language', async (t) => {
  const house = await openHouse(t, { language: 'my' })
  const her = visit(house.app)
  await signIn(house, her)
  const { body } = await her.get('/my')
  assert.match(body, /<html lang="my">/)
  assert.match(body, /<b>မန္တလေး<\/b>ရုံးမှ ဝန်ထမ်းတစ်ဦး \(M-17\) သည် <b>သင်ဖုန်းပြောနေစဉ်<\/b>/)
  assert.match(body, /<b>၃၁၁ ခုအနက် ၂၃ ခု<\/b>/)
  await her.post('/my/language', { language: 'en' })
  assert.match((await her.get('/my')).body, /<html lang="en">/)
})

test('what they saw: rows by day, minute and charge, the fields, and never which digits', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  const { body } = await her.get('/my/looks/g1')
  assert.match(body, /<td>14 August<\/td><td>19:10<\/td><td class="r">250<\/td>/)
  assert.equal(body.match(/<tr><td>/g)?.length, 23)
  assert.match(body, /two digits of the number/)
  assert.match(
    body,
    /She asks why &#60;August&#62; was so dear &#38; &#34;high&#34;/,
    'word for word, and harmless',
  )
  assert.doesNotMatch(body, /[•*]{2}/)
  assert.equal((await her.get('/my/looks/nobody')).status, 404)
})

test('the proof of each entry of her look is a file that any tlog tool reads; others’ entries have none for her', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  assert.equal((await her.get('/my/looks/g1/proof/0')).status, 303, 'nobody is signed in')
  await signIn(house, her)
  const { ledger } = house.room
  const { bundles } = JSON.parse((await her.get('/my/looks/g1/proof')).body) as { bundles: ProofBundle[] }
  assert.equal(bundles.length, 4)
  for (const bundle of bundles) {
    const file = await her.get(`/my/looks/g1/proof/${bundle.index}`)
    assert.equal(file.status, 200)
    assert.equal(parseTlogProof(file.body).index, bundle.index)
    const { checkpoint } = verifyEntry({ ...bundle, proof: file.body }, ledger.verifierKey)
    assert.ok(checkpoint.size > bundle.index)
  }
  const theirs = (await her.get('/my/looks/g2/proof')).body
  const other = (JSON.parse(theirs) as { bundles: ProofBundle[] }).bundles[0]!.index
  assert.equal((await her.get(`/my/looks/g1/proof/${other}`)).status, 404, 'of another look')
  assert.equal((await her.get('/my/looks/g1/proof/999999')).status, 404)
  assert.equal((await her.get('/my/looks/nobody/proof/0')).status, 404)
})

test('looks at an earlier holder of the number are not hers to see', async (t) => {
  const house = await openHouse(t)
  house.room.time = house.her.tenureFrom * 1000 - MINUTE * 60
  await writeLook(house, 'before', { rows: 9, channel: 'call', confirmed: true })
  house.room.time = START
  await writeLook(house, 'other', { rows: 9, channel: 'call', confirmed: true, subject: 'ab'.repeat(16) })
  house.room.time = START + MINUTE
  const her = visit(house.app)
  await signIn(house, her)
  const { body } = await her.get('/my')
  assert.doesNotMatch(body, /looks\/(before|other)/)
  assert.equal((await her.get('/my/looks/before/proof')).status, 404)
  assert.equal((await her.get('/my/looks/other')).status, 404)
})

test('her bill and calls ask for the PIN; her own openings are on her page and are no looks', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  assert.equal((await her.get('/my/calls')).to, '/my/prove?to=calls')
  assert.match((await her.post('/my/prove', { secret: '000001', to: 'calls' })).body, /does not fit/)
  assert.equal((await her.post('/my/prove', { secret: PIN, to: 'calls' })).to, '/my/calls')
  assert.equal((await her.get('/my/bill?month=2026-08')).status, 200)
  const csv = await her.get('/my/calls/download?month=2026-08')
  assert.match(String(csv.headers['content-disposition']), /calls-2026-08\.csv/)
  const { body } = await her.get('/my')
  assert.match(body, /You downloaded your own August calls here\./)
  assert.equal(body.match(/class="sentence"/g)?.length, 2)
  house.room.time += 16 * MINUTE
  assert.equal((await her.get('/my/calls')).to, '/my/prove?to=calls', 'after 15 minutes it asks again')
})

test('a session that was written into the database opens nothing of hers, and no second rung is written there', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  const { pool } = house.room.database
  await pool.query('UPDATE customers.session SET person_until = $1', [house.room.time + DAY])
  assert.equal((await her.get('/my/calls')).to, '/my/prove?to=calls')
  await her.post('/my/prove', { secret: PIN, to: 'calls' })
  assert.equal((await her.get('/my/calls')).status, 200)
  await pool.query('UPDATE customers.session SET person_until = person_until + 1')
  assert.equal((await her.get('/my/calls')).to, '/my/prove?to=calls', 'nor is it made longer')
  await pool.query('UPDATE customers.session SET started_at = started_at + 1')
  assert.equal((await her.get('/my')).to, '/my/sign-in')
})

test('her bill is whole: what is charged beside calls stands there, in English and Burmese', async (t) => {
  for (const [language, words] of [
    [
      'en',
      [
        /Tax/,
        /Top-up/,
        /Other charges/,
        /To be paid<\/th><td class="r"><b>1,700\.50</,
        /no part of the total/,
      ],
    ],
    ['my', [/အခွန်/, /ငွေဖြည့်/, /အခြားကျသင့်ငွေများ/, /ပေးရန်/, /စုစုပေါင်းတွင် မပါဝင်ပါ/]],
  ] as const) {
    const house = await openHouse(t, { language })
    const charges = createCharges(house.room.keys, { offsetMinutes: 390 })
    const at = Date.parse('2026-08-31T23:00:00+06:30') / 1000
    const charge = (reference: string, kind: ChargeKind, amountMilli: number, label: Words) => ({
      ...{ number: house.her.number, reference, at, kind, label, amountMilli, currency: 'MMK' },
    })
    const taken = await commitWith(house.room.database.db, house.room.ledger, (trx, append) =>
      charges.take(trx, append, [
        charge('R1', 'tax', 200_500, { en: 'Tax', my: 'အခွန်' }),
        charge('R2', 'package', 1_500_000, { en: 'Night data', my: 'ညဒေတာ' }),
        charge('R3', 'top-up', -5_000_000, { en: 'Top-up', my: 'ငွေဖြည့်' }),
      ]),
    )
    assert.deepEqual(taken, ['added', 'added', 'added'])
    const her = visit(house.app)
    await signIn(house, her)
    await her.post('/my/prove', { secret: PIN, to: 'bill' })
    const { body } = await her.get('/my/bill?month=2026-08')
    for (const word of words) assert.match(body, word)
    assert.doesNotMatch((await her.get('/my/bill?month=2026-07')).body, words[0], 'a charge is its month’s')
  }
})

test('"this was not me" files a report, tells the officers, and only another office answers', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  await her.get('/my/looks/g2/not-mine')
  assert.equal((await her.post('/my/looks/g2/not-mine', { says: 'I was at work.' })).to, '/my/case')
  assert.deepEqual(house.notices.length, 1)
  assert.match((await her.get('/my')).body, /You said: this was not me\./)
  assert.equal((await her.post('/my/looks/g2/not-mine', { says: '' })).status, 409)
  const [report] = await house.reports.list('filed')
  assert.ok(report)
  const officer = (id: string, url: string, payload?: object) =>
    house.app.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url,
      headers: {
        'x-officer': id,
        cookie: 'countersign-staff=t',
        'x-csrf-token': csrfTokenOf('t'),
        'sec-fetch-site': 'same-origin',
      },
      ...(payload === undefined ? {} : { payload }),
    })
  const list = await officer('p1', '/api/reports?state=filed')
  assert.equal(list.json().reports[0].says, 'I was at work.')
  assert.ok(
    !list.body.includes(NUMBER) && !list.body.includes(house.her.subject),
    'nothing says whose number it is',
  )
  assert.equal((await officer('p2', `/api/reports/${report.id}/taking`, {})).json().code, 'report-own-office')
  assert.equal((await officer('p1', `/api/reports/${report.id}/taking`, {})).json().mine, true)
  const answer = { finding: 'founded', says: 'She had ticked a photo ID that nobody showed.' }
  assert.equal((await officer('p1', `/api/reports/${report.id}/answer`, answer)).json().state, 'answered')
  assert.match((await her.get('/my/case')).body, /You were right\.<\/b> She had ticked a photo ID/)
  assert.equal(house.room.texts.at(-1)?.purpose, 'report-answered')
})

test('a form without its hidden token changes nothing', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her)
  const answer = await her.post('/my/protection/shop-only', { on: 'yes', _csrf: 'x'.repeat(43) })
  assert.equal(answer.status, 403)
  const now = await house.room.customers.byId(house.room.database.db, house.her.id)
  assert.equal(now?.protection.shopOnly, false)
})

test('a first PIN waits on her page, and one tap stops it', async (t) => {
  const house = await openHouse(t, { looks: false })
  const number = '+959791204413' as typeof NUMBER
  await house.room.customers.register([registration({ number })])
  const her = visit(house.app)
  await her.post('/my/sign-in', { number: '09 791 204 413', language: 'en' })
  await house.room.runJobs()
  const code = house.room.texts.at(-1)?.text.slice(0, 6) ?? ''
  await her.post('/my/code', { code, language: 'en' })
  assert.match((await her.get('/my')).body, /Nobody looked\./)
  await her.get('/my/protection')
  assert.match(
    (await her.post('/my/protection/secret', { kind: 'pin', secret: '123456' })).body,
    /counts up or down/,
  )
  assert.equal(
    (await her.post('/my/protection/secret', { kind: 'pin', secret: '407395' })).to,
    '/my/protection',
  )
  const { body } = await her.get('/my/protection')
  assert.match(body, /A PIN or passphrase will be set for your number/)
  assert.ok(!body.includes('407395'))
  const change = /name="change" value="([0-9a-f]{32})"/.exec(body)?.[1] ?? ''
  await her.post('/my/protection/stop', { change })
  assert.doesNotMatch((await her.get('/my/protection')).body, /This is waiting/)
})

test('no number stands in an address, a log line or a page of somebody else', async (t) => {
  const house = await openHouse(t)
  const her = visit(house.app)
  await signIn(house, her, 'person')
  for (const path of [
    '/my',
    '/my/bill',
    '/my/calls',
    '/my/protection',
    '/my/case',
    '/my/looks/g1',
    '/my/sign-in',
  ]) {
    const { body } = await her.get(path)
    for (const address of body.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      assert.doesNotMatch(address[1] ?? '', /791|204412|\+95/, path)
    }
  }
  assert.ok(!house.log.join('').includes('791204412'))
})

test('the page is under 150 kB with everything it loads, before any data', async (t) => {
  const house = await openHouse(t, { looks: false, language: 'my' })
  const her = visit(house.app)
  await signIn(house, her)
  const { body } = await her.get('/my')
  const style = /href="(\/my\/assets\/[^"]+\.css)"/.exec(body)?.[1] ?? ''
  const script = /src="(\/my\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? ''
  const sizeOf = async (url: string) =>
    (await house.app.inject({ url, headers: { 'accept-encoding': 'gzip' } })).rawPayload.length
  const css = (await house.app.inject({ url: style })).body
  const fonts = [...css.matchAll(/url\("([^"]+)"\)/g)].map((match) => match[1] ?? '')
  assert.equal(fonts.length, 2)
  const sizes = await Promise.all([style, script, ...fonts].map(sizeOf))
  const total = Buffer.byteLength(body) + sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(total < 150_000, `${total} bytes`)
})

test('a downloaded table holds no formulas, and every row', () => {
  const other = (party: OtherParty) => party
  const rows = [
    {
      start: START / 1000,
      kind: 'sms',
      direction: 'in',
      answered: true,
      chargeMilli: 0,
      other: other({ kind: 'name', name: '=HYPERLINK("x")' }),
    },
    {
      start: START / 1000,
      kind: 'voice',
      direction: 'out',
      answered: true,
      durationSeconds: 482,
      chargeMilli: 2_250_500,
      other: other({ kind: 'number', number: NUMBER }),
    },
  ] as unknown as OwnRow[]
  const csv = callsCsv({ language: 'en', offsetMinutes: 390 }, rows, { en: 'Ks', my: 'ကျပ်' })
  assert.deepEqual(csv.split('\r\n').slice(1, 3), [
    `2026-09-12,10:42:00,text,in,"'=HYPERLINK(""x"")",–,0`,
    '2026-09-12,10:42:00,call,out,09 791 204 412,8:02,2250.5',
  ])
})
