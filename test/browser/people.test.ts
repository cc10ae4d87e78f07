import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DemoHouse, openDemoHouse } from './demo-house.ts'
import { CUSTOMERS, lookAtRows, openContext, signInAs } from './hands.ts'

let house: DemoHouse
const closing: (() => Promise<void>)[] = []
before(async () => {
  house = await openDemoHouse({ after: (close) => void closing.push(close as () => Promise<void>) })
})
after(async () => {
  for (const close of closing.reverse()) await close()
})

test('administrators manage people and meet no customer, whatever address they type', async () => {
  const context = await openContext(house)
  const page = await signInAs(context, 'Aung Naing Oo')
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  const desks = await page.getByRole('navigation').getByRole('link').allInnerTexts()
  for (const desk of ['Care', 'My day', 'Team', 'Reports']) assert.ok(!desks.includes(desk), desk)
  for (const path of ['/care', '/team', '/reports']) {
    await page.goto(path)
    await page.getByText('This desk is not yours.').waitFor()
  }
  const answers = await page.evaluate(async () => {
    const csrf = /countersign-staff-csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf }
    const body = JSON.stringify({ number: '09 791 204 412', channel: 'call' })
    const statuses = await Promise.all([
      fetch('/api/care/contacts', { method: 'POST', headers, body }),
      fetch('/api/care/calls'),
      fetch('/api/reports'),
    ])
    return statuses.map(({ status }) => status)
  })
  assert.deepEqual(answers, [403, 403, 403])
  const people = page.getByRole('link', { name: 'People' })
  await people.focus()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('0979120441')
  assert.equal(
    await page.getByRole('textbox').inputValue(),
    '0979120441',
    'no key is lost before the box is there',
  )
  await page.getByText('Nothing found that you may see.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('a:focus', { hasText: 'People' }).waitFor()
  await context.close()
})

test('a freeze empties the screen of whoever is frozen, and they cannot come back', async (t) => {
  const theirs = await openContext(house)
  const { page } = await lookAtRows(theirs, CUSTOMERS[0]!)
  const ours = await openContext(house)
  const officer = await signInAs(ours, 'Sandar Myint')
  await officer.getByRole('link', { name: 'People' }).click()
  await officer.getByLabel('Find by name or desk').fill('M-17')
  await officer.getByRole('link', { name: 'Thiri' }).click()
  await officer.getByRole('button', { name: 'Freeze Thiri' }).click()
  const dialog = officer.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('A report says that she looked without the customer.')
  const frozenAt = Date.now()
  await dialog.getByRole('button', { name: 'Freeze now' }).click({ noWaitAfter: true })
  await page.getByText('Your session has ended.').waitFor()
  t.diagnostic(`blank ${Date.now() - frozenAt} ms after the click`)
  assert.equal(await page.locator('.rows').count(), 0)
  await page.goto('/care')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /as Thiri/ }).count(), 0)
  await officer.getByText('frozen').first().waitFor()

  await officer.getByRole('button', { name: 'Lift the freeze' }).click()
  await dialog.getByLabel('Reason').fill('The report was about somebody else.')
  await dialog.getByRole('button', { name: 'Lift the freeze' }).click()
  await officer.getByRole('button', { name: 'Freeze Thiri' }).waitFor()
  await theirs.close()
  await ours.close()
})

test('a dismissal ends every session at that moment', async () => {
  const theirs = await openContext(house)
  const page = await signInAs(theirs, 'Ei Phyu')
  const ours = await openContext(house)
  const administrator = await signInAs(ours, 'Aung Naing Oo')
  await administrator.getByLabel('Find by name or desk').fill('M-6')
  await administrator.getByRole('link', { name: 'Ei Phyu' }).click()
  await administrator.getByRole('button', { name: 'Dismiss Ei Phyu' }).click()
  const dialog = administrator.getByRole('dialog')
  await dialog.getByLabel('Which clause').fill('4.2')
  await dialog.getByLabel('Reason').fill('Gave a call log to a stranger.')
  await dialog.getByRole('button', { name: 'Dismiss for good' }).click()
  await page.getByText('Your session has ended.').waitFor()
  await administrator.getByText('dismissed').first().waitFor()
  await theirs.close()
  await ours.close()
})

test('break glass opens one masked page at once, and wakes a supervisor and the privacy officer', async () => {
  const watching = await openContext(house)
  const officer = await signInAs(watching, 'Sandar Myint')
  const night = await openContext(house)
  const supervisor = await signInAs(night, 'Kyaw Thura')
  const context = await openContext(house)
  const page = await signInAs(context, 'N-(?:[89]|1\\d), Naypyitaw')
  await page.getByRole('button', { name: 'A life is at risk: break glass' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Number').fill(CUSTOMERS[1]!.number)
  await dialog
    .getByLabel('Whose life')
    .fill('She rang the ambulance and the line broke; nobody finds the house.')
  await dialog.getByRole('button', { name: 'Break glass and wake both' }).click()
  await page.getByRole('button', { name: 'Show her rows, masked' }).click()
  await page.locator('.rows tbody tr').first().waitFor()
  assert.ok((await page.locator('.rows tbody tr').count()) <= 50)
  for (const woken of [supervisor, officer]) {
    await woken.getByRole('link', { name: /waiting for you/ }).waitFor()
  }
  await supervisor.getByRole('link', { name: 'Team' }).click()
  await supervisor.getByText('nobody finds the house').waitFor()
  assert.equal(await supervisor.getByText(CUSTOMERS[1]!.number).count(), 0)
  await Promise.all([watching.close(), night.close(), context.close()])
})
