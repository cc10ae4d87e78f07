// `npm run bench -- NAME [--json] [options]`: one measurement, against its peer, on a durable database of its own.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, installPackages, nodeEnvironment, ROOT } from './install.mjs'
import { startTestDatabase } from './test-database.mjs'

const [name, ...options] = process.argv.slice(2)
const benches = readdirSync(join(ROOT, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const file = join(ROOT, 'bench', `${name}.ts`)
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(file)) {
  console.error(`usage: npm run bench -- NAME [--json]   where NAME is one of: ${benches.join(', ')}`)
  process.exit(2)
}
installPackages({ everything: true })
const given = process.env.COUNTERSIGN_BENCH_PG
const database = given === undefined ? await startTestDatabase({ durable: true }) : null
const result = spawnSync(findNode(), [file, ...options], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...nodeEnvironment(), COUNTERSIGN_BENCH_PG: given ?? database.url },
})
await database?.stop()
process.exitCode = result.status ?? 1
