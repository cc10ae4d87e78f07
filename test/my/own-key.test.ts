import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CARE_ACCOUNTS } from '../../src/care/accounts.ts'
import { CUSTOMER_ACCOUNTS } from '../../src/customers/accounts.ts'
import { ownKeyRefusals } from '../../src/customers/rules.ts'
import { allowanceIn, type SignedAllowance } from '../../src/ledger/allowance.ts'
import type { JsonObject } from '../../src/ledger/entry.ts'
import { makeEvidence } from '../../src/ledger/evidence/make-bundle.ts'
import { verifyBundle } from '../../src/ledger/evidence/verify-bundle.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { ok } from '../care/open-care.ts'
import { ASKED, askHer, callIn, DAY, HOUR, keepKey, linkIn, openKeyHouse, signIn } from './own-key-house.ts'

test('she keeps a key, allows one look with it on her phone, and anybody can check offline that it was her and exactly that', async (t) => {
  const house = await openKeyHouse(t)
  const { care } = house
  const { ledger, subscriber } = care
  const before = care.texts.length
  const phone = await house.phone()
  await keepKey(house, phone)
  const told = care.texts.slice(before).map(({ text }) => text)
  assert.equal(
    told.filter((text) => /A key of your own will be added.*Stop it with one tap/.test(text)).length,
    3,
  )
  assert.equal(told.filter((text) => /A key of your own was added to your number/.test(text)).length, 1)
  await signIn(house, phone)
  await phone.page.goto('/my/protection')
  await phone.page.getByText(/It allows looks\./).waitFor()
  await phone.page.getByText('A key of your own was added').waitFor()

  const thiri = await care.hire(['champion'])
  const contact = await callIn(care, thiri)
  const link = await askHer(care, thiri, contact)
  assert.match(
    care.texts.at(-1)?.text ?? '',
    new RegExp(`^Staff member ${thiri.deskName} in Mandalay asks to see your August calls`),
  )
  await phone.page.goto(link)
  await phone.page.getByRole('heading', { name: 'Do you allow this?' }).waitFor()
  assert.ok(!phone.page.url().includes('#'), 'the link’s secret is out of the address')
  const says = (await phone.page.locator('blockquote').textContent())?.trim() ?? ''
  assert.match(
    says,
    new RegExp(
      `^Staff member ${thiri.deskName} in Mandalay may see the calls of 09 791 204 412 in August \\(1 August to 31 August\\), other numbers masked, until \\d\\d:\\d\\d, to explain your bill\\.$`,
    ),
  )
  await phone.page.getByRole('button', { name: 'Allow it with my key' }).click()
  await phone.page.getByRole('heading', { name: 'You allowed it.' }).waitFor()

  const seen = await ok(care, thiri, 'GET', `/api/care/contacts/${contact}`)
  assert.deepEqual(
    [seen.grant.state, seen.grant.opens.rows, seen.ownKey.link.state],
    ['active', true, 'allowed'],
  )
  await ok(care, thiri, 'POST', `/api/care/grants/${seen.grant.id}/bill`, {})
  const page = await ok(care, thiri, 'POST', `/api/care/grants/${seen.grant.id}/rows`, { page: 1 })
  assert.equal(page.rows.length, 7)

  const entries = await ledger.entriesAbout(subscriber.subject, { limit: 200 })
  const grant = entries.find(({ kind }) => kind === 'grant')
  const made = entries.find(({ kind }) => kind === 'own-key-set')
  assert.ok(grant?.body && made)
  const allowed = allowanceIn(grant.body)
  assert.equal(allowed?.allowance.says, says)
  assert.equal(allowed?.key.enrolledBy, made.index)
  assertFoundOut(grant.body)

  const { database, keys, parties } = care
  const evidence = { pool: database.pool, ledger, sealer: keys.sealer, clock: parties.clock }
  const bundle = await makeEvidence(
    { ...evidence, openShown: async () => null, page: async () => '<!doctype html>' },
    { entries: [made.index, grant.index], reason: 'a court asks whether she allowed it', actor: 'i-1' },
  )
  const report = verifyBundle(bundle.zip, { verifierKey: ledger.verifierKey })
  assert.equal(report.holds, true, JSON.stringify(report.faults))
  assert.equal(report.entries.find(({ index }) => index === grant.index)?.allowed?.allowance.says, says)

  const state = await verifyState({
    pool: database.pool,
    sealer: keys.sealer,
    accounts: [...CARE_ACCOUNTS, ...CUSTOMER_ACCOUNTS],
  })
  assert.deepEqual(state.findings, [])

  await ok(care, thiri, 'POST', `/api/care/contacts/${contact}/closing`, {
    resolution: 'explained',
    note: 'done',
  })
  await phone.page.goto('/my')
  await phone.page.getByRole('link', { name: 'Show what they saw' }).first().click()
  await phone.page.getByText('You allowed this with your own key:').waitFor()
  await phone.page.getByText(says).waitFor()
})

