// The steps that `npm test` and `npm run check` share.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, nodeEnvironment, ROOT } from './install.mjs'

/** Type-checks server and console, and lints everything. Exits with the tool's own words when something is wrong. */
export function checkTypesAndStyle() {
  step('types', join('node_modules', '.bin', 'tsc'), ['-p', '.'])
  if (existsSync(join(ROOT, 'web', 'tsconfig.json'))) {
    step('types of the console', join('node_modules', '.bin', 'tsc'), ['-p', 'web'])
  }
  step('style', join('node_modules', '.bin', 'biome'), ['check', '--error-on-warnings', '.'])
}

/** Every test file under `test/`, those in a real browser only when asked for. */
export function findTests({ browser }) {
  return filesUnder(join(ROOT, 'test'))
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => browser || !path.includes(join('test', 'browser')))
    .map((path) => path.slice(ROOT.length + 1))
    .sort()
}

/** Runs Node's test runner on `files`, two at a time; gives its exit status. */
export function runTests(files, env, extra = []) {
  const result = spawnSync(
    findNode(),
    ['--test', '--test-concurrency=2', '--test-timeout=240000', '--test-reporter=spec', ...extra, ...files],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...nodeEnvironment(), ...env } },
  )
  return result.status ?? 1
}

function filesUnder(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
}

function step(what, program, args) {
  const result = spawnSync(join(ROOT, program), args, {
    cwd: ROOT,
    stdio: 'inherit',
    // The tools are scripts for Node and must run on the pinned one.
    env: { ...process.env, PATH: `${join(findNode(), '..')}:${process.env.PATH}` },
  })
  if (result.status === 0) return
  console.error(`\n${what}: not in order (see above)`)
  process.exit(1)
}
