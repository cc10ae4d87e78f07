// `npm test`: everything a check can do, in a real browser and on real databases too.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkTypesAndStyle, findTests, runTests } from './checks.mjs'
import { findNode, installPackages, ROOT } from './install.mjs'

installPackages({ everything: true })
checkTypesAndStyle()
const { ensureChromium } = await import('./chromium.mjs')
const chromium = ensureChromium()
const built = spawnSync(findNode(), [join(ROOT, 'src', 'build-pages.ts')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)
const { startTestDatabase } = await import('./test-database.mjs')
const database = await startTestDatabase()
const status = runTests(findTests({ browser: true }), {
  COUNTERSIGN_TEST_PG: database.url,
  CHROMIUM: chromium,
})
await database.stop()
process.exitCode = status
