import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDemoHouse } from './demo-house.ts'
import { looksRight, openContext, signInAs } from './hands.ts'

/** Where pictures are kept, for whoever wants to look. */
const PICTURES = process.env.COUNTERSIGN_PICTURES

test('the demo’s one bad look stands first on the list, with its reasons, and is judged in one click', async (t) => {
  const house = await openDemoHouse(t)
  await (await house.server.rooms.watch.watcher()).catchUp()
  const context = await openContext(house)
  const page = await signInAs(context, 'Sandar Myint')
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto('/watch')
  const first = page.locator('.alert').first()
  await first.getByText('M-9', { exact: false }).first().waitFor()
  await first.getByText('Speaks for').waitFor()
  assert.ok((await first.locator('.why-list dt').count()) >= 2, 'reasons and what speaks for')
  assert.match((await first.locator('.why-list').textContent()) ?? '', /[0-9]/)
  await first.getByText('The look as it was').click()
  await first.getByText('on one clerk’s word').waitFor()

  for (const [width, dark, language] of [
    [1280, false, 'en'],
    [360, false, 'en'],
    [1280, true, 'en'],
    [360, true, 'my'],
  ] as const) {
    const other = await openContext(house, { width, dark, language, state: await context.storageState() })
    const seen = await other.newPage()
    await seen.goto('/watch')
    await seen.locator('.why-list').first().waitFor()
    await looksRight(seen, `watch at ${width}, ${dark ? 'dark' : 'light'}, ${language}`)
    if (PICTURES !== undefined)
      await seen.screenshot({ path: `${PICTURES}/watch-${width}-${dark}-${language}.png`, fullPage: true })
    await other.close()
  }

  await first.getByRole('button', { name: 'Open an incident' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The incident room takes it from here.').waitFor()
  await dialog.getByLabel('Why').fill('Nobody was at the counter; he has no answer.')
  await dialog.getByRole('button', { name: 'Open an incident' }).click()
  await page
    .getByText(/\b1 of [1-9]/)
    .first()
    .waitFor()
  assert.equal((await house.server.rooms.watch.handovers()).length, 1)
  assert.deepEqual(complaints, [])
})

test('a champion has no watch desk, and sees on their own page what is recorded about them', async (t) => {
  const house = await openDemoHouse(t)
  await (await house.server.rooms.watch.watcher()).catchUp()
  const context = await openContext(house, { width: 360 })
  const page = await signInAs(context, 'Thiri')
  assert.equal(await page.getByRole('link', { name: 'Watch', exact: true }).count(), 0)
  await page.goto('/me')
  await page.getByRole('heading', { name: 'What is recorded about my looks' }).waitFor()
  await page.getByText(/The last 30 days/).waitFor()
  await looksRight(page, 'my looks')
})
