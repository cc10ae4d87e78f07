import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileTimePattern } from '../../src/calls/formats/local-time.ts'

function read(format: string, zone: string | undefined, text: string): string | null {
  const pattern = compileTimePattern(format, zone)
  assert.ok(typeof pattern === 'function', String(pattern))
  const seconds = pattern(text)
  return seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 19)
}

const CASES: readonly (readonly [
  format: string,
  zone: string | undefined,
  text: string,
  utc: string | null,
])[] = [
  ['yyyyMMdd HHmm', 'Z', '20060601 0008', '2006-06-01T00:08:00'],
  ['yyyy-MM-dd HH:mm:ss', '+06:30', '2026-08-14 19:02:00', '2026-08-14T12:32:00'],
  ['dd/MM/yy HH:mm', '-03:00', '14/08/26 19:02', '2026-08-14T22:02:00'],
  ['d MMM yyyy H:mm', 'Z', '4 Aug 2026 9:02', '2026-08-04T09:02:00'],
  ['yyyy-MM-ddTHH:mm:ssXXX', undefined, '2026-08-14T19:02:11+06:30', '2026-08-14T12:32:11'],
  ['yyyy-MM-ddTHH:mm:ss.SSSXXX', undefined, '2026-08-14T19:02:11.125Z', '2026-08-14T19:02:11'],
  ['yyyy-MM-dd HH:mm:ss', 'Z', '2026-12-31 23:59:60', '2026-12-31T23:59:59'],
  ['yyyy-MM-dd HH:mm', 'Z', '2024-02-29 00:00', '2024-02-29T00:00:00'],
  ['yyyy-MM-dd HH:mm', 'Z', '2026-02-29 00:00', null],
  ['yyyy-MM-dd HH:mm', 'Z', '2026-13-01 00:00', null],
  ['yyyy-MM-dd HH:mm', 'Z', '2026-01-01 24:00', null],
  ['yyyy-MM-dd HH:mm', 'Z', '2026-01-01 00:00 ', null],
  ['yyyy-MM-dd HH:mm', 'Z', '2026-1-01 00:00', null],
  // Winter and summer time, the hour that there is twice (the earlier), the hour that there is not.
  ['yyyy-MM-dd HH:mm', 'Europe/Copenhagen', '2013-12-01 12:00', '2013-12-01T11:00:00'],
  ['yyyy-MM-dd HH:mm', 'Europe/Copenhagen', '2013-07-01 12:00', '2013-07-01T10:00:00'],
  ['yyyy-MM-dd HH:mm', 'Europe/Copenhagen', '2013-10-27 02:30', '2013-10-27T00:30:00'],
  ['yyyy-MM-dd HH:mm', 'Europe/Copenhagen', '2013-03-31 02:30', '2013-03-31T01:30:00'],
]
for (const [format, zone, text, utc] of CASES) {
  test(`"${text}" as ${format} in ${zone ?? 'its own zone'} is ${utc}`, () => {
    assert.equal(read(format, zone, text), utc)
  })
}

test('a pattern that cannot name an instant is refused with the rule', () => {
  assert.match(String(compileTimePattern('yyyy-MM-dd', 'Z')), /needs year, month, day, hour and minute/)
  assert.match(String(compileTimePattern('yyyy-MM-dd HH:mm', undefined)), /needs a zone/)
  assert.match(String(compileTimePattern('yyyy-MM-dd HH:mm', 'Asia/Nowhere')), /knows no zone/)
  assert.match(String(compileTimePattern('yyyy-MM-dd HH:mmXXX', 'Z')), /takes no zone/)
})

test('every second of two centuries is read as the platform reads it', () => {
  const pattern = compileTimePattern('yyyy-MM-ddTHH:mm:ssXXX', undefined)
  assert.ok(typeof pattern === 'function')
  fc.assert(
    fc.property(fc.integer({ min: -2_208_988_800, max: 4_102_444_799 }), (seconds) => {
      const text = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
      assert.equal(pattern(text), seconds)
    }),
    { numRuns: 2000 },
  )
})
