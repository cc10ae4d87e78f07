import type { Refusal } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'
import type { Resource } from '../staff/policy.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Held, incidentNotFound, incidentOf, openCase } from './book.ts'
import type { IncidentParties } from './parties.ts'
import { readIncident } from './store.ts'

/** Who comes to a case: asked of the policy by every desk that works on one. */

type Deciding = Pick<IncidentParties, 'db' | 'keys' | 'staff'>

/** A case for somebody who may do this to it; for anybody it is about, and for a wrong id, there is none. */
export async function seen(
  parties: Deciding,
  staff: StaffFacts,
  id: string,
  action: Action,
): Promise<Held | Refusal> {
  const row = await readIncident(parties.db, id)
  if (row === null) return incidentNotFound()
  const held = openCase(parties, row)
  return unseen(may(parties, staff, action, held)) ?? held
}

/** Whether the policy lets somebody do this, at the desk or to a case. */
export function may(
  parties: Pick<IncidentParties, 'staff'>,
  staff: StaffFacts,
  action: Action,
  held?: Held,
): Refusal | null {
  return parties.staff.policy.decide({ staff, action, resource: resourceOf(held) })
}

function resourceOf(held: Held | undefined): Resource {
  if (held === undefined) return { type: 'Desk', id: 'incidents' }
  const { id, open, confirmed, involved, pathApprovals, morePathApprovals } = incidentOf(held)
  return {
    type: 'Incident',
    id,
    attributes: { open, confirmed, involved, pathApprovals, morePathApprovals },
  }
}

/** A case about oneself does not exist for oneself. */
export function unseen(no: Refusal | null): Refusal | null {
  return no?.code === 'incident-about-you' ? incidentNotFound() : no
}
