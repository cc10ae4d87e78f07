import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { rereadRecord } from '../../src/calls/formats/reread.ts'
import {
  KHIN,
  lineOf,
  optionsWith,
  readAll,
  reasonsOf,
  recordsOf,
  shared,
  THIRI,
  vector,
} from './open-formats.ts'

/** What `pycrate-32298.ber` says, record by record; see `vectors/make_3gpp.py`. */
const CHARGING = [
  'caller +959791000001 +959791000002 2026-09-01T12:32:00 482',
  'called +959791000001 +959791000002 2026-09-01T12:32:00 482',
  'caller +959791000001 1331 2026-09-01T12:32:00 482',
  'caller +959791000001 +959791000002 2026-09-01T12:31:50 0 unanswered',
  'called withheld +959791000002 2026-09-01T12:32:00 482',
  'called withheld +959791000002 2026-09-01T12:32:00 482',
  'caller +959791000001 +66812345678 2026-09-02T01:30:00 1800',
  'caller +959791000001 +66812345678 2026-09-02T02:00:00 1800',
  'caller +959791000001 +66812345678 2026-09-02T02:30:00 125',
  'caller +959791000001 +959791000003 2026-09-01T12:32:00 482 forwarded',
  'caller +959791000001 +66812345678 2026-09-01T12:32:00 482 hidden',
  'caller +959791000001 +959791000002 2026-09-01T13:30:00 sms',
  'called withheld +959791000002 2026-09-01T13:30:04 sms',
  'caller +959791000001 none 2026-09-01T05:00:00 51000001',
  'caller +959791000001 none 2026-09-01T05:30:00 3000000022',
  'caller +959791000001 none 2026-09-01T05:00:00 51000001',
  'caller +959791000001 none 2026-09-01T06:30:00 300',
  'caller +959791000001 KBZPay 2026-09-01T14:30:00 sms',
  'called +959791000001 +959791000002 2026-09-01T14:30:04 sms',
]
const BY_IMSI = 'the record names its subscriber by IMSI only, and the list of numbers does not have it'

const CHARGING_FILES = [
  'pycrate-32298.ber',
  'pycrate-32298-padded.ber',
  'pycrate-32298-indefinite.ber',
  'pycrate-32297-release7.dat',
  'pycrate-32297-release16.dat',
  'pycrate-32298.ber.gz',
]
for (const name of CHARGING_FILES) {
  test(`${name}, made with pycrate: every record as it was meant, however the bytes are cut`, async () => {
    for (const chunk of [64 * 1024, 7]) {
      const items = await readAll(vector(name), optionsWith(), chunk)
      assert.deepEqual(recordsOf(items).map(lineOf), CHARGING)
      assert.deepEqual(reasonsOf(items), [BY_IMSI])
      const positions = items.map((item) => item.position)
      assert.ok(positions.every((at, index) => index === 0 || at > positions[index - 1]!))
    }
  })
}

test('zstd is found by content as gzip is', async () => {
  const items = await readAll(zstdCompressSync(vector('pycrate-32298.ber')))
  assert.deepEqual(recordsOf(items).map(lineOf), CHARGING)
})

test('what else a 3GPP record says: cells, references of the exchange, parts of one call', async () => {
  const records = recordsOf(await readAll(vector('pycrate-32298.ber')))
  assert.equal(records[0]!.callerCell, '1201-40417')
  assert.equal(records[1]!.calledCell, '1201-40417')
  assert.equal(records[14]!.callerCell, '10597059')
  const parts = records.slice(6, 9)
  assert.equal(new Set(parts.map((record) => record.reference)).size, 1)
  assert.equal(new Set(parts.map((record) => record.part)).size, 3)
  assert.notEqual(records[0]!.reference, records[1]!.reference)
  assert.equal(records[12]!.reference, null)
})

test('a subscriber known by IMSI only is found in the list of numbers', async () => {
  const options = optionsWith({ people: { '414050000000001': THIRI } })
  const items = await readAll(vector('pycrate-32298.ber'), options)
  assert.deepEqual(reasonsOf(items), [])
  assert.equal(recordsOf(items).length, CHARGING.length + 1)
})

test('a serving node’s bytes are passed over when the gateway counts the same', async () => {
  const items = await readAll(vector('pycrate-32298.ber'), optionsWith({ servingNodes: 'pass-over' }))
  assert.deepEqual(recordsOf(items).map(lineOf), [...CHARGING.slice(0, 15), ...CHARGING.slice(17)])
})

test('a half-written last record is a fault, and the records before it are read', async () => {
  for (const name of ['pycrate-32298.ber', 'pycrate-32297-release16.dat']) {
    const whole = vector(name)
    const items = await readAll(whole.subarray(0, whole.length - 30))
    assert.deepEqual(recordsOf(items).map(lineOf), CHARGING)
    assert.deepEqual(reasonsOf(items), ['the file ends inside this record'])
  }
})

