import type { TestContext } from 'node:test'
import { type App, createApp } from '../../src/platform/http/app.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import { createLog } from '../../src/platform/log.ts'
import type { StaffParties } from '../../src/staff/room.ts'
import { type Hired, openRoom, type TestRoom } from './open-room.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever a route answers; each test says what it expects of it
  readonly body: any
  readonly cookies: string[]
}

export interface TestHttp extends TestRoom {
  readonly app: App
  readonly lines: string[]
  /** A request as the browser of `who` sends it; null is nobody. */
  ask(
    who: Hired | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ): Promise<Answer>
}

/** The staff room behind the real HTTP server. */
export async function openHttp(t: TestContext, more: Partial<StaffParties> = {}): Promise<TestHttp> {
  const opened = await openRoom(t, more)
  const { parties, room } = opened
  const lines: string[] = []
  const log = createLog({ level: 'debug', clock: parties.clock, write: (line) => lines.push(line) })
  const app = await createApp({
    log,
    clock: parties.clock,
    publicUrl: parties.publicUrl,
    operatorName: parties.operatorName,
    demo: parties.demo,
    secureCookies: false,
  })
  app.setGuards({ staff: room.guard })
  room.addRoutes(app)
  t.after(() => app.close())
  return Object.assign(opened, {
    app,
    lines,
    async ask(who: Hired | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) {
      const session = who === null ? {} : { cookie: `countersign-staff=${who.token}` }
      const token = who === null || method === 'GET' ? {} : { 'x-csrf-token': csrfTokenOf(who.token) }
      const answer = await app.inject({
        method,
        url,
        headers: { ...session, ...token, origin: new URL(parties.publicUrl).origin },
        ...(body === undefined ? {} : { payload: body }),
      })
      const cookies = answer.headers['set-cookie'] ?? []
      return {
        status: answer.statusCode,
        body: answer.body === '' ? null : (answer.json() as unknown),
        cookies: Array.isArray(cookies) ? cookies : [cookies],
      }
    },
  })
}
