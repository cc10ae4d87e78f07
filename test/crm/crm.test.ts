import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createClients } from '../../src/crm/clients.ts'
import { createCrmDesk } from '../../src/crm/desk.ts'
import { addCrmRoutes } from '../../src/crm/routes.ts'
import { createCharges } from '../../src/customers/charges.ts'
import { commitWith } from '../../src/ledger/commit.ts'
import { MONTH, NUMBER, ok, openCare, PIN, PREMIUM, SPOUSE, WRITTEN } from '../care/open-care.ts'
import { HOUR, SYSTEM } from '../staff/open-room.ts'

const ask = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }

async function openCrm(t: TestContext) {
  const at = await openCare(t)
  const { app, parties, room, care, ledger } = at
  const base = { db: parties.db, ledger, clock: parties.clock, random: parties.random }
  const clients = createClients(base)
  const desk = createCrmDesk({ ...base, care, staff: room, publicUrl: parties.publicUrl })
  addCrmRoutes(app, { clients, desk, place: { currency: 'MMK', offsetMinutes: 390 } })
  const { id, secret } = await clients.add(SYSTEM, 'Siebel')
  const tokenFor = async (clientId: string, clientSecret: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`,
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  const { body } = await tokenFor(id, secret)
  const call = async (
    employee: string,
    method: 'GET' | 'POST',
    url: string,
    more: { body?: object; grant?: string; token?: string } = {},
  ) => {
    const answer = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${more.token ?? body.access_token}`,
        'countersign-employee': employee,
        ...(more.grant === undefined ? {} : { 'x-view-grant': more.grant }),
      },
      ...(more.body === undefined ? {} : { payload: more.body }),
    })
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
  }
  return Object.assign(at, { clients, client: id, secret, tokenFor, call })
}

test('a CRM opens a contact in an employee’s name, gets a link and no record, and reads a look masked, page by page', async (t) => {
  const at = await openCrm(t)
  const thiri = await at.hire(['champion'])
  const charges = createCharges(at.keys, { offsetMinutes: 390 })
  const package_ = { kind: 'package' as const, label: { en: 'Night data', my: 'ညဒေတာ' }, currency: 'MMK' }
  await commitWith(at.database.db, at.ledger, (trx, append) =>
    charges.take(trx, append, [
      {
        ...package_,
        number: NUMBER,
        reference: 'R1',
        at: Date.UTC(2026, 7, 3) / 1000,
        amountMilli: 1_500_000,
      },
    ]),
  )
  await at.tell('ringing', { desk: thiri.deskName })
  await at.tell('answered', { desk: thiri.deskName })
  const opened = await at.call(thiri.deskName, 'POST', '/api/contacts', {
    body: { number: WRITTEN, channel: 'call', ticket: 'SR-1' },
  })
  assert.equal(opened.status, 200, JSON.stringify(opened.body))
  const { contact, link } = opened.body
  assert.deepEqual(Object.keys(opened.body), ['contact', 'state', 'link'])
  assert.equal(link, `http://localhost:8080/care/contacts/${contact}`)
  // The customer is verified on our own page, by nobody's API.
  await ok(at, thiri, 'POST', `/api/care/contacts/${contact}/factors/pin`, {})
  await ok(at, thiri, 'POST', `/api/care/contacts/${contact}/factors/pin/answer`, { secret: PIN })
  const look = await at.call(thiri.deskName, 'POST', `/api/contacts/${contact}/grants`, { body: ask })
  assert.equal(look.status, 200, JSON.stringify(look.body))
  const { grant } = look.body

  const tmf = '/tmf-api/customerBillManagement/v5'
  const bill = await at.call(thiri.deskName, 'GET', `${tmf}/customerBill`, { grant })
  assert.equal(bill.status, 200, JSON.stringify(bill.body))
  const [whole] = bill.body
  assert.equal(whole.taxIncludedAmount.unit, 'MMK')
  const rates = await at.call(thiri.deskName, 'GET', `${tmf}/appliedCustomerBillingRate`, { grant })
  const sum = rates.body.reduce(
    (total: number, rate: { taxIncludedAmount: { value: number } }) => total + rate.taxIncludedAmount.value,
    0,
  )
  assert.equal(sum, whole.taxIncludedAmount.value, 'the parts are the whole')
  assert.ok(rates.body.some((rate: { name: string }) => rate.name === 'Night data'))

  const before = (await at.kinds()).length
  const usage = await at.call(thiri.deskName, 'GET', '/tmf-api/usageManagement/v4/usage?page=1', { grant })
  assert.equal(usage.status, 200)
  assert.equal(usage.body.length, 7, 'the rows that answer the question')
  assert.deepEqual((await at.kinds()).slice(before), ['client-asked', 'reveal', 'disclosure'])
  const text = JSON.stringify([opened.body, look.body, bill.body, rates.body, usage.body])
  for (const number of [NUMBER, PREMIUM, SPOUSE]) assert.equal(text.includes(number.slice(4)), false)
  assert.equal(usage.body[0].status, 'rated')
  assert.match(usage.body[0].usageDate, /^2026-08-14T19:\d\d:\d\d\+06:30$/)

  const closed = await at.call(thiri.deskName, 'POST', `/api/contacts/${contact}/closing`, {
    body: { resolution: 'explained', note: 'premium calls' },
  })
  assert.equal(closed.body.state, 'closed')
  const after = await at.call(thiri.deskName, 'GET', '/tmf-api/usageManagement/v4/usage', { grant })
  assert.ok([409, 410].includes(after.status), 'an ended grant shows nothing more')
})

