import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { verifyBundle } from '../../src/ledger/evidence/verify-bundle.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { addTransparencyStyle } from '../../src/transparency/routes.ts'
import { confirmedCase, openCourt, says } from '../incident/open-court.ts'
import type { Hired } from '../staff/open-room.ts'
import { lookAt } from '../trace/open-trace.ts'
import { openBrowser } from './demo-house.ts'
import { looksRight } from './hands.ts'

/** The house behind HTTP, with a confirmed case; `pageOf` is the case in somebody's own browser. */
async function openHouse(t: TestContext) {
  await buildPages()
  const house = await openCourt(t)
  addLedgerRoutes(house.app, { ledger: house.ledger })
  addTransparencyStyle(house.app)
  await serveConsole(house.app, PAGES)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  house.time += 60_000
  await lookAt(house, thiri, [1])
  const crew = await confirmedCase(house, thiri)
  await house.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = house.app.server.address() as AddressInfo
  const origin = `http://localhost:${port}`
  const browser = await openBrowser()
  t.after(() => browser.close())
  const pageOf = async (who: Hired): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
    })
    context.setDefaultTimeout(15_000)
    await context.addCookies([
      { name: 'countersign-staff', value: who.token, url: origin },
      { name: 'countersign-staff-csrf', value: csrfTokenOf(who.token), url: origin },
    ])
    const page = await context.newPage()
    await page.goto(`${origin}/incidents/${crew.id}`)
    await page.getByRole('heading', { name: 'How it travelled' }).waitFor()
    return page
  }
  return { ...crew, house, origin, browser, pageOf, thiri }
}

test('a case is drawn, referred and said in public, each by those who may', async (t) => {
  const { house, origin, browser, pageOf, thiri, investigator, privacy, counsel } = await openHouse(t)
  const page = await pageOf(investigator)
  await page.getByText('Change the picture').click()
  const chain = page.locator('form', { hasText: 'Who they are' })
  for (const [kind, name] of [
    ['employee', thiri.deskName],
    ['friend', 'A friend in Mandalay'],
  ] as const) {
    await chain.getByLabel('Who they are').selectOption(kind)
    await chain.getByLabel('What the case calls them').fill(name)
    await chain.getByLabel('Why, for the file').fill(says)
    await chain.getByRole('button', { name: 'Draw it' }).click()
    await page.locator('.chain text', { hasText: name }).first().waitFor()
  }
  const form = page.locator('form', { hasText: 'The change and its reason' })
  await form.getByLabel('What', { exact: true }).selectOption('link')
  await form.getByLabel('What went over').fill('gave the list')
  await form.getByLabel('What it rests on').selectOption('testimony')
  await form.getByLabel('Who said it, or which document').fill('He said so when he was asked.')
  await form.getByLabel('Why, for the file').fill(says)
  await form.getByRole('button', { name: 'Draw it' }).click()
  await page.locator('.chain-link.possible').waitFor({ state: 'attached' })
  await page.getByText(`${thiri.deskName} → A friend in Mandalay`).first().waitFor()

  await page.getByText('Prepare a referral').click()
  await page.getByRole('button', { name: 'See what would be given' }).click()
  await page.getByText('What is not given, and why').waitFor()
  await page.getByLabel('Station').fill('Mandalay, Chanayethazan')
  await page.getByLabel('Officer').fill('Police Inspector Aye Ko')
  await page.getByLabel('The law that was broken').fill('Telecommunications Law 2013, section 69')
  await page.getByLabel('What the police should know first').fill('The list came from this look.')
  await page.getByRole('button', { name: 'Prepare it' }).click()
  await page.getByText('waits for approval').waitFor()
  for (const who of [privacy, counsel]) {
    const approver = await pageOf(who)
    const card = approver.locator('article', { hasText: 'Chanayethazan' })
    await card.getByLabel('Why, for the file').fill(says)
    await card.getByRole('button', { name: 'Approve' }).click()
    await card.getByText(`Approved by ${who.deskName}`).waitFor()
    await approver.context().close()
  }
  await page.reload()
  const card = page.locator('article', { hasText: 'Chanayethazan' })
  await card.getByRole('button', { name: 'Make the bundle' }).click()
  await card.getByLabel('Why, for the file').fill(says)
  const download = page.waitForEvent('download')
  await card.getByRole('button', { name: 'Take a copy' }).click()
  const zip = readFileSync(await (await download).path())
  assert.equal(verifyBundle(zip, { verifierKey: house.ledger.verifierKey }).holds, true)
  await card.getByText('copied').waitFor()

  await page.getByText('Draft', { exact: true }).click()
  const draft = page.locator('form', { hasText: 'Put it up for approval' })
  await draft.getByLabel('What it is').selectOption('rumour')
  await draft.getByLabel('Headline, or what people say').fill('A recording was leaked')
  await draft.getByLabel('The same in Burmese').fill('အသံဖိုင် ပေါက်ကြားသည်')
  await draft.getByLabel('The fact', { exact: true }).fill('No recording is made or kept.')
  await draft.getByLabel('The fact in Burmese').fill('အသံဖမ်းခြင်း မပြုလုပ်ပါ။')
  await draft.getByRole('button', { name: 'Put it up for approval' }).click()
  await page.getByText('waits, 0 of 2 approvals').waitFor()
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 })
    await looksRight(page, `the case at ${width}`)
  }
  const { second } = await approve(house, pageOf, [privacy, counsel])
  assert.equal(second, 'published')
  const anybody = await (await browser.newContext()).newPage()
  await anybody.goto(`${origin}/statements`)
  await anybody.getByText('Our answer: It is untrue.').waitFor()
  await anybody.getByLabel('Find by words').fill('recording')
  await anybody.getByRole('button', { name: 'Find' }).click()
  await anybody.getByText('1 of 1 say').waitFor()
  assert.ok(!anybody.url().includes('recording'), 'what somebody looks for is in no address')
  await anybody.getByRole('link', { name: 'မြန်မာ' }).click()
  await anybody.getByText('အသံဖိုင် ပေါက်ကြားသည်').waitFor()
  for (const width of [1280, 360]) {
    await anybody.setViewportSize({ width, height: 900 })
    await looksRight(anybody, `statements at ${width}`)
  }
})

async function approve(
  house: Awaited<ReturnType<typeof openHouse>>['house'],
  pageOf: (who: Hired) => Promise<Page>,
  people: readonly Hired[],
): Promise<{ second: string }> {
  for (const who of people) {
    const page = await pageOf(who)
    await page.getByRole('button', { name: 'Approve for publication' }).click()
    await page.getByText(`· ${who.deskName}`).first().waitFor()
    await page
      .getByText('1 of 2 approvals')
      .or(page.getByText('published', { exact: false }))
      .first()
      .waitFor()
    await page.context().close()
  }
  const [statement] = await house.court.statements.published()
  return { second: statement === undefined ? 'waits' : 'published' }
}
