import type { E164 } from '../calls/call-record.ts'
import type { Append } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal } from '../platform/refusal.ts'
import { faulty, faultyYet, type Taken } from '../platform/taken.ts'
import { declareIn } from './circle.ts'
import type { CircleRow } from './circle-store.ts'
import {
  type EmploymentRow,
  endEmployment,
  insertEmployment,
  readEmployments,
  renamePerson,
} from './employment-store.ts'
import { addPersonIn, lastAdministrator, movePersonIn, stop } from './people.ts'
import { APART } from './roles.ts'
import type { StaffParties } from './room.ts'
import { bySaying } from './say.ts'
import type { Sessions } from './sessions.ts'
import type { OfficeId, Role, System } from './staff.ts'
import { type PersonWithRoles, readDismissal, readPerson } from './store.ts'
import { insertShifts, listShifts } from './work-store.ts'

/** One employee as the operator's personnel system has them; instants in milliseconds. */
export interface EmployeeLine {
  readonly staffNumber: string
  readonly name: string
  /** The name on record, where `name` is a new one of the same person. */
  readonly formerName?: string
  readonly office: OfficeId
  readonly team: string
  /** Given when somebody is new, and only at the command line: a role takes two administrators. */
  readonly roles: readonly Role[]
  readonly from: number
  readonly until: number | null
}
export interface ShiftLine {
  readonly staffNumber: string
  readonly from: number
  readonly until: number
}
export interface CircleLine {
  readonly staffNumber: string
  readonly kind: CircleRow['kind']
  readonly number: E164
}

/** Employees as they come from the personnel system, known by its staff number. */
export interface Employment {
  /**
   * New people are added, others moved, those who left dismissed at this moment with their sessions. Two people with
   * one staff number: neither is taken, or the one on record stays. Who left and comes back is a new person with a new
   * desk name, from a day after the old one left. `giveRoles`: as at the command line.
   */
  takeEmployees(
    trx: Trx,
    append: Append,
    by: System,
    lines: readonly EmployeeLine[],
    giveRoles: boolean,
  ): Promise<Taken[]>
  takeShifts(trx: Trx, append: Append, by: System, lines: readonly ShiftLine[]): Promise<Taken[]>
  /** Who has a staff number now; null when nobody. */
  holderOf(trx: Trx, staffNumber: string): Promise<string | null>
  takeCircles(trx: Trx, append: Append, by: System, lines: readonly CircleLine[]): Promise<Taken[]>
}

type Parties = StaffParties & { sessions: Sessions }
const LONGEST_SHIFT_MS = 16 * 3_600_000
const NOBODY = 'nobody has this staff number'

/** The use cases over these parties. */
export function createEmployment(parties: Parties): Employment {
  return {
    async takeEmployees(trx, append, by, lines, giveRoles) {
      const times = await employmentsOf(trx, lines)
      const taken: Taken[] = []
      for (const line of lines) {
        const known = times.get(line.staffNumber) ?? []
        taken.push(
          isAmbiguous(line, lines)
            ? faulty('two people in this file have this staff number')
            : await takeEmployee(parties, trx, append, { by, line, known, giveRoles }),
        )
        if (taken.at(-1) === 'added')
          times.set(line.staffNumber, await readEmployments(trx, [line.staffNumber]))
      }
      return taken
    },
    async takeShifts(trx, append, by, lines) {
      const times = await employmentsOf(trx, lines)
      const taken: Taken[] = []
      const planned: { staff: string; from: number; until: number }[] = []
      for (const { staffNumber, from, until } of lines) {
        const staff = presentOf(times.get(staffNumber))
        if (staff === null) taken.push(faultyYet(NOBODY))
        else if (!(until > from && until - from <= LONGEST_SHIFT_MS))
          taken.push(faulty('until is not within 16 hours after from'))
        else {
          const before = (await listShifts(trx, staff, from, until)).find((row) => row.starts_at === from)
          if (before?.ends_at === until) taken.push('same')
          else {
            taken.push(before === undefined ? 'added' : 'changed')
            const row = { staff_id: staff, starts_at: from, ends_at: until, kind: 'planned' as const }
            await insertShifts(trx, [row])
            planned.push({ staff, from, until })
          }
        }
      }
      if (planned.length > 0) await enterRoster(parties, trx, append, by, planned)
      return taken
    },
    holderOf: async (trx, staffNumber) => presentOf(await readEmployments(trx, [staffNumber])),
    async takeCircles(trx, append, by, lines) {
      const times = await employmentsOf(trx, lines)
      const taken: Taken[] = []
      for (const { staffNumber, kind, number } of lines) {
        const staff = presentOf(times.get(staffNumber))
        const person = staff === null ? null : await readPerson(trx, staff, true)
        if (person === null) taken.push(faultyYet(NOBODY))
        else {
          const declared = await declareIn(parties, trx, append, { by, person, kind, number })
          taken.push(isRefusal(declared) ? 'same' : 'added')
        }
      }
      return taken
    },
  }
}

