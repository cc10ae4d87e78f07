// Builds what a browser loads (the console, the customer page's script), only when its sources changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, ROOT } from './install.mjs'

const DIST = join(ROOT, 'web', 'dist')
const STAMP = join(DIST, '.built-from')

/** Builds when something changed; resolves when `web/dist` is up to date, rejects with the builder's words. */
export async function buildPages({ force = false } = {}) {
  const digest = digestOfSources()
  if (!force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return false
  await run(findNode(), [
    join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    'web',
    '--logLevel',
    'warn',
  ])
  await run(findNode(), [join(ROOT, 'src', 'my', 'build.ts')])
  writeFileSync(STAMP, digest)
  return true
}

function digestOfSources() {
  const hash = createHash('sha256')
  for (const path of ['web', 'src', 'package-lock.json']) addToDigest(hash, join(ROOT, path))
  return hash.digest('hex')
}

function addToDigest(hash, path) {
  if (!statSync(path).isDirectory()) {
    hash.update(path.slice(ROOT.length)).update(readFileSync(path))
    return
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'dist' && name !== 'node_modules') addToDigest(hash, join(path, name))
  }
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve()
      else reject(new Error(`building the pages failed:\n${said}`))
    })
  })
}
