/**
 * `node bench/schemathesis/main.ts [--role ROLE,...] [--examples N]`: throws every request of the OpenAPI document at a demo,
 * as each role. `scripts/schemathesis.mjs` installs what it needs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, openBrowser } from '../../src/steal/hands.ts'
import { type House, openHouse } from '../attack/house.ts'
import { CUSTOMERS, colleagueAt, openScene, PEOPLE, signInAtMy } from '../attack/scene.ts'
import { changesSoFar, countChanges } from './state.ts'

const HOOKS = fileURLToPath(new URL('./hooks.py', import.meta.url))
const CONFIG = fileURLToPath(new URL('./schemathesis.toml', import.meta.url))
const DESKS = {
  champion: 'M-17',
  supervisor: 'M-2',
  'privacy-officer': 'Y-3',
  investigator: 'Y-5',
  counsel: 'N-4',
  auditor: 'Y-6',
  'regulator-officer': 'N-5',
  administrator: 'Y-1',
} as const
/** Checks of other promises than ours here: what a route takes is said by its refusal, not by which of two statuses it has. */
const LEFT_OUT = [
  'negative_data_rejection',
  'positive_data_acceptance',
  'missing_required_header',
  'unsupported_method',
  'allow_header_conformance',
  'response_headers_conformance',
  'use_after_free',
  'ensure_resource_availability',
  'ignored_auth',
  'object_level_authorization',
]
/** Ends the session, or never ends: both have tests of their own. */
const ELSEWHERE = ['/api/session', '/api/events', '/my/sign-out']
type Who = keyof typeof DESKS | 'nobody' | 'customer' | 'customer-with-pin'
const WHO: readonly Who[] = [
  'nobody',
  ...(Object.keys(DESKS) as (keyof typeof DESKS)[]),
  'customer',
  'customer-with-pin',
]

const { values } = parseArgs({
  options: {
    role: { type: 'string' },
    examples: { type: 'string', default: '10' },
    /** A pattern that the addresses asked for fit. */
    path: { type: 'string', default: '^/' },
  },
})
const program = process.env.COUNTERSIGN_SCHEMATHESIS
const cluster = process.env.COUNTERSIGN_TEST_PG
const shared = process.env.COUNTERSIGN_TEST_DIR
if (program === undefined || cluster === undefined || shared === undefined)
  throw new Error('run it with `npm run schemathesis`')
const wanted = values.role?.split(',') ?? WHO
const directory = mkdtempSync(join(tmpdir(), 'countersign-schemathesis-'))
const secrets = join(directory, 'private.json')
let failed = false
for (const who of WHO.filter((one) => wanted.includes(one))) {
  const house = await openHouse({ cluster, shared })
  const state = await serveState(house)
  process.stdout.write(`\n== ${who}\n`)
  const by = await signedIn(house, who)
  writePrivate(who)
  const status = await run(house, by, state.url)
  failed ||= status !== 0
  await state.close()
  await house.close()
}
rmSync(directory, { recursive: true, force: true })
process.exit(failed ? 1 : 0)

/** What no refusal may say: everybody's number and name, but to a customer her own. */
function writePrivate(who: Who): void {
  const others = who.startsWith('customer') ? PEOPLE.filter((one) => one !== CUSTOMERS[0]) : PEOPLE
  const numbers = others.map(({ number }) => number.slice(4))
  const names = others.map(({ name }) => `${name.honorific} ${name.latn}`)
  writeFileSync(secrets, JSON.stringify({ numbers, names }))
}

async function signedIn(house: House, who: Who): Promise<Browser> {
  const scene = openScene(house, CUSTOMERS[0]!)
  if (who === 'nobody') return openBrowser(house.origin)
  if (who !== 'customer' && who !== 'customer-with-pin') return colleagueAt(scene, DESKS[who])
  const hers = await signInAtMy(scene, scene.victim)
  const _csrf = hers.cookies.get('countersign-my-csrf') ?? ''
  if (who === 'customer-with-pin')
    await hers.send('/my/prove', { secret: scene.victim.pin ?? '', to: 'bill', _csrf })
  return hers
}

/** What changed in the tables, at an address of its own, for the check that a refusal changes nothing. */
async function serveState({ server }: House): Promise<{ url: string; close(): Promise<void> }> {
  const { pool } = server.rooms.world.database
  await countChanges(pool)
  const http = createServer((_request, response) => {
    changesSoFar(pool).then(
      (changes) => response.end(changes),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

async function run(house: House, by: Browser, state: string): Promise<number> {
  const csrf = [...by.cookies].find(([name]) => name.endsWith('-csrf'))?.[1]
  const cookie = [...by.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const child = spawn(
    program as string,
    [
      ...['--config-file', CONFIG, 'run', `${house.origin}/api/openapi.json`],
      ...['--max-examples', values.examples, '--seed', '1', '--generation-database', 'none', '--no-color'],
      ...['--include-path-regex', values.path],
      ...['--exclude-checks', LEFT_OUT.join(',')],
      ...ELSEWHERE.flatMap((path) => ['--exclude-path', path]),
      ...(cookie === '' ? [] : ['--header', `cookie:${cookie}`]),
      ...(csrf === undefined ? [] : ['--header', `x-csrf-token:${csrf}`]),
    ],
    {
      cwd: directory,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: HOOKS,
        COUNTERSIGN_STATE: state,
        COUNTERSIGN_PRIVATE: secrets,
      },
    },
  )
  const [status] = (await once(child, 'close')) as [number | null]
  return status ?? 1
}
