import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { quantile } from '../ledger-work.ts'

/** What a phone fetches, by path. */
export type Answers = ReadonlyMap<string, Uint8Array>

export interface PageFacts {
  readonly number: string
  readonly policy: string
  readonly verifierKey: string
  readonly looks: number
}

const WARM_ROUNDS = 15
const SLOWDOWN = 6

/**
 * The whole check in Chromium, slowed down six times: the ledger's checkpoint, the second log's with both witnesses, both
 * labels, both paths, every link with its words. Answers are fetched from the loopback address. The first round is in a
 * page that has just been loaded; the others in the same page.
 */
export async function measureInBrowser(facts: PageFacts, answers: Answers) {
  const script = await bundle()
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path === '/')
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>bench</title>')
    else if (path === '/check.js') response.setHeader('content-type', 'text/javascript').end(script)
    else {
      const bytes = answers.get(path)
      response.statusCode = bytes === undefined ? 404 : 200
      response.end(bytes)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const devtools = await page.context().newCDPSession(page)
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
    const run = () =>
      page.evaluate(async (given) => {
        const path: string = '/check.js'
        const { checkAll } = (await import(path)) as { checkAll(of: unknown): Promise<number> }
        const begun = performance.now()
        const looks = await checkAll(given)
        return { ms: performance.now() - begun, looks }
      }, facts)
    const rounds: number[] = []
    for (let round = 0; round <= WARM_ROUNDS; round += 1) {
      const { ms, looks } = await run()
      if (looks !== facts.looks) throw new Error('the browser counts other looks than were made')
      rounds.push(ms)
    }
    const [firstMs = Number.NaN, ...warm] = rounds
    return {
      firstMs,
      warmMs: quantile(
        warm.sort((a, b) => a - b),
        0.5,
      ),
    }
  } finally {
    await browser.close()
    server.close()
  }
}

/** The page's own script but for what it writes, as its bundle is made. */
async function bundle(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('./check-all.ts', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'browser' },
    target: ['es2022'],
    logLevel: 'silent',
  })
  return result.outputFiles[0]!.contents
}
