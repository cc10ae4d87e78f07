import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPages, PAGES } from '../../src/build-pages.ts'
import { readArchive } from '../../src/lawful/archive.ts'
import { CHECKS } from '../../src/lawful/checks.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { REASONS } from '../lawful/cases.ts'
import { type Crew, openLawful, type TestLawful } from '../lawful/open-lawful.ts'
import { granted, type Hired } from '../staff/open-room.ts'
import { axeFindsNothing } from '../support/axe.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

interface Bench {
  readonly open: TestLawful
  readonly crew: Crew
  readonly address: string
  readonly browser: Browser
  readonly complaints: string[]
  readonly pages: Map<string, Page>
}

async function openBench(t: TestContext): Promise<Bench> {
  await buildPages()
  const port = await freePort()
  const address = `http://localhost:${port}`
  const open = await openLawful(t, { publicUrl: address })
  await serveConsole(open.app, PAGES)
  await open.app.listen({ port, host: 'localhost' })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  return { open, crew: await open.crew(), address, browser, complaints: [], pages: new Map() }
}

/** The browser of one person; each has one of their own. */
async function browserOf(bench: Bench, who: Hired): Promise<Page> {
  const known = bench.pages.get(who.id)
  if (known !== undefined) return known
  const context = await bench.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  const url = bench.address
  await context.addCookies([
    { name: 'countersign-staff', value: who.token, url },
    { name: 'countersign-staff-csrf', value: csrfTokenOf(who.token), url },
  ])
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  // What was refused or is not here stands on the page; what the policy blocks or breaks stands nowhere else.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
      bench.complaints.push(message.text())
  })
  page.on('pageerror', (error) => bench.complaints.push(error.message))
  bench.pages.set(who.id, page)
  return page
}

interface Look {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
}
const WIDE: Look = { width: 1280, colorScheme: 'light' }
const NARROW: Look = { width: 360, colorScheme: 'dark' }

/** axe finds nothing and nothing is wider than the screen: here wide, light and English. */
async function looksRight(page: Page, what: string, look: Look = WIDE): Promise<void> {
  const { width, colorScheme } = look
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme })
  const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  assert.equal(wider, false, `${what} at ${width}: nothing is wider than the screen`)
  await axeFindsNothing(page, `${what} at ${width} ${colorScheme}`)
  await page.setViewportSize({ width: WIDE.width, height: 900 })
  await page.emulateMedia({ colorScheme: WIDE.colorScheme })
}

/** The same page narrow, dark and Burmese. */
async function inBurmese(page: Page, what: string): Promise<void> {
  await page.evaluate("localStorage.setItem('countersign.language', 'my')")
  await page.reload()
  await page.locator('html[lang=my] h1').waitFor()
  await looksRight(page, `${what}, in Burmese`, NARROW)
  await page.evaluate("localStorage.setItem('countersign.language', 'en')")
  await page.reload()
  await page.locator('html[lang=en] h1').waitFor()
}

interface Asked {
  readonly number: string
  readonly category?: string
  readonly urgent?: boolean
  readonly letter?: string
  readonly preserve?: boolean
}

async function fileRequest(bench: Bench, asked: Asked): Promise<void> {
  const page = await browserOf(bench, bench.crew.filer)
  await page.goto(`${bench.address}/regulator/file`)
  await page.getByLabel('Your number').fill(asked.number)
  await page.getByLabel('Officer', { exact: true }).fill('Zaw Lin')
  await page.getByLabel('Rank', { exact: true }).fill('Inspector')
  await page.getByLabel('Telephone', { exact: true }).fill('+95 1 549309')
  await page.getByLabel('Case number').fill('FIR 211/2026')
  await page.getByLabel('Category').selectOption({ label: asked.category ?? 'Homicide' })
  await page.getByLabel('Offence and section').fill('Penal Code 302')
  await page.getByLabel('number', { exact: true }).fill('09 791 204 412')
  const [from, until] = asked.urgent ? ['2026-09-11', '2026-09-11'] : ['2026-08-13', '2026-08-21']
  await page.getByLabel('From', { exact: true }).fill(from)
  await page.getByLabel('Through', { exact: true }).fill(until)
  await page.getByLabel('What must be known').fill('Who did a murdered man’s phone speak with?')
  if (asked.urgent) {
    await page.getByLabel('emergency').check()
    await page.getByLabel('Whose life is at risk').fill('A child of nine has been missing since six.')
    await page.getByLabel('The written paper follows').check()
  } else {
    await page.getByLabel('Date of the paper').fill('2026-09-10')
    await page.getByLabel('Authorised by').fill('Aung Htoo')
    await page.getByLabel('Their rank').fill('Police Colonel')
    await page.getByLabel('Secret until').fill('2026-11-01')
  }
  if (asked.preserve) await page.getByLabel('Only keep the records; hand nothing over').check()
  if (asked.letter !== undefined) await page.locator('input[type=file]').setInputFiles(asked.letter)
  await page.getByRole('button', { name: 'File this request' }).click()
  await page.getByRole('heading', { name: asked.number }).waitFor()
}

