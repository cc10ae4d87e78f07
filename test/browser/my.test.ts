import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Route } from 'playwright-core'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import {
  type BrowserOptions,
  CUSTOMERS,
  KHIN,
  lookAtRows,
  MYA,
  openContext,
  openPhone,
  readCode,
  signInAs,
  signInAtMy,
  speakEnglish,
  waitUntilCounted,
} from './hands.ts'

let house: DemoHouse
const closing: (() => Promise<void>)[] = []
/** Mya Thandar Win, signed in once: codes are sent a minute apart. */
let mya: NonNullable<BrowserOptions['state']>
before(async () => {
  house = await openDemoHouse({ after: (close) => void closing.push(close as () => Promise<void>) })
  const context = await openContext(house, { width: 360 })
  await signInAtMy(context, MYA)
  mya = await context.storageState()
  await context.close()
})
after(async () => {
  for (const close of closing.reverse()) await close()
})

test('a customer sees the look that was just made, and her own browser proves it', async () => {
  const desk = await openContext(house)
  const { page: console_ } = await lookAtRows(desk, KHIN)
  await console_.getByRole('button', { name: 'Close with a resolution' }).click()
  await console_.getByLabel('The bill was explained').check()
  await console_.getByRole('button', { name: 'Close this contact' }).click()
  await console_.getByText('This contact is over.').waitFor()

  const hers = await openContext(house, { width: 360 })
  const complaints: string[] = []
  const page = await signInAtMy(hers, KHIN)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.reload()
  await waitUntilCounted(page)
  const newest = page.locator('li.look').first()
  assert.match(
    (await newest.locator('.sentence').textContent()) ?? '',
    /staff member in Mandalay \(M-17\) looked at your \w+ calls while you were on the line, to explain your bill\. They saw 7 of 311 calls, with two digits/,
  )
  await newest.getByText('Checked on your phone just now').waitFor()
  await newest.getByText(/^This line is in the register, as entries/).waitFor()
  await newest.getByText('Not proven by this').waitFor()
  const second = page.locator('li.look').nth(1)
  if (
    (await second.count()) > 0 &&
    (await second.getByRole('button', { name: 'Check this yourself' }).count()) > 0
  ) {
    await second.getByRole('button', { name: 'Check this yourself' }).click()
    await second.getByText('Checked on your phone just now').waitFor()
  }
  await newest.getByRole('link', { name: 'Show what they saw' }).click()
  await page.getByRole('heading', { name: 'What they saw' }).first().waitFor()
  assert.equal(await page.locator('tbody tr').count(), 7)
  await page.getByText('Never shown: what was said or written').waitFor()
  assert.deepEqual(complaints, [])
  await desk.close()
  await hers.close()
})

test('a proof that was tampered with is refused, in words', async () => {
  const hers = await openContext(house, { width: 360, state: mya })
  const page = await hers.newPage()
  await page.goto('/my')
  await waitUntilCounted(page)
  await page.route('**/my/looks/*/proof', (route) =>
    tamper(route, (text) => text.replace(/"M-9"|M-9/g, 'M-8')),
  )
  await page.reload()
  await page.getByText('Something here does not fit the register.').waitFor()
  await page.getByText('The text was changed after it was signed.').first().waitFor()
  await page.unroute('**/my/looks/*/proof')

  await page.route('**/my', (route) => tamper(route, (text) => text.replace(/\(M-9\)/g, '(M-8)')))
  await page.reload()
  await page.getByText('The sentence above is not what was written down.').first().waitFor()
  await page.unroute('**/my')

  await page.route('**/log/checkpoint', (route) =>
    tamper(route, (text) =>
      text.replace(/^(\S+\n)(\d+)/, (_, origin: string, size: string) => `${origin}${Number(size) + 1}`),
    ),
  )
  await page.reload()
  await page.getByText('The register does not hold.').waitFor()
  await page.getByText(/signature under the register does not hold|not signed by its key/).waitFor()
  await hers.close()
})

test('"this was not me" becomes a report that the privacy officer finds and answers, and she reads the answer', async () => {
  const hers = await openContext(house, { width: 360, state: mya })
  const page = await hers.newPage()
  await page.goto('/my')
  const bad = page.locator('li.look').filter({ hasText: '(M-9)' }).first()
  await bad.getByRole('link', { name: 'This was not me' }).click()
  await page.getByLabel('What should they know?').fill('I was at work, and in no shop.')
  await page.getByRole('button', { name: 'Send the report' }).click()
  await page.getByText('Your report was received.').waitFor()

  const office = await openContext(house)
  const officer = await signInAs(office, 'Sandar Myint')
  await officer.getByRole('link', { name: 'Reports' }).click()
  await officer
    .getByRole('link', { name: /Report \d/ })
    .first()
    .click()
  await officer.getByText('I was at work, and in no shop.').waitFor()
  await officer.getByText('The telephony system did not confirm a call').waitFor()
  assert.equal(await officer.getByText(MYA.number).count(), 0)
  await officer.getByRole('button', { name: 'Take this report' }).click()
  await officer.getByLabel('She was right: it was not her').check()
  await officer
    .getByLabel('The answer, which she will read')
    .fill('A photo ID was ticked that nobody showed.')
  await officer.getByRole('button', { name: 'Send the answer' }).click()
  await officer.getByRole('button', { name: 'Send the answer' }).waitFor({ state: 'detached' })
  await officer.getByText('She was right').waitFor()

  await page.goto('/my/case')
  await page.getByText('You were right.').waitFor()
  await page.getByText('A photo ID was ticked that nobody showed.').waitFor()
  await hers.close()
  await office.close()
})

