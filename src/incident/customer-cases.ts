import type { Report, Reports } from '../customers/reports.ts'
import type { Subscriber } from '../customers/subscriber.ts'
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { type Held, openCase } from './book.ts'
import { type OutsideParties, outsider } from './casework.ts'
import { registerOf, type Said, sayIn } from './communications.ts'
import { isHers, nextDateOf } from './communications-rules.ts'
import { type RepresentationRow, readCasesOf, readRepresentations } from './people-store.ts'
import { speaksForHer } from './representative-rules.ts'
import { endRepresentation, openRepresentative, standingOf } from './representatives.ts'
import { type IncidentRow, readIncident } from './store.ts'

/**
 * A case as she sees it on her page, and as whoever speaks for her sees it on theirs.
 *
 * Why nothing of anybody else and nothing under secrecy can be here: of the case itself only its number, its beginning
 * and its end are told. Every other word is one that she wrote, or one that an officer sent to her.
 */
export interface CaseTold {
  readonly id: string
  readonly serial: string
  readonly openedAt: number
  readonly closedAt: number | null
  /** What she reported, where the case began with that. */
  readonly report: { readonly number: number; readonly says: string; readonly filedAt: number } | null
  /** What was found so far that she may be told, oldest first. */
  readonly findings: readonly Told[]
  /** Everything said between her and the house, oldest first. */
  readonly messages: readonly Told[]
  /** When she hears again; null where nothing is promised. */
  readonly nextAt: number | null
  readonly representative: RepresentativeTold | null
}

/** One thing said. */
export interface Told {
  readonly at: number
  readonly from: 'operator' | 'customer' | 'representative'
  readonly with: 'customer' | 'representative'
  readonly via: Said['via']
  readonly sort: Said['sort']
  readonly says: string
}

/** Who speaks for her, or did. */
export interface RepresentativeTold {
  readonly id: string
  readonly name: string
  readonly openedAt: number
  readonly untilAt: number
  readonly endedAt: number | null
  readonly speaks: boolean
}

/** Her cases, for her page; and one matter, for whoever speaks for her in it. */
export interface CustomerCases {
  ofSubscriber(subscriber: Subscriber): Promise<CaseTold[]>
  /** Whether there is one. */
  any(subscriber: Subscriber): Promise<boolean>
  /** She writes to the house. */
  write(subscriber: Subscriber, id: string, says: string): Promise<null | Refusal>
  /** She ends what somebody may do in her place: at once. */
  endRepresentation(subscriber: Subscriber, representation: string): Promise<null | Refusal>
  /** The matter of a representation that is in force; null when it has ended. */
  matterOf(representation: RepresentationRow): Promise<CaseTold | null>
  /** Whoever speaks for her writes to the house. */
  writeFor(representation: RepresentationRow, says: string): Promise<null | Refusal>
}

type Parties = OutsideParties & { readonly reports: Pick<Reports, 'ofSubscriber'> }

/** Opens what customers and their representatives read. */
export function createCustomerCases(parties: Parties): CustomerCases {
  return {
    async ofSubscriber(subscriber) {
      const { reports } = await parties.reports.ofSubscriber(subscriber)
      const rows = await casesOf(parties, subscriber, reports)
      return Promise.all(rows.map((row) => told(parties, row, subscriber.tenure, reports)))
    },
    async any(subscriber) {
      const { reports } = await parties.reports.ofSubscriber(subscriber)
      return (await casesOf(parties, subscriber, reports)).length > 0
    },
    async write(subscriber, id, says) {
      const { reports } = await parties.reports.ofSubscriber(subscriber)
      const row = (await casesOf(parties, subscriber, reports)).find((one) => one.id === id)
      return row === undefined ? caseNotFound() : write(parties, row.id, subscriber.tenure, 'customer', says)
    },
    async endRepresentation({ tenure }, name) {
      const rows = await Promise.all(
        (await readCasesOf(parties.db, tenure, [])).map(({ id }) => readRepresentations(parties.db, id)),
      )
      const hers = rows.flat().find((row) => row.id === name && row.tenure === tenure)
      if (hers === undefined) return caseNotFound()
      return endRepresentation(parties, name, outsider('customer', {}), { by: 'customer', says: '' })
    },
    async matterOf(representation) {
      if (!speaksForHer(standingOf(representation), parties.clock.now())) return null
      const row = await readIncident(parties.db, representation.incident)
      const subscriber = await parties.customers.byTenure(parties.db, representation.tenure)
      if (row === null || subscriber === null) return null
      const { reports } = await parties.reports.ofSubscriber(subscriber)
      const whole = await told(parties, row, representation.tenure, reports, { past: false })
      return { ...whole, representative: representativeTold(parties, representation) }
    },
    writeFor: (representation, says) =>
      write(parties, representation.incident, representation.tenure, 'representative', says),
  }
}

