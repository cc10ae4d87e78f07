import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Header } from '../../src/ledger/entry.ts'
import { complied, countFigures, type Figures, looksPerThousand } from '../../src/transparency/figures.ts'
import { figuresCsv, hoursText, reportPage, shownCount } from '../../src/transparency/page.ts'
import { isOver, parsePeriod, quarterOf, quartersBetween } from '../../src/transparency/period.ts'

const header = (kind: string, more: Partial<Header> = {}): Header => ({
  v: 1,
  kind,
  day: '2026-08-03',
  ...more,
})

test('every kind of request is counted where it belongs', () => {
  const at = { office: 'cid-yangon', category: 'homicide' }
  const figures = countFigures([
    header('request-received', { ...at, outcome: 'routine', counts: { numbers: 2, days: 9 } }),
    header('request-received', { ...at, outcome: 'emergency', counts: { numbers: 1, days: 1 } }),
    header('request-received', {
      office: 'court',
      category: 'unlisted',
      outcome: 'routine',
      counts: { numbers: 1, days: 3 },
    }),
    header('request-filtered', { ...at, outcome: 'passed' }),
    header('request-filtered', { office: 'court', outcome: 'refused' }),
    header('request-decided', {
      office: 'court',
      category: 'unlisted',
      outcome: 'refused-out-of-scope-offence',
      elapsedHours: 10,
    }),
    header('request-decided', { ...at, outcome: 'part', elapsedHours: 50 }),
    header('request-delivered', {
      ...at,
      outcome: 'part',
      counts: { numbers: 1, days: 5, rows: 90 },
      elapsedHours: 60,
    }),
    header('request-delivered', {
      ...at,
      outcome: 'no-data',
      counts: { numbers: 1, days: 1, rows: 0 },
      elapsedHours: 4,
    }),
    header('request-misdirected', { category: 'misdirected' }),
    header('request-duress', at),
    header('duress', { category: 'duress' }),
    header('emergency-unratified', at),
    header('emergency-reviewed', { ...at, outcome: 'not-confirmed' }),
    header('secrecy-renewed', at),
    header('secrecy-ended', at),
    header('secrecy-ended', at),
    header('incident-opened', { caseSerial: '2026-08-001' }),
    header('authority-disclosure', { outcome: 'told', counts: { customers: 1 } }),
    header('grant-ended', { withContact: true, counts: { rows: 23, opened: 1 } }),
    header('grant-ended', { withContact: false, counts: { rows: 5, opened: 1 } }),
    header('grant-ended', { withContact: true, counts: { rows: 0, opened: 0 } }),
    header('care-refusal'),
    header('report-filed', { category: 'not-me' }),
    header('report-answered', { outcome: 'founded' }),
    header('customers-counted', { day: '2026-08-01', counts: { customers: 900 } }),
    header('customers-counted', { day: '2026-08-02', counts: { customers: 1000 } }),
    header('other'),
  ])
  const { byCategory, byAuthority, looksByWeek, refusedByGround, ...flat } = figures
  assert.deepEqual(flat, {
    received: 3,
    numbersNamed: 4,
    misdirected: 1,
    passedFilter: 1,
    refusedByFilter: 1,
    returned: 0,
    refused: 1,
    compliedInFull: 0,
    compliedInPart: 1,
    compliedNoData: 1,
    withdrawn: 0,
    expired: 0,
    underDuress: 2,
    preserved: 0,
    numbersDisclosed: 2,
    daysDisclosed: 6,
    rowsDisclosed: 90,
    emergencies: 1,
    emergenciesUnratified: 1,
    emergenciesConfirmed: 0,
    emergenciesNotConfirmed: 1,
    medianHours: 10,
    answeredLate: 0,
    customersTold: 1,
    secrecyRenewed: 1,
    secrecyEnded: 2,
    customers: 1000,
    looksWithContact: 1,
    looksWithout: 1,
    refusedLooks: 1,
    notMe: 1,
    notMeFounded: 1,
    incidents: 1,
  })
  assert.deepEqual(byCategory, [
    { id: 'homicide', received: 2, complied: 2, refused: 0, medianHours: 32 },
    { id: 'unlisted', received: 1, complied: 0, refused: 1, medianHours: 10 },
  ])
  assert.deepEqual(
    byAuthority.map(({ id }) => id),
    ['cid-yangon', 'court'],
  )
  assert.deepEqual(looksByWeek, [{ week: '2026-08-03', withContact: 1, without: 1 }])
  assert.deepEqual(refusedByGround, { 'out-of-scope-offence': 1 })
  assert.equal(looksPerThousand(figures, 'looksWithContact'), 1)
})

/** A slow, obvious life of requests: what the rules can lead to, as headers. */
const lives = fc.array(
  fc.record({
    category: fc.constantFrom('homicide', 'drugs', 'unlisted'),
    end: fc.constantFrom('pending', 'full', 'part', 'no-data', 'refused', 'withdrawn', 'expired', 'duress'),
    hours: fc.nat(500),
  }),
  { maxLength: 60 },
)