async function openAtCounter(bench: Bench, who: Hired, number: string): Promise<Page> {
  const page = await browserOf(bench, who)
  await page.goto(`${bench.address}/regulator`)
  await page.getByRole('link', { name: number }).click()
  await page.getByRole('heading', { name: number }).waitFor()
  return page
}

async function openAtDesk(bench: Bench, who: Hired, number: string): Promise<Page> {
  const page = await browserOf(bench, who)
  await page.goto(`${bench.address}/lawful`)
  await page.getByRole('link', { name: number }).first().click()
  await page.getByRole('heading', { name: 'Our standards, each with its reason' }).waitFor()
  return page
}

async function letPass(bench: Bench, number: string): Promise<void> {
  const page = await openAtCounter(bench, bench.crew.filterer, number)
  await page.getByRole('button', { name: 'Take it to filter' }).click()
  await page.getByLabel('Your reasons').fill(REASONS)
  await page.getByRole('button', { name: 'Let it pass to the operator' }).click()
  await page.getByText('under review').first().waitFor()
}

/** The investigator answers every standard; what the records show stands there already. */
async function answerStandards(bench: Bench, number: string, noes: readonly string[] = []): Promise<void> {
  const page = await openAtDesk(bench, bench.crew.investigator, number)
  for (const { id, words } of CHECKS) {
    const answer = page.getByLabel(`Answer to: ${words.en}`, { exact: true })
    const reason = page.getByLabel(`Reason for: ${words.en}`, { exact: true })
    await answer.selectOption({ label: noes.includes(id) ? 'no' : 'yes' })
    if ((await reason.inputValue()) === '') await reason.fill('As the letter says.')
  }
  await page.getByRole('button', { name: 'Record these answers' }).click()
  await page.locator('.mantine-Notification-root').first().waitFor()
}

/** The same without a browser, where the page is not what is tried. */
async function answeredElsewhere(bench: Bench, number: string, noes: readonly string[] = []): Promise<void> {
  const held = await bench.open.lawful.findByNumber('mm', number)
  const answers = CHECKS.map(({ id }) => ({
    check: id,
    answer: noes.includes(id) ? ('no' as const) : ('yes' as const),
    reason: 'As the letter says.',
  }))
  const investigator = await bench.crew.investigator.facts()
  granted(await bench.open.lawful.act(investigator, held!.id, { do: 'answer-checks', answers }))
}

async function passedElsewhere(bench: Bench, number: string): Promise<void> {
  const held = await bench.open.lawful.findByNumber('mm', number)
  const filterer = await bench.crew.filterer.facts()
  granted(await bench.open.lawful.act(filterer, held!.id, { do: 'take' }))
  granted(
    await bench.open.lawful.act(filterer, held!.id, { do: 'filter', outcome: 'passed', reason: REASONS }),
  )
}

