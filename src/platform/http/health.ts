import Type from 'typebox'
import type { App } from './app.ts'

/**
 * Adds `GET /api/health`: `{status: 'ok' | 'failing', ...}` with one member for each check, 503 when one fails.
 * It tells anybody that we are up, so checks give counts and words, nothing private.
 *
 * Why an alarm is no failure. A load balancer takes a server that fails out of use; what is alarming everywhere alike
 * (a witness refuses) would take all of them out, and with them the screens that say so. So it stands in `alarms`, for
 * whoever watches, and the status is that of the server.
 * @returns adds a check
 */
export function addHealthRoute(app: App): (name: string, check: HealthCheck) => void {
  const checks = new Map<string, HealthCheck>()
  const answer = Type.Object(
    {
      status: Type.Union([Type.Literal('ok'), Type.Literal('failing')]),
      alarms: Type.Optional(Type.Array(Type.String())),
    },
    { additionalProperties: Type.Union([Type.Number(), Type.String()]) },
  )
  const schema = {
    summary: 'Whether the server works',
    tags: ['platform'],
    response: { 200: answer, 503: answer },
  }
  app.get('/api/health', { config: { access: { kind: 'public' } }, schema }, async (_request, reply) => {
    const results = await Promise.all(
      [...checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    )
    const failing = results.some(([, result]) => result === FAILING)
    const alarms = results.flatMap(([name, result]) => (isAlarm(result) ? [`${name}: ${result.alarm}`] : []))
    const shown = results.map(([name, result]) => [name, isAlarm(result) ? result.alarm : result] as const)
    reply.header('cache-control', 'no-store').code(failing ? 503 : 200)
    return {
      status: failing ? ('failing' as const) : ('ok' as const),
      ...Object.fromEntries(shown),
      ...(alarms.length === 0 ? {} : { alarms }),
    }
  })
  return (name, check) => {
    checks.set(name, check)
  }
}

/** What a check found: a count or words, or words that somebody must read though the server works. */
export type HealthFound = string | number | { readonly alarm: string }

/** Gives what it found, or throws when the server does not work. */
export type HealthCheck = () => Promise<HealthFound>

const FAILING = 'failing'

function isAlarm(found: HealthFound): found is { readonly alarm: string } {
  return typeof found === 'object'
}

async function outcome(check: HealthCheck): Promise<HealthFound> {
  try {
    return await check()
  } catch {
    return FAILING
  }
}
