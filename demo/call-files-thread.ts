import { parentPort, workerData } from 'node:worker_threads'
import { writeCallFiles } from './write-call-files.ts'

writeCallFiles(workerData, (path) => parentPort!.postMessage(path))
