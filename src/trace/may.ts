import type { Refusal } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'
import type { Resource } from '../staff/policy.ts'
import { type Actor, isSystem, type StaffFacts } from '../staff/staff.ts'
import type { Incident } from './incidents.ts'
import type { TraceParties } from './parties.ts'

/**
 * What Cedar says, over the facts of the incident. Whoever runs the machine is asked as an investigator would be: an
 * open incident is needed at the command line too.
 */
export function mayDo(
  parties: Pick<TraceParties, 'policy'>,
  by: Actor,
  action: Action,
  incident: Incident | null,
): Refusal | null {
  const staff = isSystem(by) ? machineOperator() : by
  return parties.policy.decide({ staff, action, resource: incident === null ? DESK : resourceOf(incident) })
}

const DESK: Resource = { type: 'Desk', id: 'trace' }

function resourceOf(incident: Incident): Resource {
  const { open, confirmed, involved, pathApprovals, morePathApprovals } = incident
  return {
    type: 'Incident',
    id: incident.id,
    attributes: { open, confirmed, involved, pathApprovals, morePathApprovals },
  }
}

function machineOperator(): StaffFacts {
  return {
    id: 'command-line',
    deskName: 'command line',
    name: 'command line',
    roles: ['investigator'],
    office: 'yangon',
    team: 'command line',
    status: 'active',
    onShift: true,
    conductSigned: true,
    trained: true,
    sessionId: 'command-line',
    device: { shop: null },
  }
}
