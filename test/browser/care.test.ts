import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import {
  answerCall,
  codesOn,
  KHIN,
  keyIn,
  openContext,
  openPhone,
  readCode,
  ring,
  signInAs,
} from './hands.ts'

let house: DemoHouse
const closing: (() => Promise<void>)[] = []
before(async () => {
  house = await openDemoHouse({ after: (close) => void closing.push(close as () => Promise<void>) })
})
after(async () => {
  for (const close of closing.reverse()) await close()
})

test('a bill is clarified for a verified caller, from the first ring to the last word', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Thiri')
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const phone = await openPhone(context, KHIN.name)
  await ring(phone, 'M-17', { spoofed: true })
  await page.getByText('The network does not confirm this number').waitFor()
  await answerCall(page, KHIN.name)

  await page.getByText('Prove first that the phone is here').waitFor()
  await page.getByRole('button', { name: 'Text her a code' }).click()
  const code = await readCode(phone)
  await keyIn(phone, 'code', code)
  await page.getByText('The code texted to her').waitFor()
  await page.getByRole('button', { name: 'Ask her to key in her PIN' }).click()
  await keyIn(phone, 'PIN', KHIN.pin)
  await page.getByText('Her PIN, keyed in').waitFor()

  await page.getByRole('button', { name: 'Why is it higher?' }).click()
  await page.getByText('12,400 of 18,900 Ks went to one premium number: 7 calls').waitFor()
  await page.getByText('Premium 12,400').waitFor()
  await page.getByText('What she will be told').waitFor()
  await page.getByRole('button', { name: 'Show her rows, masked' }).click()
  const rows = page.locator('.rows tbody tr')
  await rows.first().waitFor()
  assert.equal(await rows.count(), 7, 'the rows that answer, and no more')
  const digits = await page.locator('.rows .digits').allTextContents()
  for (const shown of digits)
    assert.match(shown.replaceAll('•', ''), /^\d{2,3}$/, 'two digits, three of one that repeats')
  assert.match((await page.locator('.rows .watermark').getAttribute('data-text')) ?? '', /M-17/)
  await page.getByRole('button', { name: 'Next 50 rows' }).click()
  await page.getByText(/^Private\. 57 of 311 rows/).waitFor()
  assert.equal(await rows.count(), 57)

  await page.getByLabel('Does this number appear?').fill('09 255 010 000')
  await page.getByRole('button', { name: 'Ask the log' }).click()
  await page.locator('.match-answer').waitFor()

  await page.getByRole('button', { name: 'Send her the statement' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send statement' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  const earlier = await codesOn(phone)
  await page.getByRole('button', { name: 'Ask her for one row' }).click()
  await page.getByRole('button', { name: 'Ask for this one' }).first().click()
  await page.getByRole('button', { name: /^Ask for this one: / }).click()
  const fresh = await readCode(phone, earlier)
  await page.getByLabel(/Her code for the row of/).fill(fresh)
  await page.getByRole('button', { name: 'Check it' }).click()
  await page.locator('.rows .full').waitFor()
  assert.equal(await page.locator('.rows .full').count(), 1)

  await page.getByLabel('Note').first().fill('Explained the premium number.')
  await page.getByRole('button', { name: 'Close with a resolution' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('The bill was explained').check()
  await dialog.getByRole('button', { name: 'Close this contact' }).click()
  await page.getByText('This contact is over.').waitFor()
  assert.equal(await page.locator('.rows').count(), 0, 'what was open is gone')
  assert.deepEqual(complaints, [])
  await context.close()
})
