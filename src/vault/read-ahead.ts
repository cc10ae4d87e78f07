import type { Subject } from '../calls/call-record.ts'
import type { Opening } from '../ledger/receipt.ts'
import type { ReadBlocks } from './block-reader.ts'
import type { Calendar } from './calendar.ts'
import { wholeMonths } from './rate-rows.ts'
import type { FoundBlock, WantedBlocks } from './store.ts'
import { unregisteredTenure } from './subject.ts'
import type { SealedLog } from './vault.ts'

/** Reads blocks before their receipt is there, and finds them again when it is. */
export interface AheadReader {
  readAhead(opening: Opening): SealedLog
  /** What `wanted` says: as it was read ahead, where that was the very same, else as it is now. */
  readBlocks(wanted: WantedBlocks, ahead: SealedLog | undefined): Promise<readonly FoundBlock[]>
}

interface Ahead {
  readonly wanted: WantedBlocks
  readonly found: readonly FoundBlock[]
}

/** What was read is in nobody's hands but this reader's: a `SealedLog` is a name for it, without anything in it. */
export function createAheadReader(read: ReadBlocks, calendar: () => Promise<Calendar>): AheadReader {
  const reading = new WeakMap<SealedLog, Promise<Ahead | null>>()
  const begin = async (opening: Opening): Promise<Ahead> => {
    const wanted = wantedBlocks(opening, await calendar())
    return { wanted, found: await read(wanted) }
  }
  return {
    readAhead(opening) {
      const ahead = Object.freeze({}) as SealedLog
      // Whoever opens reads again and is told what is wrong.
      const failed = () => null
      reading.set(ahead, begin(opening).catch(failed))
      return ahead
    },
    async readBlocks(wanted, ahead) {
      const known = ahead === undefined ? null : ((await reading.get(ahead)) ?? null)
      return known !== null && isSame(known.wanted, wanted) ? known.found : read(wanted)
    },
  }
}

/** The blocks that an opening needs: those of the whole months that it touches. */
export function wantedBlocks(opening: Opening, calendar: Calendar): WantedBlocks {
  const span = wholeMonths(opening, calendar.offsetMinutes)
  return {
    subject: Buffer.from(opening.subject, 'hex'),
    tenure: isUnregistered(opening) ? '' : opening.tenure,
    firstDay: calendar.dayOf(span.from),
    lastDay: calendar.dayOf(span.until - 1),
  }
}

/** Whether an opening is of a number while nobody was known to hold it. */
export function isUnregistered({ subject, tenure }: Opening): boolean {
  return tenure === unregisteredTenure(subject as Subject)
}

function isSame(a: WantedBlocks, b: WantedBlocks): boolean {
  return (
    a.subject.equals(b.subject) &&
    a.tenure === b.tenure &&
    a.firstDay === b.firstDay &&
    a.lastDay === b.lastDay
  )
}
