import { mkdirSync, watch } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import { describeError } from '../platform/http/problem.ts'
import type { Log } from '../platform/log.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { StreamSummary } from '../vault/ingest-stream.ts'
import { type HandledFile, type IngestPaths, sweepDirectory, waitingFiles } from './directory.ts'
import type { IntakeOverview } from './overview.ts'
import { addToStream, latestFiles, listStreams, saveFiles, sumFiles } from './store.ts'

/** What intake works with; the ways into the vault are handed in by whoever puts the rooms together. */
export interface IntakeParties {
  readonly db: Db
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Log
  /** The directory that files are dropped into; null: none is watched. */
  readonly directory: string | null
  /** Files whole files and writes the entry that says how many. */
  readonly ingest: IngestPaths
  /** Files lines of a stream, the first of which is number `first`, and writes the entry. */
  ingestLines(stream: string, first: number, lines: Readable): Promise<StreamSummary>
  streamThrough(stream: string): Promise<number>
  quarantineSize(): Promise<number>
}

/** Where records come in by themselves. */
export interface Intake {
  /** Files what waits in the directory; gives how many files. */
  sweep(): Promise<number>
  /** Watches the directory until `stop`. */
  start(): void
  stop(): Promise<void>
  /** Files lines of a stream. Refuses a gap: `first` must be at most one behind what is on record. */
  takeLines(stream: string, first: number, lines: Readable): Promise<StreamSummary | Refusal>
  through(stream: string): Promise<number>
  overview(): Promise<IntakeOverview>
}

const SHOWN_FILES = 100
const HOUR_MS = 3_600_000
/** Watching is a help; a network file system tells nothing, so the directory is looked at all the same. */
const LOOK_EVERY_MS = 10_000

/** Opens the intake; nothing is watched until `start`. */
export function createIntake(parties: IntakeParties): Intake {
  const { db, sealer, clock, directory } = parties
  const sweep = directory === null ? async () => 0 : createSweep(parties, directory)
  const watching = createWatching(parties, sweep)
  return {
    sweep,
    start: watching.start,
    stop: watching.stop,
    async takeLines(stream, first, lines) {
      const through = await parties.streamThrough(stream)
      if (first > through + 1) {
        return refuse(
          'intake-gap',
          `Lines are missing before this one: the stream is on record up to line ${through}.`,
          `Send from line ${through + 1} on.`,
        )
      }
      const summary = await parties.ingestLines(stream, first, lines)
      const { read, filed, duplicate, quarantined } = summary
      await addToStream(db, { name: stream, read, filed, duplicate, quarantined, latestAt: clock.now() })
      return summary
    },
    through: (stream) => parties.streamThrough(stream),
    async overview() {
      const now = clock.now()
      const waiting = directory === null ? [] : await waitingFiles(directory)
      const [day, hour] = [await sumFiles(db, now - 24 * HOUR_MS), await sumFiles(db, now - HOUR_MS)]
      const files = await latestFiles(db, SHOWN_FILES)
      return {
        watching: directory !== null,
        waiting: {
          files: waiting.length,
          bytes: waiting.reduce((sum, file) => sum + file.size, 0),
          oldestSeconds: waiting.length === 0 ? 0 : seconds(now - waiting[0]!.writtenAt),
        },
        day: {
          files: day.files,
          failed: day.failed,
          read: day.read,
          filed: day.filed,
          longestLagSeconds: seconds(day.longestLag),
        },
        recordsPerSecond: hour.milliseconds === 0 ? 0 : Math.round((hour.read * 1000) / hour.milliseconds),
        quarantined: await parties.quarantineSize(),
        files: files.map((file) => ({
          name: sealer.open('intake-file', NAME_CONTEXT, file.name).toString(),
          size: file.size,
          outcome: file.outcome,
          reason: file.reason,
          read: file.read,
          filed: file.filed,
          duplicate: file.duplicate,
          quarantined: file.quarantined,
          finishedAt: file.finishedAt,
          lagSeconds: seconds(file.finishedAt - file.writtenAt),
        })),
        streams: await listStreams(db),
      }
    },
  }
}

const NAME_CONTEXT = 'intake.file name'

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds / 1000))
}

/** One sweep at a time: who asks while one is under way waits for it and for one more. */
function createSweep(parties: IntakeParties, directory: string): () => Promise<number> {
  const { db, sealer, clock, ingest } = parties
  const once = async (): Promise<number> => {
    let takenAt = clock.now()
    const note = async (files: readonly HandledFile[]): Promise<void> => {
      const finishedAt = clock.now()
      const rows = files.map(({ name, size, outcome, reason, counts, writtenAt }) => {
        const { read, filed, duplicate, quarantined } = counts
        const sealed = sealer.seal('intake-file', NAME_CONTEXT, Buffer.from(name))
        const row = { name: sealed, size, outcome, reason, read, filed, duplicate, quarantined }
        return { ...row, writtenAt, takenAt, finishedAt }
      })
      await saveFiles(db, rows)
      takenAt = clock.now()
    }
    return sweepDirectory(directory, ingest, note)
  }
  let running: Promise<number> = Promise.resolve(0)
  return () => {
    running = running.catch(() => 0).then(once)
    return running
  }
}

function createWatching({ directory, log }: IntakeParties, sweep: () => Promise<number>) {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let watcher: ReturnType<typeof watch> | undefined
  let under: Promise<void> | null = null
  const look = (): void => {
    if (stopped || under !== null) return
    under = sweep()
      .then(
        (files) => {
          if (files > 0) log.info({ files }, 'intake')
        },
        (error: unknown) => log.warn(describeError(error), 'the intake could not go on and will try again'),
      )
      .finally(() => {
        under = null
      })
  }
  return {
    start() {
      if (directory === null) return
      mkdirSync(directory, { recursive: true })
      look()
      timer = setInterval(look, LOOK_EVERY_MS)
      watcher = watch(directory, look)
      watcher.on('error', (error) => log.warn(describeError(error), 'the intake directory cannot be watched'))
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      watcher?.close()
      await under
    },
  }
}
