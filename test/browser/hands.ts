import assert from 'node:assert/strict'
import type { BrowserContext, Page } from 'playwright-core'
import { makePeople } from '../../demo/people.ts'
import { DEMO_SEED } from '../../demo/seed.ts'
import { makeStaff } from '../../demo/staff.ts'
import { formatNumber } from '../../src/calls/numbers.ts'
import { axeFindsNothing } from '../support/axe.ts'
import type { DemoHouse } from './demo-house.ts'

/** What people do with the pages, each by the words that stand on them. */

export interface Customer {
  readonly name: string
  /** As people write it. */
  readonly number: string
  readonly pin: string
}

export const KHIN: Customer = { name: 'Daw Khin Mar Lwin', number: '09 791 204 412', pin: '408172' }
/** Whose log was given away: on her page stands a look at a time when she was in no shop. */
export const MYA: Customer = { name: 'Daw Mya Thandar Win', number: '09 791 377 206', pin: '739215' }

/** Honest customers with a PIN who are in nobody's circle, so that each test may have one of its own. */
export const CUSTOMERS: readonly Customer[] = customersWithPin()

function customersWithPin(): Customer[] {
  const people = makePeople(DEMO_SEED)
  const close = new Set(makeStaff(DEMO_SEED, people).flatMap(({ numbers }) => numbers))
  return people
    .filter(
      ({ index, simChangedDaysAgo, forwarded }) =>
        index >= 2 && !close.has(index) && !forwarded && simChangedDaysAgo === null,
    )
    .flatMap(({ name, number, pin }) =>
      pin === null ? [] : [{ name: `${name.honorific} ${name.latn}`, number: formatNumber(number), pin }],
    )
}

export interface BrowserOptions {
  readonly width?: number
  readonly dark?: boolean
  readonly language?: 'en' | 'my'
  readonly script?: boolean
  /** Pixels of a picture for each of the page. */
  readonly scale?: number
  /** Cookies of somebody who has signed in. */
  readonly state?: Awaited<ReturnType<BrowserContext['storageState']>>
}

/** A browser of somebody's own: no cookies of others, their language, their light. */
export async function openContext(
  house: Pick<DemoHouse, 'url' | 'browser'>,
  options: BrowserOptions = {},
): Promise<BrowserContext> {
  const { width = 1280, dark = false, language = 'en', script = true, scale = 1, state } = options
  const context = await house.browser.newContext({
    baseURL: house.url,
    viewport: { width, height: width < 500 ? 740 : 820 },
    colorScheme: dark ? 'dark' : 'light',
    locale: language === 'my' ? 'my' : 'en-GB',
    javaScriptEnabled: script,
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
    ...(state === undefined ? {} : { storageState: state }),
  })
  context.setDefaultTimeout(20_000)
  return context
}

/** Signs in at the console with one click, as the person of this name. */
export async function signInAs(context: BrowserContext, name: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: new RegExp(`${name}`) }).click()
  await page.locator('.frame').waitFor()
  return page
}

/** Her phone, with English on its buttons. */
export async function openPhone(context: BrowserContext, who: Customer): Promise<Page> {
  const phone = await context.newPage()
  await phone.setViewportSize({ width: 390, height: 780 })
  await phone.goto('/demo/phone')
  await phone.getByLabel('Name or number').fill(who.number)
  await phone.getByRole('button', { name: 'Find' }).click()
  await phone.getByRole('button', { name: who.number }).click()
  await phone.getByRole('heading', { name: who.name }).waitFor()
  return phone
}

/** Rings the desk; `spoofed`: from another line that only shows her number. */
export async function ring(phone: Page, desk: string, { spoofed = false } = {}): Promise<void> {
  await phone.getByLabel('Ring care').selectOption(desk)
  if (spoofed) await phone.getByLabel(/only shows this number/).check()
  await phone.getByRole('button', { name: 'Call', exact: true }).click()
  await phone.getByText('On the line with desk').waitFor()
}

/** The newest six-digit code on her phone that is none of `before`. */
export async function readCode(phone: Page, before: readonly string[] = []): Promise<string> {
  const handle = await phone.waitForFunction((old) => {
    const codes = [...document.querySelectorAll('.bubble')].flatMap((bubble) => {
      const latin = [...(bubble.textContent ?? '')]
        .map((c) => (c >= '၀' && c <= '၉' ? String(c.charCodeAt(0) - 0x1040) : c))
        .join('')
      return latin.match(/(?<!\d)\d{6}(?!\d)/)?.[0] ?? []
    })
    return codes.find((code) => !old.includes(code)) ?? false
  }, before as string[])
  return (await handle.jsonValue()) as string
}

