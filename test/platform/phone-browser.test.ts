import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { axeFindsNothing } from '../support/axe.ts'
import { KHIN, openPhoneBench, type PhoneBench } from './phone-bench.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

interface Opened {
  bench: PhoneBench
  page: Page
  /** What the browser complained of: scripts, styles and addresses that the policy blocked. */
  complaints: string[]
}

/** A real browser, 360 pixels wide, at the page that asks whose phone. */
async function openBrowser(t: TestContext, options: { script: boolean } = { script: true }): Promise<Opened> {
  const bench = await openPhoneBench(t)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const viewport = { width: 360, height: 740 }
  const context = await browser.newContext({ viewport, javaScriptEnabled: options.script })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${bench.address}/demo/phone`)
  await page.getByRole('button', { name: /Daw Khin Mar Lwin/ }).click()
  await page.getByRole('heading', { name: 'Daw Khin Mar Lwin' }).waitFor()
  return { bench, page, complaints }
}

async function looksRight(page: Page): Promise<void> {
  const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  assert.equal(wider, false, 'nothing is wider than the screen')
  await axeFindsNothing(page)
}

test('a call with its PIN, by the keys on the page, while texts arrive', async (t) => {
  const { bench, page, complaints } = await openBrowser(t)
  await looksRight(page)
  await bench.phones.deliver({ to: KHIN.number, from: 'Ayeyar', text: 'သင့်ကုဒ်မှာ ၄၈၂၉၁၃', at: Date.now() })
  await page.getByText('သင့်ကုဒ်မှာ').waitFor()
  await page.getByRole('button', { name: 'Call' }).click()
  await page.getByText('On the line with desk').waitFor()
  const keyed = new Promise<string>((resolve) => {
    bench.telephony.onDigits(async ({ digits }) => resolve(digits))
  })
  const live = await bench.telephony.liveCall(KHIN.number)
  await bench.telephony.askDigits(live!.callId, { count: 4, ref: 'r', prompt: 'pin', language: 'en' })
  await page.getByRole('button', { name: '7', exact: true }).click()
  await page.getByRole('button', { name: '3', exact: true }).click()
  await bench.phones.deliver({
    to: KHIN.number,
    from: 'Ayeyar',
    text: 'A text between two digits',
    at: Date.now(),
  })
  await page.getByText('A text between two digits').waitFor()
  await page.getByRole('button', { name: '8', exact: true }).click()
  await page.getByRole('button', { name: '2', exact: true }).click()
  await looksRight(page)
  await page.getByRole('button', { name: 'Send' }).click()
  assert.equal(await keyed, '7382')
  await page.getByRole('button', { name: 'Hang up' }).click()
  await page.getByRole('button', { name: 'Call' }).waitFor()
  assert.equal(await bench.telephony.liveCall(KHIN.number), null)
  assert.deepEqual(complaints, [])
})

test('a call back is seen at once and answered, in Burmese and in the dark', async (t) => {
  const { bench, page, complaints } = await openBrowser(t)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('link', { name: 'မြန်မာ' }).click()
  await page.getByRole('heading', { name: 'ဒေါ်ခင်မာလွင်' }).waitFor()
  await looksRight(page)
  await bench.callBack('cb-1')
  await page.getByText('က သင့်ထံ ပြန်ခေါ်နေပါသည်').waitFor()
  await looksRight(page)
  await page.getByRole('button', { name: 'ဖုန်းကိုင်ရန်' }).click()
  await page.getByText('ပြောဆိုနေသည့် ဌာန').waitFor()
  assert.equal((await bench.telephony.liveCall(KHIN.number))?.callBackRef, 'cb-1')
  assert.deepEqual(complaints, [])
})

test('without script the phone rings and hangs up all the same', async (t) => {
  const { bench, page } = await openBrowser(t, { script: false })
  await page.getByRole('button', { name: 'Call' }).click()
  await page.getByText('On the line with desk').waitFor()
  assert.equal((await bench.telephony.liveCall(KHIN.number))?.desk, 'M-17')
  await page.getByRole('button', { name: 'Hang up' }).click()
  await page.getByRole('button', { name: 'Call' }).waitFor()
})
