import type { Static } from 'typebox'
import type * as Staff from '../../../src/staff/schemas.ts'
import type { Role } from '../../../src/staff/staff.ts'
import { ask, call, send } from './client.ts'

export type Person = Static<typeof Staff.ColleagueSchema>
export type PersonView = Staff.PersonView
export type Conduct = Static<typeof Staff.ConductSchema>
export type Circle = Static<typeof Staff.CircleSchema>
export type RoleProposal = Static<typeof Staff.RoleProposalsSchema>['proposals'][number]
export type Tie = Circle['numbers'][number]['kind']

const one = (id: string): string => `/api/people/${encodeURIComponent(id)}`

/** People and what is changed about them. Every change goes into the ledger with its reason. */
export const people = {
  list: () => ask<{ people: Person[] }>('/api/people'),
  get: (id: string) => ask<PersonView>(one(id)),
  add: (body: Static<typeof Staff.NewPersonBody>) =>
    send<Static<typeof Staff.AddedSchema>>('/api/people', body),
  offices: () => ask<Static<typeof Staff.OfficesSchema>>('/api/offices'),
  freeze: (id: string, reason: string) => send(`${one(id)}/freeze`, { reason }),
  liftFreeze: (id: string, reason: string) => send(`${one(id)}/freeze/lifting`, { reason }),
  dismiss: (id: string, clause: string, reason: string) => send(`${one(id)}/dismissal`, { clause, reason }),
  endSessions: (id: string, reason: string) => send(`${one(id)}/sessions/ending`, { reason }),
  approveOffShift: (id: string, until: number, reason: string) =>
    send(`${one(id)}/approvals`, { until, reason }),
  recordTraining: (id: string, body: Static<typeof Staff.TrainingBody>) => send(`${one(id)}/trainings`, body),
  enrolment: (id: string) => send<Static<typeof Staff.LinkSchema>>(`${one(id)}/enrolment`),
  proposals: () => ask<Static<typeof Staff.RoleProposalsSchema>>('/api/role-proposals'),
  proposeRole: (id: string, role: Role, reason: string) => send(`${one(id)}/roles`, { role, reason }),
  takeRole: (id: string, role: Role, reason: string) => send(`${one(id)}/roles/${role}/removal`, { reason }),
  approveRole: (proposal: string) => send(`/api/role-proposals/${proposal}/approval`),
}

/** What each person does for themself. */
export const me = {
  conduct: () => ask<Conduct>('/api/conduct'),
  signConduct: (version: number) => send('/api/conduct/signature', { version }),
  circle: () => ask<Circle>('/api/circle'),
  declare: (kind: Tie, number: string) => send('/api/circle', { kind, number }),
  withdraw: (id: string) => call('DELETE', `/api/circle/${id}`),
}

/** Makes this browser a shop's device, with a link. */
export const registerShopDevice = (token: string): Promise<{ shop: string }> =>
  send('/api/devices/registration', { token })
