import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { careEntryBodies } from '../../src/care/entries.ts'
import { codeIn, MONTH, ok, openCare, openLook, PREMIUM, WRITTEN } from './open-care.ts'

test('a bill is clarified: verified, headline, masked rows, one row in full, statement, closed, and she is told', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { contact, grant } = await openLook(care, thiri)
  const bill = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  assert.equal(
    bill.headline.en,
    '11,500 of 15,685 Ks went to one premium number: 7 calls on the evenings of 14 and 15 August.',
  )
  assert.equal(bill.days.length, 31)
  assert.equal(bill.rowsTotal, 131)
  assert.equal(bill.grant.rowsShown, 0)
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.equal(page.rows.length, 7)
  assert.equal(page.pages, 4)
  assert.equal(page.rows[0].letter, 'A')
  assert.match(page.rows[0].digits, /^[0-9•]{7}$/)
  assert.equal(page.band.en, 'Private. 7 of 131 rows shown, numbers masked')
  assert.match(page.grant.preview.en, /^Staff member M-\d+ in Mandalay looked at 7 rows of your August calls/)
  assert.ok(!JSON.stringify(page).includes(PREMIUM.slice(-7)))

  const matched = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/matches`, {
    number: '09 255 012 345',
  })
  assert.equal(matched.answer, 'appears')
  assert.equal(matched.matchesLeft, 4)

  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/unmask`, { row: '1-2' })
  const code = codeIn(care.texts)
  const full = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/unmask/answer`, { row: '1-2', code })
  assert.equal(full.number, '09 255 012 345')
  const again = await care.ask(thiri, 'POST', `/api/care/grants/${grant}/unmask/answer`, { row: '1-2', code })
  assert.notEqual(again.status, 200, 'a code works once')

  const sent = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/statement`, {
    language: 'my',
    channel: 'text',
  })
  assert.match(care.texts.at(-1)?.text ?? '', new RegExp(`/my/statements/${sent.statement}`))
  const statement = await care.care.statementFor(sent.statement, care.subscriber.tenure)
  assert.equal(statement?.pdf.subarray(0, 5).toString(), '%PDF-')
  assert.equal(await care.care.statementFor(sent.statement, 'somebody-else'), null)

  const closed = await ok(care, thiri, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: 'Quiz line; she knows now.',
  })
  assert.equal(closed.state, 'closed')
  await care.runJobs()
  const notice = care.texts.at(-1)?.text ?? ''
  assert.match(notice, /7 rows of your August calls.*Entry \d+, [0-9a-f]{8}\. Not you\?/)
  const number = Number(/Entry (\d+)/.exec(notice)?.[1])
  const proof = await care.ledger.proofOf(number)
  assert.ok(notice.includes(Buffer.from(proof.leaf, 'base64').toString('hex').slice(0, 8)))
  assert.equal((await care.ledger.entry(number)).kind, 'grant')
  const shutNow = await care.ask(thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.equal(shutNow.status, 410)
  assert.equal(shutNow.body.code, 'grant-ended')
})

test('a page whose disclosure cannot be written is not shown: the answer says so and what to do, and none of it counts', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  const { pool } = care.database
  await pool.query('ALTER TABLE care.rendering ADD CONSTRAINT full_disk CHECK (false) NOT VALID')
  const refused = await care.ask(thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.deepEqual([refused.status, refused.body.code], [503, 'ledger-unavailable'])
  assert.match(refused.body.detail, /nothing was shown/)
  assert.match(refused.body.next, /Try again/)
  assert.equal(refused.body.rows, undefined)
  assert.ok(care.lines.some((line) => line.includes('ledger-unavailable')))
  const { rows } = await pool.query('SELECT rows_shown, pages FROM care.look WHERE id = $1', [grant])
  assert.deepEqual(rows, [{ rows_shown: 0, pages: [] }])
  await pool.query('ALTER TABLE care.rendering DROP CONSTRAINT full_disk')
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  assert.equal(page.grant.rowsShown, 7)
})

