import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { unzipSync } from 'fflate'
import { makePeople } from '../../demo/people.ts'
import { DEMO_SEED } from '../../demo/seed.ts'
import { playStory } from '../../scripts/play-story.ts'
import { storyPage } from '../../scripts/story-page.ts'
import { formatNumber } from '../../src/calls/numbers.ts'
import { openDemoHouse } from './demo-house.ts'
import { MYA } from './hands.ts'

/** A whole case by hand and by eye: a machine that does much else may take its time over it. */
const timeout = 900_000

test('the story plays through the real pages, from the look to the public statement', {
  timeout,
}, async (t) => {
  const house = await openDemoHouse(t)
  const out = mkdtempSync(join(tmpdir(), 'countersign-story-'))
  t.after(() => rmSync(out, { recursive: true, force: true }))
  const figures = await playStory(
    house,
    out,
    (said) => t.diagnostic(said),
    (png) => png,
  )
  assert.match(figures.look, /\(M-9\) looked at your/)
  assert.match(figures.verdict, /M-9/)
  assert.ok(figures.traceCommand.startsWith(figures.verdict), 'the command line says the same')
  assert.match(figures.offline, /^Everything holds: (\d+) of \1 entries/)
  const page = storyPage(figures)
  const wanted = [...page.matchAll(/pictures\/(story-[a-z-]+\.png)/g)].map((match) => match[1])
  assert.deepEqual(readdirSync(out).sort(), wanted.sort())
  assert.ok(!/undefined|NaN/.test(page))
  assert.deepEqual(othersIn(figures.bundle), [], 'no other customer’s number is in what the police got')
})

/** The numbers of the demo's other customers that stand in a zip, in the file as it is or in what it unpacks to. */
function othersIn(bundle: Uint8Array): string[] {
  const files = Object.entries(unzipSync(bundle))
  // What the page itself is made of is the same in every bundle.
  const own = files.flatMap(([name, bytes]) => (name === 'verify.html' ? [] : [Buffer.from(bytes)]))
  const text = own.map((bytes) => bytes.toString('latin1')).join('\n')
  assert.ok(text.length > 10_000)
  return makePeople(DEMO_SEED)
    .map(({ number }) => number)
    .filter((number) => formatNumber(number) !== MYA.number)
    .filter((number) => text.includes(number.replace(/\D/g, '')) || text.includes(formatNumber(number)))
}
