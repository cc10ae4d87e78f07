import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { parseArchive } from '../../../src/ledger/evidence/archive.ts'
import { buildVerifyPage } from '../../../src/ledger/evidence/build-page.ts'
import { fingerprintOf } from '../../../src/ledger/evidence/fingerprint.ts'
import { axeFindsNothing } from '../../support/axe.ts'
import { openTestDatabase } from '../../support/database.ts'
import { openEvidence } from './bundles.ts'
import { openWitnessedBundles } from './witnessed-bundles.ts'

const CHROMIUM = process.env.CHROMIUM ?? process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

interface Clerk {
  readonly page: Page
  readonly zip: Uint8Array
  readonly verifierKey: string
  readonly complaints: string[]
  /** Drops these bytes on the page as a file. */
  drop(bytes: Uint8Array): Promise<void>
  verdict(): Promise<string>
}

/** The `verify.html` of a real bundle, opened from a disk, in a browser without a network. */
async function openClerk(t: TestContext): Promise<Clerk> {
  const { make, ledger } = await openEvidence(await openTestDatabase(t), {
    page: async () => (await buildVerifyPage()).html,
  })
  const { zip } = await make({ withhold: [1] })
  const dir = mkdtempSync(join(tmpdir(), 'countersign-clerk-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'verify.html')
  writeFileSync(path, parseArchive(zip).files.get('verify.html')!)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const context = await browser.newContext({ offline: true, viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()))
  await page.goto(pathToFileURL(path).href)
  return {
    page,
    zip,
    verifierKey: ledger.verifierKey,
    complaints,
    async drop(bytes) {
      const encoded = Buffer.from(bytes).toString('base64')
      await page.evaluate(`{
        const bytes = Uint8Array.from(atob('${encoded}'), (c) => c.charCodeAt(0))
        const carried = new DataTransfer()
        carried.items.add(new File([bytes], 'bundle.zip'))
        document.getElementById('result').replaceChildren()
        dispatchEvent(new DragEvent('drop', { dataTransfer: carried, cancelable: true }))
      }`)
      await page.locator('#verdict').waitFor()
    },
    verdict: async () => (await page.locator('#verdict .en').textContent()) ?? '',
  }
}

test('a court’s clerk drops a bundle on a page without a network and reads what holds, in both languages', async (t) => {
  const { page, zip, verifierKey, complaints, drop, verdict } = await openClerk(t)
  await drop(zip)
  assert.match(
    await verdict(),
    /^Everything fits together: 2 of 2 entries\. It is proven only if the fingerprint/,
  )
  assert.equal(await page.locator('.print').textContent(), fingerprintOf(verifierKey))
  await page.getByLabel('The log’s key').fill(verifierKey)
  assert.equal(await verdict(), 'Everything holds: 2 of 2 entries, under the key you entered.')
  assert.match((await page.locator('#verdict .my').textContent()) ?? '', /အားလုံး မှန်ကန်သည်/)
  await page.getByRole('heading', { name: 'Entry 1 holds' }).waitFor()
  await page.getByText('Its full text is withheld').waitFor()
  await page.getByRole('heading', { name: 'Entry 3 holds' }).waitFor()
  assert.equal(await page.getByRole('cell', { name: '••••123' }).count(), 1)
  const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  assert.equal(wider, false, 'nothing is wider than the screen')
  await axeFindsNothing(page)
  assert.deepEqual(complaints, [])
})

test('the clerk reads that a bundle was changed, wherever it was', async (t) => {
  const { page, zip, verifierKey, drop, verdict, complaints } = await openClerk(t)
  await page.getByLabel('The log’s key').fill(verifierKey)
  const step = Math.ceil(zip.length / 40)
  for (let at = 5; at < zip.length; at += step) {
    const changed = zip.slice()
    changed[at]! ^= 1
    await drop(changed)
    assert.match(await verdict(), /^(This bundle does not hold|Nothing can be proven)/, `byte ${at}`)
    assert.ok((await page.locator('.place').allTextContents()).join('').length > 0 || at < 100, `byte ${at}`)
  }
  const { files } = parseArchive(zip)
  const at = Buffer.from(zip).indexOf(files.get('entries/3/body.json')!) + 20
  const changed = zip.slice()
  changed[at]! ^= 1
  await drop(changed)
  await page.getByRole('heading', { name: 'Entry 3 does not hold' }).waitFor()
  await page.getByRole('heading', { name: 'Entry 1 holds' }).waitFor()
  await page.getByText('entries/3/body.json').first().waitFor()
  assert.deepEqual(complaints, [])
})

test('the clerk’s page refuses a key that is none, and any other script', async (t) => {
  const { page, zip, drop } = await openClerk(t)
  await drop(zip)
  await page.getByLabel('The log’s key').fill('not a key')
  await page.getByText('This is not a key of a log').waitFor()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.evaluate(`{
    const script = document.createElement('script')
    script.textContent = 'window.ran = true'
    document.body.append(script)
  }`)
  assert.equal(await page.evaluate('window.ran === true'), false)
  assert.match(complaints.join(' '), /Content Security Policy/)
})

test('the clerk reads who cosigned, who is a stranger, and that a cosignature was changed', async (t) => {
  const { page, drop, verdict } = await openClerk(t)
  const { whole, strange, broken, verifierKey } = await openWitnessedBundles(t)
  await page.getByLabel('The log’s key').fill(verifierKey)
  await drop(whole)
  assert.match(await verdict(), /^Everything holds/)
  await page.getByText('w0.example/witness, w1.example/witness').waitFor()
  assert.equal(await page.getByText('whom the policy does not name').count(), 0)
  await drop(strange)
  assert.match(await verdict(), /^Everything holds/)
  await page.getByText('Signed also by others, whom the policy does not name; that proves nothing:').waitFor()
  await drop(broken)
  assert.match(await verdict(), /^This bundle does not hold/)
  await page.getByText('The signature of a witness that the policy names does not hold').waitFor()
  await page.getByText('သက်သေတစ်ဦး၏ လက်မှတ် မမှန်ပါ').waitFor()
})