async function employmentsOf(
  trx: Trx,
  lines: readonly { readonly staffNumber: string }[],
): Promise<Map<string, EmploymentRow[]>> {
  const numbers = [...new Set(lines.map(({ staffNumber }) => staffNumber))]
  return Map.groupBy(await readEmployments(trx, numbers), (row) => row.staff_number)
}

function presentOf(times: readonly EmploymentRow[] | undefined): string | null {
  return times?.find(({ until_ms }) => until_ms === null)?.staff_id ?? null
}

/** The same number twice, for different people at one time: which of them is right nobody here can know. */
function isAmbiguous(line: EmployeeLine, lines: readonly EmployeeLine[]): boolean {
  return lines.some(
    (other) =>
      other.staffNumber === line.staffNumber &&
      other.name !== line.name &&
      (line.until === null || other.from < line.until) &&
      (other.until === null || line.from < other.until),
  )
}

interface Take {
  readonly by: System
  readonly line: EmployeeLine
  readonly known: readonly EmploymentRow[]
  readonly giveRoles: boolean
}

async function takeEmployee(parties: Parties, trx: Trx, append: Append, take: Take): Promise<Taken> {
  const { line, known } = take
  const now = parties.clock.now()
  const over = line.until !== null && line.until <= now
  if (line.until !== null && line.until <= line.from) return faulty('until is not after from')
  const current = presentOf(known)
  const person = current === null ? null : ((await readPerson(trx, current, true)) as PersonWithRoles)
  if (person === null || person.status === 'dismissed') {
    // Who left, or was dismissed here by hand, is not brought back by an old line.
    const left =
      person === null ? known.at(-1)?.until_ms : (await readDismissal(trx, person.id))?.dismissed_at
    if (over) return 'same'
    if (left != null && line.from < left)
      return faulty('this person left on record; who comes back has a from after the day they left')
    if (person !== null) await endEmployment(trx, person.id, left ?? now)
    return hire(parties, trx, append, take)
  }
  if (person.name !== line.name && person.name !== line.formerName)
    return faulty('somebody else has this staff number on record (formerName says that a name is new)')
  if (over) return leave(parties, trx, append, take, person)
  let changed = false
  if (person.name !== line.name) {
    await renamePerson(trx, person.id, line.name)
    await append({
      kind: 'staff-renamed',
      header: null,
      body: { person: person.id, from: person.name, to: line.name, by: bySaying(take.by) },
    })
    changed = true
  }
  const place = { office: line.office, team: line.team }
  if (person.office !== place.office || person.team !== place.team) {
    await movePersonIn(parties, trx, append, { by: take.by, person, place })
    changed = true
  }
  return changed ? 'changed' : 'same'
}

async function hire(parties: Parties, trx: Trx, append: Append, take: Take): Promise<Taken> {
  const { by, line, giveRoles } = take
  if (line.roles.length > 1 && line.roles.some((role) => APART.includes(role)))
    return faulty('these roles may not be held by one person')
  const { name, office, team } = line
  const roles = giveRoles ? line.roles : []
  const added = await addPersonIn(parties, trx, append, { by, person: { name, office, team }, roles })
  if (isRefusal(added)) return faulty(added.says)
  const row = { staff_id: added.id, staff_number: line.staffNumber, from_ms: line.from, until_ms: null }
  await insertEmployment(trx, row)
  return 'added'
}

async function leave(
  parties: Parties,
  trx: Trx,
  append: Append,
  { by, line }: Take,
  person: PersonWithRoles,
): Promise<Taken> {
  const last = await lastAdministrator(trx, person)
  if (last !== null) return faulty(last.says)
  const ground = { clause: 'left', reason: 'the personnel system says that they left' }
  await stop(parties, trx, append, { by, person, status: 'dismissed', ...ground })
  await endEmployment(trx, person.id, line.until ?? parties.clock.now())
  return 'changed'
}

async function enterRoster(
  { sessions }: Parties,
  trx: Trx,
  append: Append,
  by: System,
  planned: readonly { staff: string; from: number; until: number }[],
): Promise<void> {
  const people = [...new Set(planned.map(({ staff }) => staff))]
  for (const staff of people) await sessions.factsChanged(trx, staff)
  await append({
    kind: 'roster-loaded',
    header: { counts: { shifts: planned.length, people: people.length } },
    body: {
      people,
      from: planned.reduce((first, { from }) => Math.min(first, from), Number.MAX_SAFE_INTEGER),
      until: planned.reduce((last, { until }) => Math.max(last, until), 0),
      by: bySaying(by),
    },
  })
}
