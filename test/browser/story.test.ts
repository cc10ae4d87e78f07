import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { playStory } from '../../scripts/play-story.ts'
import { storyPage } from '../../scripts/story-page.ts'
import { openDemoHouse } from './demo-house.ts'

test('the story plays through the real pages, from the look to the public statement', async (t) => {
  const house = await openDemoHouse(t)
  const out = mkdtempSync(join(tmpdir(), 'countersign-story-'))
  t.after(() => rmSync(out, { recursive: true, force: true }))
  const figures = await playStory(house, out, (said) => t.diagnostic(said))
  assert.match(figures.look, /\(M-9\) looked at your/)
  assert.match(figures.verdict, /M-9/)
  assert.match(figures.offline, /^Everything holds: (\d+) of \1 entries/)
  const page = storyPage(figures)
  const wanted = [...page.matchAll(/pictures\/(story-[a-z-]+\.png)/g)].map((match) => match[1])
  assert.deepEqual(readdirSync(out).sort(), wanted.sort())
  assert.ok(!/undefined|NaN/.test(page))
})
