import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeMetrics } from '../../src/ledger/metrics.ts'
import { ROOT } from '../support/sources.ts'

const UNIT = `${ROOT}ops/countersign.service`
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

test('systemd finds nothing wrong in the unit', { skip: !hasSystemd && 'no systemd here' }, (t) => {
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.equal(stderr, '')
  // The check can fail: a unit with a wrong line does not pass.
  const dir = mkdtempSync(join(tmpdir(), 'countersign-unit-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const broken = join(dir, 'broken.service')
  writeFileSync(broken, readFileSync(UNIT, 'utf8').replace(/^ExecStart=.*$/m, 'ExecStart=/no/such/program'))
  assert.notEqual(spawnSync('systemd-analyze', ['verify', broken]).status, 0)
})

test('the unit’s exposure stays at 1.5 or below', { skip: !hasSystemd && 'no systemd here' }, () => {
  const ask = ['security', '--offline=true', '--threshold=15', UNIT]
  const { status, stdout } = spawnSync('systemd-analyze', ask, { encoding: 'utf8' })
  assert.equal(status, 0, /Overall exposure.*/.exec(stdout)?.[0] ?? stdout)
})

test('every metric that an alert rule names is one that the server tells', () => {
  const rules = readFileSync(`${ROOT}ops/countersign.rules.yml`, 'utf8')
  const named = new Set([...rules.matchAll(/countersign_[a-z_]+/g)].map(([name]) => name))
  const witness = { name: 'w', cosignedSize: 1, cosignedAt: 1, refusedAt: null }
  const told = encodeMetrics({
    size: 1,
    signedAt: 1,
    countersigned: { size: 1, at: 1, by: [], of: 1, waitingSince: 1, witnesses: [witness] },
    alarm: null,
    stopped: null,
    strangers: 0,
  } as unknown as Parameters<typeof encodeMetrics>[0])
  assert.ok(named.size >= 5)
  assert.deepEqual(
    [...named].filter((name) => !told.includes(`# TYPE ${name} gauge`)),
    [],
  )
})
