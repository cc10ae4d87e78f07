import { setTimeout } from 'node:timers/promises'

/** Waits for `work`, at most `ms`. @returns whether it ended; it is not stopped. @throws what it throws by then. */
export async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const limit = new AbortController()
  const late = setTimeout(ms, false, { signal: limit.signal })
  return Promise.race([work.then(() => true), late]).finally(() => limit.abort())
}
