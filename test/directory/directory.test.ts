import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { ENTERPRISE, GROUP, PATCH, USER } from '../../src/directory/scim.ts'
import { openDirectory, type TestDirectory } from './open-directory.ts'

const user = (name: string, more: object = {}) => ({
  schemas: [USER, ENTERPRISE],
  userName: `${name}@example.org`,
  externalId: name,
  displayName: `Ma ${name}`,
  active: true,
  [ENTERPRISE]: { department: 'north', division: 'mandalay' },
  ...more,
})
const patch = (...operations: object[]) => ({ schemas: [PATCH], Operations: operations })

async function provision(at: TestDirectory, name: string): Promise<string> {
  const made = await at.scim('POST', '/Users', user(name))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.id as string
}

test('whoever the directory provisioned signs in there, and comes back with a session of their own', async (t) => {
  const at = await openDirectory(t)
  await provision(at, 'thida')
  const { status, token } = await at.signInAs('thida')
  assert.equal(status, 302)
  const facts = await at.room.sessions.facts(token ?? '')
  assert.deepEqual(
    [facts?.name, facts?.office, facts?.team, facts?.roles],
    ['Ma thida', 'mandalay', 'north', []],
  )
  const stranger = await at.signInAs('nobody')
  assert.deepEqual([stranger.status, stranger.token], [403, null])
  assert.match(stranger.body, /you do not work here/)
  assert.ok((await at.kinds()).includes('sign-in-refused'))
  const forged = await at.app.inject({ url: '/sign-in/directory/back?code=x&state=y' })
  assert.equal(forged.statusCode, 400)
})

test('whom the directory disables is frozen at once, open screens too, and let in again only by who froze them', async (t) => {
  const at = await openDirectory(t)
  const id = await provision(at, 'thida')
  const { token } = await at.signInAs('thida')
  const facts = await at.room.sessions.facts(token ?? '')
  const heard = new EventEmitter()
  at.notifications.subscribe('session-ended', (payload) => heard.emit('ended', payload))
  const ended = once(heard, 'ended')
  const disabled = await at.scim(
    'PATCH',
    `/Users/${id}`,
    patch({ op: 'Replace', path: 'active', value: 'False' }),
  )
  assert.deepEqual([disabled.status, disabled.body.active], [200, false])
  assert.deepEqual((await ended)[0], { staffId: facts?.id }, 'every open screen hears it')
  assert.equal(await at.room.sessions.facts(token ?? ''), null)
  assert.equal((await at.signInAs('thida')).status, 403)
  assert.ok((await at.kinds()).includes('staff-frozen'))

  await at.scim('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: true } }))
  assert.equal((await at.signInAs('thida')).status, 302)

  // The privacy officer's freeze is not the directory's to lift.
  await at.room.people.freeze({ system: 'test' }, facts?.id ?? '', 'looked into')
  await at.scim('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: false }))
  await at.scim('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: true }))
  assert.equal((await at.signInAs('thida')).status, 403)
})

test('groups mean roles once two administrators have said so, and what a group gave it takes again', async (t) => {
  const at = await openDirectory(t)
  const [hla, ba] = [await at.hire(['administrator']), await at.hire(['administrator'])]
  const id = await provision(at, 'thida')
  const group = await at.scim('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'CX Champions',
    members: [{ value: id }],
  })
  assert.equal(group.status, 201)
  const roles = async () => {
    const { token } = await at.signInAs('thida')
    return (await at.room.sessions.facts(token ?? ''))?.roles
  }
  assert.deepEqual(await roles(), [], 'a group that means nothing gives nothing')

  const asked = { groups: { 'CX Champions': 'champion' }, reason: 'the care team' }
  const proposed = await at.ask(hla, 'POST', '/api/directory/groups', asked)
  assert.equal(proposed.status, 200)
  const approval = `/api/directory/groups/${proposed.body.version}/approval`
  const alone = await at.ask(hla, 'POST', approval)
  assert.deepEqual([alone.status, alone.body.code], [403, 'same-person'])
  assert.deepEqual(await roles(), [])
  assert.equal((await at.ask(ba, 'POST', approval)).status, 200)
  assert.deepEqual(await roles(), ['champion'])
  assert.equal((await at.ask(ba, 'POST', approval)).body.code, 'proposal-decided')

  const remove = patch({ op: 'remove', path: `members[value eq "${id}"]` })
  assert.deepEqual((await at.scim('PATCH', `/Groups/${group.body.id}`, remove)).body.members, [])
  assert.deepEqual(await roles(), [])
  await at.scim(
    'PATCH',
    `/Groups/${group.body.id}`,
    patch({ op: 'add', path: 'members', value: [{ value: id }] }),
  )
  assert.deepEqual(await roles(), ['champion'])
  assert.equal((await at.scim('DELETE', `/Groups/${group.body.id}`)).status, 204)
  assert.deepEqual(await roles(), [])
})

test('a logout at the directory ends the session here, once, and a made-up one ends nothing', async (t) => {
  const at = await openDirectory(t)
  await provision(at, 'thida')
  const { token } = await at.signInAs('thida')
  const made = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0aGlkYSJ9.'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const forged = await at.app.inject({
    method: 'POST',
    url: '/sign-in/directory/logout',
    headers,
    payload: `logout_token=${made}`,
  })
  assert.equal(forged.statusCode, 400)
  assert.ok(await at.room.sessions.facts(token ?? ''))
  await at.logOut()
  assert.equal(await at.room.sessions.facts(token ?? ''), null)
  assert.ok((await at.kinds()).includes('directory-logout'))
  assert.equal(await at.sendAgain(), 400, 'a logout token works once')
})

