// A throw-away PostgreSQL for one run of tests or benches, on the embedded binaries.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNode, nodeEnvironment, ROOT } from './install.mjs'

/**
 * Starts a cluster of its own in a temporary directory. `durable` keeps fsync on, as benches need.
 * Gives `{ url, dir, stop }`; `dir` has room for what tests share, and `stop` leaves nothing behind.
 */
export async function startTestDatabase({ durable = false } = {}) {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-pg-'))
  const child = spawn(
    findNode(),
    [join(ROOT, 'scripts', 'cluster.ts'), join(dir, 'cluster'), durable ? 'durable' : 'fast'],
    { stdio: ['pipe', 'pipe', 'inherit'], env: nodeEnvironment() },
  )
  const ended = new Promise((resolve) => child.on('close', resolve))
  const url = await new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      const line = /^url (\S+)\n/.exec(said)
      if (line !== null) resolve(line[1])
    })
    child.on('close', () => reject(new Error('the test database did not start')))
  })
  const stop = async () => {
    child.stdin.end()
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
  return { url, dir, stop }
}

/**
 * Begins to fill the demo that browser tests copy, in `database`; gives a promise of its exit status. It takes about a
 * minute, in which other tests may run.
 */
export function fillDemoTemplate(database) {
  const script = join(ROOT, 'scripts', 'demo-template.ts')
  const child = spawn(findNode(), [script, database.url, database.dir], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: nodeEnvironment(),
  })
  return new Promise((resolve) => child.on('close', (status) => resolve(status ?? 1)))
}
