import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { chromium } from 'playwright-core'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { readFrames } from '../../src/calls/lawful-frame.ts'
import { encodeText } from '../../src/ledger/commitment.ts'
import type { Header } from '../../src/ledger/entry.ts'
import { addLedgerRoutes } from '../../src/ledger/routes.ts'
import { freePort } from '../../src/platform/free-port.ts'
import type { Jobs } from '../../src/platform/jobs.ts'
import { readLogAt } from '../../src/transparency/log-reader.ts'
import type { SmallCounts } from '../../src/transparency/page.ts'
import { recount } from '../../src/transparency/recount.ts'
import {
  type LogReader,
  parseReportFile,
  type ReportFile,
  verifyReport,
} from '../../src/transparency/report-file.ts'
import { createPublicReports } from '../../src/transparency/reports.ts'
import { addTransparencyRoutes } from '../../src/transparency/routes.ts'
import { makeDirectory, runCountersign } from '../commands/run-countersign.ts'
import { MM_FILE } from '../lawful/cases.ts'
import { openHttp, type TestHttp } from '../staff/open-http.ts'
import { axeFindsNothing } from '../support/axe.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'
const DAY = 86_400_000

interface Bench {
  readonly http: TestHttp
  readonly reports: ReturnType<typeof createPublicReports>
  readonly log: LogReader
  get(path: string): Promise<{ status: number; type: string; body: string }>
}

/** A ledger with a quarter and a half in it: requests, looks, and entries of other kinds between them. */
async function openBench(
  t: TestContext,
  smallCounts: SmallCounts = 'exact',
  publicUrl?: string,
): Promise<Bench> {
  const http = await openHttp(t, publicUrl === undefined ? {} : { publicUrl })
  const { ledger, app, parties } = http
  const operatorName = { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' }
  const reports = createPublicReports({
    db: parties.db,
    ledger,
    clock: parties.clock,
    jobs: { every: () => {} } as unknown as Jobs,
    customers: { count: async () => 2000 },
    operatorName: operatorName.en,
  })
  addTransparencyRoutes(app, {
    reports,
    frames: readFrames(readJurisdiction(MM_FILE).lawful),
    operatorName,
    smallCounts,
  })
  const write = (kind: string, header: Omit<Header, 'v' | 'kind' | 'day'>) =>
    ledger.record({ kind, header, body: {} })
  const at = { office: 'cid-yangon', category: 'homicide' }
  for (let n = 0; n < 60; n += 1) {
    http.time += DAY / 2
    await write('grant-ended', { withContact: n % 9 !== 0, counts: { rows: n, opened: n % 5 === 0 ? 0 : 1 } })
    if (n % 10 === 0)
      await write('request-received', { ...at, outcome: 'routine', counts: { numbers: 1, days: 9 } })
    if (n % 20 === 5)
      await write('request-decided', { ...at, outcome: 'refused-overbroad', elapsedHours: 30 })
    if (n % 20 === 15)
      await write('request-delivered', {
        ...at,
        outcome: 'part',
        counts: { numbers: 1, days: 3, rows: 20 },
        elapsedHours: 70,
      })
    if (n === 30) await reports.sweep()
  }
  return {
    http,
    reports,
    log: {
      checkpoint: async () => (await ledger.head()).checkpoint,
      tile: (level, index, width) => ledger.tile(level, index, width),
    },
    async get(path) {
      const answer = await app.inject({ method: 'GET', url: path })
      return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.body }
    },
  }
}

