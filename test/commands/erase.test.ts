import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../support/sources.ts'
import { makeDirectory, runCountersign, writePassphrase } from './run-countersign.ts'

const NUMBER = '09791000001'
const REASON = 'A court ordered it in writing.'

test('two officers erase a log on the command line; the number is read from a descriptor and said nowhere', async (t) => {
  const dir = makeDirectory(t)
  const data = join(dir, 'data')
  const on = (...args: string[]) => runCountersign([...args, '--data', data, '--passphrase-fd', '0'])
  assert.equal((await on('keys', 'init')).status, 0)
  const hire = async (name: string, role: string): Promise<string> => {
    const added = await on('staff', 'add', '--name', name, '--role', role, '--office', 'yangon', '--json')
    assert.equal(added.status, 0, added.err)
    return (JSON.parse(added.out) as { deskName: string }).deskName
  }
  const [su, ko, may] = [
    await hire('Su Su', 'privacy-officer'),
    await hire('Ko Ko Aung', 'counsel'),
    await hire('May', 'champion'),
  ]
  const path = join(dir, 'number')
  writeFileSync(path, `${NUMBER}\n`, { mode: 0o600 })
  const propose = (by: string) => {
    const [passphrase, number] = [openSync(writePassphrase(dir), 'r'), openSync(path, 'r')]
    const args = [
      'erase',
      'propose',
      '--data',
      data,
      '--passphrase-fd',
      '0',
      '--number-fd',
      '3',
      '--holding',
      'none',
    ]
    const ran = spawnSync(
      process.execPath,
      [`${ROOT}bin/countersign.mjs`, ...args, '--by', by, '--reason', REASON],
      {
        stdio: [passphrase, 'pipe', 'pipe', number],
        encoding: 'utf8',
      },
    )
    closeSync(passphrase)
    closeSync(number)
    return ran
  }
  const champion = propose(may)
  assert.equal(champion.status, 1, champion.stderr)
  assert.match(champion.stderr, /no active privacy officer or counsel/)
  const proposed = propose(su)
  assert.equal(proposed.status, 0, proposed.stderr)
  const id = /Proposed as ([0-9a-f]{24})\./.exec(proposed.stdout)?.[1] ?? ''
  const same = await on('erase', 'approve', id, '--by', su)
  assert.equal(same.status, 1)
  assert.match(same.err, /\(same-person\)/)
  const erased = await on('erase', 'approve', id, '--by', ko)
  assert.equal(erased.status, 0, erased.err)
  assert.match(erased.out, /^Erased\. .*\nThe record of your calls has been erased/)
  const listed = await on('erase', 'list')
  assert.match(listed.out, new RegExp(`^${id}  erased by ${ko}, final on \\d{4}-\\d{2}-\\d{2}`))
  const verified = await on('verify')
  assert.equal(verified.status, 0, verified.out + verified.err)
  for (const { stdout, stderr } of [champion, proposed])
    assert.ok(!`${stdout}${stderr}`.includes('9791000001'))
})
