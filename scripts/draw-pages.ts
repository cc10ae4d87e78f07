import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { DemoHouse } from '../test/browser/demo-house.ts'
import {
  answerCall,
  KHIN,
  keyIn,
  MYA,
  openContext,
  openPhone,
  ring,
  signInAs,
  signInAtMy,
  waitUntilCounted,
} from '../test/browser/hands.ts'
import { shrinkPng } from './shrink-png.ts'

type Stage = Pick<DemoHouse, 'url' | 'browser'>

/** Plays the story of the README and draws each page on the way into `out`; gives each picture's name as it is done. */
export async function* drawPages(house: Stage, out: string): AsyncGenerator<string> {
  const draw = async (page: Page, name: string, whole = false): Promise<string> => {
    await page.evaluate(() => document.fonts.ready)
    const bytes = await page.screenshot({ fullPage: whole, animations: 'disabled', caret: 'hide' })
    writeFileSync(join(out, `${name}.png`), shrinkPng(bytes))
    return `${name}.png`
  }
  const desk = await openContext(house, { width: 1280, scale: 1.5 })
  const console_ = await signInAs(desk, 'Thiri')
  const phones = await openContext(house, { width: 390, scale: 1.5 })
  const phone = await openPhone(phones, KHIN)
  await ring(phone, 'M-17')
  await answerCall(console_, KHIN)
  await console_.getByRole('button', { name: 'Ask her to key in her PIN' }).click()
  await phone.locator('.key').first().waitFor()
  yield draw(phone, 'phone')
  await keyIn(phone, 'PIN', KHIN.pin)
  await console_.getByText('Her PIN, keyed in').waitFor()
  await console_.getByRole('button', { name: 'Why is it higher?' }).click()
  await console_.locator('.answer').waitFor()
  await console_.getByRole('button', { name: 'Show her rows, masked' }).click()
  await console_.locator('.rows tbody tr').first().waitFor()
  await console_
    .getByLabel('Note')
    .first()
    .fill('Says October is twice as high as September. Denies calling games or quiz lines.')
  yield draw(console_, 'care')
  yield draw(await billOf(house), 'bill', true)

  const mya = await openContext(house, { width: 390, scale: 1.5 })
  const hers = await signInAtMy(mya, MYA)
  await waitUntilCounted(hers)
  yield draw(hers, 'my', true)

  const office = await openContext(house, { width: 1280, scale: 1.5 })
  const administrator = await signInAs(office, 'Aung Naing Oo')
  await administrator.getByRole('link', { name: 'Thiri' }).waitFor()
  yield draw(administrator, 'people')
  const audit = await openContext(house, { width: 1280, scale: 1.5 })
  const auditor = await signInAs(audit, 'Htet Lin')
  await auditor.goto('/ledger')
  await auditor.locator('table tbody tr').first().waitFor()
  yield draw(auditor, 'ledger')
  for (const context of [desk, phones, mya, office, audit]) await context.close()
}

async function billOf(house: Stage): Promise<Page> {
  const context = await openContext(house, { width: 390, scale: 1.5 })
  const page = await signInAtMy(context, KHIN)
  await page.getByRole('link', { name: 'My bill' }).click()
  await page.getByLabel('PIN or passphrase').fill(KHIN.pin)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.locator('.headline').waitFor()
  return page
}
