import { buildPages } from './build-pages.ts'
import { composeApp } from './compose.ts'
import { fillDemo, startDemoSurroundings } from './demo-instance.ts'
import { type Birth, findInstance } from './instance.ts'
import { CodedError } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import type { App } from './platform/http/app.ts'
import { createLog, type Log } from './platform/log.ts'
import { createCoreRooms, createRooms, type Outside, openEpochs, openLines, type Rooms } from './rooms.ts'
import { openServingWorld } from './world.ts'

export interface ServerOptions {
  readonly config: Config
  readonly passphraseFd?: number | undefined
  /** What a directory that does not exist yet is born as. */
  readonly born?: Birth | undefined
  /** Aborting while the server starts gives back everything and ends the process. */
  readonly signal: AbortSignal
  readonly progress: (done: number, phrase: string) => void
}

export interface RunningServer {
  readonly url: string
  readonly rooms: Rooms
  readonly app: App
  /** Takes no new requests, finishes those under way, then ends jobs, rooms and the database it started. */
  close(): Promise<void>
}

/** Starts everything: database, rooms, the demo's surroundings and its first day where it has none, pages, HTTP. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const undo: (() => Promise<unknown> | undefined)[] = []
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step()
  }
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
  progress(0, 'starting the database')
  const world = await openServingWorld(options)
  undo.push(() => world.close())
  const log = createLog({ level: config.logLevel, clock: world.clock })
  const isDemo = world.instance.born === 'demo'
  progress(0.02, 'building the pages')
  await Promise.all([buildPages(), isDemo ? fillDemo(world, config, log, progress) : null])
  const demo = isDemo ? await startDemoSurroundings(world, config) : null
  undo.push(() => demo?.close())
  const core = await createCoreRooms({ world, config, log })
  const lines = openLines(core, demo?.outside ?? outsideOf(config))
  const rooms = createRooms(core, lines)
  undo.push(async () => {
    await lines.close()
    await rooms.close()
  })
  const epochs = await openEpochs(core, rooms)
  undo.push(() => epochs.close())
  await rooms.trace.commitMaskKeys()
  const app = await composeApp({ ...rooms, telephony: lines.telephony, epochs }, demo)
  undo.push(() => app.close())
  await listen(app, config, log)
  await lines.jobs.start()
  rooms.intake.start()
  rooms.ledger.witnessing.start()
  epochs.start()
  rooms.watch.start()
  return { url: config.publicUrl, rooms, app }
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
