import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { ZAW_MIN } from '../demo/staff.ts'

/** The acts of the story after the breach is confirmed, each by the words that stand on the page. */

export interface Stage {
  readonly investigator: Page
  readonly officer: Page
  readonly counsel: Page
  /** The case's page. */
  readonly address: string
  readonly draw: (place: Page | Locator, name: string) => Promise<void>
}

export const SAYS = 'As it stands in the file of the case.'
const STATION = 'Mandalay, Chanayethazan police station'

/** One step of the case by the form at its side. */
export async function step(page: Page, what: string, says: string): Promise<void> {
  const form = page.locator('aside form')
  await form.getByRole('combobox', { name: 'What' }).selectOption({ label: what })
  await form.getByRole('textbox', { name: 'Why, for the file' }).fill(says)
  await form.getByRole('button', { name: 'Do it' }).click()
  await page.locator('aside').getByText(says).first().waitFor()
}

/** What is given and what is not; then two people say yes. */
export async function prepareReferral({
  investigator,
  officer,
  counsel,
  address,
  draw,
}: Stage): Promise<{ given: string; withheld: string[] }> {
  await investigator.getByText('Prepare a referral').click()
  await investigator.getByRole('button', { name: 'See what would be given' }).click()
  await investigator.getByText('What is not given, and why').waitFor()
  await investigator.getByLabel('Station').fill(STATION)
  await investigator.getByLabel('Officer').fill('Police Inspector Aye Ko')
  await investigator.getByLabel('The law that was broken').fill('Telecommunications Law 2013, section 69')
  await investigator
    .getByLabel('What the police should know first')
    .fill('The list that reached the customer’s associate was copied from this look.')
  await investigator.getByRole('button', { name: 'Prepare it' }).click()
  const card = cardOf(investigator)
  await card.waitFor()
  for (const page of [officer, counsel]) {
    await page.goto(address)
    await cardOf(page).getByLabel('Why, for the file').fill(SAYS)
    await cardOf(page).getByRole('button', { name: 'Approve' }).click()
    await cardOf(page)
      .getByText(page === counsel ? '(counsel)' : '(another role)')
      .waitFor()
  }
  await investigator.reload()
  await card.getByRole('button', { name: 'Make the bundle' }).waitFor()
  await draw(card, 'referral')
  const given = ((await card.getByText(/entries with their text/).textContent()) ?? '').trim()
  const lines = await card.locator('table tr').allInnerTexts()
  return { given, withheld: lines.map((line) => line.replace(/\s+/g, ' ').trim()) }
}

const cardOf = (page: Page): Locator => page.locator('article', { hasText: STATION })

/** The bundle is made, copied, handed over and received; the copy comes back. */
export async function handOver({
  investigator: page,
  draw,
}: Stage): Promise<{ zip: Buffer; digest: string }> {
  const card = cardOf(page)
  await card.getByRole('button', { name: 'Make the bundle' }).click()
  await card.getByRole('button', { name: 'Take a copy' }).waitFor()
  await card.getByLabel('Why, for the file').fill('To carry it to the station.')
  const download = page.waitForEvent('download')
  await card.getByRole('button', { name: 'Take a copy' }).click()
  const zip = readFileSync(await (await download).path())
  const digest = ((await card.locator('p.digest > code').first().textContent()) ?? '').trim()
  await card.getByLabel('SHA-256 of the file that was handed over').fill(digest)
  await card.getByLabel('Where', { exact: true }).fill('At the station')
  await card.getByLabel('Why, for the file').fill('Handed over on a disc, sealed in his presence.')
  await card.getByRole('button', { name: 'Write down the handing over' }).click()
  await card.getByLabel('SHA-256 as the police computed it').fill(digest)
  await card.getByLabel('Number of complaint or receipt').fill('MDY 114')
  await card.getByLabel('Why, for the file').fill('He read it to me at the desk.')
  await card.getByRole('button', { name: 'Note the receipt' }).click()
  await card.getByText('received by the police').waitFor()
  await draw(card, 'custody')
  return { zip, digest }
}

/** The notices that three laws ask for, drafted with what the case knows; nobody sends them by themselves. */
export async function draftNotices({ officer: page, address, draw }: Stage): Promise<string[]> {
  await page.goto(address)
  const form = page.locator('aside form')
  for (const law of ['European Union, telecoms', 'European Union, GDPR']) {
    await form.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Apply another law' })
    await form.getByRole('combobox', { name: 'Which' }).selectOption({ label: law })
    await form.getByRole('button', { name: 'Do it' }).click()
    await form.getByRole('combobox', { name: 'Which' }).getByText(law).waitFor({ state: 'detached' })
  }
  const drafted: string[] = []
  for (const [heading, name] of [
    ['Notice to the supervisory authority', 'authority'],
    ['The person is told', 'person'],
    ['Notice to the national authority', 'telecoms'],
  ] as const) {
    const card = page.locator('.card', { has: page.getByRole('heading', { name: heading, exact: true }) })
    await card.getByRole('button', { name: 'Draft in English' }).click()
    await card.getByRole('button', { name: 'Keep what is written' }).waitFor()
    const written = await card
      .locator('textarea')
      .evaluateAll((fields) => fields.filter((field) => (field as HTMLTextAreaElement).value !== '').length)
    const of = await card.locator('p.small').first().textContent()
    drafted.push(`${(of ?? '').trim()}: ${written} fields written by what the case knows`)
    await draw(card, `notice-${name}`)
  }
  return drafted
}

