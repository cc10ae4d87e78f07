import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { parseColumnMap, readColumnMap } from '../../src/calls/formats/column-map.ts'
import { readDelimited } from '../../src/calls/formats/delimited.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import type { ReadItem, SourceRecord } from '../../src/calls/source-record.ts'

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: ['979'],
  premiumPrefixes: [],
  servicePrefixes: [],
})
const NOW = Date.UTC(2026, 10, 25)

const BASE = {
  name: 'test',
  header: true,
  columns: {
    caller: { column: 'from' },
    called: { column: 'to' },
    start: { column: 'at', format: 'yyyy-MM-dd HH:mm:ss', zone: '+06:30' },
    duration: { column: 'seconds', unit: 'seconds', missed: ['-1'] },
    kind: { fixed: 'voice' },
  },
}

async function read(text: string | Buffer, map: unknown = BASE): Promise<ReadItem[]> {
  const items: ReadItem[] = []
  const bytes = Readable.from([Buffer.from(text)])
  const reader = readDelimited(parseColumnMap(JSON.stringify(map)), { plan, now: NOW })
  for await (const item of reader(bytes)) items.push(item)
  return items
}

/** Line number and what became of it: the start of a record, the reason of a fault. */
function outcome(items: readonly ReadItem[]): [number, string][] {
  return items.map((item) => [
    item.position,
    'fault' in item ? item.fault.reason : new Date(item.record.start * 1000).toISOString(),
  ])
}

const HEAD = 'from,to,at,seconds\n'
const GOOD = '09791204412,09791377206,2026-08-14 19:02:00,482'
const FILED = '2026-08-14T12:32:00.000Z'

const LINES: readonly (readonly [what: string, text: string | Buffer, outcome: [number, string][]])[] = [
  ['a byte order mark', `\ufeff${HEAD}${GOOD}\n`, [[2, FILED]]],
  ['CRLF', `${HEAD}${GOOD}\n`.replaceAll('\n', '\r\n'), [[2, FILED]]],
  ['a missing last newline', `${HEAD}${GOOD}`, [[2, FILED]]],
  [
    'two equal lines',
    `${HEAD}${GOOD}\n${GOOD}\n`,
    [
      [2, FILED],
      [3, FILED],
    ],
  ],
  ['empty lines, counted and passed over', `${HEAD}\n\r\n${GOOD}\n\n`, [[4, FILED]]],
  [
    'quotes with line breaks',
    `${HEAD}"09791204412","09791377206","2026-08-14 19:02:00","482"\n"Shop\n""A"" 12",${GOOD.slice(12)}\n${GOOD}\n`,
    [
      [2, FILED],
      [3, 'the caller cannot be read'],
      [5, FILED],
    ],
  ],
  [
    'a truncated last line',
    `${HEAD}${GOOD}\n09791204412,0979137`,
    [
      [2, FILED],
      [3, 'the file ends inside this line'],
    ],
  ],
  [
    'a line of 1,000 columns',
    `${HEAD}${'x,'.repeat(999)}x\n${GOOD}\n`,
    [
      [2, 'the line has 1000 columns where 4 are expected'],
      [3, FILED],
    ],
  ],
  [
    'too few columns',
    `${HEAD}a,b\n${GOOD}\n`,
    [
      [2, 'the line has 2 columns where 4 are expected'],
      [3, FILED],
    ],
  ],
  [
    'a negative duration',
    `${HEAD}${GOOD.replace('482', '-62')}\n${GOOD}\n`,
    [
      [2, 'the duration is negative'],
      [3, FILED],
    ],
  ],
  ['a duration that is no number', `${HEAD}${GOOD}s\n`, [[2, 'the duration is not a number']]],
  ['a duration of a year', `${HEAD}${GOOD}00000\n`, [[2, 'the duration is longer than ten days']]],
  [
    'a date in 1970',
    `${HEAD}${GOOD.replace('2026', '1970')}\n`,
    [[2, 'the start lies before anything plausible (a clock that was not set)']],
  ],
  ['a date in 2090', `${HEAD}${GOOD.replace('2026', '2090')}\n`, [[2, 'the start lies in the future']]],
  [
    'a date that is none',
    `${HEAD}${GOOD.replace('08-14', '02-30')}\n`,
    [[2, 'the start is not in the format that the map names']],
  ],
  [
    'a number that is none',
    `${HEAD}12345678901234567${GOOD.slice(11)}\n`,
    [[2, 'the caller cannot be read']],
  ],
  [
    'two short codes',
    `${HEAD}1331,199,2026-08-14 19:02:00,1\n`,
    [[2, 'neither party is a number, so nobody has this call']],
  ],
  [
    'a name that is no UTF-8',
    Buffer.concat([Buffer.from(`${HEAD}caf`), Buffer.from([0xe9]), Buffer.from(`${GOOD.slice(11)}\n`)]),
    [[2, 'the caller cannot be read']],
  ],
  ['only a header', HEAD, []],
  ['nothing at all', '', []],
]
for (const [what, text, expected] of LINES) {
  test(`${what}: a defined outcome`, async () => assert.deepEqual(outcome(await read(text)), expected))
}

