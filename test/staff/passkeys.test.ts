import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { freePort } from '../../src/platform/free-port.ts'
import type { App } from '../../src/platform/http/app.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { create, get, post, read } from '../support/passkey-page.ts'
import { openHttp } from './open-http.ts'
import { granted, refusedWith, SYSTEM } from './open-room.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'

test('a passkey is enrolled by a link and signs in, in a real browser; links and answers work once, and no administrator replaces it alone', async (t) => {
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const opened = await openHttp(t, { publicUrl, demo: false })
  const { app, room, hire, kinds, database } = opened
  const page = await openPage(t, app, port)
  const champion = await hire(['champion'])
  const { link } = granted(await room.passkeys.issueLink(SYSTEM, champion.id))
  const token = link.split('#')[1] ?? ''

  const begun = await post(page, '/api/enrolments/options', { token })
  assert.equal(begun.body.person.deskName, champion.deskName)
  const credential = await create(page, begun.body.options)
  const elsewhere = await post(page, '/api/enrolments', {
    token: 'A'.repeat(43),
    id: begun.body.id,
    response: credential,
  })
  assert.equal(elsewhere.body.code, 'link-spent')
  const enrolled = await post(page, '/api/enrolments', { token, id: begun.body.id, response: credential })
  assert.equal(enrolled.status, 200, JSON.stringify(enrolled.body))
  assert.equal((await read(page, '/api/session')).staff.deskName, champion.deskName)
  const again = await post(page, '/api/enrolments', { token, id: begun.body.id, response: credential })
  assert.equal(again.body.code, 'link-spent')

  const challenge = await post(page, '/api/session/passkey/options', {})
  const response = await get(page, challenge.body.options)
  const answer = { id: challenge.body.id, response }
  assert.equal((await post(page, '/api/session/passkey', answer)).status, 200)
  assert.equal((await post(page, '/api/session/passkey', answer)).body.code, 'passkey-refused', 'replayed')
  const other = await post(page, '/api/session/passkey/options', {})
  const stale = await post(page, '/api/session/passkey', { id: other.body.id, response })
  assert.equal(stale.body.code, 'passkey-refused', 'an answer to another challenge')

  const first = await hire(['administrator'])
  // Whoever writes the database makes their own key an administrator's.
  const owns = (staffId: string) => database.pool.query('UPDATE staff.passkey SET staff_id = $1', [staffId])
  const enter = async () => {
    const asked = await post(page, '/api/session/passkey/options', {})
    const signed = await get(page, asked.body.options)
    return post(page, '/api/session/passkey', { id: asked.body.id, response: signed })
  }
  await owns(first.id)
  assert.equal((await enter()).body.code, 'passkey-refused')
  await owns(champion.id)
  assert.equal((await enter()).status, 200)

  const second = await hire(['administrator'])
  for (const attempt of [1, 2]) {
    const alone = await room.passkeys.issueLink(await first.facts(), champion.id)
    assert.equal(refusedWith(alone), 'second-administrator-needed', `attempt ${attempt} to become her`)
  }
  granted(await room.passkeys.issueLink(await second.facts(), champion.id))

  granted(await room.people.freeze(SYSTEM, champion.id, 'a customer says: not me'))
  const frozen = await post(page, '/api/session/passkey/options', {})
  const refused = await post(page, '/api/session/passkey', {
    id: frozen.body.id,
    response: await get(page, frozen.body.options),
  })
  assert.deepEqual([refused.status, refused.body.code], [403, 'frozen'])
  assert.equal((await kinds()).filter((kind) => kind === 'passkey-added').length, 1)
})

test('where staff sign in by the directory, a passkey lets in the two who are named and nobody else, but still signs', async (t) => {
  const port = await freePort()
  const named: string[] = []
  const opened = await openHttp(t, {
    publicUrl: `http://localhost:${port}`,
    demo: false,
    passkeyDesks: named,
  })
  const { app, room, hire, kinds } = opened
  const page = await openPage(t, app, port)
  const enrol = async (staffId: string) => {
    const { link } = granted(await room.passkeys.issueLink(SYSTEM, staffId))
    const token = link.split('#')[1] ?? ''
    const begun = await post(page, '/api/enrolments/options', { token })
    const response = await create(page, begun.body.options)
    return post(page, '/api/enrolments', { token, id: begun.body.id, response })
  }
  const signIn = async () => {
    const { body } = await post(page, '/api/session/passkey/options', {})
    return post(page, '/api/session/passkey', { id: body.id, response: await get(page, body.options) })
  }
  const champion = await hire(['champion'])
  const bound = await enrol(champion.id)
  assert.deepEqual([bound.status, bound.body.code], [403, 'sign-in-by-directory'])
  assert.ok((await kinds()).includes('passkey-added'), 'it is bound, for what is signed with it')
  const refused = await signIn()
  assert.deepEqual([refused.status, refused.body.code], [403, 'sign-in-by-directory'])
  named.push(champion.deskName)
  assert.equal((await signIn()).status, 200)
})

/** A page of a real browser with an authenticator, at a server that listens. */
async function openPage(t: TestContext, app: App, port: number): Promise<Page> {
  await app.listen({ port, host: 'localhost' })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())
  const page = await (await browser.newContext()).newPage()
  await addAuthenticator(page)
  await page.goto(`http://localhost:${port}/api/session/sign-in`)
  return page
}
