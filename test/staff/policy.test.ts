import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { ACTIONS, type Action, actionsOf } from '../../src/staff/actions.ts'
import { createPolicy } from '../../src/staff/cedar-policy.ts'
import type { Resource } from '../../src/staff/policy.ts'
import { POLICIES, parsePolicySource, readPolicySource } from '../../src/staff/policy-source.ts'
import { ROLES, type Role } from '../../src/staff/staff.ts'
import { person, readMatrix, readRows } from './situations.ts'

const source = readPolicySource(POLICIES)
const policy = createPolicy(source)
const table = readFileSync(new URL('../../policies/table.md', import.meta.url), 'utf8')
const rows = readRows(table)
const desk: Resource = { type: 'Desk', id: 'desk' }

test('every row of the table of policies holds', async (t) => {
  assert.ok(rows.length >= 80, `the table has ${rows.length} rows`)
  for (const row of rows) {
    await t.test(
      `line ${row.line}: ${row.roles.join('+')} ${row.action}, ${row.situation}: ${row.answer}`,
      () => {
        assert.equal(policy.decide(row)?.code ?? 'allowed', row.answer)
      },
    )
  }
})

test('the matrix of roles and actions holds, has every action, and equals the list that routes use', () => {
  const matrix = readMatrix(table)
  assert.deepEqual(matrix.map((line) => line.action).sort(), Object.keys(ACTIONS).sort())
  for (const { line, action, roles } of matrix) {
    for (const role of ROLES) {
      const allowed: boolean =
        policy.decide({ staff: person({ roles: [role] }), action, resource: desk }) === null
      assert.equal(allowed, roles.get(role), `policies/table.md:${line}: ${role} ${action}`)
      assert.equal(allowed, actionsOf([role], []).includes(action as Action), `ACTIONS: ${role} ${action}`)
    }
  }
})

test('every rule that forbids is met by some row', () => {
  const met = new Set(rows.map((row) => row.answer))
  const unmet = source.policies.filter(({ refusal }) => refusal !== null && !met.has(refusal.code))
  assert.deepEqual(
    unmet.map(({ id }) => id),
    [],
  )
})

const anyRoles = fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1 })
const anyFacts = fc.record({
  roles: anyRoles,
  onShift: fc.boolean(),
  conductSigned: fc.boolean(),
  trained: fc.boolean(),
  team: fc.constantFrom('mandalay-1', 'yangon-1'),
  status: fc.constantFrom('active' as const, 'frozen' as const, 'dismissed' as const),
  device: fc.record({ shop: fc.constantFrom(null, 'mandalay-78th-street') }),
})
const anyContact = fc
  .record({
    channel: fc.constantFrom('call' as const, 'shop' as const, 'chat' as const, 'app' as const),
    circle: fc.constantFrom(
      'none' as const,
      'own' as const,
      'household' as const,
      'declared' as const,
      'colleague' as const,
    ),
    colleagueTeam: fc.constantFrom(null, 'mandalay-1', 'yangon-1'),
    holder: fc.constantFrom(null, 'staff-1', 'staff-2'),
    referredFromTeam: fc.constantFrom(null, 'mandalay-1', 'yangon-1'),
    needsShopDevice: fc.boolean(),
  })
  .map((attributes): Resource => ({ type: 'Contact', id: 'contact-1', attributes }))
const LOOKS = ['open-contact', 'get-grant', 'see-bill', 'see-rows', 'match-number', 'unmask-row'] as const
const CUSTOMER_DATA = [
  ...LOOKS,
  'break-glass',
  'approve-look',
  'read-reports',
  'read-entry-bodies',
  'find-numbers',
]

test('an administrator sees no customer data, whatever other roles they gave themselves', () => {
  const onDesk = ['read-reports', 'read-entry-bodies', 'find-numbers']
  fc.assert(
    fc.property(anyFacts, anyContact, fc.constantFrom(...CUSTOMER_DATA), (facts, contact, action) => {
      const staff = person({ ...facts, roles: [...new Set<Role>([...facts.roles, 'administrator'])] })
      assert.ok(policy.decide({ staff, action, resource: onDesk.includes(action) ? desk : contact }))
    }),
  )
})

test('nobody looks without being active, signed, trained, at work, and outside their own circle', () => {
  fc.assert(
    fc.property(anyFacts, anyContact, fc.constantFrom(...LOOKS), (facts, contact, action) => {
      const staff = person(facts)
      if (policy.decide({ staff, action, resource: contact }) !== null) return
      assert.ok(staff.status === 'active' && staff.conductSigned && staff.trained && staff.onShift)
      assert.ok(contact.type === 'Contact' && ['none', 'colleague'].includes(contact.attributes.circle))
      assert.ok(contact.attributes.holder !== 'staff-2')
    }),
    { numRuns: 1000 },
  )
})

test('a remembered decision is never that of another person', () => {
  const held = (holder: string): Resource => ({
    type: 'Contact',
    id: 'c',
    attributes: { channel: 'call', circle: 'none', holder },
  })
  const ask = (id: string, holder: string) =>
    policy.decide({ staff: person({ id }), action: 'see-rows', resource: held(holder) })
  assert.equal(ask('staff-1', 'staff-1'), null)
  assert.equal(ask('staff-2', 'staff-1')?.code, 'not-your-contact')
  assert.equal(ask('staff-2', 'staff-2'), null)
})

test('an action that does not exist is a bug, not a no', () => {
  assert.throws(
    () => policy.decide({ staff: person(), action: 'read-everything', resource: desk }),
    /invariant/,
  )
})

const schema = { name: 'countersign.cedarschema', text: source.schema }
const parse = (text: string) => parsePolicySource(schema, [{ name: 'x.cedar', text }])

test('a policy that errors denies, where Cedar would have skipped it', () => {
  const overflow = `@id("all") permit (principal, action, resource);
@id("broken") @refusal("x") @says("x") @next("x")
forbid (principal is Staff, action, resource is Desk)
when { 9223372036854775807 + (if principal.onShift then 1 else 0) == 0 };`
  const broken = createPolicy(parse(overflow))
  assert.equal(broken.decide({ staff: person(), action: 'use-find', resource: desk })?.code, 'policy-error')
  assert.equal(broken.decide({ staff: person({ onShift: false }), action: 'use-find', resource: desk }), null)
})

test('a mistake in a policy stops the start and names its line', () => {
  const cases: [string, string, RegExp][] = [
    ['permit (principal, action,\n resource) when { 1 = 1 };', 'policy-unreadable', /^x\.cedar:2: /],
    [
      '\n@id("a")\npermit (principal is Staff, action, resource)\nwhen { principal.rolls };',
      'policy-invalid',
      /^x\.cedar:4: .*roles/,
    ],
    ['\n\npermit (principal, action, resource);', 'policy-incomplete', /^x\.cedar:3: .*@id/],
    [
      '@id("a") permit (principal, action, resource);\n@id("a") permit (principal, action, resource);',
      'policy-incomplete',
      /^x\.cedar:2: .*twice/,
    ],
    ['@id("a")\nforbid (principal, action, resource);', 'policy-incomplete', /^x\.cedar:1: .*@refusal/],
    ['@id("a") permit (principal, action == Action::"walk", resource);', 'policy-invalid', /^x\.cedar:1: /],
    [
      '// မြန်မာ\n@id("a")\npermit (principal is Staff, action, resource)\nwhen { principal.x };',
      'policy-invalid',
      /^x\.cedar:4: /,
    ],
  ]
  for (const [text, code, message] of cases) assert.throws(() => parse(text), { code, message })
})
