import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { makePeople } from '../demo/people.ts'
import { DEMO_SEED } from '../demo/seed.ts'
import { makeStaff, ZAW_MIN } from '../demo/staff.ts'
import { openShownTo } from '../src/care/shown.ts'
import type { DemoHouse } from '../test/browser/demo-house.ts'
import { CUSTOMERS, MYA, openContext, signInAs, signInAtMy, waitUntilCounted } from '../test/browser/hands.ts'
import {
  answerPress,
  dismiss,
  draftNotices,
  handOver,
  prepareReferral,
  type Stage,
  sayInPublic,
  step,
} from './story-acts.ts'
import { drawChain, searchPath } from './story-chain.ts'
import { explainBill, sendHerNotice, tellHer, writeSummary } from './story-customer.ts'
import { traceByCommand, verifyByCommand, verifyOffline } from './story-verify.ts'

/** What the pages said while the story was played; `docs/story.md` is written from it. */
export interface StoryFigures {
  readonly serial: string
  /** What her page says of the look. */
  readonly look: string
  readonly listRows: number
  readonly verdict: string
  /** What the command line says of the same list. */
  readonly traceCommand: string
  /** What the exposure's tables say, line by line. */
  readonly exposed: readonly string[]
  readonly notExposed: readonly string[]
  /** What the search for a leak path says. */
  readonly path: readonly string[]
  /** By law: how much of its form is written. */
  readonly notices: readonly string[]
  readonly employment: string
  readonly answer: string
  /** What the newspaper was told. */
  readonly press: string
  readonly given: string
  readonly withheld: readonly string[]
  readonly digest: string
  /** The zip that the police got. */
  readonly bundle: Uint8Array
  readonly offline: string
  readonly commandLine: string
}

const LIST_ROWS = 40
/** Myanmar's clock is so far ahead of UTC. */
const OFFSET_MS = 390 * 60_000
/** Words that pass; a part of a page is drawn without the frame's head and foot, too, which would lie over it. */
const PASSING = '.mantine-Notifications-root'

function veil(page: Page, which: string, visibility: 'hidden' | ''): Promise<void> {
  return page.evaluate(
    ([selector, value]) => {
      for (const part of document.querySelectorAll<HTMLElement>(selector)) part.style.visibility = value
    },
    [which, visibility] as const,
  )
}

/**
 * From the look to the public statement, through the real pages. Pictures go into `out`, as `shrink` leaves them; what the
 * pages say comes back.
 * The list is what stood on the champion's screen: the sealed renderings of that look, retyped as a friend would.
 */
export async function playStory(
  house: DemoHouse,
  out: string,
  tell: (said: string) => void,
  shrink: (png: Buffer) => Buffer,
): Promise<StoryFigures> {
  const draw = async (place: Page | Locator, name: string): Promise<void> => {
    const page = 'page' in place ? place.page() : place
    await page.evaluate(() => document.fonts.ready)
    await veil(page, 'page' in place ? `${PASSING}, .top, .foot` : PASSING, 'hidden')
    const bytes = await place.screenshot({ animations: 'disabled', caret: 'hide' })
    await veil(page, `${PASSING}, .top, .foot`, '')
    writeFileSync(join(out, `story-${name}.png`), shrink(bytes))
    tell(`story-${name}.png`)
  }
  await explainBill(house, draw)
  const mya = await openContext(house, { width: 390, scale: 1.5 })
  const hers = await signInAtMy(mya, MYA)
  const look = await report(hers, draw)
  const officer = await signInAs(await desk(house), 'Sandar Myint')
  const { serial, address } = await openCase(officer, draw)
  const investigator = await signInAs(await desk(house), nameOf('Y-5'))
  const list = await listOf(house)
  const verdict = await trace(investigator, serial, list, draw)
  const traceCommand = await traceByCommand(house, { serial, list })
  const exposure = await containPerson(officer, address, draw)
  await investigator.goto(address)
  const counsel = await signInAs(await desk(house), 'Myat Thida')
  const stage: Stage = { investigator, officer, counsel, address, draw }
  await step(officer, 'Take it up', 'The list is real: it was laid before us.')
  await step(officer, 'It is a breach', 'The trace names one look, and nobody was in the shop.')
  await investigator.reload()
  await step(investigator, 'It is a breach', 'I come to the same finding from the trace.')
  await drawChain(stage)
  const path = await searchPath(stage, { recipient: RECIPIENT, at: lookAt(verdict) })
  await officer.goto(address)
  await writeSummary(officer, SUMMARY)
  const notices = await draftNotices(stage)
  const administrators = administratorNames()
  const employment = await dismiss(
    await signInAs(await desk(house), administrators[0]!),
    await signInAs(await desk(house), administrators[1]!),
    minuteIn(house),
    draw,
  )
  await officer.goto(address)
  await sendHerNotice(stage)
  await tellHer(stage, FOUND, dayIn(house, 3))
  const answer = await answerHer(officer, hers, draw)
  const { given, withheld } = await prepareReferral(stage)
  const { zip, digest } = await handOver(stage)
  const offline = await verifyOffline(house, zip, draw)
  const commandLine = verifyByCommand(zip, house)
  await sayInPublic(stage)
  const press = await answerPress(stage)
  const anybody = await (await openContext(house, { width: 1000, scale: 1.5 })).newPage()
  await anybody.goto('/statements')
  await anybody.getByText('Our answer: It is untrue.').waitFor()
  await draw(anybody.locator('.report'), 'statement')
  return {
    serial,
    look,
    listRows: LIST_ROWS,
    verdict,
    traceCommand,
    ...exposure,
    path,
    notices,
    employment,
    answer,
    press,
    given,
    withheld,
    digest,
    bundle: zip,
    offline,
    commandLine,
  }
}

