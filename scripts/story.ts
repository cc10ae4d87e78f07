/** Plays the story of the leak: `node scripts/story.ts DOCS` writes DOCS/story.md and DOCS/pictures/story-*.png. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { playStory } from './play-story.ts'
import { shrinkPng } from './shrink-png.ts'
import { onStage } from './stage.ts'
import { storyPage } from './story-page.ts'

const [docs] = process.argv.slice(2)
if (docs === undefined) throw new Error('usage: story.ts DOCS')
const pictures = join(docs, 'pictures')
mkdirSync(pictures, { recursive: true })
await onStage(async (house) => {
  const figures = await playStory(house, pictures, (said) => process.stdout.write(`${said}\n`), shrinkPng)
  writeFileSync(join(docs, 'story.md'), storyPage(figures))
  process.stdout.write('story.md\n')
})
