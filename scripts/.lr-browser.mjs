import { runTests } from './checks.mjs'
import { startTestDatabase } from './test-database.mjs'
const database = await startTestDatabase()
const status = runTests(process.argv.slice(2), { COUNTERSIGN_TEST_PG: database.url, COUNTERSIGN_TEST_DIR: database.dir, CHROMIUM: '/usr/bin/chromium' })
await database.stop()
process.exitCode = status
