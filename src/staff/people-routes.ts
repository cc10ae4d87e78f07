import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { colleagueOf } from './duty.ts'
import { refusals } from './problems.ts'
import type { StaffParties, StaffRoom } from './room.ts'
import { mayAbout } from './say.ts'
import * as schemas from './schemas.ts'
import { countSessions } from './session-store.ts'
import { OFFICES, ROLE_WORDS, ROLES, type StaffFacts, staffOf } from './staff.ts'
import {
  listFreezes,
  listPeople,
  listTeams,
  type PersonWithRoles,
  readDismissal,
  readPerson,
} from './store.ts'
import { listShifts, listTrainings } from './work-store.ts'

const tags = ['people']
const DAY_MS = 86_400_000
/** What a person's page offers, and says why not. */
const OFFERED = [
  'move-person',
  'take-role',
  'issue-enrolment',
  'record-training',
  'plan-shift',
  'approve-off-shift',
  'freeze-person',
  'lift-freeze',
  'dismiss-person',
  'end-sessions',
  'see-circle',
] as const

/** People as administrators, supervisors and those who check see them, and what is changed about them. */
export function addPeopleRoutes(app: App, room: StaffRoom, parties: StaffParties): void {
  const { db } = parties
  app.get(
    '/api/people',
    {
      config: { access: { kind: 'staff', action: 'see-people' } },
      schema: {
        tags,
        summary: 'Everybody who works or worked here',
        querystring: schemas.PeopleQuery,
        response: { 200: schemas.PeopleSchema },
      },
    },
    async (request) => ({
      people: (await listPeople(db, { ...request.query, limit: 1_000 })).map(summaryOf),
    }),
  )
  app.get(
    '/api/people/:id',
    {
      config: { access: { kind: 'staff', action: 'see-people' } },
      schema: {
        tags,
        summary: 'One person',
        params: schemas.IdParams,
        response: { 200: schemas.PersonSchema },
      },
    },
    async (request, reply) => {
      const person = await readPerson(db, request.params.id)
      if (person === null) return reply.refuse(refusals.personNotFound())
      return personView(staffOf(request), person, room, parties)
    },
  )
  addPlaceRoutes(app, room, parties)
  addRoleRoutes(app, room, parties)
}

