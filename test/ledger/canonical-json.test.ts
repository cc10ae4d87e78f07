import assert from 'node:assert/strict'
import { test } from 'node:test'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { canonicalJson, isCanonicalJson, writeCanonicalJson } from '../../src/ledger/canonical-json.ts'

/** What a writer says of a value: its text, or that it has none. */
function said(write: (value: unknown) => string | undefined, value: unknown): string | undefined | null {
  try {
    return write(value)
  } catch {
    return null
  }
}

test('canonical JSON is what the library for RFC 8785 writes, whatever the value', () => {
  const key = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('1', '10', '9', '__proto__', 'toJSON', 'é', '\ud800'),
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', 'a\\ud800', '\u2028', -0, 1e21, Number.NaN, undefined, new Date(0)),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any')),
      fc.dictionary(key, tie('any')),
    ),
  })).any
  fc.assert(
    fc.property(value, (any) => {
      assert.equal(said(canonicalJson, any), said(canonicalize, any))
      const written = writtenInto(any, new Uint8Array(64_000))
      if (written !== null) assert.equal(written, said(canonicalize, any))
      const cramped = writtenInto(any, new Uint8Array(40))
      if (cramped !== null) assert.equal(cramped, said(canonicalize, any))
    }),
    { numRuns: 2_000 },
  )
})

test('a body as desks write it, with a text in Burmese, is written without the library', () => {
  const body = {
    v: 1,
    at: 1_790_000_000_123,
    says: { question: 'ဖုန်းဘေလ် "ဘာကြောင့်"\n', page: [1, null, true, {}, -0] },
  }
  assert.equal(writtenInto(body, new Uint8Array(300)), canonicalize(body))
})

/** What is written after 32 other bytes, where a salt stands; null where it is left to the library. */
function writtenInto(value: unknown, bytes: Uint8Array): string | null {
  const end = writeCanonicalJson(value, bytes, 32)
  return end === null ? null : new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(32, end))
}

test('a text is canonical when the library writes it so of what it says', () => {
  const texts = [
    '{"a":1,"b":2}',
    '{"b":2,"a":1}',
    '{"a":1,"a":1}',
    '{"a": 1}',
    '{"a":1.0}',
    '-0',
    '"\\ud800"',
    '"\\u0041"',
  ]
  for (const text of [...texts, '{"10":1,"9":2}', '{"__proto__":1}', '"\\\\ud800"'])
    assert.equal(
      said((v) => String(isCanonicalJson(text, v)), JSON.parse(text)) === 'true',
      said(canonicalize, JSON.parse(text)) === text,
      text,
    )
})
