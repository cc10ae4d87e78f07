// `npm run schemathesis [-- --role ROLE,... --examples N]`: throws every request of the OpenAPI document at a demo as each role.
// Schemathesis (PyPI) is installed, in this version, into a virtual environment under node_modules/.cache.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'
import { fillDemoTemplate, startTestDatabase } from './test-database.mjs'

const VERSION = '4.32.5'
const HOME = join(ROOT, 'node_modules', '.cache', 'schemathesis')
const PROGRAM = join(HOME, 'bin', 'st')

installPackages({ everything: true })
installSchemathesis()
const given = process.env.COUNTERSIGN_TEST_PG
const database = given === undefined ? await startTestDatabase() : null
let status = 1
if (database === null || (await fillDemoTemplate(database)) === 0) {
  const own =
    database === null ? {} : { COUNTERSIGN_TEST_PG: database.url, COUNTERSIGN_TEST_DIR: database.dir }
  const main = join(ROOT, 'bench', 'schemathesis', 'main.ts')
  const env = { ...process.env, ...own, COUNTERSIGN_SCHEMATHESIS: PROGRAM }
  const ran = spawnSync(findNode(), [main, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit', env })
  status = ran.status ?? 1
}
await database?.stop()
process.exitCode = status

function installSchemathesis() {
  if (existsSync(PROGRAM) && run(PROGRAM, ['--version']).stdout.includes(VERSION)) return
  console.log(`Installing schemathesis ${VERSION} …`)
  mkdirSync(join(HOME, '..'), { recursive: true })
  if (run('python3', ['-m', 'venv', HOME]).status !== 0)
    fail(
      'A virtual environment could not be made: it takes python3 and python3-venv (sudo apt-get install python3-venv).',
    )
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`]
  const installed = spawnSync(join(HOME, 'bin', 'python'), pip, { stdio: 'inherit' })
  if (installed.status !== 0) fail('Schemathesis could not be installed from PyPI.')
}

function run(program, args) {
  return spawnSync(program, args, { encoding: 'utf8' })
}

function fail(words) {
  console.error(words)
  process.exit(1)
}
