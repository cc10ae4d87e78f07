import { refuse } from '../platform/refusal.ts'
import { ACTIONS, type Action } from './actions.ts'
import type { Policy } from './policy.ts'
import { ROLES, type Role } from './staff.ts'

/**
 * Withholding: a version of the rules may take from a role what `policies/` permits it, and give that back; it can
 * never permit more. What everybody's own page needs, and changing the rules itself, cannot be withheld, or nobody
 * could give anything back.
 */

const NEVER_WITHHELD: readonly Action[] = [
  'propose-verification',
  'approve-verification',
  'freeze-person',
  'lift-freeze',
  'propose-role',
  'approve-role',
  'issue-enrolment',
  'read-entries',
]

/** Every `role/action` that a version may withhold. */
export const WITHHOLDABLE: readonly string[] = (Object.keys(ACTIONS) as Action[])
  .filter((action) => !NEVER_WITHHELD.includes(action) && ACTIONS[action].length < ROLES.length)
  .flatMap((action) => ACTIONS[action].map((role: Role) => `${role}/${action}`))

/**
 * A policy that also withholds. The whole question is asked first, so that no `forbid` about a role is lost with the
 * role; then it is asked again with the roles that still have the action.
 * @param withheld what the version in force withholds, at this moment.
 */
export function withholding(policy: Policy, withheld: () => readonly string[]): Policy {
  return {
    decide(question) {
      const refusal = policy.decide(question)
      const { staff, action } = question
      const roles = staff.roles.filter((role) => !withheld().includes(`${role}/${action}`))
      if (refusal !== null || roles.length === staff.roles.length) return refusal
      return policy.decide({ ...question, staff: { ...staff, roles } }) === null
        ? null
        : refuse(
            'role-withheld',
            'The rules in force withhold this from your role.',
            'See the rules under Settings, or ask somebody whose role has it.',
          )
    },
  }
}
