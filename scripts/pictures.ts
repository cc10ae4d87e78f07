/** Draws docs/pictures from real pages: `node scripts/pictures.ts OUT`. It starts a demo of its own and leaves nothing. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/platform/config.ts'
import { startServer } from '../src/server.ts'
import { openBrowser } from '../test/browser/demo-house.ts'
import { drawPages } from './draw-pages.ts'

const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('usage: pictures.ts OUT')
mkdirSync(out, { recursive: true })
const directory = mkdtempSync(join(tmpdir(), 'countersign-pictures-'))
const config = readConfig(
  { COUNTERSIGN_LOG: 'error' },
  { data: join(directory, 'data'), port: await freePort() },
)
process.stdout.write('Making a demo …\n')
const server = await startServer({
  config,
  born: 'demo',
  signal: new AbortController().signal,
  progress: () => {},
})
const browser = await openBrowser()
try {
  for await (const name of drawPages({ url: server.url, browser }, out)) process.stdout.write(`${name}\n`)
} finally {
  await browser.close()
  await server.close()
  rmSync(directory, { recursive: true, force: true })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, 'localhost', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('invariant broken: a port is a number')
  return address.port
}
