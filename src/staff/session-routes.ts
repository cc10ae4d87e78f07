import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { commitWith } from '../ledger/commit.ts'
import type { App } from '../platform/http/app.ts'
import { clearSessionCookie, csrfFieldOf, readCookie, setSessionCookie } from '../platform/http/cookies.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { actionsOf } from './actions.ts'
import { colleagueOf } from './duty.ts'
import type { SignedIn } from './passkeys.ts'
import { refusals } from './problems.ts'
import type { StaffParties, StaffRoom } from './room.ts'
import * as schemas from './schemas.ts'
import { SESSION_SECONDS } from './sessions.ts'
import { type StaffFacts, staffOf } from './staff.ts'
import { listPeople, readPerson } from './store.ts'
import { listOnDutyIds } from './work-store.ts'

/** The cookie that makes a browser a shop's device. */
export const DEVICE_COOKIE = 'countersign-device'

/** No two shifts of one person lie this close. */
const LONGER_THAN_A_SHIFT_MS = 9 * 3_600_000

const PUBLIC = { access: { kind: 'public' } } as const
const tags = ['session']

/** Signing in and out: passkeys; one click where the directory was born as demo. */
export function addSessionRoutes(app: App, room: StaffRoom, parties: StaffParties): void {
  const { operatorName, demo } = parties
  app.get(
    '/api/session/sign-in',
    {
      config: PUBLIC,
      schema: { tags, summary: 'How one signs in here', response: { 200: schemas.SignInSchema } },
    },
    async () => ({ operatorName, demo, directory: parties.passkeyDesks != null }),
  )
  app.get(
    '/api/session',
    {
      config: { access: { kind: 'staff', action: null } },
      schema: { tags, summary: 'Who I am and what I may do', response: { 200: schemas.SessionSchema } },
    },
    async (request) =>
      sessionView(staffOf(request), csrfFieldOf(request, 'staff') ?? '', {
        ...parties,
        withheld: room.verification.latest().rules.withheld,
      }),
  )
  app.delete(
    '/api/session',
    {
      config: { access: { kind: 'staff', action: null } },
      schema: { tags, summary: 'Sign out', response: { 200: schemas.DoneSchema } },
    },
    async (request, reply) => {
      await room.sessions.end(staffOf(request).sessionId)
      clearSessionCookie(reply, 'staff')
      return { done: true as const }
    },
  )
  addPasskeyRoutes(app, room)
  if (demo) addDemoRoutes(app, room, parties)
}

function addPasskeyRoutes(app: App, room: StaffRoom): void {
  app.post(
    '/api/session/passkey/options',
    {
      config: PUBLIC,
      schema: { tags, summary: 'A challenge to sign in with', response: { 200: schemas.ChallengeSchema } },
    },
    () => room.passkeys.signInOptions(),
  )
  app.post(
    '/api/session/passkey',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Sign in',
        body: schemas.PasskeyAnswerBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const { id, response } = request.body
      const answer = { id, response: response as unknown as AuthenticationResponseJSON }
      const signedIn = await room.passkeys.signIn(answer, await shopOf(room, request))
      return isRefusal(signedIn) ? reply.refuse(signedIn) : welcome(reply, signedIn)
    },
  )
  app.post(
    '/api/enrolments/options',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Begin to enrol a passkey with a link',
        body: schemas.TokenBody,
        response: { 200: schemas.EnrolmentSchema },
      },
    },
    async (request, reply) => {
      const options = await room.passkeys.enrolmentOptions(request.body.token)
      return isRefusal(options) ? reply.refuse(options) : options
    },
  )
  app.post(
    '/api/enrolments',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Enrol a passkey and sign in',
        body: schemas.EnrolBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const { token, id, response } = request.body
      const answer = { token, id, response: response as unknown as RegistrationResponseJSON }
      const signedIn = await room.passkeys.enrol(answer, await shopOf(room, request))
      return isRefusal(signedIn) ? reply.refuse(signedIn) : welcome(reply, signedIn)
    },
  )
}

/** Only called for a directory born as demo: elsewhere these routes do not exist. */
function addDemoRoutes(app: App, room: StaffRoom, { db, ledger, clock }: StaffParties): void {
  app.get(
    '/api/demo/people',
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Who one may sign in as',
        response: { 200: schemas.DemoPeopleSchema },
      },
    },
    async () => {
      const people = await listPeople(db, { status: 'active', limit: 200 })
      const onShift = new Set(await listOnDutyIds(db, clock.now()))
      const later = new Set(await listOnDutyIds(db, clock.now() + LONGER_THAN_A_SHIFT_MS))
      const shops = [...new Set((await room.devices.list()).filter((d) => !d.revoked).map((d) => d.shop))]
      return {
        people: people.map((row) => ({
          ...colleagueOf(row),
          roles: [...row.roles],
          status: row.status,
          onShift: onShift.has(row.id),
          atAnyHour: onShift.has(row.id) && later.has(row.id),
          shops: row.roles.includes('champion') ? shops.filter((shop) => shop.startsWith(row.office)) : [],
        })),
      }
    },
  )
  app.post(
    '/api/demo/session',
    {
      config: PUBLIC,
      schema: {
        tags: ['demo'],
        summary: 'Sign in with one click',
        body: schemas.DemoSessionBody,
        response: { 200: schemas.DoneSchema },
      },
    },
    async (request, reply) => {
      const { staffId, shop } = request.body
      const person = await readPerson(db, staffId)
      if (person === null) return reply.refuse(refusals.personNotFound())
      if (person.status !== 'active')
        return reply.refuse(
          refuse(person.status, 'This person may not sign in.', 'Choose somebody else, or lift the freeze.'),
        )
      const shops = (await room.devices.list()).filter((device) => !device.revoked)
      if (shop !== undefined && !shops.some((device) => device.shop === shop))
        return reply.refuse(
          refuse('device-not-found', 'This shop has no registered device.', 'Register one under People.'),
        )
      const signedIn = await commitWith(db, ledger, (trx, append) =>
        room.sessions.start(trx, append, { staffId, how: 'demo', shop: shop ?? null }),
      )
      return welcome(reply, { ...signedIn, staffId })
    },
  )
}

function welcome(reply: FastifyReply, { token }: SignedIn): { done: true } {
  setSessionCookie(reply, 'staff', token, SESSION_SECONDS)
  return { done: true }
}

function shopOf(room: StaffRoom, request: FastifyRequest): Promise<string | null> {
  return room.devices.shopOf(readCookie(request, DEVICE_COOKIE))
}

function sessionView(
  staff: StaffFacts,
  csrf: string,
  {
    operatorName,
    demo,
    withheld,
  }: Pick<StaffParties, 'operatorName' | 'demo'> & { withheld: readonly string[] },
): schemas.SessionView {
  const { id, deskName, name, roles, office, team, onShift, conductSigned, trained, device } = staff
  const facts = { onShift, conductSigned, trained, shop: device.shop }
  return {
    staff: { id, deskName, name, roles: [...roles], office, team, ...facts },
    actions: actionsOf(roles, withheld),
    csrf,
    operatorName,
    demo,
  }
}