/** Every change to what she allowed, or to what her device said of it, is found and named. */
function assertFoundOut(body: JsonObject): void {
  const signed = body.ownKey as unknown as SignedAllowance
  const change = (more: object): JsonObject => ({ ...body, ownKey: { ...signed, ...more } as never })
  const bytes = (base64: string, at: number, to: number): string => {
    const changed = Buffer.from(base64, 'base64')
    changed[at] = to
    return changed.toString('base64')
  }
  const allowance = { ...signed.allowance, month: '2026-07' }
  const other = Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge: 'AAAA', origin: signed.origin }),
  )
  const cases: [string, JsonObject][] = [
    ['allowance-other-challenge', { ...change({ allowance }), month: '2026-07' }],
    ['allowance-other-challenge', change({ nonce: 'AAAAAAAAAAAAAAAAAAAAAA==' })],
    ['allowance-other-challenge', change({ clientData: other.toString('base64') })],
    ['allowance-other-page', change({ origin: 'https://elsewhere.example' })],
    ['allowance-other-page', change({ authenticatorData: bytes(signed.authenticatorData, 3, 1) })],
    ['allowance-unverified-user', change({ authenticatorData: bytes(signed.authenticatorData, 32, 1) })],
    ['allowance-signature-wrong', change({ authenticatorData: bytes(signed.authenticatorData, 36, 250) })],
    ['allowance-signature-wrong', change({ signature: bytes(signed.signature, 12, 0) })],
    ['allowance-other-grant', { ...body, endsAt: Number(body.endsAt) + 1 }],
    ['allowance-other-grant', { ...body, purpose: 'fraud-report' }],
    ['allowance-malformed', { ...body, ownKey: { nonce: 'x' } }],
  ]
  for (const [code, changed] of cases) assert.throws(() => allowanceIn(changed), { code })
}

test('a link used twice, run out, overtaken, or answered with another key opens nothing, and each is told so', async (t) => {
  const house = await openKeyHouse(t)
  const { care } = house
  const phone = await house.phone()
  await keepKey(house, phone)
  const thiri = await care.hire(['champion'])
  const contact = await callIn(care, thiri)
  const early = await askHer(care, thiri, contact)
  assert.equal((await askAgain(care, thiri, contact)).body.code, 'key-asked-just-now')
  care.time += 61_000
  const link = await askHer(care, thiri, contact)
  await phone.page.goto(early)
  await phone.page.getByText(/answered already, or a newer one was sent/).waitFor()

  const stranger = await house.phone()
  await stranger.page.goto(link)
  await stranger.page.getByRole('heading', { name: 'Do you allow this?' }).waitFor()
  const forged = await stranger.page.context().request.post('/my/allow/yes', {
    form: { link: link.split('#')[1] ?? '', language: 'en', response: JSON.stringify({ id: 'bm90IGhlcnM' }) },
  })
  assert.equal(forged.status(), 403)
  assert.match(await forged.text(), /not signed by a key of this number/)
  assert.equal((await ok(care, thiri, 'GET', `/api/care/contacts/${contact}`)).grant, null)

  await phone.page.goto(link)
  await phone.page.getByRole('heading', { name: 'Do you allow this?' }).waitFor()
  const answered = phone.page.waitForRequest('**/my/allow/yes')
  await phone.page.getByRole('button', { name: 'Allow it with my key' }).click()
  const body = (await answered).postData() ?? ''
  await phone.page.getByRole('heading', { name: 'You allowed it.' }).waitFor()
  await phone.page.goto(link)
  await phone.page.getByText(/answered already, or a newer one was sent/).waitFor()
  const fields = Object.fromEntries(new URLSearchParams(body)) as Record<string, string>
  const twice = await phone.context.request.post('/my/allow/yes', { form: fields })
  assert.equal(twice.status(), 410)

  const mya = await care.hire(['champion'])
  const other = await callIn(care, mya)
  const second = await askHer(care, mya, other)
  const replayed = await phone.context.request.post('/my/allow/yes', {
    form: { ...fields, link: second.split('#')[1] ?? '' },
  })
  assert.equal(replayed.status(), 403, 'what she signed for one look opens no other')
  care.time += 6 * 60_000
  await phone.page.goto(second)
  await phone.page.getByText(/This link has run out\. Nothing was opened\./).waitFor()
  const kinds = (await care.ledger.entriesAbout(care.subscriber.subject, { limit: 200 })).map(
    ({ kind }) => kind,
  )
  assert.equal(kinds.filter((kind) => kind === 'grant').length, 1)
})

