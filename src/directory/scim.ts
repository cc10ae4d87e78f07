import type { GroupAsked, UserAsked } from './people.ts'
import type { Account, Group } from './store.ts'

/** SCIM 2.0 (RFC 7643, 7644) in and out: what the protocol writes as JSON, and what we keep of it. */

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const CONFIG = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'

type Json = Record<string, unknown>

/** Why a message cannot be followed (RFC 7644, 3.12). */
export interface Wrong {
  readonly wrong: 'invalidValue' | 'invalidFilter' | 'invalidPath' | 'invalidSyntax'
  readonly says: string
}

/** A user as a whole; attributes that we keep nothing of are passed over. */
export function parseUser(body: Json): UserAsked | Wrong {
  const userName = textOf(body.userName, 200)
  if (userName === null) return { wrong: 'invalidValue', says: 'userName is missing or too long' }
  const enterprise = objectOf(body[ENTERPRISE])
  return {
    userName,
    externalId: textOf(body.externalId, 200),
    name: nameOf(body) ?? userName,
    active: activeOf(body.active) ?? true,
    employeeNumber: textOf(enterprise.employeeNumber, 40),
    office: textOf(enterprise.division, 60),
    team: textOf(enterprise.department, 40),
  }
}

/** A group as a whole. */
export function parseGroup(body: Json): GroupAsked | Wrong {
  const displayName = textOf(body.displayName, 200)
  if (displayName === null) return { wrong: 'invalidValue', says: 'displayName is missing or too long' }
  return { displayName, externalId: textOf(body.externalId, 200), members: membersOf(body.members) }
}

/** What a PATCH changes of a user (RFC 7644, 3.5.2). Paths that we keep nothing of are passed over. */
export function parseUserPatch(body: Json): Partial<UserAsked> | Wrong {
  const change: { -readonly [K in keyof UserAsked]?: UserAsked[K] } = {}
  for (const op of operationsOf(body)) {
    if ('wrong' in op) return op as unknown as Wrong
    // Without a path the value is an object of attributes; `active` is what it is mostly about.
    const set: Json = op.path === null ? objectOf(op.value) : { [op.path]: op.value }
    for (const [path, value] of Object.entries(set)) {
      const name = path.toLowerCase()
      if (name === 'active') {
        const active = op.op === 'remove' ? false : activeOf(value)
        if (active === null) return { wrong: 'invalidValue', says: 'active is neither true nor false' }
        change.active = active
      } else if (name === 'username') change.userName = textOf(value, 200) ?? ''
      else if (name === 'externalid') change.externalId = textOf(value, 200)
      else if (name === 'displayname' || name === 'name.formatted') change.name = textOf(value, 120) ?? ''
      else if (name === 'name') change.name = nameOf({ name: value }) ?? ''
      else if (name.endsWith(':department')) change.team = textOf(value, 40)
      else if (name.endsWith(':division')) change.office = textOf(value, 60)
    }
    if (change.userName === '' || change.name === '')
      return { wrong: 'invalidValue', says: 'a name is missing or too long' }
  }
  return change
}

/** What a PATCH makes of a group. */
export function parseGroupPatch(body: Json, before: GroupAsked): GroupAsked | Wrong {
  let group = before
  for (const op of operationsOf(body)) {
    if ('wrong' in op) return op as unknown as Wrong
    const path = op.path?.toLowerCase() ?? null
    const one = /^members\[value eq "([^"]{1,100})"\]$/i.exec(op.path ?? '')?.[1]
    if (one !== undefined && op.op === 'remove')
      group = { ...group, members: group.members.filter((id) => id !== one) }
    else if (path === 'members') {
      const named = membersOf(op.value)
      const kept = group.members.filter((id) => !named.includes(id))
      const gone = op.value === undefined ? [] : kept
      group = {
        ...group,
        members: op.op === 'remove' ? gone : op.op === 'replace' ? named : [...kept, ...named],
      }
    } else if (path === 'displayname') group = { ...group, displayName: textOf(op.value, 200) ?? '' }
    else if (path === null) {
      const value = objectOf(op.value)
      if ('displayName' in value) group = { ...group, displayName: textOf(value.displayName, 200) ?? '' }
      if ('members' in value) {
        const named = membersOf(value.members)
        const kept = group.members.filter((id) => !named.includes(id))
        group = { ...group, members: op.op === 'add' ? [...kept, ...named] : named }
      }
    } else if (path !== 'externalid') return { wrong: 'invalidPath', says: 'no such path of a group' }
    if (group.displayName === '') return { wrong: 'invalidValue', says: 'displayName is missing or too long' }
  }
  return group
}

