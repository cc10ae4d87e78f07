import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { granted, SYSTEM } from '../staff/open-room.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { axeFindsNothing } from '../support/axe.ts'
import { openLawful } from './open-lawful.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

test('the privacy officer gathers a year from the ledger and signs it with a passkey, in a real browser', async (t) => {
  await buildPages()
  const port = await freePort()
  const address = `http://localhost:${port}`
  const open = await openLawful(t, { publicUrl: address })
  await serveConsole(open.app, PAGES)
  await open.app.listen({ port, host: 'localhost' })
  const officer = await open.hire(['privacy-officer'], { name: 'Su Su' })
  const counsel = await open.hire(['counsel'])
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.setDefaultTimeout(40_000)
  await addAuthenticator(page)
  const facts = await officer.facts()
  const without = await open.lawful.certificateDraft(2026, facts, 'None known.')
  assert.ok('refused' in without && without.code === 'no-passkey')

  const { link } = granted(await open.room.passkeys.issueLink(SYSTEM, officer.id))
  await page.goto(link)
  await page.getByRole('button', { name: 'Register this device' }).click()
  await page.getByRole('link', { name: 'Certificate' }).click()
  await page.getByLabel('Actions against data brokers').fill('None was known of this year.')
  await page.getByRole('button', { name: 'Gather the figures' }).click()
  await page.getByText('Training: 2 courses recorded').waitFor()
  await axeFindsNothing(page)
  await page.getByRole('button', { name: 'Sign with my passkey' }).click()
  await page.getByText('signed by Su Su').waitFor()
  const [signed] = await open.lawful.certificates()
  assert.match(signed!.text, /I, Su Su, privacy officer of Ayeyar Mobile/)
  assert.ok((await open.kinds()).includes('certificate-signed'))

  const refused = await open.lawful.signCertificate(await counsel.facts(), {
    year: 2026,
    brokers: 'None.',
    id: '0'.repeat(32),
    response: {} as never,
  })
  assert.ok('refused' in refused && refused.code === 'signature-wrong')
})