test('promise 1: every reveal is signed before what it opened was disclosed', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 2 })
  await care.ledger.sequence()
  const entries = (await care.ledger.entriesAbout(care.subscriber.subject, { limit: 100 })).reverse()
  const disclosures = entries.filter((entry) => entry.kind === 'disclosure')
  assert.equal(disclosures.length, 3)
  for (const disclosure of disclosures) {
    const reveal = entries.find((entry) => entry.id === disclosure.body?.reveal)
    assert.ok(reveal !== undefined && reveal.index < disclosure.index)
    assert.ok(reveal.opening !== null && reveal.opening.subject === care.subscriber.subject)
  }
})

test('promise 2: what the desk changed and what the ledger says are the same number of things', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await Promise.all(
    [1, 2, 3].map((page) => ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page })),
  )
  await care.ledger.sequence()
  const entries = await care.ledger.entriesAbout(care.subscriber.subject, { limit: 200 })
  const { rows } = await care.database.pool.query(
    `SELECT (SELECT count(*)::int FROM care.rendering) AS renderings,
            (SELECT rows_shown FROM care.look WHERE id = $1) AS shown`,
    [grant],
  )
  const said = entries.filter((entry) => entry.kind === 'disclosure')
  assert.equal(rows[0].renderings, said.length)
  assert.equal(
    rows[0].shown,
    said.reduce((sum, entry) => sum + Number(entry.body?.rowsShown), 0),
  )
})

test('a page that is shown twice at once is kept twice, and counts once', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  const pages = await Promise.all(
    [2, 2, 2].map((page) => ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page })),
  )
  const { rows } = await care.database.pool.query(
    `SELECT l.rows_shown AS shown, l.pages, (SELECT count(*)::int FROM care.rendering r WHERE r.look = l.id) AS renderings
     FROM care.look l WHERE l.id = $1`,
    [grant],
  )
  assert.deepEqual(rows, [{ shown: pages[0].rows.length, pages: [2], renderings: 4 }])
})

test('her page can read every entry the desk writes, and no digit or flag is among what she reads', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const { grant, contact } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  await ok(care, thiri, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: '',
  })
  await care.ledger.sequence()
  const entries = await care.ledger.entriesAbout(care.subscriber.subject, { limit: 100 })
  for (const { kind, body } of entries) {
    const schema = careEntryBodies[kind as keyof typeof careEntryBodies]
    if (schema !== undefined) assert.ok(Value.Check(schema, body), `${kind}: ${JSON.stringify(body)}`)
  }
  const told = JSON.stringify(entries.map((entry) => entry.body))
  for (const row of page.rows) assert.ok(!told.includes(row.digits))
  assert.ok(!told.includes('secondsShown'))
})

test('rows stay shut on the first rung; a match there waits for her code', async (t) => {
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  await care.tell('ringing', { desk: thiri.deskName })
  const contact = await ok(care, thiri, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  const grant = await ok(care, thiri, 'POST', `/api/care/contacts/${contact.id}/grants`, {
    purpose: 'bill-clarification',
    month: MONTH,
    question: 'number-appears',
  })
  assert.deepEqual([grant.opens.bill, grant.opens.rows, grant.opens.matchNeedsCode], [true, false, true])
  await ok(care, thiri, 'POST', `/api/care/grants/${grant.id}/bill`, {})
  const rows = await care.ask(thiri, 'POST', `/api/care/grants/${grant.id}/rows`, { page: 1 })
  assert.deepEqual([rows.status, rows.body.code], [403, 'rung-too-low'])
  const asked = { number: '09 255 012 345' }
  const waiting = await ok(care, thiri, 'POST', `/api/care/grants/${grant.id}/matches`, asked)
  assert.equal(waiting.answer, 'code-sent')
  const code = codeIn(care.texts)
  const matched = await ok(care, thiri, 'POST', `/api/care/grants/${grant.id}/matches`, { ...asked, code })
  assert.equal(matched.answer, 'appears')
  const stolen = { number: '09 791 000 077', code }
  const other = await care.ask(thiri, 'POST', `/api/care/grants/${grant.id}/matches`, stolen)
  assert.notEqual(other.status, 200, 'a code for one number does not open another')
})
