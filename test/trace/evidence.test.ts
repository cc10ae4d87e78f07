import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HIDDEN } from '../../src/trace/cells.ts'
import { createPairing } from '../../src/trace/collusion.ts'
import {
  ALL_PAIRS,
  averageOverPairs,
  decodeShown,
  encodeShown,
  logEvidence,
  logEvidenceOfAll,
  logEvidenceWithin,
  meanOver,
  NOT_SHOWN,
  placesWithin,
  prepareEvidence,
  type RowEvidence,
  type Shown,
  weighPatterns,
} from '../../src/trace/evidence.ts'

/**
 * Fairness, worked out in full: over every mask that could have been drawn for somebody innocent, the mean of the
 * e-value is at most 1, whatever stands in the list.
 */

const EVER = 0b0110110
const anyPattern = fc
  .array(fc.constantFrom(HIDDEN, '0', '1', '4', '7'), { minLength: 7, maxLength: 7 })
  .map((chars) => chars.join(''))
const anyRow = fc.record({
  pattern: anyPattern,
  errors: fc.constantFrom(0.005, 0.03, 0.2),
  seconds: fc.constantFrom(null, [0.01, 0.95] as const, [0.99, 0.05] as const),
})
const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 3 })
const TRUTH = '4171040'

function evidenceOf(
  rows: readonly { pattern: string; errors: number; seconds: readonly [number, number] | null }[],
) {
  return prepareEvidence(
    rows.map(
      ({ pattern, errors, seconds }): RowEvidence => ({
        group: 'one number',
        ever: EVER,
        digits: weighPatterns([pattern], TRUTH, errors),
        seconds,
        exact: null,
      }),
    ),
    0.02,
  )
}

/** Every look that somebody may have had at these rows, each as likely. */
function allLooks(rows: number, agents: readonly number[] = placesWithin(EVER, 3)): Shown[][] {
  return agents.flatMap((agent) => {
    const row = placesWithin(agent, 2).flatMap((places) =>
      [false, true].map((secondsShown): Shown => ({ places, secondsShown, durationExact: null })),
    )
    return Array.from({ length: rows }).reduce<Shown[][]>(
      (looks) => looks.flatMap((look) => row.map((shown) => [...look, shown])),
      [[]],
    )
  })
}

function meanOf(logs: readonly number[]): number {
  return logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length
}

test('whatever a list says of one number, an innocent person’s e-value has a mean of exactly 1', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const evidence = evidenceOf(rows)
      const mean = meanOf(allLooks(rows.length).map((shown) => logEvidence(evidence, shown)))
      assert.ok(Math.abs(mean - 1) < 1e-9, String(mean))
    }),
    { numRuns: 60 },
  )
})

test('multiplying row by row would not be fair: ten rows of one number would have a mean far above 1', () => {
  const naive = allLooks(3).map((shown) =>
    shown.reduce((log, one) => {
      const row = evidenceOf([{ pattern: '•17••••', errors: 0.005, seconds: null }])
      return log + logEvidence(row, [one])
    }, 0),
  )
  assert.ok(meanOf(naive) > 1.5, String(meanOf(naive)))
})

test('a look that did not show some rows has no more than a fair mean', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const evidence = evidenceOf(rows)
      const mean = meanOf(
        allLooks(rows.length).map((shown) => logEvidence(evidence, [undefined, ...shown.slice(1)])),
      )
      assert.ok(mean <= 1 + 1e-9, String(mean))
    }),
    { numRuns: 40 },
  )
})

test('combined with anybody else’s look, whoever it is, the mean is still 1', () => {
  fc.assert(
    fc.property(anyRows, fc.nat({ max: 5 }), fc.boolean(), (rows, which, secondsShown) => {
      const evidence = evidenceOf(rows)
      const places = placesWithin(EVER, 2)[which] as number
      const partner = {
        agent: 'other',
        shown: rows.map(() => ({ places, secondsShown, durationExact: null })),
      }
      const mean = meanOf(
        allLooks(rows.length).map((shown) =>
          createPairing(evidence).logCombined({ agent: 'innocent', shown }, [partner]),
        ),
      )
      assert.ok(Math.abs(mean - 1) < 1e-9, String(mean))
    }),
    { numRuns: 25 },
  )
})

test('within one person the look is tested against what that person may have been shown', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const evidence = evidenceOf(rows)
      const agent = placesWithin(EVER, 3)[1] as number
      const mean = meanOf(
        allLooks(rows.length, [agent]).map((shown) =>
          logEvidenceWithin(
            evidence,
            shown,
            rows.map(() => agent),
          ),
        ),
      )
      assert.ok(Math.abs(mean - 1) < 1e-9, String(mean))
    }),
    { numRuns: 40 },
  )
})

test('a million looks are weighed as one is', () => {
  const evidence = evidenceOf([
    { pattern: '•17••••', errors: 0.03, seconds: [0.01, 0.95] },
    { pattern: '••••04•', errors: 0.03, seconds: null },
  ])
  const looks: (Shown | undefined)[][] = [
    ...allLooks(2),
    [undefined, allLooks(1)[0]?.[0]],
    [undefined, undefined],
  ]
  const codes = Uint16Array.from(looks.flat(), encodeShown)
  const all = logEvidenceOfAll(evidence, codes, looks.length)
  for (const [n, shown] of looks.entries())
    assert.ok(Math.abs((all[n] as number) - logEvidence(evidence, shown)) < 1e-9)
})

test('what a row shows is one number and back', () => {
  assert.equal(encodeShown(undefined), NOT_SHOWN)
  for (let code = 0; code <= NOT_SHOWN; code++) assert.equal(encodeShown(decodeShown(code)), code)
})

test('averaging over pairs without the table is averaging over pairs', () => {
  fc.assert(
    fc.property(
      fc.array(anyPattern, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(0.005, 0.2),
      (patterns, errors) => {
        const table = meanOver(weighPatterns(patterns, TRUTH, errors), ALL_PAIRS)
        assert.ok(Math.abs(averageOverPairs(patterns, TRUTH, errors) / table - 1) < 1e-9)
      },
    ),
  )
})
