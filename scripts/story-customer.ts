import type { Page } from 'playwright-core'
import { THIRI } from '../demo/staff.ts'
import type { DemoHouse } from '../test/browser/demo-house.ts'
import { lookAtRows, MYA, openContext } from '../test/browser/hands.ts'
import type { Stage } from './story-acts.ts'

/** The acts of the story in which the customer herself is in: when she rings, and when she is told. */

/** What a look is like when all is well: she rings, keys in her PIN, and the champion explains the bill. */
export async function explainBill(house: DemoHouse, draw: Stage['draw']): Promise<void> {
  const context = await openContext(house, { width: 1280, scale: 1.5 })
  const { page } = await lookAtRows(context, MYA, { name: 'Thiri', desk: THIRI })
  await draw(page, 'champion')
  await page.getByRole('button', { name: 'Close with a resolution' }).click()
  await page.getByRole('dialog').getByLabel('The bill was explained').check()
  await page.getByRole('button', { name: 'Close this contact' }).click()
  await page.getByText('This contact is over.').waitFor()
  await context.close()
}

/** What a director reads first; notices are drafted from it. */
export async function writeSummary(page: Page, summary: string): Promise<void> {
  const form = page.locator('aside form')
  await form.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Write the summary' })
  await form.getByRole('textbox', { name: 'Write the summary' }).fill(summary)
  await form.getByRole('button', { name: 'Do it' }).click()
  await page.locator('p.lead', { hasText: summary }).waitFor()
}

/** The notice that she gets: drafted, completed by the officer, and sent to her page by the officer’s hand. */
export async function sendHerNotice({ officer: page, draw }: Stage): Promise<void> {
  const card = page
    .locator('.card', { has: page.getByRole('heading', { name: 'The customer is told', exact: true }) })
    .first()
  await card.getByRole('button', { name: 'Draft in English' }).click()
  await card
    .getByLabel('Likely consequences')
    .fill('Whoever has the list knows when you called, how long, and two digits of each number.')
  await card.getByRole('button', { name: 'Keep what is written' }).click()
  await card.getByText('Write who it is and the words.').waitFor()
  await card.getByLabel('Who exactly').fill(MYA.name)
  await card.getByLabel('How and to whom it was handed over').fill('On her page, with a text that says so.')
  await draw(card, 'notice-customer')
  await card.getByRole('button', { name: 'Send it to her page' }).click()
  await card.getByText('Sent or handed in').waitFor()
}

/** What was found, in plain words, and the day by which she hears again. */
export async function tellHer({ officer: page }: Stage, found: string, againBy: string): Promise<void> {
  await page.getByText('Say something, or file what was said').click()
  const form = page.locator('form', { has: page.getByLabel('The words', { exact: true }) })
  await form.getByLabel('What it is', { exact: true }).selectOption('finding')
  await form.getByLabel('Who exactly').fill(MYA.name)
  await form.getByLabel('The words', { exact: true }).fill(found)
  await form.getByLabel('She hears again by').fill(againBy)
  await form.getByRole('button', { name: 'File it' }).click()
  await page.getByRole('blockquote').filter({ hasText: found }).waitFor()
}
