import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CallBatch, createBatchMaker } from '../../src/calls/call-batch.ts'
import { FLOAT, FLOATS, INT, INTS, REFERENCE_INTS, rowsOver } from '../../src/calls/call-rows.ts'
import { parseColumnMap } from '../../src/calls/formats/column-map.ts'
import { readDelimitedBatches } from '../../src/calls/formats/delimited.ts'
import { fillDelimited } from '../../src/calls/formats/delimited-fill.ts'
import { type FillBatches, fillFrom } from '../../src/calls/formats/fill.ts'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import { NO_TEXT } from '../../src/calls/record-columns.ts'

const PLAN = createNumberPlan(readJurisdiction(join(import.meta.dirname, '../../jurisdictions/mm.json')), {
  ownPrefixes: ['979'],
  premiumPrefixes: [],
  servicePrefixes: [],
})
const OPTIONS = { plan: PLAN, now: Date.UTC(2026, 10, 25) }
const LAYOUTS = [
  { format: 'yyyy-MM-dd HH:mm:ss', zone: 'Z' },
  { format: 'dd/MM/yy HH.mm', zone: 'Europe/Copenhagen' },
  { format: 'yyyy-M-d HH:mm:ss', zone: '+06:30' },
]

const mapOf = (
  start: (typeof LAYOUTS)[number],
  served: 'both' | 'caller' | 'called',
  missed: readonly string[],
) =>
  parseColumnMap(
    JSON.stringify({
      name: 'test',
      header: true,
      served,
      columns: {
        caller: { column: 'a' },
        called: { column: 'b' },
        start: { column: 'at', ...start },
        kind: { column: 'kind', values: { v: 'voice', s: 'sms', d: 'data' } },
        duration: { column: 'long', unit: 'seconds', ...(missed.length > 0 ? { missed } : {}) },
        bytes: { column: 'bytes', unit: 'KB' },
        callerCell: { column: 'cell' },
        charge: { column: 'cost', unit: 'major', currency: 'MMK' },
        tariff: { column: 'tariff' },
        reference: { column: 'ref' },
      },
    }),
  )

const number = fc.constantFrom(
  '+959791000001',
  '09791000002',
  '959791000003',
  '+4512345678',
  '1331',
  'KBZPay',
  '',
  'anonymous',
  '123456789',
  '၀၉၇၉၁၀၀၀၀၀၄',
)
const time = fc.constantFrom(
  '2026-09-01 10:00:00',
  '2026-09-01 10:00:01',
  '2026-02-30 10:00:00',
  '01/09/26 10.00',
  '25/10/26 02.30',
  '2026-9-1 10:00:00',
  '1970-01-01 00:00:00',
  '2090-01-01 00:00:00',
  ' 2026-09-01 10:00:00',
  'never',
)
const field = fc.constantFrom(
  '',
  '0',
  '1',
  '60',
  '-1',
  '61.5',
  '999999',
  '25',
  '0.5',
  '1.0001',
  ' 7 ',
  'x',
  '"q"',
)
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        number,
        number,
        time,
        fc.constantFrom('v', 's', 'd', 'z'),
        field,
        field,
        fc.constantFrom('MDY-1', 'YGN-2', '', 'မန္တလေး'),
        field,
        fc.constantFrom('on-net', 'off-net', ''),
        fc.constantFrom('', 'r1', 'r2'),
      )
      .map((fields) => fields.join(',')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', 'a,b', '"open', '"a,b",c\r', 'x'.repeat(300), ',,,,,,,,,,,') },
)

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Every call and fault of the batches in plain words, whatever their ids are. */
async function said(fill: FillBatches, bytes: Buffer, size: number, limit: number): Promise<unknown[]> {
  const maker = createBatchMaker({
    servedByUs: (e164) => e164.startsWith('+95979'),
    markReference: ({ served, reference }) =>
      reference === null
        ? null
        : { key: Buffer.from(`${served} ${reference}`.padEnd(16)), hash: reference.length },
    limit,
  })
  const lists: { parties: unknown[]; classes: CallBatch['classes'][number][]; texts: string[] } = {
    parties: [],
    classes: [],
    texts: [],
  }
  const all: { position: number; says: unknown }[] = []
  for await (const batch of fill(inPieces(bytes, size), maker)) {
    lists.parties.push(...batch.parties)
    lists.classes.push(...batch.classes)
    lists.texts.push(...batch.texts)
    const text = (id: number): string | null => (id === NO_TEXT ? null : lists.texts[id]!)
    const classOf = (id: number) => {
      const { flags, currency, tariff } = lists.classes[id]!
      return [flags, text(currency), text(tariff)]
    }
    const { ints, floats } = rowsOver(batch.rows)
    for (let row = 0; row < batch.count; row++) {
      const int = (name: keyof typeof INT): number => ints[row * INTS + INT[name]]!
      const float = (name: keyof typeof FLOAT): number => floats[row * FLOATS + FLOAT[name]]!
      const references = batch.references === null ? null : new Int32Array(batch.references)
      const says = [
        lists.parties[int('caller')],
        lists.parties[int('called')],
        int('flags'),
        int('start'),
        classOf(int('callerClass')),
        classOf(int('calledClass')),
        int('duration'),
        text(int('callerCell')),
        text(int('calledCell')),
        float('bytes'),
        float('charge'),
        (int('flags') & 16) === 0
          ? null
          : [...references!.subarray(row * REFERENCE_INTS, (row + 1) * REFERENCE_INTS)],
      ]
      all.push({ position: float('position'), says })
    }
    for (const { position, fault } of batch.faults)
      all.push({ position, says: [fault.reason, Buffer.from(fault.raw).toString('latin1'), fault.form] })
  }
  return all.sort((a, b) => a.position - b.position)
}

test('lines read by their bytes mean what they mean read as text, wherever the pieces of the file are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.constantFrom(...LAYOUTS),
      fc.constantFrom('both' as const, 'caller' as const, 'called' as const),
      fc.constantFrom([], ['-1', '0']),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(1, 7, 1000),
      async (lines, newline, isEnded, start, served, missed, size, limit) => {
        const map = mapOf(start, served, missed)
        const text =
          ['a,b,at,kind,long,bytes,cell,cost,tariff,ref', ...lines].join(newline) + (isEnded ? newline : '')
        const bytes = Buffer.from(text)
        const byText = await said(fillFrom(readDelimitedBatches(map, OPTIONS)), bytes, size, limit)
        const byBytes = await said(fillDelimited(map, OPTIONS), bytes, size, limit)
        assert.deepEqual(byBytes, byText)
      },
    ),
    { numRuns: 400 },
  )
})

test('a line that is too long, in one piece or many, is one fault, and those behind it are read', async () => {
  const map = mapOf(LAYOUTS[0]!, 'both', [])
  const good = '+959791000001,+959791000002,2026-09-01 10:00:00,v,60,,MDY-1,25,on-net,\n'
  const bytes = Buffer.from(
    `a,b,at,kind,long,bytes,cell,cost,tariff,ref\n${good}${'x'.repeat(400_000)}\n${good}`,
  )
  for (const size of [1000, 70_000, 500_000]) {
    const byText = await said(fillFrom(readDelimitedBatches(map, OPTIONS)), bytes, size, 100)
    assert.equal(byText.length, 3)
    assert.deepEqual(await said(fillDelimited(map, OPTIONS), bytes, size, 100), byText)
  }
})
