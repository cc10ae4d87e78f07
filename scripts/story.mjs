// `npm run story`: plays the leak from the look to the public statement through the real pages of a demo, and writes
// docs/story.md with its pictures. Every figure in it is read off those pages.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'

installPackages({ everything: true })
const { ensureChromium } = await import('./chromium.mjs')
const docs = process.argv[2] ?? join(ROOT, 'docs')
const played = spawnSync(findNode(), [join(ROOT, 'scripts', 'story.ts'), docs], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, CHROMIUM: ensureChromium() },
})
process.exitCode = played.status ?? 1