function casesOf(
  parties: Parties,
  { tenure }: Subscriber,
  reports: readonly Report[],
): Promise<IncidentRow[]> {
  return readCasesOf(
    parties.db,
    tenure,
    reports.map(({ id }) => `not-me:${id}`),
  )
}

/** `past: false` leaves out what went to her past her representative. */
async function told(
  parties: Parties,
  row: IncidentRow,
  tenure: string,
  reports: readonly Report[],
  { past = true } = {},
): Promise<CaseTold> {
  const { serial, case: one }: Held = openCase(parties, row)
  const hers = (await registerOf(parties, row.id)).filter(
    (said) => said.tenure === tenure && isHers(said) && (past || said.past === null),
  )
  const report = reports.find(({ id }) => row.origin === `not-me:${id}`)
  const representations = (await readRepresentations(parties.db, row.id)).filter(
    (representation) => representation.tenure === tenure,
  )
  const newest = representations[0]
  return {
    id: row.id,
    serial,
    openedAt: row.opened_at,
    closedAt: one.closedAt,
    report:
      report === undefined ? null : { number: report.number, says: report.says, filedAt: report.filedAt },
    findings: hers.filter(({ sort }) => sort === 'finding').map(toldOf),
    messages: hers.filter(({ sort }) => sort !== 'finding').map(toldOf),
    nextAt: one.closedAt === null ? nextDateOf(hers) : null,
    representative: newest === undefined ? null : representativeTold(parties, newest),
  }
}

function toldOf({ at, direction, with: other, via, sort, says }: Said): Told {
  const party = other === 'representative' ? 'representative' : 'customer'
  return { at, from: direction === 'out' ? 'operator' : party, with: party, via, sort, says }
}

function representativeTold(parties: Parties, row: RepresentationRow): RepresentativeTold {
  return {
    id: row.id,
    name: openRepresentative(parties, row).name,
    openedAt: row.opened_at,
    untilAt: row.until_at,
    endedAt: row.ended_at,
    speaks: speaksForHer(standingOf(row), parties.clock.now()),
  }
}

async function write(
  parties: Parties,
  id: string,
  tenure: string,
  from: 'customer' | 'representative',
  says: string,
): Promise<null | Refusal> {
  const crew = await parties.staff.duty.onCall('privacy-officer')
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, id, true)
    if (row === null) return caseNotFound()
    const held = openCase(parties, row)
    // The case may be about another customer's log by now: what is hers stays hers, and nothing new is added to it.
    if (held.case.subject !== null && held.case.subject.tenure !== tenure) return caseNotFound()
    const said = await sayIn(parties, trx, append, held, outsider(from, { tenure }), {
      ...{ direction: 'in', with: from, name: '', via: 'page', sort: 'message', says },
      ...{ at: parties.clock.now(), nextAt: null, clock: null, past: null },
    })
    if (isRefusal(said)) return said
    const not = new Set(held.case.involved.map(({ staff }) => staff))
    for (const one of crew)
      if (!not.has(one.id))
        await parties.notifications.publish(trx, 'notice', { staffId: one.id, kind: 'incident', id })
    return null
  })
}

function caseNotFound(): Refusal {
  return refuse('incident-not-found', 'There is no such case of yours.', 'Go back to your page.')
}