test('her own bill and calls open with her PIN, can be taken home, and are on her page', async () => {
  const who = CUSTOMERS[5]!
  const hers = await openContext(house, { width: 360 })
  const page = await signInAtMy(hers, who)
  await page.getByRole('link', { name: 'My bill' }).click()
  await page.getByLabel('PIN or passphrase').fill('000001')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('That did not work.').waitFor()
  await page.getByLabel('PIN or passphrase').fill(who.pin)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.locator('.headline').waitFor()
  await page.getByRole('img', { name: /Charges by day/ }).waitFor()
  await page.getByRole('link', { name: 'My calls' }).click()
  await page.getByText('Your calls are on this screen.').waitFor()
  const rows = await page.locator('tbody tr').count()
  assert.ok(rows > 0 && rows <= 100)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Download/ }).click(),
  ])
  assert.match(download.suggestedFilename(), /^calls-20\d\d-\d\d\.csv$/)
  await page.goto('/my')
  await page.getByText(/You downloaded your own \w+ calls here\./).waitFor()
  await hers.close()
})

test('PIN, "only in a shop" and language are hers to set', async () => {
  const who = CUSTOMERS[6]!
  const hers = await openContext(house, { width: 360 })
  const page = await signInAtMy(hers, who)
  await page.getByRole('link', { name: 'Protection' }).click()
  await page.getByLabel('The one you have now').fill(who.pin)
  await page.getByLabel('The new one').fill('123456')
  await page.getByRole('button', { name: 'Set it' }).click()
  await page.getByText('That did not work.').waitFor()
  await page.getByLabel('The one you have now').fill(who.pin)
  await page.getByLabel('The new one').fill('407395')
  await page.getByRole('button', { name: 'Set it' }).click()
  await page.getByText('PIN or passphrase set').waitFor()
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByText('On. Your calls open only in a shop').waitFor()
  await page.getByRole('button', { name: 'Turn off in 72 hours' }).click()
  await page.getByText('This is waiting').waitFor()
  await page.getByRole('button', { name: 'Stop it' }).click()
  await page.getByText('This is waiting').waitFor({ state: 'detached' })
  await page.locator('header button', { hasText: 'မြန်မာ' }).click()
  await page.getByRole('heading', { name: 'ကာကွယ်မှု', level: 1 }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'my')
  await hers.close()
})

test('without scripts she signs in and reads everything, and the page says that it was not checked', async () => {
  const who = CUSTOMERS[7]!
  const scripted = await openContext(house, { width: 360 })
  const plain = await openContext(house, { width: 360, script: false })
  const phone = await openPhone(scripted, who)
  const page = await plain.newPage()
  await page.goto('/my/sign-in?language=en')
  await page.getByLabel('Your number').fill(who.number)
  await page.getByRole('button', { name: 'Text me a code' }).click()
  await page.getByLabel('The six digits').fill(await readCode(phone))
  await page.getByRole('button', { name: 'Show me' }).click()
  await page.locator('#register').waitFor()
  await page.goto('/my/protection')
  await speakEnglish(page)
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  await scripted.close()
  await plain.close()

  const hers = await openContext(house, { width: 360, script: false, state: mya })
  const looks = await hers.newPage()
  await looks.goto('/my')
  await looks.locator('li.look').first().waitFor()
  await looks.getByText('Your browser runs no scripts').waitFor()
  await looks.getByText('What stands here is what the register says').waitFor()
  await looks.getByRole('link', { name: 'Show what they saw' }).first().click()
  await looks.getByText('Never shown: what was said').waitFor()
  await hers.close()
})

test('the first page weighs under 150 kB with all that it loads', async (t) => {
  for (const language of ['en', 'my'] as const) {
    const context = await openContext(house, { width: 360, language })
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    let bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await page.goto(`/my/sign-in?language=${language}`, { waitUntil: 'networkidle' })
    t.diagnostic(`${language}: ${bytes} bytes`)
    assert.ok(bytes > 10_000 && bytes < 150_000, `${bytes} bytes`)
    await context.close()
  }
})

/** Passes an answer on with its text changed, as whoever stands between might. */
async function tamper(route: Route, change: (text: string) => string): Promise<void> {
  const answer = await route.fetch()
  const text = await answer.text()
  const changed = change(text)
  assert.notEqual(changed, text, 'there was something to change')
  const { 'content-length': _, 'content-encoding': __, ...headers } = answer.headers()
  await route.fulfill({ status: answer.status(), headers, body: changed })
}
