import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { WRITTEN } from '../care/open-care.ts'
import { lookAt, openTrace, type TestTrace } from '../trace/open-trace.ts'
import { looksRightAtBothWidths } from './both-widths.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

interface Opened {
  readonly desk: TestTrace
  readonly origin: string
  readonly page: Page
  readonly complaints: string[]
}

/** The console in a real browser, an investigator signed in. */
async function openConsole(t: TestContext): Promise<Opened> {
  await buildPages()
  const desk = await openTrace(t)
  addLedgerRoutes(desk.app, { ledger: desk.ledger })
  await serveConsole(desk.app, PAGES)
  await desk.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = desk.app.server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox'],
  })
  t.after(() => browser.close())
  const investigator = await desk.hire(['investigator'])
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  await context.addCookies([
    { name: 'countersign-staff', value: investigator.token, url: origin },
    { name: 'countersign-staff-csrf', value: csrfTokenOf(investigator.token), url: origin },
  ])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  return { desk, origin, page, complaints }
}

test('an investigator pastes a list, corrects a column, traces it, and reads who it came from', async (t) => {
  const { desk, origin, page, complaints } = await openConsole(t)
  await desk.trace.commitMaskKeys()
  const [thiri, su] = [
    await desk.hire(['champion'], { name: 'Thiri' }),
    await desk.hire(['champion'], { name: 'Su' }),
  ]
  desk.time += 60_000
  const leaked = await lookAt(desk, thiri, [1, 2])
  desk.time += 300_000
  await lookAt(desk, su, [1, 2])
  desk.time += 300_000
  desk.incidents.put({ id: 'case-1' })
  const list = leaked.rows
    .slice(0, 30)
    .map(
      ({ day, start, digits, lasted }) =>
        `${Number(day.slice(8))}/${Number(day.slice(5, 7))} ${start} ${digits} ${lasted.en}`,
    )
    .join('\n')

  await page.goto(`${origin}/traces?incident=case-1`)
  await page.getByText('Nothing has been traced in this incident yet.').waitFor()
  await looksRightAtBothWidths(page, 'trace-empty')
  await page.getByRole('textbox', { name: 'The list, as it came' }).fill(list)
  await page.getByRole('button', { name: 'Read the list' }).click()
  await page.getByText('30 of 30 lines can be compared').waitFor()
  await looksRightAtBothWidths(page, 'trace-read')

  const charge = page.getByRole('combobox', { name: 'Column 4' }).first()
  await charge.click()
  await page.getByRole('option', { name: 'Leave out' }).click()
  await page.getByText('30 of 30 lines can be compared').waitFor()
  await charge.click()
  await page.getByRole('option', { name: 'Length' }).click()

  await page.getByRole('textbox', { name: 'Whose number, if known' }).fill(WRITTEN)
  await page.getByRole('button', { name: 'Trace this list' }).click()
  await page.getByText(`by ${thiri.deskName}.`, { exact: false }).first().waitFor()
  assert.match(page.url(), /\/traces\/[0-9a-f]{24}$/, 'nothing private in the address')
  await page.getByText('of the 30 rows agree', { exact: false }).waitFor()
  assert.equal(await page.getByRole('row').filter({ hasText: 'fits' }).count(), 30)
  await page.getByRole('link', { name: /The list was fixed in entry/ }).waitFor()
  await looksRightAtBothWidths(page, 'trace-answer')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.reload()
  await page.getByText('of the 30 rows agree', { exact: false }).waitFor()
  await looksRightAtBothWidths(page, 'trace-dark')
  await page.evaluate("localStorage.setItem('countersign.language', 'my')")
  await page.reload()
  await page.getByText('တရားရုံးအတွက် ဝါကျ').waitFor()
  await looksRightAtBothWidths(page, 'trace-my')
  assert.deepEqual(complaints, [])
})

test('without an open incident the page says why nothing is traced', async (t) => {
  const { page, origin } = await openConsole(t)
  await page.goto(`${origin}/traces`)
  await page.getByRole('textbox', { name: 'The list, as it came' }).fill('14/8 19:02 •4•1••• 8m\nand so on')
  await page.getByRole('button', { name: 'Read the list' }).click()
  await page.getByText('1 of 2 lines can be compared').waitFor()
  await page.getByText('nothing a log could be compared with: 2').waitFor()
  await page.getByRole('textbox', { name: 'Incident' }).fill('2026-09-014')
  await page.getByRole('button', { name: 'Trace this list' }).click()
  await page.getByRole('alert').filter({ hasText: 'There is no such incident.' }).waitFor()
})