test('five requests in a real browser', { timeout: 600_000 }, async (t) => {
  const bench = await openBench(t)
  const { crew } = bench
  const directory = mkdtempSync(join(tmpdir(), 'countersign-lawful-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const identity = join(directory, 'key.txt')
  execFileSync('age-keygen', ['-o', identity], { stdio: 'ignore' })
  const recipient = execFileSync('age-keygen', ['-y', identity], { encoding: 'utf8' }).trim()
  const { lawful } = bench.open
  const key = granted(
    await lawful.proposeKey(await crew.counsel.facts(), { frame: 'mm', authority: 'cid-yangon', recipient }),
  )
  granted(await lawful.confirmKey(await crew.privacy.facts(), key.id))
  const letter = join(directory, 'letter.pdf')
  writeFileSync(letter, '%PDF-1.7\nthe signed letter')

  await t.test(
    'homicide: filed, filtered, checked, narrowed, two keys, produced, released, fetched, received',
    () => homicide(bench, identity, letter, directory),
  )
  await t.test('refused, with the ground and the standards that were not met', () => refused(bench))
  await t.test('returned with what is missing, and brought again', () => returned(bench))
  await t.test('an emergency takes the same steps by a shorter clock, and is reviewed afterwards', () =>
    emergency(bench, letter),
  )
  await t.test('records only kept, and kept longer; another request withdrawn', () => keptAndWithdrawn(bench))
  await t.test('police at the door get a letter', () => misdirected(bench))
  await t.test('the counter has a door of its own, and the desk is not behind it', () => doors(bench))
  assert.deepEqual(bench.complaints, [])
})

async function homicide(bench: Bench, identity: string, letter: string, directory: string): Promise<void> {
  const { crew } = bench
  const number = 'PTD-2026-0117'
  await fileRequest(bench, { number, letter })
  const filer = await browserOf(bench, crew.filer)
  await filer.getByText('Whoever filed a request does not filter it.').waitFor()
  await letPass(bench, number)
  await answerStandards(bench, number, ['V10'])
  const counsel = await openAtDesk(bench, crew.counsel, number)
  await counsel.getByText('Called back on the number').waitFor()
  await counsel.getByRole('button', { name: 'Count what this would hand over' }).click()
  await counsel.getByRole('cell', { name: '43' }).waitFor()
  await counsel.getByLabel('Through', { exact: true }).fill('2026-08-15')
  await counsel.getByLabel('Length', { exact: true }).uncheck()
  await counsel.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await looksRight(counsel, 'the request')
  await inBurmese(counsel, 'the request')
  await counsel.getByLabel('Through', { exact: true }).fill('2026-08-15')
  await counsel.getByLabel('Length', { exact: true }).uncheck()
  await counsel.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await counsel.getByRole('button', { name: 'Rule: comply with this' }).click()
  await counsel.getByText('waits for the second key').waitFor()
  const prepared = await openAtDesk(bench, crew.investigator, number)
  await prepared.getByText('who prepared nothing of this').waitFor()
  const second = await openAtDesk(bench, crew.privacy, number)
  await second.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await second.getByRole('button', { name: 'Turn the second key for this' }).click()
  await second.getByText('approved in part').first().waitFor()
  await counsel.reload()
  await counsel.getByRole('button', { name: 'Produce the package' }).click()
  await counsel.getByText('19 rows about 1 number(s), 3 day(s)').waitFor()
  await second.reload()
  await second.getByRole('button', { name: 'Release it to the regulator' }).click()
  await second.getByText('not fetched yet').waitFor()
  const page = await openAtCounter(bench, crew.filer, number)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Fetch the package' }).click(),
  ])
  const file = join(directory, 'package.tar')
  execFileSync('age', ['-d', '-i', identity, '-o', file, await download.path()])
  assert.deepEqual(
    readArchive(readFileSync(file)).map(({ name }) => name),
    ['response.xml', 'records.csv', 'letter.pdf', 'manifest.txt'],
  )
  await page.getByRole('button', { name: 'It has come whole' }).click()
  await page.getByText('received by them').first().waitFor()
  await page.getByRole('button', { name: 'Renew secrecy' }).click()
  const renewal = page.getByRole('dialog')
  await renewal.getByLabel('Secret until').fill('2026-11-20')
  await renewal.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await renewal.getByRole('button', { name: 'Renew secrecy' }).click()
  await renewal.waitFor({ state: 'detached' })
  await looksRight(page, 'the counter’s page')
  await inBurmese(page, 'the counter’s page')
  await counsel.reload()
  await counsel.getByRole('button', { name: 'Close this request' }).click()
  await counsel.getByText('closed').first().waitFor()
  await counsel.getByRole('button', { name: 'Open what is inside, with a reason' }).click()
  const reopening = counsel.getByRole('dialog')
  await reopening.getByLabel('Reason').fill('The court asks what exactly was handed over.')
  const [again] = await Promise.all([
    counsel.waitForEvent('download'),
    reopening.getByRole('button', { name: 'Open what is inside, with a reason' }).click(),
  ])
  assert.deepEqual(readFileSync(await again.path()), readFileSync(file), 'to the byte')
}

