import type { EntryId } from '../ledger/entry.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { holdsOf } from '../vault/holds.ts'
import { type Held, openStep } from './book.ts'
import { alarmsAt } from './clock-alarm.ts'
import { type Clock, clocksOf } from './clocks.ts'
import { briefOf, employmentsOf } from './employment.ts'
import type { IncidentParties } from './parties.ts'
import { NEXT } from './rules.ts'
import type { BoardLineData, ClockViewData, IncidentViewData } from './schemas.ts'
import { readSteps } from './store.ts'

/** A case as the console reads it. */

/** A line of the board, with the clocks that still run. */
export function boardLine(parties: IncidentParties, { id, serial, case: one }: Held): BoardLineData {
  const clocks = clocksOf(one, parties.breach, parties.offsetMinutes)
  const over = one.state === 'closed' || one.state === 'unfounded'
  return {
    id,
    serial,
    state: one.state,
    origin: one.origin,
    title: one.title,
    reportedAt: one.reportedAt,
    involved: one.involved.length,
    frozen: one.involved.filter(({ frozenAt }) => frozenAt !== null).length,
    clocks: over
      ? []
      : clocks
          .filter(({ dueAt, notice }) => dueAt !== null && notice === null)
          .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
          .map((clock) => clockView(clock, parties.clock.now())),
  }
}

function clockView({ form: _form, ...clock }: Clock, now: number): ClockViewData {
  const { notice } = clock
  const from = alarmsAt(clock)
  const alarmed = from !== null && now >= from
  if (notice === null) return { ...clock, alarmed, notice: null }
  const { outcome, at, says, late } = notice
  return { ...clock, alarmed, notice: { outcome, at, says, late } }
}

/** The whole case page. */
export async function incidentView(
  parties: IncidentParties,
  staff: StaffFacts,
  held: Held,
): Promise<IncidentViewData> {
  const { id, serial, case: one } = held
  const employments = await employmentsOf(parties, parties.db, held)
  const approvals = (further: boolean) => one.approvals.filter((said) => said.further === further)
  const mine = (further: boolean) => approvals(further).some((said) => said.staff === staff.id)
  return {
    id,
    serial,
    state: one.state,
    origin: one.origin,
    title: one.title,
    says: one.says,
    summary: one.summary,
    reportedAt: one.reportedAt,
    confirmedAt: one.confirmedAt,
    surfacedAt: one.surfacedAt,
    subjectKnown: one.subject !== null,
    involved: one.involved.map((person) => ({
      ...person,
      employment: briefOf(employments.get(person.staff)),
    })),
    proposed:
      one.proposed === null
        ? null
        : {
            finding: one.proposed.finding,
            mine: one.proposed.by === staff.id,
            says: one.proposed.says,
          },
    clocks: clocksOf(one, parties.breach, parties.offsetMinutes).map((clock) =>
      clockView(clock, parties.clock.now()),
    ),
    laws: parties.breach.frames
      .filter(({ always }) => !always)
      .map(({ id: law, name }) => ({ id: law, name, on: one.frames.includes(law) })),
    approvals: {
      path: approvals(false).length,
      further: approvals(true).length,
      mine: mine(false),
      mineFurther: mine(true),
    },
    after: (one.after ?? []).map((came) => ({ ...came })),
    steps: await stepsOf(parties, id),
    holds: (await parties.db.transaction().execute((trx) => holdsOf(trx, id))).length,
    next: [...NEXT[one.state]],
  }
}

/** Steps in the order of their entries. */
async function stepsOf(parties: IncidentParties, id: string): Promise<IncidentViewData['steps']> {
  const rows = await readSteps(parties.db, id)
  const opened = rows.map((row) => openStep(parties, row))
  const indexes = await parties.ledger.indexesOf(opened.map(({ entry }) => entry as EntryId))
  return opened
    .map(({ entry: _entry, ...step }, i) => ({ ...step, index: indexes[i] as number }))
    .sort((a, b) => a.index - b.index)
}
