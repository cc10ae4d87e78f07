// `npm run check`: the inner loop. Types, style and every test that needs no browser; names or folders of
// tests may follow (`npm run check -- ledger`).
import { checkTypesAndStyle, findTests, runTests } from './checks.mjs'
import { installPackages } from './install.mjs'
import { startTestDatabase } from './test-database.mjs'

installPackages({ everything: true })
checkTypesAndStyle()
const wanted = process.argv.slice(2)
const files = findTests({ browser: false }).filter(
  (path) => wanted.length === 0 || wanted.some((word) => path.includes(word)),
)
if (files.length === 0) {
  console.error(`no test is named like ${wanted.join(', ')}`)
  process.exit(2)
}
const database = await startTestDatabase()
const status = runTests(files, { COUNTERSIGN_TEST_PG: database.url, COUNTERSIGN_QUICK: '1' })
await database.stop()
process.exitCode = status
