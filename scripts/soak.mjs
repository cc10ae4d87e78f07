// `npm run soak -- NAME [--rounds N]`: many rounds of one trial that tries to break something, on real parts. Trials live
// in `test/soak/NAME.ts`; `npm test` runs three rounds of each.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'
import { startTestDatabase } from './test-database.mjs'

const [name, ...options] = process.argv.slice(2)
const folder = join(ROOT, 'test', 'soak')
const trials = readdirSync(folder)
  .filter((file) => /^[a-z-]+\.ts$/.test(file))
  .map((file) => file.slice(0, -3))
const file = join(folder, `${name}.ts`)
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(file)) {
  console.error(`usage: npm run soak -- NAME [--rounds N]   where NAME is one of: ${trials.join(', ')}`)
  process.exit(2)
}
installPackages({ everything: true })
const given = process.env.COUNTERSIGN_TEST_PG
const database = given === undefined ? await startTestDatabase({ durable: true }) : null
const result = spawnSync(findNode(), [file, ...options], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, COUNTERSIGN_TEST_PG: given ?? database.url },
})
await database?.stop()
process.exitCode = result.status ?? 1