async function refused(bench: Bench): Promise<void> {
  const { crew } = bench
  const number = 'PTD-2026-0118'
  await fileRequest(bench, { number, category: 'another one (cannot pass the filter)' })
  const filterer = await openAtCounter(bench, crew.filterer, number)
  await filterer.getByRole('button', { name: 'Take it to filter' }).click()
  await filterer.getByLabel('Your reasons').fill(REASONS)
  await filterer.getByRole('button', { name: 'Let it pass to the operator' }).click()
  await filterer.getByText('not on the list and cannot pass').waitFor()
  await filterer.getByLabel('The filter').selectOption({ label: 'Refuse it' })
  await filterer
    .getByLabel('Ground')
    .selectOption({ label: 'The offence is not one of those for which records are given.' })
  await filterer.getByRole('button', { name: 'Refuse it' }).click()
  await filterer.getByText('Refused: The offence is not one').waitFor()
  const other = 'PTD-2026-0119'
  await fileRequest(bench, { number: other })
  await passedElsewhere(bench, other)
  await answeredElsewhere(bench, other, ['V2', 'V17'])
  const counsel = await openAtDesk(bench, crew.counsel, other)
  await counsel.getByRole('button', { name: 'Refuse, with the ground' }).click()
  const dialog = counsel.getByRole('dialog')
  await dialog
    .getByLabel('Ground')
    .selectOption({ label: 'The authority, the officer or the paper could not be confirmed.' })
  await dialog.getByLabel('Reasons').fill(REASONS)
  await dialog.getByRole('button', { name: 'Refuse, with the ground' }).click()
  await counsel.getByText('refused').first().waitFor()
  const page = await openAtCounter(bench, crew.filer, other)
  await page.getByText('Called back on the number in our own directory').waitFor()
  assert.equal(await page.getByText('Each number had one holder').count(), 0)
}

async function returned(bench: Bench): Promise<void> {
  const number = 'PTD-2026-0120'
  await fileRequest(bench, { number })
  await passedElsewhere(bench, number)
  const counsel = await openAtDesk(bench, bench.crew.counsel, number)
  await counsel.getByRole('button', { name: 'Return with what is missing' }).click()
  const dialog = counsel.getByRole('dialog')
  await dialog.getByLabel('What is missing').fill('The page of the letter that names the number\nIts seal')
  await dialog.getByRole('button', { name: 'Return with what is missing' }).click()
  await counsel.getByText('returned').first().waitFor()
  const page = await openAtCounter(bench, bench.crew.filer, number)
  await page.getByText('Its seal').waitFor()
  await page.getByLabel('Case number').fill('FIR 213/2026')
  await page.getByRole('button', { name: 'Bring what was missing' }).click()
  await page.getByText('FIR 213/2026').first().waitFor()
}