async function askAgain(
  care: Parameters<typeof askHer>[0],
  who: Parameters<typeof askHer>[1],
  contact: string,
) {
  return care.ask(who, 'POST', `/api/care/contacts/${contact}/key-asks`, ASKED)
}

test('she refuses: the contact ends, nothing is opened, and her report goes to another office', async (t) => {
  const house = await openKeyHouse(t)
  const { care } = house
  const phone = await house.phone()
  await keepKey(house, phone)
  const thiri = await care.hire(['champion'])
  const contact = await callIn(care, thiri)
  await phone.page.goto(await askHer(care, thiri, contact))
  await phone.page.getByLabel(/I did not ask for this/).check()
  await phone.page.getByLabel(/What should they know/).fill('Nobody of mine rang.')
  await phone.page.getByRole('button', { name: 'Refuse', exact: true }).click()
  await phone.page.getByRole('heading', { name: 'You refused it.' }).waitFor()
  await phone.page.getByText('Your report was received.').waitFor()
  const seen = await ok(care, thiri, 'GET', `/api/care/contacts/${contact}`)
  assert.deepEqual([seen.state, seen.grant, seen.ownKey.link.state], ['refused', null, 'refused'])
  const [report] = await house.reports.list(null)
  assert.deepEqual([report?.deskName, report?.says], [thiri.deskName, 'Nobody of mine rang.'])
})

test('a key that is new, lost, or copied allows nothing, and one look of hers opens no other', async (t) => {
  const house = await openKeyHouse(t)
  const { care } = house
  const phone = await house.phone()
  const thiri = await care.hire(['champion'])
  const none = await callIn(care, thiri)
  assert.equal((await askAgain(care, thiri, none)).body.code, 'own-key-absent')
  await keepKey(house, phone)
  care.time -= HOUR
  const early = await care.hire(['champion'])
  const before = await callIn(care, early)
  assert.equal((await askAgain(care, early, before)).body.code, 'own-key-too-new')
  care.time += HOUR

  const mya = await care.hire(['champion'])
  const contact = await callIn(care, mya)
  await phone.page.goto(await askHer(care, mya, contact))
  await phone.page.getByRole('button', { name: 'Allow it with my key' }).click()
  await phone.page.getByRole('heading', { name: 'You allowed it.' }).waitFor()
  const { grant } = await ok(care, mya, 'GET', `/api/care/contacts/${contact}`)
  assert.equal(grant.opens.rows, true)
  const closing = { resolution: 'explained', note: 'done' }
  await ok(care, mya, 'POST', `/api/care/contacts/${contact}/closing`, closing)

  const nilar = await care.hire(['champion'])
  const third = await callIn(care, nilar)
  const plain = await ok(care, nilar, 'POST', `/api/care/contacts/${third}/grants`, ASKED)
  assert.equal(plain.opens.rows, false, 'another look is on the first rung again')
  await ok(care, nilar, 'POST', `/api/care/contacts/${third}/closing`, closing)

  // Whoever writes the database makes a key that is too new older than its entry in the ledger.
  const { pool } = care.database
  const row = await pool.query('SELECT set_at, public_key FROM customers.own_key')
  const swaps = [
    [row.rows[0].set_at - 1, row.rows[0].public_key],
    [row.rows[0].set_at, row.rows[0].public_key.with(40, row.rows[0].public_key[40] ^ 1)],
  ]
  for (const [at, key] of swaps) {
    await pool.query('UPDATE customers.own_key SET set_at = $1, public_key = $2', [at, key])
    const htet = await care.hire(['champion'])
    const swapped = await callIn(care, htet)
    await phone.page.goto(await askHer(care, htet, swapped))
    await phone.page.getByRole('button', { name: 'Allow it with my key' }).click()
    await phone.page.getByText(ownKeyRefusals.notHers().says).waitFor()
    assert.equal((await askAgain(care, htet, swapped)).body.code, 'own-key-absent', 'and it is closed')
    await ok(care, htet, 'POST', `/api/care/contacts/${swapped}/closing`, closing)
    await pool.query(
      `UPDATE customers.own_key SET set_at = $1, public_key = $2, state = 'standing', ended_at = NULL`,
      [row.rows[0].set_at, row.rows[0].public_key],
    )
  }

  const { devtools, authenticator: authenticatorId } = phone
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
  const [own] = credentials
  assert.ok(own)
  await devtools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: own.credentialId })
  await devtools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...own, signCount: 0 } })
  const zaw = await care.hire(['champion'])
  const fourth = await callIn(care, zaw)
  await phone.page.goto(await askHer(care, zaw, fourth))
  await phone.page.getByRole('button', { name: 'Allow it with my key' }).click()
  await phone.page.getByText(/seems to have been copied, so it was closed/).waitFor()
  assert.match(care.texts.at(-1)?.text ?? '', /Somebody used a copy of your own key/)
  assert.equal((await askAgain(care, zaw, fourth)).body.code, 'own-key-absent')
})

