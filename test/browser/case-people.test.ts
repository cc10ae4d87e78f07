import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { addReportRoutes } from '../../src/customers/report-routes.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { NUMBER, ok, WRITTEN } from '../care/open-care.ts'
import { crewOf } from '../incident/open-incident.ts'
import { codeTo, openPeople, type TestPeople } from '../incident/open-people.ts'
import { type Hired, HOUR } from '../staff/open-room.ts'
import { lookAt } from '../trace/open-trace.ts'
import { looksRightAtBothWidths } from './both-widths.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'
const LAWYER = '+959250000777'

/** A console of somebody's own, signed in. */
async function consoleOf(browser: Browser, origin: string, who: Hired): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  await context.addCookies([
    { name: 'countersign-staff', value: who.token, url: origin },
    { name: 'countersign-staff-csrf', value: csrfTokenOf(who.token), url: origin },
  ])
  return context.newPage()
}

async function pageOf(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  context.setDefaultTimeout(20_000)
  return context.newPage()
}

async function openHouse(t: Parameters<typeof openPeople>[0]) {
  await buildPages()
  const house = await openPeople(t)
  addLedgerRoutes(house.app, { ledger: house.ledger })
  addReportRoutes(house.app, house.reports)
  await serveConsole(house.app, PAGES)
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = house.app.server.address() as AddressInfo
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  return { house, browser, origin: `http://localhost:${port}` }
}

/** She signs in with the code that her phone gets, and says of the one look: that was not me. */
async function herReport(house: TestPeople, her: Page, origin: string): Promise<void> {
  await her.goto(`${origin}/my/sign-in?language=en`)
  await her.getByLabel('Your number').fill(WRITTEN)
  await her.getByRole('button', { name: 'Text me a code' }).click()
  await her.getByLabel('The six digits').waitFor()
  await house.runOwnJobs()
  await her.getByLabel('The six digits').fill(codeTo(house.texts, NUMBER))
  await her.getByRole('button', { name: 'Show me' }).click()
  await her.getByRole('link', { name: 'This was not me' }).click()
  await her.getByLabel('What should they know?').fill('My business associate has a list of my calls.')
  await her.getByRole('button', { name: 'Send the report' }).click()
  await her.getByText('Your report was received.').waitFor()
}

/** The officer opens the case from her report, tells her what was found, and by when she hears again. */
async function tellHer(house: TestPeople, desk: Page, origin: string): Promise<void> {
  const [report] = await house.reports.list(null)
  await desk.goto(`${origin}/reports/${report?.id}`)
  await desk.getByRole('button', { name: 'Open an incident from it' }).click()
  await desk.getByText('Incident 2026-09-001 · reported').waitFor()
  await desk.getByText('Say something, or file what was said').click()
  const said = desk.locator('form', { has: desk.getByRole('button', { name: 'File it' }) })
  await said.getByLabel('What it is').selectOption({ label: 'what was found, for her' })
  await said.getByLabel('Who exactly').fill('herself')
  await said.getByLabel('The words').fill('One look at your August calls was not asked for by you.')
  await said.getByLabel('She hears again by').fill('2026-09-19')
  await said.getByRole('button', { name: 'File it' }).click()
  await desk.getByText('She was promised to hear again by', { exact: false }).waitFor()
}

/** The officer checks the deed line by line and gets the link to hand over. */
async function admit(desk: Page): Promise<string> {
  await desk.getByText('Let somebody speak for her').click()
  const form = desk.locator('form', { has: desk.getByRole('button', { name: 'Open the representation' }) })
  await form.getByLabel('Name, never shortened').fill('Daw Nilar Aung')
  await form.getByLabel('Licence number').fill('AD-2211')
  await form.getByLabel('Telephone or e-mail that codes go to').fill('09 250 000 777')
  await form.getByLabel('Last day').fill('2027-03-11')
  const [chooser] = await Promise.all([
    desk.waitForEvent('filechooser'),
    form.getByLabel('The power of attorney').click(),
  ])
  await chooser.setFiles({
    name: 'deed.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7 the power of attorney'),
  })
  for (const box of await form.getByRole('checkbox').all()) await box.check()
  await form.getByLabel('How it was checked').fill('Called back at the number of record.')
  await form.getByRole('button', { name: 'Open the representation' }).click()
  const link = await desk.locator('code').textContent()
  assert.match(link ?? '', /\/representative\/enrol#[\w-]{43}$/)
  return new URL(link ?? '').hash
}

