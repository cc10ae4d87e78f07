import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { WRITTEN } from '../care/open-care.ts'
import { crewOf, openIncidents } from '../incident/open-incident.ts'
import { lookAt } from '../trace/open-trace.ts'
import { looksRightAtBothWidths } from './both-widths.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

test('an officer opens an incident, names and freezes somebody, and reads what they were shown', async (t) => {
  await buildPages()
  const house = await openIncidents(t)
  addLedgerRoutes(house.app, { ledger: house.ledger })
  await serveConsole(house.app, PAGES)
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = house.app.server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  await lookAt(house, thiri, [1])
  const { privacy } = await crewOf(house)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  await context.addCookies([
    { name: 'countersign-staff', value: privacy.token, url: origin },
    { name: 'countersign-staff-csrf', value: csrfTokenOf(privacy.token), url: origin },
  ])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))

  await page.goto(`${origin}/incidents`)
  await page.getByText('There is no incident.').waitFor()
  await page.getByRole('textbox', { name: 'In one line' }).fill('A list of August calls left')
  await page.getByRole('textbox', { name: 'Whose log, if known' }).fill(WRITTEN)
  await page.getByRole('button', { name: 'Open it' }).click()
  await page.getByText('Incident 2026-09-001 · reported').waitFor()
  assert.match(page.url(), /\/incidents\/[0-9a-f]{24}$/, 'nothing private in the address')

  await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Name somebody' })
  await page.getByRole('textbox', { name: 'Desk name' }).fill(thiri.deskName)
  await page
    .getByRole('textbox', { name: 'Why, for the file' })
    .first()
    .fill('Found by the trace of the list.')
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByText('can still sign in').waitFor()

  const about = page.locator('.card', { hasText: 'can still sign in' })
  await about.getByRole('textbox', { name: 'Why, for the file' }).fill('The list came from this look.')
  await about.getByRole('button', { name: `Freeze ${thiri.deskName}` }).click()
  await page.getByText('frozen', { exact: false }).first().waitFor()
  await page.getByText('can still sign in').waitFor({ state: 'detached' })
  assert.equal(await house.room.sessions.facts(thiri.token), null)

  await page.getByRole('button', { name: `Read what ${thiri.deskName} was shown` }).click()
  await page.getByText('never held').waitFor()
  await page.getByText('not in the field set').waitFor()
  await page.getByText(WRITTEN).first().waitFor()
  await looksRightAtBothWidths(page, 'incident')
  await page.goto(`${origin}/incidents`)
  await page.getByRole('link', { name: 'A list of August calls left' }).waitFor()
  await page.evaluate("localStorage.setItem('countersign.language', 'my')")
  await page.reload()
  await page.getByRole('heading', { name: 'ဖြစ်ရပ်များ' }).waitFor()
  await looksRightAtBothWidths(page, 'incidents-my')
  assert.deepEqual(complaints, [])
})