/** Suspended and heard (at a local minute) by one administrator, dismissed by another who had no part in it. */
export async function dismiss(
  first: Page,
  second: Page,
  heardAt: string,
  draw: Stage['draw'],
): Promise<string> {
  const step = async (page: Page, does: string, fill: (form: Locator) => Promise<void>) => {
    await page.goto('/employment')
    const form = page.locator('section.card', { hasText: ZAW_MIN }).locator('form')
    await form.getByLabel('What comes next').selectOption({ label: does })
    await fill(form)
    await form.getByLabel('In words, for the personnel file').fill(SAYS)
    await form.getByRole('button', { name: does, exact: true }).click()
  }
  const clauses = async (form: Locator) => {
    await form.getByLabel('Clause of the contract').fill('9.2')
    await form.getByLabel('Clause of the code of conduct').fill('3')
  }
  const card = (page: Page) => page.locator('section.card', { hasText: ZAW_MIN })
  await step(first, 'Suspend with pay', clauses)
  await card(first).getByText('Suspended with pay by').waitFor()
  await step(first, 'Write down the hearing', async (form) => {
    await form.getByLabel('When they were heard').fill(heardAt)
    await form.getByLabel('Who stood by them').fill('a colleague of his choice')
  })
  await card(first).getByText('Heard on').waitFor()
  await step(second, 'Decide', async (form) => {
    await form.getByLabel('Decision').selectOption('dismissal')
    await clauses(form)
  })
  const decided = card(second).getByText('Decided by')
  await decided.waitFor()
  await draw(card(second), 'dismissal')
  return ((await card(second).locator('.lead').textContent()) ?? '').trim()
}

/** A newspaper asks about the rumour, and is told what is published. */
export async function answerPress({ officer: page, address, draw }: Stage): Promise<string> {
  await page.goto(address)
  await page.getByText('File a question').first().click()
  const form = page.locator('form', { has: page.getByLabel('Newspaper or broadcaster') })
  await form.getByLabel('Newspaper or broadcaster').fill('A newspaper in Yangon')
  await form.getByLabel('Who asks').fill('Its reporter')
  await form.getByLabel('The question, in their words').fill('Was a recording of her calls leaked?')
  await form.getByRole('button', { name: 'File the question' }).click()
  const card = page.locator('article', { hasText: 'A newspaper in Yangon' })
  await card.getByText('Write down what they were told').click()
  await card
    .getByLabel('What they are told')
    .selectOption({ label: 'A recording of her calls was leaked too' })
  await card.getByRole('button', { name: 'Write it down' }).click()
  const told = card.getByText('It is untrue.')
  await told.waitFor()
  await draw(card, 'press')
  return ((await told.textContent()) ?? '').trim().replaceAll('\n', ' ')
}

/** A statement whose fact rests on the exposure, and an answered rumour; two others approve each. */
export async function sayInPublic({ investigator, officer, counsel, address }: Stage): Promise<void> {
  await publish(investigator, {
    kind: 'statement',
    title: [
      'A customer’s call list left our house through one look',
      'ဖောက်သည်တစ်ဦး၏ ဖုန်းစာရင်း ကြည့်ရှုမှုတစ်ခုမှ ပေါက်ကြားခဲ့သည်',
    ],
    fact: [
      'We know which look it was, whose rows were shown, and who may no longer sign in.',
      'မည်သည့်ကြည့်ရှုမှုဖြစ်သည်၊ မည်သည့်စာကြောင်းများ ပြခဲ့သည်ကို သိရှိပြီးဖြစ်သည်။',
    ],
    ground: /exposure read/,
  })
  await publish(investigator, {
    kind: 'rumour',
    title: ['A recording of her calls was leaked too', 'ဖုန်းပြောသံ အသံဖိုင်လည်း ပေါက်ကြားသည်'],
    fact: ['No recording is made or kept, so none can leak.', 'အသံဖမ်းခြင်း မရှိသဖြင့် ပေါက်ကြားစရာ မရှိပါ။'],
    ground: /no recording is made/,
  })
  for (const page of [officer, counsel]) {
    await page.goto(address)
    const buttons = page.getByRole('button', { name: 'Approve for publication' })
    await buttons.nth(1).waitFor()
    for (const at of [0, 1]) {
      // An approved draft keeps its button, which says why it is off; a published one has none.
      if (page === counsel) {
        await buttons.first().click()
        await buttons.nth(1 - at).waitFor({ state: 'detached' })
      } else {
        await buttons.nth(at).click()
        await page.locator('button[aria-disabled]', { hasText: 'Approve for publication' }).nth(at).waitFor()
      }
    }
  }
}

async function publish(
  page: Page,
  said: { kind: string; title: readonly [string, string]; fact: readonly [string, string]; ground: RegExp },
): Promise<void> {
  await page.reload()
  await page.getByText('Draft', { exact: true }).click()
  const form = page.locator('form', { hasText: 'Put it up for approval' })
  await form.getByLabel('What it is').selectOption(said.kind)
  await form.getByLabel('Headline, or what people say').fill(said.title[0])
  await form.getByLabel('The same in Burmese').fill(said.title[1])
  await form.getByLabel('The fact', { exact: true }).fill(said.fact[0])
  await form.getByLabel('The fact in Burmese').fill(said.fact[1])
  const grounds = form.getByLabel('What the fact rests on')
  const labels = await grounds.locator('option').allTextContents()
  const label = labels.find((text) => said.ground.test(text))
  if (label === undefined) throw new Error('invariant broken: the case has this ground')
  await grounds.selectOption({ label })
  await form.getByRole('button', { name: 'Put it up for approval' }).click()
  await page.getByRole('heading', { name: said.title[0] }).waitFor()
}