test('behind bytes that are no record, reading goes on with the next one', async () => {
  const whole = vector('pycrate-32298.ber')
  const damaged = Buffer.concat([
    whole.subarray(0, 102),
    Buffer.from('#### some disk wrote this ####'),
    whole.subarray(102),
  ])
  const items = await readAll(damaged, optionsWith({ format: 'ts32298' }))
  assert.deepEqual(recordsOf(items).map(lineOf), CHARGING)
  assert.equal(reasonsOf(items)[0], 'no record can begin like this')
})

test('gzip that is cut off gives what could be had, and says so', async () => {
  const many = Buffer.concat(Array.from({ length: 400 }, () => vector('pycrate-32298.ber')))
  const { gzipSync } = await import('node:zlib')
  const packed = gzipSync(many, { level: 0 })
  const items = await readAll(packed.subarray(0, packed.length / 2))
  assert.ok(recordsOf(items).length > 1000)
  assert.equal(reasonsOf(items).at(-1), 'the compressed file is damaged or cut off here')
})

/** What `pycrate-tap-0312.ber` says. */
const ROAMING = [
  'caller +959791000001 +959791000002 2026-09-01T03:00:00 61',
  'called withheld +959791000001 2026-09-01T04:00:00 30',
  'caller +959791000001 +959791000002 2026-09-01T05:00:00 sms',
  'caller +959791000001 none 2026-09-01T06:00:00 4000096',
]
for (const name of ['pycrate-tap-0312.ber', 'pycrate-tap-0312-indefinite.ber']) {
  test(`${name}, made with pycrate: calls, a text and a session abroad, with their charges`, async () => {
    for (const chunk of [64 * 1024, 5]) {
      const records = recordsOf(await readAll(vector(name), optionsWith({ currency: 'XDR' }), chunk))
      assert.deepEqual(records.map(lineOf), ROAMING)
      assert.deepEqual(
        records.map(({ chargeMilli, currency }) => [chargeMilli, currency]),
        [
          [1235, 'XDR'],
          [0, 'XDR'],
          [45, 'XDR'],
          [556, 'XDR'],
        ],
      )
    }
  })
}

test('what operators charge each other is no charge of the customer’s', async () => {
  const records = recordsOf(await readAll(vector('pycrate-tap-0312.ber')))
  assert.ok(records.every(({ chargeMilli, currency }) => chargeMilli === null && currency === null))
  assert.ok(records.every(({ tariff }) => tariff === 'roaming'))
})

test('libxfsx’s TAP 3.12 batch and NRTRDE 2.1 file are read by their contents', async () => {
  const people = { '133713371337133': THIRI, '232323232323232': KHIN }
  const options = optionsWith({ people, currency: 'EUR' })
  const tap = await readAll(shared('libxfsx-tap/test/in/tap_3_12_valid.ber'), options)
  assert.deepEqual(recordsOf(tap).map(lineOf), [
    'called withheld +959791000001 2014-03-01T12:03:42 153',
    'caller +959791000002 none 2014-03-01T13:08:00 3400000000',
  ])
  assert.deepEqual(
    recordsOf(tap).map(({ chargeMilli, currency }) => [chargeMilli, currency]),
    [
      [2300, 'EUR'],
      [66_600, 'EUR'],
    ],
  )
  assert.deepEqual(reasonsOf(tap), ['the call names no called party'])
  const near = await readAll(shared('libxfsx-tap/test/in/nrt_2_1.ber'), options)
  assert.deepEqual(recordsOf(near).map(lineOf), [
    'caller +959791000001 +495211065844 2016-01-22T09:01:02 43',
    'caller +959791000001 none 2016-01-22T09:01:04 127272726',
    'caller +959791000001 +495211065844 2016-01-22T10:01:02 43',
    'caller +959791000001 none 2016-01-22T10:01:04 127272726',
    'caller +959791000001 none 2016-01-22T11:01:04 127272726',
  ])
  assert.deepEqual(reasonsOf(near), ['the other party cannot be read', 'the other party cannot be read'])
})

test('Asterisk’s lab calls: the time zone follows from uniqueid, and a repeated sequence does no harm', async () => {
  const options = optionsWith({ people: { client1: THIRI, client2: KHIN } })
  const items = await readAll(shared('asterisk-lab/Master.csv'), options)
  const records = recordsOf(items)
  assert.equal(records.length, 14)
  assert.deepEqual(reasonsOf(items), [])
  assert.equal(lineOf(records[0]!), 'both +959791000001 6789 2023-07-25T22:51:32 13')
  assert.equal(lineOf(records[1]!), 'both +959791000002 1234 2023-07-25T22:52:11 0 unanswered')
  assert.equal(new Set(records.map((record) => record.reference)).size, 14)
})

test('Asterisk’s own cdr_csv has its columns elsewhere, and no uniqueid means the operator’s time', async () => {
  const row = `"acct","09791000001","09791000002","from-internal","""Thiri"" <0979>","SIP/a-1","SIP/b-2","Dial","SIP/b","2026-09-01 19:02:00","2026-09-01 19:02:10","2026-09-01 19:03:00",60,50,"ANSWERED","DOCUMENTATION"\n`
  const items = await readAll(Buffer.from(row))
  assert.deepEqual(recordsOf(items).map(lineOf), ['both +959791000001 +959791000002 2026-09-01T12:32:00 50'])
})

