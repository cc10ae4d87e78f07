import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { watchImports } from '../../src/import/directory.ts'
import { parseImportMap } from '../../src/import/import-map.ts'
import { addImportRoutes } from '../../src/import/routes.ts'
import { createLog } from '../../src/platform/log.ts'
import { NUMBER, WRITTEN } from '../care/open-care.ts'
import { DAY } from '../staff/open-room.ts'
import { openImport } from './open-import.ts'

const HEAD = 'number,nameLatn,nameMy,language,region,from,until'
const counts = ({ read, added, changed, same, quarantined }: Record<string, unknown>) => [
  read,
  added,
  changed,
  same,
  quarantined,
]

test('subscribers come in once, reconciled to the line, and the same file again changes nothing', async (t) => {
  const at = await openImport(t)
  const file = [
    HEAD,
    '09791000001,Aung Kyaw,အောင်ကျော်,my,Yangon,2024-01-01,',
    '09791000002,Su Su,စုစု,en,Bago,2024-02-01,2025-01-01',
    'oops,No Body,,my,Yangon,2024-01-01,',
    '09791000003,,,my,Yangon,2024-01-01,',
    '09791000004,Mya Mya,,my,Yangon,31/12/2023,',
  ].join('\n')
  const dry = await at.take('subscribers', file, { dry: true })
  assert.deepEqual(counts({ ...dry }), [5, 2, 0, 0, 3])
  assert.equal(await at.customers.count(), 1, 'a dry run changes nothing')
  assert.equal((await at.rows('SELECT * FROM import.source')).length, 0)

  const before = await at.kinds()
  const first = await at.take('subscribers', file)
  assert.deepEqual(counts({ ...first }), [5, 2, 0, 0, 3])
  assert.deepEqual(first.faults, [
    { line: 4, reason: 'number is no telephone number that we can read' },
    { line: 5, reason: 'nameLatn and nameMy are both missing' },
    { line: 6, reason: 'from is no day or instant that we can read' },
  ])
  assert.deepEqual((await at.kinds()).slice(before.length), ['subscribers-imported', 'lines-imported'])
  const kyaw = await at.customers.findByNumber(at.database.db, '+959791000001' as E164)
  assert.deepEqual(kyaw?.name, { latn: 'Aung Kyaw', my: 'အောင်ကျော်', honorific: '' })
  assert.equal(kyaw?.tenureFrom, Date.UTC(2023, 11, 31, 17, 30) / 1000, 'a day begins in the local zone')
  assert.equal(await at.customers.findByNumber(at.database.db, '+959791000002' as E164), null, 'she left')

  const again = await at.take('subscribers', file)
  assert.deepEqual(counts({ ...again }), [5, 0, 0, 2, 3])
  const [row] = await at.rows<{ sealed: Buffer }>('SELECT sealed FROM import.quarantine ORDER BY line')
  assert.equal(row?.sealed.includes('oops'), false, 'a quarantined line rests sealed')
  assert.equal((await at.rows('SELECT * FROM import.quarantine')).length, 3)
})

test('overlapping tenures: the one on record stands, and a file may name the new holder before the old one’s end', async (t) => {
  const at = await openImport(t)
  await at.take('subscribers', `${HEAD}\n09791000001,Old Holder,,my,Yangon,2020-01-01,`)
  const overlapping = await at.take('subscribers', `${HEAD}\n09791000001,Other,,my,Yangon,2024-06-01,`)
  assert.deepEqual(counts({ ...overlapping }), [1, 0, 0, 0, 1])
  assert.match(overlapping.faults[0]?.reason ?? '', /somebody else holds this number/)

  const handover = await at.take(
    'subscribers',
    [
      HEAD,
      '09791000001,New Holder,,my,Yangon,2024-06-01,',
      '09791000001,Old Holder,,my,Yangon,2020-01-01,2024-06-01',
    ].join('\n'),
  )
  assert.deepEqual(counts({ ...handover }), [2, 1, 1, 0, 0])
  const now = await at.customers.findByNumber(at.database.db, '+959791000001' as E164)
  assert.equal(now?.name.latn, 'New Holder')
  const tenures = await at.rows<{ until_s: string | null }>(
    `SELECT until_s FROM vault.tenure WHERE subject = decode('${now?.subject}', 'hex') ORDER BY from_s`,
  )
  assert.deepEqual(
    tenures.map(({ until_s: until }) => until !== null),
    [true, false],
    'the vault clips by the same ends',
  )
})

