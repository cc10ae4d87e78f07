import type { OtherParty } from '../calls/call-record.ts'
import { otherPartyKey } from '../calls/call-record.ts'
import type { EntryDraft } from '../ledger/entry.ts'
import type { Field } from '../ledger/receipt.ts'
import { actorIdOf, bySaying } from '../staff/say.ts'
import type { Actor } from '../staff/staff.ts'
import type { LogRecord } from './align.ts'
import type { TraceEntryBody } from './entries.ts'
import type { TraceParties } from './parties.ts'

/** Opening a log for a case: each opening is an entry of its own, with a receipt, before anything is seen. */

export interface LogWanted {
  readonly subject: string
  readonly tenure: string
  /** Epoch seconds, half open. */
  readonly from: number
  readonly until: number
}

/** For what a log is opened, as its entry says. */
export interface LogPurpose {
  readonly trace: string
  readonly incident: string
  readonly why: TraceEntryBody<'trace-log-opened'>['why']
  readonly by: Actor
}

/** A record as a trace reads it; `other` stays in memory and is never stored or shown. */
export interface OpenedRecord extends LogRecord {
  readonly other: OtherParty
  readonly direction: string
}

const FIELDS: readonly Field[] = ['start', 'duration', 'kind', 'direction', 'charge', 'otherFull']
const LAST = 7

/** Opens a log for a period. */
export async function openLog(
  parties: TraceParties,
  wanted: LogWanted,
  purpose: LogPurpose,
): Promise<OpenedRecord[]> {
  const entry = await parties.ledger.record(draftOf(wanted, purpose))
  const rows = await parties.vault.open<OtherParty>(await parties.ledger.receiptFor(entry), {
    other: ({ other }) => other,
  })
  return rows.map((row) => {
    const other = row.other as OtherParty
    return {
      name: row.name,
      start: row.start as number,
      durationSeconds: row.kind === 'voice' ? (row.durationSeconds ?? null) : null,
      digits: lastDigits(other),
      party: otherPartyKey(other),
      chargeMilli: row.chargeMilli ?? null,
      direction: row.direction as string,
      other,
    }
  })
}

function draftOf(wanted: LogWanted, { trace, incident, why, by }: LogPurpose): EntryDraft {
  return {
    kind: 'trace-log-opened',
    header: null,
    body: { trace, incident, why, by: bySaying(by) },
    subject: wanted.subject,
    actor: actorIdOf(by),
    opening: { ...wanted, fields: FIELDS },
  }
}

/** The last seven digits that a mask is drawn over; null for what has fewer. */
function lastDigits(other: OtherParty): string | null {
  if (other.kind !== 'number') return null
  const digits = other.number.replace(/\D/g, '')
  return digits.length < LAST ? null : digits.slice(-LAST)
}