test('each figure is counted from opened headers, and whoever counts again agrees; who changes one is caught', async (t) => {
  const { http, reports, log, get } = await openBench(t)
  const answer = await get('/transparency/2026-Q3.json')
  assert.equal(answer.status, 200)
  const file = parseReportFile(answer.body)
  assert.deepEqual(await verifyReport(file, log), {
    entries: file.headers.length,
    size: (await http.ledger.head()).size,
  })
  assert.ok(file.figures.received >= 3)

  const change = (more: Partial<ReportFile>): ReportFile => ({ ...file, ...more })
  const other = { ...file.headers[3]!, header: file.headers[3]!.header.replace('"day"', '"Day"') }
  const wrong: [string, ReportFile][] = [
    ['report-miscounted', change({ figures: { ...file.figures, received: file.figures.received - 1 } })],
    ['report-miscounted', change({ figures: { ...file.figures, refusedByGround: {} } })],
    ['report-incomplete', change({ headers: file.headers.toSpliced(3, 1) })],
    ['report-incomplete', change({ headers: file.headers.toSpliced(3, 1), until: file.until - 1 })],
    ['report-not-in-log', change({ headers: file.headers.with(3, other) })],
    [
      'report-not-in-log',
      change({ headers: file.headers.with(3, { ...file.headers[3]!, salt: file.headers[4]!.salt }) }),
    ],
  ]
  wrong.push(
    ['report-opened-twice', change({ headers: file.headers.toSpliced(3, 0, file.headers[3]!) })],
    [
      'report-edge',
      change({ headers: file.headers.slice(2), from: file.from + 2, before: file.headers[1]! }),
    ],
    [
      'report-edge',
      change({ headers: file.headers.slice(0, -1), until: file.until - 1, after: file.headers.at(-1)! }),
    ],
    ['report-edge', change({ after: null })],
    ['report-edge', change({ period: '2026-Q2' })],
  )
  for (const [code, changed] of wrong) await assert.rejects(verifyReport(changed, log), { code }, code)
  assert.throws(() => parseReportFile('{"v":2}'), { code: 'report-malformed' })

  const third = (await reports.report('2026-Q3'))!
  const fourth = (await reports.report('2026-Q4'))!
  const year = (await reports.report('2026'))!
  assert.equal(encodeText(third.figures), encodeText(file.figures))
  assert.equal(third.figures.received + fourth.figures.received, year.figures.received)
  assert.equal(year.figures.received, 6)
  assert.deepEqual([third.over, fourth.over], [true, false])
})

test('everything that a report does not bear is named, and a secrecy that nobody lifted is counted by anybody', async (t) => {
  const { http, reports, log, get } = await openBench(t)
  const file = parseReportFile((await get('/transparency/2026-Q3.json')).body)
  const twice = [file.headers[5]!, ...file.headers.toSpliced(3, 1)]
  const many = await recount({ ...file, headers: twice }, log)
  assert.deepEqual(
    many.findings.map(({ code, at }) => [code, at]),
    [
      ['report-opened-twice', file.headers[5]!.index],
      ['report-incomplete', file.headers[3]!.index],
    ],
  )
  const lie = { ...file.figures, received: 0, refused: 0 }
  const lied = await recount({ ...file, figures: lie }, log)
  assert.deepEqual(
    lied.findings.map(({ why }) => why.split(' ')[0]),
    ['received', 'refused'],
  )

  const write = (kind: string, caseSerial: string, opensBy?: number) =>
    http.ledger.record({
      kind,
      header: { caseSerial, ...(opensBy === undefined ? {} : { counts: { opensBy } }) },
      body: {},
    })
  const today = Math.floor(http.time / DAY)
  await write('request-delivered', 'R-told', today + 5)
  await write('request-delivered', 'R-renewed', today + 5)
  await write('request-delivered', 'R-forgotten', today + 5)
  await write('secrecy-renewed', 'R-renewed', today + 400)
  await write('secrecy-ended', 'R-told')
  // It says that all were told, and one of two slots was never opened.
  await write('request-delivered', 'R-half', today + 5)
  await write('secrecy-slot', 'R-half', today + 5)
  await write('secrecy-slot', 'R-half', today + 5)
  await write('secrecy-ended', 'R-half')
  const opened = { caseSerial: 'R-half', counts: { customers: 1, slot: 7 } }
  await http.ledger.record({ kind: 'authority-disclosure', header: opened, body: {} })
  http.time += 90 * DAY
  await write('grant-ended', 'later')
  const fourth = (await reports.report('2026-Q4'))!
  assert.deepEqual(fourth.secrecies, { standing: 3, overdue: 2 })
  assert.equal(fourth.figures.secrecyRenewed, 1)
  const late = await recount((await reports.file('2026-Q4'))!, log)
  assert.deepEqual(
    late.findings.map(({ code, why }) => [code, /R-[a-z]+/.exec(why)?.[0]]),
    [
      ['secrecy-overdue', 'R-forgotten'],
      ['secrecy-overdue', 'R-half'],
    ],
  )
  http.time += 90 * DAY
  await write('grant-ended', 'later')
  const next = (await reports.file('2027-Q1'))!
  assert.equal(next.carried?.length, 10, 'what was begun in an earlier quarter is carried on')
  const still = await recount(next, log)
  assert.deepEqual(
    still.findings.map(({ code }) => code),
    ['secrecy-overdue', 'secrecy-overdue'],
  )
})

