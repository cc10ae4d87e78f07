import type { Clock } from '../src/platform/clock.ts'
import { invariant } from '../src/platform/coded-error.ts'
import type { JobPayload, Jobs } from '../src/platform/jobs.ts'
import type { SmsSender } from '../src/platform/sms/sender.ts'
import type { LiveCall, Telephony } from '../src/platform/telephony/telephony.ts'

/** A clock that somebody turns: it stands still until it is moved, and never goes back. */
export interface PastClock extends Clock {
  moveTo(at: number): void
  pass(milliseconds: number): void
}

/** Texts as the customer of the past reads them: nothing leaves the process. */
export interface PastTexts extends SmsSender {
  /** The six digits of the last text to this number (E.164) that has a code, once. */
  takeCode(number: string): string | null
}

/** Telephony of the past: whoever rings is on the line until the call ends. */
export interface PastTelephony extends Telephony {
  ring(call: { number: string; desk: string }): string
  end(callId: string): Promise<void>
}

/** Jobs of the past: they wait in memory until the clock has reached them and somebody asks. */
export interface PastJobs extends Jobs {
  runDue(): Promise<void>
}

/**
 * What the rooms are built with while the past is made up: the real rooms, with a clock that is turned, texts that
 * are read in memory, and a telephone exchange whose calls are made here. Everything they write is as if it had
 * happened then.
 */
export interface Past {
  readonly clock: PastClock
  readonly texts: PastTexts
  readonly telephony: PastTelephony
  readonly jobs: PastJobs
}

/** Begins at `at`, epoch ms. */
export function createPast(at: number): Past {
  const clock = createPastClock(at)
  return {
    clock,
    texts: createPastTexts(),
    telephony: createPastTelephony(clock),
    jobs: createPastJobs(clock),
  }
}

function createPastClock(at: number): PastClock {
  let now = at
  const moveTo = (to: number) => {
    invariant(to >= now, 'the past is made up in order')
    now = to
  }
  return { now: () => now, moveTo, pass: (milliseconds) => moveTo(now + milliseconds) }
}

function createPastTexts(): PastTexts {
  const codes = new Map<string, string>()
  return {
    send: async (_trx, { to, text }) => {
      const code = /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)
      if (code !== null) codes.set(to, code[0])
    },
    takeCode(number) {
      const code = codes.get(number) ?? null
      codes.delete(number)
      return code
    },
  }
}

function createPastTelephony(clock: Clock): PastTelephony {
  const calls = new Map<string, LiveCall>()
  const endListeners = new Set<Parameters<Telephony['onCallEnded']>[0]>()
  let made = 0
  const newest = (matches: (call: LiveCall) => boolean) => [...calls.values()].findLast(matches) ?? null
  return {
    ring({ number, desk }) {
      made += 1
      const callId = `past-${made}`
      const startedAt = clock.now()
      calls.set(callId, {
        callId,
        number,
        desk,
        networkAsserted: true,
        answered: true,
        startedAt,
        callBackRef: null,
      })
      return callId
    },
    async end(callId) {
      const call = calls.get(callId)
      calls.delete(callId)
      if (call === undefined) return
      for (const listener of endListeners) await listener({ callId, desk: call.desk })
    },
    liveCall: async (number) => newest((call) => call.number === number),
    liveCallAtDesk: async (desk) => newest((call) => call.desk === desk),
    liveCallById: async (callId) => calls.get(callId) ?? null,
    // Nobody is called back and nothing is keyed in: the past's callers speak, and read out their codes.
    callBack: async () => {},
    askDigits: async () => {},
    onDigits: () => () => {},
    onCallBack: () => () => {},
    onCallEnded(listener) {
      endListeners.add(listener)
      return () => endListeners.delete(listener)
    },
  }
}

interface WaitingJob {
  readonly task: string
  readonly payload: JobPayload
  readonly runAt: number
  readonly key: string | undefined
}

function createPastJobs(clock: Clock): PastJobs {
  const tasks = new Map<string, (payload: JobPayload) => Promise<void>>()
  let waiting: WaitingJob[] = []
  return {
    enqueue: async (_trx, task, payload, { runAt = clock.now(), key } = {}) => {
      if (key !== undefined) waiting = waiting.filter((job) => job.key !== key)
      waiting.push({ task, payload, runAt, key })
    },
    handle: (task, run) => void tasks.set(task, run),
    every: () => {},
    start: async () => {},
    stop: async () => {},
    async runDue() {
      for (;;) {
        const due = waiting.filter((job) => job.runAt <= clock.now())
        if (due.length === 0) return
        waiting = waiting.filter((job) => job.runAt > clock.now())
        for (const job of due.sort((a, b) => a.runAt - b.runAt)) await tasks.get(job.task)?.(job.payload)
      }
    },
  }
}
