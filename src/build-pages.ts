import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from './platform/coded-error.ts'

/** The repository's top. */
export const TOP = fileURLToPath(new URL('..', import.meta.url))
/** The built console. */
export const PAGES = join(TOP, 'web', 'dist')

const STAMP = join(PAGES, '.built-from')
const SOURCES = ['web', 'src', 'package-lock.json']

/**
 * Builds the console, only when its sources changed since the last time.
 * @returns whether it had to. @throws CodedError `pages-not-built` with the builder's own words.
 */
export async function buildPages(): Promise<boolean> {
  const hash = createHash('sha256')
  for (const path of SOURCES) addToDigest(hash, path)
  const digest = hash.digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return false
  // Aside, and renamed when whole: two servers of one checkout may start at the same time.
  const aside = mkdtempSync(join(TOP, 'web', 'dist-making-'))
  try {
    const vite = join(TOP, 'node_modules', 'vite', 'bin', 'vite.js')
    await runNode([vite, 'build', 'web', '--outDir', aside, '--emptyOutDir', '--logLevel', 'warn'])
    writeFileSync(join(aside, '.built-from'), digest)
    putInPlace(aside)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return true
}

/** Where another server put its own pages in between, those are as good: both are built from the same sources. */
function putInPlace(aside: string): void {
  rmSync(PAGES, { recursive: true, force: true })
  try {
    renameSync(aside, PAGES)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

function addToDigest(hash: ReturnType<typeof createHash>, path: string): void {
  const full = join(TOP, path)
  if (!statSync(full).isDirectory()) {
    hash.update(path).update(readFileSync(full))
    return
  }
  for (const name of readdirSync(full).sort()) {
    if (!name.startsWith('dist') && name !== 'node_modules') addToDigest(hash, join(path, name))
  }
}

function runNode(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: TOP, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8')
      })
    }
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve()
      else reject(new CodedError('pages-not-built', `the pages could not be built:\n${said.trim()}`))
    })
  })
}

if (import.meta.main) await buildPages()
