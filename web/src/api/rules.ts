import type { Static } from 'typebox'
import type * as Staff from '../../../src/staff/schemas.ts'
import { ask, send } from './client.ts'

export type Policies = Static<typeof Staff.PoliciesSchema>
export type VerificationPolicies = Static<typeof Staff.VerificationPoliciesSchema>
export type Version = VerificationPolicies['versions'][number]
export type Waiting = VerificationPolicies['waiting'][number]
export type Rules = Version['rules']
export type Preview = NonNullable<Waiting['preview']>

/** The rules of the house, and how callers are verified. */
export const rules = {
  policies: () => ask<Policies>('/api/policies'),
  verification: () => ask<VerificationPolicies>('/api/verification-policies'),
  propose: (body: { rules: Rules; reason: string }) => send('/api/verification-policies', body),
  preview: (rules: Rules) => send<Preview>('/api/verification-policies/preview', { rules }),
  withdraw: (id: string) => send(`/api/verification-policies/proposals/${id}/withdrawal`),
  approve: (id: string) => send(`/api/verification-policies/proposals/${id}/approval`),
}