test('several phones have a key each, a lost one is taken off at once, and a shop makes one after photo ID', async (t) => {
  const house = await openKeyHouse(t)
  const { care } = house
  const [first, second] = [await house.phone(), await house.phone()]
  await keepKey(house, first)
  await keepKey(house, second)
  await signIn(house, first)
  await first.page.goto('/my/protection')
  assert.equal(await first.page.getByRole('button', { name: 'Take it off' }).count(), 2)
  await first.page.getByRole('button', { name: 'Take it off' }).first().click()
  await first.page.getByText('A key of your own was taken off').waitFor()
  assert.equal(await first.page.getByRole('button', { name: 'Take it off' }).count(), 1)

  const thiri = await care.hire(['champion'])
  const contact = await callIn(care, thiri)
  const link = await askHer(care, thiri, contact)
  await first.page.goto(link)
  await first.page.getByRole('button', { name: 'Allow it with my key' }).click()
  await first.page.getByText('The phone gave no key.').waitFor()
  await second.page.goto(link)
  await second.page.getByRole('button', { name: 'Allow it with my key' }).click()
  await second.page.getByRole('heading', { name: 'You allowed it.' }).waitFor()
  assert.equal(
    (await care.ask(thiri, 'POST', `/api/care/contacts/${contact}/key-offers`, {})).body.code,
    'photo-id-first',
  )

  const clerk = await care.hire(['champion'], { shop: 'mandalay-1' })
  const visit = (
    await ok(care, clerk, 'POST', '/api/care/contacts', { number: '09 791 204 412', channel: 'shop' })
  ).id
  const document = { kind: 'nrc', unexpired: true, compared: true }
  await ok(care, clerk, 'POST', `/api/care/contacts/${visit}/factors/photo-id`, { document })
  const other = await care.hire(['champion'], { shop: 'mandalay-1' })
  await care.ask(other, 'POST', `/api/care/contacts/${visit}/factors/photo-id/answer`, { seen: true })
  await ok(care, clerk, 'POST', `/api/care/contacts/${visit}/key-offers`, {})
  const third = await house.phone()
  await third.page.goto(linkIn(care))
  await third.page.getByRole('button', { name: 'Make a key on this phone' }).click()
  await third.page.getByRole('heading', { name: 'The key is yours.' }).waitFor()
  const keys = await care.customers.ownKeys.list(care.database.db, care.subscriber)
  assert.deepEqual(
    keys.map(({ state, usableFrom }) => [state, usableFrom <= care.time + DAY]),
    [
      ['removed', true],
      ['standing', true],
      ['standing', true],
    ],
  )
})
