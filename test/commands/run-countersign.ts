import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { ROOT } from '../support/sources.ts'

export const PASSPHRASE = 'a passphrase of a test\n'

export interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** A directory of this test's own, gone when it ends. */
export function makeDirectory(t: Pick<TestContext, 'after'>): string {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-command-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Starts the real command line as its own process, with the passphrase on standard input. */
export function startCountersign(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${ROOT}bin/countersign.mjs`, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8')
  })
  child.stdin.on('error', () => {})
  child.stdin.end(PASSPHRASE)
  const ended = new Promise<Ran>((resolve) => child.on('close', (status) => resolve({ status, out, err })))
  /** Resolves when standard output has said this; throws when the process ended without. */
  const said = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (out.includes(words)) resolve()
      }
      child.stdout.on('data', look)
      ended.then((ran) => reject(new Error(`it ended (${ran.status}) without saying "${words}": ${ran.err}`)))
      look()
    })
  return { child, ended, said, output: () => out }
}

/** Runs the real command line to its end. */
export function runCountersign(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return startCountersign(args, env).ended
}

/** The passphrase in a file, for commands whose standard input is taken. */
export function writePassphrase(dir: string): string {
  const path = join(dir, 'passphrase')
  writeFileSync(path, PASSPHRASE)
  return path
}
