import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { segmentText } from '../../src/platform/sms/segments.ts'

test('parts joined are the text, each fits, and no character is cut in two', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 900 }),
      fc.integer({ min: 0, max: 65_535 }),
      (text, ref) => {
        const segments = segmentText(text, ref)
        assert.equal(segments.map((segment) => segment.text).join(''), text)
        for (const [index, { header, text: piece, dataCoding }] of segments.entries()) {
          const limit = segments.length === 1 ? { 0: 160, 8: 70 } : { 0: 153, 8: 67 }
          assert.ok(piece.length <= limit[dataCoding])
          assert.ok(piece.isWellFormed())
          if (segments.length > 1)
            assert.deepEqual([...header!], [5, 0, 3, ref & 255, segments.length, index + 1])
        }
      },
    ),
  )
})

test('a Burmese text goes as UCS-2, an English one as GSM 03.38', () => {
  assert.equal(segmentText('သင့်ကုဒ်မှာ', 1)[0]?.dataCoding, 8)
  assert.equal(segmentText('Your code lets our staff see your August calls.', 1)[0]?.dataCoding, 0)
  assert.equal(segmentText('a'.repeat(160), 1).length, 1)
  assert.equal(segmentText('a'.repeat(161), 1).length, 2)
  assert.equal(segmentText('က'.repeat(70), 1).length, 1)
  assert.equal(segmentText('က'.repeat(71), 1).length, 2)
})
