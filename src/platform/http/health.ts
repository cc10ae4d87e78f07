import Type from 'typebox'
import type { App } from './app.ts'

/**
 * Adds `GET /api/health`: `{status: 'ok' | 'failing', ...}` with one member for each check, 503 when one fails.
 * It tells anybody that we are up, so checks give counts and words, nothing private.
 * @returns adds a check
 */
export function addHealthRoute(app: App): (name: string, check: () => Promise<string | number>) => void {
  const checks = new Map<string, () => Promise<string | number>>()
  const answer = Type.Object(
    { status: Type.Union([Type.Literal('ok'), Type.Literal('failing')]) },
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
    reply.header('cache-control', 'no-store').code(failing ? 503 : 200)
    return { status: failing ? ('failing' as const) : ('ok' as const), ...Object.fromEntries(results) }
  })
  return (name, check) => {
    checks.set(name, check)
  }
}

const FAILING = 'failing'

async function outcome(check: () => Promise<string | number>): Promise<string | number> {
  try {
    return await check()
  } catch {
    return FAILING
  }
}
