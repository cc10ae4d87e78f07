import { readdirSync, readFileSync } from 'node:fs'

/** What some work took. */
export interface Spent {
  readonly seconds: number
  /** Processor time of this process with all its threads, and of the database's processes. */
  readonly ours: number
  readonly database: number
}

/** Ticks of the kernel's accounting in a second, on every Linux. */
const TICKS = 100

/**
 * Runs `work` and says what it took. The database's time is that of all processes named `postgres` that descend from the
 * server's own, as `/proc` counts it: to a hundredth of a second.
 */
export async function measure(serverPid: number, work: () => Promise<void>): Promise<Spent> {
  const [begun, database, own] = [performance.now(), databaseSeconds(serverPid), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(own)
  return {
    seconds: (performance.now() - begun) / 1000,
    ours: (user + system) / 1_000_000,
    database: databaseSeconds(serverPid) - database,
  }
}

/** The server's own process, by one of its backends. */
export function serverOf(backendPid: number): number {
  return statOf(backendPid)?.parent ?? 0
}

/** Processor time that another process has taken so far, with its threads; 0 once it has ended. */
export function processSeconds(pid: number): number {
  return (statOf(pid)?.ticks ?? 0) / TICKS
}

function databaseSeconds(serverPid: number): number {
  let ticks = 0
  for (const name of readdirSync('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue
    const stat = statOf(Number(name))
    if (stat !== null && (stat.pid === serverPid || stat.parent === serverPid)) ticks += stat.ticks
  }
  // Children that have ended are in their parent's own account.
  return (ticks + (statOf(serverPid)?.childTicks ?? 0)) / TICKS
}

function statOf(pid: number): { pid: number; parent: number; ticks: number; childTicks: number } | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // The name may hold blanks: fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const at = (field: number): number => Number(fields[field - 3])
  return { pid, parent: at(4), ticks: at(14) + at(15), childTicks: at(16) + at(17) }
}