async function emergency(bench: Bench, letter: string): Promise<void> {
  const { crew } = bench
  const number = 'PTD-2026-0121'
  await fileRequest(bench, { number, urgent: true })
  await passedElsewhere(bench, number)
  await answeredElsewhere(bench, number, ['V6'])
  for (const [who, act] of [
    [crew.counsel, 'Rule: comply with this'],
    [crew.privacy, 'Turn the second key for this'],
  ] as const) {
    const page = await openAtDesk(bench, who, number)
    await page.getByLabel('Reasons, 40 letters or more').fill(REASONS)
    await page.getByRole('button', { name: act }).click()
    await page
      .getByText(act.startsWith('Rule') ? 'waits for the second key' : 'waits to be produced')
      .waitFor()
  }
  const counsel = await browserOf(bench, crew.counsel)
  await counsel.reload()
  await counsel.getByRole('button', { name: 'Produce the package' }).click()
  await counsel.getByText('0 rows about 1 number(s)').waitFor()
  const releaser = await browserOf(bench, crew.privacy)
  await releaser.reload()
  await releaser.getByRole('button', { name: 'Release it to the regulator' }).click()
  await releaser.getByText('not fetched yet').waitFor()
  await releaser.getByText('Somebody who turned no key and prepared nothing reviews an emergency.').waitFor()
  const other = await bench.open.hire(['counsel'], { name: 'Nilar' })
  const reviewer = await openAtDesk(bench, other, number)
  await reviewer.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await reviewer.getByRole('button', { name: 'It was an emergency' }).click()
  await reviewer.getByText('whose written paper has not come cannot be confirmed').waitFor()
  const page = await openAtCounter(bench, crew.filer, number)
  await page.getByRole('button', { name: 'Bring the written paper' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Date of the paper').fill('2026-09-12')
  await dialog.getByLabel('Authorised by').fill('Aung Htoo')
  await dialog.getByLabel('Their rank').fill('Police Colonel')
  await dialog.locator('input[type=file]').setInputFiles(letter)
  await dialog.getByRole('button', { name: 'Bring the written paper' }).click()
  await dialog.waitFor({ state: 'detached' })
  await reviewer.reload()
  await reviewer.getByRole('link', { name: /Open the signed letter/ }).waitFor()
  await looksRight(reviewer, 'the review of an emergency')
  await inBurmese(reviewer, 'the review of an emergency')
  await reviewer.getByLabel('Reasons, 40 letters or more').fill(REASONS)
  await reviewer.getByRole('button', { name: 'It was an emergency' }).click()
  await reviewer.getByText('The review afterwards found the emergency real.').waitFor()
  await page.getByRole('button', { name: 'It has come whole' }).click()
  await page.getByText('received by them').first().waitFor()
}

async function keptAndWithdrawn(bench: Bench): Promise<void> {
  const kept = 'PTD-2026-0122'
  await fileRequest(bench, { number: kept, preserve: true })
  const page = await browserOf(bench, bench.crew.filer)
  await page.getByRole('button', { name: 'Keep the records longer, once' }).click()
  const longer = page.getByRole('dialog')
  await longer.getByLabel('Reason').fill('The inquest was put off by three weeks.')
  await longer.getByRole('button', { name: 'Keep the records longer, once' }).click()
  await longer.waitFor({ state: 'detached' })
  await passedElsewhere(bench, kept)
  const desk = await openAtDesk(bench, bench.crew.counsel, kept)
  await desk.getByText('Asks only that records be kept.').waitFor()
  await desk.getByText('kept from deletion until').waitFor()
  const number = 'PTD-2026-0123'
  await fileRequest(bench, { number })
  await page.getByRole('button', { name: 'Withdraw this request' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('An arrest was made.')
  await dialog.getByRole('button', { name: 'Withdraw this request' }).click()
  await page.getByText('withdrawn').first().waitFor()
}

async function misdirected(bench: Bench): Promise<void> {
  const champion = await bench.open.hire(['champion'], { name: 'Thiri' })
  const page = await browserOf(bench, champion)
  await page.goto(`${bench.address}/door`)
  await page.getByLabel('Who came').fill('Sergeant Aye')
  await page.getByLabel('From where').fill('Mandalay Station 3')
  await page.getByRole('button', { name: 'Write the answer' }).click()
  const link = page.getByRole('link', { name: 'Open the letter' })
  await link.waitFor()
  await looksRight(page, 'the door')
  await inBurmese(page, 'the door')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Open the letter' }).click(),
  ])
  const text = execFileSync('pdftotext', [await download.path(), '-'], { encoding: 'utf8' })
  assert.match(text, /M-2026-/)
}

async function doors(bench: Bench): Promise<void> {
  const board = await browserOf(bench, bench.crew.counsel)
  await board.goto(`${bench.address}/lawful`)
  await board.getByRole('heading', { name: 'Deadlines' }).waitFor()
  await looksRight(board, 'the board')
  await inBurmese(board, 'the board')
  await board.goto(`${bench.address}/lawful/keys`)
  await board.getByText('in force since').waitFor()
  await looksRight(board, 'the keys')
  await inBurmese(board, 'the keys')
  await board.goto(`${bench.address}/regulator`)
  await board.getByText('This counter is the regulator’s.').waitFor()
  const context = await bench.browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${bench.address}/regulator`)
  await page.getByRole('heading', { name: 'Sign in at the counter' }).waitFor()
  await looksRight(page, 'the counter’s door')
  await page.getByRole('button', { name: /Ye Htun/ }).click()
  await page.getByRole('heading', { name: 'Queue' }).waitFor()
  await looksRight(page, 'the queue')
  await inBurmese(page, 'the queue')
  await page.goto(`${bench.address}/regulator/file`)
  await page.getByLabel('Your number').waitFor()
  await looksRight(page, 'the form')
  await inBurmese(page, 'the form')
  await page.goto(`${bench.address}/lawful`)
  await page.getByText('This desk is not yours').or(page.getByText('not yours')).first().waitFor()
}
