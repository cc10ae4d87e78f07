// `npm test`: everything a check can do, in a real browser and on real databases too.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkTypesAndStyle, findTests, runTests } from './checks.mjs'
import { findNode, installPackages, nodeEnvironment, ROOT } from './install.mjs'

installPackages({ everything: true })
checkTypesAndStyle()
const { ensureChromium } = await import('./chromium.mjs')
const chromium = ensureChromium()
const { ensureSoftHsm } = await import('./pkcs11.mjs')
ensureSoftHsm()
const built = spawnSync(findNode(), [join(ROOT, 'src', 'build-pages.ts')], {
  stdio: 'inherit',
  env: nodeEnvironment(),
})
if (built.status !== 0) process.exit(1)
const { fillDemoTemplate, startTestDatabase } = await import('./test-database.mjs')
const database = await startTestDatabase()
const filled = fillDemoTemplate(database)
const env = {
  COUNTERSIGN_TEST_PG: database.url,
  COUNTERSIGN_TEST_DIR: database.dir,
  CHROMIUM: chromium,
}
const all = findTests({ browser: true })
const plain = findTests({ browser: false })
const statuses = [runTests(plain, env)]
const inBrowser = all.filter((path) => !plain.includes(path))
statuses.push((await filled) === 0 ? runTests(inBrowser, env) : 1)
await database.stop()
process.exitCode = Math.max(...statuses)
