import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { writeDurably } from '../keys/durable-file.ts'
import { createHttpSource } from '../ledger/log-source.ts'
import { verifyPublicLog } from '../ledger/verify-public.ts'
import { readPolicyFile } from '../trust.ts'
import { requireUrl } from './mirror.ts'
import { EXIT, print, showProgress } from './terminal.ts'

export interface VerifyUrlOptions {
  readonly url: string
  readonly policy?: string
  readonly state?: string
  readonly json?: boolean
}

/** `countersign verify --url`: as an outsider, with a policy and no key or database of the operator's. */
export async function verifyUrl(options: VerifyUrlOptions): Promise<void> {
  if (options.policy === undefined)
    throw new InvalidArgumentError(
      '--url needs --policy FILE: whose signatures you trust (docs/verifying.md)',
    )
  const policy = readPolicyFile(options.policy)
  const source = createHttpSource(requireUrl('--url', options.url))
  const kept = readState(options.state)
  const progress = showProgress('Verifying')
  try {
    const verdict = await verifyPublicLog({
      source,
      policy,
      ...(kept === undefined ? {} : { kept }),
      progress: (done, total) =>
        progress.update(total === 0 ? 1 : done / total, `${done} of ${total} entries`),
    })
    progress.end()
    // What is not proven never replaces what was: it would hide the next finding.
    if (verdict.checkpoint !== null && options.state !== undefined)
      await keep(options.state, verdict.checkpoint)
    print(options.json === true, verdict, () => [
      verdict.ok ? verdict.why : `NOT PROVEN (${verdict.code}): ${verdict.why}`,
    ])
    if (!verdict.ok) process.exitCode = EXIT.no
  } finally {
    progress.end()
  }
}

function readState(path: string | undefined): string | undefined {
  if (path === undefined || !existsSync(path)) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new InvalidArgumentError(`the state file ${path} cannot be read`)
  }
}

async function keep(path: string, note: string): Promise<void> {
  const whole = resolve(path)
  await mkdir(dirname(whole), { recursive: true })
  writeDurably(dirname(whole), basename(whole), note)
}
