import { createServer } from 'node:http'
import type { TestContext } from 'node:test'
import Provider from 'oidc-provider'
import { createMeanings } from '../../src/directory/meaning.ts'
import { createProvisioning } from '../../src/directory/people.ts'
import { addDirectoryRoutes, addMeaningRoutes } from '../../src/directory/routes.ts'
import { addScimRoutes } from '../../src/directory/scim-routes.ts'
import { createDirectorySignIn } from '../../src/directory/sign-in.ts'
import { createLog } from '../../src/platform/log.ts'
import { openHttp, type TestHttp } from '../staff/open-http.ts'
import { ORIGIN } from '../staff/open-room.ts'

const SCIM_SECRET = Buffer.alloc(32, 3)
const CLIENT = { clientId: 'countersign', clientSecret: 'a-secret-of-the-test-with-enough-letters' }

export interface TestDirectory extends TestHttp {
  /** A request as the directory sends it. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever SCIM answers
  scim(method: string, url: string, body?: object): Promise<{ status: number; body: any }>
  /** Goes through the directory's sign-in as this account; gives our answer to the way back. */
  signInAs(login: string): Promise<{ status: number; token: string | null; body: string }>
  /** Ends the newest session at the directory, which then tells us. */
  logOut(): Promise<void>
  /** The same logout once more; gives our answer's status. */
  sendAgain(): Promise<number>
  stopDirectory(): Promise<void>
}

/** The staff room behind HTTP, with a running OpenID provider as the operator's directory. */
export async function openDirectory(
  t: TestContext,
  passkeyDesks: readonly string[] = [],
): Promise<TestDirectory> {
  const http = await openHttp(t, { demo: false, passkeyDesks })
  // The directory signs by the machine's clock.
  http.time = Date.now()
  const { app, parties, room } = http
  let handle: (
    request: import('node:http').IncomingMessage,
    response: import('node:http').ServerResponse,
  ) => void
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const who = { login: '', sid: '', told: '' }
  const tell = async (payload: string): Promise<number> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await app.inject({ method: 'POST', url: '/sign-in/directory/logout', headers, payload })
    return answer.statusCode
  }
  // What the directory sends over the network reaches our server as it is.
  const provider = openProvider(issuer, async (_url, { body }) => {
    who.told = String(body)
    return new Response(null, { status: await tell(who.told) })
  })
  provider.on('authorization.success', (context) => {
    who.sid = context.oidc.session.sidFor(CLIENT.clientId)
  })
  const oidc = provider.callback()
  handle = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) oidc(request, response)
    else
      void provider.interactionFinished(request, response, { login: { accountId: who.login }, consent: {} })
  }
  const stopDirectory = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  t.after(stopDirectory)
  const all = { ...parties, staff: room }
  addMeaningRoutes(app, createMeanings(all))
  app.setGuards({ secrets: { scim: SCIM_SECRET } })
  addScimRoutes(app, { db: parties.db, publicUrl: ORIGIN, provisioning: createProvisioning(all) })
  const log = createLog({ level: 'silent', clock: parties.clock })
  const directory = { issuer, ...CLIENT, passkeyDesks }
  const signIn = createDirectorySignIn({ ...all, directory, log })
  addDirectoryRoutes(app, { signIn, devices: room.devices, publicUrl: ORIGIN })
  const browser = createBrowser()
  return Object.assign(http, {
    stopDirectory,
    async scim(method: string, url: string, body?: object) {
      const answer = await app.inject({
        method: method as 'GET',
        url: `/scim/v2${url}`,
        headers: {
          authorization: `Bearer ${SCIM_SECRET.toString('base64url')}`,
          'content-type': 'application/scim+json',
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
    },
    async signInAs(login: string) {
      who.login = login
      const away = await app.inject({ url: '/sign-in/directory' })
      if (away.statusCode !== 302) return { status: away.statusCode, token: null, body: away.body }
      const cookie = String(away.headers['set-cookie']).split(';')[0] as string
      const back = await browser(String(away.headers.location))
      const answer = await app.inject({ url: back.slice(ORIGIN.length), headers: { cookie } })
      const cookies = [answer.headers['set-cookie'] ?? []].flat().join('\n')
      const token = /countersign-staff=([^;]+)/.exec(cookies)?.[1] ?? null
      return { status: answer.statusCode, token, body: answer.body }
    },
    async logOut() {
      const client = await provider.Client.find(CLIENT.clientId)
      await client.backchannelLogout(who.login, who.sid)
    },
    sendAgain: () => tell(who.told),
  })
}

type Fetch = (url: string, options: { body: unknown }) => Promise<Response>

function openProvider(issuer: string, fetch: Fetch): Provider {
  return new Provider(issuer, {
    fetch,
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${ORIGIN}/sign-in/directory/back`],
        backchannel_logout_uri: `${ORIGIN}/sign-in/directory/logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    claims: { openid: ['sub', 'sid'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the test'] },
    interactions: {
      url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}`,
    },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: `${id}@example.org` }),
    }),
    // biome-ignore lint/suspicious/noExplicitAny: the package comes without types
    async loadExistingGrant(context: any) {
      const { client, session } = context.oidc
      const grant = new context.oidc.provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
}

/** Follows redirects with a cookie jar until the browser is sent back to us. */
function createBrowser(): (url: string) => Promise<string> {
  return async (first) => {
    const jar = new Map<string, string>()
    let url = first
    for (let hops = 0; hops < 12; hops++) {
      if (url.startsWith(ORIGIN)) return url
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (name !== undefined) jar.set(name, value ?? '')
      }
      const next = answer.headers.get('location')
      if (next === null) throw new Error(`the directory stopped at ${answer.status}: ${await answer.text()}`)
      url = new URL(next, url).href
    }
    throw new Error('the directory sends the browser in circles')
  }
}
