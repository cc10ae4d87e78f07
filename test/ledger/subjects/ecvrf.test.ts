import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import fc from 'fast-check'
import { chromium } from 'playwright-core'
import { outputOfProof, proveVrf, verifyVrf, vrfKeyOf } from '../../../src/ledger/subjects/ecvrf.ts'
import { VECTORS } from './ecvrf-vectors.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

test('the vectors of RFC 9381 pass', () => {
  for (const vector of VECTORS) {
    const key = vrfKeyOf(hex(vector.secret))
    assert.equal(Buffer.from(key.publicKey).toString('hex'), vector.key)
    const proof = proveVrf(key, hex(vector.alpha))
    assert.equal(Buffer.from(proof).toString('hex'), vector.proof)
    assert.equal(Buffer.from(outputOfProof(proof)).toString('hex'), vector.output)
    const output = verifyVrf(hex(vector.key), hex(vector.alpha), hex(vector.proof))
    assert.equal(Buffer.from(output).toString('hex'), vector.output)
  }
})

test('the vectors pass in a browser too, bundled as her page is', async (t) => {
  const { outputFiles } = await build({
    ...{ entryPoints: [fileURLToPath(new URL('../../../src/ledger/subjects/ecvrf.ts', import.meta.url))] },
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'browser' },
    ...{ target: ['es2022'], logLevel: 'silent' },
  })
  const script = `data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const page = await browser.newPage()
  const outputs = await page.evaluate(
    async ({ vectors, from }) => {
      const { verifyVrf } = (await import(from)) as {
        verifyVrf(...of: readonly Uint8Array[]): Uint8Array
      }
      const bytes = (text: string) =>
        Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
      const hexOf = (array: Uint8Array) =>
        Array.from(array, (byte) => byte.toString(16).padStart(2, '0')).join('')
      const tryOf = (...of: readonly string[]) => {
        try {
          return hexOf(verifyVrf(...of.map(bytes)))
        } catch (error) {
          return (error as { code?: string }).code
        }
      }
      return vectors.map(({ key, alpha, proof }) => [
        tryOf(key, alpha, proof),
        tryOf(key, `${alpha}00`, proof),
      ])
    },
    { vectors: VECTORS, from: script },
  )
  assert.deepEqual(
    outputs,
    VECTORS.map(({ output }) => [output, 'vrf-proof-wrong']),
  )
})

test('a proof with any byte changed proves nothing', () => {
  const { key, alpha, proof } = VECTORS[2]!
  for (let i = 0; i < 80; i += 1) {
    const forged = hex(proof)
    forged[i]! ^= 1
    assert.throws(() => verifyVrf(hex(key), hex(alpha), forged), { code: /^vrf-proof-(wrong|malformed)$/ })
  }
  assert.throws(() => verifyVrf(hex(key), hex('af83'), hex(proof)), { code: 'vrf-proof-wrong' })
  assert.throws(() => verifyVrf(hex(VECTORS[1]!.key), hex(alpha), hex(proof)), { code: 'vrf-proof-wrong' })
})

test('keys that are no points, or of small order, and numbers out of range are refused', () => {
  const { alpha, proof, key } = VECTORS[0]!
  const identity = `01${'00'.repeat(31)}`
  for (const bad of [identity, '00'.repeat(32), 'ff'.repeat(32), '02'])
    assert.throws(() => verifyVrf(hex(bad), hex(alpha), hex(proof)), { code: 'vrf-key-malformed' })
  const large = hex(proof)
  large.fill(0xff, 48)
  assert.throws(() => verifyVrf(hex(key), hex(alpha), large), { code: 'vrf-proof-malformed' })
  assert.throws(() => verifyVrf(hex(key), hex(alpha), hex(proof).subarray(1)), {
    code: 'vrf-proof-malformed',
  })
})

test('whatever the input, its proof holds, and another output cannot be proven', () => {
  const key = vrfKeyOf(hex(VECTORS[0]!.secret))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (alpha) => {
      const proof = proveVrf(key, alpha)
      assert.deepEqual(verifyVrf(key.publicKey, alpha, proof), outputOfProof(proof))
    }),
    { numRuns: 20 },
  )
})

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
