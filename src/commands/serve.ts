import type { Command } from 'commander'
import { type Birth, findInstance } from '../instance.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { type DataOptions, dataOption, passphraseOption, wholeNumber } from './options.ts'
import { showProgress } from './terminal.ts'

interface ServeOptions extends DataOptions {
  readonly port?: number
  readonly host?: string
  readonly demo?: boolean
  readonly defaultDemo?: boolean
  readonly intake?: string
  readonly intakeMap?: string
  readonly intakeNumbers?: string
}

/** `countersign serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the console, the customers’ pages and the public log')
    .addOption(dataOption())
    .option('--port <n>', 'where to listen, 8080 unless given', wholeNumber(1, 65_535))
    .option('--host <address>', 'the address to listen on, localhost unless given')
    .option('--demo', 'make a demo directory if there is none, with the demo operator and one-click sign-ins')
    .option('--default-demo', 'as --demo where the directory is new; an existing one as it was born')
    .option('--intake <dir>', 'file whatever call records are renamed into this directory (docs/ingest.md)')
    .option('--intake-map <file>', 'the column map of delimited files that come in there')
    .option('--intake-numbers <file>', 'numbers of people whom those files call by IMSI, extension or user')
    .addOption(passphraseOption())
    .action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const { data, port, host, passphraseFd, intake, intakeMap, intakeNumbers } = options
  const env = { ...process.env, ...(host === undefined ? {} : { COUNTERSIGN_HOST: host }) }
  const config = readConfig(env, {
    ...(data === undefined ? {} : { data }),
    ...(port === undefined ? {} : { port }),
    ...(intake === undefined ? {} : { intake }),
    ...(intakeMap === undefined ? {} : { intakeMap }),
    ...(intakeNumbers === undefined ? {} : { intakeNumbers }),
  })
  const stop = listenForStop()
  const progress = showProgress('Preparing')
  const { startServer } = await import('../server.ts')
  const server = await startServer({
    config,
    passphraseFd,
    born: birthOf(options, config),
    signal: stop.signal,
    progress: (done, phrase) => progress.update(done, phrase),
  }).finally(() => progress.end())
  const { welcome } = await import('./welcome.ts')
  process.stdout.write(`${(await welcome(server)).join('\n')}\n`)
  await stop.asked
  process.stdout.write('Stopping …\n')
  await server.close()
}

/** What a new directory is to be born as; undefined: serve what is there. */
function birthOf(options: ServeOptions, config: Config): Birth | undefined {
  if (options.demo === true) return 'demo'
  return options.defaultDemo === true && findInstance(config)?.born !== 'real' ? 'demo' : undefined
}

/** A terminal's Ctrl-C arrives twice: from it, and from whoever started us and hands it on. */
const SAME_SIGNAL_MS = 1_000

/**
 * The first SIGINT, SIGTERM or SIGHUP asks to stop, also while starting. One more Ctrl-C a moment later ends the
 * process where it is; nothing else does, so that a terminal that closes meanwhile cuts nothing short.
 */
function listenForStop(): { signal: AbortSignal; asked: Promise<void> } {
  const controller = new AbortController()
  const asked = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()))
  let firstAt = 0
  const stop = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now()
      controller.abort()
    } else if (name === 'SIGINT' && performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(130)
    }
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  // A terminal that is gone takes no more words; stopping goes on without them.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return { signal: controller.signal, asked }
}
