import type { EntryId } from '../ledger/entry.ts'
import type { Refusal } from '../platform/refusal.ts'
import { refuse } from '../platform/refusal.ts'
import type { Actor } from '../staff/staff.ts'
import { incidentNotFound, keptIn, viewOf } from './kept.ts'
import { type ListGiven, type OpenedList, openList } from './list.ts'
import { commitMaskKeys } from './mask-keys.ts'
import { mayDo } from './may.ts'
import type { PathParties, TraceParties } from './parties.ts'
import { listLeakPaths, type PathAsked, searchLeakPath } from './path-desk.ts'
import type { PathViewData } from './path-schemas.ts'
import { type ProofSoFar, proveRowByRow, runTrace, type TraceAsked } from './run-trace.ts'
import type { TraceLineData, TraceViewData } from './schemas.ts'
import { readTrace, readTracesOf } from './store.ts'

/** The trace desk: which look a found list came from. The incident room stands above it and calls it. */
export interface TraceDesk {
  /** How a list is understood; nothing is opened and nothing is kept. */
  read(by: Actor, list: ListGiven): Promise<OpenedList | Refusal>
  /** Traces a list for an open incident. Two entries stand round it: before any key is opened, and with the answer. */
  trace(by: Actor, asked: TraceAsked): Promise<TraceViewData | Refusal>
  /** What the first row of a list proves, the first two, and so on; with the same entries round it, and kept nowhere. */
  proveRowByRow(by: Actor, asked: TraceAsked): Promise<ProofSoFar[] | Refusal>
  /** A trace as it was answered. */
  get(by: Actor, id: string): Promise<TraceViewData | Refusal>
  /** The traces of an incident, newest first. */
  list(by: Actor, incident: string): Promise<TraceLineData[] | Refusal>
  /** How the list may have travelled on; needs a confirmed incident and two approvals. A lead, never proof. */
  searchPath(by: Actor, asked: PathAsked): Promise<PathViewData | Refusal>
  /** The searches of an incident, newest first. */
  paths(by: Actor, incident: string): Promise<PathViewData[] | Refusal>
  /** Commits to the day's mask keys; at the start of a server, and by a job each day. */
  commitMaskKeys(): Promise<void>
}

/** Opens the desk; registers its job, so call it before `jobs.start`. */
export function createTraceDesk(parties: PathParties): TraceDesk {
  parties.jobs.every('trace-commit-mask-keys', '1 0 * * *', () => commitMaskKeys(parties))
  return {
    read: (by, list) => readFor(parties, by, list),
    trace: (by, asked) => runTrace(parties, by, asked),
    proveRowByRow: (by, asked) => proveRowByRow(parties, by, asked),
    get: (by, id) => getTrace(parties, by, id),
    list: (by, incident) => listTraces(parties, by, incident),
    searchPath: (by, asked) => searchLeakPath(parties, by, asked),
    paths: (by, incident) => listLeakPaths(parties, by, incident),
    commitMaskKeys: () => commitMaskKeys(parties),
  }
}

async function readFor(parties: TraceParties, by: Actor, list: ListGiven): Promise<OpenedList | Refusal> {
  const refusal = mayDo(parties, by, 'run-trace', null)
  return refusal ?? openList(list, parties.plan)
}

async function getTrace(parties: TraceParties, by: Actor, id: string): Promise<TraceViewData | Refusal> {
  const row = await readTrace(parties.db, id)
  if (row === null) return traceNotFound()
  const refusal = mayDo(parties, by, 'read-trace', await parties.incidents.find(row.incident))
  return refusal ?? viewOf(parties, row, keptIn(parties, row))
}

async function listTraces(parties: TraceParties, by: Actor, id: string): Promise<TraceLineData[] | Refusal> {
  const incident = await parties.incidents.find(id)
  if (incident === null) return incidentNotFound()
  const refusal = mayDo(parties, by, 'read-trace', incident)
  if (refusal !== null) return refusal
  const rows = await readTracesOf(parties.db, incident.id)
  const answered = await parties.ledger.indexesOf(rows.map((row) => row.answered as EntryId))
  return rows.map((row, i) => {
    const { verdict, headline } = keptIn(parties, row)
    return { id: row.id, at: row.at, verdict, headline, answeredEntry: answered[i]! }
  })
}

function traceNotFound(): Refusal {
  return refuse('trace-not-found', 'There is no such trace.', 'Go back to the incident.')
}
