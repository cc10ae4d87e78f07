import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import { looksRight, openContext } from './hands.ts'

let house: DemoHouse
const closing: (() => Promise<void>)[] = []
before(async () => {
  house = await openDemoHouse({ after: (close) => void closing.push(close as () => Promise<void>) })
})
after(async () => {
  for (const close of closing.reverse()) await close()
})

const PICTURES = process.env.COUNTERSIGN_PICTURES

async function inEveryLight(page: Page, where: string): Promise<void> {
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 820 })
    await page.emulateMedia({ colorScheme })
    await looksRight(page, `${where}, ${width}, ${colorScheme}`)
    if (PICTURES !== undefined)
      await page.screenshot({
        path: `${PICTURES}/steal-${where.replaceAll(' ', '-')}-${width}.png`,
        fullPage: true,
      })
  }
  await page.setViewportSize({ width: 1280, height: 820 })
}

async function sitDown(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Sit down at the desk|Begin again/ }).click()
  await page.getByRole('heading', { name: 'On your screen' }).waitFor({ timeout: 120_000 })
}

async function handIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Hand the list in' }).click()
  await page.getByRole('heading', { name: 'What nobody can know' }).waitFor({ timeout: 120_000 })
}

/** What the game does and the demo must not have: its ledger's entries since `from` that a look or a case leaves. */
async function playedSince(from: number): Promise<string[]> {
  const { ledger } = house.server.rooms
  await ledger.sequence()
  const { size } = await ledger.head()
  const entries = await ledger.entries({ before: size, limit: Math.max(1, size - from) })
  return entries
    .filter(
      ({ index, kind }) =>
        index >= from && /^(contact|verification|grant|reveal|disclosure|incident|trace)/.test(kind),
    )
    .map(({ kind }) => kind)
}

test('a visitor steals a list in a copy of the demo, and is named by it', async () => {
  const context = await openContext(house)
  const page = await context.newPage()
  const before = (await house.server.rooms.ledger.head()).size
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Try to steal it' }).click()
  await page.getByRole('heading', { name: 'Try to steal it' }).waitFor()
  await inEveryLight(page, 'start')
  await sitDown(page)
  await page.locator('tbody tr').first().waitFor()
  const shown = await page.locator('tbody tr').count()
  assert.ok(shown > 0)
  await page.locator('tbody input[type=checkbox]').nth(0).check()
  await page.locator('tbody input[type=checkbox]').nth(1).check()
  await page.getByRole('button', { name: 'Copy the ticked rows' }).click()
  await page.getByRole('heading', { name: 'In your notebook: 2 lines' }).waitFor()

  await page.getByRole('button', { name: 'Next 50 rows' }).click()
  await page.getByText(`${shown + 50} rows are on the screen.`).waitFor()
  await page.getByRole('button', { name: /Photograph the screen/ }).click()
  await page.getByLabel('A number you suspect').fill('09 255 010 000')
  await page.getByRole('button', { name: 'Does it appear?' }).click()
  await page.getByText('4 questions left').waitFor()
  await page.getByRole('button', { name: /guess her code/ }).click()
  await page.getByText('Refused.').first().waitFor()
  await page.getByRole('button', { name: /somebody who has not called/ }).click()
  await page.locator('.notebook li').nth(20).waitFor()
  await inEveryLight(page, 'desk')

  await handIn(page)
  await page.getByRole('heading', { name: /From row \d+ on, the list names you\./ }).waitFor()
  await page.getByText('by M-17.', { exact: false }).first().waitFor()
  await page.locator('.curve .named').waitFor()
  await page.locator('.texts .bubble').first().waitFor()
  await inEveryLight(page, 'verdict')
  await page.getByRole('link', { name: 'မြန်မာ' }).click()
  await page.locator('html[lang=my]').waitFor()
  await inEveryLight(page, 'verdict in my')
  assert.deepEqual(await playedSince(before), [], 'the demo itself has not heard of it')
  await context.close()
})

test('whoever begins again begins in the same state, and two rows name nobody', async () => {
  const context = await openContext(house)
  const page = await context.newPage()
  await page.goto('/demo/steal?lang=en')
  await sitDown(page)
  await page.getByText('Nothing yet.').waitFor()
  await page.getByText('5 questions left').waitFor()
  const rows = await page.locator('tbody tr td:nth-child(2)').allTextContents()
  await page.locator('tbody input[type=checkbox]').nth(0).check()
  await page.getByRole('button', { name: 'Copy the ticked rows' }).click()
  await handIn(page)
  await page.getByRole('heading', { name: 'Your list names nobody.', exact: false }).waitFor()
  await sitDown(page)
  const again = await page.locator('tbody tr td:nth-child(2)').allTextContents()
  const minutes = (all: string[]) => all.map((text) => text.slice(0, 11))
  assert.deepEqual(minutes(again), minutes(rows))
  await page.goto('/demo/steal?lang=my')
  await page.locator('html[lang=my]').waitFor()
  await inEveryLight(page, 'desk in my')
  await context.close()
})