test('when the directory is down nobody new gets in, who is in stays, and it is asked again later', async (t) => {
  const at = await openDirectory(t)
  await provision(at, 'thida')
  const { token } = await at.signInAs('thida')
  await at.stopDirectory()
  const other = await at.app.inject({ url: '/sign-in/directory' })
  const code = /code=([^&]+)/.exec(String(other.headers.location))
  assert.equal(code, null)
  const cookie = String(other.headers['set-cookie'] ?? '').split(';')[0] as string
  const state = cookie.split('=')[1] ?? ''
  const back = await at.app.inject({
    url: `/sign-in/directory/back?code=x&state=${state}&iss=${encodeURIComponent('http://elsewhere')}`,
    headers: { cookie },
  })
  assert.ok([400, 503].includes(back.statusCode))
  assert.equal(
    back.cookies.some(({ name }) => name === 'countersign-staff'),
    false,
  )
  assert.ok(await at.room.sessions.facts(token ?? ''), 'whoever is in stays')
})

test('SCIM: what is unknown, taken or malformed is refused in the protocol’s own words', async (t) => {
  const at = await openDirectory(t)
  const id = await provision(at, 'thida')
  const again = await at.scim('POST', '/Users', user('thida'))
  assert.deepEqual([again.status, again.body.scimType], [409, 'uniqueness'])
  assert.equal((await at.scim('GET', '/Users/0')).status, 404)
  const found = await at.scim('GET', `/Users?filter=${encodeURIComponent('userName eq "THIDA@example.org"')}`)
  assert.deepEqual([found.body.totalResults, found.body.Resources[0].id], [1, id])
  const odd = await at.scim('GET', `/Users?filter=${encodeURIComponent('name sw "a"')}`)
  assert.deepEqual([odd.status, odd.body.scimType], [400, 'invalidFilter'])
  const broken = await at.scim('PATCH', `/Users/${id}`, patch({ op: 'burn' }))
  assert.deepEqual([broken.status, broken.body.scimType], [400, 'invalidSyntax'])
  const without = await at.app.inject({ url: '/scim/v2/Users' })
  assert.equal(without.statusCode, 401)
  assert.equal((await at.scim('DELETE', `/Users/${id}`)).status, 204)
  assert.equal((await at.scim('GET', `/Users/${id}`)).status, 404)
  assert.equal((await at.signInAs('thida')).status, 403)
})
