import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../coded-error.ts'

/**
 * Makes this process the one that serves `dir`, until `release`. The lock names the process and when it
 * started, so that one left by a crash, even where its number has gone to another program, does not block.
 * @throws CodedError `already-serving` when the process that holds it is alive.
 */
export function lockDirectory(dir: string): { release(): void } {
  const path = join(dir, 'serving.lock')
  const own = `${process.pid} ${startOf(process.pid)}`
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600)
      writeSync(file, own)
      closeSync(file)
      return { release: () => releaseOwn(path, own) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error
    }
    const holder = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (isAlive(holder)) {
      throw new CodedError(
        'already-serving',
        `process ${holder.split(' ')[0]} already serves ${dir}: stop it, or use another --data`,
      )
    }
    rmSync(path, { force: true })
  }
}

/** The process that serves `dir` now, or null. */
export function servingProcess(dir: string): number | null {
  const path = join(dir, 'serving.lock')
  const holder = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return isAlive(holder) ? Number(holder.split(' ')[0]) : null
}

function releaseOwn(path: string, own: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === own) rmSync(path)
}

function isAlive(holder: string): boolean {
  const [pid, start] = holder.split(' ')
  if (pid === undefined || start === undefined || !/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(Number(pid)) === start
}

/** When a process started, in clock ticks since boot (proc(5), field 22); `unknown` where there is no /proc. */
function startOf(pid: number): string {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return 'unknown'
  const stat = readFileSync(path, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
}
