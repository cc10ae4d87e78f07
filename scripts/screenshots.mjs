// `npm run screenshots`: draws docs/pictures/*.png from the real pages of a demo. The seed is always the same, so the
// same pages come out; only dates follow the day on which it runs.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'

installPackages({ everything: true })
const { ensureChromium } = await import('./chromium.mjs')
const out = process.argv[2] ?? join(ROOT, 'docs', 'pictures')
const drawn = spawnSync(findNode(), [join(ROOT, 'scripts', 'pictures.ts'), out], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, CHROMIUM: ensureChromium() },
})
process.exitCode = drawn.status ?? 1