test('a leaver who comes back has a tenure of her own, with the time between in neither', async (t) => {
  const at = await openImport(t)
  const file = [
    HEAD,
    '09791000001,Su Su,,my,Yangon,2022-01-01,2023-01-01',
    '09791000001,Su Su,,my,Yangon,2025-01-01,',
  ].join('\n')
  assert.deepEqual(counts({ ...(await at.take('subscribers', file)) }), [2, 2, 0, 0, 0])
  const back = await at.customers.findByNumber(at.database.db, '+959791000001' as E164)
  const holders = await at.customers.holders(at.database.db, back!.subject)
  assert.equal(holders.length, 2)
  assert.notEqual(holders[0]?.tenure, holders[1]?.tenure)
  assert.ok((holders[0]?.tenureUntil ?? 0) < (holders[1]?.tenureFrom ?? 0))
})

test('a file cannot make an address old, move a change of SIM back, or take protection off', async (t) => {
  const at = await openImport(t)
  const line = (fields: string, values: string) => at.take('lines', `number,${fields}\n${WRITTEN},${values}`)
  const her = async () => (await at.customers.findByNumber(at.database.db, NUMBER))!

  const replaced = await line('addressKind,address,addressSince', 'email,thief@example.org,2020-01-01')
  assert.deepEqual(counts({ ...replaced }), [1, 0, 1, 0, 0])
  assert.equal((await her()).addressOfRecord?.since, at.time, 'a new address begins to rest at the import')

  await line('simChangedAt', '2026-09-10')
  const changedAt = (await her()).simChangedAt
  assert.deepEqual(counts({ ...(await line('simChangedAt', '2020-01-01')) }), [1, 0, 0, 1, 0])
  assert.equal((await her()).simChangedAt, changedAt)

  assert.deepEqual(
    counts({ ...(await line('shopOnly,safeMode,forwarded', 'yes,page,yes')) }),
    [1, 0, 1, 0, 0],
  )
  assert.deepEqual((await her()).protection, { shopOnly: true, safeMode: 'page' })
  assert.equal((await her()).forwarded, true)
  const off = await line('shopOnly', 'no')
  assert.match(off.faults[0]?.reason ?? '', /only the customer herself/)
  const mode = await line('safeMode', 'off')
  assert.match(mode.faults[0]?.reason ?? '', /only the customer herself/)
  assert.deepEqual((await her()).protection, { shopOnly: true, safeMode: 'page' })
  const nobody = await at.take('lines', 'number,forwarded\n09791999999,yes')
  assert.equal(nobody.faults[0]?.reason, 'nobody holds this number now')
})

test('employees: two with one staff number are neither taken, a leaver is out at once and comes back as somebody new', async (t) => {
  const at = await openImport(t)
  const head = 'staffNumber,name,office,team,roles,from,until'
  const first = await at.take(
    'employees',
    [
      head,
      'E1,Ma Thida,yangon,north,champion,2020-01-01,',
      'E2,U One,yangon,north,champion,2020-01-01,',
      'E2,Daw Two,yangon,north,champion,2021-01-01,',
      'E3,U Three,mandalay,south,administrator auditor,2020-01-01,',
    ].join('\n'),
  )
  assert.deepEqual(counts({ ...first }), [4, 1, 0, 0, 3])
  assert.deepEqual(
    first.faults.map(({ reason }) => reason),
    [
      'two people in this file have this staff number',
      'two people in this file have this staff number',
      'these roles may not be held by one person',
    ],
  )
  const person = async () =>
    at.rows<{ id: string; desk_name: string; status: string; team: string }>(
      `SELECT p.* FROM staff.person p JOIN staff.employment e ON e.staff_id = p.id
       WHERE e.staff_number = 'E1' ORDER BY e.from_ms`,
    )
  const [thida] = await person()
  const session = await at.signIn(thida!.id)
  const other = await at.take('employees', `${head}\nE1,Somebody Else,yangon,north,,2020-01-01,`)
  assert.match(other.faults[0]?.reason ?? '', /somebody else has this staff number/)
  const moved = await at.take('employees', `${head}\nE1,Ma Thida,yangon,west,,2020-01-01,`)
  assert.deepEqual(counts({ ...moved }), [1, 0, 1, 0, 0])

  const left = await at.take('employees', `${head}\nE1,Ma Thida,yangon,west,,2020-01-01,2026-09-01`)
  assert.deepEqual(counts({ ...left }), [1, 0, 1, 0, 0])
  assert.equal(await at.room.sessions.facts(session), null, 'her session ended with it')
  assert.equal((await person())[0]?.status, 'dismissed')
  const stale = await at.take('employees', `${head}\nE1,Ma Thida,yangon,west,,2020-01-01,`)
  assert.match(stale.faults[0]?.reason ?? '', /this person left on record/)

  const back = await at.take('employees', `${head}\nE1,Ma Thida,yangon,west,champion,2026-09-10,`)
  assert.deepEqual(counts({ ...back }), [1, 1, 0, 0, 0])
  const both = await person()
  assert.deepEqual(
    both.map(({ status }) => status),
    ['dismissed', 'active'],
  )
  assert.notEqual(both[0]?.desk_name, both[1]?.desk_name)
})