test('promise 1: without a grant there is no usage, and that it was asked for is an entry', async (t) => {
  const at = await openCrm(t)
  const thiri = await at.hire(['champion'])
  const paths = ['usageManagement/v4/usage', 'customerBillManagement/v5/customerBill']
  for (const path of paths) {
    const refused = await at.call(thiri.deskName, 'GET', `/tmf-api/${path}`)
    assert.deepEqual([refused.status, refused.body.code], [403, 'grant-needed'])
  }
  const refusals = (await at.kinds()).filter((kind) => kind === 'client-refused')
  assert.equal(refusals.length, 2)
  const made = await at.call(thiri.deskName, 'GET', `/tmf-api/${paths[0]}`, { grant: 'a'.repeat(32) })
  assert.deepEqual([made.status, made.body.code], [404, 'grant-not-found'])
  assert.equal((await at.kinds()).includes('reveal'), false)
})

test('a client’s secret alone opens nothing: the employee named is here, on shift, and not in the customer’s circle', async (t) => {
  const at = await openCrm(t)
  const thiri = await at.hire(['champion'])
  const other = await at.hire(['champion'])
  const body = { number: WRITTEN, channel: 'call' }
  const open = (employee: string) => at.call(employee, 'POST', '/api/contacts', { body })
  assert.deepEqual([(await open('M-999')).body.code], ['employee-not-here'])
  const mine = await open(other.deskName)
  assert.equal(mine.status, 200)
  const foreign = await at.call(thiri.deskName, 'GET', `/api/contacts/${mine.body.contact}`)
  assert.equal(foreign.body.code, 'contact-not-found', 'opened in another’s name')
  const second = await at.clients.add(SYSTEM, 'Chat bot')
  const { body: token } = await at.tokenFor(second.id, second.secret)
  const others = await at.call(other.deskName, 'GET', `/api/contacts/${mine.body.contact}`, {
    token: token.access_token,
  })
  assert.equal(others.body.code, 'contact-not-found', 'opened by another client')

  await at.room.people.freeze(SYSTEM, other.id, 'looked into')
  assert.equal((await open(other.deskName)).body.code, 'employee-not-here')
  await at.room.circle.declare(SYSTEM, thiri.id, { kind: 'household', number: '09791204412' })
  assert.equal((await open(thiri.deskName)).body.code, 'household-number')
})

test('tokens: a wrong secret gives none, one runs out after ten minutes, and a client that is removed is out at once', async (t) => {
  const at = await openCrm(t)
  const thiri = await at.hire(['champion'])
  const wrong = await at.tokenFor(at.client, 'x'.repeat(43))
  assert.deepEqual([wrong.status, wrong.body.error], [401, 'invalid_client'])
  const open = () =>
    at.call(thiri.deskName, 'POST', '/api/contacts', { body: { number: WRITTEN, channel: 'call' } })
  assert.equal((await open()).status, 200)
  at.time += HOUR / 6
  assert.equal((await open()).body.code, 'token-wrong')
  const { body: fresh } = await at.tokenFor(at.client, at.secret)
  assert.equal(await at.clients.remove(SYSTEM, at.client), true)
  const gone = await at.call(thiri.deskName, 'GET', '/api/contacts/x', { token: fresh.access_token })
  assert.equal(gone.body.code, 'token-wrong')
  assert.equal((await at.tokenFor(at.client, at.secret)).status, 401)
  const { rows } = await at.database.pool.query<{ row: string }>('SELECT c::text AS row FROM crm.client c')
  assert.equal(JSON.stringify(rows).includes(at.secret), false)
})
