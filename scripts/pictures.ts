/** Draws docs/pictures from real pages: `node scripts/pictures.ts OUT`. It starts a demo of its own and leaves nothing. */
import { mkdirSync } from 'node:fs'
import { drawPages } from './draw-pages.ts'
import { onStage } from './stage.ts'

const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('usage: pictures.ts OUT')
mkdirSync(out, { recursive: true })
await onStage(async (house) => {
  for await (const name of drawPages(house, out)) process.stdout.write(`${name}\n`)
})
