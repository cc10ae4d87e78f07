import type { E164 } from '../calls/call-record.ts'
import type { Subscriber } from '../customers/customers.ts'
import { clipToTenure } from '../customers/subscriber.ts'
import { type LogPlace, startOf } from './align.ts'
import { type LogPurpose, openLog } from './open-log.ts'
import type { TraceParties } from './parties.ts'
import type { ListRow, ReadList } from './read-list.ts'

/**
 * Whose log a list is, when nobody says: the logs of the numbers that stand in it in full hold the other side of the
 * same calls. Each opened log is an entry, of people who are not involved, so there is a budget, and only the span of
 * the rows with that number is opened.
 */

/** Logs that may be opened to find one subject. */
export const SUBJECT_BUDGET = 12
const NEAR_SECONDS = 90
/** So many logs must point at the same number. */
const LEAST_VOTES = 2

export interface FoundSubject {
  readonly subscriber: Subscriber
  readonly logsOpened: number
}

/** The subscriber whose calls these are, or null with how many logs were opened in vain. */
export async function findSubject(
  parties: TraceParties,
  list: ReadList,
  place: LogPlace,
  purpose: LogPurpose,
): Promise<FoundSubject | { subscriber: null; logsOpened: number }> {
  const votes = new Map<string, number>()
  let logsOpened = 0
  for (const [number, rows] of numbersOf(list)) {
    if (logsOpened >= SUBJECT_BUDGET) break
    const party = await parties.customers.findByNumber(parties.db, number)
    const starts = startsOf(rows, list, place)
    if (party === null || starts.length === 0) continue
    logsOpened++
    const log = await openLog(
      parties,
      {
        subject: party.subject,
        tenure: party.tenure,
        ...clipToTenure(
          { from: Math.min(...starts) - NEAR_SECONDS, until: Math.max(...starts) + NEAR_SECONDS + 1 },
          party,
        ),
      },
      { ...purpose, why: 'find-subject' },
    )
    const seen = new Set(
      log.flatMap(({ other, start }) =>
        other.kind === 'number' && starts.some((at) => Math.abs(at - start) <= NEAR_SECONDS)
          ? [other.number]
          : [],
      ),
    )
    for (const other of seen) votes.set(other, (votes.get(other) ?? 0) + 1)
  }
  const [best, next] = [...votes].sort((a, b) => b[1] - a[1])
  if (best === undefined || best[1] < LEAST_VOTES || best[1] === next?.[1])
    return { subscriber: null, logsOpened }
  const subscriber = await parties.customers.findByNumber(parties.db, best[0] as E164)
  return subscriber === null ? { subscriber: null, logsOpened } : { subscriber, logsOpened }
}

/** Numbers that stand in the list in full, those with most rows first. */
function numbersOf({ rows }: ReadList): [E164, ListRow[]][] {
  const byNumber = new Map<E164, ListRow[]>()
  for (const row of rows) {
    if (row.party?.kind !== 'full' || row.party.number === null) continue
    byNumber.set(row.party.number, [...(byNumber.get(row.party.number) ?? []), row])
  }
  return [...byNumber].sort((a, b) => b[1].length - a[1].length)
}

/** The starts that rows mean, in every way in which their days and zone can be read. */
function startsOf(rows: readonly ListRow[], { reading }: ReadList, place: LogPlace): number[] {
  const ways = (reading.zone === null ? (['local', 'utc'] as const) : [reading.zone]).flatMap((zone) =>
    (reading.dayFirst === null ? [true, false] : [reading.dayFirst]).map((dayFirst) => ({ zone, dayFirst })),
  )
  return rows.flatMap((row) =>
    ways.flatMap((way) => {
      const start = startOf(row, way, place)
      return start === null || !start.hasTime ? [] : [start.from]
    }),
  )
}
