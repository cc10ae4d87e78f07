import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { writeDurably } from '../keys/durable-file.ts'
import { createHttpSource } from '../ledger/log-source.ts'
import { mirrorLog } from '../ledger/mirror.ts'
import { parsePolicy, type TrustPolicy } from '../ledger/trust-policy.ts'
import { CodedError } from '../platform/coded-error.ts'
import { readPolicyFile } from '../trust.ts'
import { jsonOption } from './options.ts'
import { EXIT, print, showProgress } from './terminal.ts'

interface MirrorCommandOptions {
  readonly from: string
  readonly to: string
  readonly policy?: string
  readonly json?: boolean
}

/** `countersign mirror`. */
export function addMirrorCommand(program: Command): void {
  program
    .command('mirror')
    .description('copy a public log into a folder of plain files, verifying it; run it again to catch up')
    .requiredOption('--from <url>', 'the log: https://care.example/log')
    .requiredOption('--to <dir>', 'the folder; any static web server can serve it as it is')
    .option(
      '--policy <file>',
      'whose signatures to ask for; without it, the policy the log itself shows at first, kept from then on',
    )
    .addOption(jsonOption())
    .action(mirror)
}

async function mirror(options: MirrorCommandOptions): Promise<void> {
  const from = createHttpSource(requireUrl('--from', options.from))
  const folder = resolve(options.to)
  await mkdir(folder, { recursive: true })
  const policy =
    options.policy === undefined ? await keptPolicy(from, folder) : readPolicyFile(options.policy)
  const progress = showProgress('Mirroring')
  try {
    const result = await mirrorLog({
      from,
      folder,
      policy,
      progress: (done, total) =>
        progress.update(total === 0 ? 1 : done / total, `${done} of ${total} entries`),
    })
    progress.end()
    print(options.json === true, result, () => [
      result.ok ? result.why : `REFUSED (${result.code}): ${result.why}`,
    ])
    if (!result.ok) process.exitCode = EXIT.no
  } finally {
    progress.end()
  }
}

/** Trusted on first use, and then for ever: a log that changes its keys is another log. */
async function keptPolicy(from: ReturnType<typeof createHttpSource>, folder: string): Promise<TrustPolicy> {
  const path = join(folder, 'policy')
  if (existsSync(path)) return readPolicyFile(path)
  const shown = await from.read('policy')
  if (shown === null)
    throw new CodedError(
      'policy-missing',
      'this log shows no policy: get it from its operator and give it with --policy',
    )
  const text = Buffer.from(shown).toString('utf8')
  const policy = parsePolicy(text)
  writeDurably(folder, 'policy', text)
  process.stderr.write(
    `countersign: took the keys that the log itself shows, and keeps them in ${path}: compare them with what its operator publishes elsewhere\n`,
  )
  return policy
}

/** An address that can be read. */
export function requireUrl(option: string, text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text
  throw new InvalidArgumentError(`${option} must be an address that begins with https:// or http://`)
}
