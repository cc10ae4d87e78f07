import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory, runCountersign, startCountersign } from './run-countersign.ts'

/** Commands on one data directory. */
function commandsOn(data: string) {
  return (...args: string[]) => runCountersign([...args, '--data', data, '--passphrase-fd', '0'])
}
const PERSON = ['--role', 'administrator', '--office', 'yangon'] as const
const REASON = ['--reason', 'the disk failed'] as const

/** An instance that lost two entries: its backup restored under any name, and a mirror of what it was. */
async function lostInstance(t: TestContext) {
  const dir = makeDirectory(t)
  const data = join(dir, 'data')
  const on = commandsOn(data)
  assert.equal((await on('keys', 'init')).status, 0)
  assert.equal((await on('staff', 'add', '--name', 'Daw Hla Hla', ...PERSON)).status, 0)
  const backup = join(dir, 'backup')
  const copied = await runCountersign(['backup', '--to', backup, '--data', data])
  assert.equal(copied.status, 0, copied.err)
  assert.equal((await on('staff', 'add', '--name', 'U Ba', ...PERSON)).status, 0)
  const mirror = join(dir, 'mirror')
  await mirrorOf(data, mirror)

  const restore = async (name: string) => {
    const again = join(dir, name)
    const restored = await runCountersign(['restore', '--from', backup, '--data', again])
    assert.equal(restored.status, 0, restored.err)
    cpSync(`${data}.keys`, `${again}.keys`, { recursive: true })
    return commandsOn(again)
  }
  return { dir, mirror, restore }
}

test('an older state appends nothing until an officer answers for it, with a mirror or where nobody countersigned', async (t) => {
  const { mirror, restore } = await lostInstance(t)
  const bare = await restore('bare')
  const refused = await bare('staff', 'add', '--name', 'U Mya', ...PERSON)
  assert.notEqual(refused.status, 0)
  assert.match(refused.err, /acknowledge/)
  const nobody = await bare('acknowledge', '--by', 'Y-99', ...REASON, '--json')
  assert.match(nobody.out + nobody.err, /not-an-officer|nobody who may answer/)
  const needed = await bare('acknowledge', '--by', 'Y-1', ...REASON)
  assert.notEqual(needed.status, 0)
  assert.match(needed.err, /Name a mirror of the public log with --mirror/)
  const letGo = await bare('acknowledge', '--by', 'Y-1', ...REASON, '--without-mirror', '--json')
  assert.equal(letGo.status, 0, letGo.err)
  const gone = JSON.parse(letGo.out)
  assert.deepEqual([gone.setBack, gone.lost], [true, 0])
  assert.ok(gone.gone > 0, 'it says how many signed entries are gone')
  assert.equal((await bare('verify')).status, 0)

  const mended = await restore('mended')
  const answered = await mended('acknowledge', '--by', 'Y-1', ...REASON, '--mirror', mirror, '--json')
  assert.equal(answered.status, 0, answered.err)
  const { setBack, lost, gone: none } = JSON.parse(answered.out)
  assert.deepEqual([setBack, none], [true, 0])
  assert.equal(lost, gone.gone, 'every entry the copy lacks is there as its commitment')
  assert.equal((await mended('staff', 'add', '--name', 'U Mya', ...PERSON)).status, 0)
  const whole = await mended('verify')
  assert.equal(whole.status, 0, whole.err)
  assert.match(whole.out, /lost in a restore acknowledged by entry/)
  const twice = await mended('acknowledge', '--by', 'Y-1', ...REASON)
  assert.match(twice.out, /nothing to acknowledge/)
})

test('with no mirror to be had, an officer ends the log and goes on under a new name and key', async (t) => {
  const { dir, mirror, restore } = await lostInstance(t)
  const anew = await restore('anew')
  const policy = await anew('policy', '--write')
  assert.equal(policy.status, 0)
  assert.match(policy.err, /\ncountersign\.invalid\/log\/.+\ncountersign\.invalid\/subjects\/.+\n$/)
  const both = await anew('acknowledge', '--by', 'Y-1', ...REASON, '--new-origin', '--mirror', mirror)
  assert.match(both.err, /cannot be used with/)
  const renamed = await anew('acknowledge', '--by', 'Y-1', ...REASON, '--new-origin', '--json')
  assert.equal(renamed.status, 0, renamed.err)
  const log = JSON.parse(renamed.out)
  assert.match(log.origin, /^countersign\.invalid\/log\/[0-9a-f]{32}\/2$/)
  assert.ok(log.gone > 0, 'it says how many signed entries are gone')
  assert.equal(log.entry, log.size)
  assert.equal((await anew('staff', 'add', '--name', 'U Mya', ...PERSON)).status, 0)
  assert.equal((await anew('verify')).status, 0)
  assert.match((await anew('acknowledge', '--by', 'Y-1', ...REASON)).out, /nothing to acknowledge/)
  const logs = readFileSync(join(dir, 'anew', 'tlog-policy'), 'utf8').match(/^log \S+/gm)
  assert.equal(logs?.[0], `log ${log.verifierKey}`)
  assert.equal(logs?.length, 2, 'readers go on trusting the old log for what it proved')
  const known = readdirSync(join(dir, 'anew.keys')).filter((name) => name.startsWith('newest-checkpoint'))
  assert.ok(known.some((name) => name.endsWith('-lost')))
})

/** Serves `data` for as long as its public log takes to copy. */
async function mirrorOf(data: string, to: string): Promise<void> {
  const port = await freePort()
  const args = ['serve', '--data', data, '--port', String(port), '--passphrase-fd', '0']
  const serving = startCountersign(args, {
    COUNTERSIGN_PUBLIC_URL: `http://localhost:${port}`,
    COUNTERSIGN_SMSC: 'smpp://nobody:none@127.0.0.1:9',
    COUNTERSIGN_SMS_FROM: '1331',
    COUNTERSIGN_TELEPHONY_URL: 'http://127.0.0.1:9',
    COUNTERSIGN_TELEPHONY_SECRET: 'ab'.repeat(24),
    COUNTERSIGN_LOG: 'silent',
  })
  await serving.said('Ctrl-C stops it.')
  const copied = await runCountersign(['mirror', '--from', `http://127.0.0.1:${port}/log`, '--to', to])
  serving.child.kill('SIGINT')
  await serving.ended
  assert.equal(copied.status, 0, copied.err)
}
