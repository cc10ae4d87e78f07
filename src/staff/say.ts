import type { JsonObject } from '../ledger/entry.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Policy } from './policy.ts'
import { type Actor, isSystem } from './staff.ts'
import type { PersonWithRoles } from './store.ts'

/** Who did it, as the body of an entry says it. */
export function bySaying(by: Actor): JsonObject {
  return isSystem(by) ? { system: by.system } : { staff: by.id, deskName: by.deskName, office: by.office }
}

/** The staff id that the ledger indexes an entry by; null for the machine's operator. */
export function actorIdOf(by: Actor): string | null {
  return isSystem(by) ? null : by.id
}

/** Whether `by` may do this to `person`. Whoever runs the machine may: it is an entry all the same. */
export function mayAbout(policy: Policy, by: Actor, action: string, person: PersonWithRoles): Refusal | null {
  if (isSystem(by)) return null
  const attributes = { team: person.team, roles: person.roles }
  return policy.decide({ staff: by, action, resource: { type: 'Person', id: person.id, attributes } })
}
