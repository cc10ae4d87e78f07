import type { StaffGuard } from '../platform/http/access.ts'
import { readSessionCookie } from '../platform/http/cookies.ts'
import type { Policy, Resource } from './policy.ts'
import type { PolicyVersions } from './policy-versions.ts'
import { refusals } from './problems.ts'
import type { Sessions } from './sessions.ts'

const COUNTER: Resource = { type: 'Desk', id: 'counter' }

/**
 * Lets a request in when its session lives, its person is active, and the policy allows the route's action at
 * the counter; sets `request.staff`.
 */
export function createStaffGuard({
  sessions,
  policy,
  versions,
}: {
  sessions: Sessions
  policy: Policy
  versions: Pick<PolicyVersions, 'current'>
}): StaffGuard {
  return async (request, rule) => {
    const token = readSessionCookie(request, 'staff')
    if (token === null) return refusals.notSignedIn()
    const staff = await sessions.facts(token)
    if (staff === null) return refusals.sessionEnded()
    // What is withheld from a role is asked of memory from here on: this makes it at most a second old.
    await versions.current()
    if (staff.status !== 'active') return policy.decide({ staff, action: 'use-find', resource: COUNTER })
    request.staff = staff
    return rule.action === null ? null : policy.decide({ staff, action: rule.action, resource: COUNTER })
  }
}