test('the quarter that runs has no file yet, other periods do not exist, and ranges keep the file from the public', async (t) => {
  const { get, http, reports } = await openBench(t, 'ranges')
  assert.equal((await get('/transparency/2026-Q4.json')).status, 404)
  assert.equal((await get('/transparency/2026-Q3.json')).status, 404)
  assert.equal((await get('/transparency/2024-Q1')).status, 404)
  const page = (await get('/transparency/2026-Q3')).body
  assert.match(page, /1–4/)
  assert.match(page, /the public cannot recount it/)
  await reports.sweep()
  await reports.sweep()
  const kinds = await http.kinds()
  assert.equal(kinds.filter((kind) => kind === 'report-published').length, 1)
})

test('the command counts a published report again over the public log, and a changed figure ends with exit code 1', async (t) => {
  const port = await freePort()
  const address = `http://localhost:${port}`
  const { http } = await openBench(t, 'exact', address)
  addLedgerRoutes(http.app, { ledger: http.ledger } as Parameters<typeof addLedgerRoutes>[1])
  await http.app.listen({ port, host: 'localhost' })
  const text = await (await fetch(`${address}/transparency/2026-Q3.json`)).text()
  const path = join(makeDirectory(t), '2026-Q3.json')
  const verify = async (file: string) => {
    writeFileSync(path, file)
    return runCountersign(['report', '--verify', path, '--url', address])
  }
  const right = await verify(text)
  assert.equal(right.status, 0, right.err)
  assert.match(
    right.out,
    /^Agrees: \d+ headers of the signed log \(\d+ entries\) add up to every figure of 2026-Q3/,
  )
  const file = parseReportFile(text)
  const wrong = await verify(JSON.stringify({ ...file, figures: { ...file.figures, refused: 0 } }))
  assert.equal(wrong.status, 1)
  assert.match(wrong.out, /^DOES NOT AGREE: refused is not what the headers add up to \(report-miscounted\)/)
  const other = await runCountersign(['report', '--verify', '2026-Q5'])
  assert.equal(other.status, 2)
})

test('the page answers in numbers first, in both languages, and axe finds nothing', async (t) => {
  const port = await freePort()
  const { http } = await openBench(t, 'exact', `http://localhost:${port}`)
  addLedgerRoutes(http.app, { ledger: http.ledger } as Parameters<typeof addLedgerRoutes>[1])
  await http.app.listen({ port, host: 'localhost' })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const page = await (await browser.newContext()).newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  for (const [width, colorScheme, lang] of [
    [1280, 'light', 'en'],
    [360, 'dark', 'my'],
    [360, 'light', 'en'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await page.goto(`http://localhost:${port}/transparency/2026-Q3?lang=${lang}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wider, false, `nothing is wider than the screen at ${width}, ${lang}`)
    await axeFindsNothing(page, `${lang} ${width}`)
  }
  await page.getByText('requests received', { exact: false }).first().waitFor()
  const address = `http://localhost:${port}`
  const file = parseReportFile(await (await fetch(`${address}/transparency/2026-Q3.json`)).text())
  const counted = await verifyReport(file, readLogAt(address))
  assert.equal(counted.entries, file.headers.length, 'an outsider counts it again over HTTP')
  const forged = { ...file, figures: { ...file.figures, refused: 0 } }
  await assert.rejects(verifyReport(forged, readLogAt(address)), { code: 'report-miscounted' })
  assert.deepEqual(complaints, [])
})