test('FreeSWITCH’s JSON: microseconds, and whoever called an extension', async () => {
  const options = optionsWith({ people: { 1001: THIRI } })
  const items = await readAll(shared('freeswitch-lab/json_cdr_1_fscdr.json'), options)
  assert.deepEqual(recordsOf(items).map(lineOf), ['both +959791000001 1002 2018-01-11T10:25:44 68'])
})

const VARIABLES = {
  uuid: '3da8bf84-c133-4959-9e24-e72875cb33a1',
  start_uepoch: '1788265920000000',
  answer_uepoch: '1788265921000000',
  billmsec: '59600',
  sip_full_from: '%3Csip%3A09791000001%40a%3E',
}

test('FreeSWITCH’s XML and CSV say the same as its JSON', async () => {
  const profile = { caller_id_number: '%2B959791000001', destination_number: '09791000002' }
  const json = JSON.stringify({ variables: VARIABLES, callflow: [{ caller_profile: profile }] })
  const children = (of: Record<string, string>): string =>
    Object.entries(of)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('\n')
  const xml = `<?xml version="1.0"?>\n<cdr core-uuid="x">\n<variables>${children(VARIABLES)}</variables>
    <callflow dialplan="XML"><caller_profile>${children(profile)}</caller_profile></callflow></cdr>\n`
  const csv = `"Thiri","09791000001","09791000002","default","2026-09-01 19:02:00","2026-09-01 19:02:01","2026-09-01 19:03:00","60","60","NORMAL_CLEARING","${VARIABLES.uuid}","","","PCMU","PCMU"\n`
  for (const text of [json, xml, csv, json + json.replace('1788265920000000', '1788265930000000')]) {
    const [record] = recordsOf(await readAll(Buffer.from(text), optionsWith(), 50))
    assert.equal(lineOf(record!), 'both +959791000001 +959791000002 2026-09-01T12:32:00 60')
    assert.equal(record!.reference, `freeswitch/${VARIABLES.uuid}`)
  }
})

test('the second leg of a bridged call is passed over, and a hidden caller stays hidden', async () => {
  const leg = JSON.stringify({
    variables: { ...VARIABLES, originator: 'another', sip_from_user: '09791000001' },
  })
  assert.deepEqual(await readAll(Buffer.from(leg)), [])
  const hidden = JSON.stringify({
    variables: {
      ...VARIABLES,
      sip_from_user: '09791000001',
      sip_to_user: '09791000002',
      privacy_hide_number: 'true',
    },
  })
  assert.equal(recordsOf(await readAll(Buffer.from(hidden)))[0]!.callerHidden, true)
})

test('NDJSON lines name the field that is wrong, and no value', async () => {
  const good = {
    kind: 'voice',
    caller: THIRI,
    called: KHIN,
    start: '2026-09-01T19:02:00+06:30',
    durationSeconds: 5,
  }
  const lines = [
    good,
    { ...good, start: 1_788_265_920, part: '2', reference: 'a' },
    { ...good, kind: 'fax' },
    { ...good, durationSeconds: -1 },
    { ...good, who: '09791000001' },
    { ...good, start: 'yesterday' },
    { ...good, called: '12345678901234567890' },
    { ...good, chargeMilli: 5 },
  ]
  const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nno json\n{"kind": "voice", "start`
  const items = await readAll(Buffer.from(text), optionsWith({ format: 'ndjson' }))
  assert.equal(recordsOf(items).length, 2)
  const reasons = reasonsOf(items)
  assert.equal(reasons.length, 8)
  assert.ok(reasons.every((reason) => !/979|yesterday|12345/.test(reason)))
  assert.equal(reasons.at(-1), 'the file ends inside this line')
  assert.match(reasons[1]!, /^durationSeconds/)
})

test('content of no known format is refused by name, and --format overrides what content says', async () => {
  await assert.rejects(readAll(Buffer.from('a,b,c\n1,2,3\n')), { code: 'format-unknown' })
  const items = await readAll(vector('pycrate-32298.ber'), optionsWith({ format: 'nrtrde' }))
  assert.deepEqual(recordsOf(items), [])
  assert.equal(reasonsOf(items).length, 1)
})

test('a faulty record can be read again by itself, once what was wrong is mended', async () => {
  const items = await readAll(vector('pycrate-32298.ber'))
  const fault = items.flatMap((item) => ('fault' in item ? [item.fault] : []))[0]!
  const reread = rereadRecord(optionsWith({ people: { '414050000000001': THIRI } }))
  const record = reread(Buffer.from(fault.raw), fault.form!)
  assert.ok(record !== null && typeof record !== 'string')
  assert.equal(lineOf(record), 'caller +959791000001 +959791000002 2026-09-01T12:32:00 482')
  assert.match(String(reread(Buffer.from('x'), { format: 'gone', head: '' })), /no format gone/)
})
