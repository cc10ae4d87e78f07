import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Static } from 'typebox'
import type { App } from '../platform/http/app.ts'
import { isRefusal } from '../platform/refusal.ts'
import { POLICIES } from './policy-source.ts'
import type { StaffRoom } from './room.ts'
import * as schemas from './schemas.ts'
import { staffOf } from './staff.ts'
import { WITHHOLDABLE } from './withhold.ts'

const tags = ['policies']
const { versions: Versions, waiting: Waiting } = schemas.VerificationPoliciesSchema.properties

/** The rules, to read; and how callers are verified, to change by three people. */
export function addRuleRoutes(app: App, room: StaffRoom): void {
  const table = readFileSync(join(POLICIES, 'table.md'), 'utf8')
  app.get(
    '/api/policies',
    {
      config: { access: { kind: 'staff', action: 'read-policies' } },
      schema: { tags, summary: 'Who may do what', response: { 200: schemas.PoliciesSchema } },
    },
    async () => ({
      schema: room.policySource.schema,
      policies: room.policySource.policies.map(({ id, file, line, effect, text, refusal }) => ({
        id,
        file,
        line,
        effect,
        text,
        says: refusal?.says ?? null,
      })),
      table,
    }),
  )
  addVerificationRoutes(app, room)
}

function addVerificationRoutes(app: App, room: StaffRoom): void {
  app.get(
    '/api/verification-policies',
    {
      config: { access: { kind: 'staff', action: 'read-policies' } },
      schema: {
        tags,
        summary: 'How callers are verified, every version',
        response: { 200: schemas.VerificationPoliciesSchema },
      },
    },
    async () => ({
      inForce: (await room.verification.current()).version,
      versions: structuredClone(await room.verification.list()) as Static<typeof Versions>,
      waiting: structuredClone(await room.verification.waiting()) as Static<typeof Waiting>,
      withholdable: [...WITHHOLDABLE],
    }),
  )
  app.post(
    '/api/verification-policies/preview',
    {
      config: { access: { kind: 'staff', action: 'propose-verification' } },
      schema: {
        tags,
        summary: 'What a change would have refused and allowed in the last 30 days',
        body: schemas.PreviewRulesBody,
        response: { 200: schemas.RulesPreviewSchema },
      },
    },
    async (request, reply) => {
      const preview = await room.verification.preview(staffOf(request), request.body.rules)
      if (isRefusal(preview)) return reply.refuse(preview)
      return structuredClone(preview) as Static<typeof schemas.RulesPreviewSchema>
    },
  )
  app.post(
    '/api/verification-policies',
    {
      config: { access: { kind: 'staff', action: 'propose-verification' } },
      schema: {
        tags,
        summary: 'Propose a change; two others approve it',
        body: schemas.ProposeRulesBody,
        response: { 200: schemas.ProposedSchema },
      },
    },
    async (request, reply) => {
      const proposed = await room.verification.propose(staffOf(request), request.body)
      return isRefusal(proposed) ? reply.refuse(proposed) : proposed
    },
  )
  addProposalRoutes(app, room)
}

function addProposalRoutes(app: App, room: StaffRoom): void {
  app.post(
    '/api/verification-policies/proposals/:id/approval',
    {
      config: { access: { kind: 'staff', action: 'approve-verification' } },
      schema: {
        tags,
        summary: 'Approve a proposed change; the second approval brings it into force',
        params: schemas.IdParams,
        response: { 200: schemas.InForceSchema },
      },
    },
    async (request, reply) => {
      const approved = await room.verification.approve(staffOf(request), request.params.id)
      if (isRefusal(approved)) return reply.refuse(approved)
      return { inForce: approved.inForce?.version ?? null }
    },
  )
  app.post(
    '/api/verification-policies/proposals/:id/withdrawal',
    {
      config: { access: { kind: 'staff', action: 'propose-verification' } },
      schema: {
        tags,
        summary: 'Let a proposed change drop',
        params: schemas.IdParams,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const refusal = await room.verification.withdraw(staffOf(request), request.params.id)
      return isRefusal(refusal) ? reply.refuse(refusal) : { done: true as const }
    },
  )
}
