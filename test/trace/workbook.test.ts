import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strToU8, zipSync } from 'fflate'
import { readJurisdiction } from '../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../src/calls/numbers.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { openList } from '../../src/trace/list.ts'

const plan = createNumberPlan(readJurisdiction(new URL('../../jurisdictions/mm.json', import.meta.url)), {
  ownPrefixes: [],
  premiumPrefixes: [],
  servicePrefixes: [],
})
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

type Cell = string | number | { readonly date: number }

/** A workbook as spreadsheets save one: one sheet, inline texts, dates as serial numbers with a date's format. */
function workbook(rows: readonly (readonly Cell[])[]): Uint8Array {
  const cell = (value: Cell, at: string) =>
    typeof value === 'string'
      ? `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
      : typeof value === 'number'
        ? `<c r="${at}"><v>${value}</v></c>`
        : `<c r="${at}" s="1"><v>${value.date}</v></c>`
  const sheet = rows
    .map(
      (row, y) =>
        `<row r="${y + 1}">${row.map((value, x) => cell(value, `${String.fromCharCode(65 + x)}${y + 1}`)).join('')}</row>`,
    )
    .join('')
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="calls" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${sheet}</sheetData></worksheet>`,
  }
  const packed = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(XML + text)]))
  return zipSync(packed)
}

test('a workbook is read: headings, dates as a spreadsheet keeps them, hidden digits', async () => {
  const opened = await openList(
    {
      bytes: workbook([
        ['When', 'Number', 'Seconds'],
        [{ date: 46247.84375 }, '•4•1•••', 482],
        [{ date: 46248.5 }, '5••••2•', 61],
      ]),
    },
    plan,
  )
  assert.ok(!isRefusal(opened), JSON.stringify(opened))
  const { reading, rows } = opened.read
  assert.deepEqual(reading.columns, ['when', 'party', 'length'])
  assert.equal(reading.lengthUnit, 'seconds')
  const [first] = rows
  assert.deepEqual(
    [first?.when?.first, first?.when?.second, first?.when?.hour, first?.when?.minute],
    [13, 8, 20, 15],
  )
  assert.deepEqual(first?.party, { kind: 'masked', patterns: ['•4•1•••'] })
})

test('a small file that unpacks to very much is refused before it is unpacked', async () => {
  // What the archive's directory says of its first file is all that may be believed before unpacking.
  const bomb = Buffer.from(workbook([['a']]))
  bomb.writeUInt32LE(1024 * 1024 * 1024, bomb.indexOf('PK\u0001\u0002', 0, 'latin1') + 24)
  const refused = await openList({ bytes: bomb }, plan)
  assert.ok(isRefusal(refused) && refused.code === 'list-too-long')
})

test('texts in other encodings are read, and what is no text is refused', async () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('13/8 20:14 •4•1••• 4m\n', 'utf16le')])
  const opened = await openList({ bytes: utf16 }, plan)
  assert.ok(!isRefusal(opened) && opened.read.rows.length === 1)
  const binary = await openList({ bytes: Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff]) }, plan)
  assert.ok(isRefusal(binary) && binary.code === 'list-unreadable')
})
