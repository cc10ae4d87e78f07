import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { ok } from '../care/open-care.ts'
import { confirmedCase, withCourt } from '../incident/open-court.ts'
import { openPeople } from '../incident/open-people.ts'
import { ASSOCIATE, FRIEND, openTown, THIRI, written } from '../trace/open-town.ts'
import { looksRightAtBothWidths } from './both-widths.ts'
import { inBurmese, openPages } from './officer-pages.ts'

/** Local minutes of an instant, as a field for a day and a time wants them. */
const localMinute = (at: number) => new Date(at + 390 * 60_000).toISOString().slice(0, 16)
const spaced = (number: string) => new RegExp(number.split('').join(' ?'))

test('with two who allow it an investigator searches for a leak path, and reads beside it what chance does', async (t) => {
  const house = withCourt(await openPeople(t))
  const pages = await openPages(t, house)
  const { thiri, lookedAt } = await openTown(house)
  const { id, investigator, privacy, counsel } = await confirmedCase(house, thiri)
  const search = async (page: Page) => {
    await page.getByText('Search for a leak path', { exact: true }).click()
    return page.locator('form', { has: page.getByLabel('Number of whoever has the list') })
  }
  const page = await pages.open(investigator, `/incidents/${id}`)
  await page.getByText('Nobody has searched for one.').waitFor()
  await (await search(page)).getByText('0 of 2 have allowed it; two others must, in this case.').waitFor()

  for (const who of [privacy, counsel]) {
    const theirs = await pages.open(who, `/incidents/${id}`)
    const step = theirs.locator('aside form')
    await step.getByLabel('What').selectOption({ label: 'Allow a leak path search' })
    await step.getByLabel('Why, for the file').fill('Her associate named a number.')
    await step.getByRole('button', { name: 'Do it' }).click()
    await theirs.getByText(`${who === privacy ? 1 : 2} of 2 have allowed it`).waitFor()
    await theirs.context().close()
  }

  await page.reload()
  const form = await search(page)
  await form.getByLabel('When the look was').fill(localMinute(lookedAt))
  await form.getByLabel('Number of whoever has the list').fill(written(ASSOCIATE))
  await form.getByLabel('How far').selectOption({ label: '250 logs at most' })
  await form.getByText('0 of 2 have allowed it').waitFor()
  await form.getByLabel('How far').selectOption({ label: '60 logs at most' })
  await form.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('heading', { name: `2 links from ${thiri.deskName} to the recipient` }).waitFor()
  const found = page.locator('article', { hasText: 'links from' })
  assert.match((await found.locator('li').first().textContent()) ?? '', spaced(written(THIRI).slice(1)))
  assert.match((await found.locator('li').last().textContent()) ?? '', spaced(written(FRIEND).slice(1)))
  await found.getByText('1 of 2 other employees who never looked').waitFor()
  await found.getByText('means nothing: 66.7%.').waitFor()
  await found.getByText('2 of 60 logs opened').waitFor()
  assert.ok(!page.url().includes(written(ASSOCIATE)), 'nothing private in the address')

  const officer = await pages.open(privacy, `/incidents/${id}`)
  await officer.getByText('Write something down').click()
  const after = officer.locator('form', { has: officer.getByLabel('On which day') })
  await after.getByLabel('What it was').selectOption({ label: 'Verdict' })
  await after.getByLabel('On which day').fill(localMinute(house.time).slice(0, 10))
  await after.getByLabel('In words').fill('The township court found him guilty.')
  await after.getByRole('button', { name: 'Write it down' }).click()
  await after.getByText('Nothing of it was written down before.').waitFor()
  await after.getByLabel('What it was').selectOption({ label: 'Done to her with it' })
  await after.getByLabel('In words').fill('He read my own calls to me, before my partners.')
  await after.getByRole('button', { name: 'Write it down' }).click()
  await officer.locator('li', { hasText: 'He read my own calls to me' }).first().waitFor()
  await officer.context().close()

  await page.reload()
  await page.locator('li', { hasText: 'He read my own calls to me' }).first().waitFor()
  await looksRightAtBothWidths(page, 'case-with-path')
  await inBurmese(page)
  await page.getByRole('heading', { name: 'ပေါက်ကြားလမ်းကြောင်း' }).waitFor()
  await looksRightAtBothWidths(page, 'case-with-path-my')
  const { paths } = await ok(house, investigator, 'GET', `/api/traces/paths?incident=${id}`)
  assert.equal(paths.length, 1)
})
