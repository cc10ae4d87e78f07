import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import type { Reports } from '../../src/customers/reports.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { MONTH, NUMBER, ok, openCare, type TestCare, WRITTEN } from '../care/open-care.ts'
import type { Hired } from '../staff/open-room.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { addHerPage } from './her-page.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** The care desk and her page on one server, and phones whose keys are Chromium's own. */
export interface KeyHouse {
  readonly care: TestCare
  readonly reports: Reports
  readonly url: string
  phone(): Promise<Phone>
}

/** A phone that holds keys: its finger always fits. */
export interface Phone {
  readonly page: Page
  readonly context: BrowserContext
  readonly devtools: CDPSession
  readonly authenticator: string
}

export async function openKeyHouse(t: TestContext): Promise<KeyHouse> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const care = await openCare(t, { publicUrl: url, demo: false })
  const { reports } = await addHerPage(t, care, url)
  await care.app.listen({ port, host: 'localhost' })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  return {
    care,
    reports,
    url,
    async phone() {
      const context = await browser.newContext({
        baseURL: url,
        locale: 'en-GB',
        viewport: { width: 360, height: 740 },
      })
      context.setDefaultTimeout(20_000)
      const page = await context.newPage()
      const { devtools, authenticator } = await addAuthenticator(page)
      return { page, context, devtools, authenticator }
    },
  }
}

/** Signs her in at her page on this phone. */
export async function signIn({ care }: KeyHouse, { page }: Phone): Promise<void> {
  await page.goto('/my/sign-in?language=en')
  await page.locator('input[name=number]').fill(WRITTEN)
  await page.locator('button.main').click()
  await page.locator('#code').fill(/[0-9]{6}/.exec(care.texts.at(-1)?.text ?? '')?.[0] ?? '')
  await page.locator('button.main').click()
  await page.locator('#main').waitFor()
}

/** Makes a key under Protection, and lets its 72 hours and the 24 after them go by. */
export async function keepKey(house: KeyHouse, phone: Phone): Promise<void> {
  const { care } = house
  await signIn(house, phone)
  await phone.page.goto('/my/protection')
  await phone.page.getByRole('button', { name: 'Make a key on this phone' }).click()
  await phone.page.getByText('A key of your own will be added to your number').waitFor()
  for (let day = 0; day < 3; day += 1) {
    care.time += DAY
    await care.runJobs()
  }
  care.time += DAY
}

/** A caller on the first rung, at this champion's desk. */
export async function callIn(care: TestCare, champion: Hired): Promise<string> {
  const callId = `call-${champion.deskName}`
  await care.tell('ringing', { callId, desk: champion.deskName, number: NUMBER })
  await care.tell('answered', { callId, desk: champion.deskName, number: NUMBER })
  const contact = await ok(care, champion, 'POST', '/api/care/contacts', { number: WRITTEN, channel: 'call' })
  assert.equal(contact.state, 'verified')
  return contact.id as string
}

export const ASKED = { purpose: 'bill-clarification', month: MONTH, question: 'higher' }

/** Asks her, and gives the link that her phone got. */
export async function askHer(care: TestCare, champion: Hired, contact: string): Promise<string> {
  const asked = await ok(care, champion, 'POST', `/api/care/contacts/${contact}/key-asks`, ASKED)
  assert.equal(asked.ownKey.link.state, 'waiting')
  return linkIn(care)
}

/** The link in the newest text. */
export function linkIn({ texts }: TestCare): string {
  return /http\S+#\S+/.exec(texts.at(-1)?.text ?? '')?.[0] ?? 'no link'
}
