import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { parseColumnMap } from '../../src/calls/formats/column-map.ts'
import { readIntakeLines } from '../../src/calls/formats/intake-line.ts'
import { rereadRecord } from '../../src/calls/formats/reread.ts'
import { readSource } from '../../src/calls/formats/source.ts'
import { createIntake } from '../../src/intake/intake.ts'
import { addIntakeRoutes } from '../../src/intake/routes.ts'
import { createLog } from '../../src/platform/log.ts'
import { ingestFiles } from '../../src/vault/ingest.ts'
import { ingestStream, streamThrough } from '../../src/vault/ingest-stream.ts'
import { countQuarantine, retryQuarantine } from '../../src/vault/quarantine.ts'
import { KHIN, optionsWith, THIRI, vector } from '../calls/open-formats.ts'
import { openHttp } from '../staff/open-http.ts'
import { looksRight } from './hands.ts'
import { inBurmese, openPages } from './officer-pages.ts'

const MAP = parseColumnMap(
  JSON.stringify({
    name: 'switch',
    header: true,
    columns: {
      caller: { column: 'from' },
      called: { column: 'to' },
      start: { column: 'at', format: 'epoch-seconds' },
      kind: { fixed: 'voice' },
    },
  }),
)
const START = 1_788_265_920
/** Whose number only a list of IMSIs tells. */
const IMSI = { '414050000000001': THIRI }

async function openIntakeHouse(t: TestContext) {
  const house = await openHttp(t)
  const { database, keys, parties: staff } = house
  const { clock } = staff
  const dir = mkdtempSync(join(tmpdir(), 'countersign-intake-page-'))
  t.after(() => rmSync(dir, { recursive: true }))
  mkdirSync(join(dir, 'in'))
  const parties = { pool: database.pool, keys, clock, offsetMinutes: 390 }
  const options = optionsWith({ now: clock.now(), map: MAP })
  const servedByUs = (number: string): boolean => number.startsWith('+95979')
  const intake = createIntake({
    db: database.db,
    sealer: keys.sealer,
    clock,
    log: createLog({ level: 'silent', clock }),
    directory: join(dir, 'in'),
    ingest: (files, onUnreadable) =>
      ingestFiles(parties, { files, read: readSource(options), servedByUs, onUnreadable }),
    ingestLines: (stream, first, lines: Readable) =>
      ingestStream(parties, readIntakeLines(lines, first, options), { stream, servedByUs }),
    streamThrough: (stream) => streamThrough(parties, stream),
    quarantineSize: () => countQuarantine(parties),
  })
  t.after(() => intake.stop())
  addIntakeRoutes(house.app, { intake, secret: null })
  const put = (name: string, bytes: string | Buffer) => writeFileSync(join(dir, 'in', name), bytes)
  /** As `countersign quarantine retry` does, with a list that knows the IMSI. */
  const retry = () =>
    retryQuarantine(parties, {
      reread: rereadRecord({ ...options, ...optionsWith({ now: clock.now(), people: IMSI }) }),
      servedByUs,
    })
  return { house, intake, put, retry }
}

/** The number that stands beside a fact of the page. */
function fact(page: Page, name: string, value: string) {
  return page
    .locator('.fact', { has: page.getByText(name, { exact: true }) })
    .getByText(value, { exact: true })
}

async function everyWay(page: Page, where: string): Promise<void> {
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await looksRight(page, `${where}, ${width}, ${colorScheme}`)
  }
}

test('the intake page: empty, files with their rates and lags, one that failed, what is in quarantine and out of it again, and out of reach', async (t) => {
  const { house, intake, put, retry } = await openIntakeHouse(t)
  const pages = await openPages(t, house)
  const auditor = await house.hire(['auditor'], { name: 'Nilar', office: 'yangon', team: 'audit' })
  const page = await pages.open(auditor, '/intake')
  await page.getByText('Nothing has come in yet.').waitFor()
  await everyWay(page, 'empty')

  put('MSC01-0900.csv', `from,to,at\n${THIRI},${KHIN},${START}\n${THIRI},${KHIN},${START + 60}\n`)
  put('MSC01-0905.dat', vector('pycrate-32298.ber'))
  put('billing.csv', 'a,b,c\n1,2,3\n')
  await page.reload()
  await page.getByText(/^3, the oldest for/).waitFor()
  house.time += 60_000
  await intake.sweep()
  await page.reload()
  await fact(page, 'Files', '3').waitFor()
  await fact(page, 'Failed', '1').waitFor()
  await fact(page, 'Records read', '22').waitFor()
  await fact(page, 'In quarantine', '1').waitFor()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('MSC01-0900.csv').getByText('done').waitFor()
  await row('billing.csv').getByText('failed: map-column-missing').waitFor()
  await page.getByText('quarantine retry reads them again').waitFor()
  await everyWay(page, 'files')

  await retry()
  await page.reload()
  await fact(page, 'In quarantine', '0').waitFor()
  await page.getByText('quarantine retry reads them again').waitFor({ state: 'detached' })

  await inBurmese(page)
  await page.getByRole('heading', { name: 'အဝင်မှတ်တမ်းများ' }).waitFor()
  await row('billing.csv').waitFor()
  await everyWay(page, 'files in Burmese')
  await page.route('**/api/intake', (route) => route.abort())
  await page.reload()
  await page.locator('.state.failed').waitFor()
  await everyWay(page, 'out of reach')
  await page.unroute('**/api/intake')
  await page.locator('.state.failed').getByRole('button').click()
  await row('billing.csv').waitFor()
})
