import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { freePort } from '../../src/platform/free-port.ts'
import { makeDirectory, runCountersign, startCountersign } from '../commands/run-countersign.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { create, get, post } from '../support/passkey-page.ts'

const CHROMIUM = process.env.COUNTERSIGN_CHROMIUM ?? '/usr/bin/chromium'
const READ = ['--passphrase-fd', '0'] as const

test('a server that starts while the directory is down lets in the two who are named, nobody else, and the others once it is back', async (t) => {
  const data = join(makeDirectory(t), 'data')
  const port = await freePort()
  const made = await runCountersign([
    ...['init', '--data', data, ...READ, '--json'],
    ...['--administrator', 'Daw Hla Hla', '--administrator', 'U Ba Maung'],
  ])
  assert.equal(made.status, 0, made.err)
  const two = JSON.parse(made.out).administrators as { deskName: string; link: string }[]
  const third = await runCountersign([
    ...['staff', 'add', '--name', 'Ma Su', '--office', 'yangon', '--team', 'first', '--role', 'champion'],
    ...['--data', data, ...READ, '--json'],
  ])
  assert.equal(third.status, 0, third.err)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  t.after(() => browser.close())

  const before = await serve(t, data, port, {})
  const pages: Page[] = []
  for (const { link } of [...two, JSON.parse(third.out) as { link: string }])
    pages.push(await enrol(browser, port, link))
  await before.stop()

  const directory = await freePort('127.0.0.1')
  const issuer = `http://127.0.0.1:${directory}`
  const during = await serve(t, data, port, {
    ...{ COUNTERSIGN_OIDC_ISSUER: issuer, COUNTERSIGN_OIDC_CLIENT: 'countersign' },
    ...{ COUNTERSIGN_OIDC_SECRET: 'a-secret-of-the-test-with-enough-letters' },
    COUNTERSIGN_PASSKEY_DESKS: two.map(({ deskName }) => deskName).join(','),
  })
  const away = () => fetch(`http://localhost:${port}/sign-in/directory`, { redirect: 'manual' })
  const refused = await away()
  assert.equal(refused.status, 503)
  assert.equal(((await refused.json()) as { code: string }).code, 'directory-down')
  const answers = await Promise.all(pages.map(signIn))
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body.code]),
    [
      [200, undefined],
      [200, undefined],
      [403, 'sign-in-by-directory'],
    ],
  )

  await openIssuer(t, issuer, directory)
  const back = await away()
  assert.equal(back.status, 302)
  assert.ok(String(back.headers.get('location')).startsWith(`${issuer}/authorize?`))
  await during.stop()
})

/** The server as it is started, told an SMS centre and an exchange that nobody asks anything here. */
async function serve(t: TestContext, data: string, port: number, env: Record<string, string>) {
  const run = startCountersign(['serve', '--data', data, '--port', String(port), ...READ], {
    COUNTERSIGN_SMSC: 'smpp://countersign:secret@127.0.0.1:9',
    COUNTERSIGN_SMS_FROM: '4321',
    COUNTERSIGN_TELEPHONY_URL: 'http://127.0.0.1:9/',
    COUNTERSIGN_TELEPHONY_SECRET: 'A'.repeat(43),
    ...env,
  })
  t.after(() => run.child.kill('SIGKILL'))
  await run.said(`http://localhost:${port}`)
  return {
    async stop() {
      run.child.kill('SIGTERM')
      const { status, err } = await run.ended
      assert.equal(status, 0, err)
    },
  }
}

/** A person at their own machine, who binds its passkey by the link they were given. */
async function enrol(browser: Browser, port: number, link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await addAuthenticator(page)
  await page.goto(`http://localhost:${port}/api/session/sign-in`)
  const token = link.split('#')[1] ?? ''
  const { body } = await post(page, '/api/enrolments/options', { token })
  const response = await create(page, body.options)
  const bound = await post(page, '/api/enrolments', { token, id: body.id, response })
  assert.equal(bound.status, 200, JSON.stringify(bound.body))
  await page.context().clearCookies()
  return page
}

async function signIn(page: Page) {
  const { body } = await post(page, '/api/session/passkey/options', {})
  return post(page, '/api/session/passkey', { id: body.id, response: await get(page, body.options) })
}

/** A directory that says where it is and no more (OpenID Connect Discovery 1.0): enough to be sent there. */
async function openIssuer(t: TestContext, issuer: string, port: number): Promise<void> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    const at = (path: string) => `${issuer}/${path}`
    response.end(
      JSON.stringify({
        ...{ issuer, authorization_endpoint: at('authorize'), token_endpoint: at('token') },
        ...{ jwks_uri: at('keys'), response_types_supported: ['code'], subject_types_supported: ['public'] },
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  t.after(() => server.close())
}