/** Keys in what the voice on the line asks for: the code of a text, or the PIN. */
export async function keyIn(phone: Page, what: 'code' | 'PIN', digits: string): Promise<void> {
  const asks = what === 'PIN' ? /PIN/ : /code|ကုဒ်/
  await phone.locator('label[for=digits]').filter({ hasText: asks }).waitFor()
  for (const digit of digits) await phone.locator(`.key[data-key="${digit}"]`).click()
  await phone.locator('form:has(#digits) .btn.main').click()
  await phone.locator('label[for=digits]').filter({ hasText: asks }).waitFor({ state: 'detached' })
}

/** A champion answers the call that rings at their desk, and sees who it is. */
export async function answerCall(page: Page, who: Customer): Promise<void> {
  await page.getByRole('button', { name: 'Answer and open the contact' }).click()
  await page.getByRole('heading', { name: who.name, level: 1 }).waitFor()
}

/** From a call to masked rows: Thiri's common contact up to the look. Gives both windows. */
export async function lookAtRows(
  context: BrowserContext,
  who: Customer,
  champion = { name: 'Thiri', desk: 'M-17' },
): Promise<{ page: Page; phone: Page }> {
  const page = await signInAs(context, champion.name)
  const phone = await openPhone(context, who)
  await ring(phone, champion.desk)
  await answerCall(page, who)
  await page.getByRole('button', { name: /key in (her|his|their) PIN/ }).click()
  await keyIn(phone, 'PIN', who.pin)
  await page.getByText(/PIN, keyed in/).waitFor()
  await page.getByRole('button', { name: 'Why is it higher?' }).click()
  await page.getByRole('button', { name: 'Show her rows, masked' }).click()
  await page.locator('.rows tbody tr').first().waitFor()
  return { page, phone }
}

/** Signs a customer in at /my with the code that her phone gets. */
export async function signInAtMy(context: BrowserContext, who: Customer): Promise<Page> {
  const phone = await openPhone(context, who)
  const before = await codesOn(phone)
  const page = await context.newPage()
  await page.goto('/my/sign-in?language=en')
  await page.getByLabel('Your number').fill(who.number)
  await page.getByRole('button', { name: /Send|code/ }).click()
  const code = await readCode(phone, before)
  await page.locator('#code').fill(code)
  await page.locator('button.main').click()
  await page.locator('#register').waitFor()
  await phone.close()
  await speakEnglish(page)
  return page
}

/** Her page speaks her own language; this makes it English. */
export async function speakEnglish(page: Page): Promise<void> {
  if ((await page.locator('html').getAttribute('lang')) === 'en') return
  await page.locator('header button', { hasText: 'English' }).click()
  await page.locator('html[lang=en]').waitFor()
}

/** Every code that her phone shows now. */
export async function codesOn(phone: Page): Promise<string[]> {
  const texts = await phone.locator('.bubble').allTextContents()
  return texts.flatMap((text) => {
    const latin = [...text].map((c) => (c >= '၀' && c <= '၉' ? String(c.charCodeAt(0) - 0x1040) : c)).join('')
    return latin.match(/(?<!\d)\d{6}(?!\d)/) ?? []
  })
}

/** Nothing for axe to find, and nothing wider than the screen. */
export async function looksRight(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const most = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= most) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > most + 1)
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 120))
  })
  assert.deepEqual(wide, [], `${where}: wider than the screen`)
  await axeFindsNothing(page, where)
}

/** Goes on with the keyboard until what holds the focus says `name`; gives how many keys that took. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab')
    const says = await page.evaluate(() => {
      const at = document.activeElement
      const label =
        at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((l) => l.textContent).join(' ') : ''
      return `${at?.getAttribute('aria-label') ?? ''} ${label} ${at?.textContent ?? ''}`
    })
    if (name.test(says)) return
  }
  throw new Error(`the keyboard never reaches ${name}`)
}

/** Her page once its newest line is in an epoch: they are made and countersigned in the background. */
export async function waitUntilCounted(page: Page): Promise<void> {
  const whole = page.getByText('All of them are here')
  for (let tries = 1; tries < 15; tries += 1) {
    const said = await whole.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    )
    if (said) return
    await page.reload()
  }
  await whole.waitFor()
}