function addPlaceRoutes(app: App, room: StaffRoom, { db }: StaffParties): void {
  app.post(
    '/api/people',
    {
      config: { access: { kind: 'staff', action: 'add-person' } },
      schema: {
        tags,
        summary: 'Add somebody, without a role yet',
        body: schemas.NewPersonBody,
        response: { 200: schemas.AddedSchema },
      },
    },
    async (request, reply) => {
      const added = await room.people.add(staffOf(request), request.body)
      return isRefusal(added) ? reply.refuse(added) : added
    },
  )
  app.put(
    '/api/people/:id/place',
    {
      config: { access: { kind: 'staff', action: 'move-person' } },
      schema: {
        tags,
        summary: 'Move somebody to an office and team',
        params: schemas.IdParams,
        body: schemas.PlaceBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.people.move(staffOf(request), request.params.id, request.body)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.get(
    '/api/offices',
    {
      config: { access: { kind: 'staff', action: 'use-find' } },
      schema: { tags, summary: 'Offices, teams and roles', response: { 200: schemas.OfficesSchema } },
    },
    async () => {
      const teams = await listTeams(db)
      return {
        offices: OFFICES.map(({ id, words }) => ({
          id,
          words,
          teams: teams.filter(({ office }) => office === id).map(({ team, people }) => ({ team, people })),
        })),
        roles: ROLES.map((id) => ({ id, words: ROLE_WORDS[id] })),
      }
    },
  )
}

function addRoleRoutes(app: App, room: StaffRoom, { db }: StaffParties): void {
  app.get(
    '/api/role-proposals',
    {
      config: { access: { kind: 'staff', action: 'see-people' } },
      schema: {
        tags,
        summary: 'Roles that wait for a second administrator',
        response: { 200: schemas.RoleProposalsSchema },
      },
    },
    async () => {
      const waiting = await room.roles.waiting()
      const known = new Map<string, ReturnType<typeof summaryOf>>()
      for (const id of new Set(waiting.flatMap(({ about, proposedBy }) => [about, proposedBy]))) {
        const row = await readPerson(db, id)
        if (row !== null) known.set(id, summaryOf(row))
      }
      return {
        proposals: waiting.flatMap((proposal) => {
          const about = known.get(proposal.about)
          const proposedBy = known.get(proposal.proposedBy)
          return about && proposedBy ? [{ ...proposal, about, proposedBy }] : []
        }),
      }
    },
  )
  app.post(
    '/api/people/:id/roles',
    {
      config: { access: { kind: 'staff', action: 'propose-role' } },
      schema: {
        tags,
        summary: 'Propose a role; another administrator approves it',
        params: schemas.IdParams,
        body: schemas.RoleBody,
        response: { 200: schemas.ProposedSchema },
      },
    },
    async (request, reply) => {
      const ask = { staffId: request.params.id, ...request.body }
      const proposed = await room.roles.propose(staffOf(request), ask)
      return isRefusal(proposed) ? reply.refuse(proposed) : proposed
    },
  )
  app.post(
    '/api/people/:id/roles/:role/removal',
    {
      config: { access: { kind: 'staff', action: 'take-role' } },
      schema: {
        tags,
        summary: 'Take a role, at once',
        params: schemas.RoleParams,
        body: schemas.ReasonBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const { id, role } = request.params
      const ask = { staffId: id, role, reason: request.body.reason }
      const no = await room.roles.take(staffOf(request), ask)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  addProposalRoutes(app, room)
}

function addProposalRoutes(app: App, room: StaffRoom): void {
  app.post(
    '/api/role-proposals/:id/approval',
    {
      config: { access: { kind: 'staff', action: 'approve-role' } },
      schema: {
        tags,
        summary: 'Approve a role that another administrator proposed',
        params: schemas.IdParams,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.roles.approve(staffOf(request), request.params.id)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
  app.post(
    '/api/role-proposals/:id/withdrawal',
    {
      config: { access: { kind: 'staff', action: 'propose-role' } },
      schema: {
        tags,
        summary: 'Let a proposed role drop',
        params: schemas.IdParams,
        body: schemas.ReasonBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const no = await room.roles.withdraw(staffOf(request), request.params.id, request.body.reason)
      return no === null ? { done: true as const } : reply.refuse(no)
    },
  )
}

function summaryOf(row: PersonWithRoles) {
  return { ...colleagueOf(row), roles: [...row.roles], status: row.status }
}

async function personView(
  asking: StaffFacts,
  person: PersonWithRoles,
  room: StaffRoom,
  { db, clock }: StaffParties,
): Promise<schemas.PersonView> {
  const now = clock.now()
  const dismissal = await readDismissal(db, person.id)
  const may = OFFERED.map((action) => [action, mayAbout(room.policy, asking, action, person)?.says ?? null])
  return {
    person: summaryOf(person),
    addedAt: person.added_at,
    shifts: (await listShifts(db, person.id, now - DAY_MS, now + 14 * DAY_MS)).map((row) => ({
      from: row.starts_at,
      until: row.ends_at,
      kind: row.kind,
    })),
    trainings: (await listTrainings(db, person.id)).map((row) => ({
      course: row.course,
      passedAt: row.passed_at,
      expiresAt: row.expires_at,
    })),
    conduct: await room.conduct.lastSignature(person.id),
    freezes: (await listFreezes(db, person.id)).map((row) => ({
      reason: row.reason,
      frozenAt: row.frozen_at,
      liftedAt: row.lifted_at,
    })),
    dismissal:
      dismissal === null
        ? null
        : { clause: dismissal.clause, reason: dismissal.reason, dismissedAt: dismissal.dismissed_at },
    openSessions: await countSessions(db, person.id, now),
    may: Object.fromEntries(may),
  }
}
