import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { countFiles, type DemoWorld } from './calls.ts'

/** The switch's files, in a directory of their own. */
export interface CallFilesOnDisk {
  /** Their paths when all are written; `progress` goes from 0 to 1. @throws Error when one could not be written. */
  written(progress: (done: number) => void): Promise<string[]>
  /** Stops writing and deletes the directory. */
  remove(): Promise<void>
}

/** What the thread is given. */
export interface CallFilesWanted {
  readonly seed: string
  readonly now: number
  readonly directory: string
}

/** Starts to write the world's files on a thread of their own: people are hired and numbers registered meanwhile. */
export function beginCallFiles(world: DemoWorld): CallFilesOnDisk {
  const { seed, now } = world
  const directory = mkdtempSync(join(tmpdir(), 'countersign-demo-'))
  const wanted: CallFilesWanted = { seed, now, directory }
  const thread = new Worker(new URL('./call-files-thread.ts', import.meta.url), { workerData: wanted })
  const all = countFiles(world)
  const paths: string[] = []
  let tell: (done: number) => void = () => {}
  const ended = new Promise<string[]>((resolve, reject) => {
    thread.on('message', (path: string) => {
      paths.push(path)
      tell(paths.length / all)
    })
    thread.on('error', reject)
    thread.on('exit', () =>
      paths.length === all ? resolve(paths) : reject(new Error('the demo’s call files were not all written')),
    )
  })
  // Who asks for them later hears of it.
  ended.catch(() => {})
  return {
    written(progress) {
      tell = progress
      return ended
    },
    async remove() {
      await thread.terminate()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
