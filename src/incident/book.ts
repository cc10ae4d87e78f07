import type { Append } from '../ledger/commit.ts'
import type { EntryId, HeaderDraft, JsonObject } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Sealer } from '../platform/sealer.ts'
import { bySaying } from '../staff/say.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { Incident, Incidents } from '../trace/incidents.ts'
import type { Subject } from '../vault/subject.ts'
import type { Case } from './rules.ts'
import { type IncidentRow, insertStep, readIncident, type StepRow } from './store.ts'

/** How cases are kept: the rules' whole case, sealed under the incident's own name. */

const PURPOSE = 'incident'
const STEP = 'incident-step'
const HOUR_MS = 3_600_000

/** A case with what it is called by. */
export interface Held {
  readonly id: string
  readonly serial: string
  readonly case: Case
}

/** A step as people read it. */
export interface Step {
  readonly entry: string
  readonly act: string
  readonly at: number
  readonly deskName: string
  readonly says: string
  /** What it was about: a state, a clock, a desk name; empty where the act says it. */
  readonly what: string
}

interface Keeper {
  readonly keys: { readonly sealer: Sealer }
}

/** A case, sealed. */
export function sealCase({ keys }: Keeper, id: string, one: Case): Buffer {
  return keys.sealer.seal(PURPOSE, id, Buffer.from(JSON.stringify(one)))
}

/** A row, opened. */
export function openCase({ keys }: Keeper, row: IncidentRow): Held {
  const one = JSON.parse(keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')) as Case
  return { id: row.id, serial: row.serial, case: one }
}

/** A step, opened. */
export function openStep({ keys }: Keeper, row: StepRow): Step {
  const said = JSON.parse(keys.sealer.open(STEP, row.entry, row.sealed).toString('utf8')) as Pick<
    Step,
    'deskName' | 'says' | 'what'
  >
  return { entry: row.entry, act: row.act, at: row.at, ...said }
}

/** What a step says: to everybody (`header`), and to whoever may read the entry. */
export interface StepSaid {
  readonly kind: string
  readonly act: string
  readonly at: number
  readonly says: string
  readonly what: string
  readonly header: HeaderDraft | null
  readonly more: JsonObject
}

/** Appends a step's entry and notes the step under it, in one transaction. */
export async function recordStep(
  keeper: Keeper,
  trx: Trx,
  append: Append,
  held: Held,
  by: StaffFacts,
  said: StepSaid,
): Promise<EntryId> {
  return recordStepOf(keeper, trx, append, held, said, {
    staff: by.id,
    deskName: by.deskName,
    says: bySaying(by),
  })
}

/** Who did it, where that may be somebody outside: the customer, her representative, or time. */
export interface Doer {
  /** Staff id; null for whoever is not staff. */
  readonly staff: string | null
  /** What the time line shows; empty for whoever is not staff. */
  readonly deskName: string
  /** As the entry says it. */
  readonly says: JsonObject
}

/** As `recordStep`, by anybody. */
export async function recordStepOf(
  keeper: Keeper,
  trx: Trx,
  append: Append,
  held: Held,
  said: StepSaid,
  by: Doer,
): Promise<EntryId> {
  const { kind, act, at, says, what, header, more } = said
  const entry = await append({
    kind,
    header: header === null ? null : { ...header, caseSerial: held.serial },
    body: { incident: held.id, serial: held.serial, act, says, what, ...more, by: by.says },
    ...(by.staff === null ? {} : { actor: by.staff }),
  })
  const sealed = keeper.keys.sealer.seal(
    STEP,
    entry,
    Buffer.from(JSON.stringify({ deskName: by.deskName, says, what })),
  )
  await insertStep(trx, { entry, incident: held.id, act, at, sealed })
  return entry
}

/** Whole hours since the house came to know. */
export function elapsedHours(one: Case, now: number): number {
  return Math.max(0, Math.round((now - one.reportedAt) / HOUR_MS))
}

/** What the trace desk has to know of a case. */
export function incidentOf({ id, serial, case: one }: Held): Incident {
  const approvedBy = (further: boolean) =>
    one.approvals.filter((said) => said.further === further).map(({ staff }) => staff)
  return {
    id,
    serial,
    open: one.state !== 'closed',
    confirmed: one.confirmedAt !== null,
    involved: one.involved.map(({ staff }) => staff),
    subject:
      one.subject === null ? null : { subject: one.subject.subject as Subject, tenure: one.subject.tenure },
    surfacedAt: one.surfacedAt,
    pathApprovals: approvedBy(false),
    morePathApprovals: approvedBy(true),
  }
}

/** The book of incidents as the trace desk reads it; needs nothing but the database and the keys. */
export function createIncidents(parties: Keeper & { readonly db: Db }): Incidents {
  return {
    async find(name) {
      const row = await readIncident(parties.db, name)
      return row === null ? null : incidentOf(openCase(parties, row))
    },
  }
}

/** No such incident; the same words for one that is not yours to see. */
export function incidentNotFound(): Refusal {
  return refuse('incident-not-found', 'There is no such incident.', 'Go back to the list.')
}
