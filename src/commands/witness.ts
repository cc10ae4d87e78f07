import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { parseVerifierKey, type VerifierKey } from '../ledger/note.ts'
import { openSeenStore } from '../ledger/witness/seen-store.ts'
import { createWitness } from '../ledger/witness/witness.ts'
import { openWitnessKey } from '../ledger/witness/witness-key.ts'
import { serveWitness } from '../ledger/witness/witness-server.ts'
import { systemClock } from '../platform/clock.ts'
import { CodedError } from '../platform/coded-error.ts'
import { createLog } from '../platform/log.ts'
import { jsonOption, wholeNumber } from './options.ts'
import { print } from './terminal.ts'

interface WitnessOptions {
  readonly dir: string
  readonly name?: string
  readonly log?: readonly string[]
  readonly logs?: string
  readonly host: string
  readonly port: number
  readonly attached?: boolean
  readonly json?: boolean
}

/** `countersign witness`. */
export function addWitnessCommand(program: Command): void {
  program
    .command('witness')
    .description('cosign checkpoints of logs that only ever grow; a server of its own, with its own key')
    .requiredOption(
      '--dir <dir>',
      'where its key and what it has seen lie; back up witness.key, never copy it',
    )
    .option('--name <name>', 'what a new witness is called, for ever: regulator.example/witness')
    .option('--log <key...>', 'the key of a log to follow, as the log gives it: name+id+base64')
    .option('--logs <file>', 'a file with one such key a line; # begins a comment line')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <n>', 'where to listen', wholeNumber(0, 65_535), 8090)
    .option('--attached', 'stop when standard input closes')
    .addOption(jsonOption())
    .action(witness)
}

async function witness(options: WitnessOptions): Promise<void> {
  const directory = resolve(options.dir)
  const logs = readLogs(options)
  if (logs.length === 0) throw new InvalidArgumentError('name a log to follow, with --log or --logs')
  const key = openWitnessKey(directory, options.name)
  const store = openSeenStore(directory)
  const log = createLog({ level: 'warn', clock: systemClock })
  const { host, port } = options
  const server = await serveWitness(createWitness({ key, store, logs, clock: systemClock }), {
    host,
    port,
    log,
  })
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`
  print(options.json === true, { url, key: key.verifierKey }, () => [
    `Witness ${key.name} listens on ${url} for ${logs.map(({ name }) => name).join(', ')}`,
    'Give this line to the operator, for the policy of its log (NAME is what the policy calls you):',
    `  witness NAME ${key.verifierKey} ${url}`,
  ])
  await asked(options.attached === true)
  await server.close()
  store.close()
}

function readLogs({ log = [], logs }: WitnessOptions): VerifierKey[] {
  const listed = logs === undefined ? [] : readLines(logs)
  const keys = [...log, ...listed].map((text) => {
    try {
      return parseVerifierKey(text)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      throw new InvalidArgumentError(`"${text.slice(0, 80)}" is not the key of a log: ${error.message}`)
    }
  })
  if (new Set(keys.map(({ name }) => name)).size < keys.length)
    throw new InvalidArgumentError('a log is named twice: a log has one key')
  return keys
}

function readLines(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  } catch {
    throw new InvalidArgumentError(`the list of logs ${path} cannot be read`)
  }
}

/** Resolves when somebody asks to stop. */
function asked(attached: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve())
    if (attached) process.stdin.resume().once('end', resolve).once('close', resolve).once('error', resolve)
  })
}
