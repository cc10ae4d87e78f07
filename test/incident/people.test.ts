import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNTS } from '../../src/accounts.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { NUMBER, ok, WRITTEN } from '../care/open-care.ts'
import { type Visitor, visit } from '../my/house.ts'
import { DAY, HOUR } from '../staff/open-room.ts'
import { crewOf } from './open-incident.ts'
import { codeTo, lawyer, openCaseAbout, openPeople, type TestPeople } from './open-people.ts'

const LAWYER = '+959250000777'
const says = 'As it stands in the file of the case.'

function state({ database, keys }: TestPeople) {
  return verifyState({ pool: database.pool, sealer: keys.sealer, accounts: ACCOUNTS })
}

async function signInHer(house: TestPeople): Promise<Visitor> {
  const her = visit(house.app)
  await her.post('/my/sign-in', { number: WRITTEN, language: 'en' })
  await house.runOwnJobs()
  await her.post('/my/code', { code: codeTo(house.texts, NUMBER), language: 'en' })
  return her
}

async function comeIn(house: TestPeople, path: string, fields: Record<string, string>): Promise<Visitor> {
  const them = visit(house.app)
  await them.post(path, { ...fields, language: 'en' })
  await house.runOwnJobs()
  const code = codeTo(
    [...house.texts, ...house.mails],
    fields.contact?.includes('@') ? fields.contact : LAWYER,
  )
  const entered = await them.post('/representative/code', { code, language: 'en' })
  assert.equal(entered.to, '/representative?language=en', entered.body)
  return them
}

