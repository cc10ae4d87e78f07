import Type from 'typebox'
import type { App } from '../platform/http/app.ts'
import { readCookie, setCookie, setReturnCookie, setSessionCookie } from '../platform/http/cookies.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { StaffRoom } from '../staff/room.ts'
import { DEVICE_COOKIE } from '../staff/session-routes.ts'
import { SESSION_SECONDS } from '../staff/sessions.ts'
import { ROLES, staffOf } from '../staff/staff.ts'
import type { Meanings } from './meaning.ts'
import { BACK, type DirectorySignIn } from './sign-in.ts'

const closed = { additionalProperties: false } as const
const tags = ['directory']
const PUBLIC = { access: { kind: 'public' } } as const
const STATE_COOKIE = 'countersign-directory'
const Moved = Type.Null()
const GroupRoles = Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.Enum([...ROLES]))
const MeaningView = Type.Object(
  {
    version: Type.Integer(),
    groups: GroupRoles,
    reason: Type.String(),
    proposedBy: Type.String(),
    proposedAt: Type.Integer(),
    approvedBy: Type.Union([Type.String(), Type.Null()]),
    approvedAt: Type.Union([Type.Integer(), Type.Null()]),
  },
  closed,
)
const MeaningsView = Type.Object(
  { current: Type.Union([MeaningView, Type.Null()]), waiting: Type.Array(MeaningView) },
  closed,
)

/** HTTP status of this room's refusals. */
export const DIRECTORY_PROBLEMS: Readonly<Record<string, number>> = {
  'directory-down': 503,
  'directory-not-found': 404,
  'not-in-directory': 403,
  'sign-in-not-begun': 400,
  'logout-wrong': 400,
}

/** What its groups mean: proposed by one administrator, approved by another. */
export function addMeaningRoutes(app: App, meanings: Meanings): void {
  app.addProblems(DIRECTORY_PROBLEMS)
  app.get(
    '/api/directory/groups',
    {
      config: { access: { kind: 'staff', action: 'see-people' } },
      schema: { tags, summary: 'Which groups mean which role', response: { 200: MeaningsView } },
    },
    async () => {
      const { current, waiting } = await meanings.read()
      return { current, waiting }
    },
  )
  app.post(
    '/api/directory/groups',
    {
      config: { access: { kind: 'staff', action: 'propose-role' } },
      schema: {
        tags,
        summary: 'Propose which groups mean which role',
        body: Type.Object(
          { groups: GroupRoles, reason: Type.String({ minLength: 1, maxLength: 500 }) },
          closed,
        ),
        response: { 200: Type.Object({ version: Type.Integer() }, closed) },
      },
    },
    async (request, reply) => {
      const proposed = await meanings.propose(staffOf(request), request.body)
      return isRefusal(proposed) ? reply.refuse(proposed) : proposed
    },
  )
  app.post(
    '/api/directory/groups/:version/approval',
    {
      config: { access: { kind: 'staff', action: 'approve-role' } },
      schema: {
        tags,
        summary: 'Approve it: everybody’s roles are made to fit',
        params: Type.Object({ version: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) }, closed),
        response: { 200: Type.Object({ done: Type.Literal(true) }, closed) },
      },
    },
    async (request, reply) => {
      const done = await meanings.approve(staffOf(request), request.params.version)
      return isRefusal(done) ? reply.refuse(done) : { done: true as const }
    },
  )
}

/** The way to the directory and back, and its back-channel logout; only where a directory is configured. */
export function addDirectoryRoutes(
  app: App,
  parties: { signIn: DirectorySignIn; devices: StaffRoom['devices']; publicUrl: string },
): void {
  const { signIn, devices, publicUrl } = parties
  app.get(
    '/sign-in/directory',
    { config: PUBLIC, schema: { tags, summary: 'Go to the directory to sign in', response: { 302: Moved } } },
    async (_request, reply) => {
      const begun = await signIn.begin()
      if (isRefusal(begun)) return reply.refuse(begun)
      setReturnCookie(reply, STATE_COOKIE, begun.state, 600)
      return reply.redirect(begun.location)
    },
  )
  app.get(
    BACK,
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'Come back from the directory',
        querystring: Type.Object({}, { additionalProperties: true }),
        response: { 302: Moved },
      },
    },
    async (request, reply) => {
      const shop = await devices.shopOf(readCookie(request, DEVICE_COOKIE))
      const signedIn = await signIn.end(
        new URL(request.url, publicUrl),
        readCookie(request, STATE_COOKIE),
        shop,
      )
      if (isRefusal(signedIn)) return reply.refuse(signedIn)
      setCookie(reply, STATE_COOKIE, '', 0)
      setSessionCookie(reply, 'staff', signedIn.token, SESSION_SECONDS)
      return reply.redirect('/')
    },
  )
  app.post(
    '/sign-in/directory/logout',
    {
      config: PUBLIC,
      schema: {
        tags,
        summary: 'The directory ended a session (back-channel logout)',
        body: Type.Object({ logout_token: Type.String({ maxLength: 16_384 }) }, closed),
        response: { 200: Type.Object({ sessionsEnded: Type.Integer() }, closed) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const ended = await signIn.logout(request.body.logout_token)
      return isRefusal(ended) ? reply.refuse(ended) : ended
    },
  )
}