/** `userName eq "x"`, `externalId eq "x"`, `displayName eq "x"`: the filters that directories look things up by. */
export function parseFilter(text: string | undefined): { attribute: string; value: string } | null | Wrong {
  if (text === undefined) return null
  const [, attribute, value] = /^(userName|externalId|displayName|id) eq "([^"\\]{1,200})"$/i.exec(text) ?? []
  if (attribute === undefined || value === undefined)
    return {
      wrong: 'invalidFilter',
      says: 'one attribute, eq and a value in quotes is what can be filtered by',
    }
  return { attribute: attribute.toLowerCase(), value }
}

/** Tells what is wrong from what was parsed. */
export function isWrong(value: unknown): value is Wrong {
  return typeof value === 'object' && value !== null && 'wrong' in value
}

/** A user as the directory reads it. */
export function encodeUser(account: Account, base: string): Json {
  return {
    schemas: [USER, ENTERPRISE],
    id: account.id,
    userName: account.userName,
    ...(account.externalId === null ? {} : { externalId: account.externalId }),
    displayName: account.name,
    name: { formatted: account.name },
    active: account.active,
    [ENTERPRISE]: { department: account.team },
    meta: metaOf('User', account, `${base}/Users/${account.id}`),
  }
}

/** A group as the directory reads it. */
export function encodeGroup(group: Group, members: readonly string[], base: string): Json {
  return {
    schemas: [GROUP],
    id: group.id,
    displayName: group.displayName,
    ...(group.externalId === null ? {} : { externalId: group.externalId }),
    members: members.map((id) => ({ value: id, type: 'User', $ref: `${base}/Users/${id}` })),
    meta: metaOf('Group', group, `${base}/Groups/${group.id}`),
  }
}

function metaOf(kind: string, at: { createdAt: number; changedAt: number }, location: string): Json {
  const iso = (ms: number) => new Date(ms).toISOString()
  return { resourceType: kind, created: iso(at.createdAt), lastModified: iso(at.changedAt), location }
}

interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string | null
  readonly value: unknown
}

function operationsOf(body: Json): (Operation | Wrong)[] {
  const told = body.Operations ?? body.operations
  if (!Array.isArray(told) || told.length === 0 || told.length > 1_000)
    return [{ wrong: 'invalidSyntax', says: 'Operations are 1 to 1,000' }]
  return told.map((one: unknown): Operation | Wrong => {
    const { op, path, value } = objectOf(one)
    const verb = typeof op === 'string' ? op.toLowerCase() : ''
    if (verb !== 'add' && verb !== 'replace' && verb !== 'remove')
      return { wrong: 'invalidSyntax', says: 'op is add, replace or remove' }
    return { op: verb, path: textOf(path, 200), value }
  })
}

function membersOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return [...new Set(list.flatMap((one: unknown) => textOf(objectOf(one).value, 100) ?? []))]
}

function nameOf(body: Json): string | null {
  const name = objectOf(body.name)
  const parts = [textOf(name.givenName, 60), textOf(name.familyName, 60)].filter((part) => part !== null)
  return (
    textOf(body.displayName, 120) ??
    textOf(name.formatted, 120) ??
    (parts.length === 0 ? null : parts.join(' '))
  )
}

/** Some directories send words for it. */
function activeOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return null
}

function textOf(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text !== '' && text.length <= longest && !/\p{Cc}/u.test(text) ? text : null
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
