import { ZAW_MIN } from '../demo/staff.ts'
import { SAYS, type Stage, step } from './story-acts.ts'

/** The acts of the story that ask how the list travelled. */

/** Employee, friend, recipient and customer, each link with its ground. */
export async function drawChain({ investigator: page, draw }: Stage): Promise<void> {
  await page.reload()
  await page.getByText('Change the picture').click()
  const form = page.locator('form', { hasText: 'The change and its reason' })
  const people = [
    ['employee', ZAW_MIN],
    ['friend', 'A friend in Mandalay'],
    ['recipient', 'Her business associate'],
    ['customer', 'The customer'],
  ] as const
  for (const [kind, name] of people) {
    await form.getByLabel('What', { exact: true }).selectOption('person')
    await form.getByLabel('Who they are').selectOption(kind)
    await form.getByLabel('What the case calls them').fill(name)
    await form.getByLabel('Why, for the file').fill(SAYS)
    await form.getByRole('button', { name: 'Draw it' }).click()
    await page.locator('.chain text', { hasText: name }).first().waitFor()
  }
  const links = [
    [ZAW_MIN, 'A friend in Mandalay', 'gave the list', 'trace', 'likely', ''],
    [
      'A friend in Mandalay',
      'Her business associate',
      'passed it on',
      'testimony',
      'possible',
      'Her associate, to her lawyer',
    ],
    [
      'Her business associate',
      'The customer',
      'showed her the list',
      'testimony',
      'likely',
      'The customer’s report',
    ],
  ] as const
  for (const [from, to, how, ground, sure, who] of links) {
    await form.getByLabel('What', { exact: true }).selectOption('link')
    await form.getByLabel('From', { exact: true }).selectOption({ label: from })
    await form.getByLabel('To', { exact: true }).selectOption({ label: to })
    await form.getByLabel('What went over').fill(how)
    await form.getByLabel('What it rests on').selectOption(ground)
    if (who !== '') await form.getByLabel('Who said it, or which document').fill(who)
    await form.getByLabel('How sure').selectOption(sure)
    await form.getByLabel('Why, for the file').fill(SAYS)
    await form.getByRole('button', { name: 'Draw it' }).click()
    await page
      .locator('li b', { hasText: `${from} → ${to}` })
      .first()
      .waitFor()
  }
  await page.getByText('Change the picture').click()
  const section = page.locator('section.stack', {
    has: page.getByRole('heading', { name: 'How it travelled' }),
  })
  await draw(section.last(), 'chain')
}

/** Two others allow it; then the investigator asks whether calls lead from the employee to a number. Gives what is said. */
export async function searchPath(
  { investigator: page, officer, counsel, address, draw }: Stage,
  look: { recipient: string; at: string },
): Promise<string[]> {
  for (const who of [officer, counsel]) {
    await who.goto(address)
    await step(who, 'Allow a leak path search', 'Her associate named the number from which he had the list.')
  }
  await page.reload()
  await page.getByText('Search for a leak path', { exact: true }).click()
  const form = page.locator('form', { has: page.getByLabel('Number of whoever has the list') })
  await form.getByLabel('When the look was').fill(look.at)
  await form.getByLabel('Number of whoever has the list').fill(look.recipient)
  await form.getByRole('button', { name: 'Search' }).click()
  const found = page.locator('article', { has: page.getByText(/^Searched /) })
  await found.waitFor({ timeout: 120_000 })
  await draw(found, 'path')
  const lines = await found.locator('h3, p').allTextContents()
  return lines.map((line) => line.trim())
}
