import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import { alignList, type LogRecord } from '../../src/trace/align.ts'
import { readLength, readParty, readWhen } from '../../src/trace/cells.ts'
import { gridOf } from '../../src/trace/grid.ts'
import { type Correction, readList } from '../../src/trace/read-list.ts'

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: ['979'],
  premiumPrefixes: ['9255'],
  servicePrefixes: [],
})
const read = (text: string, correction: Correction = {}) => readList(gridOf(text), plan, correction)

test('a list retyped by hand, as the one that turned up, is read line by line', () => {
  const list = read(
    '13/8 20:14 •4•1•••  4 min\n13/8 21:02 •4•••7• 11m\n14/8  9:30 5••••2•  2m\n14/8 19:02 premium  8m\n',
  )
  assert.equal(list.rows.length, 4)
  assert.deepEqual(list.reading.columns.slice(0, 4), ['day', 'time', 'party', 'length'])
  assert.equal(list.reading.dayFirst, true)
  assert.deepEqual(list.rows[2]?.party, { kind: 'masked', patterns: ['5••••2•'] })
  assert.deepEqual(list.rows[1]?.length, { seconds: 660, written: 'minute' })
})

test('columns are found in any order, with a heading or without, by tab, comma, semicolon or bar', () => {
  const lines = [
    ['8:02', '*4*1***', '2026-08-13', '20:14:05', '2,000'],
    ['9 min', '*4***7*', '2026-08-13', '21:02', '2,250'],
  ]
  for (const mark of ['\t', ';', '|']) {
    const { reading, rows } = read(lines.map((line) => line.join(mark)).join('\n'))
    assert.deepEqual(reading.columns, ['length', 'party', 'day', 'time', 'charge'], mark)
    assert.equal(rows[0]?.when?.seconds, 5)
    assert.equal(rows[0]?.chargeMilli, 2_000_000)
  }
  const headed = read(
    'Duration,Other party,Date and time,Cost\n482,...4.1.,13/08/2026 20:14,2000\n61,....7.2,13/08/2026 21:02,250\n',
  )
  assert.deepEqual(headed.reading.columns, ['length', 'party', 'when', 'charge'])
  assert.equal(headed.reading.heading, true)
  assert.equal(headed.reading.lengthUnit, 'seconds')
  assert.deepEqual(headed.rows[0]?.party, { kind: 'masked', patterns: ['•••4•1•'] })
})

test('what was found is corrected column by column', () => {
  const text = '1/2 20:14 •4•1••• 4\n3/4 21:02 •4•••7• 11\n'
  const found = read(text)
  assert.equal(found.reading.dayFirst, null, 'nothing tells which is the month')
  const { reading } = read(text, {
    dayFirst: false,
    zone: 'utc',
    lengthUnit: 'seconds',
    columns: ['day', 'time', 'ignore'],
  })
  assert.deepEqual([reading.dayFirst, reading.zone, reading.lengthUnit], [false, 'utc', 'seconds'])
  assert.equal(reading.columns[2], 'ignore')
})

test('hidden digits are stars, crosses, dots or bullets; a place lost or doubled is thought of', () => {
  const patternsOf = (cell: string) => {
    const party = readParty(cell, plan)
    return party?.kind === 'masked' ? party.patterns : party
  }
  for (const cell of ['•4•1•••', '*4*1***', 'x4x1xxx', 'X4X1XXX', '.4.1...', '09 79* *4*1***', 'A ·4·1···'])
    assert.deepEqual(patternsOf(cell), ['•4•1•••'], cell)
  assert.ok((patternsOf('•4•1••') as string[]).includes('•4•1•••'))
  assert.ok((patternsOf('•4•1••••') as string[]).includes('•4•1•••'))
  assert.deepEqual(readParty('၀၉ ၇၉၁ ၂၀၄ ၄၁၂', plan), {
    kind: 'full',
    digits: '1204412',
    number: '+959791204412',
  })
  assert.deepEqual(readParty('47', plan), { kind: 'loose', digits: '47' })
  assert.deepEqual(readParty('Premium', plan), { kind: 'words' })
  assert.equal(readParty(' ', plan), null)
})

