import { parentPort, workerData } from 'node:worker_threads'
import { type BatchMaker, createBatchMaker } from '../../calls/call-batch.ts'
import type { FillBatches } from '../../calls/formats/fill.ts'
import { fillSource } from '../../calls/formats/source.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { referenceMarker } from '../reference-mark.ts'
import { createSealer, type SealStrips } from '../seal-strips.ts'
import { lookAtSmall, type SmallFiles } from '../small-files.ts'
import { reopenSourceFile } from '../source-file.ts'
import {
  BATCHES_AHEAD,
  type FromThread,
  type ReadSmallTask,
  type ReadTask,
  type ThreadSettings,
  type ToThread,
} from './messages.ts'

/** One of the vault's threads: reads files into batches and seals strips, as the thread that gathers asks. */

const settings = workerData as ThreadSettings
const port = parentPort!
const markReference = referenceMarker(settings.referenceKey)
/** For each file on its way: takes a batch from how many may come, or ends it. */
const readings = new Map<number, { more(): void; stop(): void }>()
let seal: SealStrips | null = null
let small: SmallFiles | null = null
/** What the files of one run are read with, one after the other. */
let current: { readonly run: number; readonly fill: FillBatches; maker: BatchMaker } | null = null

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'read':
      void answering(message.task, () => readFile(message.task, message.read))
      return
    case 'look':
      void answering(message.task, async () => {
        small = lookAtSmall(message.paths, message.grown)
        say({ kind: 'looked', task: message.task, files: small.looked })
      })
      return
    case 'read-small':
      void answering(message.task, () => readSmall(message.task, message.read))
      return
    case 'more':
      readings.get(message.task)?.more()
      return
    case 'stop':
      readings.get(message.task)?.stop()
      return
    case 'source':
      seal = message.source === null ? null : createSealer(message.source)
      return
    case 'seal':
      void answering(message.task, async () => {
        const rows = seal!(message.strips)
        say({ kind: 'sealed', task: message.task, rows }, [rows.buffer])
      })
  }
})

function say(message: FromThread, handedOver: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...handedOver])
}

/** An error is an answer, too. */
async function answering(task: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    say({ kind: 'failed', task, message, code: error instanceof CodedError ? error.code : null })
  }
}

/** Whether one more message may be sent; waits until there is room, or until no more are wanted. */
function openReading(task: number): { mayGo(): Promise<boolean>; close(): void } {
  let [ahead, stopped] = [BATCHES_AHEAD, false]
  let wake: (() => void) | null = null
  const woken = (change: () => void) => () => {
    change()
    wake?.()
  }
  readings.set(task, {
    more: woken(() => ahead++),
    stop: woken(() => {
      stopped = true
    }),
  })
  return {
    async mayGo() {
      while (ahead === 0 && !stopped) await new Promise<void>((resolve) => (wake = resolve))
      ahead--
      return !stopped
    },
    close: () => void readings.delete(task),
  }
}

function newMaker(limit: number): BatchMaker {
  return createBatchMaker({
    servedByUs: (number) => settings.ownPrefixes.some((prefix) => number.startsWith(prefix)),
    markReference,
    limit,
  })
}

interface RunReading {
  readonly fill: FillBatches
  maker(): BatchMaker
  /** What was read and not sent is not known there: dictionaries begin anew. */
  renew(): void
}

function readingOf({ run, now, limit }: { run: number; now: number; limit: number }): RunReading {
  if (current?.run !== run)
    current = { run, fill: fillSource({ ...settings.source, now }), maker: newMaker(limit) }
  const own = current
  return {
    fill: own.fill,
    maker: () => own.maker,
    renew() {
      own.maker = newMaker(limit)
    },
  }
}

async function readFile(task: number, read: ReadTask): Promise<void> {
  const { fill, maker, renew } = readingOf(read)
  const reading = openReading(task)
  let [bytes, isWhole] = [0, false]
  try {
    const file = await reopenSourceFile(read.path, read.size)
    try {
      const chunks = file.bytes(Buffer.from(read.digest), (done) => {
        bytes = done
      })
      for await (const batch of fill(chunks, maker())) {
        if (!(await reading.mayGo())) return
        const memory = [batch.rows, ...(batch.references === null ? [] : [batch.references])]
        say({ kind: 'batch', task, batch, bytes }, memory)
      }
      isWhole = true
    } finally {
      await file.close()
    }
  } finally {
    reading.close()
    if (!isWhole) renew()
  }
  say({ kind: 'end', task })
}

async function readSmall(task: number, read: ReadSmallTask): Promise<void> {
  const { fill, maker, renew } = readingOf(read)
  const reading = openReading(task)
  try {
    for await (const pieces of small!.read(read.wanted, fill, { current: maker, renew }, read.limit)) {
      if (await reading.mayGo()) {
        say({ kind: 'pieces', task, pieces })
        continue
      }
      renew()
      return
    }
  } finally {
    reading.close()
  }
  say({ kind: 'end', task })
}