test('received are full, part, no data, refused, withdrawn, expired, under duress, and still open; order does not matter', () => {
  fc.assert(
    fc.property(lives, (list) => {
      const headers = list.flatMap(({ category, end, hours }, n): Header[] => {
        const at = { category, office: 'cid-yangon', caseSerial: String(n), elapsedHours: hours }
        const first = header('request-received', {
          ...at,
          outcome: 'routine',
          counts: { numbers: 3, days: 9 },
        })
        if (end === 'pending') return [first]
        if (end === 'refused')
          return [first, header('request-decided', { ...at, outcome: 'refused-overbroad' })]
        if (end === 'withdrawn' || end === 'expired' || end === 'duress')
          return [first, header(`request-${end}`, at)]
        return [
          first,
          header('request-delivered', {
            ...at,
            outcome: end,
            counts: { numbers: 1 + (n % 3), days: 2, rows: 1 },
          }),
        ]
      })
      const figures = countFigures(headers)
      const open = list.filter(({ end }) => end === 'pending').length
      const { refused, withdrawn, expired, underDuress } = figures
      assert.equal(figures.received, complied(figures) + refused + withdrawn + expired + underDuress + open)
      assert.ok(figures.numbersDisclosed <= figures.numbersNamed)
      assert.equal(
        figures.byCategory.reduce((sum, row) => sum + row.received, 0),
        figures.received,
      )
      assert.deepEqual(countFigures([...headers].reverse()), figures)
    }),
  )
})

test('quarters and years join without a gap', () => {
  assert.deepEqual(parsePeriod('2026-Q4'), { name: '2026-Q4', from: '2026-10-01', until: '2027-01-01' })
  assert.deepEqual(parsePeriod('2026'), { name: '2026', from: '2026-01-01', until: '2027-01-01' })
  for (const wrong of ['2026-Q5', '26-Q1', '2026-07', '']) assert.equal(parsePeriod(wrong), null)
  const list = quartersBetween(Date.UTC(2025, 10, 5), Date.UTC(2026, 8, 12))
  assert.deepEqual(
    list.map(({ name }) => name),
    ['2026-Q3', '2026-Q2', '2026-Q1', '2025-Q4'],
  )
  for (const [at, one] of list.entries()) if (at > 0) assert.equal(one.until, list[at - 1]!.from)
  assert.equal(quarterOf(Date.UTC(2026, 11, 31)).name, '2026-Q4')
  assert.equal(isOver(list[0]!, Date.UTC(2026, 9, 1) - 1), false)
  assert.equal(isOver(list[0]!, Date.UTC(2026, 9, 1)), true)
})

test('where ranges are shown, no picture and no rate tells two small counts apart', () => {
  const pageOf = (drugs: number, looks: number): string => {
    const headers = [
      header('customers-counted', { counts: { customers: 1000 } }),
      ...Array.from({ length: 12 }, () =>
        header('request-received', { category: 'homicide', outcome: 'routine' }),
      ),
      ...Array.from({ length: drugs }, () =>
        header('request-filtered', { category: 'drugs', outcome: 'passed' }),
      ),
      ...Array.from({ length: looks }, () =>
        header('grant-ended', { withContact: true, counts: { opened: 1 } }),
      ),
    ]
    return reportPage({
      report: {
        period: parsePeriod('2026-Q3')!,
        over: true,
        figures: countFigures(headers),
        secrecies: { standing: 0, overdue: 0 },
      },
      periods: [],
      language: 'en',
      operatorName: { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' },
      frames: [],
      smallCounts: 'ranges',
    })
  }
  assert.equal(pageOf(1, 5), pageOf(4, 9))
  assert.notEqual(pageOf(4, 5), pageOf(5, 5))
})

test('small counts are shown as they are or as ranges, on the page and in the CSV only', () => {
  assert.deepEqual(
    [0, 1, 4, 5, 9, 10, 1234].map((n) => shownCount(n, 'ranges')),
    ['0', '1–4', '1–4', '5–9', '5–9', '10', '1,234'],
  )
  assert.equal(shownCount(3, 'exact'), '3')
  const figures: Figures = countFigures([
    header('request-received', { category: 'drugs', outcome: 'routine' }),
  ])
  const period = parsePeriod('2026-Q3')!
  assert.match(figuresCsv(period, figures, 'exact'), /^2026-Q3,received,,1\r$/m)
  assert.match(figuresCsv(period, figures, 'ranges'), /^2026-Q3,received,,1–4\r$/m)
  assert.match(figuresCsv(period, figures, 'exact'), /^2026-Q3,byCategory\.received,drugs,1\r$/m)
  assert.deepEqual(
    [hoursText(102, 'en'), hoursText(3, 'en'), hoursText(null, 'en')],
    ['4 d 6 h', '3 h', 'none'],
  )
})
