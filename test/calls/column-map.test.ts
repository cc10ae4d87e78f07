import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { parseColumnMap, readColumnMap } from '../../src/calls/formats/column-map.ts'

const maps = new URL('../../maps/', import.meta.url)
// Those of accesses are read by `watch score`, and tried there.
for (const name of readdirSync(maps).filter((file) => !file.startsWith('watch-'))) {
  test(`maps/${name} is a good map`, () => {
    assert.ok(readColumnMap(new URL(name, maps)).name.length > 0)
  })
}

const GOOD = `{
  "name": "test",
  "header": true,
  "columns": {
    "caller": { "column": "from" },
    "called": { "column": "to" },
    "start": { "column": "at", "format": "yyyy-MM-dd HH:mm", "zone": "Z" },
    "kind": { "fixed": "voice" }
  }
}`

const MISTAKES: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  [
    'a name without a header',
    '"header": true',
    '"header": false',
    /line 5, \/columns\/caller\/column: must be a position/,
  ],
  ['no caller', '"caller": { "column": "from" },', '', /line 4, \/columns: needs caller/],
  [
    'two ways to name parties',
    '"called"',
    '"subscriber"',
    /line 4, \/columns: needs subscriber, other and direction/,
  ],
  ['a time without a zone', ', "zone": "Z"', '', /line 7, \/columns\/start: needs a zone/],
  ['a zone that is none', '"zone": "Z"', '"zone": "Moon/Base"', /line 7, \/columns\/start: knows no zone/],
  ['a date without a time', 'yyyy-MM-dd HH:mm', 'yyyy-MM-dd', /line 7, \/columns\/start: format needs/],
  [
    'a relative time without its epoch',
    'yyyy-MM-dd HH:mm',
    'seconds-since',
    /line 7, \/columns\/start: needs an epoch/,
  ],
  [
    'a prefix without digits',
    '"column": "to"',
    '"column": "to", "prefix": "+44"',
    /line 6, \/columns\/called: needs prefix and digits/,
  ],
  [
    'a number too long',
    '"column": "to"',
    '"column": "to", "prefix": "+44770090", "digits": 9',
    /line 6, .*7 to 15 digits/,
  ],
  ['an unknown kind', '"fixed": "voice"', '"fixed": "fax"', /line 8, \/columns\/kind/],
  [
    'a quote that is the delimiter',
    '"header"',
    '"delimiter": ";", "quote": ";", "header"',
    /line 3, \/quote: must differ/,
  ],
  [
    'a window that is no date',
    '"header"',
    '"plausible": { "from": "long ago" }, "header"',
    /line 3, \/plausible\/from: must be a date/,
  ],
]
for (const [what, from, to, says] of MISTAKES) {
  test(`${what} stops with its place`, () => {
    assert.ok(GOOD.includes(from))
    assert.throws(() => parseColumnMap(GOOD.replace(from, to), 'my-map.json'), {
      code: 'map-invalid',
      message: says,
    })
  })
}
