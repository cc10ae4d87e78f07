import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeLog, writeLog } from '../../bench/adversary/make.ts'
import { ROOT } from '../support/sources.ts'

const SMALL = { agents: 60, days: 24, customers: 3_000 }
const MAP = `${ROOT}maps/watch-example.json`

function run(...options: string[]) {
  const result = spawnSync(process.execPath, [`${ROOT}src/main.ts`, 'watch', 'score', ...options], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  return { status: result.status, out: result.stdout, err: result.stderr }
}

interface Line {
  id: string
  score: number
  rank: number
  explained: boolean
  hard: string | null
  reasons: { says: string }[]
  speaksFor: string
}

test('another system’s log is scored: one line a look, and misuse stands far above chance', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-watch-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const log = makeLog({
    seed: 'a small world',
    size: SMALL,
    schemes: { naive: 3, stalker: 2, 'cover-ticket': 2 },
  })
  writeLog(log, dir)
  const more = [
    '--map',
    MAP,
    '--staff',
    join(dir, 'staff.csv'),
    '--events',
    join(dir, 'events.csv'),
    '--json',
  ]
  const scored = run(join(dir, 'accesses.csv'), ...more)
  assert.equal(scored.status, 0, scored.err)
  const lines = scored.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  assert.equal(lines.length, log.accesses.length)
  assert.deepEqual(new Set(lines.map(({ id }) => id)), new Set(log.accesses.map(({ id }) => id)))
  assert.deepEqual(
    lines.map(({ rank }) => rank).sort((a, b) => a - b),
    lines.map((_, at) => at + 1),
  )
  for (const { score, reasons, speaksFor } of lines) {
    assert.ok(score > 0 && score <= 1)
    assert.ok(reasons.length <= 3 && speaksFor.length > 0)
  }
  const misuse = new Set(log.labels.map(({ id }) => id))
  const top = lines.filter(({ rank }) => rank <= lines.length / 50)
  const share = top.filter(({ id }) => misuse.has(id)).length / misuse.size
  assert.ok(share > 0.5, `${Math.round(100 * share)}% of misuse is among the highest 2%`)
  assert.equal(run(join(dir, 'accesses.csv'), ...more).out, scored.out, 'the same log, the same scores')
})

test('time, employee and subject are enough; what is missing is said', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-watch-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const map = join(dir, 'map.json')
  const log = join(dir, 'log.csv')
  writeFileSync(
    map,
    JSON.stringify({
      name: 'least',
      accesses: {
        columns: {
          time: { column: 'when', format: 'yyyy-MM-dd HH:mm', zone: '+06:30' },
          employee: { column: 'who' },
          subject: { column: 'whom' },
        },
      },
    }),
  )
  writeFileSync(
    log,
    'when,who,whom\n2026-08-01 10:00,anna,s1\nyesterday,anna,s2\n2026-08-01 10:05,,s3\n2026-08-01 09:00,ben,s1\n',
  )
  const { status, out, err } = run(log, '--map', map, '--json')
  assert.equal(status, 4)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  assert.deepEqual(
    lines.map(({ id }) => id),
    ['line 5', 'line 2'],
  )
  assert.match(err, /accesses line 3: time does not fit/)
  assert.match(err, /accesses line 4: employee or subject is empty/)
  assert.match(err, /not told: contacts: nothing says who called/)
  assert.match(err, /not told: rows of a look/)
  assert.ok(!err.includes('yesterday'), 'no value of the log is repeated')
})

test('a wrong map says where and what: nothing is scored', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-watch-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const log = join(dir, 'log.csv')
  writeFileSync(log, 'when,who\n1,anna\n')
  const map = join(dir, 'map.json')
  const columns = { time: { column: 'when', format: 'epoch-seconds' }, employee: { column: 'who' } }
  writeFileSync(map, JSON.stringify({ name: 'x', accesses: { columns } }))
  assert.match(run(log, '--map', map).err, /map\.json line 1, \/accesses\/columns.*map-invalid/s)
  writeFileSync(
    map,
    JSON.stringify({ name: 'x', accesses: { columns: { ...columns, subject: { column: 'whom' } } } }),
  )
  const missing = run(log, '--map', map)
  assert.equal(missing.status, 2)
  assert.match(missing.err, /no column "whom": correct \/accesses\/columns\/subject/)
  assert.equal(missing.out, '')
  assert.match(run(log, '--map', join(dir, 'nowhere.json')).err, /map-unreadable/)
})