test('a faulty line keeps its bytes as they stood', async () => {
  const line = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 0x80]), Buffer.from(',b')])
  const [item] = await read(Buffer.concat([Buffer.from(HEAD), line, Buffer.from('\r\n')]))
  assert.ok(item !== undefined && 'fault' in item)
  assert.deepEqual(Buffer.from(item.fault.raw), line)
})

test('a reason never repeats a value of its line', async () => {
  const secret = '09791204499'
  const items = await read(`${HEAD}${secret}x,${secret},${secret},${secret}\n${secret}\n"${secret}"x,1,2,3\n`)
  assert.equal(items.length, 3)
  for (const item of items) assert.ok('fault' in item && !item.fault.reason.includes('979'))
})

test('a column that the file lacks stops before the first record, and says which', async () => {
  await assert.rejects(read('from,to,when,seconds\n'), {
    code: 'map-column-missing',
    message: /"at", which the header line does not have \(4 columns\)/,
  })
})

test('UTF-16 is refused by name', async () => {
  await assert.rejects(read(Buffer.from(`\ufeff${HEAD}`, 'utf16le')), { code: 'source-encoding' })
})

async function one(text: string, map: unknown): Promise<SourceRecord> {
  const [item] = await read(text, map)
  assert.ok(item !== undefined && 'record' in item, 'fault' in item! ? item.fault.reason : 'nothing')
  return item.record
}

test('positions, another delimiter, milliseconds, charges and a charge in words of the map', async () => {
  const record = await one('A7;09791204412;+66812345678;1786695120000;8.5;YGN-1;12.345;night\n', {
    name: 'positions',
    delimiter: ';',
    header: false,
    served: 'caller',
    columns: {
      reference: { column: 1 },
      caller: { column: 2 },
      called: { column: 3 },
      start: { column: 4, format: 'epoch-milliseconds' },
      duration: { column: 5, unit: 'minutes' },
      callerCell: { column: 6 },
      charge: { column: 7, unit: 'major', currency: 'MMK' },
      tariff: { column: 8, values: { night: 'abroad' } },
      kind: { fixed: 'voice' },
    },
  })
  assert.deepEqual(record, {
    caller: { kind: 'number', number: '+959791204412' },
    called: { kind: 'number', number: '+66812345678' },
    kind: 'voice',
    answered: true,
    start: 1_786_695_120,
    durationSeconds: 510,
    bytes: null,
    callerCell: 'YGN-1',
    calledCell: null,
    chargeMilli: 12_345,
    currency: 'MMK',
    tariff: 'abroad',
    reference: 'A7',
    served: 'caller',
  })
})

test('data has no other party, and its bytes', async () => {
  const map = {
    name: 'mixed',
    header: true,
    columns: {
      caller: { column: 'who' },
      called: { column: 'to' },
      kind: { column: 'what', values: { D: 'data', T: 'sms' } },
      start: { column: 'at', format: 'epoch-seconds' },
      bytes: { column: 'used', unit: 'KiB' },
    },
  }
  const record = await one('who,to,what,at,used\n09791204412,,D,1786695120,3\n', map)
  assert.deepEqual([record.kind, record.called.kind, record.bytes], ['data', 'none', 3072])
  const text = await one('who,to,what,at,used\nKBZPay,09791204412,T,1786695120,3\n', map)
  assert.deepEqual([text.kind, text.caller, text.bytes], ['sms', { kind: 'name', name: 'KBZPay' }, null])
})

