import {
  type CronItem,
  Logger,
  parseCronItems,
  type Runner,
  runMigrations,
  run as runWorker,
  type TaskList,
} from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import { CodedError, invariant } from './coded-error.ts'
import type { Db, Trx } from './database.ts'
import { describeError } from './http/problem.ts'
import { endsWithin } from './in-time.ts'
import type { Log } from './log.ts'

/** What a job's payload may hold: ids and settings. Payloads rest unsealed, so never a number, a name or a text. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JobPayload = Readonly<Record<string, Json>>

/** Work to be done later, enqueued in the transaction of the state that needs it. */
export interface Jobs {
  /**
   * Enqueues `task`; it runs only if `trx` commits, at least once, so `run` must bear a repetition.
   * @param options.runAt ms since 1970; now when absent.
   * @param options.key a waiting job of the same key is replaced, not joined.
   * @param options.maxAttempts default 25, with exponential back-off.
   */
  enqueue(
    trx: Trx | Db,
    task: string,
    payload: JobPayload,
    options?: { runAt?: number; key?: string; maxAttempts?: number },
  ): Promise<void>
  /** Says how `task` is done. Before `start`. A `run` that throws is tried again later. */
  handle(task: string, run: (payload: JobPayload) => Promise<void>): void
  /** Runs at every time that `crontab` ("0 3 * * *", UTC) names, once for all servers. Before `start`. */
  every(name: string, crontab: string, run: () => Promise<void>): void
  /** Begins to work; enqueuing needs no start. */
  start(): Promise<void>
  /**
   * Waits for the jobs under way, then stops.
   * @throws CodedError `jobs-not-stopped` when they have not ended after ten seconds.
   */
  stop(): Promise<void>
}

/** How many jobs one server does at a time. */
const CONCURRENT_JOBS = 4
const STOP_LIMIT_MS = 10_000

/**
 * Jobs by graphile-worker, whose tables live in the schema `graphile_worker` of the same database and install
 * themselves before the first use. `pool` needs room for one connection that listens and those of the jobs.
 */
export function createJobs(options: { pool: pg.Pool; log: Log }): Jobs {
  const { pool, log } = options
  // A connection that breaks while a job holds it must not end the process; the job's own query reports it.
  pool.on('connect', (client) => client.on('error', () => {}))
  const tasks: TaskList = {}
  const crontab: CronItem[] = []
  const logger = new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ says: message }, 'jobs')
  })
  let installed: Promise<void> | undefined
  let runner: Runner | undefined

  const handle: Jobs['handle'] = (task, run) => {
    invariant(runner === undefined, 'tasks are named before the jobs start')
    invariant(tasks[task] === undefined, `the task ${task} is handled once`)
    tasks[task] = async (payload: unknown) => {
      try {
        await run(payload as JobPayload)
      } catch (error) {
        log.warn({ task, ...describeError(error) }, 'a job failed and will be tried again')
        // graphile-worker keeps this message in its table, so it holds nothing of what failed.
        throw new Error(`task ${task} failed`)
      }
    }
  }
  return {
    enqueue: async (trx, task, payload, { runAt, key, maxAttempts } = {}) => {
      installed ??= runMigrations({ pgPool: pool, logger })
      await installed
      const at = runAt === undefined ? null : new Date(runAt)
      await sql`SELECT graphile_worker.add_job(${task}, payload := ${JSON.stringify(payload)}::json,
        run_at := ${at}::timestamptz, max_attempts := ${maxAttempts ?? null}::int, job_key := ${key ?? null})`.execute(
        trx,
      )
    },
    handle,
    every: (name, match, run) => {
      handle(name, run)
      crontab.push({ task: name, match, identifier: name })
    },
    start: async () => {
      runner = await runWorker({
        pgPool: forgivingPool(pool),
        taskList: tasks,
        parsedCronItems: parseCronItems(crontab),
        concurrency: CONCURRENT_JOBS,
        noHandleSignals: true,
        logger,
      })
      runner.promise.catch((error: unknown) => log.error(describeError(error), 'jobs stopped'))
    },
    stop: async () => {
      const stopping = runner
      runner = undefined
      if (stopping === undefined) return
      // A worker whose database went away under it never says that it has stopped.
      if (!(await endsWithin(stopping.stop(), STOP_LIMIT_MS)))
        throw new CodedError('jobs-not-stopped', 'jobs under way did not end: they will be tried again')
    },
  }
}

type ConnectCallback = Parameters<pg.Pool['connect']>[0]

/**
 * The pool as the worker sees it. A worker that stops just when its listening connection breaks gives it back twice, which
 * a pool answers by throwing where nobody catches, and the process would end there.
 */
function forgivingPool(pool: pg.Pool): pg.Pool {
  const connect = (callback?: ConnectCallback): unknown =>
    callback === undefined
      ? pool.connect()
      : pool.connect((error, client, release) => {
          let isBack = false
          callback(error, client, (broken) => {
            if (!isBack) release(broken)
            isBack = true
          })
        })
  return Object.create(pool, { connect: { value: connect } }) as pg.Pool
}
