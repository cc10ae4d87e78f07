import { test } from 'node:test'
import { confirmedCase, openCourt } from '../incident/open-court.ts'
import { looksRightAtBothWidths } from './both-widths.ts'
import { inBurmese, openPages } from './officer-pages.ts'

const SAYS = 'As it stands in the personnel file.'

test('one administrator suspends and hears, another dismisses, counsel reads along', async (t) => {
  const house = await openCourt(t)
  const pages = await openPages(t, house)
  const thiri = await house.hire(['champion'], { name: 'Thiri' })
  const { counsel } = await confirmedCase(house, thiri)
  const hire = (name: string) => house.hire(['administrator'], { name, office: 'yangon', team: 'people' })
  const first = await pages.open(await hire('Zin Mar'), '/employment')
  const step = async (page: typeof first, does: string, fill: Readonly<Record<string, string>>) => {
    const form = page.locator('form', { has: page.getByLabel('What comes next') })
    await form.getByLabel('What comes next').selectOption({ label: does })
    for (const [label, text] of Object.entries(fill)) await form.getByLabel(label).fill(text)
    await form.getByLabel('In words, for the personnel file').fill(SAYS)
    await form.getByRole('button', { name: does, exact: true }).click()
  }
  const clauses = { 'Clause of the contract': '9.2', 'Clause of the code of conduct': '3' }
  await first.getByText(thiri.deskName).first().waitFor()
  await looksRightAtBothWidths(first, 'employment-open')
  await step(first, 'Suspend with pay', clauses)
  await first.getByText('Suspended with pay by').waitFor()
  const heard = new Date(house.time + 390 * 60_000).toISOString().slice(0, 16)
  await step(first, 'Write down the hearing', { 'When they were heard': heard, 'Who stood by them': 'Su' })
  await first.getByText('Heard on').waitFor()

  const second = await pages.open(await hire('Nwe Oo'), '/employment')
  const form = second.locator('form', { has: second.getByLabel('What comes next') })
  await form.getByLabel('What comes next').selectOption({ label: 'Decide' })
  await form.getByLabel('Decision').selectOption('dismissal')
  await step(second, 'Decide', clauses)
  await second.getByText('Decided by').waitFor()
  await looksRightAtBothWidths(second, 'employment-decided')

  const reads = await pages.open(counsel, '/employment')
  await reads.getByText('Administrators act here; you read.').waitFor()
  await inBurmese(reads)
  await reads.getByRole('heading', { name: 'အလုပ်ခန့်ထားမှု' }).waitFor()
  await looksRightAtBothWidths(reads, 'employment-my')
})
