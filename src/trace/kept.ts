import type { EntryId } from '../ledger/entry.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { TraceParties } from './parties.ts'
import type { TraceViewData } from './schemas.ts'
import type { TraceRow } from './store.ts'
import type { TraceFindings } from './view.ts'

/** An answered trace as it is kept, and as it is shown again. */

/** What is sealed beside the row. */
export type Kept = TraceFindings & { serial: string; keysCommitted: string | null }

/** The view of a trace: what is kept, with where its entries stand in the ledger. */
export async function viewOf(
  { ledger }: TraceParties,
  row: Pick<TraceRow, 'id' | 'incident' | 'at' | 'listDigest' | 'begun' | 'answered'>,
  { keysCommitted, ...findings }: Kept,
): Promise<TraceViewData> {
  const entries = [row.begun, row.answered, ...(keysCommitted === null ? [] : [keysCommitted])] as EntryId[]
  const [begunEntry, answeredEntry, keysCommittedEntry = null] = await ledger.indexesOf(entries)
  return {
    id: row.id,
    incident: row.incident,
    at: row.at,
    listDigest: row.listDigest,
    begunEntry: begunEntry as number,
    answeredEntry: answeredEntry as number,
    keysCommittedEntry,
    ...findings,
  }
}

/** Opens what was kept. */
export function keptIn({ keys }: TraceParties, row: TraceRow): Kept {
  return JSON.parse(keys.sealer.open('trace', `${row.id}:answer`, row.answer).toString('utf8')) as Kept
}

/** Says that there is no such incident. */
export function incidentNotFound(): Refusal {
  return refuse(
    'incident-not-found',
    'There is no such incident.',
    'A trace needs an open incident: report one first.',
  )
}
