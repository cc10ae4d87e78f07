import { windowsShownTo } from '../care/shown.ts'
import type { Append } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { placeHold, releaseHolds } from '../vault/holds.ts'
import type { Subject } from '../vault/subject.ts'
import { type Held, recordStep } from './book.ts'
import type { IncidentParties } from './parties.ts'

/** What the case needs is kept: holds on records, from the first moment until the case is closed. */

interface Window {
  readonly subject: Subject
  readonly from: number
  readonly until: number
}

/** The log that the case is about, whole: to the end of the century that its holder may see. */
const FOREVER_S = 4_102_444_800

/** Holds the log that the case is about. */
export async function preserveSubject(
  parties: IncidentParties,
  trx: Trx,
  append: Append,
  held: Held,
  by: StaffFacts,
): Promise<void> {
  const { subject } = held.case
  if (subject === null) return
  await hold(parties, trx, append, held, by, [
    { subject: subject.subject as Subject, from: 0, until: FOREVER_S },
  ])
}

/** Holds what was ever opened for a person: whose records they saw may turn out to be part of the case. */
export async function preserveShownTo(
  parties: IncidentParties,
  trx: Trx,
  append: Append,
  held: Held,
  by: StaffFacts,
  staff: string,
): Promise<void> {
  await hold(parties, trx, append, held, by, await windowsShownTo(trx, staff))
}

/** Ends every hold of the case; whoever closes it says so with that. @returns how many. */
export async function endPreserving(parties: IncidentParties, trx: Trx, held: Held): Promise<number> {
  return releaseHolds(trx, held.id, parties.clock.now())
}

async function hold(
  parties: IncidentParties,
  trx: Trx,
  append: Append,
  held: Held,
  by: StaffFacts,
  windows: readonly Window[],
): Promise<void> {
  if (windows.length === 0) return
  const placedAt = parties.clock.now()
  for (const window of windows)
    await placeHold(trx, {
      ...window,
      id: Buffer.from(parties.random(12)).toString('hex'),
      reason: 'incident',
      ref: held.id,
      placedAt,
      endsAt: null,
    })
  await recordStep(parties, trx, append, held, by, {
    kind: 'incident-preserved',
    act: 'preserve',
    at: placedAt,
    says: '',
    what: String(windows.length),
    header: { counts: { holds: windows.length } },
    more: {},
  })
}
