import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KHIN, THIRI } from '../calls/open-formats.ts'
import { CALLS, HERS, openErasure } from '../erasure/open-erasure.ts'
import { looksRight } from './hands.ts'
import { inBurmese, openPages } from './officer-pages.ts'

const REASON = 'She asked for it in writing when she left.'

test('one officer proposes to erase a log, another erases it, and the page says what she is told', async (t) => {
  const house = await openErasure(t)
  const pages = await openPages(t, house)
  const { su, ko } = await house.officers()
  const page = await pages.open(su, '/erasure')
  await page.getByText('Nothing was proposed.').waitFor()
  await looksRight(page, 'nothing proposed')
  await page.getByText('Write the number first.').waitFor()

  await page.getByRole('textbox', { name: 'Number' }).fill(KHIN)
  await page.getByRole('button', { name: 'Find who held it' }).click()
  await page.getByRole('radio', { name: 'still theirs' }).check()
  await page.getByRole('textbox', { name: 'Why, for the file' }).fill(REASON)
  await page.getByRole('button', { name: 'Propose an erasure' }).click()
  await page.getByRole('alert').getByText('This number is still hers').waitFor()

  await page.getByRole('textbox', { name: 'Number' }).fill(THIRI)
  await page.getByRole('button', { name: 'Find who held it' }).click()
  await page.getByRole('radio', { name: 'held from' }).check()
  await page.getByRole('textbox', { name: 'Why, for the file' }).fill(REASON)
  await page.setViewportSize({ width: 360, height: 740 })
  await looksRight(page, 'proposing, 360')
  await page.getByRole('button', { name: 'Propose an erasure' }).click()
  await page.getByText('waits for a second officer').first().waitFor()
  await page.getByText('You proposed this; somebody else must approve it.').waitFor()
  assert.deepEqual(await house.log(THIRI, HERS), CALLS)
  assert.ok(!page.url().includes(THIRI.slice(4)), 'no number in the address')

  const second = await pages.open(ko, '/erasure')
  await second.getByRole('button', { name: 'Erase for good' }).click()
  await second.getByRole('dialog').getByText('destroyed at once').waitFor()
  await looksRight(second, 'about to erase')
  await second.getByRole('dialog').getByRole('button', { name: 'Erase for good' }).click()
  await second.getByText('Erased by').waitFor()
  await second.getByText('What she is told').click()
  await second.getByText('The record of your calls has been erased').waitFor()
  assert.deepEqual(await house.log(THIRI, HERS), [])

  await inBurmese(second)
  await second.getByRole('heading', { name: 'လူတစ်ဦး၏ မှတ်တမ်းကို ဖျက်ရန်' }).waitFor()
  await second.getByText('သူ့အား ပြောရမည့်စာ').click()
  await second.getByText('သင့်ခေါ်ဆိုမှုမှတ်တမ်းကို ဖျက်ပြီးပါပြီ').waitFor()
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    await second.setViewportSize({ width, height: 740 })
    await second.emulateMedia({ colorScheme })
    await looksRight(second, `erased in Burmese, ${width}, ${colorScheme}`)
  }
})