/** A number that her associate might have named; the demo does not know who he is. */
const RECIPIENT = CUSTOMERS[3]!.number

/** The minute of the look as the answer of the trace names it, as a field for a day and a time wants it. */
function lookAt(verdict: string): string {
  const said = /(\d{1,2} \w+ \d{4}) at (\d{2}:\d{2})/.exec(verdict)
  if (said === null) throw new Error('invariant broken: the answer names its look')
  return new Date(`${said[1]} ${said[2]} UTC`).toISOString().slice(0, 16)
}

/** What a director reads first. */
const SUMMARY = `An employee opened a month of her calls in a shop where she was not. ${LIST_ROWS} rows of it came back as a list that her business associate had.`
/** What she reads first. */
const FOUND =
  'The list came from one look at your calls. Whoever looked can open nothing any more. No recording and no place was in it.'

/** The local minute that it is, as a field for a day and a time wants it. */
function minuteIn({ server }: DemoHouse): string {
  const { world } = server.rooms
  return new Date(world.clock.now() + OFFSET_MS).toISOString().slice(0, 16)
}

/** A local day so many days from now, as a date field wants it. */
function dayIn({ server }: DemoHouse, days: number): string {
  const { clock } = server.rooms.world
  return new Date(clock.now() + OFFSET_MS + days * 86_400_000).toISOString().slice(0, 10)
}

type Draw = Stage['draw']

const desk = (house: DemoHouse) => openContext(house, { width: 1280, scale: 1.5 })

function nameOf(deskName: string): string {
  return makeStaff(DEMO_SEED, makePeople(DEMO_SEED)).find((one) => one.deskName === deskName)!.name
}

/** Two who had no part in the case. */
function administratorNames(): string[] {
  const staff = makeStaff(DEMO_SEED, makePeople(DEMO_SEED))
  return staff.filter(({ role, visitor }) => role === 'administrator' && visitor).map(({ name }) => name)
}

async function report(hers: Page, draw: Draw): Promise<string> {
  await waitUntilCounted(hers)
  const bad = hers
    .locator('li.look')
    .filter({ hasText: `(${ZAW_MIN})` })
    .first()
  const look = ((await bad.locator('.sentence').textContent()) ?? '').trim()
  await draw(bad, 'look')
  await bad.getByRole('link', { name: 'This was not me' }).click()
  await hers
    .getByLabel('What should they know?')
    .fill('I was in no shop. My business associate has a list of my calls.')
  await draw(hers, 'report')
  await hers.getByRole('button', { name: 'Send the report' }).click()
  await hers.getByText('Your report was received.').waitFor()
  return look
}

async function openCase(officer: Page, draw: Draw): Promise<{ serial: string; address: string }> {
  await officer.getByRole('link', { name: 'Reports' }).click()
  await officer
    .getByRole('link', { name: /Report \d/ })
    .first()
    .click()
  await officer.getByText('My business associate has a list').waitFor()
  await officer.getByRole('button', { name: 'Open an incident from it' }).click()
  const crumb = officer.getByText(/Incident \d{4}-\d{2}-\d{3} · reported/)
  await crumb.waitFor()
  const serial = /\d{4}-\d{2}-\d{3}/.exec((await crumb.textContent()) ?? '')![0]
  await draw(officer, 'case')
  return { serial, address: officer.url() }
}

