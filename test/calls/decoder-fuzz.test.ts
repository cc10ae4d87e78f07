import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { attack, nastyInputs, samples } from './decoder-attack.ts'

test('bytes at random have a defined outcome in every format', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => attack(Buffer.from(bytes))),
    { numRuns: 150 },
  )
})

test('samples that were cut, changed and spliced have a defined outcome', async () => {
  const files = samples()
  const cut = fc.record({
    file: fc.nat(files.length - 1),
    other: fc.nat(files.length - 1),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    edits: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 8 }),
  })
  await fc.assert(
    fc.asyncProperty(cut, async ({ file, other, keep, edits }) => {
      const [whole, second] = [files[file]!, files[other]!]
      const bytes = Buffer.concat([
        whole.subarray(0, Math.floor(whole.length * keep)),
        second.subarray(Math.floor(second.length * keep)),
      ])
      for (const [place, value] of edits) bytes[Math.floor(place * (bytes.length - 1))] = value
      await attack(bytes)
    }),
    { numRuns: 150 },
  )
})

test('a megabyte made to be expensive costs no more than 64 MB, and ends', () => {
  const script = join(import.meta.dirname, 'decoder-memory.ts')
  const names = [...nastyInputs().keys()]
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', '--max-semi-space-size=1', '--max-old-space-size=48', script],
    {
      encoding: 'utf8',
      env: { ...process.env },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const grown = JSON.parse(output) as Record<string, number>
  assert.deepEqual(Object.keys(grown), names)
  for (const [name, megabytes] of Object.entries(grown)) {
    assert.ok(megabytes <= 64, `up to "${name}" the process grew by ${megabytes} MB`)
  }
})
