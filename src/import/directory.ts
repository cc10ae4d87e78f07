import { existsSync, mkdirSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { waitingFiles } from '../intake/directory.ts'
import { CodedError } from '../platform/coded-error.ts'
import { describeError } from '../platform/http/problem.ts'
import type { Log } from '../platform/log.ts'
import { type ImportMap, readImportMap } from './import-map.ts'
import { LINE_KINDS, type LineKind } from './kinds.ts'
import type { ImportSummary } from './run.ts'

/** Takes one file of a kind. @throws CodedError when nothing of it could be read. */
export type TakeFile = (path: string, kind: LineKind, map: ImportMap | null) => Promise<ImportSummary>

export interface WatchedImport {
  /** Takes what waits, kind after kind; gives how many files. */
  sweep(): Promise<number>
  start(): void
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 10_000

/**
 * A directory with a folder for each kind, into which files are renamed when they are finished. `KIND.json` beside the
 * folders is the kind's map, where there is one. A file moves to `done` when every line of it has its outcome, and to
 * `failed` when nothing could be read; a crash in between costs nothing, for the same file again changes nothing. Kinds
 * are taken in the order in which one needs the other: subscribers before their charges, employees before their shifts.
 */
export function watchImports(parties: { directory: string; take: TakeFile; log: Log }): WatchedImport {
  const { directory, log } = parties
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<number> = Promise.resolve(0)
  const once = async (): Promise<number> => {
    let files = 0
    for (const kind of LINE_KINDS) if (!stopped) files += await sweepKind(parties, kind)
    return files
  }
  const sweep = (): Promise<number> => {
    underWay = underWay.catch(() => 0).then(once)
    return underWay
  }
  const look = (): void => {
    sweep().then(
      (files) => {
        if (files > 0) log.info({ files }, 'import')
      },
      (error: unknown) => log.warn(describeError(error), 'the import could not go on and will try again'),
    )
  }
  return {
    sweep,
    start() {
      for (const kind of LINE_KINDS) mkdirSync(join(directory, kind), { recursive: true, mode: 0o700 })
      look()
      timer = setInterval(look, LOOK_EVERY_MS)
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await underWay.catch(() => 0)
    },
  }
}

async function sweepKind(
  { directory, take, log }: { directory: string; take: TakeFile; log: Log },
  kind: LineKind,
): Promise<number> {
  const folder = join(directory, kind)
  if (!existsSync(folder)) return 0
  const mapPath = join(directory, `${kind}.json`)
  const waiting = await waitingFiles(folder)
  if (waiting.length === 0) return 0
  const map = existsSync(mapPath) ? readImportMap(mapPath, kind) : null
  for (const { path, name } of waiting) {
    let into = 'done'
    try {
      const { faults: _faults, ...counts } = await take(path, kind, map)
      log.info({ kind, ...counts }, 'imported')
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      into = 'failed'
      log.warn({ kind, ...describeError(error) }, 'nothing of a file could be read')
    }
    await rename(path, freeName(join(folder, into), name))
  }
  return waiting.length
}

function freeName(folder: string, name: string): string {
  let target = join(folder, name)
  for (let n = 1; existsSync(target); n++) target = join(folder, `${name}.${n}`)
  return target
}
