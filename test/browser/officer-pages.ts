import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import type { TestHttp } from '../staff/open-http.ts'
import type { Hired } from '../staff/open-room.ts'
import { openBrowser } from './demo-house.ts'

/** The console over a house of which not every room is open, and a way in for whoever works there. */
export async function openPages(t: TestContext, house: TestHttp) {
  await buildPages()
  addLedgerRoutes(house.app, { ledger: house.ledger })
  await serveConsole(house.app, PAGES)
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const origin = `http://localhost:${(house.app.server.address() as AddressInfo).port}`
  const browser = await openBrowser()
  t.after(() => browser.close())
  return {
    origin,
    async open(who: Hired, path: string): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      await context.addCookies([
        { name: 'countersign-staff', value: who.token, url: origin },
        { name: 'countersign-staff-csrf', value: csrfTokenOf(who.token), url: origin },
      ])
      const page = await context.newPage()
      page.on('pageerror', (error) => assert.fail(error))
      await page.goto(`${origin}${path}`)
      return page
    },
  }
}

/** Changes the page's language, as its reader would. */
export async function inBurmese(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.setItem('countersign.language', 'my'))
  await page.reload()
}
