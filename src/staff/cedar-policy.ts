import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { CodedError, invariant } from '../platform/coded-error.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { isAction } from './actions.ts'
import type { Policy, Question, Resource } from './policy.ts'
import type { PolicyFault, PolicySource, PolicyText } from './policy-source.ts'
import type { StaffFacts } from './staff.ts'

/** Decisions remembered; the oldest goes first. Facts repeat: some thousand combinations cover a busy day. */
const REMEMBERED = 10_000

let prepared = 0

/**
 * The policy over checked sources, parsed once. A decision depends on nothing but the facts handed in, so
 * equal facts get the remembered answer (about 1 microsecond; a new one takes about 240).
 *
 * Why ids and teams are replaced: policies compare people and teams only with those of the person asking, so
 * each is `asking` (`own team`) or `other`. Questions that differ in nothing else are then one, some hundred
 * decisions cover everybody, and no id of a case reaches the memory.
 */
export function createPolicy(source: PolicySource): Policy {
  const name = `countersign-${++prepared}`
  prepare(name, source)
  const byId = new Map(source.policies.map((policy, order) => [policy.id, { policy, order }]))
  const remembered = new Map<string, Refusal | null>()
  return {
    decide(question) {
      invariant(
        isAction(question.action),
        `a policy is asked about an action that exists: ${question.action}`,
      )
      const call = callOf(question)
      const key = JSON.stringify(call)
      const known = remembered.get(key)
      if (known !== undefined) return known
      const answer = cedar.statefulIsAuthorized({
        ...call,
        context: {},
        preparsedPolicySetId: name,
        preparsedSchemaName: name,
        validateRequest: true,
      })
      const refusal = refusalOf(answer, byId)
      if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string)
      remembered.set(key, refusal)
      return refusal
    },
  }
}

function prepare(name: string, source: PolicySource): void {
  const policies = Object.fromEntries(source.policies.map(({ id, text }) => [id, text]))
  for (const answer of [
    cedar.preparseSchema(name, source.schema),
    cedar.preparsePolicySet(name, { staticPolicies: policies }),
  ]) {
    if (answer.type === 'failure')
      throw new CodedError<PolicyFault>('policy-unreadable', answer.errors[0]?.message ?? 'not understood')
  }
}

type Place = { readonly policy: PolicyText; readonly order: number }

function refusalOf(answer: cedar.AuthorizationAnswer, byId: ReadonlyMap<string, Place>): Refusal | null {
  if (answer.type === 'failure') return POLICY_ERROR
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) return POLICY_ERROR
  if (decision === 'allow') return null
  const first = diagnostics.reason
    .map((id) => byId.get(id))
    .filter((place) => place !== undefined)
    .sort((a, b) => a.order - b.order)[0]
  const told = first?.policy.refusal
  return told ? refuse(told.code, told.says, told.next) : NOT_IN_ROLE
}

const POLICY_ERROR = refuse(
  'policy-error',
  'The rules could not be applied to this, so it is refused.',
  'Tell the privacy officer; nothing was opened.',
)
const NOT_IN_ROLE = refuse('not-in-role', 'Your role does not include this.', 'Ask somebody whose role does.')

/** Codes that come from this file and not from a policy. */
export const POLICY_CODES = [POLICY_ERROR.code, NOT_IN_ROLE.code] as const

const ASKING = { type: 'Staff', id: 'asking' } as const
const OWN_TEAM = 'own team'
const OTHER = 'other'

function callOf({ staff, action, resource }: Question): {
  principal: cedar.EntityUid
  action: cedar.EntityUid
  resource: cedar.EntityUid
  entities: cedar.Entities
} {
  const uid = { type: resource.type, id: 'at-hand' }
  return {
    principal: ASKING,
    action: { type: 'Action', id: action },
    resource: uid,
    entities: [
      { uid: ASKING, attrs: attributesOfStaff(staff), parents: [] },
      { uid, attrs: attributesOf(resource, staff), parents: [] },
    ],
  }
}

function attributesOfStaff(staff: StaffFacts): Record<string, cedar.CedarValueJson> {
  return {
    roles: [...staff.roles].sort(),
    team: OWN_TEAM,
    status: staff.status,
    onShift: staff.onShift,
    conductSigned: staff.conductSigned,
    trained: staff.trained,
    shopDevice: staff.device.shop !== null,
  }
}

function attributesOf(resource: Resource, staff: StaffFacts): Record<string, cedar.CedarValueJson> {
  const person = (id: string): cedar.CedarValueJson => ({
    __entity: { type: 'Staff', id: id === staff.id ? ASKING.id : OTHER },
  })
  const team = (name: string): string => (name === staff.team ? OWN_TEAM : OTHER)
  switch (resource.type) {
    case 'Desk':
      return {}
    case 'Contact': {
      const { channel, circle, colleagueTeam, holder, referredFromTeam, needsShopDevice } =
        resource.attributes
      return {
        channel,
        circle,
        needsShopDevice: needsShopDevice ?? true,
        ...(colleagueTeam ? { colleagueTeam: team(colleagueTeam) } : {}),
        ...(holder ? { holder: person(holder) } : {}),
        ...(referredFromTeam ? { referredFromTeam: team(referredFromTeam) } : {}),
      }
    }
    case 'Person': {
      const { team: name, roles } = resource.attributes ?? {}
      const known = name ? { team: team(name) } : {}
      return { person: person(resource.id), roles: [...(roles ?? [])].sort(), ...known }
    }
    case 'Proposal': {
      const { proposedBy, about, approvedBy, role, holds } = resource.attributes
      return {
        proposedBy: person(proposedBy),
        approvedBy: (approvedBy ?? []).map(person),
        holds: [...(holds ?? [])].sort(),
        ...(about ? { about: person(about) } : {}),
        ...(role ? { role } : {}),
      }
    }
    case 'Incident': {
      const { open, confirmed, involved, pathApprovals, morePathApprovals } = resource.attributes
      // Counted without the person asking: nobody approves what they do themselves.
      const others = (ids: readonly string[]) => new Set(ids.filter((id) => id !== staff.id)).size
      return {
        open,
        confirmed,
        involved: involved.map(person),
        pathApprovals: others(pathApprovals),
        morePathApprovals: others(morePathApprovals),
      }
    }
  }
}
