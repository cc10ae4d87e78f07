import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { referenceMarker } from '../../src/vault/reference-mark.ts'

const KEY = Buffer.from('a key of thirty-two bytes, or so.')

test('a reference’s mark is HMAC-SHA256 as node:crypto makes it, for the call and for its part', () => {
  const mark = referenceMarker(KEY)
  const mac = (text: string) => createHmac('sha256', KEY).update(text).digest()
  const references = ['1', 'MSC1-20260801-77', 'ဖုန်း', 'x'.repeat(55), 'x'.repeat(64), 'x'.repeat(1000)]
  for (const reference of [...references, ...references]) {
    const whole = mac(`caller ${reference}`)
    assert.deepEqual(mark({ served: 'caller', reference }), {
      key: whole.subarray(0, 16),
      hash: whole.readUInt32BE(16),
    })
    assert.deepEqual(mark({ served: 'caller', reference, part: '2@1790000000' }), {
      key: mac(`caller ${reference} 2@1790000000`).subarray(0, 16),
      hash: whole.readUInt32BE(16),
    })
  }
  assert.equal(mark({ served: 'both', reference: null }), null)
})
