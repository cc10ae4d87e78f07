import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { type Customers, createCustomers, type Registration } from '../../src/customers/customers.ts'
import { type CustomerSessions, createCustomerSessions } from '../../src/customers/sessions.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import type { KeyService } from '../../src/keys/key-service.ts'
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import type { JobPayload, Jobs } from '../../src/platform/jobs.ts'
import type { SmsMessage } from '../../src/platform/sms/sender.ts'
import { openTestDatabase } from '../support/database.ts'

export const PASSPHRASE = 'a passphrase for tests only'
export const START = Date.UTC(2026, 8, 12, 4, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const NUMBER = '+959791204412' as E164

/** The room on a real database, ledger and keys; texts and jobs stay in lists, and time stands still until told. */
export interface TestRoom {
  readonly database: OpenDatabase
  readonly keys: KeyService
  readonly ledger: Ledger
  readonly customers: Customers
  readonly sessions: CustomerSessions
  readonly texts: SmsMessage[]
  readonly tenures: unknown[]
  time: number
  /** Does the jobs whose time has come, in order, as graphile-worker would; gives how many. */
  runJobs(): Promise<number>
}

export async function openRoom(t: TestContext): Promise<TestRoom> {
  const database = await openTestDatabase(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-customers-'))
  await initKeys(join(dir, 'keys'), PASSPHRASE)
  const keys = await openKeys(join(dir, 'keys'), PASSPHRASE)
  const texts: SmsMessage[] = []
  const tenures: unknown[] = []
  const queue = jobQueue()
  const time = { now: START }
  const clock = { now: () => time.now }
  const ledger = await createLedger({
    pool: database.pool,
    keys,
    clock,
    random: randomBytes,
    origin: 'test.example/log',
  })
  const base = {
    db: database.db,
    ledger,
    vault: { setTenures: async (_trx: unknown, made: readonly unknown[]) => void tenures.push(...made) },
    keys,
    clock,
    random: randomBytes,
    sms: { send: async (_trx: unknown, message: SmsMessage) => void texts.push(message) },
    jobs: queue.jobs,
    publicUrl: 'http://localhost:8080',
    operator: 'Ayeyar Mobile',
  }
  const customers = createCustomers(base)
  const sessions = createCustomerSessions({ ...base, customers })
  const room: TestRoom = {
    database,
    keys,
    ledger,
    customers,
    sessions,
    texts,
    tenures,
    get time() {
      return time.now
    },
    set time(now) {
      time.now = now
    },
    runJobs: () => queue.run(time.now),
  }
  t.after(async () => {
    await ledger.close()
    keys.close()
    rmSync(dir, { recursive: true })
  })
  return room
}

/** A subscriber as most tests want her. */
export function registration(more: Partial<Registration> = {}): Registration {
  return {
    number: NUMBER,
    name: { my: 'ခင်မာလွင်', latn: 'Khin Mar Lwin', honorific: 'Daw' },
    language: 'en',
    region: 'Yangon',
    registeredOn: START - 400 * DAY,
    ...more,
  }
}

/** The six digits of a text. */
export function codeOf(message: SmsMessage | undefined): string {
  return /^[0-9]{6}/.exec(message?.text ?? '')?.[0] ?? 'no code'
}

function jobQueue(): { jobs: Jobs; run(now: number): Promise<number> } {
  const tasks = new Map<string, (payload: JobPayload) => Promise<void>>()
  let waiting: { task: string; payload: JobPayload; runAt: number; key: string | undefined }[] = []
  return {
    jobs: {
      async enqueue(_trx, task, payload, options) {
        const key = options?.key
        waiting = waiting.filter((job) => key === undefined || job.key !== key)
        waiting.push({ task, payload, runAt: options?.runAt ?? 0, key })
      },
      handle: (task, run) => void tasks.set(task, run),
      every: () => {},
      start: async () => {},
      stop: async () => {},
    },
    async run(now) {
      const due = waiting.filter((job) => job.runAt <= now)
      waiting = waiting.filter((job) => job.runAt > now)
      for (const job of due) await tasks.get(job.task)?.(job.payload)
      return due.length
    },
  }
}
