import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { type DelimitedLine, LineSplitter } from '../../src/calls/formats/delimited-lines.ts'

function split(text: string, cuts: readonly number[] = [], quote: string | null = '"'): DelimitedLine[] {
  const splitter = new LineSplitter(',', quote)
  const lines: DelimitedLine[] = []
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const until = Math.max(from, Math.min(cut, text.length))
    splitter.push(text.slice(from, until), lines)
    from = until
  }
  splitter.push(text.slice(from), lines)
  splitter.end(lines)
  return lines
}

/** What csv-parse makes of it, or null where it refuses the text. */
function reference(text: string): string[][] | null {
  try {
    return parse(text, {
      delimiter: ',',
      quote: '"',
      escape: '"',
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
    })
  } catch {
    return null
  }
}

const wild = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r\n', ' ', 'á'), maxLength: 40 })
const cuts = fc.array(fc.nat(60), { maxLength: 6 })

test('what csv-parse can read is read the same, wherever the chunks are cut', () => {
  let compared = 0
  fc.assert(
    fc.property(wild, cuts, (text, at) => {
      const expected = reference(text)
      if (expected === null) return
      compared += 1
      const lines = split(text, at)
      assert.deepEqual(
        lines.map((line) => line.fault ?? line.fields),
        expected,
      )
    }),
    { numRuns: 5000 },
  )
  assert.ok(compared > 1000, `only ${compared} texts could be compared`)
})

test('what csv-parse refuses has a faulty line, and no line is lost', () => {
  fc.assert(
    fc.property(wild, cuts, (text, at) => {
      const lines = split(text, at)
      if (reference(text) === null) assert.ok(lines.some((line) => line.fault !== null))
      const kept = lines.map((line) => line.raw).join('\n')
      const plain = text.replaceAll('\r\n', '\n')
      assert.equal(kept.replaceAll(/[\r\n]/g, ''), plain.replaceAll(/[\r\n]/g, ''))
    }),
    { numRuns: 5000 },
  )
})

test('rows written with quotes come back, with the number of their first line', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', 'ÿ'), maxLength: 6 })
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(rows, cuts, (table, at) => {
      const encoded = table.map((row) => row.map((f) => `"${f.replaceAll('"', '""')}"`).join(','))
      const lines = split(encoded.join('\n'), at)
      assert.deepEqual(
        lines.map((line) => line.fields),
        table,
      )
      let position = 1
      lines.forEach((line, row) => {
        assert.equal(line.position, position)
        position += encoded[row]!.split('\n').length
      })
    }),
    { numRuns: 1000 },
  )
})

test('a quote that is never closed costs its own line and no other', () => {
  const rest = Array.from({ length: 9000 }, (_, at) => `row,${at}\n`).join('')
  const lines = split(`a,1\nb,"2\n${rest}`)
  assert.equal(lines.length, 9002)
  assert.deepEqual(
    lines.filter((line) => line.fault !== null).map(({ position, fault, raw }) => [position, fault, raw]),
    [[2, 'a quote is opened and never closed', 'b,"2']],
  )
})

test('a line without an end is one fault, however long it is, and reading goes on behind it', () => {
  const text = `a,1\n${'x'.repeat(900_000)}\nb,2\n`
  const every = Array.from({ length: 20 }, (_, at) => at * 50_000)
  for (const at of [[], every]) {
    const lines = split(text, at)
    assert.deepEqual(
      lines.map(({ position, fault }) => [position, fault]),
      [
        [1, null],
        [2, 'the line is longer than 65,536 bytes'],
        [3, null],
      ],
    )
    assert.ok(lines[1]!.raw.length <= 65_536)
  }
})

test('without a quote character every quote is a letter', () => {
  assert.deepEqual(
    split('5" pipe,"a\nb,"', [], null).map((line) => line.fields),
    [
      ['5" pipe', '"a'],
      ['b', '"'],
    ],
  )
})
