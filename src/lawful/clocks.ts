import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { reviewIsDue } from './after-review.ts'
import type { Case, Filing } from './request.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What must be done by when, and by whom. `at` in epoch ms. */
export interface Deadline {
  readonly what: 'filter' | 'answer' | 'complete' | 'receipt' | 'paper' | 'review' | 'secrecy-ends'
  readonly who: 'regulator' | 'operator'
  readonly at: number
}

/** How long the answer may take. */
export function answerHours(filing: Pick<Filing, 'urgency'>, frame: LawfulFrame): number {
  const { routineHours, priorityHours, emergencyHours } = frame.deadlines
  return { routine: routineHours, priority: priorityHours, emergency: emergencyHours }[filing.urgency]
}

/** The filter's own time: never more than half of the answer's. */
export function filterHours(filing: Pick<Filing, 'urgency'>, frame: LawfulFrame): number {
  return Math.min(frame.deadlines.filterHours, answerHours(filing, frame) / 2)
}

/**
 * The clocks that run. The answer's runs from receipt and starts anew when what was missing has come; it stands
 * still while the request is returned.
 */
export function deadlinesOf(one: Case, frame: LawfulFrame): Deadline[] {
  const { deadlines } = frame
  const list: Deadline[] = []
  const answerBy = one.receivedAt + answerHours(one.filing, frame) * HOUR_MS
  if (one.state === 'received' || one.state === 'filtering')
    list.push({
      what: 'filter',
      who: 'regulator',
      at: one.receivedAt + filterHours(one.filing, frame) * HOUR_MS,
    })
  if (['received', 'filtering', 'reviewing', 'approved', 'partly-approved', 'produced'].includes(one.state))
    list.push({ what: 'answer', who: 'operator', at: answerBy })
  if (one.state === 'returned' && one.returnedAt !== null)
    list.push({ what: 'complete', who: 'regulator', at: one.returnedAt + deadlines.clarifyDays * DAY_MS })
  if (one.state === 'delivered' && one.deliveredAt !== null)
    list.push({ what: 'receipt', who: 'regulator', at: one.deliveredAt + deadlines.receiptDays * DAY_MS })
  if (paperIsDue(one))
    list.push({ what: 'paper', who: 'regulator', at: one.receivedAt + deadlines.paperWithinHours * HOUR_MS })
  if (reviewIsDue(one))
    list.push({
      what: 'review',
      who: 'operator',
      at: one.deliveredAt! + deadlines.reviewAfterEmergencyDays * DAY_MS,
    })
  if (one.secrecyUntil !== null && one.deliveredAt !== null && one.toldAt === null)
    list.push({ what: 'secrecy-ends', who: 'operator', at: one.secrecyUntil })
  return list.sort((a, b) => a.at - b.at)
}

/** An emergency whose written paper has not come, whatever became of it, unless it never reached the operator. */
export function paperIsDue(one: Case): boolean {
  return (
    one.filing.urgency === 'emergency' &&
    one.filing.paper === null &&
    one.paperAt === null &&
    !['refused', 'withdrawn', 'expired', 'misdirected'].includes(one.state)
  )
}