test('shifts and declared circles go to whom the staff number names, and bite', async (t) => {
  const at = await openImport(t)
  await at.take(
    'employees',
    'staffNumber,name,office,team,roles,from\nE1,Ma Thida,yangon,north,champion,2020-01-01',
  )
  const shifts = await at.take(
    'shifts',
    'staffNumber,from,until\nE1,2026-09-12 09:00,2026-09-12 18:00\nE9,2026-09-12 09:00,2026-09-12 18:00\nE1,2026-09-12 09:00,2026-09-14 18:00',
  )
  assert.deepEqual(counts({ ...shifts }), [3, 1, 0, 0, 2])
  const circles = `staffNumber,tie,number\nE1,household,${WRITTEN}`
  assert.deepEqual(counts({ ...(await at.take('circles', circles)) }), [1, 1, 0, 0, 0])
  assert.deepEqual(counts({ ...(await at.take('circles', circles)) }), [1, 0, 0, 1, 0])
  const [{ staff_id: thida } = { staff_id: '' }] = await at.rows<{ staff_id: string }>(
    'SELECT staff_id FROM staff.employment',
  )
  assert.deepEqual(await at.room.circle.circleOf(thida, at.subscriber.subject), {
    kind: 'household',
    team: null,
  })
})

test('a stream goes on where it is on record, and a line that was sent again is not taken again', async (t) => {
  const at = await openImport(t)
  const line = (last: number) => ({ number: `0979100000${last}`, nameLatn: `N ${last}`, from: '2024-01-01' })
  const first = await at.stream('subscribers', 1, [line(1), { ...line(2), color: 'red' }])
  assert.deepEqual([first.through, ...counts({ ...first })], [2, 2, 1, 0, 0, 1])
  assert.equal(first.faults[0]?.reason, 'a field is not known')
  const more = await at.stream('subscribers', 2, [line(2), line(3)])
  assert.deepEqual([more.through, ...counts({ ...more })], [3, 1, 1, 0, 0, 0])
})

test('an operator’s own column names, words and dates are read through a map, and a wrong map says where', async (t) => {
  const at = await openImport(t)
  const map = parseImportMap(
    JSON.stringify({
      name: 'billing export',
      header: true,
      delimiter: ';',
      columns: {
        number: { column: 'MSISDN' },
        nameLatn: { column: 'CUST' },
        language: { column: 'LANG', values: { B: 'my', E: 'en' } },
        region: { fixed: 'Yangon' },
        from: { column: 'ACT', format: 'dd/MM/yyyy', zone: '+06:30' },
      },
    }),
    'subscribers',
  )
  const file = 'CUST;MSISDN;LANG;ACT\nKo Ko;09791000001;B;31/12/2023\nMa Ma;09791000002;X;31/12/2023'
  const taken = await at.take('subscribers', file, { map })
  assert.deepEqual(counts({ ...taken }), [2, 1, 0, 0, 1])
  assert.equal(taken.faults[0]?.reason, 'language has a value that the map does not name')
  assert.throws(
    () =>
      parseImportMap('{\n"name": "x",\n"header": true,\n"columns": {\n"numbr": {"column": "A"}}}', 'lines'),
    /the map line 5, \/columns\/numbr: is no field of lines/,
  )
  assert.throws(
    () => parseImportMap('{"name":"x","header":true,"columns":{"number":{"column":"A"}}}', 'subscribers'),
    /lacks from/,
  )
})

