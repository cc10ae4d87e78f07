import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/platform/config.ts'
import { freePort } from '../src/platform/free-port.ts'
import { startServer } from '../src/server.ts'
import { type DemoHouse, openBrowser } from '../test/browser/demo-house.ts'

/** Makes a demo of its own, plays in it, and leaves nothing. */
export async function onStage(play: (house: DemoHouse) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-pictures-'))
  const config = readConfig(
    { COUNTERSIGN_LOG: 'error' },
    { data: join(directory, 'data'), port: await freePort('localhost') },
  )
  process.stdout.write('Making a demo …\n')
  const signal = new AbortController().signal
  const server = await startServer({ config, born: 'demo', signal, progress: () => {} })
  const browser = await openBrowser()
  try {
    await play({ url: server.url, server, browser })
  } finally {
    await browser.close()
    await server.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