test('times and lengths are read as people, exports and spreadsheets write them', () => {
  const at = (cell: string) => {
    const when = readWhen(cell)
    return (
      when && [when.year, when.second, when.first, when.hour, when.minute, when.seconds, when.offsetMinutes]
    )
  }
  assert.deepEqual(at('2026-08-13T13:44:05Z'), [2026, 8, 13, 13, 44, 5, 0])
  assert.deepEqual(at('2026-08-13 20:14:05 +06:30'), [2026, 8, 13, 20, 14, 5, 390])
  assert.deepEqual(at('13 Aug 2026, 8:14 pm'), [2026, 8, 13, 20, 14, null, null])
  assert.deepEqual(at('Aug 13 20:14'), [null, 8, 13, 20, 14, null, null])
  assert.deepEqual(at('46247.84375'), [2026, 8, 13, 20, 15, 0, null])
  assert.equal(readWhen('Premium'), null)
  assert.deepEqual(readLength('0:08:02'), { seconds: 482, written: 'second' })
  assert.deepEqual(readLength('8m 2s'), { seconds: 482, written: 'second' })
  assert.deepEqual(readLength('၉ မိနစ်'), { seconds: 540, written: 'minute' })
  assert.deepEqual(readLength('482'), { seconds: 482, written: 'bare' })
  assert.equal(readLength('Not answered'), null)
})

const log: LogRecord[] = [
  ['a', '2026-08-03T13:44:05Z', 482, '4417123'],
  ['b', '2026-08-04T14:32:40Z', 61, '7017200'],
  ['c', '2026-08-04T14:32:55Z', 200, '4417123'],
  ['d', '2026-08-05T02:10:00Z', 30, '9990001'],
].map(([name, start, durationSeconds, digits]) => ({
  name: name as string,
  start: Date.parse(start as string) / 1000,
  durationSeconds: durationSeconds as number,
  digits: digits as string,
  party: digits as string,
  chargeMilli: null,
}))
const place = { offsetMinutes: 390, before: Date.UTC(2026, 8, 20) / 1000 }
const align = (text: string) => {
  const list = read(text)
  const { matches, doubled, strangers, settled } = alignList(list.rows, list.reading, log, place)
  return {
    names: matches.map(({ row, record }) => `${row.line}${record.name}`).join(' '),
    doubled: doubled.map(({ line }) => line),
    strangers: strangers.map(({ line }) => line),
    settled,
  }
}

test('rows find their records by time, length and digits, whatever their order, and one record is taken once', () => {
  const { names, doubled, strangers } = align(
    '5/8 8:40 •••0•0• 1 min\n3/8 20:14 4••7••• 9 min\n4/8 21:02 •4•7••• 4 min\n4/8 21:02 7•1•••• 2 min\n3/8 20:14 4••7••• 9 min\n9/8 11:11 ••55••• 3 min\n',
  )
  assert.equal(names, '1d 2a 3c 4b')
  assert.deepEqual([doubled, strangers], [[5], [6]])
})

test('UTC is told from local time, and the month from the day, by the log', () => {
  const utc = align('3/8 13:44 4••7••• 9 min\n4/8 14:32 •4•7••• 4 min\n5/8 2:10 •••0•0• 1 min\n')
  assert.equal(utc.names, '1a 2c 3d')
  assert.equal(utc.settled.zone, 'utc')
  const american = align('8/3 20:14 4••7••• 9 min\n8/4 21:02 •4•7••• 4 min\n8/5 8:40 •••0•0• 1 min\n')
  assert.equal(american.names, '1a 2c 3d')
  assert.equal(american.settled.dayFirst, false)
})

test('a slip in a time is borne when the rest fits', () => {
  assert.equal(align('3/8 20:24 4••7••• 8:02\n4/8 21:03 7•1•••• 2 min\n').names, '1a 2b')
})