/** Rows as they stood on the champion's screen, retyped: every third left out, the charge forgotten. */
async function listOf({ server }: DemoHouse): Promise<string> {
  const { world, staff } = server.rooms
  const zaw = await staff.duty.findByDeskName(ZAW_MIN)
  const shown = await openShownTo(world.database.db, world.keys.sealer, {
    staff: zaw?.id ?? '',
    from: 0,
    until: world.clock.now(),
  })
  const bad = shown.filter(({ channel, rowsShown }) => channel === 'shop' && rowsShown > 50).at(-1)
  const pages = (bad?.renderings ?? []).map(({ text }) => JSON.parse(text) as unknown)
  const rows = pages.flatMap((page) => (Array.isArray(page) ? (page as (string | null)[][]) : []))
  const typed = rows
    .filter((row, at) => at % 3 !== 2 && row[5] !== null)
    .slice(0, LIST_ROWS)
    .map(
      ([, day = '', start, , , digits, lasted]) =>
        `${day?.slice(8)}/${day?.slice(5, 7)} ${start} ${digits} ${lasted}`,
    )
  if (typed.length < LIST_ROWS) throw new Error('invariant broken: the demo has a look of a whole month')
  return typed.join('\n')
}

async function trace(page: Page, serial: string, list: string, draw: Draw): Promise<string> {
  await page.goto(`/traces?incident=${serial}`)
  await page.getByRole('textbox', { name: 'The list, as it came' }).fill(list)
  await page.getByRole('button', { name: 'Read the list' }).click()
  await page.getByText(`${LIST_ROWS} of ${LIST_ROWS} lines can be compared`).waitFor()
  await page.evaluate(() => scrollTo(0, 0))
  await draw(page, 'list')
  await page.getByRole('button', { name: 'Trace this list' }).click()
  await page.waitForURL(/\/traces\/[0-9a-f]{24}$/)
  const verdict = page.locator('.trace-grid.answered > section').last()
  await verdict.getByText(`by ${ZAW_MIN}.`, { exact: false }).first().waitFor()
  await draw(page, 'trace')
  const said = await verdict.getByText(`by ${ZAW_MIN}.`, { exact: false }).first().textContent()
  return (said ?? '').trim()
}

async function containPerson(
  officer: Page,
  address: string,
  draw: Draw,
): Promise<Pick<StoryFigures, 'exposed' | 'notExposed'>> {
  await officer.goto(address)
  const about = officer.locator('.card', { hasText: 'can still sign in' })
  await about.getByRole('textbox', { name: 'Why, for the file' }).fill('The trace names this look.')
  await about.getByRole('button', { name: `Freeze ${ZAW_MIN}` }).click()
  await officer.getByText('can still sign in').waitFor({ state: 'detached' })
  const people = officer
    .locator('section', { has: officer.getByRole('heading', { name: 'Whom it is about' }) })
    .last()
  await draw(people, 'freeze')
  await officer.getByRole('button', { name: `Read what ${ZAW_MIN} was shown` }).click()
  await officer.getByText('never held').waitFor()
  await draw(people, 'exposure')
  const lines = async (at: number) =>
    (await people.locator('table').nth(at).locator('tr').allInnerTexts()).map((line) =>
      line.replace(/\s+/g, ' ').trim(),
    )
  return { exposed: await lines(0), notExposed: await lines(1) }
}

async function answerHer(officer: Page, hers: Page, draw: Draw): Promise<string> {
  const answer =
    'The employee is stopped, and the list comes from that look. We go to the police. You can ask for a new number, free.'
  await officer.getByRole('link', { name: 'Reports' }).click()
  await officer
    .getByRole('link', { name: /Report \d/ })
    .first()
    .click()
  await officer.getByRole('button', { name: 'Take this report' }).click()
  await officer.getByLabel('She was right: it was not her').check()
  await officer.getByLabel('The answer, which she will read').fill(answer)
  await officer.getByRole('button', { name: 'Send the answer' }).click()
  await officer.getByRole('button', { name: 'Send the answer' }).waitFor({ state: 'detached' })
  await hers.goto('/my/case')
  await hers.getByText('You were right.').first().waitFor()
  await draw(hers.locator('section.card').first(), 'customer')
  const said = (await hers.locator('p', { hasText: 'You were right.' }).first().textContent()) ?? ''
  return said.slice(said.indexOf('You were right.'))
}
