import type { DemoSurroundings } from './demo-instance.ts'
import type { StartCopy } from './demo-steal.ts'
import { type Birth, findInstance } from './instance.ts'
import type { Clock } from './platform/clock.ts'
import { CodedError } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import type { App } from './platform/http/app.ts'
import { createLog, type Log } from './platform/log.ts'
import { startTracing } from './platform/tracing.ts'
import { unwind } from './platform/unwind.ts'
import type { Outside, Rooms } from './rooms.ts'
import { openServingWorld } from './world.ts'

/** As `package.json` says it. */
const VERSION = '0.1.0'

export interface ServerOptions {
  readonly config: Config
  readonly passphraseFd?: number | undefined
  /** What a directory that does not exist yet is born as. */
  readonly born?: Birth | undefined
  /** Aborting while the server starts gives back everything and ends the process. */
  readonly signal: AbortSignal
  readonly progress: (done: number, phrase: string) => void
  /** The machine's own unless given. */
  readonly clock?: Clock
  /** A copy in which a visitor plays offers no game of its own. */
  readonly isCopy?: boolean
}

export interface RunningServer {
  readonly url: string
  readonly rooms: Rooms
  readonly app: App
  /** What stands round a demo; null round a real operator. */
  readonly demo: DemoSurroundings | null
  /** Takes no new requests, finishes those under way, then ends jobs, rooms and the database it started. */
  close(): Promise<void>
}

/** Starts everything: database, rooms, the demo's surroundings and its first day where it has none, pages, HTTP. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const undo: (() => Promise<unknown> | undefined)[] = []
  const close = (): Promise<void> => unwind(undo)
  const giveUp = (): void => {
    close().finally(() => process.exit(130))
  }
  options.signal.addEventListener('abort', giveUp)
  try {
    const server = await start(options, undo)
    return { ...server, close }
  } catch (error) {
    await close()
    throw error
  } finally {
    options.signal.removeEventListener('abort', giveUp)
  }
}

async function start(
  options: ServerOptions,
  undo: (() => Promise<unknown> | undefined)[],
): Promise<Omit<RunningServer, 'close'>> {
  const { config, progress } = options
  // A setting that is missing is said before anything is started.
  if (findInstance(config)?.born === 'real') outsideOf(config)
  const tracing = await startTracing(process.env, { version: VERSION })
  undo.push(() => tracing?.close())
  progress(0, 'starting the database')
  const loading = loadProduct()
  const world = await openServingWorld(options)
  undo.push(() => world.close())
  const { createCoreRooms, createRooms, openEpochs, openLines, ...product } = await loading
  const log = createLog({ level: config.logLevel, clock: world.clock })
  const isDemo = world.instance.born === 'demo'
  progress(0.02, 'building the pages')
  await Promise.all([product.buildPages(), isDemo ? product.fillDemo(world, config, log, progress) : null])
  const demo = isDemo ? await product.startDemoSurroundings(world, config) : null
  undo.push(() => demo?.close())
  const core = await createCoreRooms({ world, config, log })
  const lines = openLines(core, demo?.outside ?? outsideOf(config))
  const rooms = createRooms(core, lines)
  undo.push(
    () => rooms.close(),
    () => lines.close(),
  )
  const epochs = await openEpochs(core, rooms)
  undo.push(() => epochs.close())
  await rooms.trace.commitMaskKeys()
  const game =
    demo === null || options.isCopy === true ? null : product.openDemoGame(world, config, startCopy(options))
  undo.push(() => game?.close())
  const app = await product.composeApp({ ...rooms, telephony: lines.telephony, epochs }, demo, game)
  undo.push(() => app.close())
  await listen(app, config, log)
  await lines.jobs.start()
  rooms.intake.start()
  const imports = product.openWatchedImport(core)
  imports?.start()
  undo.push(async () => imports?.stop())
  rooms.ledger.witnessing.start()
  rooms.schemaWatch.start()
  epochs.start()
  rooms.watch.start()
  return { url: config.publicUrl, rooms, app, demo }
}

/** The product's own code, which takes as long to load as a database to start: so both at once. */
async function loadProduct() {
  const [pages, compose, demo, game, imports, rooms] = await Promise.all([
    import('./build-pages.ts'),
    import('./compose.ts'),
    import('./demo-instance.ts'),
    import('./demo-steal.ts'),
    import('./import-room.ts'),
    import('./rooms.ts'),
  ])
  return { ...pages, ...compose, ...demo, ...game, ...imports, ...rooms }
}

/** A server like this one, on a copy of its demo. */
function startCopy({ signal }: ServerOptions): StartCopy {
  return (config) => startServer({ config, born: 'demo', signal, isCopy: true, progress: () => {} })
}

/** @throws CodedError `config-invalid` when a real instance is not told where its SMS centre and exchange are. */
function outsideOf(config: Config): Outside {
  const { smsc, telephony } = config
  if (smsc !== null && telephony !== null) return { smsc, pbx: telephony }
  const missing = smsc === null ? 'COUNTERSIGN_SMSC' : 'COUNTERSIGN_TELEPHONY_URL'
  throw new CodedError(
    'config-invalid',
    `${missing} must be set: customers are verified through it (docs/running.md)`,
  )
}

/** @throws CodedError `address-in-use`, in words. */
async function listen(app: App, config: Config, log: Log): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
    throw new CodedError(
      'address-in-use',
      `something else listens on port ${config.port}: stop it, or use another --port`,
      { cause },
    )
  }
  log.info({ port: config.port }, 'listening')
}
