import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import {
  answerCall,
  CUSTOMERS,
  codesOn,
  KHIN,
  keyIn,
  lookAtRows,
  openContext,
  openPhone,
  readCode,
  ring,
  signInAs,
  tabTo,
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
  const phone = await openPhone(context, KHIN)
  await ring(phone, 'M-17', { spoofed: true })
  await page.getByText('The network does not confirm this number').waitFor()
  await answerCall(page, KHIN)

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

test('the common contact takes at most nine actions: verify, explain, close', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Thiri')
  const who = CUSTOMERS[0]!
  const phone = await openPhone(context, who)
  await ring(phone, 'M-17')
  let actions = 0
  const act = async (name: string) => {
    await page.getByRole('button', { name }).click()
    actions += 1
  }
  await act('Answer and open the contact')
  await act('Ask her to key in her PIN')
  await keyIn(phone, 'PIN', who.pin)
  await page.getByText('Her PIN, keyed in').waitFor()
  await act('Why is it higher?')
  await page.locator('.answer').waitFor()
  await act('Show her rows, masked')
  await page.locator('.rows tbody tr').first().waitFor()
  await act('Close with a resolution')
  await page.getByLabel('The bill was explained').check()
  actions += 1
  await act('Close this contact')
  await page.getByText('This contact is over.').waitFor()
  assert.ok(actions <= 9, `${actions} actions`)
  await context.close()
})

test('in Burmese a refusal is Burmese, too, at the desk and on the day’s page', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Thiri')
  await page.getByRole('button', { name: /^Thiri/ }).click()
  await page.getByRole('button', { name: 'မြန်မာ' }).click()
  await page.getByLabel('ဖုန်းနံပါတ်', { exact: true }).fill('09 799 999 998')
  await page.getByRole('button', { name: 'ဆက်သွယ်မှု ဖွင့်ရန်', exact: true }).click()
  const refused = page.getByRole('alert')
  await refused.getByText('ဤနံပါတ်ကို ယခု မည်သူမျှ ကိုင်ဆောင်မထားပါ။').waitFor()
  await refused.getByText('ခေါ်ဆိုသူနှင့် နံပါတ်ကို ပြန်စစ်ပါ။').waitFor()
  assert.equal(await refused.locator('[lang=en]').count(), 0)
  await page.goto('/day')
  await page.getByText('ဤနံပါတ်ကို ယခု မည်သူမျှ ကိုင်ဆောင်မထားပါ။').first().waitFor()
  assert.doesNotMatch((await page.getByRole('main').textContent()) ?? '', /Nobody holds/)
  await context.close()
})

test('by the keyboard alone, from the call to the last word', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Thiri')
  const who = CUSTOMERS[1]!
  const phone = await openPhone(context, who)
  await ring(phone, 'M-17')
  await page.bringToFront()
  const press = async (name: RegExp) => {
    await tabTo(page, name)
    await page.keyboard.press('Enter')
  }
  await page.getByRole('button', { name: 'Answer and open the contact' }).waitFor()
  await press(/Answer and open/)
  await page.getByRole('heading', { name: who.name, level: 1 }).waitFor()
  await press(/key in her PIN/)
  await page.getByText('Waiting. She keys it in').waitFor()
  await tabTo(page, /tries left/)
  await page.keyboard.type(who.pin)
  await page.keyboard.press('Enter')
  await page.getByText('Her PIN, keyed in').waitFor()
  await press(/Why is it higher/)
  await page.locator('.answer').waitFor()
  await press(/Show her rows/)
  await page.locator('.rows tbody tr').first().waitFor()
  await press(/Close with a resolution/)
  await page.getByRole('dialog').waitFor()
  await tabTo(page, /The bill was explained/)
  await page.keyboard.press('Space')
  await press(/Close this contact/)
  await page.getByText('This contact is over.').waitFor()
  await context.close()
})

test('paper gets a watermark and a refusal; hanging up takes everything private off the screen', async (t) => {
  const context = await openContext(house)
  const who = CUSTOMERS[2]!
  const { page, phone } = await lookAtRows(context, who)
  await page.emulateMedia({ media: 'print' })
  await page.getByText('Printing is refused.').waitFor()
  assert.equal(await page.locator('.rows').isVisible(), false)
  assert.equal(await page.getByText(who.number).isVisible(), false)
  assert.match((await page.locator('.print-refusal').textContent()) ?? '', /M-17/)
  await page.emulateMedia({ media: 'screen' })
  await page.locator('.rows').waitFor()

  const hungUp = Date.now()
  await phone.getByRole('button', { name: 'Hang up' }).click({ noWaitAfter: true })
  await page.locator('.rows').waitFor({ state: 'detached' })
  t.diagnostic(`blank ${Date.now() - hungUp} ms after hanging up`)
  await page
    .getByText(/gone from this screen|has ended/)
    .first()
    .waitFor()
  assert.equal(await page.locator('.answer').count(), 0)
  await context.close()
})
