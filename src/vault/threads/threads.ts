import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CallBatch } from '../../calls/call-batch.ts'
import { CodedError } from '../../platform/coded-error.ts'
import type { SealSource, StripBatch } from '../seal-strips.ts'
import type { LookedFile, SmallPiece } from '../small-files.ts'
import type { FromThread, ReadSmallTask, ReadTask, ThreadSettings, ToThread } from './messages.ts'

/** Threads that read files and seal blocks on the cores there are. The keys they are given stay in this process. */
export interface VaultThreads {
  readonly count: number
  /** One of them has failed, and none takes anything any more. */
  readonly broken: boolean
  /** The batches of one file, in its order, by thread `at`; one reading on each at a time. @throws CodedError as reading it does. */
  read(at: number, task: ReadTask, onBytes: (read: number) => void): AsyncGenerator<CallBatch>
  /** A look at small files, as `lookAtSmall`, on thread `at`; it holds their bytes until its next look. */
  look(at: number, paths: readonly string[], grown: readonly number[]): Promise<readonly LookedFile[]>
  /** Reads files of the last look on thread `at`. */
  readSmall(at: number, task: ReadSmallTask): AsyncGenerator<readonly SmallPiece[]>
  /** Rows for COPY, in the order of `batches`; one source at a time. */
  seal(source: SealSource, batches: AsyncGenerator<StripBatch>): AsyncGenerator<Uint8Array>
  close(): Promise<void>
}

/** Threads take a tenth of a second to start: for less than this, and fewer files, one is enough. */
const THREADS_FROM_BYTES = 8 * 1024 * 1024
const THREADS_FROM_FILES = 100

/** Each takes some 60 MB, and the database needs cores, too. */
const MOST_THREADS = 6
/** Batches of strips that a thread has waiting besides the one it seals. */
const SEALS_AHEAD = 2

type Answer = (message: FromThread | Error) => void

/** Whether so many files of so many bytes in all are worth threads. */
export function needsThreads(files: number, bytes: number): boolean {
  return bytes >= THREADS_FROM_BYTES || files >= THREADS_FROM_FILES
}

/** Starts the threads. They keep the process only while they have something to do. */
export function openVaultThreads(settings: ThreadSettings): VaultThreads {
  const count = Math.min(MOST_THREADS, availableParallelism())
  const answers = new Map<number, Answer>()
  let tasks = 0
  let broken: Error | null = null
  const breakDown = (error: Error): void => {
    broken ??= error
    for (const answer of answers.values()) answer(error)
  }
  const threads = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings })
    worker.on('message', (message: FromThread) => answers.get(message.task)?.(message))
    worker.on('error', breakDown)
    worker.on('exit', (code) => {
      if (code !== 0) breakDown(new Error(`a thread of the vault ended with ${code}`))
    })
    worker.unref()
    return worker
  })
  const begin = (answer: Answer): number => {
    if (broken !== null) throw broken
    if (answers.size === 0) for (const worker of threads) worker.ref()
    answers.set(++tasks, answer)
    return tasks
  }
  const end = (task: number): void => {
    answers.delete(task)
    if (answers.size === 0) for (const worker of threads) worker.unref()
  }
  return {
    count,
    get broken() {
      return broken !== null
    },
    read: (at, task, onBytes) => readOn(threads[at]!, { begin, end }, task, onBytes),
    look: (at, paths, grown) => lookOn(threads[at]!, { begin, end }, paths, grown),
    readSmall: (at, task) => readSmallOn(threads[at]!, { begin, end }, task),
    seal: (source, batches) => sealOn(threads, { begin, end }, source, batches),
    async close() {
      await Promise.all(threads.map((worker) => worker.terminate()))
    },
  }
}

interface Tasks {
  begin(answer: Answer): number
  end(task: number): void
}

function post(thread: Worker, message: ToThread, handedOver: readonly ArrayBuffer[] = []): void {
  thread.postMessage(message, [...handedOver])
}

/** The messages that answer a task, each as it is asked for; the thread may send some ahead. */
async function* answersOf(
  thread: Worker,
  { begin, end }: Tasks,
  ask: (task: number) => ToThread,
): AsyncGenerator<FromThread> {
  const come: (FromThread | Error)[] = []
  let wake: (() => void) | null = null
  const task = begin((message) => {
    come.push(message)
    wake?.()
  })
  post(thread, ask(task))
  let done = false
  try {
    while (!done) {
      while (come.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      const message = come.shift()!
      done = message instanceof Error || message.kind === 'end' || message.kind === 'failed'
      if (message instanceof Error || message.kind === 'failed') throw errorOf(message)
      if (message.kind === 'end') continue
      yield message
      post(thread, { kind: 'more', task })
    }
  } finally {
    if (!done) post(thread, { kind: 'stop', task })
    end(task)
  }
}

async function* readOn(
  thread: Worker,
  tasks: Tasks,
  read: ReadTask,
  onBytes: (read: number) => void,
): AsyncGenerator<CallBatch> {
  for await (const message of answersOf(thread, tasks, (task) => ({ kind: 'read', task, read }))) {
    if (message.kind !== 'batch') throw errorOf(message)
    onBytes(message.bytes)
    yield message.batch
  }
}

async function* readSmallOn(
  thread: Worker,
  tasks: Tasks,
  read: ReadSmallTask,
): AsyncGenerator<readonly SmallPiece[]> {
  for await (const message of answersOf(thread, tasks, (task) => ({ kind: 'read-small', task, read }))) {
    if (message.kind !== 'pieces') throw errorOf(message)
    yield message.pieces
  }
}

function lookOn(
  thread: Worker,
  { begin, end }: Tasks,
  paths: readonly string[],
  grown: readonly number[],
): Promise<readonly LookedFile[]> {
  return new Promise((resolve, reject) => {
    const task = begin((message) => {
      end(task)
      if (message instanceof Error || message.kind !== 'looked') reject(errorOf(message))
      else resolve(message.files)
    })
    post(thread, { kind: 'look', task, paths, grown })
  })
}

async function* sealOn(
  threads: readonly Worker[],
  { begin, end }: Tasks,
  source: SealSource,
  batches: AsyncGenerator<StripBatch>,
): AsyncGenerator<Uint8Array> {
  for (const thread of threads) post(thread, { kind: 'source', source })
  const sealing: Promise<Uint8Array | null>[] = []
  let next = 0
  const sealed = async (): Promise<Uint8Array | null> => {
    const { done, value: strips } = await batches.next()
    if (done === true) return null
    const thread = threads[next++ % threads.length]!
    return new Promise((resolve, reject) => {
      const task = begin((message) => {
        end(task)
        if (message instanceof Error || message.kind !== 'sealed') reject(errorOf(message))
        else resolve(message.rows)
      })
      post(thread, { kind: 'seal', task, strips })
    })
  }
  const sealNext = (): void => {
    const rows = sealed()
    // Whoever awaits it hears of it.
    rows.catch(() => {})
    sealing.push(rows)
  }
  try {
    for (let at = 0; at < threads.length * SEALS_AHEAD; at++) sealNext()
    for (let rows = await sealing.shift()!; rows !== null; rows = await sealing.shift()!) {
      sealNext()
      yield rows
    }
  } finally {
    for (const thread of threads) post(thread, { kind: 'source', source: null })
  }
}

/** An error of a thread as it was there. */
function errorOf(message: FromThread | Error): Error {
  if (message instanceof Error) return message
  if (message.kind !== 'failed') return new Error(`invariant broken: a thread answered ${message.kind}`)
  return message.code === null ? new Error(message.message) : new CodedError(message.code, message.message)
}
