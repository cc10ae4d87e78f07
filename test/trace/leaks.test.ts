import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureAnswers } from '../../bench/trace/answers.ts'
import { measureCalibration } from '../../bench/trace/calibration.ts'
import { measureCrowd } from '../../bench/trace/crowd.ts'
import { measurePower } from '../../bench/trace/power.ts'

/** The measurement, small: the whole of it is `npm run bench -- trace` and `npm run soak -- leaks`. */

const quiet = () => {}

test('leaks of every kind: leakers are named, innocents never, and where nothing can be told it says so', () => {
  const { kinds, innocentsNamed, ours, peer } = measureAnswers({ seed: 11, leaks: 140 }, quiet)
  assert.equal(innocentsNamed, 0)
  assert.ok(ours > 0.85 && ours > peer, `${ours}, the guilt model ${peer}`)
  for (const kind of ['unmasked', 'own-copy', 'other-party', 'outside', 'unlogged'])
    assert.equal(kinds[kind]?.named, 0, kind)
  for (const kind of ['masked', 'shuffled', 'retyped', 'invented-rows'])
    assert.ok((kinds[kind]?.named ?? 0) >= 9, `${kind}: ${kinds[kind]?.named} of 10`)
})

test('the rows that are said to be enough are enough', () => {
  for (const { what, among, named, innocentsNamed } of measurePower({ seed: 12, perCell: 4 }, quiet)) {
    assert.equal(innocentsNamed, 0)
    assert.ok(named.high >= 0.95, `${what}, among ${among}: ${named.share}`)
  }
})

test('a posterior of nine in ten is right about nine times in ten', () => {
  for (const { said, low, high, leaks } of measureCalibration({ seed: 13, leaks: 160 }, quiet))
    assert.ok(leaks === 0 || (said >= low - 0.02 && said <= high + 0.02), `said ${said}: ${low} to ${high}`)
})

test('among a hundred thousand looks at one log the leaker is named and nobody else', () => {
  const crowd = measureCrowd({ seed: 14, crowds: 1, looks: 100_000 }, quiet)
  assert.deepEqual([crowd.leakersNamed, crowd.innocentsNamed], [1, 0])
})
