import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { addReportRoutes } from '../../src/customers/report-routes.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import type { Hired } from '../staff/open-room.ts'
import { lookForCaller, lookOnOnesWord, openWatch, type TestWatch } from '../watch/open-watch.ts'
import { openBrowser } from './demo-house.ts'
import { looksRight } from './hands.ts'

/** Where pictures are kept, for whoever wants to look. */
const PICTURES = process.env.COUNTERSIGN_PICTURES

interface Opened {
  readonly care: TestWatch
  /** A page of this person's, so wide, so lit, in this language. */
  open(who: Hired, how?: { width?: number; dark?: boolean; language?: 'en' | 'my' }): Promise<Page>
  readonly complaints: string[]
}

/** The console in a real browser over the watch room. */
async function openConsole(t: TestContext): Promise<Opened> {
  await buildPages()
  const care = await openWatch(t)
  addLedgerRoutes(care.app, { ledger: care.ledger })
  addReportRoutes(care.app, care.reports)
  await serveConsole(care.app, PAGES)
  await care.app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://localhost:${(care.app.server.address() as AddressInfo).port}`
  const browser = await openBrowser()
  t.after(() => browser.close())
  const complaints: string[] = []
  return {
    care,
    complaints,
    async open(who, { width = 1280, dark = false, language = 'en' } = {}) {
      const context = await browser.newContext({
        baseURL: origin,
        viewport: { width, height: 820 },
        colorScheme: dark ? 'dark' : 'light',
        locale: language === 'my' ? 'my' : 'en-GB',
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(60_000)
      await context.addCookies([
        { name: 'countersign-staff', value: who.token, url: origin },
        { name: 'countersign-staff-csrf', value: csrfTokenOf(who.token), url: origin },
      ])
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(error.message))
      return page
    },
  }
}

async function deny(care: TestWatch, look: string, by: Hired): Promise<void> {
  const filed = await care.reports.file(
    care.subscriber,
    {
      look,
      staffId: by.id,
      deskName: by.deskName,
      office: 'mandalay',
      month: '2026-08',
      purpose: 'bill-clarification',
      channel: 'shop',
      confirmedByTelephony: false,
      at: care.time,
    },
    'I was at work.',
  )
  assert.ok(!('refused' in filed))
}

test('the list and its first card: reasons, what speaks for, the look as it was, one click and its consequence', async (t) => {
  const { care, open, complaints } = await openConsole(t)
  const thiri = await care.hire(['champion'])
  const zaw = await care.hire(['champion'], { team: 'mandalay-2', name: 'Zaw' })
  const officer = await care.hire(['privacy-officer'], { office: 'yangon', team: 'yangon-1', name: 'Su Su' })
  await lookForCaller(care, thiri)
  const look = await lookOnOnesWord(care, zaw)
  await deny(care, look, zaw)
  await care.catchUp()
  for (const [width, dark, language] of [
    [1280, false, 'en'],
    [360, false, 'en'],
    [1280, true, 'en'],
    [360, true, 'my'],
  ] as const) {
    const page = await open(officer, { width, dark, language })
    await page.goto('/watch')
    await page.locator('.why-list').first().waitFor()
    await looksRight(page, `watch at ${width}, ${dark ? 'dark' : 'light'}, ${language}`)
    if (PICTURES !== undefined)
      await page.screenshot({ path: `${PICTURES}/watch-${width}-${dark}-${language}.png`, fullPage: true })
    await page.context().close()
  }

  const page = await open(officer)
  await page.goto('/watch')
  await page.getByRole('heading', { name: 'One look worth a question, of 2' }).waitFor()
  const card = page.locator('.alert').first()
  await card.getByText(`${zaw.deskName} looked at a customer who says it was not for her`).waitFor()
  await card.getByText('Speaks for').waitFor()
  await card.getByText('The look as it was').click()
  await card.getByText('on one clerk’s word').waitFor()
  await card.getByText(/The customer: not for me/).waitFor()
  await card.getByRole('button', { name: 'Open an incident' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/The incident room takes it from here/).waitFor()
  await looksRight(page, 'the dialog of a verdict')
  await dialog.getByLabel('Why').fill('Nobody was at the counter; he has no answer.')
  await dialog.getByRole('button', { name: 'Open an incident' }).click()
  await page.getByText('1 of 1').waitFor()
  await page.getByRole('heading', { name: 'No look worth a question, of 2' }).waitFor()
  assert.equal((await care.desk.handovers()).length, 1)
  await looksRight(page, 'the empty list')

  await page.getByRole('button', { name: 'Switch off Mandalay' }).click()
  await page
    .getByRole('dialog')
    .getByText(/looks of this office are not scored/)
    .waitFor()
  await page.getByRole('dialog').getByLabel('Why').fill('Until the works council has been heard.')
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off Mandalay' }).click()
  await page.getByText(/Not watched since/).waitFor()
  assert.deepEqual(complaints, [])
})

test('a champion sees what is recorded about them, and says what a look was for; the list is not theirs', async (t) => {
  const { care, open, complaints } = await openConsole(t)
  const zaw = await care.hire(['champion'], { name: 'Zaw' })
  await lookOnOnesWord(care, zaw)
  await care.catchUp()
  await care.desk.speakInTheEvening()
  const page = await open(zaw, { width: 360 })
  await page.goto('/me')
  await page.getByRole('heading', { name: 'What is recorded about my looks' }).waitFor()
  await looksRight(page, 'my looks')
  await page.getByLabel('What was this look for?').fill('She stood at the counter with her card.')
  await page.getByRole('button', { name: 'Say what it was for' }).click()
  await page.getByText(/you said what it was for/).waitFor()
  await page.goto('/watch')
  await page
    .getByText(/is not your desk|not yours|may not/i)
    .first()
    .waitFor()
  assert.deepEqual(complaints, [])
})