test('charges that are no calls rest sealed with their tenure, once each', async (t) => {
  const at = await openImport(t)
  const file = [
    'number,reference,at,kind,labelEn,amount',
    `${WRITTEN},R1,2026-08-03 10:00,package,Night data,1500`,
    `${WRITTEN},R2,2026-08-05,top-up,,5000.5`,
    `${WRITTEN},R3,2026-08-05,tax,,-3`,
    `${WRITTEN},R4,1999-08-05,fee,,3`,
  ].join('\n')
  const first = await at.take('charges', file)
  assert.deepEqual(counts({ ...first }), [4, 2, 0, 0, 2])
  assert.deepEqual(counts({ ...(await at.take('charges', file)) }), [4, 0, 0, 2, 2])
  const corrected = await at.take('charges', file.replace('1500', '1800'))
  assert.deepEqual(counts({ ...corrected }), [4, 0, 1, 1, 2])
  const rows = await at.rows<{ sealed: Buffer }>('SELECT sealed FROM customers.charge')
  assert.equal(rows.length, 2)
  assert.ok(rows.every(({ sealed }) => !sealed.includes('Night')))
  assert.ok(at.time > DAY)
})

test('a watched directory takes kinds in the order in which one needs the other, and puts files away', async (t) => {
  const at = await openImport(t)
  const directory = mkdtempSync(join(tmpdir(), 'countersign-import-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  for (const kind of ['subscribers', 'lines', 'charges']) mkdirSync(join(directory, kind))
  writeFileSync(
    join(directory, 'charges', 'c.csv'),
    'number,reference,at,kind,amount\n09791000001,R,2026-08-01,fee,5',
  )
  writeFileSync(join(directory, 'subscribers', 's.csv'), `${HEAD}\n09791000001,Aung,,my,Yangon,2024-01-01,`)
  writeFileSync(join(directory, 'lines', 'l.csv'), 'wrong,header\n1,2')
  const log = createLog({ level: 'silent', clock: at.parties.clock })
  const watched = watchImports({
    directory,
    log,
    take: (path, kind) => at.take(kind, readFileSync(path, 'utf8')),
  })
  assert.equal(await watched.sweep(), 3)
  assert.ok(existsSync(join(directory, 'charges', 'done', 'c.csv')))
  assert.ok(existsSync(join(directory, 'subscribers', 'done', 's.csv')))
  assert.ok(existsSync(join(directory, 'lines', 'failed', 'l.csv')), 'nothing of it could be read')
  assert.equal((await at.rows('SELECT * FROM customers.charge')).length, 1)
  assert.equal(await watched.sweep(), 0)
})

test('over HTTP a sender asks how far it is, sends from there, and a gap is refused', async (t) => {
  const at = await openImport(t)
  const secret = Buffer.alloc(32, 5)
  addImportRoutes(at.app, { parties: at.imports, place: at.place, secret })
  const send = async (method: 'GET' | 'POST', from: number | null, lines: readonly object[] = []) => {
    const answer = await at.app.inject({
      method,
      url: `/api/import/subscribers?stream=crm${from === null ? '' : `&from=${from}`}`,
      headers: {
        authorization: `Bearer ${secret.toString('base64url')}`,
        ...(method === 'POST' ? { 'content-type': 'application/x-ndjson' } : {}),
      },
      ...(method === 'POST' ? { payload: lines.map((line) => `${JSON.stringify(line)}\n`).join('') } : {}),
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  const line = { number: '09791000001', nameLatn: 'Aung', from: '2024-01-01' }
  assert.deepEqual((await send('GET', null)).body, { through: 0 })
  const gap = await send('POST', 5, [line])
  assert.deepEqual([gap.status, gap.body.code], [409, 'import-gap'])
  const taken = await send('POST', 1, [line, { ...line, number: 'oops' }])
  assert.deepEqual([taken.body.through, taken.body.added, taken.body.quarantined], [2, 1, 1])
  assert.deepEqual((await send('GET', null)).body, { through: 2 })
  const admin = await at.hire(['administrator'])
  const overview = await at.ask(admin, 'GET', '/api/import')
  assert.equal(overview.body.sources[0].stream, 'crm')
  assert.equal(overview.body.sources[0].faults[0].line, 2)
  assert.equal(JSON.stringify(overview.body).includes('oops'), false)
  const thiri = await at.hire(['champion'])
  assert.equal((await at.ask(thiri, 'GET', '/api/import')).status, 403)
})