test('she reads what was found, each message and the next date; and nothing an officer did not send her', async (t) => {
  const house = await openPeople(t)
  const { privacy, investigator } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  const her = await signInHer(house)
  assert.match((await her.get('/my/case')).body, /You have no reports/, 'nobody has told her of it yet')

  const say = (body: object) => ok(house, privacy, 'POST', `/api/incidents/${id}/communications`, body)
  const toHer = { direction: 'out', with: 'customer', name: 'herself', via: 'page' }
  house.texts.length = 0
  const nextAt = house.time + 7 * DAY
  await say({ ...toHer, sort: 'finding', says: 'One look at your calls <was> not asked for.', nextAt })
  await say({ ...toHer, with: 'police', via: 'letter', sort: 'message', says: 'SECRET to the police.' })
  assert.equal(house.texts.length, 1)
  assert.match(house.texts[0]?.text ?? '', /something new in your case/)
  assert.doesNotMatch(house.texts[0]?.text ?? '', /look/, 'a text never says what')
  await ok(house, investigator, 'POST', `/api/incidents/${id}/steps`, {
    ...{ do: 'write', title: 'A list of August calls left', summary: 'SECRET for the director.' },
  })

  const page = (await her.get('/my/case')).body
  assert.match(page, /One look at your calls &#60;was&#62; not asked for\./)
  assert.match(page, /You hear from us again by 19 September 2026/)
  assert.doesNotMatch(page, /SECRET|August calls left/)
  await her.post('/my/language', { language: 'my' })
  assert.match((await her.get('/my/case')).body, /ယခုအထိ တွေ့ရှိချက်များ/)

  assert.equal(
    (await her.post('/my/case/messages', { case: id, says: 'My associate called me.' })).status,
    303,
  )
  const people = await ok(house, privacy, 'GET', `/api/incidents/${id}/people`)
  assert.deepEqual(
    people.said.map((one: { direction: string; with: string }) => `${one.direction} ${one.with}`),
    ['out customer', 'out police', 'in customer'],
  )
  assert.equal(people.nextAt, nextAt)
  const found = await state(house)
  assert.deepEqual(found.findings, [])
})

test('promise 2: a line of the register that no entry knows is found', async (t) => {
  const house = await openPeople(t)
  const { privacy } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  await ok(house, privacy, 'POST', `/api/incidents/${id}/communications`, {
    ...{
      direction: 'in',
      with: 'press',
      name: 'A newspaper',
      via: 'telephone',
      sort: 'message',
      says: 'Is it true?',
    },
  })
  await house.database.pool.query(`UPDATE incident.message SET id = repeat('0', 24)`)
  const { findings } = await state(house)
  assert.deepEqual(findings.map(({ code }) => code).sort(), ['entry-without-state', 'state-without-entry'])
})

test('a stranger with a case of their own reads nothing of hers and writes nothing into it', async (t) => {
  const house = await openPeople(t)
  const { privacy } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  const other = await house.register({
    number: '+959791000099' as never,
    name: { my: 'စု', latn: 'Su', honorific: 'Ma' },
  })
  await ok(house, privacy, 'POST', `/api/incidents/${id}/communications`, {
    ...{
      direction: 'out',
      with: 'customer',
      name: 'herself',
      via: 'page',
      sort: 'message',
      says: 'For her alone.',
    },
  })
  const stranger = visit(house.app)
  await stranger.post('/my/sign-in', { number: other.number, language: 'en' })
  await house.runOwnJobs()
  await stranger.post('/my/code', { code: codeTo(house.texts, other.number), language: 'en' })
  assert.doesNotMatch((await stranger.get('/my/case')).body, /For her alone/)
  assert.equal((await stranger.post('/my/case/messages', { case: id, says: 'Let me in.' })).status, 404)
  assert.equal((await house.ask(null, 'GET', `/api/incidents/${id}/people`)).status, 401)
})

test('a lawyer comes in once by the link and a code, sees one matter, and is refused the moment it ends', async (t) => {
  const house = await openPeople(t)
  const { privacy, investigator } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  const second = await openCaseAbout(house, privacy, WRITTEN)
  const asked = lawyer(house, { kind: 'telephone', to: '09 250 000 777' })
  const path = `/api/incidents/${id}/representations`
  const unseen = await house.ask(privacy, 'POST', path, { ...asked, checks: asked.checks.slice(1) })
  assert.equal(unseen.body.code, 'deed-unchecked')
  const picture = await house.ask(privacy, 'POST', path, {
    ...asked,
    deed: Buffer.from('hello, world').toString('base64'),
  })
  assert.equal(picture.body.code, 'deed-unreadable')
  assert.equal((await house.ask(investigator, 'POST', path, asked)).body.code, 'not-in-role')
  house.texts.length = 0
  const { link } = await ok(house, privacy, 'POST', path, asked)
  assert.equal(house.texts[0]?.to, NUMBER, 'she is told at once')
  assert.match(house.texts[0]?.text ?? '', /speak for you/)
  assert.equal((await house.ask(privacy, 'POST', path, asked)).body.code, 'represented-already')

  const stranger = visit(house.app)
  assert.equal((await stranger.get('/representative')).to, '/representative/sign-in')
  await stranger.post('/representative/sign-in', { contact: LAWYER, language: 'en' })
  await house.runOwnJobs()
  assert.equal(codeTo(house.texts, LAWYER), 'no code', 'no code before the link was used')

  const them = await comeIn(house, '/representative/enrol', { link })
  const again = await visit(house.app).post('/representative/enrol', { link, language: 'en' })
  assert.equal(again.status, 410, 'the link works once')

  const say = (incident: string, body: object) =>
    house.ask(privacy, 'POST', `/api/incidents/${incident}/communications`, {
      ...{ direction: 'out', name: 'her lawyer', via: 'page', sort: 'message', ...body },
    })
  const past = await say(id, { with: 'customer', says: 'Past the lawyer.' })
  assert.equal(past.body.code, 'customer-represented')
  house.texts.length = 0
  assert.equal((await say(id, { with: 'representative', says: 'The look was on 12 August.' })).status, 200)
  assert.deepEqual(
    house.texts.map(({ to }) => to),
    [LAWYER],
    'the text goes to whoever speaks for her',
  )
  await say(second, { with: 'customer', says: 'OTHER MATTER' })
  await say(id, { with: 'customer', says: 'ONLY HERSELF', past: 'The lawyer may be on the other side.' })

  const matter = (await them.get('/representative?language=en')).body
  assert.match(matter, /The look was on 12 August/)
  assert.match(matter, /Daw Nilar Aung, speak for the customer in case 2026-09-001 until 11 March 2027/)
  assert.doesNotMatch(matter, /OTHER MATTER|ONLY HERSELF/)
  assert.equal((await them.get('/my/case')).to, '/my/sign-in', 'and nothing of her own page')
  const elsewhere = await them.post('/representative/messages', { case: second, says: 'Also this.' })
  assert.equal(elsewhere.status, 404)
  assert.equal(
    (await them.post('/representative/messages', { case: id, says: 'We ask for the dates.' })).status,
    303,
  )

  // A row made another's by whoever writes the database is no session any more.
  const shift = (by: number) =>
    house.database.pool.query('UPDATE incident.representative_session SET started_at = started_at + $1', [by])
  await shift(1)
  assert.equal((await them.get('/representative')).to, '/representative/sign-in')
  await shift(-1)
  assert.equal((await them.get('/representative')).status, 200)

  const her = await signInHer(house)
  const own = (await her.get('/my/case')).body
  assert.match(own, /We ask for the dates/)
  assert.match(own, /ONLY HERSELF/)
  const representation = /name="representation" value="([0-9a-f]{24})"/.exec(own)?.[1] ?? ''
  assert.equal((await her.post('/my/case/representation-end', { representation })).status, 303)
  const refused = await them.get('/representative')
  assert.equal(refused.status, 403)
  assert.doesNotMatch(refused.body, /12 August/)
  assert.equal((await them.post('/representative/messages', { case: id, says: 'Still here?' })).status, 403)
  const late = visit(house.app)
  house.texts.length = 0
  await late.post('/representative/sign-in', { contact: LAWYER, language: 'en' })
  await house.runOwnJobs()
  assert.equal(codeTo(house.texts, LAWYER), 'no code')
  assert.match((await her.get('/my/case')).body, /That ended/)
  assert.deepEqual((await state(house)).findings, [])
})

test('it ends by time without anybody doing anything, and by an officer; the deed rests sealed', async (t) => {
  const house = await openPeople(t)
  const { privacy, counsel } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  const mail = 'nilar@law.example'
  const path = `/api/incidents/${id}/representations`
  const asked = { ...lawyer(house, { kind: 'email', to: mail }), untilAt: house.time + 20 * 60_000 }
  const { link } = await ok(house, counsel, 'POST', path, asked)
  const them = visit(house.app)
  await them.post('/representative/enrol', { link, language: 'en' })
  await house.runOwnJobs()
  assert.equal((await them.post('/representative/code', { code: '000000', language: 'en' })).status, 403)
  await them.post('/representative/code', { code: codeTo(house.mails, mail), language: 'en' })
  assert.equal((await them.get('/representative')).status, 200)
  house.time += 20 * 60_000
  assert.equal((await them.get('/representative')).status, 403, 'at its last instant, with no job run')
  await house.people.sweep()
  await house.people.sweep()
  const { representations } = await ok(house, privacy, 'GET', `/api/incidents/${id}/people`)
  assert.equal(representations[0].endedBy, 'time')

  const next = await ok(house, counsel, 'POST', path, { ...asked, untilAt: house.time + DAY })
  assert.match(next.link, /\/representative\/enrol#[\w-]{43}$/)
  const now = await ok(house, privacy, 'GET', `/api/incidents/${id}/people`)
  const representation = now.representations[0].id
  const deed = await house.app.inject({ method: 'GET', url: `${path}/${representation}/deed` })
  assert.equal(deed.statusCode, 404)
  const { rows } = await house.database.pool.query(`SELECT sealed FROM incident.deed`)
  assert.equal(rows.length, 2)
  for (const { sealed } of rows) assert.ok(!sealed.includes('power of attorney'))
  await ok(house, counsel, 'POST', `/api/incidents/${id}/representation-endings`, { representation, says })
  const gone = await visit(house.app).post('/representative/enrol', { link: next.link, language: 'en' })
  assert.equal(gone.status, 410)
})

test('a notice is drafted, completed and sent by an officer; its clock stops in the same transaction', async (t) => {
  const house = await openPeople(t)
  const { privacy, counsel } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, { do: 'triage', says })
  const post = (name: string, body: object) =>
    house.ask(counsel, 'POST', `/api/incidents/${id}/${name}`, body)
  const clock = 'mm-authority'
  const sending = {
    clock,
    via: 'letter',
    name: 'The regulator',
    says: 'Handed in at the counter, receipt 14.',
  }
  assert.equal((await post('notice-sendings', sending)).body.code, 'notice-not-drafted')
  assert.equal((await post('notice-drafts', { clock, language: 'en' })).status, 200)
  assert.equal((await post('notice-sendings', sending)).body.code, 'notice-incomplete')
  const people = () => ok(house, privacy, 'GET', `/api/incidents/${id}/people`)
  const drafted = (await people()).notices.find((one: { clock: string }) => one.clock === clock)
  assert.match(drafted.fields.find((one: { id: string }) => one.id === 'case').text, /2026-09-001/)
  const texts = Object.fromEntries(drafted.missing.map((field: string) => [field, 'Written by counsel.']))
  assert.equal((await post('notice-texts', { clock, texts: { strange: 'x' } })).body.code, 'field-unknown')
  assert.equal((await post('notice-texts', { clock, texts })).status, 200)
  const onPage = await post('notice-sendings', { ...sending, via: 'page' })
  assert.equal(onPage.body.code, 'page-is-hers')
  assert.equal((await people()).said.length, 0, 'a refused sending leaves nothing behind')
  house.texts.length = 0
  assert.equal((await post('notice-sendings', sending)).status, 200)
  assert.equal(house.texts.length, 0, 'nothing is sent to an authority from here')
  const { said, notices } = await people()
  assert.equal(said[0].with, 'regulator')
  assert.match(said[0].says, /Written by counsel/)
  assert.equal(notices.find((one: { clock: string }) => one.clock === clock).sentAt, house.time)
  assert.equal((await post('notice-sendings', sending)).body.code, 'notice-recorded')
  assert.ok((await house.kinds()).includes('incident-noticed'))
})

test('a clock alarms before its end and at it, once each, and so does a promise to her that passed', async (t) => {
  const house = await openPeople(t)
  const { privacy, counsel } = await crewOf(house)
  const id = await openCaseAbout(house, privacy, WRITTEN)
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, { do: 'triage', says })
  await ok(house, counsel, 'POST', `/api/incidents/${id}/communications`, {
    ...{
      direction: 'out',
      with: 'customer',
      name: 'herself',
      via: 'telephone',
      sort: 'message',
      says: 'We call again.',
    },
    nextAt: house.time + HOUR,
  })
  const first = new Promise<{ id?: unknown }>((resolve) => {
    const stop = house.notifications.subscribe('notice', (notice) => {
      if (notice.kind === 'incident-clock') resolve(notice)
    })
    t.after(stop)
  })
  const alarms = async () => {
    await house.people.sweep()
    await house.people.sweep()
    const present = { ...privacy, token: await house.signIn(privacy.id) }
    const { steps } = await ok(house, present, 'GET', `/api/incidents/${id}`)
    return steps
      .filter((one: { act: string }) => one.act === 'alarm')
      .map((one: { what: string }) => one.what)
  }
  assert.deepEqual(await alarms(), [])
  house.time += HOUR
  assert.deepEqual(await alarms(), ['promise'])
  assert.equal((await first).id, id, 'whoever is on call is told at once')
  house.time += 17 * HOUR
  assert.deepEqual(await alarms(), ['promise', 'mm-authority:soon'])
  house.time += 6 * HOUR
  assert.deepEqual(await alarms(), ['promise', 'mm-authority:soon', 'mm-authority:due'])
})
