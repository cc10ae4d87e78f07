// `npm run attack [-- --json] [--quick] [--only ID,...]`: tries to steal from copies of the demo, on a database of its own, and
// prints what each attack took and who noticed. A whole run writes its table into docs/threat-model.md.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'
import { fillDemoTemplate, startTestDatabase } from './test-database.mjs'

const options = process.argv.slice(2)
installPackages({ everything: true })
const whole = !options.some((option) => ['--quick', '--only', '--docs'].includes(option))
const given = process.env.COUNTERSIGN_TEST_PG
const database = given === undefined ? await startTestDatabase() : null
let status = 1
if (database === null || (await fillDemoTemplate(database)) === 0) {
  const docs = whole ? ['--docs', join(ROOT, 'docs', 'threat-model.md')] : []
  const env =
    database === null
      ? process.env
      : { ...process.env, COUNTERSIGN_TEST_PG: database.url, COUNTERSIGN_TEST_DIR: database.dir }
  const main = join(ROOT, 'bench', 'attack', 'main.ts')
  const ran = spawnSync(findNode(), [main, ...options, ...docs], { cwd: ROOT, stdio: 'inherit', env })
  status = ran.status ?? 1
}
await database?.stop()
process.exitCode = status
