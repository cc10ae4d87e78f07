import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type LookMasks,
  letterOf,
  type MaskKeys,
  masksOf,
  positionsEver,
  positionsOfAgent,
  type RowMask,
} from '../../src/care/mask.ts'

const keys: MaskKeys = {
  number: Buffer.alloc(32, 1),
  agent: Buffer.alloc(32, 2),
  row: Buffer.alloc(32, 3),
  flags: Buffer.alloc(32, 4),
}
const number = fc.integer({ min: 10_000_000, max: 999_999_999 }).map((n) => `+959${n}`)
const id = fc.string({ minLength: 1, maxLength: 12 })

function maskNumber(look: { agent: string; grant: string }, n: string, row: string): string | null {
  return maskOf(masksOf(keys, look), row).maskNumber(n)
}

function maskOf(masks: LookMasks, row: string): RowMask {
  return masks([row])[0] as RowMask
}

/** Positions whose digit shows in any of the masked texts. */
function seen(masked: (string | null)[]): Set<number> {
  return new Set(masked.flatMap((text) => [...(text ?? '')].flatMap((c, i) => (c === '•' ? [] : [i]))))
}

function within(part: Set<number>, whole: Set<number>): boolean {
  return [...part].every((item) => whole.has(item))
}

test('nobody ever sees more than four of the seven digits, whoever looks and however often', () => {
  fc.assert(
    fc.property(number, fc.array(fc.tuple(id, id, id), { minLength: 1, maxLength: 60 }), (n, looks) => {
      const shown = seen(looks.map(([agent, grant, row]) => maskNumber({ agent, grant }, n, row)))
      const ever = new Set(positionsEver(keys, n))
      return shown.size <= 4 && within(shown, ever)
    }),
  )
})

test('one person never sees more than three digits of a number, over all looks and repeated rows', () => {
  fc.assert(
    fc.property(
      number,
      id,
      fc.array(fc.tuple(id, id), { minLength: 1, maxLength: 60 }),
      (n, agent, looks) => {
        const shown = seen(looks.map(([grant, row]) => maskNumber({ agent, grant }, n, row)))
        return shown.size <= 3 && within(shown, new Set(positionsOfAgent(keys, agent, n)))
      },
    ),
  )
})

test('a row shows exactly two digits, true ones, in their places', () => {
  fc.assert(
    fc.property(number, id, id, id, (n, agent, grant, row) => {
      const masked = maskNumber({ agent, grant }, n, row) as string
      const last = n.slice(-7)
      const digits = [...masked].filter((c) => c !== '•')
      return (
        masked.length === 7 && digits.length === 2 && [...masked].every((c, i) => c === '•' || c === last[i])
      )
    }),
  )
})

test('the same row of the same look is always shown the same way', () => {
  fc.assert(
    fc.property(number, id, id, id, (n, agent, grant, row) => {
      const look = { agent, grant }
      const alone = maskOf(masksOf(keys, look), row)
      const masks = masksOf(keys, look)
      const [, beside] = masks(['another', row]) as [RowMask, RowMask]
      maskOf(masks, 'another').maskNumber(`${n}1`)
      assert.deepEqual(alone.flags, beside.flags)
      assert.equal(alone.maskNumber(n), beside.maskNumber(n))
    }),
  )
})

test('every choice of digits is about equally likely', () => {
  const counts = new Map<string, number>()
  const draws = 14_000
  for (let i = 0; i < draws; i++) {
    const v = positionsEver(keys, `+9597${String(i).padStart(8, '0')}`).join('')
    counts.set(v, (counts.get(v) ?? 0) + 1)
  }
  assert.equal(counts.size, 35)
  // 34 degrees of freedom: 74.9 is passed once in ten thousand; the key is fixed, so this never flickers.
  const expected = draws / 35
  const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  assert.ok(chi2 < 74.9, `chi-square ${chi2}`)
})

test('a number with fewer than seven digits shows none', () => {
  assert.equal(maskNumber({ agent: 'a', grant: 'g' }, '1881', 'r'), null)
})

test('letters go on after Z', () => {
  assert.deepEqual([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf), [
    'A',
    'Z',
    'AA',
    'AB',
    'AZ',
    'BA',
    'ZZ',
    'AAA',
  ])
})
