import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { callFiles, makeWorld } from './calls.ts'
import type { CallFilesWanted } from './write-call-files.ts'

/** The thread of `beginCallFiles`: writes all files, telling of each. */

const { seed, now, directory } = workerData as CallFilesWanted
for (const { name, text } of callFiles(makeWorld(seed, now))) {
  const path = join(directory, name)
  writeFileSync(path, text)
  parentPort!.postMessage(path)
}
