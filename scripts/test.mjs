// `npm test`: everything a check can do, in a real browser and on real databases too.
import { checkTypesAndStyle, findTests, runTests } from './checks.mjs'
import { installPackages } from './install.mjs'

installPackages({ everything: true })
checkTypesAndStyle()
const { ensureChromium } = await import('./chromium.mjs')
const chromium = ensureChromium()
const { buildPages } = await import('./build.mjs')
await buildPages()
const { startTestDatabase } = await import('./test-database.mjs')
const database = await startTestDatabase()
const status = runTests(findTests({ browser: true }), {
  COUNTERSIGN_TEST_PG: database.url,
  CHROMIUM: chromium,
})
await database.stop()
process.exitCode = status
