import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type BrowserContext, chromium } from 'playwright-core'
import { quantile } from '../ledger-work.ts'

/** What a phone fetches, by path. */
export type Answers = ReadonlyMap<string, Uint8Array>

export interface PageFacts {
  readonly number: string
  readonly policy: string
  readonly verifierKey: string
  readonly looks: number
}

/** Pages, each with nothing kept from the one before. */
const FIRST_ROUNDS = 7
const WARM_ROUNDS = 10
const SLOWDOWN = 6

/**
 * The whole check in Chromium, slowed down six times: the ledger's checkpoint, the second log's with both witnesses, both
 * labels, both paths, every link with its words. Answers are fetched from the loopback address. The first round in each page,
 * just loaded and with nothing kept, is cold; the others in it are warm. Loading and evaluating the script is told apart.
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
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const load: number[] = []
    const first: number[] = []
    const warm: number[] = []
    for (let round = 0; round < FIRST_ROUNDS; round += 1) {
      const context = await browser.newContext()
      const run = await openSlowPage(context, url, facts)
      const { loadMs, ms } = await run()
      load.push(loadMs)
      first.push(ms)
      for (let again = 0; again < WARM_ROUNDS; again += 1) warm.push((await run()).ms)
      await context.close()
    }
    return { loadMs: median(load), firstMs: median(first), warmMs: median(warm) }
  } finally {
    await browser.close()
    server.close()
  }
}

/** A page that has just been loaded, slowed down. @returns what checks once more, and says how long it took */
async function openSlowPage(context: BrowserContext, url: string, facts: PageFacts) {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await page.goto(url)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  return async (): Promise<{ loadMs: number; ms: number }> => {
    const { loadMs, ms, looks } = await page.evaluate(async (given) => {
      const path: string = '/check.js'
      const begun = performance.now()
      const { checkAll } = (await import(path)) as { checkAll(of: unknown): Promise<number> }
      const loaded = performance.now()
      const counted = await checkAll(given)
      return { loadMs: loaded - begun, ms: performance.now() - loaded, looks: counted }
    }, facts)
    if (looks !== facts.looks) throw new Error('the browser counts other looks than were made')
    return { loadMs, ms }
  }
}

function median(times: readonly number[]): number {
  return quantile(
    [...times].sort((a, b) => a - b),
    0.5,
  )
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
