import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** PostgreSQL refuses to run as root; as root we run it as `nobody`. */
const NOBODY = 65_534

/** The user that the database's files belong to: ours, or `nobody` when we are root. */
export function databaseUser(): number {
  const own = process.getuid?.() ?? 0
  return own === 0 ? NOBODY : own
}

/**
 * Starts a database program in a process group of its own, so that a Ctrl-C in the terminal reaches us and
 * not it. As root it runs as `nobody`; where a directory on the way to `paths` is closed to others (a clone
 * under /root), it keeps the one capability to pass, and nothing more.
 */
export function spawnDatabaseProgram(
  program: string,
  args: string[],
  options: SpawnOptions & { paths: string[] },
): ChildProcess {
  const { paths, ...rest } = options
  const spawned: SpawnOptions = { ...rest, detached: true }
  if (process.getuid?.() !== 0) return spawn(program, args, spawned)
  if ([program, ...paths].every(othersMayReach)) {
    return spawn(program, args, { ...spawned, uid: NOBODY, gid: NOBODY })
  }
  const keep = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const identity = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
  return spawn('setpriv', [...identity, ...keep, program, ...args], spawned)
}

function othersMayReach(path: string): boolean {
  for (let at = dirname(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}