test('a charge is read exactly, a refund keeps its sign, a finer one is refused', async () => {
  const map = {
    ...BASE,
    columns: { ...BASE.columns, charge: { column: 'Ks', unit: 'major', currency: 'MMK' } },
  }
  const charge = async (text: string) => (await read(`from,to,at,seconds,Ks\n${GOOD},${text}\n`, map))[0]!
  for (const [text, milli] of [
    ['0.1', 100],
    ['1.005', 1005],
    ['-35', -35_000],
    ['', null],
    ['7.1000', 7100],
  ]) {
    const item = await charge(String(text))
    assert.ok('record' in item)
    assert.equal(item.record.chargeMilli, milli)
  }
  assert.match(JSON.stringify(await charge('0.0005')), /finer than a thousandth/)
  assert.match(JSON.stringify(await charge('1e3')), /the charge is not a number/)
})

const MAPS = (name: string) => readColumnMap(new URL(`../../maps/${name}.json`, import.meta.url))

async function readShared(map: string, file: string): Promise<ReadItem[]> {
  const shared = process.env.COUNTERSIGN_SHARED ?? new URL('../../../shared', import.meta.url).pathname
  const path = `${shared}/data/${file}`
  assert.ok(existsSync(path), `${file} is not in the shared data: set COUNTERSIGN_SHARED`)
  const items: ReadItem[] = []
  const reader = readDelimited(MAPS(map), { plan, now: NOW })
  for await (const item of reader(createReadStream(path))) items.push(item)
  return items
}

test('VAST 2008: 9,834 calls, of which 4 have a negative duration', async () => {
  const items = await readShared('vast2008-mc3', 'vast2008-mc3/cdr.wehd.csv')
  assert.equal(items.length, 9834)
  assert.deepEqual(
    outcome(items).filter(([, what]) => !/^\d{4}-/.test(what)),
    [823, 4222, 6451, 7246].map((line) => [line, 'the duration is negative']),
  )
  assert.equal(outcome(items)[0]![1], '2006-06-01T00:08:00.000Z')
})

test('Copenhagen calls: 3,600, of which 366 were missed and none is negative', async () => {
  const items = await readShared('copenhagen-calls', 'copenhagen-networks/calls.csv')
  const records = items.flatMap((item) => ('record' in item ? [item.record] : []))
  assert.equal(records.length, 3600)
  assert.equal(records.filter((record) => !record.answered).length, 366)
  assert.ok(records.every((record) => record.durationSeconds! >= 0))
})

test('Copenhagen texts need only another map', async () => {
  const bytes = Readable.from([Buffer.from('timestamp,sender,recipient\n184,300,301\n184,300,301\n')])
  const items: ReadItem[] = []
  for await (const item of readDelimited(MAPS('copenhagen-texts'), { plan, now: NOW })(bytes))
    items.push(item)
  assert.deepEqual(outcome(items), [
    [2, '2013-09-01T00:03:04.000Z'],
    [3, '2013-09-01T00:03:04.000Z'],
  ])
})

test('bandicoot’s log of one person reads both directions from a column', async () => {
  const items = await readShared('bandicoot', 'bandicoot/ego.csv')
  const records = items.flatMap((item) => ('record' in item ? [item.record] : []))
  assert.equal(records.length, items.length)
  const served = Map.groupBy(records, (record) => record.served)
  assert.deepEqual([...served.keys()].sort(), ['called', 'caller'])
  assert.ok(served.get('called')!.every((record) => record.called.kind === 'number'))
})

test('bandicoot’s malformed rows are quarantined by reason', async () => {
  const items = await readShared('bandicoot', 'bandicoot/user_ignored.csv')
  assert.ok(items.length > 3 && items.filter((item) => 'fault' in item).length >= 3)
})