test('her report becomes a case, she reads each message, and her lawyer reads along until she ends it', async (t) => {
  const { house, browser, origin } = await openHouse(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  await lookAt(house, thiri, [1])
  const { privacy, investigator } = await crewOf(house)
  const her = await pageOf(browser)
  await herReport(house, her, origin)
  const desk = await consoleOf(browser, origin, privacy)
  await tellHer(house, desk, origin)

  await her.goto(`${origin}/my/case`)
  await her.getByText('My business associate has a list of my calls.').first().waitFor()
  await her.getByText('One look at your August calls was not asked for by you.').waitFor()
  await her.getByText('You hear from us again by 19 September 2026.').waitFor()
  await looksRightAtBothWidths(her, 'my-case')
  await her.getByLabel('Write to the officer of the case').fill('When was it?')
  await her.getByRole('button', { name: 'Send', exact: true }).click()
  await her.getByText('From you').waitFor()

  await looksRightAtBothWidths(desk, 'incident-people')
  const hash = await admit(desk)
  const [download] = await Promise.all([
    desk.waitForEvent('download'),
    desk.getByRole('button', { name: 'Read the power of attorney' }).click(),
  ])
  assert.match(download.suggestedFilename(), /^deed-[0-9a-f]{12}\.pdf$/)
  await desk.locator('aside').getByText('power of attorney read').waitFor()
  const lawyer = await pageOf(browser)
  await lawyer.goto(`${origin}/representative/enrol${hash}`)
  await lawyer.waitForURL(`${origin}/representative/enrol`, { waitUntil: 'load' })
  await looksRightAtBothWidths(lawyer, 'representative-enrol')
  await lawyer.getByRole('button', { name: 'Send me a code' }).click()
  await lawyer.getByLabel('The six digits').waitFor()
  await house.runOwnJobs()
  await lawyer.getByLabel('The six digits').fill(codeTo(house.texts, LAWYER))
  await lawyer.getByRole('button', { name: 'Open the matter' }).click()
  await lawyer.getByText('You, Daw Nilar Aung, speak for the customer in case 2026-09-001').waitFor()
  await lawyer.getByText('One look at your August calls was not asked for by you.').waitFor()
  await lawyer.getByText('When was it?').waitFor()
  await looksRightAtBothWidths(lawyer, 'representative')
  await lawyer.getByRole('link', { name: 'မြန်မာ' }).click()
  await lawyer.getByText('ဖောက်သည် တိုင်ကြားခဲ့သည်').waitFor()
  await looksRightAtBothWidths(lawyer, 'representative-my')

  await her.reload()
  await her.getByText('Daw Nilar Aung sees this case and nothing else').waitFor()
  await her.getByRole('button', { name: 'မြန်မာ' }).click()
  await her.goto(`${origin}/my/case`)
  await her.getByText('သင့်ကို ကိုယ်စားပြုသူ').waitFor()
  await looksRightAtBothWidths(her, 'my-case-my')
  await her.getByRole('button', { name: 'ယခု ရပ်မည်' }).click()
  await her.getByText('ဘာမျှ မဖွင့်ပေးတော့ပါ', { exact: false }).waitFor()
  // Nobody touches the lawyer's page: it goes blank by itself.
  await lawyer.getByText('One look at your August calls').waitFor({ state: 'detached' })
  const refused = await lawyer.reload()
  assert.equal(refused?.status(), 403)
  assert.equal(await lawyer.getByText('One look at your August calls').count(), 0)

  const other = await consoleOf(browser, origin, investigator)
  await other.goto(desk.url())
  await other.getByText('can still sign in').waitFor()
  assert.equal(await other.getByRole('button', { name: /^Freeze/ }).count(), 0, 'no button that refuses')
  await other.getByText('ended by her', { exact: false }).waitFor()
})

test('an officer drafts a notice from the case, completes it, and records that it was handed in', async (t) => {
  const { house, browser, origin } = await openHouse(t)
  const { privacy } = await crewOf(house)
  const desk = await consoleOf(browser, origin, privacy)
  await desk.goto(`${origin}/incidents`)
  await desk.getByRole('textbox', { name: 'In one line' }).fill('A list of August calls left')
  await desk.getByRole('button', { name: 'Open it' }).click()
  await desk.getByText('Incident 2026-09-001 · reported').waitFor()
  await desk.getByText('Nobody has said whose log it is').waitFor()
  const next = desk.locator('form', { has: desk.getByRole('button', { name: 'Do it' }) })
  await next.getByLabel('What', { exact: true }).selectOption({ label: 'Say whose log it is' })
  await next.getByLabel('Her number').fill(WRITTEN)
  await next.getByRole('button', { name: 'Do it' }).click()
  await desk.getByText('Nobody has said whose log it is').waitFor({ state: 'detached' })
  await next.getByLabel('What', { exact: true }).selectOption({ label: 'Say when the list turned up' })
  await next.getByLabel('When it turned up').fill('2026-09-11T10:00')
  await next.getByRole('button', { name: 'Do it' }).click()
  await desk.getByText('when the list surfaced').waitFor()

  const card = desk.locator('.card', { hasText: 'Letter to the regulator' })
  await card.getByRole('button', { name: 'Draft in English' }).click()
  await card.getByLabel('When it happened').waitFor()
  assert.match(await card.getByLabel('When it happened').inputValue(), /Before 11 September 2026/)
  assert.equal(await card.getByLabel('Likely consequences').inputValue(), '')
  await card.getByText('fields are still empty').waitFor()
  for (const empty of ['What happened', 'Categories and approximate number of people', 'Likely consequences'])
    await card.getByLabel(empty).fill('As the case stands tonight.')
  await card.getByRole('button', { name: 'Keep what is written' }).click()
  await card.getByText('fields are still empty').waitFor({ state: 'detached' })
  await card.getByLabel('Who exactly').fill('The regulator')
  await card.getByLabel('How and to whom it was handed over').fill('At the counter, receipt 14.')
  await card.getByRole('button', { name: 'Record it as sent' }).click()
  await card.getByText('Sent or handed in').waitFor()
  await desk.getByText('to the regulator').first().waitFor()
  await looksRightAtBothWidths(desk, 'incident-notices')
})

test('a clock that is nearly due rings the bell of whoever must act, on the page that is open', async (t) => {
  const { house, browser, origin } = await openHouse(t)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  await lookAt(house, thiri, [1])
  await herReport(house, await pageOf(browser), origin)
  // The house knows since then; the law gives 72 hours, and the last quarter of them alarms.
  house.time += 53.9 * HOUR
  const { privacy, counsel } = await crewOf(house)
  const [report] = await house.reports.list(null)
  const { id } = await ok(house, privacy, 'POST', '/api/incidents', {
    ...{ origin: 'not-me', ref: report?.id, title: 'A list of August calls left', says: '' },
  })
  await ok(house, privacy, 'POST', `/api/incidents/${id}/steps`, { do: 'law', frame: 'eu-gdpr' })
  const desk = await consoleOf(browser, origin, privacy)
  await desk.goto(`${origin}/ledger`)
  const others = await consoleOf(browser, origin, counsel)
  await others.goto(`${origin}/ledger`)
  await desk.getByRole('link', { name: 'Incidents' }).waitFor()
  assert.equal(await desk.locator('.bell').count(), 0)
  house.time += HOUR / 6
  await house.people.sweep()
  await desk.locator('.bell', { hasText: '1 waiting for you' }).waitFor()
  assert.equal(await others.locator('.bell').count(), 0, 'it is the privacy officer’s to give')
  await desk.locator('.bell').click()
  await desk.getByRole('link', { name: 'A list of August calls left' }).waitFor()
})
