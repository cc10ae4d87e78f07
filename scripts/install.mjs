// Runs on any Node from 16 up: brings node_modules in line with the lock file and finds the pinned Node 26.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, fstatSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const STAMP = join(ROOT, 'node_modules', '.countersign-installed')
const WANTED_MAJOR = 26

/**
 * Installs what the lock file says, once: `everything` adds what only checks need. Packages' own install
 * scripts do not run, so that nothing is downloaded or compiled behind the reader's back.
 */
export function installPackages({ everything }) {
  const digest = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  const installed = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : ''
  if (installed === `all ${digest}` || (!everything && installed === `run ${digest}`)) return
  console.log(everything ? 'Installing packages for running and checking …' : 'Installing packages …')
  const result = spawnSync(
    'npm',
    [
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...(everything ? ['--include=dev'] : ['--omit=dev']),
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (result.error !== undefined || result.status !== 0) {
    console.error(
      `The packages could not be installed (${result.error?.message ?? `npm ci ended with ${result.status}`}). ` +
        'Check that npm reaches its registry, then run the same command again.',
    )
    process.exit(1)
  }
  writeFileSync(STAMP, `${everything ? 'all' : 'run'} ${digest}`)
}

/** What the pinned Node inherits: the terminal, and the descriptors that `--passphrase-fd N` and its like name. */
export function inheritedStreams(args) {
  const named = args
    .flatMap((arg, at) =>
      /^--[a-z-]*-fd$/.test(arg) ? [args[at + 1]] : /^--[a-z-]*-fd=(\d+)$/.exec(arg)?.[1],
    )
    .map(Number)
    .filter((descriptor) => descriptor > 2 && descriptor <= 1024)
  return Array.from({ length: Math.max(2, ...named) + 1 }, (_, descriptor) =>
    descriptor <= 2 || (named.includes(descriptor) && isOpen(descriptor)) ? descriptor : 'ignore',
  )
}

function isOpen(descriptor) {
  try {
    const kind = fstatSync(descriptor)
    return kind.isFile() || kind.isFIFO() || kind.isSocket() || kind.isCharacterDevice()
  } catch {
    return false
  }
}

/** The environment for the pinned Node: what it compiled once it keeps, and later starts cost half. */
export function nodeEnvironment() {
  return { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node'), ...process.env }
}

/** The path of a Node 26: the npm package's, or the one running this when it is new enough. */
export function findNode() {
  const packaged = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath
  console.error(
    `Countersign needs Node ${WANTED_MAJOR}. No package of it exists for ${process.platform}-${process.arch}: ` +
      `install Node ${WANTED_MAJOR} yourself and run the same command again.`,
  )
  process.exit(1)
}
