import type { Db, Trx } from './database.ts'

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
  /** Waits for the jobs under way, then stops. */
  stop(): Promise<void>
}
